#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Stock gphoto2: every way of taking a picture.

load gphoto2

@test "a JPEG is captured and downloaded" {
	gphoto --set-config-value autoexposuremode=Manual --set-config-value shutterspeed=1/30 \
		--set-config-value aperture=8 --set-config-value iso=800 \
		--capture-image-and-download --filename shot.jpg
	is_jpeg shot.jpg 5184x3456
	expect "1/30 8.0 800" exiftool -s3 -p '$ExposureTime $FNumber $ISO' shot.jpg
}

@test "a RAW is captured and downloaded" {
	gphoto --set-config-value imageformat=RAW --capture-image-and-download --filename shot.%C
	is_raw shot.cr2
}

@test "both files of RAW+JPEG arrive" {
	gphoto --set-config-value 'imageformat=RAW + Large Fine JPEG' \
		--capture-image-and-download --filename shot.%C
	is_raw shot.cr2
	is_jpeg shot.jpg 5184x3456
}

@test "smaller pictures are as small as they say" {
	gphoto --set-config-value 'imageformat=Medium Normal JPEG' \
		--capture-image-and-download --filename shot.jpg
	is_jpeg shot.jpg 3456x2304
}

@test "three frames, two seconds apart" {
	gphoto --capture-image-and-download -F 3 -I 2 --filename 'shot%n.jpg'
	expect 3 count 'shot*.jpg'
	is_jpeg shot1.jpg
	is_jpeg shot3.jpg
}

@test "a triggered picture comes with the event" {
	gphoto --trigger-capture --wait-event-and-download=FILEADDED --filename shot.jpg
	is_jpeg shot.jpg 5184x3456
}

@test "the remote release is pressed and released" {
	gphoto --set-config-value 'eosremoterelease=Press Half' \
		--set-config-value 'eosremoterelease=Press Full' \
		--set-config-value 'eosremoterelease=Release Full' \
		--set-config-value 'eosremoterelease=Release Half' \
		--wait-event-and-download=FILEADDED --filename shot.jpg
	is_jpeg shot.jpg 5184x3456
}

@test "bulb is as long as asked for" {
	start_simcam --speed 1
	gphoto --set-config-value autoexposuremode=Bulb \
		--bulb 2 --capture-image-and-download --filename shot.jpg
	is_jpeg shot.jpg 5184x3456
	exiftool -s3 -n -ExposureTime shot.jpg | awk '{ exit !($1 > 1.8 && $1 < 4) }'
}

@test "bulb in another mode is refused" {
	run gphoto --bulb 1 --capture-image-and-download
	[ "$status" -ne 0 ]
	[[ "$output" == *"mode dial"* ]]
}

@test "tethered pictures are downloaded as the shutter button is pressed" {
	# Pressed by gphoto2 itself, since the body has no button to press by hand.
	gphoto --set-config-value eosremoterelease=Immediate \
		--capture-tethered=FILEADDED --filename shot.jpg
	is_jpeg shot.jpg 5184x3456
}

@test "a preview is a live view frame" {
	gphoto --capture-preview
	is_jpeg capture_preview.jpg 1056x704
}

@test "a movie of three seconds is made of whole frames" {
	gphoto --capture-movie=3s --filename movie.mjpg
	[ -e movie.mjpg ] || mv ./*.mjpg movie.mjpg
	expect '' ffmpeg -v error -f mjpeg -i movie.mjpg -f null -
	frames=$(ffprobe -v error -f mjpeg -count_frames -show_entries stream=nb_read_frames \
		-of csv=p=0 movie.mjpg)
	[ "$frames" -ge 40 ]
}
