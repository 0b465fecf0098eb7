# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC3043,SC2154
# The connections of this machine, and whether there still is somebody at the other end of one.

# The kernel prints an address as numbers of the processor's own byte order; the sixth byte of any
# program says which that is: 1 for big-endian.
byte_order() {
	if [ "$(dd if="$root/proc/self/exe" bs=1 skip=5 count=1 2> /dev/null)" = "$(printf '\002')" ]; then
		echo 1
	else
		echo 0
	fi
}

# connections: a line each, "INODE STATE ADDRESS PORT PEER PORT TIMER RETRANSMITS"; STATE is UP,
# LISTEN or OTHER. TIMER 1 is a segment that was not acknowledged, RETRANSMITS how often it was sent
# again; an acknowledgement of anything starts that from 0.
connections() {
	local big=${big_endian:-}
	[ -n "$big" ] || big=$(byte_order)
	cat "$root/proc/net/tcp" "$root/proc/net/tcp6" 2> /dev/null | awk -v big="$big" '
		function number(hex,    i, n) {
			for (i = 1; i <= length(hex); i++)
				n = n * 16 + index("0123456789ABCDEF", substr(hex, i, 1)) - 1
			return n
		}
		function group(hex) {
			return big ? hex : substr(hex, 7, 2) substr(hex, 5, 2) substr(hex, 3, 2) substr(hex, 1, 2)
		}
		function dotted(hex) {
			return number(substr(hex, 1, 2)) "." number(substr(hex, 3, 2)) "." number(substr(hex, 5, 2)) \
				"." number(substr(hex, 7, 2))
		}
		function address(hex,    i, part, text) {
			if (length(hex) == 8)
				return dotted(group(hex))
			# IPv4 by a socket of both.
			if (substr(hex, 1, 16) == "0000000000000000" && group(substr(hex, 17, 8)) == "0000FFFF")
				return dotted(group(substr(hex, 25, 8)))
			for (i = 1; i < 32; i += 8) {
				part = group(substr(hex, i, 8))
				text = text ":" sprintf("%x:%x", number(substr(part, 1, 4)), number(substr(part, 5, 4)))
			}
			return substr(text, 2)
		}
		$1 ~ /:$/ {
			split($2, here, ":")
			split($3, there, ":")
			split($6, timer, ":")
			print $10, $4 == "01" ? "UP" : $4 == "0A" ? "LISTEN" : "OTHER", address(here[1]),
				number(here[2]), address(there[1]), number(there[2]), timer[1] + 0, number($7)
		}'
}

is_loopback() {
	case $1 in
	127.* | 0:0:0:0:0:0:0:1) return 0 ;;
	esac
	return 1
}

# The processes that have the socket open. With a second name ls tells which folder is which.
# shellcheck disable=SC2012 # ls reads the links of all in one go
holders_of() {
	ls -l /dev/null "$root"/proc/[0-9]*/fd 2> /dev/null | awk -v socket="socket:[$1]" '
		/^\// { split(substr($0, index($0, "/proc/") + 6), part, "/"); pid = part[1] }
		$NF == socket { print pid }'
}

parent_of() { sed -n 's/^PPid:[[:blank:]]*//p' "$root/proc/$1/status"; }

# The sockets that a process has open.
# shellcheck disable=SC2012
sockets_of() {
	ls -l "$root/proc/$1/fd" 2> /dev/null | sed -n 's/.*socket:\[\([0-9]*\)\]$/\1/p'
}

# wires_of CONNECTION CONNECTIONS: the connections that carry it, lines of the second. That is itself,
# but for one of this machine with itself: an ssh server that forwards it has a connection to the real
# client. None: the client is a program of this machine.
wires_of() {
	local all=$2 known=$run/silent/${1%% *}.wires
	# shellcheck disable=SC2086 # its fields
	set -- $1
	if ! is_loopback "$5"; then
		echo "$*"
		return
	fi
	# Looking through all processes takes a while, and what is found stays.
	[ -e "$known" ] || find_wires "$all" "$5 $6 $3 $4" > "$known"
	printf '%s\n' "$all" | awk -v known="$known" '
		BEGIN { while ((getline < known) > 0) wire[$1] }
		$1 in wire && $2 == "UP" && $5 !~ /^(127\.|0:0:0:0:0:0:0:1$)/'
}

# find_wires CONNECTIONS "ADDRESS PORT PEER PORT": the sockets of who has that end of a connection.
find_wires() {
	local inode pid
	inode=$(printf '%s\n' "$1" | awk -v end="$2" '$3 " " $4 " " $5 " " $6 == end { print $1; exit }')
	[ -n "$inode" ] || return 0
	for pid in $(holders_of "$inode"); do
		sockets_of "$pid"
	done
}

# Only sees to it that the kernel looks for the peer's hardware address anew: an entry may be
# believed for a minute after the peer is gone.
forget_neighbour() { ip neigh flush to "$1" > /dev/null 2>&1; }

# with_link ADDRESS FILE: an address that is good on one link only, with that; FILE keeps it.
with_link() {
	local link=
	case $1 in
	fe80:*) ;;
	*)
		echo "$1"
		return
		;;
	esac
	[ -e "$2" ] || ip neigh show to "$1" 2> /dev/null | awk 'NR == 1 { print $3 }' > "$2"
	read -r link < "$2"
	echo "$1${link:+%$link}"
}

# What the neighbour table has on a peer of one's own network: REACHABLE and so on, or nothing.
neighbour_state() { ip neigh show to "$1" 2> /dev/null | awk 'NR == 1 { print $NF }'; }

# peer_is_silent CONNECTION: nothing was heard of the peer just now, where a peer that is there
# would have answered. What cannot be told is no silence: a live client never loses its camera for
# being idle, nor for not answering pings.
peer_is_silent() {
	local seen=$run/silent/$1 peer=$5
	# Data of ours that its kernel does not acknowledge, sent twice and more.
	if [ "$7" = 1 ] && [ "$8" -ge 2 ]; then
		return 0
	fi
	if ping -c 1 -W 1 "$(with_link "$peer" "$seen.link")" > /dev/null 2>&1; then
		rm -f "$seen.doubt"
		: > "$seen.pings"
		return 1
	fi
	if [ ! -e "$seen.doubt" ]; then
		: > "$seen.doubt"
		forget_neighbour "$peer"
		# Without a ping that was ever answered this one says nothing yet.
		[ -e "$seen.pings" ]
		return
	fi
	case $(neighbour_state "$peer") in
	FAILED | INCOMPLETE) return 0 ;;
	# Behind a router, or on a link without hardware addresses: a peer that did answer pings is
	# silent.
	'' | NOARP) [ -e "$seen.pings" ] ;;
	*)
		forget_neighbour "$peer"
		return 1
		;;
	esac
}
