#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# tether: pictures of the body's own button arrive, all of them, in order, whatever the hooks do.

load common

setup() {
	isolate
	start_simcam --card "$BATS_TEST_TMPDIR/card" --control "$BATS_TEST_TMPDIR/hand"
	export OPENCAMRC_REMOTE=$sim_address
	dcim=$BATS_TEST_TMPDIR/card/DCIM/100CANON
	"$opencamrc" config imageformat='Tiny JPEG'
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
	seq -f 'burst-%02.0f.jpg' 20
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
	same_text $'init \nstart \ndownload burst-01.jpg' "$(cat hooks)"
	for name in $(expected_burst); do
		is_jpeg "$name" 720x480
	done
	# The order of their numbers is that in which they were shot.
	exiftool -q -p '$FileNumber' burst-*.jpg > numbers
	lines 20 numbers
	sort -cu numbers
	touch go
	background_status
	same_text 0 "$status"
	same_text "$(printf 'init \nstart \n'; expected_burst | sed 's/^/download /'; echo 'stop ')" \
		"$(cat hooks)"
	same_text '' "$(on_card)"
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
	same_text $'init \nstart \ndownload shot-1.jpg\ndownload shot-2.jpg\ndownload shot-3.jpg\nstop ' \
		"$(cat hooks)"
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
	same_text $'IMG_0001.JPG\nIMG_0002.JPG' "$(cat tether.out)"
	same_text $'IMG_0001.JPG\nIMG_0002.JPG' "$(on_card)"
	cmp IMG_0001.JPG "$dcim/IMG_0001.JPG"
	"$opencamrc" config capturetarget='Memory card'
	tether --no-keep -n 1
	hand press
	background_status
	same_text IMG_0003.JPG "$(cat tether.out)"
	same_text $'IMG_0001.JPG\nIMG_0002.JPG' "$(on_card)"
}

@test "RAW and JPEG are one picture; one of the two can be chosen" {
	"$opencamrc" config imageformat='RAW + Large Fine JPEG'
	tether --keep -n 1 --json
	hand press
	background_status
	same_text 0 "$status"
	every '.shot == 1 and .kept and .size > 0' tether.out
	lines 2 tether.out
	tether --keep -n 1 --raw-only
	hand press
	background_status
	same_text IMG_0002.CR2 "$(cat tether.out)"
	is_raw IMG_0002.CR2
}

@test "events are told as JSON: a dial, the file, the download, the end of it" {
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
	jq -es 'any(.[]; .event == "download" and .path == "capt0000.jpg" and .shot == 1)' tether.out
}

@test "a card that is full is told, and what was shot before is here" {
	start_simcam --card "$BATS_TEST_TMPDIR/small" --card-size 23M \
		--control "$BATS_TEST_TMPDIR/hand2"
	export OPENCAMRC_REMOTE=$sim_address
	"$opencamrc" config imageformat='Large Fine JPEG'
	tether --keep --events
	echo 'press 9' > hand2
	wait_until 60 grep -q card-full tether.out
	kill -INT "$background_pid"
	background_status
	same_text 130 "$status"
	same_text "$(ls small/DCIM/100CANON)" "$(ls IMG_*)"
	[ "$(find small -name 'IMG_*' | wc -l)" -ge 2 ]
}

@test "a camera that goes is told and, with --recover 0, ends it; what came before is here" {
	tether --keep --events --recover 0
	hand press 2
	wait_until 30 test -e IMG_0002.JPG
	hand off
	background_status
	same_text 5 "$status"
	same_text gone "$(tail -n 1 tether.out | jq -r .event)"
	grep -q '^opencamrc: tether: .*connection to the camera is lost' tether.err
	cmp IMG_0001.JPG "$dcim/IMG_0001.JPG"
	cmp IMG_0002.JPG "$dcim/IMG_0002.JPG"
}

@test "a camera that goes in the middle of a download: the picture is on the card, and named" {
	"$opencamrc" config imageformat='Large Fine JPEG'
	start_slow_link "$sim_address" --rate 2000000
	OPENCAMRC_REMOTE=$link_address tether --keep --recover 0
	hand press
	wait_until 30 compgen -G '.*IMG_0001*' || wait_until 30 compgen -G '*IMG_0001*'
	hand off
	background_status
	same_text 5 "$status"
	[ ! -e IMG_0001.JPG ]
	grep -q 'stays on the camera: .*/IMG_0001.JPG' tether.err
	is_jpeg "$dcim/IMG_0001.JPG"
}

@test "a camera that is switched off and on again: what is shot after it arrives" {
	tether --keep
	hand press
	wait_until 30 test -e IMG_0001.JPG
	hand off
	wait_until 30 grep -q 'the camera is away' tether.err
	hand on
	wait_until 30 grep -q 'the camera is back' tether.err
	hand press
	wait_until 30 test -e IMG_0002.JPG
	kill -INT "$background_pid"
	background_status
	same_text 130 "$status"
	cmp IMG_0002.JPG "$dcim/IMG_0002.JPG"
}

@test "a link that breaks in the middle of a download: the picture is fetched once it is back" {
	"$opencamrc" config imageformat='Large Fine JPEG'
	start_slow_link "$sim_address" --cut-after 500000:down
	OPENCAMRC_REMOTE=$link_address tether --keep -n 1
	hand press
	background_status
	same_text 0 "$status"
	grep -q 'the camera is back' tether.err
	cmp IMG_0001.JPG "$dcim/IMG_0001.JPG"
}

@test "a name that is taken stops nothing: exit status 6, the picture is on the card" {
	touch shot-1.JPG
	tether --keep -n 2 -o 'shot-%n.%C'
	hand press 2
	background_status
	same_text 6 "$status"
	same_text shot-2.JPG "$(cat tether.out)"
	grep -q 'shot-1.JPG' tether.err
	same_text $'IMG_0001.JPG\nIMG_0002.JPG' "$(on_card)"
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
	"$opencamrc" config capturetarget='Memory card'
	tether --events -n 4
	in_background wait "$opencamrc" wait file
	wait_until 30 grep -q 'wait: waiting' wait.err
	hand press 2
	wait_until 30 test -e IMG_0002.JPG
	background_status
	same_text 0 "$status"
	"$opencamrc" capture -o own.jpg
	is_jpeg own.jpg
	hand press 2
	wait_until 30 test -e IMG_0005.JPG
	same_text "IMG_0001.JPG IMG_0002.JPG IMG_0004.JPG IMG_0005.JPG" "$(echo IMG_*)"
	wait_until 30 jq -es '[.[] | select(.event == "file" and .own) | .name] == ["IMG_0003.JPG"]' \
		tether.out
}
