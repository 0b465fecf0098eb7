# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC3043,SC2034,SC2154
# OpenWrt's part: UCI, its log, its networks. Announcing and the firewall are in the init script,
# since procd wants both with the service's own data.

# shellcheck source=/dev/null
. "$root/lib/functions.sh"

# When another usbipd runs, that is the stock service.
way_out='/etc/init.d/usbipd stop; /etc/init.d/usbipd disable'

read_config() {
	rules=
	config_load opencamrc-server
	config_get_bool enabled main enabled 1
	config_get access main access loopback
	config_get port main port 3240
	config_get_bool ipv4 main ipv4 1
	config_get_bool ipv6 main ipv6 1
	config_get_bool only_listed main only_listed 0
	config_get dead_after main dead_after 5
	config_get networks main network lan
	config_foreach read_camera camera
}

# shellcheck disable=SC2317,SC2329 # called by config_foreach
read_camera() {
	local policy id serial busid
	config_get policy "$1" policy allow
	config_get id "$1" id
	config_get serial "$1" serial
	config_get busid "$1" busid
	add_rule "$policy" "$id" "$serial" "$busid"
}

# The subnets of the networks in the configuration, as ADDRESS/BITS.
lan_subnets() {
	local name subnets
	# shellcheck source=/dev/null
	. "$root/lib/functions/network.sh"
	for name in $networks; do
		if network_get_subnets subnets "$name"; then
			printf '%s\n' "$subnets"
		fi
		if network_get_subnets6 subnets "$name"; then
			printf '%s\n' "$subnets"
		fi
	done
}

platform_access() { :; }
platform_forget() { forget_doors; }
