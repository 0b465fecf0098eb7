# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sourced by whatever runs programs beside itself: started in the background, waited for with a bound,
# ended at the end.

started=()

# wait_until SECONDS COMMAND…: tries it every 20 ms, later every 100 ms, or twice as long as a look takes,
# until it succeeds; fails after SECONDS, or as many times that as PATIENCE says: under sanitizers and valgrind
# everything is slow. Ten seconds and more are there so that a hang has an end, and a machine that others load
# gets four times that. Most tests wait most of the time: no program is started for that but COMMAND.
wait_until() {
	local seconds=$(($1 < 10 ? $1 : $1 * 4))
	local now=${EPOCHREALTIME//[!0-9]/} ends pause=20000 looks text nothing='' failed=0
	ends=$((now + seconds * ${PATIENCE:-1} * 1000000))
	shift
	until "$@"; do
		looks=$((${EPOCHREALTIME//[!0-9]/} - now))
		if ((now + looks >= ends)); then
			failed=1
			break
		fi
		looks=$((looks * 2 < pause ? pause : looks < 500000 ? looks * 2 : 999999))
		printf -v text '0.%06d' "$looks"
		# A pipe that nobody writes to.
		[ -n "$nothing" ] || exec {nothing}<> <(:)
		read -rt "$text" -u "$nothing" || true
		pause=$((pause < 80000 ? pause * 5 / 4 : 100000))
		now=${EPOCHREALTIME//[!0-9]/}
	done
	[ -z "$nothing" ] || exec {nothing}>&-
	return "$failed"
}

# listening_address LOG: prints ADDR:PORT once the program that writes LOG says it; under valgrind that
# takes a while.
listening_address() {
	wait_until 60 grep -q '^listening on ' "$1" || {
		echo "no 'listening on' in $1:" >&2
		cat "$1" >&2
		return 1
	}
	sed -n 's/^listening on //p;q' "$1"
}

# start_listening LOG PROGRAM…: in the background, until it says "listening on ADDR:PORT"; sets
# listening_pid and listening_at.
start_listening() {
	local log=$1
	shift
	# What an earlier one said must not be read.
	: > "$log"
	# bats waits for whoever has its descriptor 3.
	"$@" > "$log" 2>&1 3>&- &
	listening_pid=$!
	started+=("$listening_pid")
	listening_at=$(listening_address "$log")
}

# Ends all of `started`.
stop_all() {
	local pid
	for pid in "${started[@]}"; do
		kill "$pid" 2> /dev/null || true
	done
	for pid in "${started[@]}"; do
		wait "$pid" 2> /dev/null || true
	done
	started=()
}
