# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Two machines with a wire between them, and nothing else: network namespaces of the test's own.
# "${near[@]}" COMMAND runs where the camera is not, "${far[@]}" COMMAND where it is.

near_address=10.9.0.1
far_address=10.9.0.2
second_address=10.9.0.3

# lay_network: skips the test where this machine allows no namespaces.
lay_network() {
	local flags in_user=()
	if unshare -nm true 2> /dev/null; then
		flags=(-nm)
	elif unshare -rnm true 2> /dev/null; then
		flags=(-rnm)
		in_user=(--user --preserve-credentials)
	else
		skip 'no network namespaces here'
	fi
	keep_namespace "${flags[@]}"
	near=(nsenter -t "$kept_pid" "${in_user[@]}" --net --mount --wd="$PWD")
	keep_namespace -n -m "${near[@]}"
	far=(nsenter -t "$kept_pid" "${in_user[@]}" --net --mount --wd="$PWD")
	"${near[@]}" ip link add near type veth peer name far
	"${near[@]}" ip link set far netns "$kept_pid"
	"${near[@]}" ip address add $near_address/24 dev near
	"${far[@]}" ip address add $far_address/24 dev far
	# No name is looked up elsewhere.
	echo 'hosts: files' > "$BATS_TEST_TMPDIR/nsswitch.conf"
	"${near[@]}" mount --bind "$BATS_TEST_TMPDIR/nsswitch.conf" /etc/nsswitch.conf
	bring_up near fe80::1 "${near[@]}"
	bring_up far fe80::2 "${far[@]}"
}

# keep_namespace FLAGS… [COMMAND THAT UNSHARES]: sets kept_pid, of a process that keeps it.
keep_namespace() {
	local flags=() ready=$BATS_TEST_TMPDIR/namespace-${#started[@]}
	while [[ ${1:-} == -* ]]; do
		flags+=("$1")
		shift
	done
	"$@" unshare "${flags[@]}" sh -c 'echo $$ > "$1"; exec sleep 600' - "$ready" 3>&- &
	started+=($!)
	wait_until 10 test -s "$ready" || return 1
	kept_pid=$(cat "$ready")
}

# bring_up LINK IPv6 COMMAND…: the address is usable at once, without looking for another one like it.
bring_up() {
	local link=$1 six=$2
	shift 2
	"$@" ip link set lo up
	"$@" ip link set "$link" addrgenmode none
	"$@" ip link set "$link" up
	"$@" ip address add "$six/64" dev "$link" nodad
}

# Another machine, as it were, on the same wire.
add_second_address() {
	"${far[@]}" ip address add $second_address/24 dev far
}

# How many datagrams the near machine has sent so far.
datagrams_sent() {
	"${near[@]}" awk '/^Udp: [0-9]/ { n += $5 } /^Udp6OutDatagrams/ { n += $2 } END { print n }' \
		/proc/self/net/snmp /proc/self/net/snmp6
}

# A simulated camera on the far machine: start_far_simcam ADDR:PORT [OPTIONS]; sets listening_log.
start_far_simcam() {
	listening_log=$BATS_TEST_TMPDIR/simcam-${#started[@]}.log
	start_listening "$listening_log" "${far[@]}" "$simcam" --listen "$1" \
		--speed 10 --seed 1 "${@:2}"
}

# announce HOST SHOWN-ADDRESS PORT [INSTANCE [OWN-ADDRESS]]: as OpenWrt's umdns does.
announce() {
	start_listening "$BATS_TEST_TMPDIR/announcer-${#started[@]}.log" "${far[@]}" \
		"$build/tests/tools/announcer" "${5:-$far_address}" "${4:-$1}" "$1.local" "$2" "$3"
}

# start_avahi NAME COMMAND… [-- PORT…]: an avahi-daemon of its own, called NAME, announcing those ports.
# Further lines of its [server] section come from $avahi_lines.
start_avahi() {
	local name=$1 folder=$BATS_TEST_TMPDIR/avahi-$1 where=() port
	shift
	[ -x /usr/sbin/avahi-daemon ] || skip 'avahi-daemon is not installed'
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		where+=("$1")
		shift
	done
	shift || true
	mkdir -p "$folder/services"
	printf '[server]\nhost-name=%s\nenable-dbus=no\n%s\n' "$name" "${avahi_lines:-}" > "$folder/conf"
	for port; do
		cat > "$folder/services/usbip-$port.service" <<- END
			<?xml version="1.0" standalone='no'?>
			<!DOCTYPE service-group SYSTEM "avahi-service.dtd">
			<service-group>
			<name replace-wildcards="yes">USB on %h, $port</name>
			<service><type>_usbip._tcp</type><port>$port</port>
			<txt-record>txtvers=1</txt-record></service>
			</service-group>
		END
	done
	# Its folders and its user are built in, and in a user namespace there is one user only.
	printf 'avahi:x:0:0::/:/bin/false\n' > "$folder/passwd"
	printf 'avahi:x:0:\n' > "$folder/group"
	"${where[@]}" mount --bind "$folder/passwd" /etc/passwd
	"${where[@]}" mount --bind "$folder/group" /etc/group
	"${where[@]}" mount --bind "$folder/services" /etc/avahi/services
	"${where[@]}" mount -t tmpfs none /run
	"${where[@]}" avahi-daemon -f "$folder/conf" --no-drop-root --no-chroot --no-rlimits \
		> "$folder/log" 2>&1 3>&- &
	started+=($!)
	wait_until 20 grep -q 'Server startup complete' "$folder/log" || return 1
	for port; do
		wait_until 20 grep -q "usbip-$port.service) successfully established" "$folder/log" || return 1
	done
}
