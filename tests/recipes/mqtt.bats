#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# contrib/recipes/opencamrc-mqtt with a real broker, which asks for a password, and cameras of two brands.

load ../e2e/common

recipes=$BATS_TEST_DIRNAME/../../contrib/recipes

setup() {
	isolate
	export PATH=$build/bin:$PATH
	unset OPENCAMRC_REMOTE
	start_broker
}

teardown() {
	stop_all
}

# At a socket of its own, so that no port is needed. Clients find it by their options file.
start_broker() {
	broker=$BATS_TEST_TMPDIR/broker
	printf 'camera:%s\n' sesame-73 > passwords
	mosquitto_passwd -U passwords
	printf '%s\n' "listener 0 $broker" 'allow_anonymous false' "password_file $PWD/passwords" \
		"user $(id -un)" > broker.conf
	printf '%s\n' "--unix $broker" '-u camera' '-P sesame-73' > .config/mosquitto_sub
	cp .config/mosquitto_sub .config/mosquitto_pub
	run_broker
}

run_broker() {
	mosquitto -c broker.conf > broker.log 2>&1 3>&- &
	broker_pid=$!
	started+=("$broker_pid")
	wait_until 20 mosquitto_pub -t test/there -m x 2> /dev/null
}

# start_bridge ARGUMENTS…: it says what it does in bridge.err. It has a process group, and ends by Control-C, as one
# that was started in a terminal.
start_bridge() {
	in_background bridge setsid env --default-signal=INT TMPDIR="$PWD" \
		"$recipes/opencamrc-mqtt" --refresh 5 --width 0 "$@"
	bridge_pid=$background_pid
}

# The message that the broker keeps for a topic, or the next one; -W bounds all of it.
kept() {
	mosquitto_sub -t "$1" -C 1 -W 20 2> /dev/null || true
}

nothing_kept() {
	[ -z "$(mosquitto_sub -t "$1" -C 1 -W 1 2> /dev/null)" ]
}

# has_kept TOPIC PATTERN
has_kept() {
	[[ $(kept "$1") =~ $2 ]]
}

# state NAME FILTER: jq's filter holds for the camera's state.
state() {
	kept "opencamrc/$1/state" | jq -e "$2" > /dev/null
}

becomes() {
	wait_until 60 "$@" || {
		echo "not seen: $*" >&2
		cat bridge.err >&2
		return 1
	}
}

online() {
	becomes has_kept "opencamrc/$1/availability" '^online$'
}

send() {
	mosquitto_pub -q 1 -t "opencamrc/$1" -m "$2"
}

# What Home Assistant refuses a device without, by the schemas of its MQTT integration.
valid_discovery() {
	jq -e '
		def topic: type == "string" and length > 0 and (test("[+#\u0000]") | not);
		(.device.identifiers | type == "array" and length > 0) and
		(.device | keys - ["identifiers", "name", "manufacturer", "model", "serial_number", "sw_version"] == []) and
		(.device | all(.identifiers[], (del(.identifiers)[]); type == "string")) and
		(.origin.name | type == "string") and
		(.availability_topic | topic) and
		(keys - ["device", "origin", "availability_topic", "components"] == []) and
		([.components[].unique_id] | length == (unique | length)) and
		(.components | length > 5) and
		(.components | all(.[];
			(.unique_id | type == "string" and test("^opencamrc_[A-Za-z0-9_-]+$")) and
			(.name | type == "string") and
			if .platform == "button" then (.command_topic | topic) and (.payload_press | type == "string")
			elif .platform == "select" then (.command_topic | topic) and (.state_topic | topic) and
				(.options | type == "array" and length > 0 and all(.[]; type == "string"))
			elif .platform == "sensor" then (.state_topic | topic) and (.entity_category != "config")
			elif .platform == "image" then (.image_topic | topic)
			else false end))' "$1" > /dev/null
}

@test "a fleet of two brands: each a device of its own, with its choices and its state" {
	start_simcam --serial 111
	eos=$sim_address
	start_simcam --body d750 --serial 222
	start_bridge "roof=$eos" "barn=$sim_address"
	online roof
	online barn
	for name in roof barn; do
		kept "homeassistant/device/opencamrc_$name/config" > "$name.json"
		valid_discovery "$name.json"
		jq -e --arg name "$name" '.device.identifiers == ["opencamrc_\($name)"] and
			.availability_topic == "opencamrc/\($name)/availability"' "$name.json"
		every '[.components[] | .platform] | sort | unique == ["button", "image", "select", "sensor"]' "$name.json"
		every '.components | [.capture, .autofocus, .picture, .iso, .aperture, .shutter, .wb, .battery] | all' \
			"$name.json"
	done
	every '.device.model == "Canon EOS 1200D" and (.device.serial_number | endswith("111"))' roof.json
	every '.device.manufacturer == "Nikon Corporation" and (.device.serial_number | endswith("222"))' barn.json
	# What the body offers, and what is set there is among it.
	"$opencamrc" -r "$eos" config get iso --json | jq -c .choices > choices
	jq -c .components.iso.options roof.json | cmp - choices
	state roof '.battery == 100 and .shots_left > 100 and .card_free > 10 and .error == "none"'
	for name in roof barn; do
		jq -s '.[0].components as $parts | .[1] | [to_entries[] | select($parts[.key].options) |
			.value as $value | $parts[.key].options | index([$value])] | length > 3 and all' \
			"$name.json" <(kept "opencamrc/$name/state") | grep -qx true
	done
	send barn/set/iso 1600
	send roof/set/iso 800
	becomes state barn '.iso == "1600"'
	becomes state roof '.iso == "800"'
	# Of a RAW file the JPEG in it is shown.
	"$opencamrc" -r "$sim_address" config 'format=NEF (Raw)' > config.log
	send barn/do capture
	becomes has_kept opencamrc/barn/picture .
	kept opencamrc/barn/picture > shown.jpg
	is_jpeg shown.jpg
	nothing_kept opencamrc/roof/picture
	# The password is in nobody's arguments.
	[ "$(cat /proc/[0-9]*/cmdline 2> /dev/null | tr '\0' ' ' | grep -c 'sesame[-]73')" -eq 0 ]
	kill -TERM "$bridge_pid"
	wait "$bridge_pid"
	has_kept opencamrc/roof/availability '^offline$'
	has_kept opencamrc/barn/availability '^offline$'
	"$recipes/opencamrc-mqtt" --remove roof barn
	[ -z "$(mosquitto_sub -t '#' -W 1 -v 2> /dev/null | grep -E 'roof|barn')" ]
}

@test "settings, pictures and live view by message; a hand at the body is seen" {
	start_simcam --control "$BATS_TEST_TMPDIR/hand"
	start_bridge --folder pictures "roof=$sim_address"
	online roof
	send roof/set/iso 400
	becomes state roof '.iso == "400"'
	[ "$("$opencamrc" -r "$sim_address" config get iso)" = 400 ]
	send roof/do capture
	becomes has_kept opencamrc/roof/picture .
	kept opencamrc/roof/picture > shown.jpg
	is_jpeg shown.jpg
	first=$(echo pictures/*)
	# mosquitto_sub ends what it prints with a line break.
	head -c "$(stat -c %s "$first")" shown.jpg | cmp - "$first"
	hand set iso 1600
	becomes state roof '.iso == "1600"'
	hand press
	becomes eval '[ "$(find pictures -name "*.JPG" | wc -l)" -ge 2 ]'
	becomes eval 'kept opencamrc/roof/picture > next.jpg; [ -s next.jpg ] && ! cmp -s next.jpg shown.jpg'
	send roof/do view
	becomes has_kept opencamrc/roof/view .
	kept opencamrc/roof/view > view.jpg
	is_jpeg view.jpg
	send roof/do autofocus
	send roof/set/wb Cloudy
	becomes state roof '.wb == "Cloudy" and .error == "none"'
}

@test "a camera that goes is offline, and online again when it is back; so is a bridge, and the broker" {
	start_simcam --control "$BATS_TEST_TMPDIR/hand"
	start_bridge "roof=$sim_address"
	online roof
	hand off
	becomes has_kept opencamrc/roof/availability '^offline$'
	grep -q 'roof is offline' bridge.err
	send roof/set/iso 400
	hand on
	online roof
	# Nothing that came meanwhile is made up for.
	state roof '.iso != "400"'
	send roof/set/iso 200
	becomes state roof '.iso == "200"'
	# The broker forgets everything.
	kill "$broker_pid"
	wait "$broker_pid" || true
	# Nor does it hear what the bridge has to tell meanwhile.
	touch forgotten
	hand set iso 1600
	becomes eval '[ -n "$(find tmp.*/discovery -newer forgotten)" ]'
	sleep 1
	run_broker
	online roof
	becomes state roof '.iso == "1600"'
	becomes has_kept homeassistant/device/opencamrc_roof/config Canon
	send roof/set/iso 800
	becomes state roof '.iso == "800"'
	# Home Assistant starts, and asks for all with this.
	kept_before=$(grep -c . bridge.err)
	mosquitto_sub -t 'homeassistant/device/+/config' -R -C 1 -W 20 > again &
	started+=("$!")
	becomes eval 'mosquitto_pub -t homeassistant/status -m online; [ -s again ]'
	[ "$(grep -c . bridge.err)" -eq "$kept_before" ]
	kill -KILL "$bridge_pid"
	becomes has_kept opencamrc/roof/availability '^offline$'
}

@test "Control-C, which its programs get as well, is neither a camera nor a broker that is gone" {
	start_simcam
	start_bridge "roof=$sim_address"
	online roof
	# It hears of the signal last.
	kill -STOP "$bridge_pid"
	kill -INT -- "-$bridge_pid"
	wait_until 20 eval '! pgrep -r R,S,D -g "$bridge_pid" > /dev/null' || pgrep -a -g "$bridge_pid"
	kill -CONT "$bridge_pid"
	status=0
	wait "$bridge_pid" || status=$?
	same_text 0 "$status"
	same_text "opencamrc-mqtt: roof is online: Canon EOS 1200D, serial" "$(grep -o '.*serial' bridge.err)"
	[ "$(grep -c . bridge.err)" -eq 1 ]
	has_kept opencamrc/roof/availability '^offline$'
	# While it starts, too: the first program that it starts is one that presses the keys.
	mkdir early
	printf '%s\n' '#!/bin/sh' 'kill -INT 0' > early/opencamrc
	chmod +x early/opencamrc
	PATH=$PWD/early:$PATH setsid --wait env --default-signal=INT "$recipes/opencamrc-mqtt" roof=router \
		> early.log 2>&1 || status=$?
	same_text 0 "$status"
	[ ! -s early.log ]
}

# An authority of its own, and the certificate of a broker that the clients know as localhost.
make_certificates() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout authority.key -out authority.pem
	openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost \
		-keyout broker.key -out broker.csr
	openssl x509 -req -in broker.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 \
		-copy_extensions copy -out broker.pem
}

# Another program may take the port between two looks.
run_tls_broker() {
	local try
	kill "$broker_pid"
	wait "$broker_pid" || true
	for try in 1 2 3; do
		port=$((20000 + RANDOM % 12000))
		printf '%s\n' "listener $port 127.0.0.1" 'allow_anonymous false' "password_file $PWD/passwords" \
			"user $(id -un)" "cafile $PWD/authority.pem" "certfile $PWD/broker.pem" \
			"keyfile $PWD/broker.key" > broker.conf
		mosquitto -c broker.conf > broker.log 2>&1 3>&- &
		broker_pid=$!
		started+=("$broker_pid")
		printf '%s\n' '-h localhost' "-p $port" '-u camera' '-P sesame-73' "--cafile $PWD/authority.pem" \
			> .config/mosquitto_sub
		cp .config/mosquitto_sub .config/mosquitto_pub
		! wait_until 10 mosquitto_pub -t test/there -m x 2> /dev/null || return 0
	done
	cat broker.log
	return 1
}

@test "a broker by TLS, known by its authority; without that nothing is said to it" {
	command -v openssl > /dev/null || skip 'no openssl'
	start_simcam
	make_certificates > openssl.log 2>&1
	run_tls_broker
	start_bridge "roof=$sim_address"
	online roof
	send roof/set/iso 400
	becomes state roof '.iso == "400"'
	send roof/do capture
	becomes has_kept opencamrc/roof/picture .
	kill -TERM "$bridge_pid"
	wait "$bridge_pid"
	has_kept opencamrc/roof/availability '^offline$'
	# One that anybody could be.
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other -keyout other.key -out authority.pem 2> openssl.log
	run_error 3 'cannot reach the broker' "$recipes/opencamrc-mqtt" "roof=$sim_address"
}

@test "a message is one, also where the time to wait for it is over in its middle" {
	start_simcam
	start_bridge --refresh 900 "roof=$sim_address"
	online roof
	# The line's halves must be next to each other: nothing comes from the broker meanwhile.
	kill -STOP "$broker_pid"
	sleep 2
	touch before
	# What has changed is told soon, so the rest is not waited for.
	printf 'changed\nmqtt 0 x536861' > tmp.*/queue
	becomes eval '[ -n "$(find tmp.*/discovery -newer before)" ]' || { kill -CONT "$broker_pid" && return 1; }
	printf '646f77 opencamrc/roof/set/wb\n' > tmp.*/queue
	kill -CONT "$broker_pid"
	becomes state roof '.wb == "Shadow" and .error == "none"'
}

@test "hostile messages do nothing, and those that follow are obeyed" {
	start_simcam
	start_bridge "roof=$sim_address"
	online roof
	# Not the first choice, so that '@0' would be seen.
	send roof/set/iso 400
	becomes state roof '.iso == "400"'
	for message in '$(touch owned)' '`touch owned`' "'; touch owned; '" '{"iso":' '"iso"' '800 aperture=8' \
		"800' aperture='8" '@0' $'800\ncapture' 'capture; files delete --all' '' 'exit' '-h' '--help' \
		$'\xff\xfe' '%n%s%x' '\x41' "$(printf 'x%.0s' {1..900})"; do
		for to in set/iso do; do
			mosquitto_pub -q 1 -t "opencamrc/roof/$to" -m "$message" ||
				mosquitto_pub -q 1 -t "opencamrc/roof/$to" -n
		done
	done
	mosquitto_pub -q 1 -t opencamrc/roof/set/capturetarget -m 'Internal RAM'
	head -c 4000000 /dev/zero | tr '\0' 8 | mosquitto_pub -q 1 -t opencamrc/roof/set/iso -s
	head -c 2000000 /dev/urandom | mosquitto_pub -q 1 -t opencamrc/roof/do -s
	# A command that the broker keeps would be run at each connection: it is not obeyed then.
	mosquitto_pub -q 1 -r -t opencamrc/roof/set/wb -m Shadow
	becomes state roof '.wb == "Shadow"'
	send roof/set/aperture 8
	becomes state roof '.aperture == "8" and .error == "none"'
	state roof '.iso == "400"'
	[ -z "$(find . -name 'owned*')" ]
	[ "$(grep -c 'picture 1' "$sim_log")" -eq 0 ]
	kill -0 "$bridge_pid"
	[ "$(awk '/VmHWM/ { print $2 }' "/proc/$bridge_pid/status")" -lt 20000 ]
	send roof/set/wb Auto
	becomes state roof '.wb == "Auto"'
	kill -TERM "$bridge_pid"
	wait "$bridge_pid"
	start_bridge "roof=$sim_address"
	online roof
	send roof/set/iso 6400
	becomes state roof '.iso == "6400" and .wb == "Auto"'
}

@test "the interval that runs beside it, and its pictures" {
	start_simcam
	mkdir yard
	start_bridge --journal yard/interval.jsonl "roof=$sim_address"
	online roof
	kept homeassistant/device/opencamrc_roof/config > roof.json
	valid_discovery roof.json
	every '.components.interval.state_topic == "opencamrc/roof/state"' roof.json
	"$opencamrc" -r "$sim_address" interval -q --every 3s -n 2 -o yard/ || [ $? -eq 6 ]
	becomes state roof '.interval.slots == 2 and .interval.state != "running"'
	becomes has_kept opencamrc/roof/picture .
}

@test "the unit is one that systemd takes" {
	command -v systemd-analyze > /dev/null || skip 'no systemd-analyze'
	mkdir -p .local/bin
	cp "$recipes/opencamrc-mqtt" .local/bin/
	cp "$recipes/opencamrc-mqtt@.service" .
	systemd-analyze --user --man=no verify "$PWD/opencamrc-mqtt@roof.service" 2>&1 | grep opencamrc-mqtt > said || true
	[ ! -s said ] || { cat said; return 1; }
	systemd-analyze security --offline=true --threshold=65 "$recipes/opencamrc-mqtt@.service" > analysis 2>&1
}

@test "what cannot be is one line" {
	bridge=$recipes/opencamrc-mqtt
	run_error 2 'which camera' "$bridge"
	run_error 2 'there is no option --fleet' "$bridge" --fleet router
	run_error 2 'a name has letters' "$bridge" 'a/b=router'
	run_error 2 'refresh 0: a number of seconds' "$bridge" --refresh 0 router
	run_error 2 'cannot be a topic' "$bridge" --base '#' router
	run_error 2 'journal is for one camera' "$bridge" --journal j a b
	# Nothing of it is left behind.
	mkdir tmp
	touch taken
	TMPDIR=$PWD/tmp run_error 1 'cannot make the folder taken: File exists' "$bridge" --folder taken router
	kill "$broker_pid"
	wait "$broker_pid" || true
	TMPDIR=$PWD/tmp run_error 3 'cannot reach the broker' "$bridge" router
	[ -z "$(ls tmp)" ]
}
