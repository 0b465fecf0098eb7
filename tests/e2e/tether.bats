#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# tether: pictures of the body's own button arrive, all of them, in order, whatever the hooks do.

load common

setup() {
	isolate
	start_simcam --card "$BATS_TEST_TMPDIR/card"
	export OPENCAMRC_REMOTE=$sim_address
	dcim=$BATS_TEST_TMPDIR/card/$card_below
	"$opencamrc" config "$small_set"
	first=$(picture 1) second=$(picture 2) third=$(picture 3)
}

teardown() {
	touch "$BATS_TEST_TMPDIR/go"
	stop_all
}

# tether [OPTIONS]: in the background, and waiting for pictures.
tether() {
	in_background tether "$opencamrc" tether "$@"
	wait_until 30 grep -q 'waiting for pictures' tether.err
}

# A hook that writes what it was told, and with "download" waits for a file called go.
write_hook() {
	cat > hook <<- 'END'
		#!/bin/sh
		echo "$ACTION $ARGUMENT" >> hooks
		[ "$ACTION" = download ] || exit 0
		n=0
		while [ ! -e go ] && [ $n -lt 600 ]; do n=$((n + 1)); sleep 0.1; done
	END
	chmod +x hook
}

expected_burst() {
	seq -f "burst-%02.0f.$button_jpg" 20
}

# numbered FILE…: the order of their numbers is that in which they were shot.
numbered() {
	exiftool -q -p '$FileNumber' "$@" > numbers
	lines $# numbers
	sort -cu numbers
}

on_card() {
	ls "$dcim" 2> /dev/null || true
}

@test "a burst of 20 arrives whole and in order while the first hook still runs" {
	write_hook
	tether -n 20 -o 'burst-%02n.%C' --hook-script ./hook
	hand press 20
	wait_until 60 lines 20 tether.out
	same_text "$(expected_burst)" "$(cat tether.out)"
	# The first hook waits for us: no download has waited for it.
	wait_until 30 lines 3 hooks
	same_text $'init \nstart \ndownload burst-01.'"$button_jpg" "$(cat hooks)"
	for name in $(expected_burst); do
		is_jpeg "$name" "$small"
	done
	! has buttonmemory || numbered burst-*
	touch go
	background_status
	same_text 0 "$status"
	same_text "$(printf 'init \nstart \n'; expected_burst | sed 's/^/download /'; echo 'stop ')" \
		"$(cat hooks)"
	! has buttonmemory || same_text '' "$(on_card)"
}

@test "a body that exposes for longer than a command is patient is waited for, and each picture comes" {
	only d750 'hands out nothing while it exposes'
	start_simcam --speed 1
	export OPENCAMRC_REMOTE=$sim_address
	dial M
	"$opencamrc" config "$small_set" shutter=13
	tether -n 2 -o 'night-%n.%C'
	hand press 2
	background_status
	same_text 0 "$status"
	same_text $'night-1.JPG\nnight-2.JPG' "$(cat tether.out)"
	! grep -q 'the camera is away' tether.err
}

@test "a signal ends it, the hooks that are due still run" {
	write_hook
	tether -o 'shot-%n.%C' --hook-script ./hook
	hand press 3
	wait_until 30 lines 3 tether.out
	kill -INT "$background_pid"
	wait_until 30 grep -q 'waiting for 4 runs' tether.err
	# The camera is free already.
	"$opencamrc" info > /dev/null
	touch go
	background_status
	same_text 130 "$status"
	same_text "$(printf 'init \nstart \n'; printf "download shot-%d.$button_jpg\\n" 1 2 3; echo 'stop ')" "$(cat hooks)"
}

@test "a hook that runs beside reads nothing of the caller's" {
	printf '#!/bin/sh\n[ "$ACTION" != download ] || cat > read\n' > hook
	chmod +x hook
	mkfifo input
	sleep 60 > input 3>&- &
	started+=("$!")
	in_background tether sh -c 'exec "$0" tether -n 1 --hook-script ./hook < input' "$opencamrc"
	wait_until 30 grep -q 'waiting for pictures' tether.err
	hand press
	wait_until 30 lines 1 tether.out
	wait_until 10 test -e read
	wait_until 10 ended
	background_status
	same_text 0 "$status"
	[ ! -s read ]
}

@test "a hook that fails is named and stops nothing" {
	printf '#!/bin/sh\n[ "$ACTION" != download ]\n' > hook
	chmod +x hook
	tether -n 2 --hook-script ./hook
	hand press 2
	background_status
	same_text 0 "$status"
	same_text 2 "$(grep -c 'hook script ./hook, ACTION=download: exit status 1' tether.err)"
	lines 2 tether.out
}

@test "with --keep the pictures are on the card as well, with --no-keep no more" {
	tether --keep -n 2
	hand press 2
	background_status
	same_text 0 "$status"
	same_text "$first"$'\n'"$second" "$(cat tether.out)"
	same_text "$first"$'\n'"$second" "$(on_card)"
	cmp "$first" "$dcim/$first"
	to_card
	tether --no-keep -n 1
	hand press
	background_status
	same_text "$third" "$(cat tether.out)"
	same_text "$first"$'\n'"$second" "$(on_card)"
}

@test "RAW and JPEG are one picture; one of the two can be chosen" {
	needs raw
	"$opencamrc" config "$raw_set"
	tether --keep -n 1 --json
	hand press
	background_status
	same_text 0 "$status"
	every '.shot == 1 and .kept and .size > 0' tether.out
	lines 2 tether.out
	tether --keep -n 1 --raw-only
	hand press
	background_status
	same_text "$(picture 2 "$raw_ext")" "$(cat tether.out)"
	is_raw "$(picture 2 "$raw_ext")"
}

@test "what is in the memory and no half of a pair comes, whichever half was asked for" {
	needs buttonmemory
	tether -n 1 --raw-only
	hand press
	background_status
	same_text capt0000.jpg "$(cat tether.out)"
	is_jpeg capt0000.jpg "$small"
	"$opencamrc" config "$raw_set"
	tether -n 1 --raw-only
	hand press
	background_status
	lines 1 tether.out
	is_raw "$(cat tether.out)"
}

@test "a picture that another command triggers is fetched" {
	tether -n 1
	"$opencamrc" capture --trigger
	background_status
	lines 1 tether.out
	is_jpeg "$(cat tether.out)" "$small"
}

# Its event comes while that of the capture's own picture is waited for.
@test "a picture that was taken by hand just before a capture is fetched here, and not taken for the capture's" {
	needs memory
	tether --keep -n 5
	press_and_capture
	wait_until 60 lines 5 tether.out
	background_status
	same_text 0 "$status"
	same_text "$(on_card)" "$(cat tether.out)"
	local taken
	mapfile -t taken < <(on_card)
	own_are_none_of "${taken[@]}"
}

# As fast as a body is: it focuses, exposes or writes when the capture comes. Where it has not exposed yet, its picture
# goes where the capture's does.
@test "a picture by hand that the body is still at when a capture comes is fetched, and not taken for the capture's" {
	needs memory
	start_simcam --speed 1
	export OPENCAMRC_REMOTE=$sim_address
	"$opencamrc" config "$small_set"
	tether --keep -n 5
	press_and_capture
	wait_until 60 lines 5 tether.out
	background_status
	same_text 0 "$status"
	local taken
	mapfile -t taken < tether.out
	for name in "${taken[@]}"; do
		is_jpeg "$name" "$small"
	done
	own_are_none_of "${taken[@]}"
}

@test "a picture by hand while a capture waits for its own is fetched, and not taken for the capture's" {
	needs memory
	start_simcam --speed 1 --log-releases
	export OPENCAMRC_REMOTE=$sim_address
	"$opencamrc" config "$small_set"
	tether --keep -n 1
	in_background capture "$opencamrc" capture -o own.jpg
	wait_until 30 grep -q 'shutter released' "$sim_log"
	hand press
	wait_until 60 lines 1 tether.out
	background_status
	same_text 0 "$status"
	same_text own.jpg "$(cat capture.out)"
	is_jpeg own.jpg "$small"
	is_jpeg "$(cat tether.out)" "$small"
	own_are_none_of "$(cat tether.out)"
}

@test "the last picture's second file is waited for, however long its first one takes" {
	needs raw
	"$opencamrc" config "$raw_set"
	start_slow_link "$sim_address" --rate 25000000
	OPENCAMRC_REMOTE=$link_address tether --keep -n 1
	hand press
	background_status
	same_text 0 "$status"
	lines 2 tether.out
	is_raw "$(picture 1 "$raw_ext")"
}

@test "events are told as JSON: a dial, the file, the download, the end of it" {
	needs told
	tether --events -n 1
	hand set iso 800
	hand press
	background_status
	same_text 0 "$status"
	every 'has("event")' tether.out
	jq -es 'any(.[]; .event == "property" and .name == "iso" and .value == "800")' tether.out
	jq -es '[.[].event | select(. == "file" or . == "download" or . == "capture-complete")]
		== ["file", "download", "capture-complete"]' tether.out
	jq -es 'any(.[]; .event == "file" and .own == false)' tether.out
	jq -es --arg path "$(has buttonmemory && echo capt0000.jpg || echo "$first")" \
		'any(.[]; .event == "download" and .path == $path and .shot == 1)' tether.out
}

@test "events end when their reader has gone" {
	needs told
	in_background events sh -c '"$0" tether --events 2> events.log | head -n 1' "$opencamrc"
	wait_until 30 grep -q 'waiting for pictures' events.log
	hand set iso 800
	wait_until 20 lines 1 events.out
	hand set iso 400
	wait_until 20 ended
}

@test "a card that is full is told, and what was shot before is here" {
	start_simcam --card "$BATS_TEST_TMPDIR/small" --card-size "$few"
	export OPENCAMRC_REMOTE=$sim_address
	"$opencamrc" config "$large_set"
	tether --keep --events
	hand press 9
	wait_until 60 grep -q card-full tether.out
	kill -INT "$background_pid"
	background_status
	same_text 130 "$status"
	same_text "$(ls "small/$card_below")" "$(ls "$picture_prefix"*)"
	[ "$(find small -name "$picture_prefix*" | wc -l)" -ge 2 ]
}

@test "a camera that goes is told and, with --recover 0, ends it; what came before is here" {
	tether --keep --events --recover 0
	hand press 2
	wait_until 30 test -e "$second"
	hand off
	background_status
	same_text 5 "$status"
	same_text gone "$(tail -n 1 tether.out | jq -r .event)"
	grep -q '^opencamrc: tether: .*connection to the camera is lost' tether.err
	cmp "$first" "$dcim/$first"
	cmp "$second" "$dcim/$second"
}

@test "a camera that goes in the middle of a download: the picture is on the card, and named" {
	"$opencamrc" config "$large_set"
	start_slow_link "$sim_address" --rate 2000000
	OPENCAMRC_REMOTE=$link_address tether --keep --recover 0
	hand press
	wait_until 30 writing "${first%.*}"
	hand off
	background_status
	same_text 5 "$status"
	[ ! -e "$first" ]
	grep -q "stays on the camera: .*/$first" tether.err
	is_jpeg "$dcim/$first"
}

@test "a camera that is switched off and on again: what is shot after it arrives" {
	tether --keep
	hand press
	wait_until 30 test -e "$first"
	hand off
	wait_until 30 grep -q 'the camera is away' tether.err
	hand on
	wait_until 30 grep -q 'the camera is back' tether.err
	hand press
	wait_until 30 test -e "$second"
	kill -INT "$background_pid"
	background_status
	same_text 130 "$status"
	cmp "$second" "$dcim/$second"
}

@test "a link that breaks in the middle of a download: the picture is fetched once it is back" {
	"$opencamrc" config "$large_set"
	start_slow_link "$sim_address" --cut-after 500000:down
	OPENCAMRC_REMOTE=$link_address tether --keep -n 1
	hand press
	background_status
	same_text 0 "$status"
	grep -q 'the camera is back' tether.err
	cmp "$first" "$dcim/$first"
}

@test "a name that is taken stops nothing: exit status 6, the picture is on the card" {
	touch shot-1.JPG
	tether --keep -n 2 -o 'shot-%n.%C'
	hand press 2
	background_status
	same_text 6 "$status"
	same_text shot-2.JPG "$(cat tether.out)"
	grep -q 'shot-1.JPG' tether.err
	same_text "$first"$'\n'"$second" "$(on_card)"
}

@test "--duration ends it, with nothing shot" {
	"$opencamrc" tether --duration 1s > out
	[ ! -s out ]
}

@test "one file for many pictures, stdout, and both of keep are refused" {
	run_error 2 'do not fit into one file' "$opencamrc" tether -o one.jpg
	run_error 2 'need files' "$opencamrc" tether -o -
	run_error 2 'exclude each other' "$opencamrc" tether --keep --no-keep
}

@test "beside another command's shots: both have theirs, and a wait sees all of them" {
	to_card
	tether --events -n 4
	in_background wait "$opencamrc" wait file
	wait_until 30 grep -q 'wait: waiting' wait.err
	hand press 2
	wait_until 30 test -e "$second"
	background_status
	same_text 0 "$status"
	"$opencamrc" capture -o own.jpg
	is_jpeg own.jpg
	hand press 2
	wait_until 30 test -e "$(picture 5)"
	same_text "$first $second $(picture 4) $(picture 5)" "$(echo "$picture_prefix"*)"
	wait_until 30 jq -es --arg name "$third" '[.[] | select(.event == "file" and .own) | .name] == [$name]' \
		tether.out
}
