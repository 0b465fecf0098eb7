#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# doctor: what stands in the way is named, with what to do, and the status that a command would have had.

load common
load session

setup() {
	isolate
}

teardown() {
	"$opencamrc" -q close 2> /dev/null || true
	stop_all
}

# doctor STATUS [OPTION…]: its answer in `out`, each line of it sound; nothing on stderr.
doctor() {
	local expected=$1 status=0
	shift
	timeout 90 "$opencamrc" doctor --json "$@" > out 2> err || status=$?
	[ "$status" -eq "$expected" ] && [ ! -s err ] || {
		echo "status $status (expected $expected):" >&2
		cat out err >&2
		return 1
	}
	every 'keys == ["check","found","remedy","state"] and (.state | IN("ok", "note", "problem"))
		and (.found | length > 0) and (.state != "problem" or (.remedy | length > 0))' out
}

# found CHECK STATE [PATTERN [REMEDY]]: what the line of the check says.
found() {
	jq -es --arg check "$1" --arg state "$2" --arg found "${3:-}" --arg remedy "${4:-}" \
		'map(select(.check == $check)) | length == 1 and (.[0] | .state == $state
			and (.found | test($found)) and ((.remedy // "") | test($remedy)))' out > /dev/null || {
		echo "$1 is not $2, $3, $4:" >&2
		cat out >&2
		return 1
	}
}

# absent CHECK: it has no line.
absent() {
	jq -es --arg check "$1" 'all(.[]; .check != $check)' out > /dev/null
}

present() {
	! absent "$1"
}

# within LOW HIGH NUMBER
within() {
	awk -v low="$1" -v high="$2" -v n="$3" 'BEGIN { exit !(n != "" && n + 0 >= low && n + 0 <= high) }' || {
		echo "$3 is not within $1 and $2" >&2
		cat out >&2
		return 1
	}
}

# figure CHECK PATTERN: the number that the pattern captures.
figure() {
	jq -r --arg check "$1" --arg pattern "$2" \
		'select(.check == $check).found | capture($pattern).n' out
}

only_problem() {
	same_text "$1" "$(jq -r 'select(.state == "problem").check' out)"
}

@test "all is well: every check is told of, the status is 0, and the camera is left as it was" {
	start_simcam --live-view-loop 4 --live-view-bytes 60000
	"$opencamrc" -r "$sim_address" config dump > before
	doctor 0 -r "$sim_address"
	for check in address name port usbipd shared mode 'in use' camera 'round trip' battery card \
		'port driver'; do
		found "$check" ok
	done
	found shared ok "^1-1: .*$usb_ids"
	found camera ok "^$body_model answers\$"
	! has liveview || found rate ok
	! has poweroff || found 'power off' ok never
	wait_until 10 no_owner
	"$opencamrc" -r "$sim_address" config dump > after
	diff before after
	[ -z "$("$opencamrc" -q -r "$sim_address" files)" ]
}

@test "for people it is a line a check, aligned, with the remedy below, and colours only on a terminal" {
	needs poweroff
	start_simcam --auto-power-off 60
	"$opencamrc" -r "$sim_address" doctor > out 2> err
	[ ! -s err ]
	grep -Eqx 'camera {8}ok {7}Canon EOS 1200D answers' out
	grep -Eqx 'power off {5}note {5}after 60 s in which nobody asks for anything' out
	grep -Eqx " {23}opencamrc -r $sim_address config autopoweroff=0, or in the camera's menu" out
	! grep -q $'\033' out
	TERM=xterm script -qec "$opencamrc -r $sim_address doctor" typescript > shown
	grep -q $'camera        \033\\[32mok\033\\[0m       Canon' shown
	NO_COLOR=1 TERM=xterm script -qec "$opencamrc -r $sim_address doctor" typescript > shown
	! grep -q $'\033' shown
}

@test "round trip and rate are measured, and the frames that they allow are what live view has" {
	needs liveview
	start_simcam --fps 200 --live-view-loop 4 --live-view-bytes 60000
	start_slow_link "$sim_address" --delay 10
	doctor 0 -r "$link_address"
	within 19 60 "$(figure 'round trip' '(?<n>[0-9.]+) ms')"
	within 5 "$most_frames" "$(figure rate '^(?<n>[0-9.]+) live view')"
	within 59 61 "$(figure rate 'of (?<n>[0-9.]+) kB')"
	echo "# figure: at 20 ms: $(jq -r 'select(.check | IN("round trip", "rate")).found' out | paste -sd ' ')" >&3
	start_slow_link "$sim_address" --delay 1 --rate 8000000
	doctor 0 -r "$link_address"
	within 0.4 1.3 "$(figure rate 'at (?<n>[0-9.]+) MB/s')"
	fps=$(figure rate '^(?<n>[0-9.]+) live view')
	# Doctor's are the best of some, these a mean: the best of three is to be compared.
	for _ in 1 2 3; do
		"$opencamrc" -r "$link_address" liveview --frames 15 --json > /dev/null 2> view
		tail -n 1 view | jq .fps >> rates
	done
	seen=$(sort -g rates | tail -n 1)
	echo "# figure: at 1 MB/s doctor says $fps frames a second, live view has $seen" >&3
	within "$(awk -v fps="$fps" 'BEGIN { print fps / 2 }')" \
		"$(awk -v fps="$fps" 'BEGIN { print fps * 2 }')" "$seen"
}

@test "a slow link is a note that says whether it is the round trips or the rate" {
	needs liveview
	start_simcam --live-view-loop 2 --live-view-bytes 40000
	start_slow_link "$sim_address" --delay 20
	doctor 0 -r "$link_address" --no-live-view
	found 'round trip' note '^[0-9]+ ms' 'cable'
	start_slow_link "$sim_address" --delay 1 --rate 3000000
	doctor 0 -r "$link_address"
	found rate note '^[0-9.]+ live view frames/s of .* at 0\.[0-9] MB/s' 'it is the rate'
}

@test "without live view a picture on the card is read, but for one that is marked as new" {
	needs marks
	start_simcam
	doctor 0 -r "$sim_address" --no-live-view
	found rate note 'not measured'
	"$opencamrc" -q -r "$sim_address" capture --card
	doctor 0 -r "$sim_address" --no-live-view
	found rate note 'not measured'
	"$opencamrc" -r "$sim_address" files -l --json | jq -se 'all(.[]; .downloaded | not)'
	"$opencamrc" -q -r "$sim_address" files get --new
	doctor 0 -r "$sim_address" --no-live-view
	found rate ok 'live view frames/s of 60 kB, .*, if they are of that size'
	! grep -q 'live view' "$sim_log"
}

@test "what the body is set to, and how it fares: battery, card, auto power off" {
	needs poweroff
	start_simcam --battery 30 --auto-power-off 60 --card-size 200M
	doctor 0 -r "$sim_address"
	found battery note '^25%$' charge
	found card note 'nearly full: 2[01][0-9] MB' 'files get --new'
	found 'power off' note 'after 60 s' "opencamrc -r $sim_address config autopoweroff=0"
	# The remedy is one.
	"$opencamrc" -r "$sim_address" config autopoweroff=0
	doctor 0 -r "$sim_address"
	found 'power off' ok never
}

@test "an empty battery and a full card are in the way" {
	start_simcam --battery 3 --card-size 4M
	doctor 1 -r "$sim_address"
	# An EOS tells it in steps, of which the last is 0.
	[ "$body" != eos1200d ] || found battery problem 'empty' 'charge it'
	found card problem '^full: 4.2 MB' 'make room'
	[ "$body" != eos1200d ] || same_text 'battery card' "$(jq -r 'select(.state == "problem").check' out | paste -sd ' ')"
}

@test "a server that is down, a name that is none" {
	start_simcam
	stop_all
	doctor 3 -r "$sim_address"
	only_problem port
	found port problem 'nothing listens' 'usbipd -D'
	absent usbipd
	present libgphoto2
	doctor 3 -r no-such-host.invalid
	only_problem name
	found name problem 'no-such-host.invalid' 'check the name'
}

@test "what answers at a port that is another's, or does not answer, is no usbipd" {
	command -v python3 > /dev/null || skip 'python3 is not installed'
	start_listening "$BATS_TEST_TMPDIR/other.log" python3 -c '
import socket
server = socket.create_server(("127.0.0.1", 0))
print("listening on 127.0.0.1:%d" % server.getsockname()[1], flush=True)
kept = []
while True:
    client, _ = server.accept()
    kept.append(client)
    if len(kept) == 1:
        client.sendall(b"SSH-2.0-nothing_of_the_kind\r\n")'
	doctor 3 -r "$listening_at"
	only_problem usbipd
	found usbipd problem 'not a USB/IP server' 'port of usbipd is 3240'
	doctor 3 -r "$listening_at" --timeout 1s
	only_problem usbipd
	found usbipd problem 'does not answer' 'is it usbipd'
}

@test "nothing shared, another busid, two cameras, a disk" {
	start_simcam --cameras 0
	doctor 3 -r "$sim_address"
	only_problem shared
	found shared problem 'shares none' 'usbip bind -b BUSID'
	start_simcam --cameras 2
	doctor 3 -r "$sim_address/1-9"
	only_problem camera
	found shared note '1-9 is not in the list'
	found camera problem 'the server shares no 1-9 now' 'it shares 1-1, 1-2'
	doctor 2 -r "$sim_address"
	found shared problem "1-1 .*$usb_ids, 1-2" 'HOST/BUSID'
	doctor 0 -r "$sim_address/1-2" --no-live-view
	# A disk of no maker that is known is no camera set wrongly.
	has maker || return 0
	start_simcam --mass-storage
	doctor 3 -r "$sim_address"
	only_problem mode
	found mode problem 'mass storage' 'PTP'
}

@test "usbipd as the kernel has it: a list without interfaces is enough" {
	start_simcam --plain-list
	doctor 0 -r "$sim_address" --no-live-view
	found camera ok
	absent mode
}

@test "a disk that the kernel shares is told from a camera by what it says of itself" {
	needs maker
	start_simcam --plain-list --mass-storage
	doctor 5 -r "$sim_address"
	found shared ok
	found camera problem
	found mode problem 'mass storage' 'PTP'
}

@test "in use by another client is in the way" {
	start_simcam
	hold_camera "$sim_address"
	doctor 4 -r "$sim_address"
	only_problem 'in use'
	found 'in use' problem 'in use by another client' 'end the other program'
	absent camera
}

@test "a live view on this machine is named, shares the camera, and goes on" {
	needs liveview
	start_simcam
	export OPENCAMRC_REMOTE=$sim_address
	begin_view view
	doctor 0
	found address ok 'first remote of the configuration'
	found shared ok 'an opencamrc on this machine has it \(process [0-9]+\)'
	found 'in use' ok "shares it: liveview \\(process $view_pid\\)"
	found rate ok 'live view frames/s' || found rate note 'live view frames/s'
	before=$(stat -c %s view.mjpeg)
	wait_until 10 grew view.mjpeg "$before"
	end_view "$view_pid"
	counters view.mjpeg
	"$opencamrc" open
	doctor 0
	found 'in use' ok 'kept open by opencamrc on this machine'
	"$opencamrc" close
	doctor 0
	found 'in use' ok 'by nobody else'
	nothing_left
}

@test "another command that does not let go of the camera is named, and not disturbed" {
	needs bulb
	start_simcam --log-releases
	in_background shot "$opencamrc" -r "$sim_address" capture ${bulb_set:+--set "$bulb_set"} --bulb 12s -o shot.jpg
	wait_until 20 grep -qi 'released' "$sim_log"
	doctor 4 -r "$sim_address" --wait 200ms
	only_problem 'in use'
	found 'in use' problem "in the middle of something: capture \\(process $background_pid\\)" 'end it'
	background_status
	same_text 0 "$status"
	is_jpeg shot.jpg
}

grew() {
	[ "$(stat -c %s "$1")" -gt "$2" ]
}

@test "a camera that does not answer is told within a bound, and what comes after is still looked at" {
	start_simcam --fault "hang@$doctor_hang"
	doctor 5 -r "$sim_address" --timeout 4s --no-live-view
	found 'round trip' problem '' 'off and on'
	present libgphoto2
}

@test "an address that is none is misuse, a word too many as well" {
	doctor 2 -r 'router:0'
	only_problem address
	present libgphoto2
	run_error 2 'unexpected argument: router' "$opencamrc" doctor router
}

@test "without a camera, a server and a configuration: this machine's own USB is looked at" {
	ls /sys/bus/usb/devices/*:* > /dev/null 2>&1 && skip 'there are USB devices here'
	doctor 3
	found address ok 'no server is named'
	found usb note 'nothing on this machine' 'cable'
	only_problem camera
	found camera problem 'no camera' '-r'
}

@test "Control-C ends it with the camera left clean" {
	start_simcam
	start_slow_link "$sim_address" --delay 50
	in_background doctor "$opencamrc" doctor -r "$link_address"
	wait_until 20 grep -q ^mode doctor.out
	kill -INT "$background_pid"
	background_status
	same_text 130 "$status"
	wait_until 20 no_owner
	"$opencamrc" -r "$sim_address" info > /dev/null
}
