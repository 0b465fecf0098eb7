#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Exposure ramping: a sunset of 14 stops, its pictures, its sidecars. With SOAK=1 by the clock and longer.

load common
load interval

setup() {
	isolate
}

teardown() {
	stop_all
}

# A camera in M at the given light; pictures are small.
start_ramp() {
	start_simcam --speed 20 --light "$@"
	dial M
	"$opencamrc" -r "$sim_address" config mode=M "$small_set" > config.log
	"$opencamrc" -r "$sim_address" config mode=M shutter=1/250 iso=100 aperture=5.6 >> config.log
	export OPENCAMRC_TIMEPIECE=fast:$pace
}

# Takes pictures; on a machine that is busy a slot may be missed.
run_shots() {
	local status=0
	OPENCAMRC_REMOTE=$sim_address "$opencamrc" interval "$@" > shots || status=$?
	[ "$status" -eq 0 ] || [ "$status" -eq 6 ]
}

# compare NIGHT [LOST]: what the camera says of its pictures beside what the journal says of them, as
# ramp-figures has it. LOST: the last may have been on its way when the run was told to end.
compare() {
	grep -o 'picture .* stops$' "$sim_log" | tr -d ':,' | awk '{ print $8, $14 }' > truth
	jq -r 'select(.event == "shot") | "\(.exposure.brightness) \(.exposure.offset)"' \
		interval.jsonl > told
	if [ "${2:-0}" -gt 0 ]; then
		sed -i '${/null/d}' told
		[ "$(wc -l < truth)" -le $(($(wc -l < told) + $2)) ]
		sed -i "$(($(wc -l < told) + 1)),\$d" truth
	fi
	[ "$(wc -l < truth)" -eq "$(wc -l < told)" ]
	[ "$(grep -c null told)" -eq 0 ]
	paste -d ' ' truth told > curve
	"$BATS_TEST_DIRNAME/ramp-figures" -v night="$1" curve > figures
	cat figures >&3
}

# says SIDECAR OFFSET: it has it, in hundredths.
says() {
	exiftool -s3 -n -Exposure2012 "$1" |
		awk -v offset="$2" '{ off = $1 - offset } END { exit !(NR == 1 && off * off < 0.0051 ^ 2) }'
}

# Within a third of a stop of its target (with a Nikon's marks, which are rounded otherwise, a hundredth more), within a
# tenth with its sidecar, never back.
good() {
	every ".worst <= $worst_ramped and .levelled <= 0.1 and .measured <= 0.08 and .darker == 0" figures
}

# pictures N: so many the camera has taken by now.
pictures() {
	[ "$(grep -c 'picture .* stops$' "$sim_log")" -ge "$1" ]
}

@test "a sunset of 14 stops: within a third of a stop of the target, and never back" {
	needs thirds
	start_ramp sunset:270pictures
	# It sets by pictures: a slot that is missed only takes it longer.
	in_background ramp "$opencamrc" -r "$sim_address" interval --every 4s --memory -o '%04n.%C' \
		--ramp-shutter -1 --ramp-iso 100-1600 --ramp-aperture 3.5-5.6
	wait_until $((200 * 20 / pace)) pictures 300
	kill -INT "$background_pid"
	background_status
	same_text 130 "$status"
	compare -1 1
	every '.fell >= 13.9 and .brighter >= 38 and .brighter <= 44' figures
	good
	# Shutter first, then ISO, then the aperture: each to its limit.
	read -r offset last < <(jq -r 'select(.event == "shot" and .files[0].path and .exposure.offset)
		| "\(.exposure.offset) \(.files[0].path)"' interval.jsonl | tail -1)
	exiftool -s3 -ExposureTime -ISO -FNumber "$last" > last
	grep -qx 1600 last
	[ "$(grep -cx 5.6 last)" -eq 0 ]
	# Every picture has its sidecar, which says what the journal says.
	[ "$(find . -name '*.xmp' | wc -l)" -eq "$(find . -name '*.jpg' | wc -l)" ]
	says "${last%.jpg}.xmp" "$offset"
	[ "$(exiftool -s3 -RawFileName "${last%.jpg}.xmp")" = "${last#./}" ]
	"$opencamrc" interval --report interval.jsonl --svg plot.svg > report
	grep -q brightness plot.svg
}

@test "pictures that stay on the card are measured by the card's thumbnails" {
	start_ramp sunset:40pictures
	run_shots --every 4s -n 12 --download never --ramp-night 0
	compare 0
	every '.measured <= 0.08 and .darker == 0' figures
	[ -z "$(find . -name '*.xmp')" ]
}

# all_say JOURNAL PREFIX: each picture that was measured has its sidecar, by slot.
all_say() {
	local slot offset
	jq -r 'select(.event == "shot" and .exposure.offset) | "\(.slot) \(.exposure.offset)"' "$1" > offsets
	[ -s offsets ]
	while read -r slot offset; do
		says "$2$slot.xmp" "$offset"
	done < offsets
}

@test "pictures that are fetched at the end have their sidecars then, those of a run that was killed as well" {
	start_ramp 11
	run_shots --every 16s -n 5 --late 15s --download end --ramp -o 'e%n.%C'
	all_say interval.jsonl e
	mkdir killed
	cd killed
	in_background run "$opencamrc" -r "$sim_address" interval --every 16s --late 15s -n 50 --download end \
		--ramp -o 'k%n.%C'
	wait_until 60 shots 3
	kill_writer interval.jsonl
	wait_until 60 grep -q 'going on' run.err
	stop_run
	run_shots --every 16s --late 15s --for 1s --download end --ramp --resume -o 'k%n.%C'
	all_say interval.jsonl k
}

@test "a RAW file is measured, and its sidecar names it rather than the JPEG" {
	start_ramp 9
	needs raw
	"$opencamrc" -r "$sim_address" config "$raw_set" > config.log
	run_shots --every 60s --late 59s -n 2 --ramp -o 'r%n.%C'
	[ "$(exiftool -s3 -RawFileName r0.xmp)" = "r0.$raw_ext" ]
	"$opencamrc" -r "$sim_address" config "$raw_alone" > config.log
	run_shots --every 60s --late 59s -n 2 --ramp -o 'raw/%n.%C'
	every '.event != "shot" or (.exposure.brightness > 0.1 and .exposure.brightness < 0.4)' \
		raw/interval.jsonl
	[ "$(exiftool -s3 -RawFileName raw/0.xmp)" = "0.$raw_ext" ]
}

@test "of a pair that a slow link parts, the RAW file has the sidecar, and no other is tried" {
	start_ramp 9
	needs raw
	"$opencamrc" -r "$sim_address" config "$raw_set" > config.log
	# The first RAW file takes as long as a slot: the JPEG beside it is put off, to behind the last slot's.
	start_slow_link "$sim_address" --rate 60000000
	run_shots -r "$link_address" --every "$((pace * 3))s" --late "$((pace * 3 - 1))s" -n 2 --ramp -o 'r%n.%C' 2> said
	! grep cannot said || return 1
	for picture in r*."$raw_ext"; do
		[ "$(exiftool -s3 -RawFileName "${picture%.*}.xmp")" = "$picture" ]
	done
	[ "$(find . -name '*.xmp' | wc -l)" -eq "$(find . -name "*.$raw_ext" | wc -l)" ]
	# Where slots were missed there may be none that was parted.
	grep -q '"event":"files"' interval.jsonl || skip 'the machine was too busy to put a file off'
}

# raw_later OPTION…: two runs of one journal, the JPEG by the first, the RAW file by the second; what that says.
raw_later() {
	run_shots --every 16s --late 15s -n 1 --ramp --jpeg-only "$@" 2> said.first
	run_shots --every 16s --late 15s -n 1 --ramp --resume "$@" 2> said
}

@test "a run that goes on knows its sidecars from those of others, wherever the journal is, in a sandbox too" {
	local boxed=()
	start_ramp 9
	needs raw
	"$opencamrc" -r "$sim_address" config "$raw_set" > config.log
	! "$opencamrc" version | grep -q '^sandbox Landlock' || boxed=(--sandbox)
	raw_later -o 'r%n.%C' --journal elsewhere/run.jsonl "${boxed[@]}"
	[ -e "r0.$raw_ext" ]
	! grep cannot said said.first || return 1
	exiftool -s3 -RawFileName r0.xmp | grep -i '^r0.jpg$'
	mkdir other
	echo mine > other/r0.xmp
	raw_later -o 'other/r%n.%C'
	[ -e "other/r0.$raw_ext" ]
	grep 'cannot write other/r0.xmp: there is such a file, and it is not of this shot' said.first
	grep 'cannot write other/r0.xmp: there is such a file, and it is not of this shot' said
	same_text mine "$(cat other/r0.xmp)"
}

@test "what cannot be ramped is one line, before the first shot" {
	start_ramp 9
	unset OPENCAMRC_TIMEPIECE
	run_error 2 'ramp-iso 3200: MIN-MAX is needed' \
		"$opencamrc" -r "$sim_address" interval --every 2s --ramp-iso 3200
	run_error 2 'ramp-shutter: too long for a picture every 2 s .*1.5 s at most' \
		"$opencamrc" -r "$sim_address" interval --every 2s --ramp-shutter -30
	run_error 2 'the body has no ISO within the limits' \
		"$opencamrc" -r "$sim_address" interval --every 2s --ramp-iso 204800-409600
	run_error 2 'neither with --once nor with --bulb' \
		"$opencamrc" -r "$sim_address" interval --once --ramp
	dial A
	run_error 1 'cannot ramp the exposure: the body decides on the exposure itself .*M' \
		"$opencamrc" -r "$sim_address" interval --every 2s --ramp
	[ "$(grep -c "picture 1" "$sim_log")" -eq 0 ]
	[ ! -e interval.jsonl ]
}

@test "a sunset by the clock, for five minutes" {
	[ -n "${SOAK:-}" ] || skip 'SOAK=1 runs it'
	needs thirds
	start_ramp sunset:300s
	run_shots --every 6s -n 1020 -o '%04n.%C' \
		--ramp-shutter -2 --ramp-iso 100-3200 --ramp-aperture 3.5-5.6 --ramp-night -2
	compare -2
	good
}
