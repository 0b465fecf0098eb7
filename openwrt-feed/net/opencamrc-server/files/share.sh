# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC3043,SC2154
# A device given to the kernel's usbip-host, taken back, and taken away from a client. By sysfs
# alone: the usbip command is not needed.

# put VALUE FILE: one write(); fails where the kernel refuses it.
put() { printf '%s' "$1" 2> /dev/null > "$2"; }

is_shared() { [ -e "$usb/$1/usbip_status" ]; }

# 1 free, 2 held by a client, 3 of no use any more; nothing where the device is not shared.
sharing_status() { attribute "$1" usbip_status; }

shared_devices() {
	local path
	for path in "$usb"/*/usbip_status; do
		[ -e "$path" ] || continue
		path=${path%/usbip_status}
		echo "${path##*/}"
	done
}

used_devices() {
	local busid
	for busid in $(shared_devices); do
		[ "$(sharing_status "$busid")" != 2 ] || echo "$busid"
	done
}

# A name for the log: bus id, ids, and what the device calls itself.
name_of() {
	echo "$1 ($(attribute "$1" idVendor):$(attribute "$1" idProduct)$(
		attribute "$1" product | sed 's/^./ &/'))"
}

bind_device() {
	local device=$usb/$1 name
	! is_shared "$1" || return 0
	[ -e "$host/match_busid" ] || {
		complain "$1 cannot be shared: the kernel's usbip-host is not loaded (modprobe usbip-host)"
		return 1
	}
	name=$(name_of "$1")
	# It would not suspend by itself; a tuning script may have said otherwise.
	[ ! -w "$device/power/control" ] || put on "$device/power/control"
	put "add $1" "$host/match_busid" || {
		complain "$1 cannot be shared: usbip-host takes no more than 16 ports since it was loaded"
		return 1
	}
	if [ -e "$device/driver" ] && ! put "$1" "$device/driver/unbind"; then
		put "del $1" "$host/match_busid"
		complain "$name cannot be shared: its driver does not let it go"
		return 1
	fi
	put "$1" "$host/bind" || {
		put "del $1" "$host/match_busid"
		put "$1" "$host/../usb/bind"
		complain "$name cannot be shared: usbip-host does not take it"
		return 1
	}
	mkdir -p "$run/ours"
	: > "$run/ours/$1"
	say "$name is shared"
}

# In this order: a port that is unlisted while it is bound can never be bound again. It keeps its
# place in usbip-host's table.
unbind_device() {
	local name
	name=$(name_of "$1")
	put "$1" "$host/unbind" || {
		complain "$name is still shared: usbip-host does not let it go"
		return 1
	}
	put "del $1" "$host/match_busid"
	put "$1" "$host/../usb/bind"
	rm -f "$run/ours/$1"
	say "$name is no longer shared"
}

# release_device BUSID WHY: ends a client's hold, as if its connection had. The kernel then resets
# the device.
release_device() {
	put -1 "$usb/$1/usbip_sockfd" || {
		# It may have gone by itself just now.
		[ "$(sharing_status "$1")" = 2 ] || return 0
		complain "$1 is still in use: usbip-host does not release it"
		return 1
	}
	say "$1 is released: $2"
}

# keep_back BUSID: not to be shared by itself until it is plugged in anew.
keep_back() {
	mkdir -p "$run/kept"
	: > "$run/kept/$1"
}

# What becomes of a device that is there and not shared.
consider() {
	[ ! -e "$run/kept/$1" ] || return 0
	judge "$1"
	if [ "$verdict" = share ]; then
		bind_device "$1"
	elif [ "$why" = 'mass storage' ]; then
		say "$(name_of "$1") $disk_hint"
	fi
}

consider_all() {
	local busid
	for busid in $(plugged_devices); do
		is_shared "$busid" || consider "$busid"
	done
}

# After a change of the configuration: what is shared and no longer allowed. A device that is shared
# does not show what it is, so only a rule can say so.
unbind_denied() {
	local busid
	for busid in $(shared_devices); do
		[ "$(rule_for "$busid")" != deny ] || unbind_device "$busid"
	done
}

# What somebody else has shared is not this service's to take back.
unbind_ours() {
	local busid
	for busid in $(shared_devices); do
		[ ! -e "$run/ours/$busid" ] || unbind_device "$busid"
	done
}

# plugged BUSID: there is a new interface. Nothing is done while the service is off: giving a camera
# back to this machine makes interfaces, too.
plugged() {
	[ -e "$run/on" ] && [ -e "$usb/$1/idVendor" ] && ! is_shared "$1" || return 0
	case " $(plugged_devices | tr '\n' ' ')" in
	*" $1 "*) locked consider "$1" ;;
	esac
}

unplugged() {
	rm -f "$run/kept/$1" "$run/holds/$1" "$run/ours/$1"
}
