# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154,SC2015
# What the end-to-end tests share: where the build is, a simulated camera, the slow link.
# Every test has a temporary folder of its own and ends what it started.

top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
build=${OPENCAMRC_BUILD:-$top}
opencamrc=$build/bin/opencamrc
simcam=$build/bin/opencamrc-simcam
slow_link=$build/tests/proxy/slow-link
frame_counter=$build/tests/tools/frame-counter
# shellcheck source=tests/processes.bash
. "$top/tests/processes.bash"
# shellcheck source=tests/e2e/body.bash
. "$top/tests/e2e/body.bash"

# size SHORT LONG: LONG with SOAK=1, as `make soak` has it. A seed is the same each time in short, so that
# `make check` of the same sources says the same, and another one each time in long.
size() {
	[ -n "${SOAK:-}" ] && echo "$2" || echo "$1"
}

# Nothing of the user's own configuration reaches a test, and no test looks for servers on the network.
isolate() {
	export HOME=$BATS_TEST_TMPDIR XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/.config
	export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/.run
	mkdir -p "$XDG_CONFIG_HOME" "$XDG_RUNTIME_DIR"
	export OPENCAMRC_REMOTE=
	unset OPENCAMRC_READ_AHEAD OPENCAMRC_SANDBOX IOLIBS CAMLIBS
	# Nothing here is lost because something else had the processor for seconds.
	export OPENCAMRC_TIMEOUT=$((15 * ${PATIENCE:-1}))s
	# Any test that there is, with the cameras' processes in their sandbox.
	[ -z "${OPENCAMRC_TEST_SANDBOX:-}" ] || export OPENCAMRC_SANDBOX=yes
	cd "$BATS_TEST_TMPDIR" || return 1
}

# Starts a simulated camera; sets sim_address (ADDR:PORT), sim_port, sim_pid and sim_hand. Ten times the
# body's speed unless the arguments say otherwise; BODY names another body (body.bash).
start_simcam() {
	local i name own=()
	local -A usual=([--listen]=127.0.0.1:0 [--speed]=10 [--seed]=1 [--body]=$body)
	sim_log=$BATS_TEST_TMPDIR/simcam-$((${#started[@]} + 1)).log
	sim_hand=$BATS_TEST_TMPDIR/.hand-$((${#started[@]} + 1))
	for ((i = 1; i < $#; i++)); do
		[ "${!i}" != --control ] || sim_hand=${*:i+1:1}
	done
	usual[--control]=$sim_hand
	# What is given twice popt would forget to free.
	for name in "${!usual[@]}"; do
		[[ " $* " = *" $name "* ]] || own+=("$name" "${usual[$name]}")
	done
	start_listening "$sim_log" "$simcam" "${own[@]}" "$@" || return 1
	sim_pid=$listening_pid
	sim_address=$listening_at
	sim_port=${sim_address##*:}
}

# start_slow_link TO [OPTIONS]: sets link_address and link_pid.
start_slow_link() {
	link_log=$BATS_TEST_TMPDIR/link-$((${#started[@]} + 1)).log
	start_listening "$link_log" "$slow_link" --listen 127.0.0.1:0 --to "$1" "${@:2}" || return 1
	link_pid=$listening_pid
	link_address=$listening_at
}

# Another client that holds the camera until the test ends: `hold_camera ADDR:PORT`. It does not know
# of this one, as if it were another machine's.
hold_camera() {
	mkdir -p "$BATS_TEST_TMPDIR/.elsewhere"
	local command=liveview
	has liveview || command=tether
	holder_log=$BATS_TEST_TMPDIR/holder.log
	holder_out=$BATS_TEST_TMPDIR/.elsewhere/out
	: > "$holder_log"
	: > "$holder_out"
	XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/.elsewhere "$opencamrc" -r "$1" $command 2> "$holder_log" 3>&- \
		> >(head -c 1 > "$holder_out" 3>&- && exec cat > /dev/null 3>&-) &
	holder_pid=$!
	started+=("$holder_pid")
	wait_until 30 holds
}

# By its own word: whoever asks the server has the camera for a moment.
holds() {
	[ -s "$holder_out" ] || grep -q 'waiting for pictures' "$holder_log"
}

in_use() {
	"$opencamrc" list -r "$1" --json 2> /dev/null | grep -q '"in_use": *true'
}

# is_jpeg FILE [WIDTHxHEIGHT]: a whole JPEG, decoded to its end without a complaint.
is_jpeg() {
	local said size
	said=$(djpeg -grayscale -scale 1/8 -outfile /dev/null "$1" 2>&1) && [ -z "$said" ] || {
		echo "$1: $said" >&2
		return 1
	}
	[ -n "${2:-}" ] || return 0
	size=$(picture_size "$1")
	[ "$size" = "$2" ] || {
		echo "$1 is $size, not $2" >&2
		return 1
	}
}

picture_size() {
	local said
	said=$(rdjpgcom -verbose "$1") && [[ $said =~ ([0-9]+)w\ \*\ ([0-9]+)h ]] &&
		echo "${BASH_REMATCH[1]}x${BASH_REMATCH[2]}"
}

# is_raw FILE: a RAW file that dcraw decodes.
is_raw() {
	dcraw -i "$1" > /dev/null && dcraw -h -c "$1" | head -c 2 | grep -q P6
}

# every FILTER FILE: there is a line of JSON in it, and each one satisfies jq's filter.
every() {
	jq -es "length > 0 and all(.[]; $1)" "$2" > /dev/null || {
		echo "not every line is $1:" >&2
		cat "$2" >&2
		return 1
	}
}

# same_text EXPECTED GOT
same_text() {
	[ "$1" = "$2" ] || {
		printf 'expected: %s\ngot: %s\n' "$1" "$2" >&2
		return 1
	}
}

# The one line of an error: status, then a pattern that the only line on stderr must match.
# run_error STATUS PATTERN COMMAND…
run_error() {
	local expected=$1 pattern=$2 status=0
	shift 2
	"$@" > "$BATS_TEST_TMPDIR/stdout" 2> "$BATS_TEST_TMPDIR/stderr" || status=$?
	if [ "$status" -ne "$expected" ] ||
		[ "$(wc -l < "$BATS_TEST_TMPDIR/stderr")" -ne 1 ] ||
		! grep -Eq -- "$pattern" "$BATS_TEST_TMPDIR/stderr"; then
		echo "status $status (expected $expected), stderr (expected $pattern):" >&2
		cat "$BATS_TEST_TMPDIR/stderr" >&2
		return 1
	fi
}

# The user's hand on the camera of start_simcam: `hand press 2`.
hand() {
	echo "$*" > "$sim_hand"
}

# press_and_capture: five times a picture by hand, and one by a capture right behind it, own-N.jpg.
press_and_capture() {
	local i
	for i in 0 2 4 6 8; do
		hand press
		sleep "0.$i"
		"$opencamrc" capture -o "own-$i.jpg" > out
		same_text "own-$i.jpg" "$(cat out)"
		is_jpeg "own-$i.jpg" "$small"
	done
}

# own_are_none_of FILE…: none of those captures, or of one that is own.jpg, has the picture of one of the files.
own_are_none_of() {
	local own file
	for own in own*.jpg; do
		for file; do
			run cmp -s "$file" "$own"
			same_text 1 "$status"
		done
	done
}

# in_background NAME COMMAND…: its output in NAME.out and NAME.err; sets background_pid.
in_background() {
	local name=$1
	shift
	# What an earlier one of that name said must not be read.
	: > "$name.out"
	: > "$name.err"
	"$@" > "$name.out" 2> "$name.err" 3>&- &
	background_pid=$!
	started+=("$background_pid")
}

# heeds PID: that opencamrc takes signals by now. Before, an interrupt from a script is ignored.
heeds() {
	local caught
	# Valgrind catches everything at once: what runs in it is given some seconds to do so.
	if [ -n "${UNDER_VALGRIND:-}" ]; then
		[ "$(ps -o etimes= -p "$1")" -ge 5 ]
		return
	fi
	caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$1/status" 2> /dev/null)
	[ "/proc/$1/exe" -ef "$opencamrc" ] && [ $((0x$caught & 2)) -ne 0 ]
}

# What in_background started last has come to its end.
ended() {
	! kill -0 "$background_pid" 2> /dev/null
}

# Waits for what in_background started; sets status.
background_status() {
	status=0
	wait "$background_pid" || status=$?
}

# writing NAME: a file that will have this name is being written here. It has none, unless the file
# system wants one; then it is hidden.
writing() {
	compgen -G ".*$1*" > /dev/null ||
		[ -n "$(find /proc/[0-9]*/fd -lname "$PWD/#*" -print -quit 2> /dev/null)" ]
}

# lines NUMBER FILE: it has so many by now.
lines() {
	[ -e "$2" ] && [ "$(wc -l < "$2")" -ge "$1" ]
}

# release_at first|last COMMAND…: sets at to the number of the command's transaction that releases the shutter: the
# last of its kind where the first one only focuses.
release_at() {
	local folder=at-${#started[@]}
	start_simcam || return 1
	mkdir "$folder"
	at=$(cd "$folder" && "$opencamrc" -r "$sim_address" --debug "${@:2}" 2>&1 > /dev/null |
		grep -o 'Sending PTP_OC 0x[0-9a-f]* .*request' | grep -n "$before_release" |
		if [ "$1" = first ]; then head -n 1; else tail -n 1; fi | cut -d: -f1)
	rm -r "$folder"
	[ -n "$at" ]
}

# busy_from FROM TO COMMAND…: for each N of those the command at a camera of its own, all at once; the camera
# is busy for 3 s from the N-th transaction on. Their ends are busy_shots's to look at.
busy_from() {
	local n name
	for ((n = $1; n <= $2; n++)); do
		start_simcam --log-releases --fault "busy@$n" || return 1
		name=busy-${#started[@]}
		mkdir "$name"
		(cd "$name" && exec "$opencamrc" -r "$sim_address" "${@:3}" > out 2> err 3>&-) &
		busy_names+=("$name") busy_pids+=($!) busy_logs+=("$sim_log")
		busy_what+=("busy@$n ${*:3}")
		started+=($!)
	done
}

# busy_shots NUMBER: each has released the shutter so often, and has a file of each shot; or it has failed, and
# says what has become of the picture that is missing.
busy_shots() {
	local i status shots files bad=0
	for i in "${!busy_names[@]}"; do
		status=0
		wait "${busy_pids[i]}" || status=$?
		shots=$(grep -c 'shutter released' "${busy_logs[i]}" || true)
		files=$(wc -l < "${busy_names[i]}/out")
		if [ "$status" -eq 0 ]; then
			[ "$shots $files" != "$1 $1" ] || continue
		elif [ "$shots" -le "$1" ]; then
			[ "$shots" -ne "$files" ] || continue
			[ "$shots" -ne $((files + 1)) ] ||
				! grep -q 'picture was taken\|picture stays' "${busy_names[i]}/err" || continue
		fi
		echo "${busy_what[i]}: status $status, $shots shots, $files files" >&2
		cat "${busy_names[i]}/err" >&2
		bad=1
	done
	busy_names=() busy_pids=() busy_logs=() busy_what=()
	return "$bad"
}
