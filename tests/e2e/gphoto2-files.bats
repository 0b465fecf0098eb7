#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Stock gphoto2: the files of the card.

load gphoto2

folder=/store_00020001/DCIM/100CANON

setup() {
	command -v gphoto2 > /dev/null || skip "gphoto2 is not installed"
	isolate
	start_simcam --card "$BATS_TEST_TMPDIR/card"
	gphoto --set-config-value capturetarget='Memory card' \
		--set-config-value 'imageformat=RAW + Large Fine JPEG' --capture-image
	# The second file of the pair follows on its own.
	wait_until 20 test -s card/DCIM/100CANON/IMG_0001.JPG
}

@test "folders and files are listed" {
	gphoto -l > folders
	grep -q 100CANON folders
	gphoto -L > files
	grep -Eq 'IMG_0001.CR2 .*image/x-canon-cr2' files
	grep -Eq 'IMG_0001.JPG .*image/jpeg' files
}

@test "all files and thumbnails are fetched, byte for byte" {
	mkdir got && cd got
	gphoto -P
	cmp IMG_0001.JPG ../card/DCIM/100CANON/IMG_0001.JPG
	cmp IMG_0001.CR2 ../card/DCIM/100CANON/IMG_0001.CR2
	gphoto -T
	expect 2 count 'thumb_*'
	for thumb in thumb_*; do
		is_jpeg "$thumb" 160x120
	done
}

@test "deleted files are gone" {
	gphoto -D --folder $folder
	expect 0 count "card/DCIM/100CANON/IMG*"
	[ -z "$(ls card/DCIM/100CANON)" ]
}

@test "an uploaded file is on the card, and comes back" {
	head -c 1000000 /dev/urandom > IMG_0100.JPG
	gphoto -u IMG_0100.JPG --folder $folder
	cmp IMG_0100.JPG card/DCIM/100CANON/IMG_0100.JPG
}

@test "the card survives a restart, and the numbers go on" {
	kill "$sim_pid" && wait "$sim_pid" || true
	start_simcam --card "$BATS_TEST_TMPDIR/card"
	gphoto -L > files
	grep -q IMG_0001.CR2 files
	gphoto --set-config-value capturetarget='Memory card' --capture-image
	[ -s card/DCIM/100CANON/IMG_0002.JPG ]
}

@test "a full card takes no picture and says so" {
	start_simcam --card-size 4M
	# gphoto2 itself ends with 0.
	run gphoto --set-config-value capturetarget='Memory card' --capture-image
	[[ "$output" == *"Store Full"* ]]
}
