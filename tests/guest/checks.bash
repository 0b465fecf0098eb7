# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# Sourced by the checks that run with the guest: numbered TAP lines, bounded waiting, a slow link.
# What uses it sets work, a folder of its own, which a guest shares.

# shellcheck source=tests/processes.bash
. "$(dirname "${BASH_SOURCE[0]}")/../processes.bash"

number=0
failed=0

# check NAME COMMAND…: one TAP line; where it fails, the end of what it said and of the guest's console.
check() {
	local name=$1 start=$SECONDS
	shift
	number=$((number + 1))
	if "$@" > "$work/output" 2>&1; then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		failed=$((failed + 1))
		tail -n 20 "$work/output" | sed 's/^/# /'
		[ ! -e "$work/console" ] || tail -n 25 "$work/console" | sed 's/^/# guest: /'
		# The emulated machine is not what is tested: tests/run does it all once more.
		if [ -n "${guest_pid:-}" ] && ! GUEST_LIMIT=30 guest true > /dev/null; then
			echo "Bail out! the guest is gone"
			exit 75
		fi
	fi
	echo "# took $((SECONDS - start)) s"
}

finish_checks() {
	echo "1..$number"
	exit $((failed > 0))
}

# give_up REASON [FILE]: nothing could be checked; the file tells more.
give_up() {
	[ $# -lt 2 ] || sed 's/^/# /' "$2"
	echo "1..1"
	echo "not ok 1 - ${1//$'\n'/; }"
	exit 1
}

# start_listener NAME PROGRAM…: one that says "listening on ADDRESS", which goes to the variable NAME; its
# process to NAME_pid, its output to $work/NAME.
start_listener() {
	local -n listener_address=$1 listener_pid=${1}_pid
	start_listening "$work/$1" "${@:2}" || return 1
	# shellcheck disable=SC2034 # the caller's variables
	listener_address=$listening_at listener_pid=$listening_pid
}
# stop_listener NAME
stop_listener() {
	local -n listener_pid=${1}_pid
	[ -n "${listener_pid:-}" ] || return 0
	kill "$listener_pid" 2> /dev/null
	wait "$listener_pid" 2> /dev/null
	listener_pid=
}
