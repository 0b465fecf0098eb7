#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What contrib/recipes/README has for mpv and vlc: frames move, are not old, and the player ends with the view.

load recipes
load served

teardown() {
	# ffmpeg that waits for a server heeds the second signal only.
	[ -z "${source:-}" ] || kill -KILL "$source" 2> /dev/null || true
	end_serving
	stop_all
}

# line_for PLAYER: the rest of the README's line, which stands there as it is run here.
line_for() {
	sed -nE "s/^    opencamrc -r router liveview \| $1 (.*) -\$/\1/p" "$recipes/README" | head -n 1
}

# play COMMAND…: what it shows goes to shown/, a picture a frame, while another view notes down the time of each. It
# ends with the view, which gets a Ctrl-C.
play() {
	local noting view player
	mkdir -m 777 shown
	mkfifo pipe
	opencamrc -q liveview --mpjpeg --recover 0 > noted 3>&- &
	noting=$!
	started+=("$noting")
	wait_until 20 test -s noted
	opencamrc -q liveview --scale 1/2 > pipe 2> view.err 3>&- &
	view=$!
	"$@" < pipe > player.log 2>&1 3>&- &
	player=$!
	started+=("$view" "$player")
	wait_until 60 shown 30
	kill -INT "$view"
	status=0
	wait "$view" || status=$?
	same_text 130 "$status"
	wait "$player"
	kill "$noting"
	ffmpeg -v quiet -f mpjpeg -i noted -c copy -f mjpeg noted.mjpeg || true
	"$frame_counter" noted.mjpeg | paste - <(sed -nE 's/^X-Timestamp: ([0-9.]+)\r$/\1/p' noted) > came
	find shown -type f -printf '%T@ %p\n' | sort -n > files
	paste <(cut -d ' ' -f 2 files | xargs "$frame_counter") <(cut -d ' ' -f 1 files) > shown.times
	cut -f 1 shown.times > counters
	rising counters 5
}

# shown NUMBER: of frames.
shown() {
	[ "$(find shown -type f | wc -l)" -ge "$1" ]
}

# Sets age: how many milliseconds after it had come the quickest tenth of the frames was shown. That a busy machine is
# slow is no delay of the player's.
measure_age() {
	awk 'NR == FNR { at[$1] = $2; next } $1 in at { printf "%.0f\n", ($2 - at[$1]) * 1000 }' came shown.times |
		sort -n > ages
	age=$(sed -n "$(($(wc -l < ages) / 10 + 1))p" ages)
	echo "# figure: $BATS_TEST_DESCRIPTION: $age ms old, the picture file included" >&3
}

@test "mpv shows frames that move and are not old, and ends with the live view" {
	needs_program mpv
	camera
	options=$(line_for mpv)
	[ -n "$options" ]
	# shellcheck disable=SC2086 # words
	play mpv --no-config $options --vo=image --vo-image-format=jpg --vo-image-outdir=shown -
	measure_age
	[ "$age" -lt 800 ]
}

@test "vlc shows frames that move and are not old, and ends with the live view" {
	needs_program vlc
	needs_a_user
	camera
	options=$(line_for vlc)
	[ -n "$options" ]
	# shellcheck disable=SC2086 # words
	play "${as_user[@]}" vlc -I dummy --no-audio --vout dummy --video-filter scene --scene-format jpg --scene-ratio 1 \
		--scene-path shown $options - vlc://quit
	# No bound: where vlc is too slow it shows all frames, late.
	measure_age
}

last_played() {
	"$frame_counter" newest.jpg 2> /dev/null | grep -xE '[0-9]+'
}

@test "ffmpeg, which is OBS's Media Source, plays the live view by HTTP while the camera goes and comes" {
	needs_program socat
	camera
	serve
	ffmpeg -v error -f mjpeg -i "$url/live.mjpeg" -c copy -f image2 -update 1 -atomic_writing 1 newest.jpg 2> source.err 3>&- &
	source=$!
	started+=("$source")
	wait_until 20 eval '[ -n "$(last_played)" ]'
	hand off
	wait_until 20 eval '! opencamrc -q liveview --frames 1 > /dev/null 2>&1'
	before=$(last_played)
	hand on
	wait_until 30 eval '[ "$(last_played)" -gt $((before + 5)) ]'
}
