#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# env: another libgphoto2 program finds the remote camera.

load common

setup() {
	isolate
	start_simcam
}

teardown() {
	stop_all
}

@test "the program gets the driver's path, the address and the timeout" {
	"$opencamrc" -r "$sim_address" --timeout 7s env sh -c \
		'echo "$OPENCAMRC_REMOTE $OPENCAMRC_TIMEOUT"; echo "$IOLIBS"' > out
	same_text "$sim_address 7000ms" "$(head -1 out)"
	tail -1 out | tr : '\n' > folders
	while read -r folder; do
		ls "$folder"
	done < folders > drivers
	grep -qx 'usbip.so' drivers
	grep -qx 'ptpip.so' drivers
}

@test "options after the program's name are the program's" {
	same_text '-r --json -q x' "$("$opencamrc" env echo -r --json -q x)"
}

@test "the exit status is the program's, and its standard input and output are ours" {
	status=0
	echo in | "$opencamrc" env sh -c 'cat; echo err >&2; exit 42' > out 2> err || status=$?
	same_text '42 in err' "$status $(cat out) $(cat err)"
	run_error 126 'cannot run /: ' "$opencamrc" env /
	run_error 2 'which program' "$opencamrc" env
}

@test "gphoto2 fetches a picture with it" {
	command -v gphoto2 > /dev/null || skip 'gphoto2 is not installed'
	"$opencamrc" -r "$sim_address" env gphoto2 --capture-image-and-download --filename shot.jpg
	is_jpeg shot.jpg "$large"
}

@test "gphoto2 is told what is wrong with the environment of the driver" {
	command -v gphoto2 > /dev/null || skip 'gphoto2 is not installed'
	# In the program's own environment, which opencamrc does not look at.
	status=0
	"$opencamrc" -r "$sim_address" env env OPENCAMRC_TIMEOUT=soon \
		gphoto2 --camera 'USB PTP Class Camera' --port "usbip:$sim_address" --summary 2> err || status=$?
	same_text 1 "$status"
	grep -q ': OPENCAMRC_TIMEOUT=soon: it is a duration: 5s, 500ms$' err
}
