#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# attach, detach and ports, as far as they go without the kernel's driver: words, refusals, nothing.

load common

setup() {
	isolate
	# Another user must be able to read it.
	XDG_CONFIG_HOME=$(mktemp -d)
	chmod 755 "$XDG_CONFIG_HOME"
}

teardown() {
	rm -rf "$XDG_CONFIG_HOME"
}

without_driver() {
	[ ! -e /sys/devices/platform/vhci_hcd.0 ] || skip 'vhci-hcd is loaded here'
}

# As a user who is not root.
as_user() {
	if [ "$(id -u)" -ne 0 ]; then
		"$opencamrc" "$@"
	else
		setpriv --reuid 65534 --regid 65534 --clear-groups "$opencamrc" "$@"
	fi
}

@test "attach wants a host, and one busid at most" {
	run_error 2 'no remote is given' "$opencamrc" attach
	run_error 2 'two busids: 1-1 and 1-2' "$opencamrc" attach router/1-1 1-2
	run_error 2 'unexpected argument: 1-2' "$opencamrc" attach router 1-1 1-2
	run_error 2 'unexpected argument: 1-2' "$opencamrc" -r router attach 1-1 1-2
	run_error 2 'is no busid' "$opencamrc" attach router 1-1.2.3.4.5.6.7.8.9.10.11.12.13.14.15
	run_error 2 'unknown option --kep \(did you mean --keep\?\)' "$opencamrc" attach --kep router
}

@test "without root attach says so, and names the way that needs none" {
	needs attach
	as_user version > /dev/null || skip 'another user cannot run the program'
	run_error 1 '^opencamrc: attach: cannot attach router/1-1: only root may.*opencamrc -r router/1-1' \
		as_user attach router 1-1
	run_error 1 'only root may' as_user attach --keep router
}

@test "the address may be an alias of the configuration file" {
	needs attach
	as_user version > /dev/null || skip 'another user cannot run the program'
	mkdir -p "$XDG_CONFIG_HOME/opencamrc"
	printf '[remote studio]\naddress = 192.0.2.7:3241\n' > "$XDG_CONFIG_HOME/opencamrc/config"
	run_error 1 'cannot attach 192.0.2.7:3241/1-1.4: ' as_user attach studio 1-1.4
	run_error 1 'cannot attach 192.0.2.7:3241/1-1.4: ' as_user -r studio attach 1-1.4
}

@test "without the driver nothing is attached, and nothing can be detached" {
	needs attach
	without_driver
	"$opencamrc" ports > out 2> err
	[ ! -s out ]
	grep -qx 'opencamrc: ports: nothing is attached' err
	"$opencamrc" -q ports --json > out 2> err
	[ ! -s out ] && [ ! -s err ]
	"$opencamrc" detach all
	run_error 3 'nothing is attached \(opencamrc ports' "$opencamrc" detach
	run_error 3 'nothing is attached to port 7 ' "$opencamrc" detach 7
	run_error 3 'nothing of router/1-1 is attached' "$opencamrc" detach router/1-1
	run_error 3 'nothing of router is attached' "$opencamrc" -r router detach
}

@test "detach and ports take no more words than they know" {
	run_error 2 'unexpected argument: 8' "$opencamrc" detach 7 8
	run_error 2 'unexpected argument: 7' "$opencamrc" -r router detach 7
	run_error 2 'unexpected argument: 7' "$opencamrc" ports 7
}
