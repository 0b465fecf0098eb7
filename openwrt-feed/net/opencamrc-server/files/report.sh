# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC3043,SC2154
# What a user is shown.

# holder BUSID: the client that has it, where that is known.
holder() {
	local _ peer
	[ -e "$run/holds/$1" ] || return 0
	read -r _ peer < "$run/holds/$1"
	echo "$peer"
}

state_of() {
	local peer
	case $(sharing_status "$1") in
	1) echo 'shared, free' ;;
	2)
		peer=$(holder "$1")
		echo "shared, in use${peer:+ by $peer}"
		;;
	3) echo 'shared, but its last reset failed: plug it in anew' ;;
	*)
		judge "$1"
		case $verdict/$why in
		share/*)
			if [ -e "$run/kept/$1" ]; then
				echo "not shared: kept back (opencamrc-server bind $1)"
			elif [ -e "$run/on" ]; then
				echo "not shared: see the log (opencamrc-server bind $1 tries again)"
			else
				echo 'not shared: the service is off'
			fi
			;;
		*/'mass storage') echo 'not shared: mass storage; set its USB connection to PTP' ;;
		*) echo "not shared: $why" ;;
		esac
		;;
	esac
}

report_devices() {
	local busid
	for busid in $(plugged_devices); do
		printf '%-8s %s:%s  %-28s %s\n' "$busid" "$(attribute "$busid" idVendor)" \
			"$(attribute "$busid" idProduct)" "$(attribute "$busid" product)" "$(state_of "$busid")"
	done
}

report_status() {
	local state=off status=1
	if [ -e "$run/on" ] && is_running; then
		state="on, port $port" status=0
		case $access in
		lan) state="$state, for $(allowed_clients)" ;;
		*) state="$state, for this machine alone: clients come by ssh" ;;
		esac
	elif [ -e "$run/on" ]; then
		state='on, but usbipd does not run: see the log'
	elif [ "$enabled" != 1 ]; then
		state='off, by the configuration'
	fi
	echo "service: $state"
	report_devices
	return "$status"
}

# Whether this service's usbipd is there.
is_running() {
	local pid name
	[ -e "$run/usbipd.pid" ] || return 1
	read -r pid < "$run/usbipd.pid"
	read -r name 2> /dev/null < "$root/proc/$pid/comm" && [ "$name" = usbipd ]
}
