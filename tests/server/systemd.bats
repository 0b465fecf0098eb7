#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2317 # scenarios are called by name
# The same scripts on a machine with systemd, and what becomes of the configuration file.

load box

# configure LINES: /etc/opencamrc-server.conf.
configure() { printf '%s\n' "$@" > "$box/etc/opencamrc-server.conf"; }

for_ssh_alone() {
	mkdir -p "$box/run/systemd/system" "$box/etc/avahi/services"
	printf 'sshd: ALL\n' > "$box/etc/hosts.allow"
	cp "$top/contrib/server/opencamrc-server.conf" "$box/etc/"
	server prepare
	note hosts.allow, hosts.deny, what is announced
	cat "$box/etc/hosts.allow" "$box/etc/hosts.deny" "$box"/etc/avahi/services/* >> "$box/calls"
	note once more, and nothing is written anew
	chmod a-w "$box/etc"/hosts.*
	stamp=$(stat -c %y-%i "$box"/etc/hosts.*)
	server prepare
	[ "$stamp" = "$(stat -c %y-%i "$box"/etc/hosts.*)" ]
	note off
	server retire
	[ "$(cat "$box/etc/hosts.allow")" = 'sshd: ALL' ]
	not test -s "$box/etc/hosts.deny"
	[ -z "$(ls "$box/etc/avahi/services")" ]
}
@test "as installed, usbipd is for this machine alone, and the lines of others stay" {
	in_each_shell systemd for_ssh_alone systemd-loopback
}

for_the_lan() {
	mkdir -p "$box/run/systemd/system" "$box/etc/avahi/services"
	configure 'access lan' 'port 4000'
	server prepare
	note named networks
	configure 'access lan' 'network 10.1.2.3/20' 'network fd00::/64' 'mdns no'
	server prepare
	[ -z "$(ls "$box/etc/avahi/services")" ]
	grep -x 'usbipd: 127.0.0.1 \[::1\] 10.1.0.0/255.255.240.0 \[fd00::\]/64' "$box/etc/hosts.allow"
}
@test "with access lan its networks are let in, or those that are named" {
	in_each_shell systemd for_the_lan systemd-lan
}

wrong_lines() {
	configure 'acces lan' 'port 3240' 'ipv6 maybe' 'allow id=4a9:1' 'deny' 'allow color=red'
	server prepare 2> "$box/said"
	note what was typed
	cat "$box/said" >> "$box/calls"
}
@test "a line that cannot be meant is named, with its number" {
	in_each_shell systemd wrong_lines wrong-lines
}

refuses() {
	local port
	for port in 0 65536 100000 -1 usbip ''; do
		configure "port $port"
		run server prepare
		[ "$status" -eq 1 ]
		[[ $output == *"port is a number from 1 to 65535, not '$port'"* ]]
	done
	configure 'access world'
	run server prepare
	[ "$status" -eq 1 ]
	[[ $output == *"access is loopback or lan, not 'world'"* ]]
	configure 'dead_after soon'
	run server prepare
	[ "$status" -eq 1 ]
	[[ $output == *"dead_after is a number of seconds, not 'soon'"* ]]
	configure 'ipv4 no' 'ipv6 no'
	run server prepare
	[ "$status" -eq 1 ]
	[[ $output == *'neither IPv4 nor IPv6'* ]]
	not test -e "$box/var/run/opencamrc-server/on"
}
@test "a configuration that usbipd would misread is refused" {
	in_each_shell systemd refuses
}

no_module() {
	rm "$box/sys/bus/usb/drivers/usbip-host/match_busid"
	server prepare
	grep -x 'modprobe usbip-host' "$box/calls"
	rm "$box/sys/bus/usb/drivers/usbip-host/match_busid"
	: > "$box/no-module"
	run server prepare
	[ "$status" -eq 1 ]
	[[ $output == *"usbip-host cannot be loaded"* ]]
}
@test "the kernel's part is loaded, or said to be missing" {
	in_each_shell systemd no_module
}

cannot_write_the_doors() {
	mkdir "$box/etc/hosts.allow.opencamrc"
	run server prepare
	[ "$status" -eq 1 ]
	[[ $output == *'hosts.allow cannot be written'* ]]
	not test -e "$box/var/run/opencamrc-server/on"
}
@test "it does not start where strangers cannot be kept away" {
	in_each_shell systemd cannot_write_the_doors
}

# rule NAME LINES…: after them 1-1, an EOS of serial 111, and 1-2, a disk, are shared or not: EOS,
# disk.
decides() {
	local wanted=$1 busid
	shift
	configure "$@"
	for busid in 1-1 1-2; do
		not shared $busid || server unbind $busid
		rm -f "$box/var/run/opencamrc-server/kept/$busid"
	done
	: > "$box/var/run/opencamrc-server/on"
	echo 1 > "$box/rounds"
	server watch
	[ "$(shared 1-1 && echo yes || echo no) $(shared 1-2 && echo yes || echo no)" = "$wanted" ] || {
		echo "not $wanted:" "$@"
		return 1
	}
}
rules() {
	plug_in_camera 1-1 'A 111'
	plug_in_disk 1-2
	server prepare
	decides 'yes no' ''
	decides 'no no' 'deny id=04a9:3270'
	decides 'no no' 'deny id=04A9:3270'
	decides 'yes no' 'deny id=04a9:3271'
	decides 'no no' 'deny serial=A 111'
	decides 'yes no' 'deny serial=A 112'
	decides 'no no' 'deny busid=1-1'
	decides 'yes no' 'deny busid=1-2'
	decides 'yes yes' 'allow id=0781:5567'
	decides 'no yes' 'only_listed yes' 'allow busid=1-2'
	decides 'no no' 'only_listed yes'
	decides 'yes no' 'allow id=04a9:3270 busid=1-1 serial=A 111' 'deny id=04a9:3270'
	decides 'no no' 'allow id=04a9:3270 busid=1-3 serial=A 111' 'deny id=04a9:3270'
	decides 'no no' 'deny id=04a9:3270' 'allow id=04a9:3270'
}
@test "the first rule that fits decides, then the interface" {
	in_each_shell systemd rules
}

newly_denied() {
	plug_in_camera
	server prepare
	server watch
	shared 1-1
	configure 'deny id=04a9:3270'
	: > "$box/var/run/opencamrc-server/on"
	server watch
	not shared 1-1
}
@test "a camera that is denied by a new rule is given back" {
	in_each_shell systemd newly_denied
}

by_hand() {
	plug_in_camera
	plug_in_disk 1-2
	server prepare
	run server list
	[[ ${lines[0]} == '1-1      04a9:3270  Canon Digital Camera '*'not shared: see the log'* ]]
	[[ ${lines[1]} == '1-2      0781:5567 '*'not shared: no camera' ]]
	server bind all
	[[ $(server list) == *'shared, free'* ]]
	hold 1-1
	run server unbind 1-1
	[ "$status" -eq 1 ]
	[[ $output == *'1-1 is in use by a client (opencamrc-server release 1-1'* ]]
	server release 1-1
	is_free 1-1
	run server release 1-1
	[ "$status" -eq 1 ]
	[[ $output == *'nobody holds 1-1' ]]
	server unbind 1-1
	[[ $(server list) == *'kept back'* ]]
	server plugged 1-1:1.0
	not shared 1-1
	server unplugged 1-1
	server plugged 1-1:1.0
	shared 1-1
	# A disk is shared if that is what is asked for.
	server bind 1-2
	shared 1-2
}
of_others() {
	plug_in_camera 1-1 1
	plug_in_camera 1-2 2
	server prepare
	server bind 1-1
	# Shared by somebody else, with the usbip command.
	echo 1 > "$box/sys/bus/usb/devices/1-2/usbip_status"
	server retire
	not shared 1-1
	shared 1-2
}
@test "what others have shared stays shared when it stops" {
	in_each_shell systemd of_others
}

@test "bind, unbind and release do as they are told, and a device kept back stays so" {
	in_each_shell systemd by_hand
}

mistyped() {
	run server
	[ "$status" -eq 2 ]
	[[ $output == *'no command given'* ]]
	run server lst
	[ "$status" -eq 2 ]
	[[ $output == *"there is no command 'lst'"* ]]
	run server bind
	[ "$status" -eq 2 ]
	[[ $output == *'which device?'* ]]
	run server bind 9-9
	[ "$status" -eq 3 ]
	[[ $output == *'nothing is plugged in at 9-9'* ]]
	run server bind ../../x
	[ "$status" -eq 2 ]
	[[ $output == *'is no bus id'* ]]
	run server list a b
	[ "$status" -eq 2 ]
	run server status
	[ "$status" -eq 1 ]
	[[ $output == 'service: off'* ]]
	server --help | grep -q release
}
@test "a mistyped command gets one line and a status" {
	in_each_shell systemd mistyped
}

kernel_refuses() {
	plug_in_camera
	server prepare
	echo 'driver/unbind' > "$box/refuses"
	run server bind 1-1
	[ "$status" -eq 1 ]
	[[ $output == *'its driver does not let it go'* ]]
	echo 'usbip-host/bind' > "$box/refuses"
	note usbip-host refuses
	run server bind 1-1
	[ "$status" -eq 1 ]
	[[ $output == *'usbip-host does not take it'* ]]
	# It is this machine's again, whole.
	[ "$(readlink "$box/sys/bus/usb/devices/1-1/driver")" = ../../../bus/usb/drivers/usb ]
	not test -s "$box/sys/bus/usb/drivers/usbip-host/match_busid"
	rm "$box/refuses"
	server bind 1-1
}
@test "what the kernel refuses is undone and said" {
	in_each_shell systemd kernel_refuses kernel-refuses
}

another_usbipd() {
	mkdir -p "$box/proc/77"
	echo usbipd > "$box/proc/77/comm"
	echo 'PPid:	1' > "$box/proc/77/status"
	run server prepare
	[ "$status" -eq 1 ]
	[[ $output == *'usbipd, process 77, is in the way'* ]]
	# This service's own, and its child.
	mkdir -p "$box/var/run/opencamrc-server" "$box/proc/78"
	echo 77 > "$box/var/run/opencamrc-server/usbipd.pid"
	echo usbipd > "$box/proc/78/comm"
	echo 'PPid:	77' > "$box/proc/78/status"
	server prepare
}
@test "a usbipd that is not its own is not fought" {
	in_each_shell systemd another_usbipd
}
