#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# contrib/recipes/motion.conf: the real motion films what moves, and nothing while nothing does.

load recipes
load served

setup() {
	needs_program motion
	needs_program socat
}

teardown() {
	end_serving
	stop_all
}

# watch FOLDER: motion there, of what `serve` serves; its configuration but for the port.
watch() {
	mkdir -p "$1"
	sed "s,http://127.0.0.1:8080,$url,; s/^log_level .*/log_level 6/" "$recipes/motion.conf" > "$1/motion.conf"
	grep -q "^netcam_url $url/" "$1/motion.conf"
	(cd "$1" && exec "${as_user[@]}" motion -n -c motion.conf) > "$1/out" 2>&1 3>&- &
	started+=($!)
	motion=$!
}

films() {
	find "$1" -name '*.mkv' -size +20k | wc -l
}

# A film has pictures of what goes on, behind some of what stood still, which have that one's counter; a file that
# still grows has an end that ffmpeg complains of.
has_filmed() {
	local film still
	still=$("$frame_counter" still.jpg)
	for film in "$1"/*.mkv; do
		times_of "$film" 2> /dev/null | cut -f 2 | grep -xE '[0-9]+' |
			awk -v still="$still" '$1 != still { moves = 1 } moves' > counters
		! rising counters 5 || return 0
	done
	return 1
}

@test "what stands still is not filmed, what moves is, also behind an absence of the camera" {
	needs_a_user
	camera
	opencamrc -q liveview --frames 1 > still.jpg
	stop_all
	start_simcam --scene "$PWD/still.jpg"
	export OPENCAMRC_REMOTE=$sim_address
	serve
	watch seen
	# It has seen what is there, and looks for what is not.
	wait_until 40 grep -qs 'Resizing pre_capture buffer to 8 items' seen/motion.log
	opencamrc -q liveview --duration 4s > /dev/null
	same_text 0 "$(films seen)"
	# Somebody walks in front of another camera, which is put where that one was.
	kill "$sim_pid"
	wait "$sim_pid" || true
	start_simcam --listen "$sim_address"
	wait_until 60 has_filmed seen
	kill "$motion"
	wait "$motion"
	# Motion's own picture is one.
	has_filmed seen
	is_jpeg "$(find seen -name '*.jpg' | head -n 1)" 1056x704
}
