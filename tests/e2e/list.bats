#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# list: which cameras there are, and what scripts are told of them.

load common

setup() {
	isolate
	start_simcam
}

teardown() {
	stop_all
}

@test "a table says what, where, its serial number, and whether it is free" {
	"$opencamrc" list -r "$sim_address" > out 2> err
	grep -Eqx 'MODEL +ADDRESS +SERIAL +STATE' out
	grep -Eqx "$body_model +usbip:$sim_address/1-1 +[0-9]+ +free" out
	[ ! -s err ]
}

@test "the JSON of a camera has every key, and its port opens it" {
	"$opencamrc" list -r "$sim_address" --json > out
	every 'keys == ["in_use","model","port","remote","serial"] and .model == "'"$body_model"'"
		and (.port | type) == "string" and (.serial | type) == "string"
		and .in_use == false and .remote == true' out
	"$opencamrc" --port "$(jq -r .port out)" info --json > info
	same_text "$(jq -r .serial out)" "$(jq -r .serial info)"
}

@test "no-serial does not open the camera" {
	"$opencamrc" list -r "$sim_address" --json --no-serial > out
	every '.serial == null and has("serial")' out
}

@test "a camera that somebody has is listed as in use" {
	hold_camera "$sim_address"
	"$opencamrc" list -r "$sim_address" > out
	grep -Eq "$body_model .* in use\$" out
	"$opencamrc" list -r "$sim_address" --json > out
	every '.in_use and .serial == null' out
}

@test "the machines of the configuration file are asked, and one that is down is named" {
	unset OPENCAMRC_REMOTE
	mkdir -p "$XDG_CONFIG_HOME/opencamrc"
	printf 'remote = %s\n' "$sim_address" > "$XDG_CONFIG_HOME/opencamrc/config"
	"$opencamrc" list > out
	grep -q "usbip:$sim_address/1-1" out
	first=$sim_address
	start_simcam
	gone=$sim_address
	kill "$sim_pid"
	wait "$sim_pid" || true
	printf 'remote = %s\nremote = %s\n' "$gone" "$first" > "$XDG_CONFIG_HOME/opencamrc/config"
	run_error 6 "$gone: nothing listens" "$opencamrc" list
	grep -q "usbip:$first/1-1" stdout
}

@test "a camera that two lines name is there once; a machine that only has a name is not asked, and that is said" {
	local first=$sim_address
	unset OPENCAMRC_REMOTE
	mkdir -p "$XDG_CONFIG_HOME/opencamrc"
	start_simcam
	printf '[remote left]\naddress = %s\n[remote right]\naddress = %s/1-1\n' "$first" "$sim_address" > sections
	cp sections "$XDG_CONFIG_HOME/opencamrc/config"
	run_error 3 'no camera found .*remote. lines.* -r left, -r right\)$' "$opencamrc" list
	run_error 3 'no camera found .*remote. lines.* -r left, -r right\)$' "$opencamrc" --all config get iso
	# Such a line means the same at the file's end.
	printf 'remote = left/1-1\nremote = left\n' | cat sections - > "$XDG_CONFIG_HOME/opencamrc/config"
	"$opencamrc" list --json > out
	same_text "usbip:$first/1-1" "$(jq -r .port out)"
	"$opencamrc" --all config get iso > out
	same_text left/1-1 "$(cut -d : -f 1 out)"
	OPENCAMRC_REMOTE=right "$opencamrc" list --json > out
	same_text "usbip:$sim_address/1-1" "$(jq -r .port out)"
}

@test "a word too many is misuse" {
	run_error 2 'unexpected argument: all' "$opencamrc" list all
}
