# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154,SC2015
# Debian's own gphoto2 on the simulated camera, through the port driver.

load common

setup() {
	command -v gphoto2 > /dev/null || skip "gphoto2 is not installed"
	isolate
	start_simcam
}

teardown() {
	stop_all
}

# What a user types, but for the name of the build's opencamrc.
gphoto() {
	"$opencamrc" -r "$sim_address" env timeout 60 gphoto2 "$@"
}

# The Current: of a setting.
current() {
	gphoto --get-config "$1" | sed -n 's/^Current: //p'
}

# expect VALUE COMMAND…: the command prints it, and nothing else.
expect() {
	local expected=$1 got
	shift
	got=$("$@") || return 1
	[ "$got" = "$expected" ] || {
		echo "$*: got '$got', expected '$expected'" >&2
		return 1
	}
}

# count PATTERN: how many files there are.
count() {
	find . -maxdepth 1 -name "$1" | wc -l
}
