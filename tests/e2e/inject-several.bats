#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Several calls of a command fail, of any kind, as a seed has it: what inject.bats asks for holds, and a
# command that ends with 0 has done what it was asked for. One run of each command here, hundreds with
# SOAK=1 (`make soak`). By hand: RUNS, COMMANDS (a few of them), and INJECT_SEED and RUNS=1 for what a run has said.

load common
load session
load inject

setup() {
	inject_setup --card "$BATS_TEST_TMPDIR/card" --control "$BATS_TEST_TMPDIR/hand"
	"$opencamrc" -r "$sim_address" -q capture --card
	on_card=$BATS_TEST_TMPDIR/card/DCIM/$card_dcim/$(picture 1)
	runs=${RUNS:-$(size 8 400)}
}

teardown() {
	stop_all
}

# storm COMMAND…: with the run's failures.
storm() {
	with_failures INJECT_CHANCE="$chance" INJECT_SEED="$run" INJECT_KINDS=mnft -- "$@"
}

done_unless_failed() {
	[ "$status" -ne 0 ] || "$@" || wrong "has not done it: $*"
}

run_capture() {
	storm capture -o whole.jpg
	done_unless_failed test -e whole.jpg
}

run_capture_keep() {
	storm capture --keep -o whole.jpg
	done_unless_failed test -e whole.jpg
}

run_view() {
	storm liveview --frames 3 -o whole.mjpeg
	done_unless_failed test -e whole.mjpeg
}

has_both() {
	[ -e whole-0.jpg ] && [ -e whole-1.jpg ]
}

# The link is cut, and made again, several times: each connection for itself, so that the next command, which
# clears up after an owner that had no memory to do so, has one of its own and comes nowhere near the cut.
run_cut() {
	start_slow_link "$sim_address" --every --cut-after 400000
	sim_address=$link_address storm liveview --frames 20 -o whole.mjpeg
	timeout -k 10 60 "$opencamrc" -r "$link_address" config get iso > next 2>&1 3>&- ||
		wrong "the next command at the link ended with $?: $(cat next)"
	kill "$link_pid"
	wait "$link_pid" || true
	done_unless_failed test -e whole.mjpeg
}

run_interval() {
	storm interval --every 0.5s --count 2 -o whole-%n.jpg
	done_unless_failed has_both
}

run_get() {
	storm files get 1 -o whole.jpg
	done_unless_failed cmp whole.jpg "$on_card"
}

artist_is() {
	[ "$("$opencamrc" -r "$sim_address" config get artist)" = "$1" ]
}

run_config() {
	storm config artist="number $run"
	done_unless_failed artist_is "number $run"
}

waits_or_is_gone() {
	grep -q 'waiting for pictures' said || ! kill -0 "$storm_pid" 2> /dev/null
}

# One that had to open the camera anew in that moment has been told nothing of the picture.
has_it_or_says_where() {
	[ -e whole.jpg ] || grep -q 'what was shot meanwhile is on the card' said
}

run_tether() {
	: > said
	{
		storm tether -n 1 --duration 20s -o whole.jpg
		echo "$status" > status
	} 3>&- &
	storm_pid=$!
	wait_until 60 waits_or_is_gone
	hand press
	wait "$storm_pid"
	status=$(cat status)
	done_unless_failed has_it_or_says_where
}

run_shell() {
	printf '%s\n' 'config get iso' 'capture -o whole.jpg' 'config get aperture' > lines
	storm shell < lines
	done_unless_failed test -e whole.jpg
}

@test "several failing calls end any command cleanly" {
	local commands=(capture capture_keep interval get tether shell)
	local chances=(25 100 400 1600) failed=0 number run chance command
	! has liveview || commands+=(view cut)
	! has texts || commands+=(config)
	[ -z "${COMMANDS:-}" ] || read -ra commands <<< "$COMMANDS"
	for ((number = 0; number < runs; number++)); do
		run=$((seed + number))
		chance=${chances[run / ${#commands[@]} % 4]}
		command=${commands[run % ${#commands[@]}]}
		again="INJECT_SEED=$run RUNS=1, $command"
		"run_$command"
		[ "$status" -eq 0 ] || failed=$((failed + 1))
		judge
	done
	echo "# figure: $runs runs from INJECT_SEED=$seed on: $failed failed, $failures wrong" >&3
	[ "$failures" -eq 0 ]
	nothing_left
}
