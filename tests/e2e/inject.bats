#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Allocations, sockets, files and threads fail at one call of a command, another one in each run: it
# ends by itself, with a status of the manual and a line that says why, nothing that is not whole has a
# name, and the next command works. A few calls here, the same each time; hundreds, from a start of
# their own (INJECT_SEED), with SOAK=1 (`make soak`). By hand: POINTS=1000 is every call.

load common
load inject

setup() {
	inject_setup
	points=${POINTS:-$(size 2 60)}
}

teardown() {
	stop_all
}

# injected AT COMMAND…: runs it with its AT-th call failing.
injected() {
	local at=$1 patience=20s
	shift
	# Only these leave a link standing: a busy machine shall not be what the others fail for.
	case $kind$at in [nf][1-9]*) patience=2s ;; esac
	again="INJECT_SEED=$seed, ${words[*]}"
	with_failures INJECT_AT="$at" INJECT_SEED=$((seed + at)) INJECT_KINDS="$kind" -- "$@"
}

# A machine that is busy with something else costs an interval its slots.
slow() {
	[ "$status" -eq 6 ] &&
		grep -qE ' (is|are) missed: |: no picture: (too late|the camera was not ready in time)' said
}

# sweep COMMAND…: some calls of each kind.
sweep() {
	local words=("$@") total step at kind
	for kind in m n f t; do
		injected 0 "$@"
		[ "$status" -eq 0 ] || slow || wrong 'fails by itself'
		rm -f whole* interval.jsonl*
		total=$(od -An -tu8 count | tr -d ' ')
		[ "$total" -gt 0 ] || wrong "makes no call of kind $kind"
		step=$(((total + points - 1) / points))
		for ((at = seed % step + 1; at <= total; at += step)); do
			injected "$at" "$@"
			# Whatever process wanted it, its user reads what was wanting.
			[ "$kind" != m ] || [ "$status" -eq 0 ] || grep -qi memory said || slow ||
				wrong 'does not say that memory was wanting'
			judge
		done
	done
	[ "$failures" -eq 0 ]
}

@test "a process that cannot be started is said, whichever of the two it is" {
	local kind=t at
	for at in 1 2; do
		injected "$at" config get iso
		grep -q '^fork,' injected
		[ "$status" = 1 ]
		grep -qE '^opencamrc: config: cannot start a process: (Cannot allocate|Resource temp)' said
	done
}

@test "a failing call ends a capture cleanly" {
	sweep capture -o whole.jpg
}

@test "a failing call ends live view cleanly" {
	needs liveview
	sweep liveview --frames 3 -o whole.mjpeg
}

@test "a failing call ends an interval cleanly, or costs it a slot" {
	sweep interval --every 0.5s --late 499ms --count 2 -o whole-%n.jpg
}
