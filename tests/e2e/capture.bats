#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# capture: every way to take a picture, what its file is called, and what stays on the camera.

load common

setup() {
	isolate
	start_simcam --card "$BATS_TEST_TMPDIR/card"
	export OPENCAMRC_REMOTE=$sim_address
	dcim=$BATS_TEST_TMPDIR/card/DCIM/100CANON
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
	"$opencamrc" capture > first
	"$opencamrc" capture > second
	same_text capt0000.jpg "$(cat first)"
	same_text capt0000-2.jpg "$(cat second)"
	is_jpeg capt0000.jpg 5184x3456
	is_jpeg capt0000-2.jpg 5184x3456
	same_text '' "$(on_card)"
}

@test "bulb holds the shutter for fractions of a second too, on both kinds of body" {
	start_simcam --speed 1
	"$opencamrc" -r "$sim_address" capture --set autoexposuremode=Bulb --bulb 1.5s -o dial.jpg
	exposure dial.jpg 1.4 2.9
	"$opencamrc" -r "$sim_address" capture --set autoexposuremode=Manual \
		--set shutterspeed=bulb --bulb 400ms --half-press -o manual.jpg
	exposure manual.jpg 0.3 1.4
}

@test "bulb where the body is not set to it says what to do" {
	run_error 1 'cannot take a picture: .*bulb wants the dial on B, or on M with shutterspeed=bulb' \
		"$opencamrc" capture --bulb 1s
	same_text '' "$(on_card)"
}

@test "a half press alone takes nothing; before a shot it takes one" {
	"$opencamrc" capture --half-press -n 0 --json > out
	[ ! -s out ]
	"$opencamrc" capture --half-press -o shot.jpg
	is_jpeg shot.jpg
}

@test "count 0 without a half press is nothing to do" {
	run_error 2 'count=0 leaves nothing to do' "$opencamrc" capture -n 0
}

@test "trigger fetches nothing and prints nothing" {
	"$opencamrc" config capturetarget='Memory card'
	"$opencamrc" capture --trigger --json > out
	[ ! -s out ]
	wait_until 20 test -s "$dcim/IMG_0001.JPG"
	run_error 2 'trigger fetches nothing' "$opencamrc" capture --trigger -o x.jpg
	run_error 2 'exclude each other' "$opencamrc" capture --trigger --bulb 1s
}

@test "the pictures of a series are numbered, as wide as asked for" {
	"$opencamrc" capture -n 3 -o 'tl-%05n.%C' > names
	same_text 'tl-00001.jpg tl-00002.jpg tl-00003.jpg' "$(tr '\n' ' ' < names | sed 's/ $//')"
	is_jpeg tl-00003.jpg
	"$opencamrc" capture -o 'w%3n-%%.%C' > names
	same_text 'w001-%.jpg' "$(cat names)"
}

@test "an interval is from start to start" {
	local began ended
	began=$(date +%s%N)
	"$opencamrc" capture -n 2 --interval 3s --card > names
	ended=$(date +%s%N)
	[ $((ended - began)) -ge 3000000000 ]
	[ "$(wc -l < names)" = 2 ]
	# The camera's own clock: whole seconds, so one less may be seen.
	first=$(exiftool -s3 -d %s -DateTimeOriginal "$dcim/IMG_0001.JPG")
	second=$(exiftool -s3 -d %s -DateTimeOriginal "$dcim/IMG_0002.JPG")
	[ $((second - first)) -ge 2 ]
}

@test "a pattern takes the camera's names, folder and the picture's time" {
	before=$(date +%Y%m%d)
	"$opencamrc" capture --keep -o 'a/%Y%m%d/%F/%f-%n.%C' > name
	after=$(date +%Y%m%d)
	[[ $(cat name) == a/$before/store_00020001/DCIM/100CANON/IMG_0001-1.JPG ||
		$(cat name) == a/$after/store_00020001/DCIM/100CANON/IMG_0001-1.JPG ]]
	is_jpeg "$(cat name)"
	"$opencamrc" capture --keep -o 'low-%:' > name
	same_text low-img_0002.jpg "$(cat name)"
}

@test "a pattern of minutes and seconds is the time of the picture" {
	"$opencamrc" capture --keep -o '%Y-%m-%d_%H.%M.%S' > name
	# libgphoto2 takes the time at which it heard of the picture: a second may have begun since.
	local taken
	taken=$(stat -c %Y "$dcim/IMG_0001.JPG")
	[ "$(cat name)" = "$(date -d "@$taken" +%Y-%m-%d_%H.%M.%S)" ] ||
		same_text "$(date -d "@$((taken + 1))" +%Y-%m-%d_%H.%M.%S)" "$(cat name)"
}

@test "a folder as the pattern takes the camera's names, made if it ends with a slash" {
	mkdir there
	"$opencamrc" capture --keep -o there > name
	same_text there/IMG_0001.JPG "$(cat name)"
	"$opencamrc" capture --keep -o new/below/ > name
	same_text new/below/IMG_0002.JPG "$(cat name)"
	cmp new/below/IMG_0002.JPG "$dcim/IMG_0002.JPG"
}

@test "a dash sends the picture to stdout, and nothing else" {
	"$opencamrc" capture -o - > shot.jpg
	is_jpeg shot.jpg 5184x3456
	run_error 2 'takes one picture, not 2' "$opencamrc" capture -n 2 -o -
}

@test "keep leaves the picture on the card as well, no-keep deletes it there" {
	"$opencamrc" capture --keep --json > kept
	same_text IMG_0001.JPG "$(on_card)"
	cmp IMG_0001.JPG "$dcim/IMG_0001.JPG"
	every '.kept == true and .path == "IMG_0001.JPG"' kept
	"$opencamrc" config capturetarget='Memory card'
	"$opencamrc" capture --no-keep --json > gone
	every '.kept == false and .name == "IMG_0002.JPG"' gone
	same_text IMG_0001.JPG "$(on_card)"
	is_jpeg IMG_0002.JPG
	run_error 2 'exclude each other' "$opencamrc" capture --keep --no-keep
}

@test "card leaves it there, names it, and the body's target is as before" {
	"$opencamrc" capture --card > name
	same_text /store_00020001/DCIM/100CANON/IMG_0001.JPG "$(cat name)"
	same_text IMG_0001.JPG "$(on_card)"
	[ ! -e IMG_0001.JPG ]
	same_text 'Internal RAM' "$("$opencamrc" config get capturetarget)"
	run_error 2 'card fetches nothing' "$opencamrc" capture --card --no-keep
}

@test "of a pair both files come, or the one that was asked for" {
	"$opencamrc" config imageformat='RAW + Large Fine JPEG'
	"$opencamrc" capture -o both.%C --json > out
	[ "$(wc -l < out)" = 2 ]
	every '.shot == 1 and (.size | type) == "number"' out
	is_raw both.cr2
	is_jpeg both.jpg 5184x3456
	"$opencamrc" capture --raw-only --keep -o raw.%C > out
	same_text raw.CR2 "$(cat out)"
	is_raw raw.CR2
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
	[ -s "$dcim/IMG_0001.JPG" ]
	"$opencamrc" capture --force -o shot.jpg
	is_jpeg shot.jpg
	same_text other "$(cat other.jpg)"
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
	"$opencamrc" capture --set iso=800 --set aperture=11 -o shot.jpg
	same_text '800 11.0' "$(exiftool -s3 -p '$ISO $FNumber' shot.jpg)"
	run_error 2 'cannot set iso: .*77' "$opencamrc" capture --keep --set iso=77
	same_text '' "$(on_card)"
}

@test "the JSON of a shot has every key" {
	"$opencamrc" capture --json > out
	every '(keys == ["folder","kept","name","path","shot","size"]) and (.shot | type) == "number"
		and (.path | type) == "string" and (.size | type) == "number"
		and (.folder | type) == "string" and (.name | type) == "string"
		and .kept == false' out
	[ "$(jq .size out)" = "$(stat -c %s "$(jq -r .path out)")" ]
	"$opencamrc" capture --card --json > out
	every '(keys == ["folder","kept","name","path","shot","size"]) and .path == null
		and .size == null and .kept' out
}

@test "a disk that fills up: no file, and the picture stays on the camera, said where" {
	mkdir small
	unshare -m true 2> /dev/null || skip 'only root can mount a small disk'
	run_error 1 'No space left on device.*stays on the camera as /store_00020001/DCIM/100CANON/IMG_0001.JPG' \
		unshare -m sh -c 'mount -t tmpfs -o size=2m none small || exit 99
			"$0" capture --keep -o small/; status=$?
			[ -z "$(ls -A small)" ] || exit 98
			exit $status' "$opencamrc"
	same_text IMG_0001.JPG "$(on_card)"
}
