#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Stock gphoto2: every way of taking a picture.

load gphoto2

@test "a JPEG is captured and downloaded" {
	sets "${by_hand[@]}"
	gphoto "${options[@]}" --capture-image-and-download --filename shot.jpg
	is_jpeg shot.jpg "$large"
	expect "1/30 8.0 800" exiftool -s3 -p '$ExposureTime $FNumber $ISO' shot.jpg
}

@test "a RAW is captured and downloaded" {
	needs raw
	sets "${raw[@]}"
	gphoto "${options[@]}" --capture-image-and-download --filename shot.%C
	is_raw "shot.${raw_ext,,}"
}

@test "both files of RAW+JPEG arrive" {
	needs raw
	# Of two files that a Nikon tells of at once gphoto2 fetches the second alone.
	only eos1200d 'gphoto2 fetches both files'
	sets "${pair[@]}"
	gphoto "${options[@]}" --capture-image-and-download --filename shot.%C
	is_raw "shot.${raw_ext,,}"
	is_jpeg shot.jpg "$large"
}

@test "smaller pictures are as small as they say" {
	sets "${smaller[@]}"
	gphoto "${options[@]}" --capture-image-and-download --filename shot.jpg
	is_jpeg shot.jpg "$smaller_size"
}

@test "three frames, two seconds apart" {
	gphoto --capture-image-and-download -F 3 -I 2 --filename 'shot%n.jpg'
	expect 3 count 'shot*.jpg'
	is_jpeg shot1.jpg
	is_jpeg shot3.jpg
}

@test "a triggered picture comes with the event" {
	needs trigger
	gphoto --trigger-capture --wait-event-and-download=FILEADDED --filename shot.jpg
	is_jpeg shot.jpg "$large"
}

@test "the remote release is pressed and released" {
	only eos1200d "Canon's remote release"
	gphoto --set-config-value 'eosremoterelease=Press Half' \
		--set-config-value 'eosremoterelease=Press Full' \
		--set-config-value 'eosremoterelease=Release Full' \
		--set-config-value 'eosremoterelease=Release Half' \
		--wait-event-and-download=FILEADDED --filename shot.jpg
	is_jpeg shot.jpg "$large"
}

@test "bulb is as long as asked for" {
	needs bulb
	# It does not wait for a Nikon's picture, which is in no memory yet when it leaves.
	only eos1200d 'waited for by gphoto2'
	start_simcam --speed 1
	# It waits for a picture for 3 s, in which a busy machine has drawn none of the largest.
	sets "${bulb[@]}" 'imageformat=Tiny JPEG'
	# Where a machine stalls it is longer.
	for _ in 1 2 3; do
		gphoto "${options[@]}" --bulb 2 --capture-image-and-download --filename shot.jpg --force-overwrite
		is_jpeg shot.jpg "$small"
		! is_bulb || break
	done
	is_bulb
}

is_bulb() {
	exiftool -s3 -n -ExposureTime shot.jpg | awk '{ exit !($1 > 1.8 && $1 < 4) }'
}

@test "bulb in another mode is refused" {
	only eos1200d 'the user sets it to bulb'
	run gphoto --bulb 1 --capture-image-and-download
	[ "$status" -ne 0 ]
	[[ "$output" == *"mode dial"* ]]
}

@test "tethered pictures are downloaded as the shutter button is pressed" {
	only eos1200d "Canon's remote release"
	# Pressed by gphoto2 itself, since the body has no button to press by hand.
	gphoto --set-config-value eosremoterelease=Immediate \
		--capture-tethered=FILEADDED --filename shot.jpg
	is_jpeg shot.jpg "$large"
}

@test "a preview is a live view frame" {
	needs liveview
	gphoto --capture-preview
	[ -e capture_preview.jpg ] || mv thumb_capture_preview.jpg capture_preview.jpg
	is_jpeg capture_preview.jpg 1056x704
}

@test "a movie of three seconds is made of whole frames" {
	needs liveview
	gphoto --capture-movie=3s --filename movie.mjpg
	[ -e movie.mjpg ] || mv ./*.mjpg movie.mjpg
	expect '' ffmpeg -v error -f mjpeg -i movie.mjpg -f null -
	frames=$(ffprobe -v error -f mjpeg -count_frames -show_entries stream=nb_read_frames \
		-of csv=p=0 movie.mjpg)
	[ "$frames" -ge 3 ]
}
