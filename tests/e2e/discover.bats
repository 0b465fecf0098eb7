#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Servers that announce themselves are found, where none is named; what they say is not believed.

load common
load network

setup() {
	isolate
	unset OPENCAMRC_REMOTE
	needs mdns
	lay_network
}

teardown() {
	stop_all
}

# here COMMAND…: opencamrc on the near machine.
here() {
	"${near[@]}" "$opencamrc" "$@"
}

# found PATTERN…: the list has them. What announces itself once may not be heard by a machine that is busy:
# wait_until asks again.
found() {
	local pattern
	here list > out 2> err || return 1
	for pattern; do
		grep -Eq -- "$pattern" out || return 1
	done
}

@test "nobody there: an empty list, after a moment" {
	in_background info "${near[@]}" "$opencamrc" info
	run_error 3 'no camera found' here list
	background_status
	same_text 3 "$status"
	grep -q 'no server announces itself' info.err
}

@test "a machine without a network has no cameras, and that is all" {
	"${near[@]}" ip link set near down
	"${near[@]}" ip link set lo down
	run_error 3 'no camera found' here list
}

@test "one server: the list says what to type, and a command finds it by itself" {
	start_far_simcam "$far_address:3240"
	start_avahi router "${far[@]}" -- 3240
	wait_until 60 found "^Canon EOS 1200D +usbip:$far_address/1-1 +- +free$"
	same_text "opencamrc: found on the network: -r $far_address/1-1" "$(cat err)"
	wait_until 60 found_quietly
	[ ! -s err ]
	every "keys == [\"in_use\",\"model\",\"port\",\"remote\",\"serial\"] and .remote
		and .port == \"usbip:$far_address/1-1\" and .serial == null" json
	wait_until 60 here capture -o shot.jpg 2> err
	is_jpeg shot.jpg
	grep -q "found on the network: -r $far_address/1-1" err
}

found_quietly() {
	here -q list --json > json 2> err
}

@test "umdns tells a service once a minute, and is found each time" {
	start_far_simcam "$far_address:3240"
	announce OpenWrt "$far_address" 3240
	for _ in 1 2; do
		wait_until 60 found "usbip:$far_address/1-1 "
	done
}

@test "beside an avahi-daemon of this machine's own" {
	start_far_simcam "$far_address:3240"
	start_avahi laptop "${near[@]}"
	announce OpenWrt "$far_address" 3240
	wait_until 60 found "usbip:$far_address/1-1 "
}

@test "by IPv6 alone, with the interface of a link-local address" {
	start_far_simcam "[::]:3240"
	avahi_lines=use-ipv4=no
	start_avahi router "${far[@]}" -- 3240
	"${near[@]}" ip address flush dev near scope global
	wait_until 60 found 'usbip:\[fe80::2%near\]/1-1 '
	here -r '[fe80::2%near]' info > out
	wait_until 60 here info > out 2> err
}

@test "two servers: both are listed, and an error names them" {
	start_far_simcam "$far_address:3240"
	add_second_address
	start_far_simcam "$second_address:3241"
	announce OpenWrt "$far_address" 3240
	announce pi "$second_address" 3241 pi "$second_address"
	wait_until 60 found "usbip:$far_address/1-1 " "usbip:$second_address:3241/1-1 "
	wait_until 60 run_error 2 "2 cameras were found \(name one: -r .*/1-1, -r .*/1-1\)" here capture
	grep -q -- "-r $far_address/1-1" stderr
	grep -q -- "-r $second_address:3241/1-1" stderr
	wait_until 60 both_tell
	same_text 2 "$(wc -l < out)"
}

both_tell() {
	here --all info --json > out 2> err && lines 2 out
}

@test "a server with two cameras" {
	start_far_simcam "$far_address:3240" --cameras 2
	announce OpenWrt "$far_address" 3240
	wait_until 60 found "usbip:$far_address/1-1 "
	same_text 2 "$(grep -c "usbip:$far_address/" out)"
	wait_until 60 run_error 2 "2 cameras were found \(name one: -r $far_address/1-1, -r $far_address/1-2\)" here info
}

@test "a name that the system knows is preferred, where it leads to the same machine" {
	start_far_simcam "$far_address:3240"
	announce OpenWrt "$far_address" 3240
	echo "$far_address OpenWrt.local" > hosts
	"${near[@]}" mount --bind hosts /etc/hosts
	wait_until 60 here info > out 2> err
	grep -q 'found on the network: -r OpenWrt.local/1-1' err
	echo "$second_address OpenWrt.local" > hosts
	wait_until 60 found "usbip:$far_address/1-1 "
}

@test "an announcement of nothing is named, and keeps nobody from the others" {
	announce liar "$far_address" 9
	in_background info "${near[@]}" "$opencamrc" info
	wait_until 60 run_error 3 "cannot connect to $far_address:9: nothing listens .*-r ssh://$far_address" here list
	background_status
	same_text 3 "$status"
	grep -q "cannot connect to $far_address:9: nothing listens" info.err ||
		wait_until 60 run_error 3 "cannot connect to $far_address:9: nothing listens" here info
	add_second_address
	start_far_simcam "$second_address:3240"
	announce pi "$second_address" 3240 pi "$second_address"
	wait_until 60 found_beside_liar
	wait_until 60 here info > out 2> err
}

found_beside_liar() {
	found "usbip:$second_address/1-1 " && grep -q "$far_address:9: nothing listens" err
}

@test "a name that would write to the terminal does not" {
	start_far_simcam "$far_address:3240"
	announce $'evil\e[2J\a' "$far_address" 3240 $'\e]0;owned\a'
	wait_until 60 found_evil
	grep -q "usbip:$far_address/1-1 " out
	if LC_ALL=C grep -q $'[\x01-\x08\x0b-\x1f\x7f]' out err; then
		cat -v out err
		return 1
	fi
}

found_evil() {
	here list --debug > out 2> err && grep -q 'mdns: .* calls itself' err
}

@test "an address of this machine itself is not believed" {
	start_listening near.log "${near[@]}" "$simcam" --listen 127.0.0.1:3240 --speed 10
	announce liar 127.0.0.1 3240
	run_error 3 'no camera found' here list
}

@test "a server without cameras is named" {
	start_far_simcam "$far_address:3240" --cameras 0
	announce OpenWrt "$far_address" 3240
	in_background info "${near[@]}" "$opencamrc" info
	wait_until 60 run_error 3 "$far_address was found, but shares no camera" here list
	background_status
	same_text 3 "$status"
	grep -q 'it shares none' info.err || wait_until 60 run_error 3 'it shares none' here info
}

@test "nothing is sent where a remote is named, configured, or set to nothing" {
	start_far_simcam "$far_address:3240"
	announce OpenWrt "$far_address" 3240
	before=$(datagrams_sent)
	here list -r "$far_address" > /dev/null
	here -r "$far_address" info > /dev/null
	here --port "usbip:$far_address/1-1" info > /dev/null
	OPENCAMRC_REMOTE=$far_address here list > /dev/null
	OPENCAMRC_REMOTE='' run_error 3 'no camera found' here list
	OPENCAMRC_REMOTE='' run_error 3 'there is no camera' here info
	mkdir -p "$XDG_CONFIG_HOME/opencamrc"
	echo "remote = $far_address" > "$XDG_CONFIG_HOME/opencamrc/config"
	here list > /dev/null
	here info > /dev/null
	same_text "$before" "$(datagrams_sent)"
	rm "$XDG_CONFIG_HOME/opencamrc/config"
	here list > /dev/null 2>&1
	[ "$(datagrams_sent)" -gt "$before" ]
}

# A live view at the server that was found, or at its end where none was.
view_begins() {
	in_background view "${near[@]}" "$opencamrc" liveview
	wait_until 30 view_is_decided
	[ -s view.out ]
}

view_is_decided() {
	[ -s view.out ] || ended
}

@test "a command goes on with the server where it began, whatever else is announced by then" {
	start_far_simcam "$far_address:3240"
	first=$listening_pid
	announce OpenWrt "$far_address" 3240
	wait_until 60 view_begins
	add_second_address
	start_far_simcam "$second_address:3240"
	other=$listening_log
	announce pi "$second_address" 3240 pi "$second_address"
	kill "$first"
	wait "$first" || true
	wait_until 30 grep -q 'the camera is away' view.err
	start_far_simcam "$far_address:3240"
	wait_until 30 grep -q 'the camera is back' view.err
	kill -INT "$background_pid"
	background_status
	grep -q imported "$listening_log"
	same_text 0 "$(grep -c imported "$other")"
}

@test "Control-C ends the search" {
	# It lasts for moments: on a machine that is busy it may be over before it is told.
	for _ in 1 2 3 4 5; do
		before=$(datagrams_sent)
		in_background list "${near[@]}" "$opencamrc" list
		wait_until 10 sent
		kill -INT "$background_pid" 2> /dev/null || true
		background_status
		[ "$status" -ne 130 ] || break
	done
	same_text 130 "$status"
}

# Something, by now.
sent() {
	[ "$(datagrams_sent)" -gt "$before" ]
}
