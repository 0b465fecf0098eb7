# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# Somebody at a terminal: start_typing_at COMMAND PROMPT; keys TEXT; shown TEXT.

start_typing_at() {
	rm -f keyboard screen
	mkfifo keyboard
	script -qefc "$1" screen < keyboard > /dev/null 2>&1 3>&- &
	typing_pid=$!
	started+=("$typing_pid")
	exec 8> keyboard
	shown "$2"
}

keys() {
	printf '%b' "$1" >&8
}

on_screen() {
	tr -d '\r' < screen | grep -aqF -- "$1"
}

shown() {
	wait_until 30 on_screen "$1" || {
		echo "not shown: $1" >&2
		cat -v screen >&2
		return 1
	}
}
