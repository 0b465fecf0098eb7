# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC3043,SC2154
# The connections of this machine, and whether there still is somebody at the other end of one.

# The kernel prints an address as numbers of the processor's own byte order; the sixth byte of any
# program says which that is.
is_big_endian() {
	[ "$(dd if="$root/proc/self/exe" bs=1 skip=5 count=1 2> /dev/null)" = "$(printf '\002')" ]
}

# connections: a line each, "INODE STATE ADDRESS PORT PEER PORT TIMER RETRANSMITS"; STATE is UP,
# LISTEN or OTHER. TIMER 1 is a segment that was not acknowledged, RETRANSMITS how often it was sent
# again; an acknowledgement of anything starts that from 0.
connections() {
	local big=0
	! is_big_endian || big=1
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

# wires_of CONNECTION CONNECTIONS: the connections that carry it, lines of the second. That is
# itself, but for one of this machine with itself: an ssh server that forwards it has a connection
# to the real client. None: the client is a program of this machine.
wires_of() {
	local inode state here port peer peer_port timer again partner pid socket
	# shellcheck disable=SC2086
	set -- "$2" $1
	is_loopback "$6" || {
		shift
		echo "$*"
		return
	}
	partner=$(printf '%s\n' "$1" | awk -v here="$6" -v port="$7" -v peer="$4" -v peer_port="$5" '
		$3 == here && $4 == port && $5 == peer && $6 == peer_port { print $1; exit }')
	[ -n "$partner" ] || return 0
	for pid in $(holders_of "$partner"); do
		for socket in $(sockets_of "$pid"); do
			printf '%s\n' "$1" | while read -r inode state here port peer peer_port timer again; do
				[ "$inode/$state" = "$socket/UP" ] || continue
				is_loopback "$peer" ||
					echo "$inode $state $here $port $peer $peer_port $timer $again"
			done
		done
	done | sort -u
}

# Only sees to it that the kernel looks for the peer's hardware address anew: an entry may be
# believed for a minute after the peer is gone.
forget_neighbour() { ip neigh flush to "$1" > /dev/null 2>&1; }

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
	if ping -c 1 -W 1 "$peer" > /dev/null 2>&1; then
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
