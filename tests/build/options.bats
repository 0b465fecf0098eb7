#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What may be left out of a build: it compiles without, links nothing of it, and says what is missing.
# Only what differs from the build under test is compiled, in a copy of it.

load ../e2e/common
load copy

setup() {
	isolate_build
}

teardown() {
	stop_all
}

# without OPTION…: builds with these; sets program.
without() {
	configured "$@"
	cd "$copy"
	in_log make -s "${targets[@]}"
	program=$copy/bin/opencamrc
}
targets=(bin/opencamrc lib/opencamrc/iolibs/usbip.so)

# links LIBRARY: the program needs it.
links() {
	objdump -p "$program" | grep -q "NEEDED *$1"
}

# parts: those that the program was built without, each followed by a space.
parts() {
	"$program" version --json | jq -rj 'to_entries | sort_by(.key)[] | select(.value == null) | .key + " "'
}

@test "without libedit the shell reads plain lines" {
	without --without-libedit
	same_text 'libedit ' "$(parts)"
	! links libedit || return 1
	same_text 'libedit (built without)' "$("$program" version | grep libedit)"
	echo 'version' | "$program" -r 127.0.0.1:1 shell | grep -q '^opencamrc [0-9]'
}

@test "without mDNS a list asks for a name" {
	without --without-mdns
	same_text 'mdns ' "$(parts)"
	! links libavahi || return 1
	run_error 3 'built without mDNS.*-r HOST' "$program" list
}

@test "without libexif everything else is there" {
	without --without-libexif
	same_text 'libexif ' "$(parts)"
	! links libexif || return 1
	"$program" interval --help | grep -q -e --every
}

@test "without libseccomp whoever wants a sandbox is told so" {
	without --without-libseccomp
	same_text 'sandbox ' "$(parts)"
	! links libseccomp || return 1
	run_error 1 'no sandbox for the camera.s process: this opencamrc was built without' \
		"$program" --sandbox -r 127.0.0.1:1 info
}

@test "without attach its commands say so" {
	without --disable-attach
	same_text 'attach ' "$(parts)"
	run_error 1 'cannot attach router: this opencamrc was built without attach' "$program" attach router
	run_error 1 'ports: this opencamrc was built without attach' "$program" ports
	run_error 1 'detach: this opencamrc was built without attach' "$program" detach router
	run_error 1 'built without attach' "$program" attach --keep router/1-1
	run_error 2 'unexpected argument' "$program" ports 7
}

@test "without the webcam live view still goes everywhere else" {
	without --disable-webcam
	same_text 'webcam ' "$(parts)"
	run_error 1 'cannot open /dev/video9: this opencamrc was built without v4l2loopback' \
		"$program" -r 127.0.0.1:1 liveview --v4l2 /dev/video9
	[ -x "$simcam" ] || return 0
	start_simcam
	"$program" -r "$sim_address" doctor --no-live-view > found
	! grep v4l2loopback found || return 1
	"$program" -r "$sim_address" liveview --frames 3 --y4m -o video.y4m
	head -c 9 video.y4m | grep -qx YUV4MPEG2
	ffmpeg -v error -i video.y4m -f null -
}

@test "without the simulated camera and cmocka nothing that needs them is built or installed" {
	targets=(-n all check-programs)
	without --disable-simcam --without-cmocka
	! grep -q 'src/simcam\|tests/unit/test-base' log || return 1
	grep -q 'tests/unit/test-fuzz-codec' log
	make -s install-man DESTDIR="$BATS_TEST_TMPDIR/root"
	find "$BATS_TEST_TMPDIR/root" -name 'opencamrc-capture.1' | grep .
	! find "$BATS_TEST_TMPDIR/root" -name '*simcam*' | grep . || return 1
}

@test "all of it left out at once, as for a small router" {
	without --without-libedit --without-mdns --without-libexif --without-libseccomp --disable-attach --disable-webcam
	same_text 'attach libedit libexif mdns sandbox webcam ' "$(parts)"
	"$program" help | grep -q liveview
}

# All of them with SOAK=1, else three, others each time: SEED repeats them.
@test "every combination is built, and with each what there is to test" {
	local choices=(--disable-attach --without-libedit --without-libexif --without-mdns --without-libseccomp
		--disable-webcam)
	local names=(attach libedit libexif mdns sandbox webcam) bits i options expected
	local picked=({0..63}) seed=${SEED:-$RANDOM}
	if [ -z "${SOAK:-}" ]; then
		RANDOM=$seed
		picked=($((RANDOM % 64)) $((RANDOM % 64)) $((RANDOM % 64)))
		echo "SEED=$seed: ${picked[*]}" >&2
	fi
	for bits in "${picked[@]}"; do
		options=()
		expected=
		for i in 0 1 2 3 4 5; do
			((bits >> i & 1)) || continue
			options+=("${choices[i]}")
			expected+="${names[i]} "
		done
		without "${options[@]}"
		same_text "$expected" "$(parts)"
	done
	[ -n "${SOAK:-}" ] || return 0
	targets=(all check-programs)
	for options in --disable-simcam --without-cmocka '--disable-simcam --without-cmocka --disable-attach'; do
		# shellcheck disable=SC2086
		without $options
	done
}
