#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Stock gphoto2: the files of the card.

load gphoto2

folder=$card_folder

setup() {
	command -v gphoto2 > /dev/null || skip "gphoto2 is not installed"
	isolate
	start_simcam --card "$BATS_TEST_TMPDIR/card"
	below=card/$card_below
	first=$(picture 1) first_raw=$(picture 1 "$raw_ext")
	sets "${card[@]}" "${pair[@]}"
	gphoto "${options[@]}" --capture-image
	# The second file of the pair follows on its own.
	wait_until 20 test -s "$below/$first"
}

@test "folders and files are listed" {
	gphoto -l > folders
	grep -q "$card_dcim" folders
	gphoto -L > files
	[ "$body" != eos1200d ] || grep -Eq 'IMG_0001.CR2 .*image/x-canon-cr2' files
	grep -q "$first_raw" files
	grep -Eq "$first .*image/jpeg" files
}

@test "all files and thumbnails are fetched, byte for byte" {
	mkdir got && cd got
	gphoto -P
	cmp "$first" "../$below/$first"
	cmp "$first_raw" "../$below/$first_raw"
	gphoto -T
	expect "$(ls "../$below" | wc -l)" count 'thumb_*'
	for thumb in thumb_*; do
		is_jpeg "$thumb" 160x120
	done
}

@test "deleted files are gone" {
	gphoto -D --folder $folder
	[ -z "$(ls "$below")" ]
}

@test "an uploaded file is on the card, and comes back" {
	needs upload
	head -c 1000000 /dev/urandom > IMG_0100.JPG
	gphoto -u IMG_0100.JPG --folder $folder
	cmp IMG_0100.JPG "$below/IMG_0100.JPG"
}

@test "the card survives a restart, and the numbers go on" {
	kill "$sim_pid" && wait "$sim_pid" || true
	start_simcam --card "$BATS_TEST_TMPDIR/card"
	gphoto -L > files
	grep -q "$first_raw" files
	sets "${card[@]}"
	gphoto "${options[@]}" --capture-image
	wait_until 20 test -s "$below/$(picture 2)"
}

@test "a full card takes no picture and says so" {
	# The driver itself waits without an end where a plain camera refuses to release.
	[ "$body" != plain ] || skip 'gphoto2 asks a plain camera for ever'
	start_simcam --card-size 4M
	# gphoto2 itself ends with 0.
	sets "${card[@]}"
	run gphoto "${options[@]}" --capture-image
	[[ "$output" == *"Store Full"* ]]
}
