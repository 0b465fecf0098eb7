# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC3043,SC2154
# Who may come to usbipd. It has no login and listens on every address; it does ask the tcp wrapper
# library, whose lines are kept here, between two marks.

mark='# opencamrc-server'

# network_of ADDRESS/BITS: as the tcp wrapper wants it, NET/MASK for IPv4 and [NET]/BITS for IPv6.
network_of() {
	local address=${1%/*} bits=${1#*/} mask word rest
	case $address in
	*:*)
		echo "[$address]/$bits"
		return
		;;
	esac
	[ "$bits" != "$1" ] || bits=32
	mask=$(((0xffffffff << (32 - bits)) & 0xffffffff))
	word=0 rest=$address.
	while [ -n "$rest" ]; do
		word=$((word * 256 + ${rest%%.*}))
		rest=${rest#*.}
	done
	word=$((word & mask))
	echo "$(dotted "$word")/$(dotted "$mask")"
}

dotted() {
	echo "$(($1 >> 24 & 255)).$(($1 >> 16 & 255)).$(($1 >> 8 & 255)).$(($1 & 255))"
}

# The addresses from which a client may come, in the tcp wrapper's words.
allowed_clients() {
	local subnet
	printf '127.0.0.1 [::1]'
	[ "$access" = lan ] || return 0
	for subnet in $(lan_subnets); do
		printf ' %s' "$(network_of "$subnet")"
	done
}

# keep_lines FILE [LINE]: FILE has this line between the marks, at its start, or nothing there.
# Written only where that changes it: a router's flash does not like to be.
keep_lines() {
	local file=$1 line=${2:-} wanted
	wanted=$(
		[ -z "$line" ] || printf '%s: begin\n%s\n%s: end\n' "$mark" "$line" "$mark"
		[ ! -e "$file" ] || sed "/^$mark: begin\$/,/^$mark: end\$/d" "$file"
	)
	if [ -e "$file" ]; then
		[ "$wanted" != "$(cat "$file")" ] || return 0
	else
		[ -n "$line" ] || return 0
	fi
	[ -z "$wanted" ] || wanted="$wanted
"
	if ! { printf '%s' "$wanted" > "$file.opencamrc" && chmod 644 "$file.opencamrc" &&
		mv "$file.opencamrc" "$file"; }; then
		complain "$file cannot be written, and it keeps strangers away from usbipd"
		return 1
	fi
}

close_doors() {
	keep_lines "$root/etc/hosts.allow" "usbipd: $(allowed_clients)" &&
		keep_lines "$root/etc/hosts.deny" 'usbipd: ALL'
}

forget_doors() {
	keep_lines "$root/etc/hosts.allow"
	keep_lines "$root/etc/hosts.deny"
}

# another_server: the process of what would be in the way, a usbipd that is not this service's, or
# whoever listens on its port: "PID NAME".
another_server() {
	local own=0 path name pid inode state address listens rest
	[ ! -e "$run/usbipd.pid" ] || read -r own < "$run/usbipd.pid"
	for path in "$root"/proc/[0-9]*/comm; do
		read -r name 2> /dev/null < "$path"
		[ "$name" = usbipd ] || continue
		pid=${path%/comm} pid=${pid##*/}
		# One that serves a client has its parent's name.
		[ "$pid" = "$own" ] || [ "$(parent_of "$pid")" = "$own" ] || {
			echo "$pid usbipd"
			return
		}
	done
	connections | while read -r inode state address listens rest; do
		[ "$state/$listens" = "LISTEN/$port" ] || continue
		for pid in $(holders_of "$inode"); do
			[ "$pid" != "$own" ] || continue
			echo "$pid $(cat "$root/proc/$pid/comm")"
			break 2
		done
	done
}

# Before usbipd starts: the kernel's part, and who may come. Nothing is shared yet.
prepare() {
	local other
	check_config || return 1
	other=$(another_server)
	if [ -n "$other" ]; then
		complain "${other#* }, process ${other%% *}, is in the way on port $port: not starting ($way_out)"
		return 1
	fi
	[ -e "$host/match_busid" ] || modprobe usbip-host || {
		complain "the kernel's usbip-host cannot be loaded: not starting"
		return 1
	}
	if ! { close_doors && platform_access; }; then
		complain 'not starting'
		return 1
	fi
	mkdir -p "$run"
	[ -e "$run/on" ] || rm -rf "$run/kept" "$run/holds" "$run/silent"
	: > "$run/on"
}

# The service is off: cameras are this machine's again. The mark goes first, so that no plug event
# shares them anew.
retire() {
	mkdir -p "$run"
	rm -f "$run/on"
	locked unbind_ours
	platform_forget
}

# In place of this script.
run_usbipd() {
	local family=
	case $ipv4$ipv6 in
	10) family=-4 ;;
	01) family=-6 ;;
	esac
	echo $$ > "$run/usbipd.pid"
	# shellcheck disable=SC2086 # no word where no family is chosen
	exec usbipd -t"$port" $family
}

# check_config: what the configuration says can be meant.
check_config() {
	local good=
	case $access in
	loopback | lan) ;;
	*)
		complain "access is loopback or lan, not '$access': not starting"
		return 1
		;;
	esac
	# usbipd would only log it, and listen on 3240.
	case $port in
	'' | *[!0-9]* | ??????*) good= ;;
	*) [ "$port" -ge 1 ] && [ "$port" -le 65535 ] && good=1 ;;
	esac
	[ -n "$good" ] || {
		complain "port is a number from 1 to 65535, not '$port': not starting"
		return 1
	}
	case $dead_after in
	'' | *[!0-9]*)
		complain "dead_after is a number of seconds, not '$dead_after': not starting"
		return 1
		;;
	esac
	[ "$ipv4$ipv6" != 00 ] || {
		complain 'neither IPv4 nor IPv6 is on: not starting'
		return 1
	}
}
