#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# contrib/recipes/timelapse: real intervals, made videos by the real ffmpeg, looked at by ffprobe.

load ../e2e/common

timelapse=$BATS_TEST_DIRNAME/../../contrib/recipes/timelapse

setup() {
	isolate
}

teardown() {
	stop_all
}

# A camera in M with small pictures, at the given light, on a clock that is fast.
start_small() {
	start_simcam --speed 20 --light "$@"
	export OPENCAMRC_REMOTE=$sim_address
	"$opencamrc" config autoexposuremode=Manual 'imageformat=Tiny JPEG' > config.log
	"$opencamrc" config shutterspeed=1/250 iso=100 aperture=5.6 >> config.log
	export OPENCAMRC_TIMEPIECE=fast:20
}

# How bright each picture of a video is, 16 to 235, one a line.
brightness() {
	ffmpeg -v error -i "$1" -vf signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=- \
		-f null - < /dev/null | sed -n 's/.*YAVG=//p'
}

# seconds FRAMES RATE: as ffprobe writes them.
seconds() {
	awk -v frames="$1" -v rate="$2" 'BEGIN { printf("%.6f", frames / rate) }'
}

# has VIDEO WIDTHxHEIGHT FRAMES SECONDS
has() {
	ffprobe -v error -count_frames -select_streams v:0 -of csv=p=0 -show_entries \
		stream=width,height,pix_fmt,color_range,color_space,nb_read_frames:format=duration "$1" |
		tr '\n' ',' > probed
	same_text "${2/x/,},yuv420p,tv,bt709,$3,$4," "$(cat probed)"
}

@test "pictures come in the order of their slots, whatever their names, at the rate and size that are asked for" {
	start_small sunset:12pictures
	# A busy machine misses slots.
	"$opencamrc" interval -q --every 10s -n 14 --memory -o 'dusk/%n.%C' || [ $? -eq 6 ]
	taken=$(find dusk -name '*.jpg' | wc -l)
	"$timelapse" dusk > said
	grep -q "/dusk.mp4: $taken pictures, .* s; $((14 - taken)) slots without one$" said
	has dusk.mp4 1620x1080 "$taken" "$(seconds "$taken" 25)"
	# It gets darker from each to the next; by name 10 comes behind 1.
	brightness dusk.mp4 > bright
	# A night's are alike, but for the noise.
	awk 'NR > 1 && $1 > last + 2 { exit 1 } { last = $1 }' bright
	[ "$(sort -u bright | wc -l)" -ge 3 ]
	"$timelapse" dusk/interval.jsonl --size 640x360 --fps 10 -o wide.mp4
	has wide.mp4 640x360 "$taken" "$(seconds "$taken" 10)"
	"$timelapse" dusk --size 4k --fps 50 -o large.mp4
	has large.mp4 3240x2160 "$taken" "$(seconds "$taken" 50)"
	"$timelapse" dusk --size source -o dusk.mkv
	[ "$(brightness dusk.mkv | wc -l)" -eq "$taken" ]
}

# A run that was ended, and went on when slots were past.
run_with_gap() {
	unset OPENCAMRC_TIMEPIECE
	in_background interval "$opencamrc" interval --every 0.6s -n 12 --memory -o gap/
	wait_until 20 lines 3 interval.out
	kill -TERM "$background_pid"
	wait "$background_pid" || true
	wait_until 10 past_slot 6
	"$opencamrc" interval -q --every 0.6s -n 12 --memory -o gap/ --resume || [ $? -eq 6 ]
	"$opencamrc" interval --report gap/interval.jsonl --json > report.json
	taken=$(jq .files report.json)
	# Which are not there, by the slots of all files that were written.
	jq -r 'select((.files // []) | any(.path)) | .slot' gap/interval.jsonl | sort -un > there
	seq 0 11 | grep -vxFf there > missing
	[ "$(wc -l < missing)" -eq $((12 - taken)) ]
	[ "$(wc -l < missing)" -ge 2 ]
}

# past_slot N: its time, by the first slot's, is over.
past_slot() {
	jq -es --argjson uptime "$(cut -d ' ' -f 1 /proc/uptime)" --argjson slot "$1" \
		'[.[] | select(.event == "begin")][0] | $uptime > .elapsed + 0.6 * ($slot + 1)' \
		gap/interval.jsonl > /dev/null
}

@test "slots without a picture are skipped, held or black, as the journal tells of them" {
	start_small 9
	run_with_gap
	"$timelapse" gap --size source --fps 10 > said
	grep -q ": $taken pictures, .*; $((12 - taken)) slots without one" said
	[ "$(brightness gap.mp4 | wc -l)" -eq "$taken" ]
	# There is nothing to be held before the first.
	held=$((12 - $(head -n 1 there)))
	"$timelapse" gap --size source --fps 10 --gaps hold -o hold.mp4
	has hold.mp4 720x480 "$held" "$(seconds "$held" 10)"
	"$timelapse" gap --size source --fps 10 --gaps black -o black.mp4
	has black.mp4 720x480 12 1.200000
	brightness black.mp4 | awk '$1 < 20 { print NR - 1 }' > dark
	cmp missing dark
	# A picture that is named but was deleted is a gap as well, and is told of.
	rm "gap/$(jq -r 'select(.event == "shot").files[].path // empty' gap/interval.jsonl | head -n 1)"
	"$timelapse" gap --size source -o less.mp4 > said
	grep -q ": $((taken - 1)) pictures, .*, 1 of them named but not here" said
}

@test "of a pair the JPEG is taken, of a RAW alone the JPEG in it" {
	start_small 9
	"$opencamrc" config 'imageformat=RAW + Large Fine JPEG' > config.log
	"$opencamrc" interval -q --every 60s -n 2 --memory -o pair/ || [ $? -eq 6 ]
	taken=$(find pair -name '*.cr2' | wc -l)
	"$timelapse" pair --size source
	ffprobe -v error -show_entries stream=width,nb_frames -of csv=p=0 pair.mp4 > probed
	same_text "5184,$taken" "$(cat probed)"
	rm pair/*.jpg
	jq -c 'del(.files[]? | select(.path // "" | endswith(".jpg")))' pair/interval.jsonl > pair/raw.jsonl
	"$timelapse" pair/raw.jsonl --size source -o raw.mp4
	ffprobe -v error -show_entries stream=width,nb_frames -of csv=p=0 raw.mp4 > probed
	same_text "2592,$taken" "$(cat probed)"
	paste <(brightness pair.mp4) <(brightness raw.mp4) |
		awk '{ off = $1 - $2 } off < -3 || off > 3 { bad = 1 } END { exit !NR || bad }'
}

# Where the ramp has changed the exposure: from slot N - 1 to N.
steps() {
	jq -rs '[.[] | select(.event == "shot")] as $shots | range(1; $shots | length) |
		select($shots[.].exposure | [.shutter, .aperture, .iso]) as $now |
		select($shots[. - 1].exposure | [.shutter, .aperture, .iso] != $now)' "$1"
}

# changes STEPS BRIGHTNESS: the mean change of brightness at those.
changes() {
	awk 'NR == FNR { step[$1]; next }
		(FNR - 1) in step { off = $1 - last; sum += off < 0 ? -off : off; n++ }
		{ last = $1 }
		END { printf("%.3f %d\n", sum / n, n) }' "$1" "$2"
}

@test "--deflicker takes the steps of a ramp away: four times smaller at least" {
	start_small sunset:150pictures
	# The light goes by pictures, and a busy machine misses slots.
	in_background interval "$opencamrc" interval --every 4s -n 400 --memory -o 'sun/%04n.%C' \
		--ramp-night 0 --ramp-shutter -1 --ramp-iso 100-1600 --ramp-aperture 3.5-5.6
	wait_until 60 lines 44 interval.out
	kill -TERM "$background_pid"
	wait "$background_pid" || [ $? -eq 143 ]
	"$timelapse" sun --size source -o plain.mkv
	"$timelapse" sun --size source --deflicker -o flat.mkv
	brightness plain.mkv > before
	brightness flat.mkv > after
	[ "$(wc -l < before)" -eq "$(wc -l < after)" ]
	# The first five pictures are for settling.
	steps sun/interval.jsonl | awk '$1 > 5' > stepped
	read -r steps_before number <<< "$(changes stepped before)"
	read -r steps_after number <<< "$(changes stepped after)"
	echo "# figure: deflicker: $number steps of $steps_before, of $steps_after with it (of 219)" >&3
	[ "$number" -ge 4 ]
	awk -v before="$steps_before" -v after="$steps_after" 'BEGIN { exit !(before > 1 && after * 4 < before) }'
	# The journal serves where sidecars are gone; one that somebody has changed counts.
	rm sun/*.xmp
	"$timelapse" sun --size source --deflicker -o journal.mkv
	brightness journal.mkv > after
	read -r steps_after number <<< "$(changes stepped after)"
	awk -v before="$steps_before" -v after="$steps_after" 'BEGIN { exit !(after * 4 < before) }'
	first=$(jq -r 'select(.event == "shot" and .slot >= 20).files[].path' sun/interval.jsonl | head -n 1)
	echo '<rdf:Description crs:Exposure2012="-4.00"/>' > "sun/${first%.*}.xmp"
	"$timelapse" sun --size source --deflicker --smooth 5 --force -o flat.mkv
	"$timelapse" sun --size source --deflicker --force -o journal.mkv
	brightness journal.mkv | awk '$1 < 45 { dark++ } END { exit dark != 1 }'
}

@test "what cannot be made is one line, and leaves no file behind" {
	run_error 2 'which folder or journal' "$timelapse"
	run_error 2 'there is no option --fast' "$timelapse" --fast
	run_error 2 '--gaps fill: skip, hold or black' "$timelapse" --gaps fill x
	run_error 2 '--size 641x480: .*even numbers' "$timelapse" --size 641x480 x
	run_error 2 '--fps 0: a number from 1 to 240' "$timelapse" --fps 0 x
	run_error 2 '--fps needs a value' "$timelapse" --fps
	run_error 1 'no journal empty/interval.jsonl .*glob' "$timelapse" empty/
	mkdir empty
	echo '{"event":"plan","version":1}' > empty/interval.jsonl
	run_error 1 'no picture that is here' "$timelapse" empty
	run_error 2 '-o video: an ending is needed' "$timelapse" empty -o video
	run_error 1 'no such folder' "$timelapse" empty -o none/video.mp4
	printf '%s\n' '{"event":"shot","slot":0,"files":[{"path":"a.jpg"}]}' '{"event":"shot","sl' > empty/interval.jsonl
	echo 'no picture' > empty/a.jpg
	run_error 1 'ffmpeg cannot make .*video.mp4' "$timelapse" empty -o video.mp4
	run_error 1 'no picture has a sidecar' "$timelapse" empty --deflicker
	: > video.mp4
	run_error 1 'video.mp4 exists \(--force' "$timelapse" empty -o video.mp4
	[ ! -s video.mp4 ]
	rm video.mp4
	[ -z "$(find . -name '*.mp4')" ]
}

@test "jpeg-of writes a JPEG as it is, and says where there is none" {
	jpeg_of=${timelapse%/*}/jpeg-of
	run_error 2 'one picture is needed' "$jpeg_of"
	run_error 1 'there is no file none.cr2' "$jpeg_of" none.cr2
	run_error 1 'has no JPEG in it' "$jpeg_of" "$timelapse"
	start_small 9
	"$opencamrc" capture -q -o a.jpg > /dev/null
	"$jpeg_of" a.jpg | cmp - a.jpg
}
