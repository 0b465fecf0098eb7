# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2317
# Sourced by the checks of another architecture: everything is built with Debian's libraries for it, the
# unit tests run under QEMU's user mode, and client and simulated camera talk to those of this machine.

# shellcheck source=tests/foreign/foreign.bash
. "$(dirname "${BASH_SOURCE[0]}")/foreign.bash"

# What reads or writes bytes in an order, or counts them.
units=(address base channel client codec faults fuzz-client fuzz-codec fuzz-journal fuzz-message
	fuzz-picture fuzz-server fuzz-simcam-ptp grid jpeg-frame journal known link message open outfile
	place server sun vhci when)
# These take an emulated processor some minutes, as it draws pictures.
[ -z "${SOAK:-}" ] || units+=(brightness event jpeg-picture light picture ramp report scene simcam-ptp turn
	words)

client_does() {
	"${client[@]}" -r "$camera" "$@"
}

is_the_model() {
	client_does info > "$work/info" && grep -q '^Model *Canon EOS 1200D$' "$work/info"
}
a_setting_is_kept() {
	client_does config iso=800 && [ "$(client_does config get iso)" = 800 ]
}
# The frames carry a counter.
frames_go_forward() {
	client_does liveview --frames 5 > "$work/view" || return 1
	"$foreign_native/tests/tools/frame-counter" "$work/view" > "$work/counters" || return 1
	[ "$(wc -l < "$work/counters")" -eq 5 ] && sort -n -c -u "$work/counters"
}
pictures_on_card() { find "$work/card" -name '*.JPG' | sort; }
a_picture_arrives() {
	client_does capture --keep --force -o "$work/shot.JPG" &&
		cmp "$work/shot.JPG" "$(pictures_on_card | tail -n 1)"
}
the_card_is_read() {
	client_does files get 1 --force -o "$work/file.JPG" &&
		cmp "$work/file.JPG" "$(pictures_on_card | head -n 1)"
}

# talk WHO ADDRESS CLIENT…
talk() {
	local who=$1
	camera=$2
	client=(timeout -k 5 300 "${@:3}")
	check "$who: what the camera says of itself" is_the_model
	check "$who: a setting" a_setting_is_kept
	check "$who: live view" frames_go_forward
	# It is on the card already where the camera is slow.
	[ -n "${no_picture:-}" ] || check "$who: a picture" a_picture_arrives
	check "$who: a file of the card" the_card_is_read
}

# start_camera WORDS…: sets camera_at.
start_camera() {
	start_listening "$work/simcam" "$@" --listen 127.0.0.1:0 --speed 10 --seed 1 --card "$work/card" &&
		camera_at=$listening_at
}

# The end-to-end tests with its client in place of this machine's; all else is the build's own.
stories=(capture config files info list liveview)
lay_out_stories() {
	local words
	mkdir -p "$work/build/bin" "$work/build/tests"
	ln -s "$foreign_native/bin/opencamrc-simcam" "$work/build/bin"
	ln -s "$foreign_native/tests/proxy" "$foreign_native/tests/tools" "$work/build/tests"
	words=$(printf '%q ' "$@")
	printf '#!/bin/sh\nexec %s"$@"\n' "$words" > "$work/build/bin/opencamrc"
	chmod +x "$work/build/bin/opencamrc"
}
story() {
	SOAK='' OPENCAMRC_BUILD=$work/build timeout -k 10 2400 bats --tap "$foreign_top/tests/e2e/$1.bats" < /dev/null
}

# architecture_checks ARCH TRIPLET QEMU BITS
architecture_checks() {
	local arch=$1 triplet=$2 qemu=$3 bits=$4 sysroot name
	command -v "$qemu" > /dev/null || qemu=$qemu-static
	foreign_needs "$triplet-gcc:gcc-$triplet" "$qemu:qemu-user" apt-get:apt dpkg:dpkg pkg-config:pkg-config
	foreign_packages sysroot "$arch"
	sysroot=$foreign_unpacked
	foreign_runner=("$qemu" -L "$sysroot")
	unset PKG_CONFIG_PATH
	export PKG_CONFIG_SYSROOT_DIR=$sysroot PKG_CONFIG_LIBDIR=$sysroot/usr/lib/$triplet/pkgconfig
	check 'builds without a warning' foreign_make --host="$triplet" CC="$triplet-gcc --sysroot=$sysroot" \
		PKG_CONFIG=pkg-config CFLAGS='-O1 -g0' -- client \
		bin/opencamrc-simcam "${units[@]/#/tests/unit/test-}"
	foreign_units "${units[@]}"

	# libltdl reads the folder with readdir(), which has no room for what a 64-bit kernel's ext4 tells an
	# emulated program of 32 bits; tmpfs tells small numbers.
	if [ "$bits" = 32 ]; then
		foreign_drivers=$(mktemp -d -p /dev/shm) || give_up 'this needs /dev/shm'
		cp "$foreign_build/lib/opencamrc/iolibs/usbip.so" "$foreign_drivers"
	fi
	its_client=(env ${foreign_drivers:+"OPENCAMRC_IOLIBS=$foreign_drivers"} "${foreign_runner[@]}"
		"$foreign_build/bin/opencamrc")
	mkdir "$work/card"
	start_camera "$foreign_native/bin/opencamrc-simcam" || give_up 'no camera' "$work/simcam"
	talk "its client, this machine's camera" "$camera_at" "${its_client[@]}"
	stop_all
	[ -n "${SOAK:-}" ] || no_picture=yes
	# An emulated camera draws slowly; that of the other byte order tells more than that of other sizes.
	if [ "$bits" = 64 ] || [ -n "${SOAK:-}" ]; then
		start_camera "${foreign_runner[@]}" "$foreign_build/bin/opencamrc-simcam" ||
			give_up 'no camera' "$work/simcam"
		talk "this machine's client, its camera" "$camera_at" "$foreign_native/bin/opencamrc"
		stop_all
	fi
	if [ -n "${SOAK:-}" ]; then
		lay_out_stories "${its_client[@]}"
		for name in "${stories[@]}"; do
			check "its client in tests/e2e/$name.bats" story "$name"
		done
	fi
	finish_checks
}
