#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# One camera, many commands: beside a live view, beside each other, and when their process dies.

load common
load session

setup() {
	isolate
	start_simcam
	export OPENCAMRC_REMOTE=$sim_address
}

teardown() {
	[ -z "${stopped:-}" ] || kill -CONT "$stopped" || true
	stop_all
}

# What each command answers, one after the other: with and without a live view this is the same.
config_sets() {
	local i isos=(100 200 400 800)
	for ((i = 0; i < $1; i++)); do
		"$opencamrc" config "iso=${isos[i % 4]}" nonsense=1 2>&1 || echo "status $?"
		"$opencamrc" config "iso=${isos[i % 4]}" 2>&1 || echo "status $?"
		"$opencamrc" config get iso 2>&1 || echo "status $?"
	done
}

captures() {
	local i
	for ((i = 0; i < $1; i++)); do
		"$opencamrc" capture -o "$2-$i.jpg" 2>&1 | sed "s/$2/NAME/"
		echo "status ${PIPESTATUS[0]}"
	done
}

@test "a live view goes on beside settings, pictures and downloads, which answer as if alone" {
	needs liveview
	local sets stills view_ends
	sets=$(size 10 100)
	stills=$(size 3 10)
	"$opencamrc" capture --card > /dev/null
	name=$("$opencamrc" files list --json | jq -r .name)
	"$opencamrc" files get "$name" -o first.jpg
	downloads() {
		local i
		for ((i = 0; i < $1; i++)); do
			"$opencamrc" files get "$name" -o "$2-$i.jpg" 2>&1 | sed "s/$2/NAME/"
			echo "status ${PIPESTATUS[0]}"
			cmp "$2-$i.jpg" first.jpg
		done
	}
	config_sets "$sets" > sets.alone
	captures "$stills" still-alone > stills.alone
	downloads "$stills" file-alone > files.alone

	begin_view view
	view_ends=$(($(date +%s) + $(size 8 60)))
	config_sets "$sets" > sets.beside 3>&- &
	settings=$!
	captures "$stills" still-beside > stills.beside 3>&- &
	pictures=$!
	downloads "$stills" file-beside > files.beside 3>&- &
	files=$!
	wait "$settings" "$pictures" "$files"
	view_is_long_enough() { [ "$(date +%s)" -ge "$view_ends" ]; }
	wait_until 120 view_is_long_enough
	end_view "$view_pid"
	for answers in sets stills files; do
		diff "$answers.alone" "$answers.beside"
	done
	is_jpeg still-beside-0.jpg
	counters view.mjpeg
	# ffmpeg finds as many, and nothing to complain of.
	[ -z "$(ffmpeg -v error -f mjpeg -i view.mjpeg -f null - 2>&1)" ]
	[ "$(ffprobe -v error -f mjpeg -count_frames -show_entries stream=nb_read_frames \
		-of csv=p=0 view.mjpeg)" = "$(wc -l < view.mjpeg.counters)" ]
	nothing_left
}

@test "no frame is older than the still that held it" {
	needs liveview
	begin_view view
	first_pid=$view_pid
	begin_view other
	other_pid=$view_pid
	for i in 1 2 3; do
		"$opencamrc" capture -o "$i.jpg"
		# What is written from here on was taken after the still.
		before=$(stat -c %s view.mjpeg) before_other=$(stat -c %s other.mjpeg)
		more() {
			[ "$(stat -c %s view.mjpeg)" -gt $((before + 300000)) ] &&
				[ "$(stat -c %s other.mjpeg)" -gt $((before_other + 300000)) ]
		}
		wait_until 30 more
	done
	end_view "$other_pid"
	end_view "$first_pid"
	counters view.mjpeg
	counters other.mjpeg
}

@test "two live views share the frames, each of which is fetched once" {
	needs liveview
	begin_view a --debug-logfile a.debug
	"$opencamrc" liveview --frames "$(size 60 600)" --debug-logfile b.debug > b.mjpeg 2> b.log
	end_view "$view_pid"
	counters a.mjpeg
	counters b.mjpeg
	both=$(sort a.mjpeg.counters b.mjpeg.counters | uniq -d | wc -l)
	all=$(sort -u a.mjpeg.counters b.mjpeg.counters | wc -l)
	fetched=$(cat a.debug b.debug | grep -c "Sending PTP_OC 0x$frame_code")
	echo "# figure: $all frames, fetched with $fetched requests; of $(wc -l < b.mjpeg.counters) both had $both" >&3
	# A reader that is slow for a moment misses some; with requests of its own it would have none of the other's.
	[ "$both" -ge $(($(size 60 600) / 4)) ]
	# Some requests come before the camera has a frame, and some frames are dropped.
	[ "$fetched" -lt $((all + all / 4 + 10)) ]
}

@test "a live view that is closed by its reader does not disturb the other" {
	needs liveview
	begin_view view
	"$opencamrc" liveview 2> short.log | head -c 400000 > short.mjpeg
	before=$(stat -c %s view.mjpeg)
	grew() { [ "$(stat -c %s view.mjpeg)" -gt $((before + 500000)) ]; }
	wait_until 30 grew
	end_view "$view_pid"
	counters view.mjpeg
	nothing_left
}

# What a process has open and in memory: descriptors, kB.
measure() {
	local fds=(/proc/"$1"/fd/*)
	echo "${#fds[@]} $(awk '/^VmRSS:/ { print $2 }' "/proc/$1/status") $(awk '/^Threads:/ { print $2 }' "/proc/$1/status")"
}

# What a command had is closed, and its thread is off /proc, a moment after its end.
settled() {
	local before="$fds $threads"
	read -r fds memory threads < <(measure "$owner")
	[ "$fds $threads" = "$before" ]
}

flat() {
	read -r fds_after memory_after threads_after < <(measure "$owner")
	[ "$fds_after" -le "$fds" ] && [ "$threads_after" -le "$threads" ]
}

@test "forwarded commands leave the owner's memory and descriptors flat" {
	[ -z "${UNDER_VALGRIND:-}" ] || skip "valgrind's own memory grows"
	local i count fds='' memory threads=''
	count=$(size 150 1000)
	"$opencamrc" open
	owner=$(owner_pid)
	"$opencamrc" capture -o warm.jpg
	for ((i = 0; i < 30; i++)); do "$opencamrc" config get iso > /dev/null; done
	wait_until 10 settled
	for ((i = 0; i < count; i++)); do
		case $((i % 25)) in
		7) "$opencamrc" capture -o "$i.jpg" > /dev/null && rm "$i.jpg" ;;
		8) ! has liveview || "$opencamrc" liveview --frames 3 > /dev/null 2>&1 ;;
		9) ! "$opencamrc" config nonsense=1 2> /dev/null ;;
		10) "$opencamrc" config list > /dev/null ;;
		*) "$opencamrc" config get iso > /dev/null ;;
		esac
	done
	wait_until 10 flat || echo "# $threads threads, and $threads_after in the end"
	echo "# figure: $count commands: $fds to $fds_after descriptors, $memory to $memory_after kB" >&3
	[ "$(owner_pid)" = "$owner" ]
	[ "$fds_after" -le "$fds" ]
	[ "$threads_after" -le "$threads" ]
	# Megabytes may be the allocator's, where threads got in each other's way; in long, 5 kB a command would be seen.
	# The address sanitizer keeps what is freed.
	grep -q __asan_init "$opencamrc" || [ "$memory_after" -lt $((memory + 4096 + count / 2)) ]
	"$opencamrc" close
	nothing_left
}

@test "after an owner was killed the next command works, every time" {
	needs liveview
	local i seed=${SEED:-$(size 4711 "$RANDOM")}
	RANDOM=$seed
	echo "# SEED=$seed"
	for ((i = 0; i < $(size 8 100); i++)); do
		"$opencamrc" liveview > view.mjpeg 2> view.log 3>&- &
		view_pid=$!
		"$opencamrc" capture -o "killed-$i.jpg" > /dev/null 2>&1 3>&- &
		still=$!
		sleep "0.$(printf %03d $((RANDOM % 1000)))"
		owner=$(owner_pid) && kill -KILL "$owner"
		wait "$still" || true
		"$opencamrc" config get iso > iso 2> iso.log || {
			echo "SEED=$seed, round $i: $(cat iso.log)" >&2
			return 1
		}
		[ -s iso ]
		"$opencamrc" -q capture -o "$i.jpg"
		rm -f ./*.jpg
		# It went with its owner, and said so in one line; or it had none yet, and goes on.
		heeds_or_is_gone() { heeds "$view_pid" || ! kill -0 "$view_pid" 2> /dev/null; }
		wait_until 30 heeds_or_is_gone
		status=0
		kill -INT "$view_pid" 2> /dev/null || true
		wait "$view_pid" || status=$?
		if [ "$status" != 130 ]; then
			[ "$status" = 5 ]
			[ "$(wc -l < view.log)" = 1 ]
			grep -q 'has died' view.log
		fi
	done
	nothing_left
}

@test "of a file whose owner is killed in the middle nothing is left" {
	needs liveview
	in_background view "$opencamrc" liveview -o half.mjpeg
	wait_until 30 writing half
	kill -KILL "$(owner_pid)"
	background_status
	same_text 5 "$status"
	[ ! -e half.mjpeg ]
	# Where the file system wants a name, the next file takes it away.
	"$opencamrc" -q capture -o whole.jpg
	is_jpeg whole.jpg
	nothing_left
}

@test "a caller that is killed in its capture leaves nothing behind, and the live view goes on" {
	needs liveview
	local i
	begin_view view
	for ((i = 0; i < $(size 5 30); i++)); do
		"$opencamrc" capture -o "$i.jpg" > /dev/null 2>&1 3>&- &
		caller=$!
		sleep "0.$((RANDOM % 6))"
		kill -KILL "$caller" 2> /dev/null || true
		wait "$caller" 2> /dev/null || true
		# The next one has its turn when the other has ended.
		"$opencamrc" config get iso > /dev/null
	done
	"$opencamrc" capture -o whole.jpg
	is_jpeg whole.jpg
	end_view "$view_pid"
	counters view.mjpeg
	nothing_left
}

@test "a signal to a caller ends its command, and not the owner" {
	needs liveview
	local number name
	begin_view view
	owner=$(owner_pid)
	for name in INT:130 TERM:143 HUP:129; do
		"$opencamrc" liveview > other.mjpeg 2> other.log 3>&- &
		caller=$!
		wait_until 30 test -s other.mjpeg
		status=0
		kill -"${name%:*}" "$caller"
		wait "$caller" || status=$?
		[ "$status" = "${name#*:}" ]
		"$opencamrc" capture ${bulb_set:+--set "$bulb_set"} --bulb 60s -o bulb.jpg 2> bulb.log 3>&- &
		caller=$!
		sleep 0.5
		wait_until 30 heeds "$caller"
		status=0
		kill -"${name%:*}" "$caller"
		wait "$caller" || status=$?
		[ "$status" = "${name#*:}" ]
		[ ! -e bulb.jpg ]
		: > other.mjpeg
	done
	[ "$(owner_pid)" = "$owner" ]
	before=$(stat -c %s view.mjpeg)
	grew() { [ "$(stat -c %s view.mjpeg)" -gt "$before" ]; }
	wait_until 30 grew
	end_view "$view_pid"
	nothing_left
}

@test "SIGTERM to the owner ends its commands with the camera left clean" {
	needs liveview
	begin_view view
	"$opencamrc" liveview > other.mjpeg 2> other.log 3>&- &
	other=$!
	wait_until 30 test -s other.mjpeg
	kill -TERM "$(owner_pid)"
	# Nobody stopped the commands themselves: a service that has one is to start it again.
	status=0
	wait "$view_pid" || status=$?
	[ "$status" = 5 ]
	status=0
	wait "$other" || status=$?
	[ "$status" = 5 ]
	grep -qx "opencamrc: liveview: the command was cut short: the process that held the camera was told to end (try again: the camera is free)" view.log
	grep -q "cut short: the process that held the camera, another opencamrc command's, was told to end" other.log
	counters view.mjpeg
	nothing_left
	[ "$body" != eos1200d ] || "$opencamrc" config get output | grep -qv PC
	[ "$body" != d750 ] || [ "$("$opencamrc" config get recordingmedia)" = Card ]
}

@test "a camera that exposes is waited for as long as --wait says, and until Control-C" {
	needs liveview
	start_simcam --log-releases
	export OPENCAMRC_REMOTE=$sim_address
	begin_view view
	"$opencamrc" capture ${bulb_set:+--set "$bulb_set"} --bulb 60s -o bulb.jpg 2> bulb.log 3>&- &
	bulb=$!
	wait_until 30 grep -q 'shutter released' "$sim_log"
	run_error 4 'the camera is busy: another opencamrc command is using it' \
		"$opencamrc" --wait 0 config get iso
	run_error 4 'the camera is busy' "$opencamrc" --wait 300ms config get iso
	"$opencamrc" config get iso > iso 2> iso.log 3>&- &
	caller=$!
	sleep 0.4
	wait_until 30 heeds "$caller"
	status=0
	kill -INT "$caller"
	wait "$caller" || status=$?
	[ "$status" = 130 ]
	[ ! -s iso ]
	[ ! -s iso.log ]
	kill -INT "$bulb"
	wait "$bulb" || true
	"$opencamrc" config get iso
	end_view "$view_pid"
	nothing_left
}

@test "who has waited for an owner, however long, has the camera when that dies" {
	"$opencamrc" -q open
	stopped=$(owner_pid)
	kill -STOP "$stopped"
	in_background caller "$opencamrc" config get iso
	sleep "$(size 2 17)"
	kill -KILL "$stopped"
	background_status
	cat caller.err
	same_text 0 "$status"
	[ -s caller.out ]
	nothing_left
}

@test "a process that closes its camera, however slowly, is waited for as long as --wait says" {
	# What such a one has still is the lock.
	mkdir -m 700 -p "$XDG_RUNTIME_DIR/opencamrc"
	local lock="$XDG_RUNTIME_DIR/opencamrc/usbip:$sim_address+1-1.lock"
	in_background leaves flock "$lock" sleep 12
	leaves=$background_pid
	wait_until 20 test -e "$lock"
	run_error 4 'config: the camera is busy: another opencamrc has it \(--wait' "$opencamrc" --wait 300ms config get iso
	in_background caller "$opencamrc" config get iso
	wait_until 20 heeds "$background_pid"
	kill -INT "$background_pid"
	background_status
	same_text 130 "$status"
	# What is waited here is no silence of the link's.
	"$opencamrc" --timeout "$((8 * ${PATIENCE:-1}))s" config get iso
	wait "$leaves"
	"$opencamrc" --wait 0 config get iso
	nothing_left
}

@test "a process that holds the camera and is stopped keeps nobody waiting for longer than --wait" {
	local i status silent='the camera is busy: the process that holds it did not answer for'
	local patience=("$opencamrc" --wait 1s) callers=() began
	start_simcam --log-releases
	export OPENCAMRC_REMOTE=$sim_address
	"$opencamrc" -q open
	stopped=$(owner_pid)
	kill -STOP "$stopped"
	run_error 4 "^opencamrc: capture: $silent 3 s \(" \
		timeout 60 "${patience[@]}" capture -o never.jpg
	# An answer takes its time, however little one is to wait for.
	run_error 4 "$silent 4 s" timeout 60 "$opencamrc" --wait 4s config get iso
	run_error 4 "$silent 3 s" timeout 60 "${patience[@]}" close
	# And who reads what it says is not kept waiting either: nobody else has it yet.
	timeout 60 "${patience[@]}" config get iso 2> err | timeout 60 cat > out
	same_text '4 0' "${PIPESTATUS[*]}"
	[ ! -s out ]
	# More of what it is told than there is room for.
	run_error 4 "$silent 3 s" env "MUCH=$(head -c 100000 /dev/zero | tr '\0' x)" \
		"MORE=$(head -c 100000 /dev/zero | tr '\0' x)" "EVEN_MORE=$(head -c 100000 /dev/zero | tr '\0' x)" \
		timeout 60 "${patience[@]}" config get iso
	# More callers than the kernel lets wait for it.
	for ((i = 0; i < 80; i++)); do
		timeout 60 "${patience[@]}" capture -o never.jpg > "caller-$i.log" 2>&1 3>&- &
		callers+=($!)
	done
	for i in "${!callers[@]}"; do
		status=0
		wait "${callers[i]}" || status=$?
		[ "$status" = 4 ] || { cat "caller-$i.log" && return 1; }
		grep -q "^opencamrc: capture: $silent 3 s" "caller-$i.log"
		[ "$(wc -l < "caller-$i.log")" = 1 ]
	done
	# Control-C is answered, whether there was room or not.
	for i in 1 2; do
		in_background caller "$opencamrc" config get iso
		began=$SECONDS
		sleep 0.3
		wait_until 30 heeds "$background_pid"
		kill -INT "$background_pid"
		background_status
		[ "$status" = 130 ]
		[ $((SECONDS - began)) -lt 30 ]
		[ ! -s caller.out ] && [ ! -s caller.err ]
	done
	kill -CONT "$stopped"
	"$opencamrc" config get iso
	[ "$(owner_pid)" = "$stopped" ]
	# Of what was given up nothing is done later.
	[ ! -e never.jpg ]
	! grep -q 'shutter released' "$sim_log"
	"$opencamrc" -q close
	nothing_left
}

@test "two commands that begin at once find each other" {
	local i
	for ((i = 0; i < $(size 20 100); i++)); do
		"$opencamrc" config get iso > a 2>&1 3>&- &
		first=$!
		"$opencamrc" -r "localhost:$sim_port" config get iso > b 2>&1 3>&- &
		second=$!
		wait "$first" || { cat a && return 1; }
		wait "$second" || { cat b && return 1; }
		cmp a b
		[ "$(wc -l < a)" = 1 ]
	done
	nothing_left
}

@test "a long download lets a live view have a frame after each part" {
	needs raw
	"$opencamrc" -r "$sim_address" config "$raw_set" -q
	"$opencamrc" -r "$sim_address" capture --card > /dev/null
	start_slow_link "$sim_address" --rate 15000000
	export OPENCAMRC_REMOTE=$link_address
	begin_view view
	"$opencamrc" files get "*.$raw_ext" -o raw.cr2 3>&- &
	download=$!
	size_before=$(stat -c %s view.mjpeg)
	wait "$download"
	parts=$(($(stat -c %s raw.cr2) >> 20))
	frames=$("$frame_counter" < view.mjpeg | wc -l)
	echo "# figure: $frames frames while $parts parts of 1 MiB were fetched" >&3
	end_view "$view_pid"
	[ "$frames" -ge "$parts" ]
	[ "$(stat -c %s view.mjpeg)" -gt "$size_before" ]
	counters view.mjpeg
	is_raw raw.cr2
}
