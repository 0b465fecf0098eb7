# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154,SC2015
# Debian's own gphoto2 on the simulated camera, through the port driver.

load common

setup() {
	command -v gphoto2 > /dev/null || skip "gphoto2 is not installed"
	isolate
	start_simcam
}

teardown() {
	stop_all
}

# What the driver calls these: options for gphoto2, which knows of no common names.
by_hand=() raw=() pair=() smaller=() card=() bulb=()
case $body in
eos1200d)
	by_hand=(autoexposuremode=Manual shutterspeed=1/30 aperture=8 iso=800)
	raw=(imageformat=RAW) pair=('imageformat=RAW + Large Fine JPEG')
	smaller=('imageformat=Medium Normal JPEG') smaller_size=3456x2304
	card=('capturetarget=Memory card') bulb=(autoexposuremode=Bulb)
	;;
d750)
	by_hand=(controlmode=1 expprogram=M shutterspeed2=1/30 f-number=f/8 iso=800)
	raw=('imagequality=NEF (Raw)') pair=(imagequality=NEF+Fine)
	smaller=(imagesize=3008x2008) smaller_size=3008x2008
	card=('capturetarget=Memory card')
	;;
plain)
	by_hand=(expprogram=M shutterspeed=0.0333s f-number=f/8 iso=800)
	smaller=(imagesize=720x480) smaller_size=720x480
	;;
esac

# sets NAME=VALUE…: options for gphoto2, in `options`.
sets() {
	local setting
	options=()
	for setting; do
		options+=(--set-config-value "$setting")
	done
}

# What a user types, but for the name of the build's opencamrc.
gphoto() {
	"$opencamrc" -r "$sim_address" env timeout 60 gphoto2 "$@"
}

# The Current: of a setting.
current() {
	gphoto --get-config "$1" | sed -n 's/^Current: //p'
}

# expect VALUE COMMAND…: the command prints it, and nothing else.
expect() {
	local expected=$1 got
	shift
	got=$("$@") || return 1
	[ "$got" = "$expected" ] || {
		echo "$*: got '$got', expected '$expected'" >&2
		return 1
	}
}

# count PATTERN: how many files there are.
count() {
	find . -maxdepth 1 -name "$1" | wc -l
}
