#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The link is cut, or stands still, at every message of a command, one run for each: nothing hangs or
# crashes, no part of a file has a whole one's name, no picture is lost unsaid, the next command works.
# In short here, the same points each time (SWEEP_SEED: others); every point with SOAK=1 (`make soak`).

load common

setup() {
	isolate
	seed=${SWEEP_SEED:-$(size 4711 "$RANDOM")}
	failures=0 points=0
	mkdir card
	start_simcam --card card --speed 50 --log-releases --live-view-loop 8 --live-view-bytes 60000
	# Small pictures: as many kinds of messages, and fewer of each.
	"$opencamrc" -r "$sim_address" config "$tiny_set"
}

teardown() {
	stop_all
}

# How many messages of each kind, and bytes from the camera, the command makes: sets submits, replies, bytes.
measure() {
	local link
	start_slow_link "$sim_address"
	link=$link_log
	"$opencamrc" -r "$link_address" "$@" > /dev/null
	kill "$link_pid"
	wait_until 10 grep -q '^submit ' "$link"
	read -r _ submits _ _ _ replies _ <<< "$(grep '^submit ' "$link")"
	bytes=$(sed -n 's/^up .* down \([0-9]*\) .*/\1/p' "$link")
	rm -f whole* interval.jsonl*
}

releases() {
	grep -c ' released at ' "$sim_log" || true
}

on_card() {
	find card -type f -name "$picture_prefix*" | wc -l
}

# wrong WHAT: the point has failed.
wrong() {
	echo "seed $seed, $point, status $status: $*: $(tr '\n' '|' < said)" >&2
	failures=$((failures + 1))
}

# What holds at every point, whatever the command was.
judge() {
	local next=0 by=$link_address
	# A server behind a link that stands still never hears that its client has gone; this one does.
	# And where the command made fewer messages than the one that was measured, nothing has happened yet.
	if [[ $how = --fault ]]; then
		:
	elif [[ $how = --stall* ]] || ! grep -q '^cut' "$link_log"; then
		stop_link
		by=$sim_address
	fi
	# timeout's own, and those of a crash.
	[ "$status" -lt 124 ] || wrong 'hung, or crashed'
	[[ " 0 3 5 ${also:-} " = *" $status "* ]] || wrong 'not a status of a lost link'
	[ "$status" -eq 0 ] || [ "$(wc -l < said)" -ge 1 ] || wrong 'says nothing'
	timeout 30 "$opencamrc" -r "$by" config get iso > after 2>&1 3>&- || next=$?
	[ "$next" -eq 0 ] || wrong "the next command ended with $next: $(cat after)"
}

# What holds for a picture: released, it is here, or on the card, or it is said that it is lost.
judge_picture() {
	local here=0 file
	for file in whole*; do
		[ -e "$file" ] || continue
		here=1
		is_jpeg "$file" || wrong "$file is not whole"
	done
	[ -z "$(find . -maxdepth 1 -name '.whole*' -o -maxdepth 1 -name '*.part')" ] || wrong 'leaves part of a file'
	rm -f whole* .whole*
	[ "$status" -ne 0 ] || [ $here -eq 1 ] || wrong 'all is well, says it, without a file'
	if [ "$(releases)" -eq "$released" ] || [ $here -eq 1 ]; then
		return
	fi
	[ "$(on_card)" -gt "$stored" ] || grep -qi 'picture' said || wrong 'a picture is lost unsaid'
}

# at POINT COMMAND…: one run, through a link that fails there.
at() {
	local timeout=5s
	how=$1
	shift
	case $how in --stall*) timeout=1s ;; esac
	point="${how#--} of $1"
	points=$((points + 1))
	released=$(releases) stored=$(on_card) status=0
	start_slow_link "$sim_address" "${how%% *}" "${how#* }"
	timeout -s KILL 60 "$opencamrc" -r "$link_address" --timeout "$timeout" "$@" > out 2> said 3>&- || status=$?
}

stop_link() {
	kill "$link_pid" 2> /dev/null || true
	wait "$link_pid" 2> /dev/null || true
}

gone() {
	stop_link
	[ "$failures" -lt 10 ]
}

# sweep JUDGE COMMAND…
sweep() {
	local judge=$1 every=1 step=10000 i offset
	shift
	measure "$@"
	[ -n "${SOAK:-}" ] || every=$(((submits + replies + bytes / step) / ${SWEEP_POINTS:-8} + 1))
	offset=$((seed % every))
	for ((i = 1 + offset; i <= submits; i += every)); do
		at "--cut-at submit:$i" "$@" && "$judge" && gone || return 1
	done
	for ((i = 1 + offset; i <= replies; i += every)); do
		at "--cut-at ret-submit:$i" "$@" && "$judge" && gone || return 1
	done
	for ((i = 1 + offset; i * step < bytes; i += every)); do
		at "--cut-after $((i * step - seed % 7919)):down" "$@" && "$judge" && gone || return 1
	done
	# A link that stands still costs its time-out each.
	for ((i = 1 + offset; i <= submits; i += 8 * every)); do
		at "--stall-at submit:$i" "$@" && "$judge" && gone || return 1
	done
	echo "# figure: $points points of $1 (seed $seed, $submits commands, $replies answers, $bytes bytes): $failures failures" >&3
	[ "$failures" -eq 0 ]
}

judge_shot() {
	judge_picture
	judge
}

judge_view() {
	judge
	# From the first frame on it goes on; where the server hears of no end, it has the camera in use for us.
	[ "$status" -eq 0 ] || [[ $how = --stall* ]] || [ ! -s out ] || wrong 'did not go on'
	[ "$status" -ne 0 ] || is_jpeg_stream || wrong 'not all of the frames'
}

is_jpeg_stream() {
	[ "$("$frame_counter" < out | grep -c '^[0-9]*$')" -eq 6 ]
}

@test "a capture with download: cut at every message" {
	sweep judge_shot capture -o whole.%C
}

@test "a capture that stays on the card as well: cut at every message" {
	sweep judge_shot capture --keep -o whole.%C
}

@test "a live view: cut at every message" {
	needs liveview
	sweep judge_view liveview --frames 6 --recover 30s
}

# A slot is a picture or a line that says why not, and the journal adds up.
judge_slot() {
	judge_picture
	judge
	if [ -e interval.jsonl ]; then
		jq -es '[.[] | select(.event == "end")] | length == 1 and .[0].taken + .[0].missed + .[0].failed == 1' \
			interval.jsonl > /dev/null || [ "$status" -eq 5 ] || wrong "the journal: $(tail -n 1 interval.jsonl)"
		rm -f interval.jsonl*
	fi
}

@test "a shot of an interval: cut at every message" {
	also=6
	sweep judge_slot interval --every 60s --count 1 --recover 30s -o whole-%n.%C
}

# How many transactions a capture makes, by what simcam tells.
transactions() {
	start_simcam --speed 50 --debug
	"$opencamrc" -r "$sim_address" config "$tiny_set"
	: > "$sim_log"
	"$opencamrc" -r "$sim_address" capture -o whole.%C > out
	rm -f whole*
	kill "$sim_pid"
	grep -c ' ptp: .* ->' "$sim_log"
}

strikes() {
	grep -c '^.*fault: ' "$sim_log" || true
}

@test "a capture: each of the camera's own faults, at one transaction after the other" {
	local kind at first=$sim_address first_log=$sim_log first_hand=$sim_hand count struck step=40
	also='1 4'
	count=$(transactions)
	[ -z "${SOAK:-}" ] || step=1
	sim_address=$first sim_log=$first_log sim_hand=$first_hand
	for kind in stall hang late truncated oversized garbage busy id session reset vanish; do
		for ((at = 1 + seed % step; at <= count; at += step)); do
			point="$kind@$at of $count" status=0 how=--fault
			released=$(releases) stored=$(on_card) struck=$(strikes)
			hand fault "$kind@$at"
			timeout -s KILL 40 "$opencamrc" -r "$sim_address" --timeout 1s capture -o whole.%C > out 2> said 3>&- || status=$?
			# How often it asks whether the picture is there is not the same each time.
			if [ "$(strikes)" -eq "$struck" ]; then
				"$opencamrc" -r "$sim_address" info > /dev/null 2>&1 || true
				rm -f whole*
				continue
			fi
			points=$((points + 1))
			judge_picture
			# A capture that was faster than the one that was counted has not met it.
			while [ "$(grep -c ': fault: ' "$sim_log")" -lt "$points" ]; do
				"$opencamrc" -r "$sim_address" --timeout 1s config get iso > out 2>&1 3>&- ||
					wait_until 20 "$opencamrc" -r "$sim_address" config get iso > out 2>&1
			done
			link_address=$sim_address
			judge
			[ "$failures" -lt 10 ] || return 1
		done
	done
	echo "# figure: $points faults in a capture of $count transactions (seed $seed): $failures failures" >&3
	[ "$failures" -eq 0 ]
}
