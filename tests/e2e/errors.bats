#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Whatever goes wrong: one line that says what, why and what to do, and the status that it promises.

load common

setup() {
	isolate
}

teardown() {
	stop_all
}

# A port that nothing listens on: one that a camera had a moment ago.
closed_port() {
	start_simcam
	stop_all
}

@test "an unknown command names the nearest" {
	run_error 2 '^opencamrc: unknown command: capure \(did you mean capture\?\)$' "$opencamrc" capure
}

@test "an unknown option names the nearest, before and after the command" {
	run_error 2 'unknown option --jsn \(did you mean --json\?\)' "$opencamrc" list --jsn
	run_error 2 'unknown option --quite \(did you mean --quiet\?\)' "$opencamrc" --quite list
}

@test "a bad pattern, duration and count are told before anything is opened" {
	run_error 2 '%q is no conversion' "$opencamrc" -r 127.0.0.1:1 capture -o '%q'
	run_error 2 '3x is not a duration' "$opencamrc" -r 127.0.0.1:1 capture --bulb 3x
	run_error 2 'x is not a number' "$opencamrc" -r 127.0.0.1:1 capture -n x
	run_error 2 'do not fit into one file' "$opencamrc" -r 127.0.0.1:1 capture -n 2 -o a.jpg
	run_error 2 'bulb 0 leaves no time at all' "$opencamrc" -r 127.0.0.1:1 capture --bulb 0
	run_error 2 'for 0s leaves no time at all' "$opencamrc" -r 127.0.0.1:1 interval --every 5s --for 0s
	run_error 2 'duration 0 leaves no time at all' "$opencamrc" -r 127.0.0.1:1 liveview --duration 0
}

@test "a time-out of the environment that is none is told" {
	OPENCAMRC_TIMEOUT=soon run_error 2 'OPENCAMRC_TIMEOUT=soon: it is a duration' "$opencamrc" -r 127.0.0.1:1 info
	OPENCAMRC_TIMEOUT=0 run_error 2 'OPENCAMRC_TIMEOUT=0: it is a duration' "$opencamrc" -r 127.0.0.1:1 info
}

@test "a host that does not exist is no camera" {
	run_error 3 'no-such-host.invalid' "$opencamrc" -r no-such-host.invalid info
}

@test "a closed port is no camera" {
	closed_port
	run_error 3 "$sim_address: nothing listens" "$opencamrc" -r "$sim_address" capture
	run_error 3 "$sim_address: nothing listens" "$opencamrc" -r "$sim_address" list
	[ ! -s "$BATS_TEST_TMPDIR/stdout" ]
}

@test "an unknown busid is no camera" {
	start_simcam
	run_error 3 '9-9' "$opencamrc" -r "$sim_address/9-9" info
}

@test "a camera that another client has is busy" {
	start_simcam
	hold_camera "$sim_address"
	run_error 4 'in use|another' "$opencamrc" -r "$sim_address" capture
}

@test "a camera switched off in mid-transfer is lost, and leaves no file" {
	[ -x "$slow_link" ] || skip 'the slow link is not built'
	start_simcam
	start_slow_link "$sim_address" --cut-after 500000
	run_error 5 '^opencamrc: capture: ' "$opencamrc" -r "$link_address" capture --keep -o shots/
	[ -z "$(ls -A shots 2> /dev/null)" ]
}

@test "a file that exists is never replaced, and nothing is shot" {
	start_simcam
	echo mine > here.jpg
	run_error 1 'here.jpg: File exists' "$opencamrc" -r "$sim_address" capture --keep -o here.jpg
	[ "$(cat here.jpg)" = mine ]
	[ -z "$("$opencamrc" -q -r "$sim_address" files)" ]
}

@test "a name that is too long for any file is told before the shutter opens" {
	start_simcam --log-releases
	name=$(printf '%0300d' 1)
	run_error 1 "File name too long" "$opencamrc" -r "$sim_address" capture -o "d/$name.jpg"
	[ ! -e d ]
	! grep -q 'shutter released' "$sim_log"
}

@test "a file whose name is known only afterwards stays on the camera" {
	start_simcam
	"$opencamrc" -r "$sim_address" capture --card
	"$opencamrc" -r "$sim_address" files get 1
	before=$(md5sum < "$(picture 1)")
	run_error 1 "$(picture 1): File exists \\(--force" "$opencamrc" -r "$sim_address" files get 1
	[ "$(md5sum < "$(picture 1)")" = "$before" ]
}

@test "a full disk: no file, and the picture stays on the camera" {
	start_simcam
	ulimit -f 400
	run_error 1 "File too large.*stays on the camera as $card_folder/$picture_prefix" \
		"$opencamrc" -r "$sim_address" capture --keep -o 'shots/%f.%C'
	[ -z "$(ls -A shots)" ]
	"$opencamrc" -r "$sim_address" files | grep -q "$picture_prefix"
}

@test "stdout that is full is told" {
	start_simcam
	"$opencamrc" -r "$sim_address" list > /dev/full 2> stderr && false || [ $? -eq 1 ]
	grep -q 'cannot write to standard output: No space left on device' stderr
}

@test "a bad setting names the choices, and nothing is set" {
	start_simcam
	dial A
	run_error 2 "cannot set iso: .*77.*100, " "$opencamrc" -r "$sim_address" config iso=77
	run_error 2 'aperture' "$opencamrc" -r "$sim_address" config iso=800 aperture=99
	[ "$("$opencamrc" -r "$sim_address" config get iso)" != 800 ]
	run_error 2 'did you mean iso' "$opencamrc" -r "$sim_address" config isoo=100
}

@test "a program that is not there has the shells' status" {
	run_error 127 'cannot run no-such-program' "$opencamrc" env no-such-program
}
