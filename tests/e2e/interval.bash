# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# Sourced by the tests of interval: a camera with a card and a hand, and what holds for every journal.
# Lateness is printed, not judged by more than a generous bound: a busy machine is late.

setup() {
	isolate
	start_simcam --speed 100 --card "$BATS_TEST_TMPDIR/card"
	export OPENCAMRC_REMOTE=$sim_address
	dcim=$BATS_TEST_TMPDIR/card/$card_below
	tiny=(--set "$small_set")
}

teardown() {
	stop_all
}

# report JOURNAL FILTER: jq's filter holds for what the journal adds up to.
report() {
	"$opencamrc" interval --report "$1" --json > report.json
	jq -e "$2" report.json > /dev/null || {
		cat report.json >&2
		grep -vE '"event":"(begin|shot)"' "$1" >&2
		return 1
	}
}

# sound JOURNAL SLOTS [DAMAGED]: each slot is told of, once; all files that it names are as it says.
sound() {
	report "$1" ".slots == $2 and .repeated == 0 and .unexplained == 0 and .open == 0 and
		.damaged_lines <= ${3:-0} and .taken + .missed + .failed == $2"
	# A line that met a full disk is no JSON.
	jq -Rr 'fromjson? | select(.files) | .files[] | select(.path) | "\(.sha256)  \(.path)"' \
		"$1" > sums
	(cd "$(dirname "$1")" && sha256sum --quiet -c "$OLDPWD/sums")
	[ -z "$(cut -d ' ' -f 3 sums | sort | uniq -d)" ]
	# No picture twice, no slot twice.
	[ -z "$(cut -d ' ' -f 1 sums | sort | uniq -d)" ]
}

# shots NUMBER: so many are in interval.jsonl. Their files may come later: a machine that is busy puts the
# fetching off, as far as the end of the run.
shots() {
	[ -e interval.jsonl ] && [ "$(grep -c '"event":"shot"' interval.jsonl)" -ge "$1" ]
}

# Whoever writes a journal: the process that holds the camera.
writer_of() {
	find /proc/[0-9]*/fd -lname "$(realpath "$1")" -printf '%h\n' 2> /dev/null | cut -d / -f 3 | sort -u
}

# kill_writer JOURNAL [PID…]: without a word of goodbye.
kill_writer() {
	local writer
	writer=$(writer_of "$1")
	# shellcheck disable=SC2086 # one or none
	kill -9 "${@:2}" $writer
}

# stop_run: what was started last, by Control-C.
stop_run() {
	wait_until 30 heeds "$background_pid"
	kill -INT "$background_pid"
	background_status
	same_text 130 "$status"
}

# end_run OPTION…: by Control-C, when what a test waited for has come. What was on its way then, a run that
# goes on settles.
end_run() {
	stop_run
	"$opencamrc" interval --every "$period" --for 100ms --resume -q "$@" "${tiny[@]}" || [ $? -eq 6 ]
}

lateness() {
	jq -r '"# late: p50 \(.late_p50 * 1000) ms, p95 \(.late_p95 * 1000) ms, max \(.late_max * 1000) ms; \(.taken) of \(.slots) taken"' report.json >&3
}
