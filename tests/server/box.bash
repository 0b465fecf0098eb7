# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# What the tests of the server's scripts share: a made-up box, in which the scripts run for real and
# every call of a program, of procd, and every write to the kernel is recorded. What the kernel
# would do to sysfs is played by stub/kernel.sh.

top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
feed=$top/openwrt-feed/net/opencamrc-server/files
stub=$BATS_TEST_DIRNAME/stub
shells=('busybox ash' dash)

# make_box SHELL openwrt|systemd: in $box, with nothing plugged in and usbip-host loaded.
make_box() {
	local part program
	box=$BATS_TEST_TMPDIR/box-${1// /-}-$((++boxes))
	export BOX=$box BOX_SHELL=$1 OPENCAMRC_SERVER_ROOT=$box OPENCAMRC_SERVER_PARTS=$box/parts
	mkdir -p "$box"/{bin,etc/config,etc/init.d,lib/functions,parts,proc/net,proc/self,usr/sbin,var/run} \
		"$box"/sys/bus/usb/{devices,drivers/usb,drivers/usbip-host} "$box"/sys/devices/{usb1,vhci_hcd.0}
	: > "$box/calls"
	: > "$box/sys/bus/usb/drivers/usbip-host/match_busid"
	echo '100.00 0.00' > "$box/proc/uptime"
	printf '\177ELF\002\001' > "$box/proc/self/exe"
	: > "$box/proc/net/tcp"
	for part in camera share access peers watch report; do
		cp "$feed/$part.sh" "$box/parts/"
	done
	case $2 in
	openwrt) cp "$feed/openwrt.sh" "$box/parts/platform.sh" ;;
	systemd) cp "$top/contrib/server/systemd.sh" "$box/parts/platform.sh" ;;
	esac
	cat "$stub/kernel.sh" >> "$box/parts/platform.sh"
	cp "$stub/functions.sh" "$box/lib/functions.sh"
	cp "$stub/network.sh" "$box/lib/functions/network.sh"
	cp "$feed/opencamrc-server.config" "$box/etc/config/opencamrc-server"
	# Every name of a program that the scripts call is one stub, that knows by which it was called.
	for program in logger modprobe usbipd ping ip systemctl sleep fw4; do
		ln -s "$stub/program" "$box/bin/$program"
	done
	printf '#!/bin/sh\nexec %s %s "$@"\n' "$1" "$feed/opencamrc-server" > "$box/usr/sbin/opencamrc-server"
	for script in opencamrc-server.init opencamrc-server.hotplug opencamrc-server.defaults; do
		sed "s| /etc/init.d/usbipd| $box/etc/init.d/usbipd|; s|/usr/sbin|$box/usr/sbin|; s|logger |$box/bin/logger |" \
			"$feed/$script" > "$box/etc/${script#opencamrc-server.}"
	done
	chmod +x "$box/usr/sbin/opencamrc-server"
	export PATH=$box/bin:$box/usr/sbin:$original_path
}
original_path=$PATH
boxes=0

# plug_in BUSID VENDOR:PRODUCT CLASS/SUBCLASS/PROTOCOL[,…] [NAME [SERIAL]]: a device, as the kernel
# shows it.
plug_in() {
	local device=$box/sys/devices/${6:-usb1}/$1 class number=0
	mkdir -p "$device/power"
	echo "${2%:*}" > "$device/idVendor"
	echo "${2#*:}" > "$device/idProduct"
	echo 00 > "$device/bDeviceClass"
	echo "${4:-}" > "$device/product"
	echo "${5:-}" > "$device/serial"
	echo auto > "$device/power/control"
	ln -s "../../../bus/usb/drivers/usb" "$device/driver"
	ln -s "../../../devices/${6:-usb1}/$1" "$box/sys/bus/usb/devices/$1"
	for class in ${3//,/ }; do
		mkdir -p "$box/sys/bus/usb/devices/$1/$1:1.$number"
		ln -s "../../../devices/${6:-usb1}/$1/$1:1.$number" "$box/sys/bus/usb/devices/$1:1.$number"
		IFS=/ read -r a b c <<< "$class"
		echo "$a" > "$device/$1:1.$number/bInterfaceClass"
		echo "$b" > "$device/$1:1.$number/bInterfaceSubClass"
		echo "$c" > "$device/$1:1.$number/bInterfaceProtocol"
		number=$((number + 1))
	done
}
plug_in_camera() { plug_in "${1:-1-1}" 04a9:3270 06/01/01 'Canon Digital Camera' "${2:-0123456789}"; }
plug_in_hub() {
	plug_in "$1" 05e3:0608 09/00/00 'USB2.0 Hub'
	echo 09 > "$box/sys/bus/usb/devices/$1/bDeviceClass"
}
plug_in_disk() { plug_in "$1" 0781:5567 08/06/50 'Cruzer Blade'; }
pull_out() {
	rm -rf "$box/sys/bus/usb/devices/$1" "$box/sys/bus/usb/devices/$1":* "$box"/sys/devices/*/"$1"
}

# hold BUSID: as if a client had taken it.
hold() { echo 2 > "$box/sys/bus/usb/devices/$1/usbip_status"; }
shared() { [ -e "$box/sys/bus/usb/devices/$1/usbip_status" ]; }
is_free() { [ "$(cat "$box/sys/bus/usb/devices/$1/usbip_status")" = 1 ]; }

server() { opencamrc-server "$@"; }
# init ACTION: OpenWrt's service.
init() { $BOX_SHELL "$stub/rc.common" "$box/etc/init" "$1"; }
# event ACTION DEVTYPE DEVPATH INTERFACE: as procd hands it to a hotplug script.
event() {
	ACTION=$1 DEVTYPE=$2 DEVPATH=$3 INTERFACE=${4:-} $BOX_SHELL "$box/etc/hotplug"
}
set_config() {
	local file=$box/etc/config/opencamrc-server
	sed -i "s|^\(.option $1\) .*|\1 '$2'|" "$file"
	grep -q "option $1 '$2'" "$file"
}

said() { grep -q "$1" "$box/calls"; }
note() { echo "## $*" >> "$box/calls"; }

# same_as_golden NAME: what was called and written, against the transcript; UPDATE=1 writes that
# anew.
same_as_golden() {
	local golden=$BATS_TEST_DIRNAME/golden/$1
	sed "s|$box||g" "$box/calls" > "$BATS_TEST_TMPDIR/transcript"
	[ -z "${UPDATE:-}" ] || cp "$BATS_TEST_TMPDIR/transcript" "$golden"
	diff -u "$golden" "$BATS_TEST_TMPDIR/transcript" >&2
}

# in_each_shell OPENWRT|SYSTEMD SCENARIO [GOLDEN]: runs it in a new box for each shell.
in_each_shell() {
	local shell
	for shell in "${shells[@]}"; do
		make_box "$shell" "$1"
		"$2"
		[ -z "${3:-}" ] || same_as_golden "$3"
	done
}

# bats shows this of a test that failed.
teardown() {
	echo "with ${BOX_SHELL:-no shell}; what was called:"
	[ ! -e "${box:-}/calls" ] || sed "s|$box||g" "$box/calls"
}

# For a line of a test: a bare ! would not fail it.
not() { ! "$@"; }
