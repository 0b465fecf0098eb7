# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC3043,SC2034,SC2154
# The part of a machine with systemd: a plain configuration file, systemd's own address filter
# before the tcp wrapper, avahi.

config=$root/etc/opencamrc-server.conf
# When another usbipd runs.
way_out='stop and disable it'
announcement=$root/etc/avahi/services/opencamrc-server.service

read_config() {
	local key value number=0
	enabled=1 access=loopback port=3240 ipv4=1 ipv6=1 mdns=1 dead_after=5 only_listed=0 networks=auto rules=
	[ -e "$config" ] || return 0
	while read -r key value; do
		number=$((number + 1))
		case $key in
		'' | '#'*) ;;
		access | port | dead_after) eval "$key=\$value" ;;
		network) [ "$networks" = auto ] && networks=$value || networks="$networks $value" ;;
		ipv4 | ipv6 | mdns | only_listed)
			case $value in
			yes | 1) eval "$key=1" ;;
			no | 0) eval "$key=0" ;;
			*) complain "$config:$number: $key is yes or no, not '$value'" ;;
			esac
			;;
		allow | deny) read_rule "$key" "$value" ;;
		*) complain "$config:$number: there is no '$key' to set" ;;
		esac
	done < "$config"
}

# read_rule POLICY FIELDS: id=…, busid=…, and serial=…, which may hold blanks and so comes last.
read_rule() {
	local id='' serial='' busid='' rest=$2 field
	while [ -n "$rest" ]; do
		field=${rest%% *}
		case $field in
		id=*) id=${field#id=} ;;
		busid=*) busid=${field#busid=} ;;
		serial=*)
			serial=${rest#serial=}
			break
			;;
		*) complain "$config: a rule has id=, busid= and serial=, not '$field'" ;;
		esac
		[ "$rest" != "$field" ] || break
		rest=${rest#* }
	done
	add_rule "$1" "$id" "$serial" "$busid"
}

# The subnets that may come, as ADDRESS/BITS: those of the configuration, or those that this machine
# is in.
lan_subnets() {
	[ "$networks" = auto ] || {
		printf '%s\n' "$networks"
		return
	}
	ip -4 route show scope link proto kernel | sed 's/ .*//'
	ip -6 route show proto kernel | sed -n 's|^\([0-9a-f:]*/[0-9]*\) .*|\1|p'
}

# A program that is not asked by usbipd must not be the only guard, and the other way round: systemd
# drops packets, and says nothing where the kernel cannot.
platform_access() {
	# systemd takes the word localhost, but not among others.
	local subnets='127.0.0.0/8 ::1/128' said
	if [ "$access" = lan ]; then
		subnets="$subnets $(lan_subnets | tr '\n' ' ')"
	fi
	if [ -d "$root/run/systemd/system" ]; then
		said=$(systemctl set-property --runtime opencamrc-server-usbipd.service IPAddressAllow= \
			IPAddressAllow="$subnets" 2>&1) || {
			complain "systemd does not keep others than $subnets away: $said"
			return 1
		}
	fi
	announce
}

platform_forget() {
	forget_doors
	rm -f "$announcement"
}

# avahi tells what is in its folder, as long as that is there.
announce() {
	local how=
	[ -d "$(dirname "$announcement")" ] || return 0
	if [ "$mdns" != 1 ]; then
		rm -f "$announcement"
		return 0
	fi
	[ "$access" = lan ] || how='<txt-record>access=ssh</txt-record>'
	cat > "$announcement" << END
<?xml version="1.0" standalone='no'?>
<!DOCTYPE service-group SYSTEM "avahi-service.dtd">
<service-group>
  <name replace-wildcards="yes">Cameras of %h</name>
  <service>
    <type>_usbip._tcp</type>
    <port>$port</port>
    <txt-record>txtvers=1</txt-record>$how
  </service>
</service-group>
END
}
