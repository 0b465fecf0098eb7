#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# contrib/recipes/restream-view: real clients play moving pictures from HLS and RTSP, also while the camera is away.

load recipes
load browser
load served

setup() {
	camera
}

teardown() {
	end_browser
	end_serving
	stop_all
}

pieces() {
	sed -n 's/^#EXT-X-MEDIA-SEQUENCE://p' "$1/live.m3u8" | head -n 1
}

# newest_counter FOLDER: of the last frame in the newest piece that is whole.
newest_counter() {
	times_of "$1/$(grep '\.ts$' "$1/live.m3u8" | tail -n 1)" | tail -n 1 | cut -f 2
}

is_newer() {
	local counter
	counter=$(newest_counter "$1") && [ "$counter" -gt "$2" ]
}

@test "HLS: a client plays it in time, old pieces go, and a camera that is away is no end" {
	mkdir 'out %d'
	in_background stream restream-view hls 'out %d'
	wait_until 40 grep -qs 'live-.*ts' 'out %d/live.m3u8'
	ln -s 'out %d' served
	serve --hls "$PWD/served"
	timeout 300 ffmpeg -v error -i "$url/live.m3u8" -frames:v 60 -c copy client.mkv
	times_of client.mkv > times
	[ "$(wc -l < times)" -ge 20 ]
	in_time times again
	same_text h264,yuv420p "$(ffprobe -v error -show_entries stream=codec_name,pix_fmt -of csv=p=0 client.mkv)"
	first=$(pieces 'out %d')
	hand off
	wait_until 20 eval '! opencamrc -q liveview --frames 1 > /dev/null 2>&1'
	# It goes on without the camera, and takes the oldest piece away meanwhile.
	wait_until 40 eval '[ "$(pieces "out %d")" -gt "$first" ]'
	last=$(newest_counter 'out %d')
	hand on
	wait_until 40 is_newer 'out %d' "$last"
	[ "$(find 'out %d' -name 'live-*.ts' | wc -l)" -le 9 ]
	kill "$background_pid"
	background_status
	same_text 143 "$status"
	grep -qx '#EXT-X-ENDLIST' 'out %d/live.m3u8'
}

@test "HLS: a browser plays it" {
	needs_program curl
	needs_program socat
	start_browser
	mkdir out
	in_background stream restream-view hls out
	wait_until 40 grep -qs 'live-.*ts' out/live.m3u8
	serve --hls "$PWD/out"
	visit "$url/hls"
	wait_until 30 eval 'counter_shown > first'
	wait_until 30 eval 'counter_shown > second && [ "$(cat second)" -gt "$(cat first)" ]'
}

# What a busy machine loses of UDP is no frame: it may be all of a record. The counters of five and more are in the
# file counters.
recorded_of_rtsp() {
	timeout 60 ffmpeg -v error -y -i "$1" -t 3 -c copy client.mkv &&
		times_of client.mkv 2> lost | cut -f 2 | grep -xE '[0-9]+' > counters &&
		[ "$(wc -l < counters)" -ge 5 ]
}

@test "RTSP: a client plays it, on loopback alone, and it ends when it is told to" {
	needs_program cvlc
	needs_a_user
	port=$(free_port)
	in_background stream "${as_user[@]}" restream-view rtsp "$port"
	wait_until 40 eval ": < /dev/tcp/127.0.0.1/$port" 2> /dev/null
	same_text "127.0.0.1:$port" "$(ss -Hltn "sport = :$port" | awk '{ print $4 }')"
	# vlc listens before it knows what there is to be played.
	wait_until 60 recorded_of_rtsp "rtsp://127.0.0.1:$port/live"
	rising counters 5
	run_error 1 "something else listens on 127.0.0.1:$port" "${as_user[@]}" restream-view rtsp "$port"
	kill "$background_pid"
	background_status
	same_text 143 "$status"
	same_text '' "$(ss -Hltn "sport = :$port")"
}

# How many frames are in the pieces that are newer than the file slowed.
frames_since() {
	find out -name 'live-*.ts' -newer slowed -exec cat {} + |
		ffprobe -v error -count_packets -show_entries stream=nb_read_packets -of csv=p=0 - | grep -m 1 . || echo 0
}

# For some seconds: stopped for two thirds of the time, it is a processor of a third.
slow_encoder() {
	local _
	for _ in {1..25}; do
		kill -STOP "$encoder"
		sleep 0.1
		kill -CONT "$encoder"
		sleep 0.05
	done
}

@test "an encoder that is too slow loses frames, not time" {
	mkdir out
	in_background stream restream-view --fps 30 hls out
	wait_until 40 grep -qs 'live-.*ts' out/live.m3u8
	encoder=$(pgrep -P "$background_pid" -x ffmpeg)
	touch slowed
	wait_until 60 eval 'slow_encoder; [ "$(frames_since)" -ge 20 ]'
	kill "$background_pid"
	background_status
	same_text 143 "$status"
	cat out/live-*.ts > all.ts
	# The first ones are from before it was stopped.
	times_of all.ts | tail -n +4 > times
	[ "$(wc -l < times)" -ge 20 ]
	in_time times again
}

@test "wrong words are told in a line, and write nothing" {
	run_error 2 'say hls and a folder' restream-view
	run_error 2 'neither hls nor rtsp' restream-view dash out
	run_error 2 'x is no port' restream-view rtsp x
	run_error 2 '--fps 0: frames a second' restream-view --fps 0 hls .
	run_error 2 '--bitrate 2M: kbit/s' restream-view --bitrate 2M hls .
	run_error 2 'needs a value' restream-view --fps
	run_error 1 'nowhere is no folder' restream-view hls nowhere
	mkdir out
	run_error 3 'nothing listens there' restream-view -r 127.0.0.1:1 hls out
	same_text '' "$(ls out)"
	restream-view --help > help
	grep -q '^Usage: restream-view ' help
}
