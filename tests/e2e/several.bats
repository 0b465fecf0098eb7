#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Several cameras: -r again and again, --all; released together, told apart by their names.

load common

setup() {
	isolate
	addresses=() pids=() logs=()
}

teardown() {
	stop_all
}

# cameras COUNT [OPTION…]: addresses and pids; the aliases cam1, cam2… in the configuration.
cameras() {
	local i
	mkdir -p "$XDG_CONFIG_HOME/opencamrc"
	for ((i = 1; i <= $1; i++)); do
		start_simcam --log-releases "${@:2}"
		addresses+=("$sim_address") pids+=("$sim_pid") logs+=("$sim_log")
		printf '[remote cam%s]\naddress = %s\n' "$i" "$sim_address"
	done > config
	cp config "$XDG_CONFIG_HOME/opencamrc/config"
}

# releases LOG: when, in nanoseconds, one a line.
releases() {
	sed -n 's/.*shutter released at \([0-9]*\) ns.*/\1/p' "$1"
}

shots() {
	releases "$1" | wc -l
}

# Each shot is in every camera's log, and all have released it before any releases the next. How far apart they
# are is up to the machine as well: that bound is wide.
together() {
	local log
	for log in "$@"; do
		releases "$log" | sed = | paste - -
	done | sort -n | awk -v count=$# '
		{ n[$1]++; if (!($1 in first) || $2 < first[$1]) first[$1] = $2; if ($2 > last[$1]) last[$1] = $2 }
		END { for (shot in n) {
				if (n[shot] != count || last[shot] - first[shot] > 10e9) exit 1
				if (shot + 1 in n && last[shot] >= first[shot + 1]) exit 1
			}
			exit length(n) == 0 }'
}

# The body of cam2 stands on bulb, where it must be set to it.
bulb_of_cam2() {
	[ "$body" != eos1200d ] || "$opencamrc" -r cam2 config mode=M shutter=bulb > /dev/null
}

two=(-r cam1 -r cam2)

@test "two cameras take their pictures at the same moment, and the skew is printed" {
	cameras 2
	"$opencamrc" "${two[@]}" capture --timing -n 2 -o '%N-%n.jpg' > out 2> err
	cat err
	together "${logs[@]}"
	! grep -E 'without it|released after the others' err || return 1
	same_text 2 "$(shots "${logs[0]}")"
	same_text "$(printf 'cam1: cam1-1.jpg\ncam1: cam1-2.jpg\ncam2: cam2-1.jpg\ncam2: cam2-2.jpg')" \
		"$(sort out)"
	is_jpeg cam1-1.jpg && is_jpeg cam2-2.jpg
	same_text 2 "$(grep -cE '^opencamrc: capture: shot [12]: released [0-9.]+ ms apart, planned for [0-9.]+ s, cam1 \+[0-9.]+ ms, cam2 \+[0-9.]+ ms$' err)"
}

@test "the skew in JSON is what the cameras saw" {
	cameras 2
	"$opencamrc" "${two[@]}" capture --timing --json -o '%N.jpg' > out
	jq -es '[.[] | select(.path)] | sort_by(.camera) |
		map("\(.camera) \(.path)") == ["cam1 cam1.jpg", "cam2 cam2.jpg"]' out
	jq -es '[.[] | select(.releases)] | length == 1 and (.[0] |
		.shot == 1 and ([.releases[].camera] == ["cam1", "cam2"]) and
		all(.releases[]; .released_ns >= .after_ms and .after_ms >= 0) and
		([.releases[].released_ns] | (max - min) / 1e6 - 0.002) <= .skew_ms)' out
	# What each camera saw is when its command came there: not before the moment that was planned, and before the
	# answer to what is told of. Milliseconds are told to the third place.
	local i planned told answered
	planned=$(jq 'select(.releases).planned_ns' out)
	for i in 0 1; do
		told=$(jq "select(.releases).releases[$i].released_ns" out)
		answered=$(jq "select(.camera == \"cam$((i + 1))\" and .answered_ms and .released_ns == $told) |
			.released_ns + (.answered_ms - .released_ms) * 1e6" out)
		awk -v planned="$planned" -v answered="$answered" -v seen="$(releases "${logs[$i]}")" \
			'BEGIN { exit !(0 < planned && planned <= seen && seen <= answered + 2000) }'
	done
}

@test "eight cameras, a bracket each: every shot is taken by all at once" {
	cameras 8
	local remotes=() i
	for i in 1 2 3 4 5 6 7 8; do
		remotes+=(-r "cam$i")
	done
	"$opencamrc" --timeout "$((30 * ${PATIENCE:-1}))s" "${remotes[@]}" capture --bracket iso=100,400 \
		-o '%N-%n.jpg' > out 2> err
	together "${logs[@]}"
	same_text 16 "$(wc -l < out)"
	for i in 1 8; do
		same_text 100 "$(exiftool -s3 -ISO "cam$i-1.jpg")"
		same_text 400 "$(exiftool -s3 -ISO "cam$i-2.jpg")"
	done
	"$opencamrc" "${remotes[@]}" config get iso > out
	same_text 8 "$(grep -c ": $first_iso\$" out)"
}

@test "pictures of one name get numbers, and none is lost" {
	cameras 4
	"$opencamrc" -r cam1 -r cam2 -r cam3 -r cam4 capture -n 3 > out
	same_text 12 "$(sed 's/.*: //' out | sort -u | wc -l)"
	local name names
	mapfile -t names < <(sed 's/.*: //' out)
	for name in "${names[@]}"; do
		is_jpeg "$name"
	done
	mkdir folder
	"$opencamrc" "${two[@]}" capture --keep -o folder > out
	same_text 2 "$(find folder -type f | wc -l)"
}

@test "--all takes those that list shows" {
	cameras 2
	unset OPENCAMRC_REMOTE
	printf 'remote = cam1\nremote = cam2\n' | cat - config > "$XDG_CONFIG_HOME/opencamrc/config"
	"$opencamrc" --all config get iso > out
	same_text "$(printf "cam%s: $first_iso\n" 1 2)" "$(sort out)"
	# One that does not answer is named.
	printf 'remote = cam1\nremote = 127.0.0.1:1\n' | cat - config > "$XDG_CONFIG_HOME/opencamrc/config"
	local status=0
	"$opencamrc" --all config get iso > out 2> err || status=$?
	same_text 6 "$status"
	same_text "cam1: $first_iso" "$(cat out)"
	grep -q '127.0.0.1:1' err
}

@test "--all of a machine that does not answer and one without a camera ends, and says so" {
	start_simcam --cameras 0
	run_error 3 '127.0.0.1:1.* nothing listens' \
		timeout 30 "$opencamrc" -r 127.0.0.1:1 -r "$sim_address" --all config get iso
	run_error 3 'nothing listens' \
		timeout 30 "$opencamrc" -r "$sim_address" -r 127.0.0.1:1 --all config get iso
}

@test "settings, information and files of each" {
	cameras 2
	"$opencamrc" config -r cam1 iso=800 -rcam2 > out
	"$opencamrc" "${two[@]}" config get iso --json > out
	same_text 'cam1 800,cam2 800' "$(jq -r '"\(.camera) \(.value)"' out | sort | paste -sd,)"
	"$opencamrc" "${two[@]}" info --json > out
	same_text '["camera","model"]' "$(head -n 1 out | jq -c 'keys_unsorted[:2]')"
	"$opencamrc" "${two[@]}" capture --card > /dev/null
	"$opencamrc" "${two[@]}" files get --all -o '%N/' > out
	is_jpeg "cam1/$(ls cam1)" && is_jpeg "cam2/$(ls cam2)"
}

@test "the debug log has the lines of each" {
	cameras 2
	echo 'what was there' > log
	"$opencamrc" "${two[@]}" config get iso --debug-logfile log > out
	same_text 2 "$(grep -c 'Opening session' log)"
	! grep 'what was there' log || return 1
}

@test "a difference to a profile has its camera's name, and what the camera has" {
	cameras 2
	"$opencamrc" -r cam1 config iso=1600
	echo 'iso=800' > profile
	local status=0
	"$opencamrc" "${two[@]}" config diff profile --json > out || status=$?
	same_text 1 "$status"
	same_text 'cam1 1600 800,cam2 '"$first_iso"' 800' \
		"$(jq -r '"\(.camera) \(.value) \(.file)"' out | sort | paste -sd,)"
}

@test "what cannot be told apart is refused, in one line" {
	cameras 2
	run_error 2 "several cameras' files do not fit x.jpg .*%N" \
		"$opencamrc" "${two[@]}" capture -o x.jpg
	run_error 2 'takes the pictures of one camera' "$opencamrc" "${two[@]}" capture -o -
	run_error 2 "%N is the camera's name" "$opencamrc" "${two[@]}" files get --all
	run_error 2 'it takes one camera' "$opencamrc" "${two[@]}" liveview
	run_error 2 'it takes one camera' "$opencamrc" --all list
	run_error 2 "cam1 and ${addresses[0]} are one camera" \
		"$opencamrc" -r cam1 -r "${addresses[0]}" info
	run_error 2 'several cameras need a file' "$opencamrc" "${two[@]}" config load -
	run_error 2 'bad file name pattern' "$opencamrc" "${two[@]}" capture -o '%N-%Q'
	same_text 0 "$(shots "${logs[0]}")"
}

@test "one camera by two names is refused as if it were the same name" {
	cameras 2
	local at=${addresses[0]} name names=("${addresses[0]}/1-1" "localhost:${addresses[0]##*:}")
	"$opencamrc" -r cam1 -q capture --card
	"$opencamrc" -r cam1 -q capture --card
	"$opencamrc" -r cam1 -q capture --card
	# Each that is opened first may be the one that has it, and the quick ones may be done by then.
	for name in "${names[@]}"; do
		run_error 2 "^opencamrc: info: cam1 and $name are one camera \\(" \
			"$opencamrc" -r cam1 -r "$name" info
		run_error 2 "^opencamrc: capture: $name and $at are one camera \\(" \
			"$opencamrc" -r "$name" -r cam2 -r "$at" capture -o '%N.jpg'
	done
	# The second one's first file would be another one.
	run_error 2 'are one camera' "$opencamrc" -r "$at" -r "${names[0]}" files delete 1
	[ "$("$opencamrc" -r cam1 files --json | wc -l)" -ge 2 ]
	# Where it is held already.
	"$opencamrc" -q -r cam1 open
	run_error 2 "cam1 and ${names[1]} are one camera" "$opencamrc" -r cam1 -r "${names[1]}" config get iso
	run_error 2 "cam1 and ${names[0]} are one camera" "$opencamrc" -r cam1 -r "${names[0]}" capture -o '%N.jpg'
	# One after the other they are as many cameras as names.
	"$opencamrc" -r "${names[0]}" config get iso
	"$opencamrc" -q -r cam1 close
	same_text 3 "$(shots "${logs[0]}")"
	same_text 0 "$(shots "${logs[1]}")"
}

@test "one that another machine uses does not keep the others, and is named" {
	cameras 3
	hold_camera "${addresses[1]}"
	local status=0
	"$opencamrc" -r cam1 -r cam2 -r cam3 capture -o '%N.jpg' > out 2> err || status=$?
	cat err
	same_text 6 "$status"
	same_text 1 "$(wc -l < err)"
	grep -q '^cam2: opencamrc: capture: .*in use' err
	is_jpeg cam1.jpg && is_jpeg cam3.jpg
	[ ! -e cam2.jpg ]
	together "${logs[0]}" "${logs[2]}"
}

@test "if all fail alike the status is theirs" {
	cameras 2
	run_error 3 'nothing listens' "$opencamrc" -r 127.0.0.1:1 info
	local status=0
	"$opencamrc" -r 127.0.0.1:1 -r 127.0.0.1:2 info 2> err || status=$?
	same_text 3 "$status"
	same_text 2 "$(wc -l < err)"
	status=0
	"$opencamrc" "${two[@]}" config get nothing 2> err || status=$?
	[ "$status" -ne 0 ] && [ "$status" -ne 6 ]
}

@test "one that hangs is waited for no longer than twice the timeout" {
	cameras 2
	# It stalls when it is asked for the picture's release, or earlier.
	start_slow_link "${addresses[1]}" --stall-after "$opening_bytes"
	local begin status=0
	begin=$(date +%s%N)
	"$opencamrc" --timeout 10s -r cam1 -r "$link_address" capture --timing -o '%N.jpg' > out 2> err &
	local pid=$!
	started+=("$pid")
	wait_until 60 test -s cam1.jpg
	wait "$pid" || status=$?
	cat err
	same_text 6 "$status"
	is_jpeg cam1.jpg
	same_text 0 "$(shots "${logs[1]}")"
	grep -q "^$link_address: opencamrc: capture: " err
}

@test "one that is not ready is left behind after a while, and is told" {
	needs bulb
	cameras 2
	bulb_of_cam2
	in_background bulb "$opencamrc" -r cam2 capture --bulb 60s -o bulb.jpg
	local bulb=$background_pid
	released() { [ "$(shots "${logs[1]}")" -gt 0 ]; }
	wait_until 60 released
	in_background both "$opencamrc" --timeout 4s "${two[@]}" capture --timing --set mode=M \
		--set shutter=1/60 -o '%N.jpg'
	wait_until 60 grep -q 'take shot 1 without it' both.err
	wait_until 60 test -s cam1.jpg
	kill -INT "$bulb"
	background_status
	cat both.err
	same_text 6 "$status"
	grep -qx 'cam2: opencamrc: capture: not ready within 8 s: the others take shot 1 without it' both.err
	grep -qx 'cam2: opencamrc: capture: shot 1 is released after the others' both.err
	[ "$(releases "${logs[0]}")" -lt "$(releases "${logs[1]}" | tail -n 1)" ]
	is_jpeg cam1.jpg && is_jpeg cam2.jpg
	background_pid=$bulb
	background_status
	same_text 130 "$status"
}

@test "one that vanishes between two shots: the others go on" {
	cameras 2
	in_background series "$opencamrc" "${two[@]}" capture -n 6 --interval 1200ms -o '%N-%n.jpg'
	wait_until 60 test -s cam2-1.jpg
	kill -KILL "${pids[1]}"
	background_status
	cat series.err
	same_text 6 "$status"
	is_jpeg cam1-6.jpg
	grep -q '^cam2: opencamrc: capture: ' series.err
	same_text 6 "$(shots "${logs[0]}")"
}

@test "Control-C while one waits for the others: no shutter is released" {
	needs bulb
	cameras 2
	bulb_of_cam2
	in_background bulb "$opencamrc" -r cam2 capture --bulb 60s -o bulb.jpg
	local bulb=$background_pid
	released() { [ "$(shots "${logs[1]}")" -gt 0 ]; }
	wait_until 60 released
	in_background both "$opencamrc" --debug --timeout "$((30 * ${PATIENCE:-1}))s" "${two[@]}" capture -o '%N.jpg'
	# The last that cam1 hears before it waits: it shall press its button half.
	wait_until 60 grep -q "cam1: .*$before_release" both.err
	kill -INT "$background_pid"
	background_status
	same_text 130 "$status"
	same_text 0 "$(shots "${logs[0]}")"
	same_text '' "$(cat both.out)"
	# It exposes still, until its own.
	background_pid=$bulb
	! ended || return 1
	kill -INT "$bulb"
	background_status
	same_text 130 "$status"
	same_text 1 "$(shots "${logs[1]}")"
	# Its button is not held down.
	"$opencamrc" -r cam1 capture -o after.jpg > out
	is_jpeg after.jpg
}

@test "Control-C ends all, and leaves all clean" {
	cameras 2
	in_background series "$opencamrc" "${two[@]}" capture -n 1000 --interval 300ms -o '%N-%n.jpg'
	wait_until 60 test -s cam2-1.jpg
	kill -INT "$background_pid"
	background_status
	same_text 130 "$status"
	"$opencamrc" "${two[@]}" config get iso > out
	same_text 2 "$(grep -c ": $first_iso\$" out)"
	[ -z "$(find . -name '.*.jpg.*')" ]
}

@test "a live view of one of them goes on" {
	cameras 2
	needs liveview
	"$opencamrc" -r cam1 liveview > view.mjpg 2> view.err 3>&- &
	local view=$! status=0 frames
	started+=("$view")
	wait_until 30 test -s view.mjpg
	"$opencamrc" "${two[@]}" capture -n 2 -o '%N-%n.jpg' > out
	same_text 4 "$(wc -l < out)"
	frames=$(stat -c %s view.mjpg)
	wait_until 30 [ "$(stat -c %s view.mjpg)" -gt 0 ]
	more() { [ "$(stat -c %s view.mjpg)" -gt "$frames" ]; }
	wait_until 30 more
	kill -INT "$view"
	wait "$view" || status=$?
	[ "$status" -eq 130 ] || [ "$status" -eq 0 ]
	is_jpeg cam1-2.jpg
}

@test "the shell takes several cameras on a line" {
	cameras 2
	printf '%s\n' 'config get iso -r cam1 -r cam2' 'exit' | "$opencamrc" shell > out
	same_text "$(printf "cam1: $first_iso\\ncam2: $first_iso")" "$(sort out)"
}
