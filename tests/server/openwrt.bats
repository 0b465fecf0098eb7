#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2317 # scenarios are called by name
# OpenWrt's service and plug events, under busybox's ash and dash, against golden transcripts.

load box

start_with_nothing_plugged_in() {
	init start
	event add usb_device /devices/usb1/1-1
	server list
}
@test "started, it runs usbipd and a watch for ever, and shares nothing" {
	in_each_shell openwrt start_with_nothing_plugged_in start
}

start_for_the_lan() {
	set_config access lan && set_config port 3241 && set_config mdns 1
	init start
	server usbipd
	note the lines of the tcp wrapper
	cat "$box/etc/hosts.allow" "$box/etc/hosts.deny" >> "$box/calls"
}
@test "with access lan the zone of lan is let in, nobody else" {
	in_each_shell openwrt start_for_the_lan start-lan
}

start_on_another_port() {
	init start
	set_config port 4000
	note the port is changed
	init reload
	server usbipd
	set_config ipv6 0
	server usbipd
}
@test "a change of the port is taken over by a reload" {
	in_each_shell openwrt start_on_another_port port-changed
}

boot_with_two_cameras_a_hub_and_a_disk() {
	plug_in_hub 1-1
	plug_in_camera 1-1.1 111
	plug_in 1-1.2 054c:0994 08/06/50 'ILCE-7M3'
	plug_in_disk 1-1.3
	plug_in 1-1.4 04b0:0429 ff/00/00,06/01/01 'NIKON DSC D5300'
	plug_in 5-1 04a9:3270 06/01/01 'Canon of elsewhere' '' vhci_hcd.0
	init boot
	note the watch
	server watch
	shared 1-1.1
	shared 1-1.4
	not shared 1-1
	not shared 1-1.2
	not shared 1-1.3
	not shared 5-1
}
@test "at boot the cameras that are plugged in are shared, no hub, no disk, no import" {
	in_each_shell openwrt boot_with_two_cameras_a_hub_and_a_disk boot
}

plug_and_unplug() {
	init start
	plug_in_camera
	note a camera
	event add usb_device /devices/usb1/1-1
	event add usb_interface /devices/usb1/1-1/1-1:1.0 6/1/1
	shared 1-1
	note its other events
	event bind usb_interface /devices/usb1/1-1/1-1:1.0 6/1/1
	event add usb_interface /devices/usb1/1-1/1-1:1.0 6/1/1
	event remove usb_interface /devices/usb1/1-1/1-1:1.0 6/1/1
	note a hub
	plug_in_hub 1-2
	event add usb_interface /devices/usb1/1-2/1-2:1.0 9/0/0
	note a disk
	plug_in_disk 1-3
	event add usb_interface /devices/usb1/1-3/1-3:1.0 8/6/80
	note a camera in mass-storage mode
	plug_in 1-4 04b0:0429 08/06/50 'NIKON DSC D5300'
	event add usb_interface /devices/usb1/1-4/1-4:1.0 8/6/80
	note unplugged, and plugged in again
	pull_out 1-1
	event remove usb_device /devices/usb1/1-1
	plug_in_camera
	event add usb_interface /devices/usb1/1-1/1-1:1.0 6/1/1
	shared 1-1
	not shared 1-2
	not shared 1-3
	not shared 1-4
}
@test "a camera is shared each time it is plugged in, and nothing else is" {
	in_each_shell openwrt plug_and_unplug plug
}

stop_with_a_camera() {
	plug_in_camera
	init start
	server watch
	# The stub's watch ended by switching the service off.
	: > "$box/var/run/opencamrc-server/on"
	note stopped
	init stop
	not shared 1-1
	note what the kernel says of that
	event add usb_interface /devices/usb1/1-1/1-1:1.0 6/1/1
	not shared 1-1
	not grep -s opencamrc "$box/etc/hosts.allow" "$box/etc/hosts.deny"
}
@test "stopped, it gives the cameras back and is deaf to the events of that" {
	in_each_shell openwrt stop_with_a_camera stop
}

plug_while_stopped() {
	plug_in_camera
	event add usb_interface /devices/usb1/1-1/1-1:1.0 6/1/1
	not shared 1-1
}
@test "a camera that is plugged in while the service is off is left alone" {
	in_each_shell openwrt plug_while_stopped nothing
}

disabled() {
	plug_in_camera
	init start
	server bind 1-1
	set_config enabled 0
	note disabled
	init reload
	not shared 1-1
	event add usb_interface /devices/usb1/1-1/1-1:1.0 6/1/1
	not shared 1-1
}
@test "disabled, a reload gives the cameras back" {
	in_each_shell openwrt disabled disabled
}

usbipd_runs_as_a_service() {
	mkdir -p "$box/proc/77"
	echo usbipd > "$box/proc/77/comm"
	echo 'PPid:	1' > "$box/proc/77/status"
	init start
	not test -e "$box/var/run/opencamrc-server/on"
}
@test "the stock service that runs is said, and not fought" {
	in_each_shell openwrt usbipd_runs_as_a_service stock-service
}

stock_service_at_installation() {
	cp "$stub/usbipd.init" "$box/etc/init.d/usbipd"
	sed -i "s|	/etc/init.d|	$box/etc/init.d|" "$box/etc/defaults"
	$BOX_SHELL "$box/etc/defaults"
	note once more
	$BOX_SHELL "$box/etc/defaults"
}
@test "installed, it disables the stock service, once" {
	in_each_shell openwrt stock_service_at_installation installed
}

usbipd_dies() {
	plug_in_camera
	init start
	server usbipd
	server watch
	: > "$box/var/run/opencamrc-server/on"
	note usbipd has died, and procd runs it again
	server usbipd
	shared 1-1
}
@test "a usbipd that dies takes no camera with it" {
	in_each_shell openwrt usbipd_dies usbipd-dies
}

router() {
	"$top/contrib/server/router" --files "$box/router"
	(cd "$box/router" && find . -type f -printf '%M %P\n' | sort -k 2) >> "$box/calls"
	cmp "$feed/opencamrc-server" "$box/router/usr/sbin/opencamrc-server"
	# What the router would run; its stdin are the files.
	printf '#!/bin/sh\nprintf "%%s\\n" "$2" > "$BOX/setup"\ntar -t > "$BOX/sent"\n' > "$box/bin/ssh"
	chmod +x "$box/bin/ssh"
	"$top/contrib/server/router" root@router
	$BOX_SHELL -n "$box/setup"
	grep -q 'opencamrc-server restart' "$box/setup"
	[ "$(grep -v '/$' "$box/sent" | sort)" = "$(cd "$box/router" && find . -type f | sort)" ]
}
@test "without a package the same files come to a router by ssh" {
	in_each_shell openwrt router router
}
