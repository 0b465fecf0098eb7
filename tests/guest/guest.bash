# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sourced by what runs in the guest: a QEMU machine with Debian's stock kernel, on a network that
# only it and the caller share. The caller is at 10.77.0.1, the guest at 10.77.0.2; TCP between them
# is the two kernels' own, and the guest can slow it down (guest_link). Needs no root.

guest_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
guest_top=$(cd "$guest_folder/../.." && pwd)
guest_build=${OPENCAMRC_BUILD:-$guest_top}
guest_cache=$guest_build/tests/.cache
guest_host=10.77.0.1
guest_address=10.77.0.2
guest_pid=
guest_reason=
PATH=$PATH:/usr/sbin:/sbin
# An emulated machine, and on whatever else this one has to do. The guest has the same (init).
export OPENCAMRC_TIMEOUT=30s

# The packages that are missing.
guest_needs() {
	local pair
	for pair in qemu-system-x86_64:qemu-system-x86 busybox:busybox-static cpio:cpio xz:xz-utils \
		apt-get:apt dpkg:dpkg depmod:kmod ip:iproute2 unshare:util-linux \
		gphoto2:gphoto2 usbipd:usbip; do
		command -v "${pair%:*}" > /dev/null || printf '%s ' "${pair##*:}"
	done
}

# guest_enter "$0" "$@": the first thing of a script. Makes the guest's image, then runs the script
# again in a network of its own. Where that is not possible it fails, with the reason in guest_reason.
guest_enter() {
	local how
	[ -z "${GUEST_ENTERED:-}" ] || return 0
	guest_reason="the guest cannot be made; install (Debian's names): $(guest_needs)"
	[ -z "$(guest_needs)" ] || return 1
	guest_reason=$("$guest_folder/image" "$guest_cache" 2>&1) || return 1
	for how in -Urn -n; do
		unshare $how true 2> /dev/null || continue
		# shellcheck disable=SC2093 # there is no second time
		GUEST_ENTERED=1 exec unshare $how "$@"
	done
	guest_reason='the guest needs a network namespace: be root, or allow unprivileged user namespaces'
	return 1
}

# guest_boot SHARE [QEMU-OPTION…]: SHARE is a folder that both can write, under the same name.
# Ends with the guest ready, or prints why not and fails. Its console is SHARE/console. With SOAK=1 or
# GUEST_FULL=1 it has two processors, and a program other addresses each time; else one, and the same, since
# emulated processors wait for each other at each change of a page table, and what was translated for one
# address serves no other: a program starts in a sixth of the time.
guest_boot() {
	local share=$1 end=$((SECONDS + ${GUEST_BOOT_LIMIT:-180})) processors=1 addresses=norandmaps
	[ -z "${SOAK:-}${GUEST_FULL:-}" ] || processors=2 addresses=
	shift
	: > "$share/console"
	ip link set lo up
	# BBR, which some machines default to, paces a frame over half a round trip; a router has Cubic,
	# which a namespace may not choose. Reno does the same where nothing is lost.
	echo reno > /proc/sys/net/ipv4/tcp_congestion_control
	# What one connection has learnt of the link does not count for the next.
	echo 1 > /proc/sys/net/ipv4/tcp_no_metrics_save
	if ! { ip tuntap add tap0 mode tap && ip address add "$guest_host/24" dev tap0 &&
		ip link set tap0 up; }; then
		echo "no tap device: is /dev/net/tun there (modprobe tun)?"
		return 1
	fi
	# no_timer_check: else the kernel gives up where its first ticks are late, as on a host that is busy.
	qemu-system-x86_64 -accel tcg,thread=multi -cpu Nehalem -smp $processors -m 1024 \
		-nodefaults -no-user-config -display none -no-reboot \
		-kernel "$guest_cache/vmlinux" -initrd "$guest_cache/initramfs" \
		-append "console=ttyS0 loglevel=6 panic=-1 mitigations=off $addresses no_timer_check clocksource=tsc tsc=reliable share=$share tree=$guest_top tree=$guest_build" \
		-serial "file:$share/console" \
		-virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap \
		-virtfs "local,path=$share,mount_tag=share,security_model=none,multidevs=remap" \
		-netdev tap,id=n0,ifname=tap0,script=no,downscript=no \
		-device virtio-net-pci,netdev=n0,romfile= \
		-device qemu-xhci,id=xhci "$@" > "$share/qemu.log" 2>&1 < /dev/null &
	guest_pid=$!
	until guest_is_up "$share"; do
		if [ $SECONDS -ge $end ] || ! guest_lives ||
			grep -q '^guest: failed' "$share/console"; then
			echo "the guest did not come up:"
			tail -n 30 "$share/console" "$share/qemu.log"
			return 1
		fi
		sleep 0.1
	done
}

guest_lives() { kill -0 "$guest_pid" 2> /dev/null; }
guest_is_up() {
	grep -q '^guest: ready' "$1/console" && guest true 2> /dev/null
}

# guest COMMAND…: runs it in the guest, in the folder where the caller is if that is shared. Both its
# outputs come on stdout, line by line, less empty lines at the end; ends with its exit status, with 125 where
# the guest is not there, or with 124 where it went or nothing came for GUEST_LIMIT seconds. Several lines of
# shell: guest bash -c '…'.
guest() {
	local line part='' fd status=124 blank=0 ends limit=${GUEST_LIMIT:-400} end_of_file=1
	guest_lives && exec {fd}<> "/dev/tcp/$guest_address/2222" || return 125
	printf '{ cd %q; %s; } < /dev/null 2>&1; printf "\nguest-status %%d\n" $?; exit\n' \
		"$PWD" "$(printf '%q ' "$@")" >&"$fd"
	ends=$((SECONDS + limit))
	while :; do
		IFS= read -r -t 2 line <&"$fd" || {
			[ $? -ne "$end_of_file" ] || break
			# What came of a line by then.
			part+=$line
			if ! guest_lives; then
				echo "the guest is gone: $*"
				break
			elif [ $SECONDS -ge $ends ]; then
				echo "the guest says nothing for $limit s: $*"
				break
			fi
			continue
		}
		line=$part$line part='' ends=$((SECONDS + limit))
		case $line in
		'') blank=$((blank + 1)) ;;
		'guest-status '*)
			status=${line#guest-status }
			break
			;;
		*)
			for (( ; blank > 0; blank--)); do echo; done
			printf '%s\n' "$line"
			;;
		esac
	done
	exec {fd}>&-
	return "$status"
}

# guest_link RTT_MS [MBIT]: the round trip between caller and guest from now on, half of it in each
# direction, and the rate towards the guest. 0 and nothing: as fast as it goes.
guest_link() {
	local half
	half=$(awk -v rtt="$1" 'BEGIN { print rtt * 500 "us" }')
	# shellcheck disable=SC2016 # the guest's shell expands it
	guest bash -ec '
		half=$1 rate=$2
		modprobe ifb numifbs=1
		ip link set ifb0 up
		tc qdisc replace dev eth0 root netem limit 20000 delay "$half"
		tc qdisc show dev eth0 | grep -q ingress || {
			tc qdisc add dev eth0 ingress
			tc filter add dev eth0 parent ffff: matchall action mirred egress redirect dev ifb0
		}
		# Replacing it would keep a rate that is not named this time.
		tc qdisc del dev ifb0 root 2> /dev/null || true
		tc qdisc add dev ifb0 root netem limit 20000 delay "$half" ${rate:+rate ${rate}mbit}
	' guest_link "$half" "${2:-}"
}

# guest_share BUSID: the stock kernel's usbip-host and usbipd share a device of the guest's own, once it
# is there. What went wrong is printed.
guest_share() {
	# shellcheck disable=SC2016 # the guest's shell expands it
	guest bash -c '
		for try in {1..300}; do
			[ ! -e "/sys/bus/usb/devices/$1/bConfigurationValue" ] || break
			sleep 0.1
		done
		modprobe usbip-host && usbipd -D && usbip bind -b "$1"' guest_share "$1" && guest_awaits_port 3240
}

# guest_awaits_port PORT: what went to the background listens there, on the guest's loopback.
guest_awaits_port() {
	# shellcheck disable=SC2016 # the guest's shell expands it
	guest bash -c '
		for try in {1..600}; do
			! (: < "/dev/tcp/127.0.0.1/$1") 2> /dev/null || exit 0
			sleep 0.1
		done
		echo "nothing listens on port $1"
		exit 1' guest_awaits_port "$1"
}

# guest_has_format DEVICE: a program has told the v4l2loopback device what video it writes.
guest_has_format() {
	[ -n "$(guest cat "/sys/class/video4linux/${1#/dev/}/format")" ]
}

# guest_device_caps DEVICE: what a v4l2 device says that it can do, a line each.
guest_device_caps() { guest v4l2-ctl -d "$1" -D | sed -n '/Device Caps/,$p'; }

# guest_systemd UNIT: systemd itself, as the first process of a PID namespace, with this unit. What it says
# goes to /run/systemd.log.
guest_systemd() {
	# shellcheck disable=SC2016
	guest bash -ec '
		env -i --default-signal "PATH=$PATH" container=other \
			unshare --pid --fork --mount-proc /lib/systemd/systemd --system --unit="$1" \
			> /run/systemd.log 2>&1 < /dev/null &
		echo $! > /run/unshare.pid' guest_systemd "$1"
}
# guest_systemctl WORD…: systemctl, of that one.
guest_systemctl() {
	# shellcheck disable=SC2016
	guest bash -c 'exec nsenter -t $(cat /proc/$(cat /run/unshare.pid)/task/*/children) -p -m systemctl "$@"' \
		guest_systemctl "$@"
}

guest_stop() {
	[ -n "$guest_pid" ] || return 0
	kill "$guest_pid" 2> /dev/null
	wait "$guest_pid" 2> /dev/null
	guest_pid=
}
