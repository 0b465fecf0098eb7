# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# Sourced by the tests of commands that share a camera.

# The process that has a lock of this test's folder open.
owner_pid() {
	local found
	found=$(find /proc/[0-9]*/fd -lname "$XDG_RUNTIME_DIR/opencamrc/*.lock" -print -quit 2> /dev/null)
	found=${found#/proc/}
	[ -n "$found" ] && echo "${found%%/*}"
}

no_owner() {
	! owner_pid > /dev/null
}

# begin_view NAME [OPTIONS]: a live view into NAME.mjpeg, its talk in NAME.log; sets view_pid once it
# has frames.
begin_view() {
	local name=$1
	shift
	"$opencamrc" liveview "$@" > "$name.mjpeg" 2> "$name.log" 3>&- &
	view_pid=$!
	started+=("$view_pid")
	wait_until 30 test -s "$name.mjpeg"
}

# end_view PID: by Control-C.
end_view() {
	local status=0
	kill -INT "$1"
	wait "$1" || status=$?
	[ "$status" = 130 ] || {
		echo "the live view ended with $status" >&2
		cat ./*.log >&2
		return 1
	}
}

# counters FILE: the frames' counters, each of which is whole and newer than the one before.
counters() {
	"$frame_counter" < "$1" > "$1.counters" || {
		grep -v '^[0-9]*$' "$1.counters" >&2
		return 1
	}
	awk 'NR > 1 && $1 <= last { print "frame", $1, "after", last; bad = 1 }
		{ last = $1 } END { exit bad }' "$1.counters" >&2
}

# nothing_left: no process of the test's, no temporary file.
nothing_left() {
	wait_until 20 no_owner || {
		echo 'an owner is left' >&2
		ps -fp "$(owner_pid)" >&2
		return 1
	}
	[ -z "$(find . -name '.*.opencamrc-*' -not -path './.run/*')" ] || {
		find . -name '.*.opencamrc-*' >&2
		return 1
	}
	[ -z "$(find "$XDG_RUNTIME_DIR/opencamrc" -name '*.sock')" ]
}
