#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The systemd units: what they forbid is nothing that a command does, and much of what an attacker would.

load common

units=("$BATS_TEST_DIRNAME"/../../contrib/systemd/*.service "$BATS_TEST_DIRNAME"/../../contrib/webcam/*.service
	"$BATS_TEST_DIRNAME"/../../contrib/recipes/*.service)

setup() {
	command -v systemd-analyze > /dev/null || skip 'no systemd-analyze'
	isolate
}

teardown() {
	stop_all
}

# The system calls of a group, those of the groups in it included.
members() {
	local name
	[[ $1 == @* ]] || {
		echo "$1"
		return
	}
	systemd-analyze syscall-filter "$1" | sed 1d | while read -r name; do
		case $name in
		@*) members "$name" ;;
		'#'*) ;;
		*) echo "$name" ;;
		esac
	done
}

# value UNIT SETTING
value() {
	sed -n "s/^$2=//p" "$1"
}

@test "units leave little to attack, by systemd's own reckoning" {
	local unit limit
	systemd-analyze security --help | grep -q -- --offline || skip 'systemd before 250'
	for unit in "${units[@]}"; do
		# Those of a user cannot take away what needs a user namespace, nor rights that a user has not.
		limit=65
		[[ $unit != *attach* ]] || limit=35
		systemd-analyze security --offline=true --threshold=$limit "$unit" > analysis 2>&1 || {
			tail -n 1 analysis
			return 1
		}
	done
}

@test "commands stay within the units' system calls, address families and memory" {
	command -v strace > /dev/null || skip 'no strace'
	! grep -qc __asan_init "$opencamrc" || skip 'the sanitizers make calls of their own'
	[ -z "${UNDER_VALGRIND:-}" ] || skip "valgrind makes calls of its own"
	start_simcam --speed 50
	boxed=
	! "$opencamrc" version | grep -q '^sandbox Landlock' || boxed='--sandbox capture -o boxed.jpg'
	for words in ${boxed:+"$boxed"} 'capture -o shot.jpg' 'liveview --frames 2 -o view.mjpeg' 'interval --once -o %n.jpg' 'list'; do
		# shellcheck disable=SC2086 # words
		timeout 60 strace -f -qq -o trace -A "$opencamrc" -r "$sim_address" $words > /dev/null 2>&1 3>&-
	done
	sed -nE 's/^[0-9]+ +([a-z0-9_]+)\(.*/\1/p' trace | sort -u > made
	grep -qx sendmsg made
	[ -z "$boxed" ] || grep -qx landlock_restrict_self made
	for unit in "${units[@]}"; do
		for group in $(value "$unit" SystemCallFilter); do
			members "$group"
		done | sort -u > allowed
		# What attaches holds no camera.
		[[ $unit != *attach* ]] || printf '%s\n' landlock_{add_rule,create_ruleset,restrict_self} seccomp |
			sort -u - allowed -o allowed
		same_text '' "$(comm -23 made allowed)"
		grep -oE 'socket(pair)?\(AF_[A-Z0-9]+' trace | sed 's/.*(//' | sort -u > families
		value "$unit" RestrictAddressFamilies | tr ' ' '\n' | sort > families.allowed
		same_text '' "$(comm -23 families families.allowed)"
	done
	# MemoryDenyWriteExecute
	same_text '' "$(grep -E 'PROT_WRITE\|PROT_EXEC|mprotect\(.*PROT_EXEC' trace)"
}
