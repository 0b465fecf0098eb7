#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# wait: what ends it, what it says, and its exit status.

load common

setup() {
	isolate
	start_simcam --card "$BATS_TEST_TMPDIR/card"
	export OPENCAMRC_REMOTE=$sim_address
	"$opencamrc" config "$small_set"
}

teardown() {
	stop_all
}

wait_for() {
	in_background wait "$opencamrc" wait "$@"
	wait_until 30 grep -q 'wait: waiting' wait.err
}

@test "a picture of the body's button ends it, and stays on the card" {
	wait_for file
	hand press
	background_status
	same_text 0 "$status"
	same_text "file $card_folder/$(picture 1)" "$(cat wait.out)"
	is_jpeg "card/$card_below/$(picture 1)"
}

@test "of several events the first ends it; another setting does not" {
	needs told
	dial A
	wait_for property=iso capture-complete
	hand set aperture 8
	hand set iso 1600
	background_status
	same_text 0 "$status"
	same_text 'property iso=1600' "$(cat wait.out)"
}

@test "a setting may be named as any body has it" {
	only eos1200d "another brand's name for the aperture"
	wait_for property=f-number --limit 20s
	hand set iso 1600
	hand set aperture 8
	background_status
	same_text 'property aperture=8' "$(cat wait.out)"
	run_error 2 'property=NAME' "$opencamrc" wait property=
}

@test "any event is one, as JSON too" {
	needs told
	wait_for any --json
	hand set iso 800
	background_status
	same_text 0 "$status"
	every '.event == "property" and .name == "iso" and .value == "800" and .own == null' wait.out
	lines 1 wait.out
}

@test "gphoto2's words are taken" {
	wait_for CAPTURECOMPLETE
	hand press
	background_status
	same_text capture-complete "$(cat wait.out)"
}

@test "a limit that passes is exit status 1" {
	run_error 1 'waited in vain: it did not come in time' "$opencamrc" -q wait file --limit 1s
	[ ! -s stdout ]
}

@test "the camera gone: an end that was waited for, or an error" {
	wait_for gone
	hand off
	background_status
	same_text 0 "$status"
	same_text gone "$(cat wait.out)"
	hand on
	wait_until 10 "$opencamrc" info
	wait_for file
	hand off
	background_status
	same_text 5 "$status"
}

@test "a word that is no event is refused, with those that are" {
	run_error 2 'no such event: picture \(file, folder, .*any are\)' "$opencamrc" wait picture
	run_error 2 'which event' "$opencamrc" wait
}
