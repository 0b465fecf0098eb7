#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Live view turned, scaled, made again, and made video: the right frames, whole, in the right form.

load common

setup() {
	isolate
}

teardown() {
	stop_all
}

# view [SIMCAM-OPTION…] -- [OPTION…]: a live view of 10 frames to the file out, its summary to the file
# summary.
view() {
	local sim=()
	while [ "$1" != -- ]; do
		sim+=("$1")
		shift
	done
	needs liveview
	[ -n "${sim_address:-}" ] || start_simcam "${sim[@]}"
	"$opencamrc" -r "$sim_address" --json liveview --frames 10 "${@:2}" > out 2> summary || {
		cat summary >&2
		return 1
	}
}

# summary_is FILTER: of jq.
summary_is() {
	every "$1" summary
}

# decoded FORMAT: it decodes without a complaint to 10 frames; prints WIDTHxHEIGHT.
decoded() {
	local said
	said=$(ffmpeg -v error -f "$1" -i out -f null - 2>&1) && [ -z "$said" ] || {
		echo "$said" >&2
		return 1
	}
	ffprobe -v error -f "$1" -count_frames -show_entries stream=width,height,nb_read_frames \
		-of csv=p=0 out | tr , ' ' | {
		read -r width height frames
		[ "$frames" = 10 ] && echo "${width}x$height"
	}
}

# rising FILTER: seen through ffmpeg's filter the frames' counters are whole, and rise.
rising() {
	ffmpeg -v error -f "${2:-mjpeg}" -i out -vf "$1" -q:v 2 -f mjpeg - | "$frame_counter" > counters
	[ "$(wc -l < counters)" -eq 10 ] && sort -cn counters
}

# psnr_above DECIBEL FORMAT FILTER: every frame, against the file still.jpg seen through the filter.
psnr_above() {
	ffmpeg -v error -f "$2" -i out -loop 1 -i still.jpg -lavfi \
		"[0]format=yuv420p[a];[1]$3,scale=out_range=tv,format=yuv420p[b];[a][b]psnr=f=psnr:shortest=1" \
		-f null -
	[ "$(wc -l < psnr)" -eq 10 ]
	awk -v least="$1" '{ sub(/.*psnr_avg:/, ""); if ($1 != "inf" && $1 + 0 < least) exit 1 }' psnr || {
		cat psnr >&2
		return 1
	}
}

# A picture with colours and edges, WIDTHxHEIGHT, in the file still.jpg.
make_still() {
	ffmpeg -v error -y -f lavfi -i "testsrc=size=$1:rate=1" -vf format=yuvj422p -frames:v 1 -q:v 2 still.jpg
}

# make_scene FILE FILE…: an MJPEG scene that shows them in turn.
make_scene() {
	cat "$@" > scene.mjpeg
}

@test "turned by 180 degrees, the frames are the camera's" {
	view -- --rotate 180
	[ "$(decoded mjpeg)" = 1056x704 ]
	rising hflip,vflip
}

@test "turned by 90 degrees, a frame is upright on its side" {
	view -- --rotate 90
	[ "$(decoded mjpeg)" = 704x1056 ]
	rising transpose=cclock
}

@test "turned by 270 degrees, it stands on the other side" {
	view -- --rotate 270
	[ "$(decoded mjpeg)" = 704x1056 ]
	rising transpose=clock
}

@test "turning takes nothing from the picture, whatever its size" {
	local size
	for size in 320x240 322x242 100x64; do
		make_still "$size"
		make_scene still.jpg still.jpg
		sim_address=
		view --scene scene.mjpeg -- --rotate 90 --quality 98
		psnr_above 35 mjpeg transpose=clock
		view -- --rotate 90
		psnr_above 35 mjpeg transpose=clock
	done
}

@test "a frame is scaled to a half, a quarter and an eighth" {
	view -- --scale 1/2
	[ "$(decoded mjpeg)" = 528x352 ]
	rising null
	view -- --scale 1/4
	[ "$(decoded mjpeg)" = 264x176 ]
	rising null
	view -- --scale 1/8
	[ "$(decoded mjpeg)" = 132x88 ]
}

@test "a frame is fitted into a size, its shape kept" {
	view -- --size 1280x720
	[ "$(decoded mjpeg)" = 1280x720 ]
	rising crop=1080:720:100:0
	view -- --size 640x960 --rotate 90
	[ "$(decoded mjpeg)" = 640x960 ]
	rising transpose=cclock
}

@test "quality makes frames smaller, and smaller still" {
	view -- --quality 70
	rising null
	local large
	large=$(stat -c %s out)
	view -- --quality 20
	rising null
	[ $((2 * $(stat -c %s out))) -lt "$large" ]
}

@test "a frame with corrupt data is left out and counted, and never passed on" {
	make_still 320x240
	local size
	size=$(stat -c %s still.jpg)
	# Half of its data are gone, its markers are all there.
	{
		head -c $((size / 2)) still.jpg
		tail -c 200 still.jpg
	} > broken.jpg
	make_scene still.jpg broken.jpg
	local option
	# So few a second that none is passed over by a reader that is slow: every other one is broken.
	for option in '--quality 90' '--rotate 90' '--size 160x120' '--y4m --fps 10'; do
		# shellcheck disable=SC2086 # words
		view --scene scene.mjpeg --fps 10 -- $option
		summary_is '.frames == 10 and .damaged >= 3'
	done
	view -- --rotate 180
	[ "$(decoded mjpeg)" = 320x240 ]
	psnr_above 35 mjpeg hflip,vflip
}

@test "without an option a frame is passed on as it came" {
	make_still 322x242
	make_scene still.jpg still.jpg
	view --scene scene.mjpeg --
	for _ in 1 2 3 4 5 6 7 8 9 10; do cat still.jpg; done | cmp - out
}

@test "HTTP parts have a boundary, a type, a length and the time" {
	view -- --mpjpeg
	[ "$(decoded mpjpeg)" = 1056x704 ]
	tr -d '\r' < out | grep -a -A3 -x -- --opencamrc > headers
	[ "$(grep -c -x -- --opencamrc headers)" = 10 ]
	[ "$(grep -c -x 'Content-Type: image/jpeg' headers)" = 10 ]
	[ "$(grep -cE '^Content-Length: [0-9]+$' headers)" = 10 ]
	sed -n 's/^X-Timestamp: //p' headers > times
	[ "$(grep -cxE '[0-9]+\.[0-9]{6}' times)" = 10 ]
	sort -cn times
	awk -v now="$(date +%s)" 'END { exit !($1 > now - 30 && $1 < now + 2) }' times
	# The first part, cut out by its length, is a whole picture.
	local start len
	len=$(sed -n 's/^Content-Length: //p' headers | head -n 1)
	start=$(LC_ALL=C grep -abo $'\xff\xd8' out | head -n 1)
	tail -c +$((${start%%:*} + 1)) out | head -c "$len" > first.jpg
	is_jpeg first.jpg 1056x704
}

@test "video has a constant size and rate, and the picture is right" {
	make_still 322x242
	make_scene still.jpg still.jpg
	view --scene scene.mjpeg -- --y4m --fps 20
	[ "$(decoded yuv4mpegpipe)" = 322x242 ]
	[ "$(ffprobe -v error -show_entries stream=r_frame_rate -of csv=p=0 out)" = 20/1 ]
	head -n 1 out | grep -aq '^YUV4MPEG2 W322 H242 F20:1 .*C420jpeg'
	psnr_above 35 yuv4mpegpipe null
}

@test "video keeps its size when the camera's frames change theirs" {
	make_still 320x240
	mv still.jpg first.jpg
	make_still 640x300
	make_scene first.jpg still.jpg
	view --scene scene.mjpeg -- --y4m --size 400x300
	[ "$(decoded yuv4mpegpipe)" = 400x300 ]
	view -- --y4m --rotate 90
	decoded yuv4mpegpipe | grep -xE '240x320|300x640'
}

@test "video repeats frames where the camera has fewer, and leaves out where it has more" {
	view --fps 10 -- --y4m --fps 40
	summary_is '.frames == 10 and .decoded < 8 and .repeated + .decoded >= 10'
	rising null yuv4mpegpipe
	sim_address=
	view --fps 60 -- --y4m --fps 4
	summary_is '.frames == 10 and .dropped > 5'
	rising null yuv4mpegpipe
}

@test "video and multipart are whole in a pipe" {
	needs liveview
	start_simcam
	"$opencamrc" -r "$sim_address" liveview --y4m --frames 10 | ffmpeg -v error -i - -y clip.mp4 2> said
	[ "${PIPESTATUS[*]}" = '0 0' ]
	[ ! -s said ]
	[ "$(ffprobe -v error -count_packets -show_entries stream=nb_read_packets -of csv=p=0 clip.mp4)" = 10 ]
	"$opencamrc" -r "$sim_address" liveview --mpjpeg --frames 10 | ffmpeg -v error -f mpjpeg -i - -y parts.mkv 2> said
	[ "${PIPESTATUS[*]}" = '0 0' ]
	[ ! -s said ]
	[ "$(ffprobe -v error -count_packets -show_entries stream=nb_read_packets -of csv=p=0 parts.mkv)" -ge 9 ]
}

@test "a video file has every frame that was asked for" {
	view -- --y4m -o video.y4m
	mv video.y4m out
	[ "$(decoded yuv4mpegpipe)" = 1056x704 ]
	view -- --rotate 90 -o turned.mjpeg
	mv turned.mjpeg out
	[ "$(decoded mjpeg)" = 704x1056 ]
}

@test "a reader that goes ends it, whatever is done to the frames" {
	needs liveview
	start_simcam
	local option
	for option in '--rotate 90' '--size 640x480' --y4m --mpjpeg; do
		# shellcheck disable=SC2086 # words
		timeout 30 "$opencamrc" -r "$sim_address" liveview $option 2> /dev/null |
			head -c 200000 > /dev/null
		[ "${PIPESTATUS[0]}" -eq 0 ]
	done
}

@test "options that are wrong, or do not go together, are one line and status 2" {
	local live=("$opencamrc" -r 127.0.0.1:1 liveview)
	run_error 2 'rotate: 90, 180 and 270' "${live[@]}" --rotate 45
	run_error 2 'scale: 1/3 is none of' "${live[@]}" --scale 1/3
	run_error 2 'size: 640 is not' "${live[@]}" --size 640
	run_error 2 'size: 641x480 is not' "${live[@]}" --size 641x480
	run_error 2 'size: 100000x2 is not' "${live[@]}" --size 100000x2
	run_error 2 'quality: 101 is more' "${live[@]}" --quality 101
	run_error 2 'exclude' "${live[@]}" --scale 1/2 --size 640x480
	run_error 2 'exclude' "${live[@]}" --mpjpeg --y4m
	run_error 2 'exclude' "${live[@]}" --v4l2 /dev/video9 -o file
	run_error 2 'not JPEG|which this is not' "${live[@]}" --y4m --quality 50
	run_error 2 'pixel-format is for' "${live[@]}" --pixel-format yuyv
	run_error 2 'neither yuv420p nor yuyv' "${live[@]}" --v4l2 /dev/video9 --pixel-format mjpg
}

@test "a video device that cannot be one is told before the camera is asked" {
	needs webcam
	local live=("$opencamrc" -r 127.0.0.1:1 liveview --v4l2)
	run_error 2 'no v4l2loopback device' "${live[@]}" /dev/null
	run_error 2 'no v4l2loopback device' "${live[@]}" /etc/passwd
	run_error 2 'Is a directory' "${live[@]}" /tmp
	run_error 3 'No such file' "${live[@]}" /dev/no-such-device
	[ -e /dev/v4l2loopback ] || run_error 3 'modprobe v4l2loopback exclusive_caps=1' "${live[@]}" /dev/video250
	[ -e /dev/v4l2loopback ] || run_error 3 'modprobe v4l2loopback exclusive_caps=1' "${live[@]}" new
}
