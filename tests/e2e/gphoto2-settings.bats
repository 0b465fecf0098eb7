#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Stock gphoto2: finding the camera, what it says of itself, its settings.

load gphoto2

@test "auto-detect finds the camera" {
	gphoto --auto-detect > found
	grep -E "^$body_model +usbip:127\.0\.0\.1:$sim_port" found
}

@test "summary says what the camera is" {
	gphoto --summary > summary
	grep -qx "Model: $device_model" summary
	grep -q "Maximum Capability: $capacity" summary
	grep -q 'Battery Level(0x5001)' summary
}

@test "a dozen settings can be set, and are as they were set" {
	only eos1200d "Canon's settings"
	while read -r name value; do
		gphoto --set-config-value "$name=$value"
		expect "$value" current "$name"
	done <<- 'END'
		iso 400
		whitebalance Daylight
		whitebalanceadjusta -3
		colorspace AdobeRGB
		exposurecompensation -0.6
		drivemode Continuous
		picturestyle Monochrome
		aperture 8
		meteringmode Partial
		aeb +/- 1
		reviewtime 4 seconds
		ownername A. Nobody
		artist Somebody
		copyright (c) Nobody
		imageformat RAW + Large Fine JPEG
		autoexposuremode Manual
		shutterspeed 1/250
		aperture 11
	END
}

@test "a value that the camera does not have is refused" {
	run gphoto --set-config-value iso=77
	[ "$status" -ne 0 ]
	expect "$first_iso" current iso
}

@test "the settings are those of the real body" {
	# The D750's are compared in bodies.bats.
	only eos1200d 'the dump of this body'
	local dump=$top/../shared/cameras/canon-eos1200d.txt figure
	[ -e "$dump" ] || skip "no dump of the real camera at ../shared/cameras"
	gphoto --debug --debug-logfile=debug.log --list-all-config > config
	# Its last line is the figure.
	"$BATS_TEST_DIRNAME/compare-config" "$dump" config debug.log \
		"$(pkg-config --variable=driverdir libgphoto2)/ptp2.so" > compared || {
		cat compared
		return 1
	}
	sed 's/^/# /' compared >&3
	figure=$(tail -1 compared)
	echo "# figure: gphoto2 --list-all-config: $figure" >&3
}

@test "a capture needs no second try of anything" {
	only eos1200d "Canon's events"
	gphoto --debug --debug-logfile=debug.log --capture-image-and-download
	[ "$(grep -c 'preparing EOS capture' debug.log)" -eq 1 ]
	! grep -E '\(0\): ' debug.log
}
