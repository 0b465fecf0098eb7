#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# info and version: what the camera is, and what we are.

load common

setup() {
	isolate
	start_simcam
	export OPENCAMRC_REMOTE=$sim_address
}

teardown() {
	stop_all
}

@test "it says what the camera is, can do, and how full its card is" {
	"$opencamrc" info > out
	grep -Eqx 'Model +Canon EOS 1200D' out
	grep -Eqx 'Lens +EF-S18-55mm .*' out
	grep -Eqx 'Battery +100%' out
	grep -Eqx 'Can +capture, trigger, live view, configure, delete files, put files' out
	grep -Eqx 'Storage +/store_00020001  15.9 GB of 15.9 GB free' out
}

@test "its JSON has every key, of the right type" {
	"$opencamrc" info --json > out
	[ "$(wc -l < out)" = 1 ]
	every 'keys == ["battery","can","lens","manufacturer","model","port","serial","storages",
		"version"]' out
	every '[.battery, .lens, .manufacturer, .model, .port, .serial, .version]
		| all(.[]; type == "string")' out
	every '(.can | keys) == ["capture","configure","delete","preview","put","trigger"]
		and all(.can[]; . == true)' out
	every '.storages | length == 1 and all(.[]; keys == ["capacity","description","folder","free",
		"free_images","label","read_only"])' out
	every '.storages[0] | .capacity == 15923150848 and .folder == "/store_00020001"
		and .read_only == false and (.free | type) == "number"
		and (.free_images | type) == "number"
		and ((.label | type) | IN("string", "null")) and (.description | type) == "string"' out
}

@test "a picture on the card makes it fuller" {
	before=$("$opencamrc" info --json | jq '.storages[0].free')
	"$opencamrc" capture --card
	after=$("$opencamrc" info --json | jq '.storages[0].free')
	[ $((before - after)) -gt 1000000 ]
}

@test "the summary is the driver's own" {
	"$opencamrc" info --summary > out
	grep -qx 'Model: Canon EOS 1200D' out
	"$opencamrc" info --summary --json > json
	every 'keys == ["summary"] and (.summary | contains("Model: Canon EOS 1200D"))' json
}

@test "the versions are named, for people and for scripts" {
	"$opencamrc" version > out
	grep -Eq '^opencamrc [0-9]' out
	grep -Eq '^libgphoto2 [0-9.]+$' out
	"$opencamrc" --version --json > json
	every 'keys == ["attach","libedit","libexif","libgphoto2","libgphoto2_port","mdns","opencamrc","webcam"] and (del(.libedit, .libexif, .mdns, .attach, .webcam) | all(.[]; type == "string"))' \
		json
}

@test "a debug log file has every step, and stderr none" {
	"$opencamrc" info --debug-logfile debug.log > out 2> err
	[ ! -s err ]
	grep -Eq '^[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} ' debug.log
	[ "$(wc -l < debug.log)" -gt 50 ]
	"$opencamrc" info --debug > /dev/null 2> err
	[ "$(wc -l < err)" -gt 50 ]
	run_error 1 'cannot write no/such/folder: No such file or directory' \
		"$opencamrc" info --debug-logfile no/such/folder
}
