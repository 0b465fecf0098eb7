#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# capture: brackets, focus stacks, what is put back after them, and when each shot was released.

load common

setup() {
	isolate
	start_simcam --card "$BATS_TEST_TMPDIR/card" --log-releases
	export OPENCAMRC_REMOTE=$sim_address
}

teardown() {
	stop_all
}

# exif TAG FILE…: the tag of each, in one line.
exif() {
	exiftool -q -s3 "-$1" "${@:2}" | grep -v '^===' | tr '\n' ' ' | sed 's/ $//'
}

# value NAME: what the setting is.
value() {
	"$opencamrc" config get "$1" | sed 's/^[^=]*=//'
}

# M, 1/60, ISO 400.
by_hand() {
	dial M
	"$opencamrc" config mode=M shutter=1/60 iso=400 > /dev/null
}

# Live view is over, and the body shows its own picture again.
is_off() {
	case $body in
	eos1200d) same_text Off "$(value output)" ;;
	d750) same_text '0 Card' "$(value viewfinder) $(value recordingmedia)" ;;
	esac
}

# shots: how often the shutter was released.
shots() {
	grep -c 'shutter released' "$sim_log" || true
}

# places: where the lens was at each shot, in one line.
places() {
	sed -n 's/.*shutter released.*focus at //p' "$sim_log" | tr '\n' ' ' | sed 's/ $//'
}

# Where the lens is.
place() {
	sed -n 's/.*focus at //p' "$sim_log" | tail -n 1
}

@test "in M a bracket takes shutter speeds, in thirds of a stop, and puts back what was set" {
	needs thirds
	by_hand
	"$opencamrc" capture --bracket -2,0,+2/3 -o '%n.jpg' > names
	same_text '1.jpg 2.jpg 3.jpg' "$(tr '\n' ' ' < names | sed 's/ $//')"
	same_text '1/250 1/60 1/40' "$(exif ExposureTime 1.jpg 2.jpg 3.jpg)"
	same_text "$(shutter 1/60)" "$(value shutter)"
}

@test "where the body meters a bracket takes exposure compensations" {
	"$opencamrc" config "ev=$third_ev" > /dev/null
	[ "$body" = eos1200d ] || dial A
	"$opencamrc" capture --bracket 3x1 -o '%n.jpg' > names
	# The darker the compensation, the shorter the time that the body takes, in Av.
	same_text '-0.67 +0.33 +1.33' "$(exif ExifIFD:ExposureCompensation 1.jpg 2.jpg 3.jpg |
		sed 's|-2/3|-0.67|; s|+1/3|+0.33|; s|+4/3|+1.33|')"
	exiftool -q -s3 -n -ExposureTime 1.jpg 2.jpg 3.jpg | grep -v === |
		awk 'NR > 1 && !($1 > last * 1.7 && $1 < last * 2.3) { exit 1 } { last = $1 }'
	same_text "$third_ev" "$(value ev)"
}

@test "any setting can be bracketed; each object of JSON names the value" {
	"$opencamrc" capture --bracket iso=100,1600 -n 2 --json -o '%n.jpg' > out
	same_text '100 1600 100 1600' "$(exif ISO 1.jpg 2.jpg 3.jpg 4.jpg)"
	same_text '1 iso 100,2 iso 1600,3 iso 100,4 iso 1600' \
		"$(jq -r '"\(.shot) \(.setting) \(.value)"' out | paste -sd,)"
	every '.stops == null' out
	same_text "$first_iso" "$(value iso)"
}

@test "what cannot be had is said before the first shot, all of it" {
	needs thirds
	by_hand
	run_error 1 'cannot bracket shutterspeed2? from 1/60: there is no -7, \+12 .*1/4000 to 30' \
		"$opencamrc" capture --bracket -7,0,+12 -o '%n.jpg'
	run_error 1 '0.5 stops is not a whole number of its steps, 1/3 stop' \
		"$opencamrc" capture --bracket 0,0.5 -o '%n.jpg'
	run_error 2 "does not take '403'" "$opencamrc" capture --bracket iso=100,403 -o '%n.jpg'
	run_error 2 'is no bracket' "$opencamrc" capture --bracket 3x -o '%n.jpg'
	run_error 2 'taken once' "$opencamrc" capture --bracket 3x1 --bracket iso=100
	run_error 2 '3 pictures do not fit into one file' \
		"$opencamrc" capture --bracket 3x1 -o one.jpg
	same_text 0 "$(shots)"
	same_text "$(shutter 1/60)" "$(value shutter)"
	same_text 400 "$(value iso)"
}

@test "a signal in the middle of a bracket: what was set is put back" {
	by_hand
	"$opencamrc" capture --bracket -3,+3 -n 1000 -o '%n.jpg' > out 2>&1 3>&- &
	local pid=$! status=0
	started+=("$pid")
	wait_until 60 test -s 1.jpg
	kill -INT "$pid"
	wait "$pid" || status=$?
	same_text 130 "$status"
	[ "$(shots)" -lt 1000 ]
	same_text "$(shutter 1/60)" "$(value shutter)"
}

@test "a shot that fails in the middle: what was set is put back" {
	start_simcam --card-size "$few" --log-releases
	export OPENCAMRC_REMOTE=$sim_address
	by_hand
	local status=0
	"$opencamrc" capture --card --bracket -1,+1 -n 1000 > out 2> err || status=$?
	cat err
	same_text 6 "$status"
	grep -q 'ended at shot' err
	[ "$(shots)" -ge 1 ]
	same_text "$(shutter 1/60)" "$(value shutter)"
}

@test "a file that cannot be written in the middle: what was set is put back" {
	by_hand
	mkdir taken
	echo mine > taken/2.jpg
	local status=0
	"$opencamrc" capture --keep --bracket -1,0,+1 -o 'taken/%n.jpg' > out 2> err || status=$?
	same_text 6 "$status"
	same_text mine "$(cat taken/2.jpg)"
	same_text "$(shutter 1/60)" "$(value shutter)"
}

@test "a link that is lost in the middle: over a new one what was set is put back" {
	by_hand
	# The first picture is through, the second is not.
	start_slow_link "$sim_address" --cut-after 5000000
	local status=0
	OPENCAMRC_TIMEOUT=10s "$opencamrc" -r "$link_address" capture --bracket iso=100,1600 -n 1000 \
		-o '%n.jpg' > out 2> err || status=$?
	cat err
	same_text 5 "$status"
	same_text 400 "$(value iso)"
}

@test "a camera that is gone: what could not be put back is said" {
	start_simcam --fault unplug-after=6000000
	export OPENCAMRC_REMOTE=$sim_address
	local status=0
	OPENCAMRC_TIMEOUT=10s "$opencamrc" capture --bracket iso=100,1600 -n 1000 -o '%n.jpg' \
		> out 2> err || status=$?
	cat err
	[ "$status" -ne 0 ]
	grep -q "iso is not put back: it was $first_iso" err
}

@test "restore puts back what set changed, and a value that is refused changes nothing" {
	"$opencamrc" capture --set mode=M --set shutter=1/500 --set iso=1600 \
		--restore -o shot.jpg > out
	same_text '1/500 1600' "$(exif ExposureTime shot.jpg) $(exif ISO shot.jpg)"
	same_text "$first_mode $first_iso" "$(value mode) $(value iso)"
	local before
	before=$(value whitebalance)
	run_error 2 "does not take '401'" \
		"$opencamrc" capture --set whitebalance=Daylight --set iso=401 --restore \
		-o no.jpg
	same_text "$before" "$(value whitebalance)"
	run_error 2 'restore puts back what --set changes' "$opencamrc" capture --restore
}

@test "a stack moves the lens between the shots, and back; the pictures differ in sharpness" {
	needs lens
	"$opencamrc" capture --stack 3 --step -2 --step-size 3 --json -o '%n.jpg' > out
	same_text "0 -$((2 * large_step)) -$((4 * large_step))" "$(places)"
	same_text 0 "$(place)"
	same_text '0 -2 -4' "$(jq -r .focus out | paste -sd' ')"
	# What is blurred is smaller.
	[ "$(stat -c %s 1.jpg)" -gt $(($(stat -c %s 2.jpg) * 11 / 10)) ]
	[ "$(stat -c %s 2.jpg)" -gt "$(stat -c %s 3.jpg)" ]
	is_jpeg 3.jpg "$large"
	# Live view was on for the lens alone.
	is_off
}

@test "a bracket at each place of a stack, twice" {
	needs lens
	by_hand
	"$opencamrc" capture -n 2 --stack 2 --step 8 --bracket -1,+1 --card --json > out
	same_text '0 0 8 8 0 0 8 8' "$(places)"
	same_text '1/125 1/30 1/125 1/30 1/125 1/30 1/125 1/30' "$(jq -r .value out | paste -sd' ')"
	every '.path == null and .kept' out
	same_text 0 "$(place)"
	same_text "$(shutter 1/60)" "$(value shutter)"
}

@test "a signal in the middle of a stack: the lens is moved back" {
	needs lens
	"$opencamrc" capture --stack 1000 --step 1 --step-size 2 -o '%n.jpg' > out 2>&1 3>&- &
	local pid=$! status=0
	started+=("$pid")
	wait_until 60 test -s 2.jpg
	kill -INT "$pid"
	wait "$pid" || status=$?
	same_text 130 "$status"
	same_text 0 "$(place)"
	is_off
}

@test "a camera that is busy around a shot of a stack has released once, and its picture comes" {
	needs lens
	local at kind
	for kind in '-o %n.jpg' '--card'; do
		# shellcheck disable=SC2086
		release_at first capture --set "$tiny_set" --stack 2 --step 1 $kind
		# shellcheck disable=SC2086
		busy_from $((at - $(size 1 4))) $((at + $(size 5 12))) capture --set "$tiny_set" --stack 2 --step 1 $kind
		busy_shots 2
	done
}

@test "a camera that is busy around a shot of a bracket has released once, and its picture comes" {
	local at after
	after=$(size 4 12)
	# What a plain camera refuses to tell of its new picture the driver never asks again.
	[ "$body" != plain ] || after=0
	by_hand
	release_at first capture --set "$tiny_set" --bracket iso=100,200 -o %n.jpg
	busy_from $((at - 1)) $((at + after)) capture --set "$tiny_set" --bracket iso=100,200 -o %n.jpg
	busy_shots 2
}

@test "stack and step belong together, and nothing focuses in between" {
	run_error 2 'needs --step' "$opencamrc" capture --stack 3
	run_error 2 'needs --step' "$opencamrc" capture --stack 3 --step 0
	run_error 2 'needs --stack' "$opencamrc" capture --step 3
	run_error 2 'would undo the focus' "$opencamrc" capture --stack 3 --step 1 --half-press
	run_error 2 'does not wait' "$opencamrc" capture --stack 3 --step 1 --trigger
	same_text 0 "$(shots)"
}

@test "timing: the release is where the camera saw it, in order with the rest" {
	"$opencamrc" capture -n 3 --timing --json -o '%n.jpg' > out
	jq -c 'select(has("asked_ms"))' out > times
	same_text 3 "$(wc -l < times)"
	every '.asked_ms <= .focused_ms and .focused_ms <= .released_ms
		and .released_ms <= .answered_ms and .answered_ms <= .known_ms
		and .known_ms <= .fetched_ms' times
	sed -n 's/.*shutter released at \([0-9]*\) ns.*/\1/p' "$sim_log" > seen
	# Both clocks are one: it is released after it was in focus and before the answer has come
	# and been looked at, which a busy machine may do late.
	jq -r '[.released_ns, .released_ms - .focused_ms, .known_ms - .released_ms] | @tsv' times |
		paste seen - |
		awk '{ off = ($1 - $2) / 1e6; if (off < -$3 - 1 || off > $4) exit 1; n++ }
			END { exit n != 3 }'
	"$opencamrc" capture --timing --trigger > out 2> err
	[ ! -s out ]
	grep -q 'shot 1: asked [0-9.]* ms, focused [0-9.]* ms, released [0-9.]* ms, answered [0-9.]* ms$' err
}

@test "timing costs no transaction" {
	# How often events are asked for depends on how long the body takes; what is read anew, too.
	local kind often='0x9116\|0x911d\|0x90c7\|0x90c8\|0x1014\|0x1015'
	# A plain camera may tell of a file once more.
	[ "$body" != plain ] || often+='\|0x1008'
	for kind in '' --timing; do
		# shellcheck disable=SC2086
		"$opencamrc" --debug capture $kind --set iso=100 -o "x$kind.jpg" > out 2> "log$kind"
		grep -o 'Sending PTP_OC 0x[0-9a-f]*' "log$kind" | grep -v "$often" > "ops$kind"
	done
	[ -s ops ]
	diff ops ops--timing
}
