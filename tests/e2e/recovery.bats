#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A link or a camera that fails under a live view: it goes on, tells what it tried, and gives up in time.

load common

setup() {
	isolate
}

teardown() {
	stop_all
}

# Before its first frame nothing is recovered: it may end there.
begun() {
	[ -s view.out ] || ended
}

view() {
	needs liveview
	in_background view "$opencamrc" -r "$1" liveview --json "${@:2}"
	wait_until 20 begun
}

# summary FILTER: of the JSON line at the end.
summary() {
	tail -n 1 view.err | jq -e "$1" > /dev/null || {
		cat view.err >&2
		return 1
	}
}

# more_pictures COUNT: of the interval's than so many.
more_pictures() {
	[ "$(wc -l < interval.out)" -gt "$1" ]
}

back() {
	[ "$(grep -c 'the camera is back after' view.err)" -ge "$1" ]
}

@test "a link that is cut again and again: stream and interval go on, each gap is told" {
	local cuts=2 pause=1 i interval pictures
	[ -z "${SOAK:-}" ] || cuts=30 pause=17
	start_simcam
	# An address of its own: nobody else gets the port while it is free.
	start_slow_link "$sim_address" --listen 127.0.7.1:0
	in_background interval "$opencamrc" -r "$link_address" interval --every "$long_period" -n 10000 \
		-o 'tl/%05n.%C' --set "$small_set"
	interval=$background_pid
	view "$link_address"
	wait_until 30 test -s interval.out
	for ((i = 1; i <= cuts; i++)); do
		# Away, not only cut: nobody listens at the address meanwhile.
		kill "$link_pid"
		wait "$link_pid" || true
		sleep 3
		"$slow_link" --listen "$link_address" --to "$sim_address" > again.log 2>&1 3>&- &
		link_pid=$!
		started+=("$link_pid")
		wait_until 30 back "$i"
		# A cut that comes before the next picture is one gap with that before.
		pictures=$(wc -l < interval.out)
		wait_until 30 more_pictures "$pictures"
		sleep "$pause"
	done
	kill -INT "$background_pid"
	background_status
	same_text 130 "$status"
	summary ".reconnects == $cuts and .away > 0 and .damaged == 0"
	"$frame_counter" < view.out > counted
	[ "$(wc -l < counted)" -eq "$(tail -n 1 view.err | jq .frames)" ]
	background_pid=$interval
	kill -INT "$background_pid"
	background_status
	same_text 130 "$status"
	"$opencamrc" interval --report tl/interval.jsonl --json > report
	jq -e ".unexplained == 0 and .repeated == 0 and .taken + .missed + .failed + .open == .slots and
		.taken > $cuts and .gap_count >= $cuts and all(.gaps[]; .why != \"\")" report || {
		cat report >&2
		return 1
	}
	echo "# figure: $cuts cuts, each survived; $(tail -n 1 view.err); interval: $(jq -c '{slots, taken, missed, failed, gap_count}' report)" >&3
}

# Ends by itself: FAULT [COMMAND-OPTION…]
with_fault() {
	local try
	# On a busy machine the opening may be over after --timeout, and the camera has met no fault.
	for try in 1 2 3; do
		start_simcam --fault "$1"
		view "$sim_address" --frames 40 --timeout 1s "${@:2}"
		background_status
		kill "$sim_pid"
		! grep -q 'fault: ' "$sim_log" || break
		echo "$1 was not met, $try" >&2
	done
	echo "$1: status $status" >&2
	same_text 0 "$status"
	summary '.frames == 40'
	"$frame_counter" < view.out > counted
	grep -q 'fault: ' "$sim_log"
}

strikes() {
	grep -c 'fault: ' "$sim_log" || true
}

# fails_with FAULT@NUMBER STATUS PATTERN COMMAND…: the fault is met, and what run_error says holds. Sets `took`.
# On a busy machine the command may be over before it has come so far: the fault is spent otherwise then.
fails_with() {
	local fault=$1 try failed start struck
	spent() {
		"$opencamrc" -r "$sim_address" config get iso > /dev/null 2>&1 || true
		[ "$(strikes)" -gt "$struck" ]
	}
	shift
	for try in 1 2 3; do
		struck=$(strikes) failed=0 start=$SECONDS
		hand fault "$fault"
		run_error "$@" || failed=1
		took=$((SECONDS - start))
		[ "$(strikes)" -eq "$struck" ] || return "$failed"
		echo "$fault was not met, $try" >&2
		wait_until 60 spent
	done
	return 1
}

@test "a camera that stalls, hangs, answers late, wrongly or not at all: the live view goes on" {
	for kind in stall hang late truncated oversized garbage busy id session reset vanish; do
		with_fault "$kind@80"
	done
}

@test "a camera that goes when live view is prepared is lost, and none without live view" {
	needs liveview
	local asked status=0
	start_simcam --debug --control "$BATS_TEST_TMPDIR/hand"
	export OPENCAMRC_REMOTE=$sim_address
	"$opencamrc" liveview --frames 1 > view.jpg
	# The driver asks an EOS anew what it can do, and without an answer takes it for one that can do nothing.
	asked=$(grep -E ' ptp: .* ->' "$sim_log" | sed "/ ptp: $frame_code /q" | grep -n ' ptp: 1001 ' | tail -n 1 |
		cut -d: -f1)
	hand fault "vanish@$asked"
	"$opencamrc" liveview --frames 1 > view.jpg 2> view.err || status=$?
	grep -q ': fault: vanish' "$sim_log"
	same_text 5 "$status"
	grep -q '^opencamrc: liveview: cannot .*: the connection to the camera is lost: ' view.err
}

@test "a camera that hangs before it answers is given up after --timeout" {
	needs liveview
	local start
	start_simcam --fault hang@70
	start=$SECONDS
	run_error 5 'connection|answer|sign of life|stopped' \
		timeout 60 "$opencamrc" -r "$sim_address" -q liveview --frames 100000 --timeout 1s --recover 0 -o view.mjpeg
	echo "took $((SECONDS - start)) s" >&2
	# The driver's own patience would be 20 s and more.
	[ $((SECONDS - start)) -lt 19 ]
	"$opencamrc" -r "$sim_address" config get iso
}

@test "a camera that hangs while it is opened is given up after --timeout, and little more" {
	local at took
	start_simcam
	# Among them what the driver asks on after; a second answer to OpenSession is one of its own tries.
	for at in $opening; do
		fails_with "hang@$at" 5 'config: cannot .*(answer|connection)' \
			timeout 60 "$opencamrc" -r "$sim_address" --timeout 1s config get iso
		echo "hang@$at took $took s" >&2
		[ "$took" -lt 19 ]
		"$opencamrc" -r "$sim_address" config get iso
	done
}

@test "a camera that is busy when it is opened is waited for, up to --timeout" {
	local try took
	start_simcam
	# It is busy for 3 s: a command that something else held up for as long has not seen that.
	for try in 1 2 3; do
		! fails_with busy@2 4 'cannot open the camera .*[Bb]usy' \
			"$opencamrc" -r "$sim_address" --timeout 1500ms config get iso || break
		[ "$try" -lt 3 ] && [ "$took" -ge 2 ]
	done
	"$opencamrc" -r "$sim_address" --timeout 20s config get iso
}

@test "asleep and awake again: the live view goes on" {
	start_simcam
	view "$sim_address"
	hand off
	wait_until 20 grep -q 'the camera is away, connecting again' view.err
	hand on
	wait_until 30 back 1
	kill -INT "$background_pid"
	background_status
	summary '.reconnects == 1'
}

@test "--on-lost is run with the camera's port, and what it does may help" {
	start_simcam
	view "$sim_address" --recover 8s --on-lost "echo \"\$ACTION \$ARGUMENT\" > ran; echo on > $sim_hand"
	hand off
	wait_until 30 back 1
	same_text "lost usbip:$sim_address" "$(cat ran)"
	kill -INT "$background_pid"
	background_status
	summary '.reconnects == 1'
}

@test "given up: exit status 5, with what was tried; the first opening fails at once" {
	start_simcam
	view "$sim_address" --recover 1s --on-lost false
	hand off
	background_status
	same_text 5 "$status"
	grep -q 'given up after .*connecting [1-9].*--on-lost command 1' view.err
	run_error 3 'liveview' timeout 30 "$opencamrc" -r "$sim_address" liveview
	run_error 2 'not a duration.*forever' "$opencamrc" -r "$sim_address" liveview --recover soon
}

# 3 s of DeviceBusy, from each transaction on in which the driver may fetch it: at some of them it forgets the
# picture, and never tells of it.
@test "a camera that is busy when its picture is to be fetched is not waited for in vain" {
	local at step=4 lost=0 runs=0
	[ -z "${SOAK:-}" ] || step=1
	start_simcam --speed 50 --log-releases
	"$opencamrc" -r "$sim_address" config "$tiny_set"
	for ((at = 65; at < 77; at += step)); do
		runs=$((runs + 1))
		hand fault "busy@$at"
		status=0
		timeout 30 "$opencamrc" -r "$sim_address" capture -o "$at.jpg" > out 2> err || status=$?
		[ "$status" -eq 0 ] || { cat err && [ "$status" -eq 1 ] &&
			grep -q 'a picture was taken, and is lost.*busy.*--keep' err && lost=$((lost + 1)); }
		"$opencamrc" -r "$sim_address" info > /dev/null
	done
	echo "# figure: busy at $runs transactions: $lost pictures lost, and said so" >&3
}

@test "a card that is full is told as that, with what to do" {
	start_simcam --card-size 1K
	run_error 1 'no space left on the card .*files delete' \
		"$opencamrc" -r "$sim_address" capture --card
}
