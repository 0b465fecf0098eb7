#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What is cut in the middle, by the camera or by the user, ends soon and leaves the camera usable.

load common

setup() {
	isolate
}

teardown() {
	stop_all
}

# shot_within SECONDS [OPTIONS]: a capture that yields a whole picture in that time.
shot_within() {
	rm -f after.jpg
	timeout "$1" "$opencamrc" -r "$sim_address" capture "${@:2}" -o after.jpg
	is_jpeg after.jpg
}

# cut_after SECONDS COMMAND…: kills it, if it still runs by then.
cut_after() {
	timeout -s KILL "$@" > cut.log 2>&1 3>&- || true
}

@test "a camera that hangs in mid-transfer is given up within the time-out" {
	local start words option
	# By the environment; the option stands above it.
	for words in '1 s' '1200 ms'; do
		option=()
		[ "$words" = '1 s' ] || option=(--timeout 1200ms)
		start_simcam --fault hang-after=400000
		# On a busy machine the opening may be over after that time, without the hang.
		until grep -q 'fault: hang' "$sim_log"; do
			start=$SECONDS
			OPENCAMRC_TIMEOUT=1s run_error 5 'capture' \
				"$opencamrc" "${option[@]}" -r "$sim_address" capture -o cut.jpg
		done
		echo "took $((SECONDS - start)) s" >&2
		[ $((SECONDS - start)) -lt 25 ]
		grep "did not answer for $words" stderr
	done
	[ ! -e cut.jpg ]
	shot_within 30
}

@test "a camera that refuses to release five times, for seconds, still shoots" {
	start_simcam --fault busy=5 --debug
	shot_within 30
	# The half press before each refusal is released; the shot itself releases in two steps.
	if [ "$body" = eos1200d ]; then
		[ "$(grep -c 9129 "$sim_log")" -ge 7 ]
	else
		[ "$(grep -cE "ptp: $release_code .*-> 2019" "$sim_log")" -eq 5 ]
	fi
}

@test "after a shot that was cut the next one works at once, and gives its own picture" {
	start_simcam --speed 1
	dial M
	"$opencamrc" -r "$sim_address" config mode=M shutter=2
	cut_after 1 "$opencamrc" -r "$sim_address" capture -o cut.jpg
	"$opencamrc" -r "$sim_address" config mode=M shutter=1/250
	shot_within 60
	[ "$(exiftool -s3 -ExposureTime after.jpg)" = 1/250 ]
}

@test "after a bulb exposure that was cut while open the next shot works at once" {
	needs bulb
	start_simcam --speed 1
	dial M
	[ "$body" != eos1200d ] || "$opencamrc" -r "$sim_address" config shutter=bulb
	cut_after 1.5 "$opencamrc" -r "$sim_address" capture --bulb 20s -o cut.jpg
	shot_within 60 --bulb 0.5s
}

@test "twenty commands killed at any moment leave a camera that shoots" {
	start_simcam
	"$opencamrc" -r "$sim_address" capture --card
	RANDOM=7
	for ((round = 0; round < 20; round++)); do
		printf -v pause '0.%03d' $((RANDOM % 600 + 1))
		if ((round % 2)); then
			cut_after "$pause" "$opencamrc" -r "$sim_address" files get 1 --force
		else
			cut_after "$pause" "$opencamrc" -r "$sim_address" capture -o cut.jpg --force
		fi
	done
	shot_within 30
}

@test "a file that the camera does not delete is told, with the camera's reason" {
	start_simcam --card card
	"$opencamrc" -r "$sim_address" capture --card
	# A folder with something in it, in its place: not even root removes that.
	name=$card_below/$(picture 1)
	rm "card/$name"
	mkdir -p "card/$name/full"
	run_error 1 "cannot delete .*/$name: .*[Pp]rotect" \
		"$opencamrc" -r "$sim_address" files delete 1
	[ -e "card/$name" ]
}
