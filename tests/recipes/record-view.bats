#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# contrib/recipes/record-view: the time of a recording is the time it took, whatever happened meanwhile.

load recipes

teardown() {
	stop_all
}

# recorded BYTES: so much is in clip.mkv.
recorded() {
	[ "$(stat -c %s clip.mkv 2> /dev/null || echo 0)" -gt "$1" ]
}

@test "each frame is shown at its time, also behind the pause that a picture makes" {
	camera --speed 2
	in_background record record-view clip.mkv
	wait_until 20 recorded 100000
	opencamrc -q liveview --frames 30 > frames
	opencamrc -q capture -o shot.jpg
	opencamrc -q liveview --frames 30 > frames
	kill "$background_pid"
	background_status
	same_text 143 "$status"
	times_of clip.mkv > times
	in_time times
	[ "$(longest_pause times)" -gt 400 ]
}

@test "a rate that changes on the way changes no frame's time" {
	camera
	in_background record record-view --duration 7s clip.mkv
	wait_until 20 test -s clip.mkv
	# Fast and not at all, in turns.
	for _ in 1 2 3; do
		opencamrc -q liveview --frames 15 > frames
		kill -STOP "$sim_pid"
		sleep 0.7
		kill -CONT "$sim_pid"
	done
	background_status
	same_text 0 "$status"
	times_of clip.mkv > times
	in_time times
	[ "$(longest_pause times)" -gt 500 ]
	[ "$(tail -n 1 times | cut -f 1)" -gt $((4000 + 10#$(head -n 1 times | cut -f 1))) ]
}

files() {
	find . -name 'clip-*.mkv' | wc -l
}

@test "files begin at full times, the camera may go and come, and each file is whole" {
	camera
	in_background record record-view --every 2s 'clip-%H%M%S.mkv'
	wait_until 30 eval '[ "$(files)" -ge 2 ]'
	hand off
	wait_until 30 grep -q 'lost\|looking\|gone\|again' record.err
	before=$(files)
	hand on
	wait_until 40 eval '[ "$(files)" -ge $((before + 2)) ]'
	kill "$background_pid"
	background_status
	same_text 143 "$status"
	number=0
	: > odd
	for file in clip-*.mkv; do
		times_of "$file" > times
		in_time times
		number=$((number + 1))
		# Behind the first, and before the camera went, each begins at an even second; but where frames are missing by
		# its fourth one a file was begun late.
		if [ "$number" -ge 2 ] && [ "$number" -le "$before" ] && [[ $file != *[02468].mkv ]] &&
			[ $(($(head -n 4 times | tail -n 1 | cut -f 2) - last)) -lt "$frame_rate" ]; then
			echo "$file" >> odd
		fi
		last=$(tail -n 1 times | cut -f 2)
	done
	same_text '' "$(cat odd)"
}

# last_counter FILE: of the last whole frame; the one that was being written is told as damaged.
last_counter() {
	grep -xE '[0-9]+' "$1" | tail -n 1
}

# has_recorded COUNTER: clip.mkv has a frame behind that one; what it has is in counters.
has_recorded() {
	ffmpeg -v quiet -y -i clip.mkv -c copy -f mjpeg copy.mjpeg
	"$frame_counter" copy.mjpeg > counters || true
	[ "$(last_counter counters)" -gt "$1" ]
}

@test "what a crash leaves plays up to its last second" {
	camera
	# What opencamrc hands out is in a file, too.
	mkdir beside
	printf '#!/bin/sh\n%q "$@" | tee "$HOME/handed-out"\n' "$(command -v opencamrc)" > beside/opencamrc
	chmod +x beside/opencamrc
	in_background record env "PATH=$PWD/beside:$PATH" record-view clip.mkv -- --scale 1/8 --fps 10
	wait_until 30 recorded 60000
	opencamrc -q liveview --duration 3s > /dev/null
	mapfile -t processes < <(pgrep -P "$background_pid")
	processes+=("$(pgrep -P "$(IFS=, && echo "${processes[*]}")" -x tee)")
	# Nothing comes any more: what is not recorded soon is not recorded at all.
	kill -STOP "${processes[-1]}"
	"$frame_counter" handed-out > now || true
	wait_until 30 has_recorded $(($(last_counter now) - 2 * frame_rate)) || true
	kill -KILL "${processes[@]}" "$background_pid"
	has_recorded $(($(last_counter now) - 2 * frame_rate))
	rising counters 20
}

@test "Ctrl-C ends it, and the file is whole" {
	camera
	set -m
	in_background record record-view clip.mkv
	set +m
	wait_until 20 recorded 100000
	kill -INT -- "-$background_pid"
	background_status
	same_text 130 "$status"
	times_of clip.mkv > times
	in_time times
	same_text '' "$(pgrep -g "$background_pid" -l)"
}

@test "what cannot be recorded is told in a line, with nothing left behind" {
	camera
	touch here.mkv
	run_error 2 'no file is named' record-view
	run_error 2 'end in \.mkv' record-view clip.mp4
	run_error 2 '--often is none of its options' record-view --often clip.mkv
	run_error 2 'needs a value' record-view --every
	run_error 2 '90s, 10m or 2h' record-view --every never clip-%H.mkv
	run_error 2 'needs a code of the time' record-view --every 10s clip.mkv
	run_error 2 'one file at a time' record-view a.mkv b.mkv
	run_error 1 'here.mkv exists; --force' record-view here.mkv
	run_error 1 'is no folder' record-view nowhere/clip.mkv
	run_error 3 'nothing listens there' record-view -r 127.0.0.1:1 clip.mkv
	[ ! -e clip.mkv ]
	record-view --help > help
	grep -q '^Usage: record-view ' help
}

@test "a disk that is full ends it with a line" {
	camera
	status=0
	# A file may have half a megabyte.
	(trap '' XFSZ && ulimit -f 512 && exec record-view clip.mkv -- -q) 2> stderr 3>&- || status=$?
	same_text 1 "$status"
	grep -q '^record-view: ffmpeg cannot record to clip.mkv: ' stderr
	same_text 1 "$(wc -l < stderr)"
}
