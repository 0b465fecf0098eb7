#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# capture: every way to take a picture, what its file is called, and what stays on the camera.

load common

setup() {
	isolate
	start_simcam --card "$BATS_TEST_TMPDIR/card"
	export OPENCAMRC_REMOTE=$sim_address
	dcim=$BATS_TEST_TMPDIR/card/$card_below
}

teardown() {
	stop_all
}

# The files of the card.
on_card() {
	ls "$dcim" 2> /dev/null || true
}

# exposure FILE FROM TO: its EXIF exposure time is between the two, in seconds.
exposure() {
	local time
	time=$(exiftool -s3 -n -ExposureTime "$1")
	awk -v time="$time" -v from="$2" -v to="$3" 'BEGIN { exit !(time >= from && time < to) }' || {
		echo "$1: $time s, not $2 to $3" >&2
		return 1
	}
}

@test "without -o the file has the camera's name, and a number where that is taken" {
	needs memory
	"$opencamrc" capture > first
	"$opencamrc" capture > second
	same_text capt0000.jpg "$(cat first)"
	same_text capt0000-2.jpg "$(cat second)"
	is_jpeg capt0000.jpg "$large"
	is_jpeg capt0000-2.jpg "$large"
	same_text '' "$(on_card)"
}

@test "bulb holds the shutter for fractions of a second too, by either way to set the body to it" {
	needs bulb
	start_simcam --speed 1
	bulb 1.4 2.9 ${bulb_set:+--set "$bulb_set"} --bulb 1.5s
	bulb 0.3 1.4 --set mode=M --set shutter=bulb --bulb 400ms --half-press
}

# bulb FROM TO OPTION…: a picture that was exposed so long. Where a machine stalls it is longer: three tries.
bulb() {
	for _ in 1 2 3; do
		"$opencamrc" -r "$sim_address" capture "${@:3}" --force -o bulb.jpg
		! exposure bulb.jpg "$1" "$2" || return 0
	done
	return 1
}

@test "bulb where the body is not set to it says what to do" {
	only eos1200d 'the user sets it to bulb'
	run_error 1 'cannot take a picture: .*bulb wants the dial on B, or on M with shutterspeed=bulb' \
		"$opencamrc" capture --bulb 1s
	same_text '' "$(on_card)"
}

@test "a half press alone takes nothing; before a shot it takes one" {
	needs halfpress
	"$opencamrc" capture --half-press -n 0 --json > out
	[ ! -s out ]
	"$opencamrc" capture --half-press -o shot.jpg
	is_jpeg shot.jpg
}

@test "count 0 without a half press is nothing to do" {
	run_error 2 'count=0 leaves nothing to do' "$opencamrc" capture -n 0
}

@test "trigger fetches nothing and prints nothing; the picture is on the card" {
	"$opencamrc" capture --trigger --json > out
	[ ! -s out ]
	wait_until 20 test -s "$dcim/$(picture 1)"
	"$opencamrc" capture -o next.jpg
	is_jpeg next.jpg
	same_text "$(picture 1)$(has memory || printf '\n%s' "$(picture 2)")" "$(on_card)"
	run_error 2 'trigger fetches nothing' "$opencamrc" capture --trigger -o x.jpg
	run_error 2 'exclude each other' "$opencamrc" capture --trigger --bulb 1s
}

@test "a camera that is busy around the release has released once, and its picture comes" {
	local at kind before after
	for kind in '-o shot.jpg' '--card' '--keep -o shot.jpg'; do
		before=$(size 1 4) after=$(size 3 12)
		[ "$kind" = --card ] || after=$(size 5 12)
		# What a plain camera refuses to tell of its new picture the driver never asks again.
		[ "$body" != plain ] || after=0
		# shellcheck disable=SC2086
		release_at last capture --set "$tiny_set" $kind
		# shellcheck disable=SC2086
		busy_from $((at - before)) $((at + after)) capture --set "$tiny_set" $kind
		busy_shots 1
	done
}

@test "a camera that is busy around the press that holds the shutter has released once, and its picture comes" {
	needs bulb
	local at bulb=(--bulb 300ms -o shot.jpg)
	[ "${#bulb_set[@]}" -eq 0 ] || bulb=(--set "${bulb_set[@]}" "${bulb[@]}")
	release_at last capture "${bulb[@]}"
	busy_from $((at - $(size 1 4))) $((at + $(size 3 12))) capture "${bulb[@]}"
	busy_shots 1
}

@test "the pictures of a series are numbered, as wide as asked for" {
	"$opencamrc" capture -n 3 -o 'tl-%05n.%C' > names
	same_text "tl-00001.$jpg tl-00002.$jpg tl-00003.$jpg" "$(tr '\n' ' ' < names | sed 's/ $//')"
	is_jpeg "tl-00003.$jpg"
	"$opencamrc" capture -o 'w%3n-%%.%C' > names
	same_text "w001-%.$jpg" "$(cat names)"
}

@test "an interval is from start to start" {
	local began ended
	began=$(date +%s%N)
	"$opencamrc" capture -n 2 --interval 6s --card > names
	ended=$(date +%s%N)
	[ $((ended - began)) -ge 6000000000 ]
	[ "$(wc -l < names)" = 2 ]
	# The camera's own clock: whole seconds, so one less may be seen, and the first may have been late.
	first=$(exiftool -s3 -d %s -DateTimeOriginal "$dcim/$(picture 1)")
	second=$(exiftool -s3 -d %s -DateTimeOriginal "$dcim/$(picture 2)")
	[ $((second - first)) -ge 2 ]
}

@test "a pattern takes the camera's names, folder and the picture's time" {
	before=$(date +%Y%m%d)
	"$opencamrc" capture --keep -o 'a/%Y%m%d/%F/%f-%n.%C' > name
	after=$(date +%Y%m%d)
	[[ $(cat name) == a/$before$card_folder/${picture_prefix}0001-1.JPG ||
		$(cat name) == a/$after$card_folder/${picture_prefix}0001-1.JPG ]]
	is_jpeg "$(cat name)"
	"$opencamrc" capture --keep -o 'low-%:' > name
	same_text "low-$(picture 2 | tr A-Z a-z)" "$(cat name)"
}

@test "a pattern of minutes and seconds is the time of the picture" {
	"$opencamrc" capture --keep -o '%Y-%m-%d_%H.%M.%S' > name
	# libgphoto2 takes the time at which it heard of the picture: another second may have begun since.
	local second after
	after=$(date +%s)
	for ((second = $(stat -c %Y "$dcim/$(picture 1)"); second <= after; second++)); do
		date -d "@$second" +%Y-%m-%d_%H.%M.%S
	done > seconds
	grep -qxf name seconds
}

@test "a folder as the pattern takes the camera's names, made if it ends with a slash" {
	mkdir there
	"$opencamrc" capture --keep -o there > name
	same_text "there/$(picture 1)" "$(cat name)"
	"$opencamrc" capture --keep -o new/below/ > name
	same_text "new/below/$(picture 2)" "$(cat name)"
	cmp "new/below/$(picture 2)" "$dcim/$(picture 2)"
}

@test "a dash sends the picture to stdout, and nothing else" {
	"$opencamrc" capture -o - > shot.jpg
	is_jpeg shot.jpg "$large"
	run_error 2 'takes one picture, not 2' "$opencamrc" capture -n 2 -o -
}

@test "keep leaves the picture on the card as well, no-keep deletes it there" {
	"$opencamrc" capture --keep --json > kept
	local first second
	first=$(picture 1) second=$(picture 2)
	same_text "$first" "$(on_card)"
	cmp "$first" "$dcim/$first"
	every ".kept == true and .path == \"$first\"" kept
	to_card
	"$opencamrc" capture --no-keep --json > gone
	every ".kept == false and .name == \"$second\"" gone
	same_text "$first" "$(on_card)"
	is_jpeg "$second"
	run_error 2 'exclude each other' "$opencamrc" capture --keep --no-keep
	run_error 2 'exclude each other' "$opencamrc" capture --force --skip-existing
	run_error 2 'exclude each other' "$opencamrc" tether --raw-only --jpeg-only
	run_error 2 'more than 1000000 pictures in all' "$opencamrc" capture -n 1000000 --bracket 3x1
}

@test "what is missing is named, also when quiet" {
	needs raw
	touch "shot.$raw_ext" shot.JPG
	local status=0
	"$opencamrc" -q capture --keep --set "$raw_set" -o 'shot.%C' > out 2> err || status=$?
	same_text 1 "$status"
	same_text 2 "$(wc -l < err)"
	grep -q "stays on the camera: $card_folder/${picture_prefix}0001" err
}

@test "card leaves it there, names it, and the body's target is as before" {
	"$opencamrc" capture --card > name
	same_text "$card_folder/$(picture 1)" "$(cat name)"
	same_text "$(picture 1)" "$(on_card)"
	[ ! -e "$(picture 1)" ]
	! has memory || same_text 'Internal RAM' "$("$opencamrc" config get capturetarget)"
	run_error 2 'card fetches nothing' "$opencamrc" capture --card --no-keep
}

@test "of a pair both files come, or the one that was asked for" {
	needs raw
	local raw=${raw_ext,,}
	"$opencamrc" config "$raw_set"
	"$opencamrc" capture -o both.%C --json > out
	[ "$(wc -l < out)" = 2 ]
	every '.shot == 1 and (.size | type) == "number"' out
	is_raw "both.$raw"
	is_jpeg both.jpg "$large"
	"$opencamrc" capture --raw-only --keep -o raw.%C > out
	same_text "raw.$raw_ext" "$(cat out)"
	is_raw "raw.$raw_ext"
	"$opencamrc" capture --jpeg-only --keep -o jpeg.%C > out
	same_text jpeg.JPG "$(cat out)"
	is_jpeg jpeg.JPG
	same_text 4 "$(on_card | wc -l)"
	"$opencamrc" capture --jpeg-only -o - > stream.jpg
	is_jpeg stream.jpg
}

@test "force replaces, skip-existing passes over, and neither touches others" {
	echo mine > shot.jpg
	echo other > other.jpg
	"$opencamrc" capture --keep --skip-existing -o shot.jpg --json > out
	same_text mine "$(cat shot.jpg)"
	every '.path == null and .size == null and .kept' out
	[ -s "$dcim/$(picture 1)" ]
	"$opencamrc" capture --force -o shot.jpg
	is_jpeg shot.jpg
	same_text other "$(cat other.jpg)"
}

@test "what is no pair comes, whichever half was asked for" {
	"$opencamrc" capture --raw-only -o a.%C
	is_jpeg "a.$jpg" "$large"
}

@test "a Nikon whose dial is on bulb is not released without --bulb" {
	only d750 'its shutter is opened, and stays'
	"$opencamrc" open
	"$opencamrc" config mode=M shutter=Bulb
	run_error 1 'the body is set to Bulb: say for how long \(--bulb\)' "$opencamrc" capture -o a.jpg
	"$opencamrc" capture --bulb 200ms -o a.jpg
	is_jpeg a.jpg
	"$opencamrc" config shutter=1/60
	"$opencamrc" capture -o b.jpg
	is_jpeg b.jpg
}

@test "Control-C while bulb holds the shutter puts the dials back, and its picture is no other's" {
	only d750 'the driver turns its dials for bulb'
	start_simcam --speed 1 --card "$BATS_TEST_TMPDIR/card" --log-releases
	export OPENCAMRC_REMOTE=$sim_address
	"$opencamrc" open
	"$opencamrc" config get mode shutter > before
	in_background run "$opencamrc" capture --bulb 60s --keep -o a.jpg
	wait_until 20 grep -q 'shutter released' "$sim_log"
	kill -INT "$background_pid"
	background_status
	same_text 130 "$status"
	! grep 'cannot put' run.err
	"$opencamrc" config get mode shutter > after
	cmp before after
	"$opencamrc" capture --keep -o b.jpg
	cmp b.jpg "$dcim/$(on_card | tail -n 1)"
	same_text 2 "$(on_card | wc -l)"
}

@test "skip-existing passes over no picture that is in the camera's memory alone" {
	needs memory
	"$opencamrc" capture --skip-existing > first
	"$opencamrc" capture --skip-existing > second
	is_jpeg "$(cat first)"
	is_jpeg "$(cat second)"
	[ "$(cat first)" != "$(cat second)" ]
	"$opencamrc" capture --skip-existing -o a.jpg
	same_text a-2.jpg "$("$opencamrc" capture --skip-existing -o a.jpg)"
	is_jpeg a-2.jpg
}

# Its event comes while that of the shot's own picture is waited for.
@test "a picture of a Nikon's own button is not taken for the one that was asked for" {
	only d750 'its own button goes to the card while the host has the memory'
	"$opencamrc" config "$small_set"
	"$opencamrc" open
	press_and_capture
	own_are_none_of "$dcim"/*
	same_text 5 "$(on_card | wc -l)"
}

@test "the hook script is told init, start, download, stop, each with its argument" {
	cat > hook <<- 'END'
		#!/bin/sh
		echo "$ACTION:${ARGUMENT-none}:$([ -z "$ARGUMENT" ] || wc -c < "$ARGUMENT")" >> hook.log
		echo "said by the hook"
	END
	chmod +x hook
	"$opencamrc" capture -n 2 -o 'shot%n.jpg' --hook-script ./hook > out 2> err
	same_text "$(printf 'shot1.jpg\nshot2.jpg')" "$(cat out)"
	grep -q 'said by the hook' err
	cat > expected <<- END
		init:none:
		start:none:
		download:shot1.jpg:$(stat -c %s shot1.jpg)
		download:shot2.jpg:$(stat -c %s shot2.jpg)
		stop:none:
	END
	diff expected hook.log
}

@test "a signal ends a hook script that is waited for, and the camera is free" {
	printf '#!/bin/sh\n[ "$ACTION" != download ] || { touch hangs; exec sleep 60; }\n' > hook
	chmod +x hook
	in_background hooked "$opencamrc" capture -n 2 -o 'shot%n.jpg' --hook-script ./hook
	wait_until 30 test -e hangs
	kill -INT "$background_pid"
	wait_until 10 ended
	background_status
	same_text 130 "$status"
	is_jpeg shot1.jpg && [ ! -e shot2.jpg ]
	"$opencamrc" --wait 30s config get iso
}

@test "a hook script that fails at the start stops everything; at a download it is told" {
	printf '#!/bin/sh\n[ "$ACTION" != "$FAIL" ]\n' > hook
	chmod +x hook
	export FAIL=init
	run_error 1 'hook script ./hook, ACTION=init: exit status 1' \
		"$opencamrc" capture --keep --hook-script ./hook
	same_text '' "$(on_card)"
	FAIL=download "$opencamrc" capture -o x.jpg --hook-script ./hook 2> err
	grep -q 'ACTION=download: exit status 1' err
	is_jpeg x.jpg
	run_error 1 'cannot be run' "$opencamrc" capture --hook-script ./no-such-hook
}

@test "set changes a setting first, and a bad one takes no picture" {
	dial A
	local before
	"$opencamrc" capture --set iso=800 --set aperture=11 -o shot.jpg
	before=$(on_card)
	same_text '800 11.0' "$(exiftool -s3 -p '$ISO $FNumber' shot.jpg)"
	run_error 2 'cannot set iso: .*77' "$opencamrc" capture --keep --set iso=77
	same_text "$before" "$(on_card)"
}

@test "the JSON of a shot has every key" {
	"$opencamrc" capture --json > out
	every '(keys == ["folder","kept","name","path","shot","size"]) and (.shot | type) == "number"
		and (.path | type) == "string" and (.size | type) == "number"
		and (.folder | type) == "string" and (.name | type) == "string"
		and .kept == '"$(has memory && echo false || echo true)" out
	[ "$(jq .size out)" = "$(stat -c %s "$(jq -r .path out)")" ]
	"$opencamrc" capture --card --json > out
	every '(keys == ["folder","kept","name","path","shot","size"]) and .path == null
		and .size == null and .kept' out
}

@test "a disk that fills up: no file, and the picture stays on the camera, said where" {
	mkdir small
	unshare -m true 2> /dev/null || skip 'only root can mount a small disk'
	# With too little room from the start nothing would be shot.
	printf '#!/bin/sh\n[ "$ACTION" != start ] || head -c 1900k /dev/zero > small/ballast\n' > hook
	chmod +x hook
	run_error 1 "No space left on device.*stays on the camera as $card_folder/$(picture 1)" \
		unshare -m sh -c 'mount -t tmpfs -o size=2m none small || exit 99
			"$0" capture --keep --hook-script ./hook -o small/; status=$?
			[ "$(ls -A small)" = ballast ] || exit 98
			exit $status' "$opencamrc"
	same_text "$(picture 1)" "$(on_card)"
}
