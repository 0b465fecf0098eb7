# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC3043,SC2154,SC2034
# Runs beside usbipd: shares what is plugged in when it starts, and ends the hold of a client that
# is gone.
#
# A client that is killed needs none of this: its kernel closes the connection, and usbip-host sees
# that. One whose machine sleeps, has lost its network or its power sends nothing any more, and
# usbip-host waits for ever, since usbipd does not have its connections probed.

# Seconds between two looks while all is well. While somebody is silent the pings that nobody answers
# take a second each, and there is no other pause.
calm=2

uptime_seconds() {
	local now
	read -r now < "$root/proc/uptime"
	echo "${now%%.*}"
}

watch_holds() {
	local looked=0
	big_endian=$(byte_order)
	locked unbind_denied
	locked consider_all
	mkdir -p "$run/holds" "$run/silent"
	command -v ping > /dev/null ||
		say 'there is no ping: a client that vanishes while it is idle keeps its camera'
	while [ -e "$run/on" ]; do
		set -- "$run"/silent/*.asked
		if [ ! -e "$1" ]; then
			sleep "$calm"
		elif [ "$(uptime_seconds)" = "$looked" ]; then
			sleep 1
		fi
		looked=$(uptime_seconds)
		look_after_holds
		mend
	done
}

# A device whose reset failed is of no use until it is bound anew; tried once for each time it comes
# to that.
mend() {
	local busid
	for busid in $(shared_devices); do
		case $(sharing_status "$busid") in
		3)
			[ ! -e "$run/silent/mended-$busid" ] || continue
			: > "$run/silent/mended-$busid"
			say "$busid could not be reset: sharing it anew"
			locked unbind_device "$busid"
			locked bind_device "$busid"
			;;
		1 | 2) rm -f "$run/silent/mended-$busid" ;;
		esac
	done
}

# One look at all that is in use.
look_after_holds() {
	local used all held busid
	used=$(used_devices)
	for busid in "$run"/holds/*; do
		[ -e "$busid" ] || continue
		case " $(echo "$used" | tr '\n' ' ')" in
		*" ${busid##*/} "*) ;;
		*) rm -f "$busid" ;;
		esac
	done
	if [ -z "$used" ]; then
		set -- "$run"/silent/[0-9]*
		[ ! -e "$1" ] || rm -f "$@"
		return
	fi
	all=$(connections)
	held=$(kernel_connections "$all")
	assign_holds "$used" "$held" "$all"
	for busid in $used; do
		look_after "$busid" "$held" "$all"
	done
}

# The clients' connections that usbip-host has: those to the port that no process has open. usbipd's
# own child has one until it has handed it over. One without an inode has not even been accepted.
kernel_connections() {
	local inode line
	printf '%s\n' "$1" | awk -v port="$port" '$1 && $2 == "UP" && $4 == port' |
		while read -r line; do
			inode=${line%% *}
			if [ ! -e "$run/silent/$inode" ]; then
				[ -z "$(holders_of "$inode")" ] || continue
				: > "$run/silent/$inode"
			fi
			echo "$line"
		done
}

# assign_holds DEVICES HELD ALL: sysfs does not say which connection holds which device. Where
# one device and one connection are left over, they belong together; that is remembered in
# holds/BUSID: its inode, and whose it is in words.
assign_holds() {
	local busid inode free left=0 last=''
	printf '%s\n' "$2" > "$run/silent/held"
	for busid in $1; do
		if [ -e "$run/holds/$busid" ]; then
			read -r inode _ < "$run/holds/$busid"
			# Another client may have come since.
			grep -q "^$inode " "$run/silent/held" || rm -f "$run/holds/$busid"
		fi
		[ -e "$run/holds/$busid" ] || left=$((left + 1)) last=$busid
	done
	[ "$left" = 1 ] || return 0
	free=$(free_connections "$2")
	[ "$(printf '%s\n' "$free" | grep -c .)" = 1 ] || return 0
	echo "${free%% *} $(whose "$free" "$3")" > "$run/holds/$last"
}

# whose CONNECTION ALL
whose() {
	local wire
	wire=$(wires_of "$1" "$2" | head -n 1)
	# shellcheck disable=SC2086 # its fields
	set -- "$1" $wire
	if [ -z "$wire" ]; then
		echo 'a program of this machine'
	elif [ "$wire" = "$1" ]; then
		echo "$6"
	else
		echo "$6 by ssh"
	fi
}

# Those that are not known to hold a device.
free_connections() {
	local line
	printf '%s\n' "$1" | while read -r line; do
		[ -z "$line" ] || grep -qs "^${line%% *} " "$run"/holds/* || echo "$line"
	done
}

# look_after BUSID HELD ALL: released when every connection that may be its client's has been silent
# for dead_after seconds.
look_after() {
	local candidates=$2 inode whose='' line shortest='' silence
	if [ -e "$run/holds/$1" ]; then
		read -r inode whose < "$run/holds/$1"
		candidates=$(printf '%s\n' "$2" | grep "^$inode ")
	else
		candidates=$(free_connections "$2")
	fi
	[ -n "$candidates" ] || return 0
	printf '%s\n' "$candidates" > "$run/silent/candidates"
	while read -r line; do
		silence=$(silence_of "$line" "$3")
		[ -n "$shortest" ] && [ "$silence" -ge "$shortest" ] || shortest=$silence
	done < "$run/silent/candidates"
	[ "$dead_after" -gt 0 ] && [ "$shortest" -ge "$dead_after" ] || return 0
	release_device "$1" "its client${whose:+, $whose,} has not answered for $shortest s"
}

# silence_of CONNECTION ALL: for how many seconds nothing was heard of its peer; 0 until it was asked
# in vain three times, for a single answer may be lost, and this machine may have slept.
silence_of() {
	local seen=$run/silent/${1%% *} now wires wire heard looks=0
	wires=$(wires_of "$1" "$2")
	now=$(uptime_seconds)
	[ -e "$seen.heard" ] || echo "$now" > "$seen.heard"
	printf '%s\n' "$wires" | {
		while read -r wire; do
			# shellcheck disable=SC2086 # its fields
			[ -n "$wire" ] && peer_is_silent $wire || exit 1
		done
	} || {
		echo "$now" > "$seen.heard"
		rm -f "$seen.asked"
		echo 0
		return
	}
	[ ! -e "$seen.asked" ] || read -r looks < "$seen.asked"
	looks=$((looks + 1))
	echo "$looks" > "$seen.asked"
	read -r heard < "$seen.heard"
	if [ "$looks" -ge 3 ]; then
		echo $(($(uptime_seconds) - heard))
	else
		echo 0
	fi
}
