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
	grep -Eqx "Model +$body_model" out
	! has lensname || grep -Eqx 'Lens +EF-S18-55mm .*' out
	grep -Eqx "Battery +$first_battery" out
	grep -Eqx "Can +$can" out
	grep -Eqx "Storage +$store  .*$space of $space free" out
}

@test "its JSON has every key, of the right type" {
	"$opencamrc" info --json > out
	[ "$(wc -l < out)" = 1 ]
	every 'keys == ["battery","can","lens","manufacturer","model","port","serial","storages",
		"version"]' out
	every '[.battery, .manufacturer, .model, .port, .serial, .version]
		| all(.[]; type == "string")' out
	every '(.can | keys) == ["capture","configure","delete","preview","put","trigger"]
		and ([.can[] | select(.)] | length) == '"$(grep -o , <<< "$can," | wc -l)" out
	every "(.lens | type) == $(has lensname && echo '"string"' || echo '"null"')" out
	every '.storages | length == 1 and all(.[]; keys == ["capacity","description","folder","free",
		"free_images","label","read_only"])' out
	every '.storages[0] | .capacity == '"$capacity"' and .folder == "'"$store"'"
		and .read_only == false and (.free | type) == "number"
		and (.free_images | type) == "number"
		and ((.label | type) | IN("string", "null")) and (.description | type) == "string"' out
}

@test "a picture on the card makes it fuller" {
	before=$("$opencamrc" info --json | jq '.storages[0].free')
	"$opencamrc" capture --card
	after=$("$opencamrc" info --json | jq '.storages[0].free')
	[ $((before - after)) -gt 400000 ]
}

@test "the summary is the driver's own" {
	"$opencamrc" info --summary > out
	grep -qx "Model: $device_model" out
	"$opencamrc" info --summary --json > json
	every 'keys == ["summary"] and (.summary | contains("Model: '"$device_model"'"))' json
}

@test "the versions are named, for people and for scripts" {
	"$opencamrc" version > out
	grep -Eq '^opencamrc [0-9]' out
	grep -Eq '^libgphoto2 [0-9.]+$' out
	"$opencamrc" --version --json > json
	every 'keys == ["attach","libedit","libexif","libgphoto2","libgphoto2_port","mdns","opencamrc","sandbox","webcam"] and (del(.libedit, .libexif, .mdns, .attach, .sandbox, .webcam) | all(.[]; type == "string"))' \
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
