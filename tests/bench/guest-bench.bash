# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# Sourced first by the benches that run in the guest: what users have today, Debian's gphoto2 over the
# kernel's usbip client, and ours, side by side against the same server on the host. A bench that defines
# before_boot() gets it called with $work there; it may add to guest_options, which are QEMU's.

# shellcheck source=tests/guest/guest.bash
. "$(dirname "${BASH_SOURCE[0]}")/../guest/guest.bash"
guest_enter "$0" "$@" || {
	echo "$(basename "$0"): skipped: $guest_reason"
	exit 0
}
# Each run is minutes' worth of the emulated machine's: two are enough unless asked for.
PAIRS=${PAIRS:-2}
GUEST_FULL=1
# shellcheck source=tests/bench/bench.bash
. "$(dirname "${BASH_SOURCE[0]}")/bench.bash"

tools=$build/tests/bench
bench_ends+=(guest_stop)
guest_options=()
! declare -F before_boot > /dev/null || before_boot
guest_boot "$work" "${guest_options[@]}" > "$work/boot" || give_up "$(cat "$work/boot")"
guest modprobe vhci-hcd > "$work/output" || give_up "$(cat "$work/output")"
start_server "$tools/ping-pong" listen "$guest_host"
echo_address=$address
# Of libgphoto2's drivers the one that serves, where the time to load the others is not what counts.
camlibs=$work/camlibs
mkdir "$camlibs"
ln -s "$(gphoto2_camlibs)"/ptp2.so "$camlibs"

# set_link RTT_MS [MBIT], MBIT 0 being no limit.
set_link() {
	local options=("$1")
	[ "${2:-0}" = 0 ] || options+=("$2")
	guest_link "${options[@]}" > "$work/output" || give_up "the link: $(cat "$work/output")"
}
# The round trip as a program in the guest sees it, in ms; to be called with in_pairs.
trip() {
	guest "$tools/ping-pong" "$echo_address" 15
}

# start_cameras OPTIONS…: two alike, 1-1 attached to the guest's kernel, 1-2 for us.
start_cameras() {
	start_server "$build/bin/opencamrc-simcam" --listen "$guest_host:3240" --cameras 2 "$@"
	camera_log=$server_log
	camera=$address camera_pid=$server_pid remote=$address/1-2
	guest_link 0 > "$work/output"
	guest usbip attach -r "$guest_host" -b 1-1 > "$work/output" ||
		give_up "no attach: $(cat "$work/output")"
	wait_until 20 attached || give_up 'the attached camera does not appear in the guest'
}
attached() {
	guest usbip port 2> /dev/null | grep -q 'Port in Use'
}
stop_cameras() {
	guest usbip detach -p 0 > /dev/null
	kill "$camera_pid"
	wait "$camera_pid" 2> /dev/null
}
