# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154
# Stands behind the platform's part in the tests: put() is recorded, and has the effect on sysfs
# that the kernel's would have. A file $BOX/refuses has patterns of "FILE VALUE" that the kernel
# does not take.

# Debian's busybox prefers its own applets to what is in PATH.
for program in logger modprobe ping ip sleep; do
	eval "$program() { \"\$root/bin/$program\" \"\$@\"; }"
done

put() {
	local file=${2#"$root"} busid=$1 interface
	echo "write $file: $1" >> "$root/calls"
	if [ -e "$root/refuses" ] && echo "$file $1" | grep -qf "$root/refuses"; then
		return 1
	fi
	case $file in
	*/usbip-host/match_busid)
		case $1 in
		'add '*) echo "${1#add }" >> "$2" ;;
		'del '*) sed -i "/^${1#del }\$/d" "$2" ;;
		esac
		;;
	*/devices/*/driver/unbind)
		rm "$usb/$busid/driver"
		for interface in "$usb/$busid/$busid":*; do
			[ ! -e "$interface" ] || mv "$interface" "$usb/$busid/was-${interface##*/}"
		done
		;;
	*/usbip-host/bind)
		grep -qx "$busid" "$host/match_busid" && [ ! -e "$usb/$busid/driver" ] || return 1
		ln -s ../../../bus/usb/drivers/usbip-host "$usb/$busid/driver"
		echo 1 > "$usb/$busid/usbip_status"
		;;
	*/usbip-host/unbind)
		[ -e "$usb/$busid/usbip_status" ] || return 1
		rm "$usb/$busid/driver" "$usb/$busid/usbip_status"
		;;
	*/usb/bind)
		[ ! -e "$usb/$busid/driver" ] || return 1
		ln -s ../../../bus/usb/drivers/usb "$usb/$busid/driver"
		for interface in "$usb/$busid/was-$busid":*; do
			[ ! -e "$interface" ] || mv "$interface" "$usb/$busid/${interface##*/was-}"
		done
		;;
	*/usbip_sockfd)
		busid=${2%/*}
		[ "$(cat "$busid/usbip_status")" = 2 ] || return 1
		echo 1 > "$busid/usbip_status"
		;;
	*/power/control) echo "$1" > "$2" ;;
	*) return 1 ;;
	esac
}
