# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC3043,SC2154,SC2034
# Which of the devices plugged in are cameras, and which of those are to be shared.

# attribute BUSID NAME: one line of sysfs, or nothing.
attribute() {
	local value=
	read -r value 2> /dev/null < "$usb/$1/$2"
	printf '%s\n' "$value"
}

# The bus ids of what is plugged in: no hubs, and nothing that this machine has from another one by
# vhci.
plugged_devices() {
	local path
	for path in "$usb"/*; do
		[ -e "$path/idVendor" ] || continue
		case ${path##*/} in
		usb*) continue ;;
		esac
		case $(readlink "$path") in
		*vhci_hcd*) continue ;;
		esac
		[ "$(attribute "${path##*/}" bDeviceClass)" = 09 ] || echo "${path##*/}"
	done
}

# has_interface BUSID CLASS/SUBCLASS/PROTOCOL: one of the device's interfaces is that. A shared
# device has none.
has_interface() {
	local path
	for path in "$usb/$1/$1":*; do
		path=${path##*/}
		[ "$(attribute "$path" bInterfaceClass)/$(attribute "$path" bInterfaceSubClass)/$(
			attribute "$path" bInterfaceProtocol)" != "$2" ] || return 0
	done
	return 1
}

is_camera() { has_interface "$1" 06/01/01; }

# A camera maker's device that shows itself as a disk. Which device is shared does not depend on
# this list, only who gets a hint.
is_camera_as_disk() {
	has_interface "$1" 08/06/50 || return 1
	case $(attribute "$1" idVendor) in
	04a9 | 04b0 | 054c | 04cb | 07b4 | 33a2 | 04da | 25fb | 0a17 | 1003 | 040a | 07cf) return 0 ;;
	esac
	return 1
}

disk_hint="is a camera in mass-storage mode and cannot be shared as a camera; in its menu, \
set the USB connection to PTP (also called PC remote, PC connection or MTP)"

# The first rule that fits BUSID: its policy, or nothing. A rule is a line "POLICY|ID|SERIAL|BUSID";
# what is empty fits all.
rule_for() {
	local policy id serial busid
	printf '%s\n' "$rules" | while IFS='|' read -r policy id serial busid; do
		[ -n "$policy" ] || continue
		[ -z "$id" ] || [ "$id" = "$(attribute "$1" idVendor):$(attribute "$1" idProduct)" ] || continue
		[ -z "$serial" ] || [ "$serial" = "$(attribute "$1" serial)" ] || continue
		[ -z "$busid" ] || [ "$busid" = "$1" ] || continue
		echo "$policy"
		break
	done
}

# add_rule POLICY ID SERIAL BUSID: the next rule; one that would fit everything, or that nobody can
# have meant, is left out, with a line in the log.
add_rule() {
	local id
	id=$(echo "$2" | tr A-F a-f)
	case $1 in
	allow | deny) ;;
	*)
		complain "a camera's policy is allow or deny, not '$1': left out"
		return
		;;
	esac
	case $id in
	'' | [0-9a-f][0-9a-f][0-9a-f][0-9a-f]:[0-9a-f][0-9a-f][0-9a-f][0-9a-f]) ;;
	*)
		complain "a camera's id is four digits, a colon, four digits, as in 04a9:3270, not '$2': left out"
		return
		;;
	esac
	case $id$3$4 in
	'' | *'|'*)
		complain "a rule that says $1 and not whom: left out"
		return
		;;
	esac
	rules="${rules:+$rules
}$1|$id|$3|$4"
}

# judge BUSID: sets verdict (share or leave) and why.
judge() {
	verdict=leave
	case $(rule_for "$1") in
	deny) why='denied by the configuration' ;;
	allow)
		verdict=share
		why='allowed by the configuration'
		;;
	*)
		if ! is_camera "$1"; then
			why='no camera'
			! is_camera_as_disk "$1" || why='mass storage'
		elif [ "$only_listed" = 1 ]; then
			why='not in the configuration'
		else
			verdict=share
			why=camera
		fi
		;;
	esac
}

# The devices that the configuration wants shared, and that are not yet.
wanted_devices() {
	local busid
	for busid in $(plugged_devices); do
		is_shared "$busid" && continue
		judge "$busid"
		[ "$verdict" != share ] || echo "$busid"
	done
}
