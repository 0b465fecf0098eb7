#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# config: the camera's settings read, changed, written to a profile and loaded from one.

load common

setup() {
	isolate
	start_simcam
	export OPENCAMRC_REMOTE=$sim_address
}

teardown() {
	stop_all
}

@test "get prints the value alone; of several, NAME=VALUE" {
	same_text "$first_aperture" "$("$opencamrc" config get aperture)"
	same_text "iso=$first_iso"$'\n'"aperture=$first_aperture" "$("$opencamrc" config get iso aperture)"
	same_text "$first_iso" "$("$opencamrc" config get "$iso_path")"
	run_error 2 'which setting' "$opencamrc" config get
	run_error 1 'did you mean iso' "$opencamrc" config get isoo
}

@test "several settings are set in the order given, and read back" {
	local third
	third=$("$opencamrc" config get iso --json | jq -r '.choices[2]')
	dial M
	"$opencamrc" config mode=M shutter=1/60 aperture=8 iso=@2 > out
	[ ! -s out ]
	"$opencamrc" config get shutter aperture iso > out
	same_text "shutter=$(shutter 1/60)"$'\n'"aperture=$(aperture 8)"$'\n'"iso=$third" "$(cat out)"
}

@test "what follows the first = is the value" {
	needs texts
	"$opencamrc" config iso=400 artist='A = B'
	same_text 'A = B' "$("$opencamrc" config get artist)"
}

@test "a value that the mode before it does not allow is told, and what was set" {
	needs modes
	run_error 6 'shutterspeed.*bogus.*the 1 before it is set' \
		"$opencamrc" config mode=M shutter=bogus
	# A Nikon's own dial has its say again when the host has gone.
	[ "$body" = d750 ] || same_text "$mode_m" "$("$opencamrc" config get mode)"
	# In another mode a Nikon takes none at all.
	run_error "$([ "$body" = d750 ] && echo 1 || echo 2)" 'shutter.*(bogus|read-only)' \
		"$opencamrc" config iso=800 shutter=bogus
	same_text "$first_iso" "$("$opencamrc" config get iso)"
}

@test "what is no NAME=VALUE says how to read it" {
	run_error 2 'iso: NAME=VALUE is needed \(`config get iso` reads it\)' "$opencamrc" config iso
}

@test "list shows every setting with its choices, and marks what cannot be set" {
	"$opencamrc" config > out
	grep -qx '/main/imgsettings' out
	grep -Eqx "  iso = $first_iso   \\(ISO Speed\\)" out
	grep -Eq '^ +([A-Za-z0-9]+ \| )*100 \| ([0-9]+ \| )*200 ' out
	grep -Eq '  cameramodel = .*read-only' out
	"$opencamrc" config list --names > names
	grep -qx iso names
	same_text '' "$(sort names | uniq -d)"
	[ "$(wc -l < names)" = "$("$opencamrc" config list --json | wc -l)" ]
	run_error 2 'names goes with list' "$opencamrc" config dump --names
}

keys='keys == ["choices","common","label","maximum","minimum","name","path","readonly","step","type","value"]'

@test "the JSON of a setting has every key, of the right type" {
	"$opencamrc" config list --json > all
	every "$keys" all
	every '(.name | type) == "string" and (.path | type) == "string"
		and (.label | type) == "string" and (.readonly | type) == "boolean"
		and ((.value | type) | IN("string", "null"))' all
	every '.type | IN("TEXT", "RANGE", "TOGGLE", "RADIO", "MENU", "DATE", "BUTTON")' all
	every '.choices == null or ((.choices | length) > 0 and all(.choices[]; type == "string"))' all
	every '([.minimum, .maximum, .step] | map(type) | unique) ==
			(if .type == "RANGE" then ["number"] else ["null"] end)' all
	every '.path | startswith("/main/")' all
}

@test "get --json says of a setting what list --json says of it" {
	"$opencamrc" config list --json | jq -c 'select(.name == "iso" or .common == "aperture")' |
		sort > listed
	"$opencamrc" config get "$iso_path" "$aperture_path" --json | jq -c . | sort > got
	diff listed got
	# One that is read alone does not tell where it stands.
	"$opencamrc" config get iso aperture --json | jq -c . | sort > got
	diff <(jq -c '.path = null' listed) got
}

@test "what the camera chooses in a mode is refused with the mode that leaves it to the user" {
	only eos1200d 'offers one choice then'
	dial A
	run_error 2 "cannot set shutter .*'1/250' \\(auto alone, .*mode=M" "$opencamrc" config shutter=1/250
	"$opencamrc" config mode=M shutter=1/250
}

@test "setting with --json names what was changed" {
	dial A
	"$opencamrc" config iso=800 aperture=8 --json > out
	same_text "[[\"iso\",\"800\"],[\"aperture\",\"8\"]]" "$(jq -sc 'map([.name, .value])' out)"
	every 'keys == ["name","value"]' out
}

@test "a profile is written, differs after a change, and brings the settings back" {
	needs texts
	"$opencamrc" config iso=400 whitebalance=Daylight artist='back\slash'
	"$opencamrc" config dump > profile
	grep -qx 'iso=400' profile
	"$opencamrc" config diff profile > out
	[ ! -s out ]
	"$opencamrc" config iso=800 whitebalance=Cloudy artist=somebody
	status=0
	"$opencamrc" config diff profile > out || status=$?
	[ "$status" -eq 1 ]
	same_text $'artist: somebody / back\\slash\niso: 800 / 400\nwhitebalance: Cloudy / Daylight' \
		"$(sort out)"
	"$opencamrc" config load profile 2> said
	grep -q '^3 of [0-9]* settings changed$' said
	"$opencamrc" config diff - < profile
	same_text $'iso=400\nwhitebalance=Daylight\nartist=back\\slash' \
		"$("$opencamrc" config get iso whitebalance artist)"
	"$opencamrc" -q config load profile 2> said
	[ ! -s said ]
}

@test "a profile may be JSON, from a pipe" {
	"$opencamrc" config dump --json > profile.json
	[ "$(wc -l < profile.json)" = 1 ]
	every 'type == "object" and length > 8 and all(.[]; type == "string") and .iso == "'$first_iso'"' \
		profile.json
	jq -c '.iso = "1600"' profile.json | "$opencamrc" config load - --json > out
	same_text '{"name":"iso","value":"1600"}' "$(jq -c . out)"
	status=0
	"$opencamrc" config diff --json profile.json > out || status=$?
	[ "$status" -eq 1 ]
	same_text '{"name":"iso","value":"1600","camera":"1600","file":"'$first_iso'"}' "$(cat out)"
	echo '{"nothing":"1"}' > other.json
	"$opencamrc" config diff --json other.json > out || true
	same_text '{"name":"nothing","value":null,"camera":null,"file":"1"}' "$(cat out)"
}

@test "a profile that does not come is waited for no longer than the user wants" {
	local how
	for how in - slow; do
		rm -f slow written
		mkfifo slow
		# More than a pipe holds: so somebody reads.
		{ seq 20000 | sed 's/^/# /'; touch written; exec sleep 60; } > slow 3>&- &
		started+=("$!")
		# What runs in the background has no input but what it is given.
		in_background load sh -c 'exec "$0" config load "$1" < slow' "$opencamrc" "$how"
		wait_until 30 test -e written
		kill -INT "$background_pid"
		wait_until 30 ended
		background_status
		same_text 130 "$status"
	done
}

@test "a profile that is none is told, and nothing is set" {
	run_error 2 'one file is needed' "$opencamrc" config load
	run_error 1 'no-such-file' "$opencamrc" config load no-such-file
	printf 'iso=800\nnonsense\n' > bad
	run_error 2 'line 2: NAME=VALUE is needed' "$opencamrc" config load bad
	printf 'iso=800\naperture=99\n' > bad
	dial A
	run_error 2 'cannot set aperture' "$opencamrc" config load bad
	printf '{"iso": ' > bad
	run_error 2 'not a JSON object' "$opencamrc" config load bad
	same_text "$first_iso" "$("$opencamrc" config get iso)"
}

@test "what only acts is not in a profile" {
	"$opencamrc" config dump > profile
	! grep -Eq '^(eosremoterelease|bulb|capture|viewfinder|datetime|opcode)=' profile
}

@test "a name that is empty names nothing" {
	start_simcam
	run_error 2 'which setting' "$opencamrc" -r "$sim_address" config get iso ''
}

@test "a text may be of one letter, or of none" {
	needs texts
	start_simcam
	"$opencamrc" -r "$sim_address" config artist=J
	same_text J "$("$opencamrc" -r "$sim_address" config get artist)"
	"$opencamrc" -r "$sim_address" config artist=
	same_text '' "$("$opencamrc" -r "$sim_address" config get artist)"
}

@test "what a camera says cannot steer the terminal; a pipe has it as it is" {
	only eos1200d "a text that takes any bytes"
	start_simcam
	"$opencamrc" config "artist=$(printf 'a\033]0;x\007\r\302\2332J\nz')"
	"$opencamrc" config get artist | cmp - <(printf 'a\033]0;x\007\r\302\2332J\nz\n')
	script -qec "$opencamrc config get artist" typescript > shown
	grep -qx $'a?\]0;x????2J\r' shown
	grep -qx $'z\r' shown
	script -qec "$opencamrc --json config get artist" typescript > shown
	! grep -q $'[\033\007\302]' shown
}
