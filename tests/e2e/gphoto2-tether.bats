#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Debian's own gphoto2 sees what the simulated camera's button and dials do, as it does a body's.

load gphoto2

setup() {
	command -v gphoto2 > /dev/null || skip "gphoto2 is not installed"
	isolate
	start_simcam --card "$BATS_TEST_TMPDIR/card"
	"$opencamrc" -r "$sim_address" config "$small_set"
}

@test "capture-tethered fetches what the button shoots" {
	# Elsewhere it does not say when it listens, and what is pressed before that is told to nobody: bodies.bats.
	only eos1200d 'tells that it listens'
	in_background tethered gphoto --capture-tethered=3f --force-overwrite
	wait_until 30 grep -q 'Waiting for 3 frames' tethered.out
	wait_until 30 grep -q availableshots tethered.out
	hand press 3
	background_status
	same_text 0 "$status"
	same_text 3 "$(grep -c '^Saving file as' tethered.out)"
	for number in 0 1 2; do
		is_jpeg "capt000$number.jpg" 720x480
	done
}

@test "wait-event names the file on the card, and the end of the shot" {
	only eos1200d 'tells that it listens'
	in_background waiting gphoto --set-config capturetarget=1 --wait-event=CAPTURECOMPLETE
	wait_until 30 grep -q availableshots waiting.out
	hand press
	background_status
	same_text 0 "$status"
	grep -q '^FILEADDED IMG_0001.JPG /store_00020001/DCIM/100CANON' waiting.out
	is_jpeg card/DCIM/100CANON/IMG_0001.JPG
}

@test "wait-event tells of a dial that is turned" {
	only eos1200d 'tells that it listens'
	in_background waiting gphoto --wait-event='"iso" to "1600"'
	wait_until 30 grep -q availableshots waiting.out
	hand set iso 1600
	background_status
	same_text 0 "$status"
	same_text 1600 "$(current iso)"
}
