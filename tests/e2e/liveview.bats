#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Live view: whole frames, the newest for a slow reader, and a camera left clean however it ends.

load common

setup() {
	needs liveview
	isolate
	start_simcam
	export OPENCAMRC_REMOTE=$sim_address
}

teardown() {
	stop_all
}

frames_in() {
	ffprobe -v error -f mjpeg -count_frames -show_entries stream=nb_read_frames -of csv=p=0 "$1"
}

json_of() {
	sed -n "s/.*\"$2\":\([0-9.]*\).*/\1/p" "$1"
}

@test "as many frames as were asked for, each of them whole" {
	"$opencamrc" liveview --frames 30 > out.mjpeg 2> summary
	[ "$(frames_in out.mjpeg)" = 30 ]
	grep -q '^30 frames in ' summary
}

@test "it ends by its duration, and counts what was sent" {
	"$opencamrc" liveview --duration 1s --json > out.mjpeg 2> summary
	[ "$(frames_in out.mjpeg)" = "$(json_of summary frames)" ]
	[ "$(stat -c %s out.mjpeg)" = "$(json_of summary bytes)" ]
}

@test "a file appears at the end, and is not replaced unasked" {
	"$opencamrc" -q liveview --frames 3 -o clip.mjpeg
	[ "$(frames_in clip.mjpeg)" = 3 ]
	run_error 1 'File exists' "$opencamrc" liveview --frames 3 -o clip.mjpeg
	"$opencamrc" -q liveview --frames 2 -o clip.mjpeg --force --json > out
	same_text clip.mjpeg "$(jq -r .path out)"
	[ "$(frames_in clip.mjpeg)" = 2 ]
}

# cut HOW: ends a live view that is under way
cut_short() {
	local pid status=0
	if [ "$1" = pipe ]; then
		"$opencamrc" liveview 2> /dev/null | head -c 200000 > /dev/null
		[ "${PIPESTATUS[0]}" -eq 0 ]
		return
	fi
	# What the round before left there must not be seen.
	: > stream
	"$opencamrc" liveview > stream 2> summary 3>&- &
	pid=$!
	wait_until 10 test -s stream
	[ "$1" != INT ] || wait_until 30 heeds "$pid"
	kill "-$1" "$pid"
	wait "$pid" || status=$?
	[ "$status" -eq $((128 + $(kill -l "$1"))) ]
}

@test "ten rounds of every way to cut it: the next capture succeeds" {
	# They are quickly drawn.
	"$opencamrc" config "$small_set"
	for round in 1 2 3 4 5 6 7 8 9 10; do
		for how in pipe INT TERM KILL; do
			cut_short "$how"
			"$opencamrc" capture -o "$how-$round.%C" > name
			is_jpeg "$(cat name)"
			rm "$(cat name)"
		done
	done
}
