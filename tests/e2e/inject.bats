#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Allocations, sockets, files and threads fail at one call of a command, another one in each run: it
# ends by itself, with a status of the manual and a line that says why, nothing that is not whole has a
# final name, and the next command works. In short here, from a start that INJECT_SEED gives; hundreds
# of calls with SOAK=1 (`make soak`). By hand: POINTS=1000 is every call.

load common

setup() {
	inject=$build/tests/tools/.libs/inject.so
	[ -e "$inject" ] || inject=$build/tests/tools/inject.so
	[ -e "$inject" ] || skip 'no LD_PRELOAD with this C library'
	! grep -qc __asan_init "$opencamrc" || skip 'the sanitizers stand in for the same functions'
	isolate
	# A link that a failure leaves standing still is given up soon.
	export OPENCAMRC_TIMEOUT=2s
	seed=${INJECT_SEED:-$RANDOM}
	points=${POINTS:-$([ -n "${SOAK:-}" ] && echo 60 || echo 2)}
	failures=0
	start_simcam --speed 50 --live-view-loop 8 --live-view-bytes 60000
	"$opencamrc" -r "$sim_address" config imageformat="Smaller JPEG"
}

teardown() {
	stop_all
}

# injected AT COMMAND…: runs it with its AT-th call failing; sets status.
injected() {
	local at=$1
	shift
	printf '\0\0\0\0\0\0\0\0' > count
	rm -f injected
	status=0
	LD_PRELOAD=$inject INJECT_COUNT=$PWD/count INJECT_AT=$at INJECT_SEED=$((seed + at)) \
		INJECT_KINDS=$kind INJECT_LOG=$PWD/injected \
		timeout -k 10 40 "$opencamrc" -r "$sim_address" "$@" > answer 2> said 3>&- || status=$?
}

wrong() {
	echo "INJECT_SEED=$seed, ${words[*]}: $(cat injected 2> /dev/null), status $status: $*: $(tr '\n' '|' < said)" >&2
	failures=$((failures + 1))
}

judge() {
	local file after=0
	# timeout's own, and those of a crash.
	[ "$status" -lt 124 ] || wrong 'hung, or crashed'
	[[ " 0 1 2 3 4 5 6 " = *" $status "* ]] || wrong 'no status of the manual'
	[ "$status" -eq 0 ] || grep -q '^opencamrc: .' said || grep -q '^write,' injected || wrong 'does not say why'
	! grep -qiE 'segmentation|assert|abort|corrupt|invalid pointer|double free' said || wrong 'is broken'
	for file in whole*; do
		[ ! -e "$file" ] || is_jpeg "$file" || wrong "$file is not whole"
	done
	# The process that holds the camera tidies nothing up when it dies of it; what it left is hidden.
	grep -q 'has died' said || [ -z "$(find . -maxdepth 1 -name '.whole*')" ] || wrong "leaves a part: $(echo .whole*)"
	rm -f whole* .whole* interval.jsonl*
	timeout -k 10 30 "$opencamrc" -r "$sim_address" config get iso > next 2>&1 3>&- || after=$?
	[ "$after" -eq 0 ] || wrong "the next command ended with $after: $(cat next)"
}

# sweep COMMAND…: some calls of each kind.
sweep() {
	local words=("$@") total step at kind
	for kind in m n f t; do
		injected 0 "$@"
		[ "$status" -eq 0 ] || wrong 'fails by itself'
		rm -f whole* interval.jsonl*
		total=$(od -An -tu8 count | tr -d ' ')
		[ "$total" -gt 0 ] || wrong "makes no call of kind $kind"
		step=$(((total + points - 1) / points))
		for ((at = seed % step + 1; at <= total; at += step)); do
			injected "$at" "$@"
			judge
		done
	done
	[ "$failures" -eq 0 ]
}

@test "a failing call ends a capture cleanly" {
	sweep capture -o whole.jpg
}

@test "a failing call ends live view cleanly" {
	sweep liveview --frames 3 -o whole.mjpeg
}

@test "a failing call ends an interval cleanly, or costs it a slot" {
	sweep interval --every 0.5s --count 2 -o whole-%n.jpg
}
