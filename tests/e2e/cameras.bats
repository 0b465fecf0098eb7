#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Servers with several cameras, and with none.

load common

setup() {
	isolate
}

teardown() {
	stop_all
}

@test "two cameras: each is listed, and without a busid the error names both" {
	start_simcam --cameras 2 --card "$BATS_TEST_TMPDIR/card" --serial 1000
	"$opencamrc" list -r "$sim_address" --json > out
	same_text "$(printf 'usbip:%s/1-1\nusbip:%s/1-2' "$sim_address" "$sim_address")" \
		"$(jq -r .port out | sort)"
	same_text 2 "$(jq -r .serial out | sort -u | wc -l)"
	run_error 2 '2 cameras are shared there: 1-1 .*, 1-2 .*name one: HOST/BUSID' "$opencamrc" -r "$sim_address" capture
	"$opencamrc" -r "$sim_address/1-2" capture --card
	[ -s "card-2/$card_below/$(picture 1)" ]
	[ ! -e "card/$card_below/$(picture 1)" ]
}

@test "one of two that is in use leaves the other free" {
	start_simcam --cameras 2
	hold_camera "$sim_address/1-1"
	run_error 4 'in use|another' "$opencamrc" -r "$sim_address/1-1" info
	"$opencamrc" -r "$sim_address/1-2" info > out
}

@test "a server without a camera is no camera" {
	start_simcam --cameras 0
	run_error 3 'it shares none' "$opencamrc" -r "$sim_address" info
	run_error 3 "no camera found" "$opencamrc" list -r "$sim_address"
}

@test "the simulator takes no more than 64" {
	run_error 2 'cameras takes 0 to 64' "$simcam" --cameras 65
}
