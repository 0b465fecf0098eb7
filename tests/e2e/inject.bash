# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# Sourced by the tests in which calls of the C library fail, by tests/tools/inject.c.

# A camera, and what makes calls fail.
inject_setup() {
	inject=$build/tests/tools/inject.so
	[ -e "$inject" ] || inject=$build/tests/tools/inject.so
	[ -e "$inject" ] || skip 'no LD_PRELOAD with this C library'
	! grep -qc __asan_init "$opencamrc" || skip 'the sanitizers stand in for the same functions'
	isolate
	seed=${INJECT_SEED:-$(size 4711 "$RANDOM")}
	failures=0
	start_simcam --speed 50 --live-view-loop 8 --live-view-bytes 60000 "$@"
	"$opencamrc" -r "$sim_address" config "$tiny_set"
}

# with_failures WHICH… -- COMMAND…: WHICH are variables of inject.c's; sets status. A link that a failure leaves
# standing still is given up soon, unless `patience` says otherwise.
with_failures() {
	local which=()
	while [ "$1" != -- ]; do
		which+=("$1")
		shift
	done
	shift
	printf '\0\0\0\0\0\0\0\0' > count
	rm -f injected
	status=0
	env "${which[@]}" LD_PRELOAD="$inject" INJECT_COUNT="$PWD/count" INJECT_LOG="$PWD/injected" \
		OPENCAMRC_TIMEOUT="${patience:-2s}" \
		timeout -k 10 60 "$opencamrc" -r "$sim_address" "$@" > answer 2> said 3>&- || status=$?
}

# wrong WHAT: of the run that `again` says how to repeat.
wrong() {
	echo "$again: $(paste -sd ";" injected 2> /dev/null), status $status: $*: $(tr '\n' '|' < said)" >&2
	failures=$((failures + 1))
}

# Whatever failed: a status of the manual, a reason, no crash, no part of a file, and a camera that works.
judge() {
	local file after=0
	# timeout's own, and those of a crash.
	[ "$status" -lt 124 ] || wrong 'hung, or crashed'
	[[ " 0 1 2 3 4 5 6 " = *" $status "* ]] || wrong 'no status of the manual'
	! grep -q '^crashed' injected 2> /dev/null || wrong 'crashed'
	[ "$status" -eq 0 ] || grep -q '^opencamrc: .' said || grep -q '^write,' injected || wrong 'does not say why'
	! grep -qiE 'segmentation|assert|abort|corrupt|invalid pointer|double free' said || wrong 'is broken'
	for file in whole*; do
		[ ! -e "$file" ] || is_jpeg "$file" || wrong "$file is not whole"
	done
	[ -z "$(find . -maxdepth 1 -name '.whole*')" ] || wrong "leaves a part: $(echo .whole*)"
	rm -f whole* .whole* interval.jsonl*
	timeout -k 10 60 "$opencamrc" -r "$sim_address" config get iso > next 2>&1 3>&- || after=$?
	[ "$after" -eq 0 ] || wrong "the next command ended with $after: $(cat next)"
}
