# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sourced by whatever runs programs beside itself: started in the background, waited for with a bound,
# ended at the end.

started=()

# wait_until SECONDS COMMAND…: tries it every 20 ms until it succeeds; fails after SECONDS, or as many times
# that as PATIENCE says: under sanitizers and valgrind everything is slow. Ten seconds and more are there so
# that a hang has an end, and a machine that others load gets four times that.
wait_until() {
	local seconds=$(($1 < 10 ? $1 : $1 * 4))
	local ends=$(($(date +%s%N) + seconds * ${PATIENCE:-1} * 1000000000))
	shift
	until "$@"; do
		[ "$(date +%s%N)" -lt "$ends" ] || return 1
		sleep 0.02
	done
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
