#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2317 # scenarios are called by name
# Who is gone and who is only quiet: the watch, with made-up connections, pings and neighbours. Time
# is the stub's.

load box

# socket INODE LOCAL PEER STATE [TIMER RETRANSMITS]: a line of /proc/net/tcp; addresses as
# ADDRESS:PORT in hex.
socket() {
	printf '   0: %s %s %s 00000000:00000000 %s:00000000 %s     0        0 %s 1 0000000000000000\n' \
		"$2" "$3" "$4" "${5:-00}" "${6:-00000000}" "$1" >> "$box/proc/net/tcp"
}
# The processes that have a socket: opens PID INODE.
opens() {
	mkdir -p "$box/proc/$1/fd"
	ln -s "socket:[$2]" "$box/proc/$1/fd/$2"
}
client=3201A8C0:C001 # 192.168.1.50
other=3301A8C0:C002  # 192.168.1.51
here=0101A8C0:0CA8   # 192.168.1.1:3240

in_use_by() {
	plug_in_camera
	server prepare
	server bind 1-1
	hold 1-1
	socket "$1" "$here" "$2" 01 "${@:3}"
}
# after_looks NUMBER: the watch looks as often as that, two seconds apart where all is well.
after_looks() {
	: > "$box/var/run/opencamrc-server/on"
	echo "$1" > "$box/rounds"
	server watch
}
stays() {
	after_looks 8
	not is_free 1-1
}
goes() {
	after_looks "${1:-10}"
	is_free 1-1
	said "1-1 is released: its client"
}

answers_pings() {
	in_use_by 1000 $client
	echo 192.168.1.50 > "$box/answers"
	stays
	[[ $(server list) == *'in use by 192.168.1.50'* ]]
}
@test "a client that answers pings keeps its camera" {
	in_each_shell openwrt answers_pings
}

answers_for_its_address_alone() {
	in_use_by 1000 $client
	echo '192.168.1.50 REACHABLE' > "$box/neighbours"
	stays
	echo '192.168.1.50 STALE ' > "$box/neighbours"
	stays
}
@test "one that answers no pings, but for its hardware address, keeps it" {
	in_each_shell openwrt answers_for_its_address_alone
}

behind_a_router() {
	in_use_by 1000 $client
	stays
}
@test "one of whom nothing can be known keeps it" {
	in_each_shell openwrt behind_a_router
}

goes_silent() {
	in_use_by 1000 $client
	echo 192.168.1.50 > "$box/answers"
	# It is there for five looks, and then no more.
	printf '[ "$1" -gt 10 ] || rm -f "$BOX/answers"\n' > "$box/each-round"
	echo '192.168.1.50 FAILED' > "$box/neighbours"
	after_looks 16
	is_free 1-1
	# Five seconds later, when it has not answered for that long.
	said '1-1 is released: its client, 192.168.1.50, has not answered for [5-7] s'
}
@test "one that is silent to pings and to the question for its address loses it" {
	in_each_shell openwrt goes_silent goes-silent
}

behind_a_router_silent_after_pings() {
	in_use_by 1000 $client
	echo 192.168.1.50 > "$box/answers"
	printf '[ "$1" -gt 10 ] || rm -f "$BOX/answers"\n' > "$box/each-round"
	goes 20
}
@test "one behind a router that did answer pings loses it when it no longer does" {
	in_each_shell openwrt behind_a_router_silent_after_pings
}

back_in_time() {
	in_use_by 1000 $client
	echo '192.168.1.50 FAILED' > "$box/neighbours"
	# Silent for three looks, then one answer, again and again.
	cat > "$box/each-round" << 'END'
rm -f "$BOX/answers"
[ $(($1 % 4)) -ne 0 ] || echo 192.168.1.50 > "$BOX/answers"
END
	stays
}
@test "one that comes back in time keeps it: silence begins anew" {
	in_each_shell openwrt back_in_time
}

acknowledges_nothing() {
	in_use_by 1000 $client 01 00000005
	echo 192.168.1.50 > "$box/answers"
	goes
}
@test "one that acknowledges nothing loses it, whatever answers pings there" {
	in_each_shell openwrt acknowledges_nothing
}

is_slow() {
	in_use_by 1000 $client 01 00000001
	echo 192.168.1.50 > "$box/answers"
	stays
	: > "$box/proc/net/tcp"
	# A stopped client: its window is closed, its kernel answers the probes of that.
	socket 1000 "$here" "$client" 01 04 00000007
	stays
}
@test "one that is slow, or stopped, keeps it" {
	in_each_shell openwrt is_slow
}

never() {
	set_config dead_after 0
	in_use_by 1000 $client 01 00000009
	stays
}
@test "with dead_after 0 nobody loses anything" {
	in_each_shell openwrt never
}

by_ssh() {
	plug_in_camera
	server prepare
	server bind 1-1
	hold 1-1
	socket 1000 0100007F:0CA8 0100007F:9C40 01
	socket 1001 0100007F:9C40 0100007F:0CA8 01
	# The ssh server of that client, its listener, and another client's.
	socket 1002 0101A8C0:0016 3201A8C0:D001 01 "${1:-00}" "${2:-00000000}"
	socket 1003 00000000:0016 00000000:0000 0A
	socket 1004 0101A8C0:0016 3301A8C0:D001 01 01 00000009
	opens 20 1001
	opens 20 1002
	opens 20 1003
	opens 21 1004
}
by_ssh_alive() {
	by_ssh
	echo 192.168.1.50 > "$box/answers"
	stays
	[[ $(server list) == *'in use by 192.168.1.50 by ssh'* ]]
}
by_ssh_gone() {
	by_ssh 01 00000005
	goes
}
@test "a client by ssh is judged by its ssh connection" {
	in_each_shell openwrt by_ssh_alive
	in_each_shell openwrt by_ssh_gone
}

of_this_machine() {
	plug_in_camera
	server prepare
	server bind 1-1
	hold 1-1
	socket 1000 0100007F:0CA8 0100007F:9C40 01
	socket 1001 0100007F:9C40 0100007F:0CA8 01
	opens 30 1001
	stays
	[[ $(server list) == *'in use by a program of this machine'* ]]
}
@test "a client of this machine keeps it" {
	in_each_shell openwrt of_this_machine
}

usbipd_still_has_it() {
	in_use_by 1000 $client
	# An idle connection, which usbipd's child has not handed over: it is nobody's hold.
	socket 2000 "$here" $other 01 01 00000009
	opens 40 2000
	echo 192.168.1.50 > "$box/answers"
	stays
	[[ $(server list) == *'in use by 192.168.1.50'* ]]
}
not_yet_accepted() {
	in_use_by 1000 $client
	socket 0 "$here" $other 01 01 00000009
	echo 192.168.1.50 > "$box/answers"
	stays
	[[ $(server list) == *'in use by 192.168.1.50'* ]]
}
@test "a connection that nobody has accepted is no hold" {
	in_each_shell openwrt not_yet_accepted
}

of_one_link() {
	in_use_by 1000 $client
	socket 1001 000080FE00000000FF005452030201FE:0CA8 000080FE00000000FF005452040201FE:C001 01
	sed -i '/ 1000 /d' "$box/proc/net/tcp"
	echo 'fe80:0:0:0:5254:ff:fe01:204 REACHABLE' > "$box/neighbours"
	echo 'fe80:0:0:0:5254:ff:fe01:204%br-lan' > "$box/answers"
	stays
	rm "$box/answers"
	echo 'fe80:0:0:0:5254:ff:fe01:204 FAILED' > "$box/neighbours"
	goes
}
@test "an address of one link is asked on that link" {
	in_each_shell openwrt of_one_link
}

@test "a connection that usbipd has itself is no hold" {
	in_each_shell openwrt usbipd_still_has_it
}

two_at_once() {
	plug_in_camera 1-1 1
	plug_in_camera 1-2 2
	server prepare
	server bind all
	hold 1-1
	hold 1-2
	# Which is whose nobody knows.
	socket 1000 "$here" $client 01 01 00000005
	socket 1001 "$here" $other 01
	echo 192.168.1.51 > "$box/answers"
	after_looks 20
	not is_free 1-1
	not is_free 1-2
	# Both gone: both free.
	rm "$box/answers"
	sed -i 's/ 00:00000000 00000000/ 01:00000000 00000005/' "$box/proc/net/tcp"
	after_looks 20
	is_free 1-1
	is_free 1-2
}
@test "of two that cannot be told apart none loses a camera for the other" {
	in_each_shell openwrt two_at_once
}

one_after_the_other() {
	plug_in_camera 1-1 1
	plug_in_camera 1-2 2
	server prepare
	server bind all
	hold 1-1
	socket 1000 "$here" $client 01
	printf '192.168.1.50\n192.168.1.51\n' > "$box/answers"
	after_looks 2
	hold 1-2
	socket 1001 "$here" $other 01
	after_looks 2
	[[ $(server list) == *'in use by 192.168.1.50'*'in use by 192.168.1.51'* ]]
	sed -i '/ 1001 /s/ 00:00000000 00000000/ 01:00000000 00000005/' "$box/proc/net/tcp"
	after_looks 12
	not is_free 1-1
	is_free 1-2
}
@test "of two that came one after the other each is judged alone" {
	in_each_shell openwrt one_after_the_other
}

failed_reset() {
	plug_in_camera
	server prepare
	server bind 1-1
	echo 3 > "$box/sys/bus/usb/devices/1-1/usbip_status"
	after_looks 3
	is_free 1-1
	# Where that does not help, it is not tried again and again.
	echo 3 > "$box/sys/bus/usb/devices/1-1/usbip_status"
	after_looks 1
	echo 3 > "$box/sys/bus/usb/devices/1-1/usbip_status"
	after_looks 5
	[ "$(grep -c 'could not be reset' "$box/calls")" -le 2 ]
}
@test "a camera whose reset failed is shared anew, once" {
	in_each_shell openwrt failed_reset
}

# What connections() makes of a table, without the lines of a header.
reads() {
	$BOX_SHELL -c 'root=$1; . "$2"; connections' reads "$box" "$feed/peers.sh"
}
reads_addresses() {
	echo '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt' > "$box/proc/net/tcp"
	socket 1000 0101A8C0:0CA8 3201A8C0:C001 01 01 0000000A
	[ "$(reads)" = '1000 UP 192.168.1.1 3240 192.168.1.50 49153 1 10' ]
	: > "$box/proc/net/tcp"
	socket 1000 000000FD00000000000000000100FE80:0CA8 000080FE00000000FF005452030201FE:C001 01 > /dev/null
	[ "$(reads)" = '1000 UP fd00:0:0:0:0:0:80fe:1 3240 fe80:0:0:0:5254:ff:fe01:203 49153 0 0' ]
	: > "$box/proc/net/tcp"
	socket 1000 0000000000000000FFFF00000100007F:0CA8 00000000000000000000000001000000:C001 01
	[ "$(reads)" = '1000 UP 127.0.0.1 3240 0:0:0:0:0:0:0:1 49153 0 0' ]
	# A router with a big-endian processor.
	printf '\177ELF\001\002' > "$box/proc/self/exe"
	: > "$box/proc/net/tcp"
	socket 1000 C0A80101:0CA8 C0A80132:C001 0A
	[ "$(reads)" = '1000 LISTEN 192.168.1.1 3240 192.168.1.50 49153 0 0' ]
	: > "$box/proc/net/tcp"
	socket 1000 FD000000000000000000000080FE0001:0CA8 00000000000000000000000000000001:C001 06
	[ "$(reads)" = '1000 OTHER fd00:0:0:0:0:0:80fe:1 3240 0:0:0:0:0:0:0:1 49153 0 0' ]
}
@test "addresses are read in either byte order, of IPv4 and IPv6" {
	in_each_shell openwrt reads_addresses
}
