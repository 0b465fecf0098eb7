#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Names and values of settings are the same in every country: scripts and profiles depend on it.

load common
bats_require_minimum_version 1.5.0

setup() {
	isolate
	[ -e /usr/share/locale/de/LC_MESSAGES/libgphoto2-6.mo ] ||
		skip "libgphoto2's translations are not installed"
	localedef -i de_DE -f UTF-8 "$BATS_TEST_TMPDIR/de_DE.UTF-8" ||
		skip "localedef cannot make a German locale"
	start_simcam
	german="env LOCPATH=$BATS_TEST_TMPDIR LC_ALL=de_DE.UTF-8 LANGUAGE=de $opencamrc -r $sim_address"
}

teardown() {
	stop_all
}

@test "settings are not translated" {
	run -0 $german config get capturetarget
	[ "$output" = 'Internal RAM' ]
	# The library itself would: or this test shows nothing.
	run -0 $german env gphoto2 --get-config capturetarget
	[[ $output != *'Internal RAM'* ]]
}

@test "numbers have a point in a country of commas" {
	run -0 $german config aperture=5.6
	run -0 $german config get aperture
	[ "$output" = 5.6 ]
	$german --json liveview --frames 3 2> summary > frames
	grep -Eq '"seconds": *[0-9]+\.[0-9]+' summary
}
