#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# interval: every slot is a picture or a line that says why not; killed and gone on with, from cron, beside
# other commands. With SOAK=1 the long forms.

load common
load interval

@test "slots at 0.5 s: each is a picture or a line, and lateness does not grow" {
	local slots=40
	[ -z "${SOAK:-}" ] || slots=1000
	"$opencamrc" interval --every "$period" -n $slots -o 'tl/%05n.%C' "${tiny[@]}" > out || [ $? -eq 6 ]
	sound tl/interval.jsonl $slots
	lateness
	# How many a machine that is busy misses is its own affair: that is judged where nobody else is there.
	report tl/interval.jsonl "$(size '.taken >= 2' ".taken >= $slots * 0.8 and .late_p50 < 0.1")"
	same_text "$(jq .taken report.json)" "$(find tl -name '*.JPG' | wc -l)"
	same_text "$(sort out)" "$(find tl -name '*.JPG' | sort)"
	# The grid is where it was: the last slot was planned so many periods after the first.
	jq -es "[.[] | select(.elapsed)] | last as \$l | first as \$f |
		(\$l.elapsed - \$f.elapsed - ${period%s} * (\$l.slot - \$f.slot)) | fabs < 0.001" tl/interval.jsonl
}

@test "--align puts the slots at whole multiples since midnight" {
	"$opencamrc" interval --every "$long_period" --align "$long_period" -n 5 -q "${tiny[@]}" || [ $? -eq 6 ]
	sound interval.jsonl 5
	jq -es '[.[] | select(.event == "begin") | .planned | .[19:23] == ".000"] | length > 0 and all' interval.jsonl
	same_text "$(jq .taken report.json)" "$(find . -name 'tl-0000[01234].JPG' | wc -l)"
}

@test "outside of the windows there are no slots, and a plan without any is refused" {
	# Its first slot is two hours away: seven seconds to open the camera in.
	TZ=UTC OPENCAMRC_TIMEPIECE=fast:1000:2026-06-01T04:00:00Z "$opencamrc" interval --every 10m \
		--between 06:00-06:30,07:00-07:20 --days mon --until 2026-06-01T12:00:00Z -q "${tiny[@]}" || [ $? -eq 6 ]
	report interval.jsonl '.slots >= 1 and .slots <= 5'
	sound interval.jsonl "$(jq .slots report.json)"
	jq -r 'select(.slot != null and .planned) | (.planned, .planned_last // empty)[11:16]' interval.jsonl |
		uniq > times
	[ -z "$(grep -vE '^(06:[012]|07:[01])' times)" ]
	grep -q '^07:' times
	run_error 2 'no time for a single picture' "$opencamrc" interval --every 1h --journal j \
		--start 2026-06-01T10:00:00Z --until 2026-06-01T09:00:00Z
	run_error 2 '--every is needed' "$opencamrc" interval
	run_error 2 'do not fit into one file' "$opencamrc" interval --every 1s -o x.jpg
	run_error 2 'now, end, never' "$opencamrc" interval --every 1s --download sometimes
	run_error 2 'stop, oldest, host' "$opencamrc" interval --every 1s --on-full ''
	run_error 2 '--lock needs --once' "$opencamrc" interval --every 1s --lock wait
	run_error 2 '--memory' "$opencamrc" interval --every 1s --memory --keep
	run_error 2 '--memory' "$opencamrc" interval --every 1s --memory --on-full stop
	run_error 2 '--report' "$opencamrc" interval --report j --every 1s
}

@test "a journal that is there is not written over; --resume goes on with it" {
	local before
	in_background run "$opencamrc" interval --every "$period" -q "${tiny[@]}"
	wait_until 60 here 2
	stop_run
	sha256sum tl-*.JPG > before
	before=$(grep -c '"event":"shot"' interval.jsonl)
	in_background run "$opencamrc" interval --every "$period" --resume -q "${tiny[@]}"
	wait_until 60 shots $((before + 3))
	end_run
	run_error 1 'File exists.*--resume' "$opencamrc" interval --every "$period" -n 6 "${tiny[@]}"
	run_error 2 'every differs' "$opencamrc" interval --every 0.7s -n 6 --resume "${tiny[@]}"
	sha256sum --quiet -c before
	report interval.jsonl ".resumes == 2 and .taken >= $before + 3"
	sound interval.jsonl "$(jq .slots report.json)"
}

# here N: so many pictures are.
here() {
	[ "$(find . -maxdepth 1 -name 'tl-*.JPG' | wc -l)" -ge "$1" ]
}

# A hundred times as fast: what passes between the plan and its line in the journal shows.
@test "--resume goes on with a --start that counts from when the journal was begun" {
	local start again
	for start in now +2m; do
		for again in '' --resume; do
			OPENCAMRC_TIMEPIECE=fast:100 "$opencamrc" interval --every 1m --late 59s -n 1 -q \
				--start "$start" -o "$start/" $again "${tiny[@]}" || [ $? -eq 6 ]
		done
		report "$start/interval.jsonl" '.resumes == 1 and .slots == 1'
	done
}

@test "a journal whose run was killed before the plan was there keeps nobody from going on" {
	: > empty
	"$opencamrc" interval --once -q --journal empty "${tiny[@]}"
	report empty '.slots == 1 and .taken == 1 and .damaged_lines == 0'
	printf '{"event":"plan","version":1,"time":"2026-11-' > torn
	"$opencamrc" interval --every 3s --late 2.9s -n 1 --resume -q --journal torn "${tiny[@]}" || [ $? -eq 6 ]
	report torn '.slots == 1 and .damaged_lines == 0'
	# Anybody else's file stays as it is.
	printf '{"event":"milk"' > mine
	cp mine before
	run_error 2 'this is no journal' "$opencamrc" interval --once --journal mine "${tiny[@]}"
	cmp mine before
}

@test "--resume goes on in a folder that the first run made" {
	"$opencamrc" interval --once -q -o new/ "${tiny[@]}"
	"$opencamrc" interval --once -q -o new/ --resume "${tiny[@]}"
	same_text 2 "$(find new -name '*.JPG' | wc -l)"
}

@test "SIGKILL at random moments loses nothing and repeats nothing" {
	local runs=6 run pid
	[ -z "${SOAK:-}" ] || runs=200
	RANDOM=${SEED:-7}
	for ((run = 0; run < runs; run++)); do
		in_background run "$opencamrc" interval --every "$period" -o "$BATS_TEST_TMPDIR/tl/%05n.%C" \
			--resume "${tiny[@]}"
		pid=$background_pid
		sleep "$((1 + RANDOM % 2)).$((RANDOM % 1000))"
		# Both: the caller, and whoever holds the camera.
		kill_writer tl/interval.jsonl "$pid" 2> /dev/null || true
		wait "$pid" 2> /dev/null || true
	done
	"$opencamrc" interval --every "$period" --for 100ms -o "$BATS_TEST_TMPDIR/tl/%05n.%C" --resume -q \
		"${tiny[@]}" || [ $? -eq 6 ]
	report tl/interval.jsonl '.repeated == 0 and .unexplained == 0 and .open == 0 and
		.taken + .missed + .failed == .slots'
	lateness
	sound tl/interval.jsonl "$(jq .slots report.json)"
	# All that the card has is here, each once.
	(cd "$dcim" && sha256sum ./*.JPG) | cut -d ' ' -f 1 | sort > there
	find tl -name '*.JPG' -exec sha256sum {} + | cut -d ' ' -f 1 | sort > here
	diff there here
}

@test "the picture of a run that was killed is found beside files of other names" {
	stop_all
	mkdir -p "$dcim"
	# One that has no number, and a film of the body's: by their names alone both are behind each picture.
	echo film > "$dcim/_MVI0001.MOV"
	echo mine > "$dcim/~.JPG"
	start_simcam --speed 1 --card "$BATS_TEST_TMPDIR/card" --log-releases
	export OPENCAMRC_REMOTE=$sim_address
	in_background run "$opencamrc" interval --every 5s --late 4.9s -n 2 -q "${tiny[@]}"
	wait_until 60 grep -q 'shutter released' "$sim_log"
	kill_writer interval.jsonl "$background_pid"
	wait "$background_pid" || true
	"$opencamrc" interval --every 5s --late 4.9s -n 2 --resume -q "${tiny[@]}" || [ $? -eq 6 ]
	same_text "$(grep -c 'shutter released' "$sim_log")" "$(find "$dcim" -name "$picture_prefix*" | wc -l)"
	report interval.jsonl ".files == $(grep -c 'shutter released' "$sim_log")"
}

@test "when only the process that holds the camera is killed, or told to end, the interval goes on by itself" {
	in_background run "$opencamrc" interval --every "$period" "${tiny[@]}"
	wait_until 60 shots 3
	kill_writer interval.jsonl
	wait_until 60 shots 6
	# As a service manager does that ends the unit of whoever had the camera first.
	kill -TERM "$(writer_of interval.jsonl)"
	wait_until 60 shots 9
	end_run
	grep -q 'has died: going on' run.err
	grep -q 'was told to end: going on' run.err
	# Twice by itself, and once at the end.
	report interval.jsonl '.resumes == 3 and .taken > 8'
	sound interval.jsonl "$(jq .slots report.json)"
}

lacks_picture() {
	grep -qE '"event":"(missed|failed)"' interval.jsonl
}

@test "a slot without a picture before the process that holds the camera is killed counts in the end" {
	local writer
	in_background run "$opencamrc" interval --every 6s --late 1s -n 4 "${tiny[@]}"
	wait_until 60 shots 1
	writer=$(writer_of interval.jsonl)
	kill -STOP "$writer"
	# Past the next slot.
	sleep 7.2
	kill -CONT "$writer"
	wait_until 60 lacks_picture
	kill_writer interval.jsonl
	background_status
	same_text 6 "$status"
	grep -q 'has died: going on' run.err
	report interval.jsonl '.missed + .failed > 0'
	same_text "$(jq '.missed + .failed' report.json)" "$(sed -n 's/.*slots without a picture here: //p' run.err | tail -n 1)"
}

@test "--download end fetches all at the end, after a kill as well; never leaves them" {
	in_background run "$opencamrc" interval --every "$period" -n 100 --download end "${tiny[@]}"
	wait_until 30 test -e "$dcim/$(picture 4)"
	[ -z "$(find . -name 'tl-*')" ]
	kill_writer interval.jsonl "$background_pid"
	wait "$background_pid" || true
	"$opencamrc" interval --every "$period" -n 5 --download end --resume -q "${tiny[@]}" || [ $? -eq 6 ]
	report interval.jsonl '.files == .taken and .taken >= 4'
	sound interval.jsonl "$(jq .slots report.json)"
	rm -r interval.jsonl
	"$opencamrc" interval --every 4s --late 3.9s -n 2 --download never -q -o 'n/' "${tiny[@]}" || [ $? -eq 6 ]
	report n/interval.jsonl '.files == 0 and .taken >= 1'
	same_text n/interval.jsonl "$(find n -type f)"
}

@test "what is no half of a pair is fetched after a kill, whichever half was asked for" {
	in_background run "$opencamrc" interval --every "$period" -n 100 --download end --raw-only "${tiny[@]}"
	wait_until 30 test -e "$dcim/$(picture 3)"
	kill_writer interval.jsonl "$background_pid"
	wait "$background_pid" || true
	"$opencamrc" interval --every "$period" -n 4 --download end --raw-only --resume -q "${tiny[@]}" || [ $? -eq 6 ]
	report interval.jsonl '.files == .taken and .taken >= 3'
}

@test "--no-keep empties the card, --memory never touches it" {
	local slots=(--every 3s --late 2.9s -n 2)
	"$opencamrc" interval "${slots[@]}" --no-keep -q "${tiny[@]}" || [ $? -eq 6 ]
	[ -z "$(ls "$dcim")" ]
	! has memory || "$opencamrc" interval "${slots[@]}" --memory -q -o 'm/%n.%C' "${tiny[@]}" || [ $? -eq 6 ]
	[ -z "$(ls "$dcim")" ]
	sound interval.jsonl 2
	! has memory || sound m/interval.jsonl 2
}

@test "the report as text, as an object, and as a drawing" {
	local taken
	"$opencamrc" interval --every 3s --late 2.9s -n 2 -q "${tiny[@]}" || [ $? -eq 6 ]
	# Needs no camera.
	stop_all
	taken=$(grep -c '"event":"shot"' interval.jsonl)
	"$opencamrc" interval --report interval.jsonl --svg plot.svg > text
	grep -q '^slots       2, every 3 s' text
	grep -q "^taken       $taken" text
	grep -q '^lateness    p50' text
	"$opencamrc" interval --report interval.jsonl --json | jq -e ".taken == $taken and (.gaps == []) == ($taken == 2)"
	head -c 4 plot.svg | grep -q '<svg'
	tail -c 8 plot.svg | grep -q '</svg>'
	run_error 2 '' "$opencamrc" interval --report text
	run_error 1 'cannot read' "$opencamrc" interval --report nowhere
}

@test "Control-C writes the end, and exits with 130" {
	# Between two slots, that is: one that is released just then is left open, for a run that goes on.
	in_background run "$opencamrc" interval --every 20s "${tiny[@]}"
	wait_until 60 shots 1
	stop_run
	tail -n 1 interval.jsonl | jq -e '.event == "end" and .why == "Interrupt" and .taken >= 1'
	report interval.jsonl '.open == 0 and .repeated == 0 and .end == "Interrupt"'
}

@test "a slow hook delays no slot" {
	# The first one runs until three more pictures are taken.
	cat > hook <<- 'END'
		#!/bin/sh
		n=0
		while [ "$ACTION" = download ] && [ ! -e over ] && [ $n -lt 600 ]; do
			[ "$(grep -c '"event":"shot"' interval.jsonl)" -lt 4 ] || touch over
			n=$((n + 1))
			sleep 0.1
		done
		echo "$ACTION $ARGUMENT" >> hooks
	END
	chmod +x hook
	in_background run "$opencamrc" interval --every "$period" -q --hook-script ./hook "${tiny[@]}"
	wait_until 60 grep -qs download hooks
	[ -e over ]
	end_run --hook-script ./hook
	report interval.jsonl '.taken >= 4'
	sound interval.jsonl "$(jq .slots report.json)"
	same_text "$(jq .taken report.json)" "$(grep -c download hooks)"
}

@test "other commands have the camera between the slots" {
	local period=$long_period path iso
	in_background run "$opencamrc" interval --every "$period" "${tiny[@]}"
	wait_until 60 shots 1
	! has liveview || "$opencamrc" liveview --frames 30 > view.mjpeg
	"$opencamrc" config iso=800
	same_text 800 "$("$opencamrc" config get iso)"
	wait_until 60 shots $(($(grep -c '"event":"shot"' interval.jsonl) + 2))
	end_run
	report interval.jsonl '.taken >= 3'
	lateness
	sound interval.jsonl "$(jq .slots report.json)"
	exiftool -q -p '$ISO' "$(find . -name 'tl-*.JPG' | sort | tail -n 1)" | grep -qx 800
	# One that was put off is fetched later than its exposure is told.
	jq -r 'select(.event == "shot" and .exposure.iso) | "\(.files[0].path) \(.exposure.iso)"' interval.jsonl > told
	read -r path iso < <(tail -n 1 told)
	same_text "$iso" "$(exiftool -q -p '$ISO' "$path")"
	jq -es 'all(.[] | select(.event == "shot") | .exposure; (.iso == null) == (.shutter == null))' interval.jsonl
}

@test "--once from cron: nothing in the environment, quiet, one number after the other" {
	local n
	for n in 0 1 2; do
		env -i "$opencamrc" -r "$sim_address" interval --once -q "${tiny[@]}" > out 2>&1
		[ ! -s out ]
		[ -e "tl-0000$n.JPG" ]
	done
	sound interval.jsonl 3
	# Outside of the window there is nothing to do; no camera is asked.
	env -i TZ=UTC OPENCAMRC_TIMEPIECE=fast:1:2026-06-01T12:00:00Z "$opencamrc" -r "$sim_address" \
		interval --once --between 03:00-04:00 -q --journal none > out 2>&1
	[ ! -s out ] && [ ! -e none ]
	env -i "$opencamrc" -r "$sim_address" capture -q -o one.jpg > out 2>&1
	is_jpeg one.jpg
	stop_all
	run_error 3 'opencamrc: interval: ' env -i "$opencamrc" -r "$sim_address" interval --once
}

# bare COMMANDLINE: as cron and systemd run it, with the camera that is meant; at noon, for the sun's sake.
bare() {
	local line=${1//-r router/-r $sim_address}
	env -i PATH="$build/bin:/usr/bin:/bin" TZ=UTC \
		OPENCAMRC_TIMEPIECE=fast:1:2026-06-01T12:00:00Z sh -c "$line" > out 2>&1 || {
		echo "$line: $(cat out)" >&2
		return 1
	}
	[ ! -s out ]
}

@test "the lines of contrib/cron and the units of contrib/systemd do what they say" {
	local lines line
	mapfile -t lines < <(grep -v '^#' "$top/contrib/cron/opencamrc" | sed '/^$/d; s/\\%/%/g')
	[ ${#lines[@]} -eq 3 ]
	bare "$(cut -d ' ' -f 6- <<< "${lines[0]}")"
	[ -e timelapse/00000.jpg ] || [ -e timelapse/00000.JPG ]
	bare "$(cut -d ' ' -f 6- <<< "${lines[1]}")"
	[ "$(find yard -type f | wc -l)" -eq 1 ]
	# What has no end is given one.
	bare "${lines[2]#@reboot } -n 2 --every 4s --late 3.9s --align 1s"
	sound garden/interval.jsonl 2
	line=$(sed -n 's/^ExecStart=//p' "$top/contrib/systemd/opencamrc-interval@.service")
	line=${line//%i/router}
	line=${line//%h/$BATS_TEST_TMPDIR}
	bare "${line//%%/%}"
	sound timelapse-router/interval.jsonl 1
	command -v systemd-analyze > /dev/null || return 0
	cp "$top"/contrib/systemd/opencamrc-interval@.* .
	sed -i "s|^ExecStart=opencamrc|ExecStart=$opencamrc|" opencamrc-interval@.service
	systemd-analyze verify --man=no ./opencamrc-interval@router.timer 2>&1 | grep opencamrc-interval > complaints || true
	[ ! -s complaints ]
}

@test "--once and the run before it: --lock skip passes over, wait waits" {
	in_background run "$opencamrc" interval --every "$period" "${tiny[@]}"
	wait_until 60 shots 2
	# The same journal is another run's.
	"$opencamrc" interval --once --lock skip "${tiny[@]}" > out 2> err
	grep -q 'skipped: another run' err
	run_error 4 'another interval writes it|camera is busy|another opencamrc has it' \
		"$opencamrc" --wait 1ms interval --once "${tiny[@]}"
	end_run
	report interval.jsonl '.taken >= 2'
	sound interval.jsonl "$(jq .slots report.json)"
}

@test "a week in a minute adds up" {
	TZ=UTC OPENCAMRC_TIMEPIECE=fast:20000:2026-03-27T00:00:00Z "$opencamrc" interval --every 3h \
		--at 52.5,13.4 --between sunrise-sunset --for 7d --late 1h -q "${tiny[@]}" || [ $? -eq 6 ]
	report interval.jsonl '.repeated == 0 and .unexplained == 0 and .open == 0 and .slots >= 25 and
		.taken + .missed + .failed == .slots'
	sound interval.jsonl "$(jq .slots report.json)"
}
