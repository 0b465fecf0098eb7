#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The essential on the other bodies, a Nikon and a plain PTP camera: ours beside stock gphoto2.
# BODY=d750 or BODY=plain takes that one alone; the whole of another file on a body is BODY=d750 bats FILE.

load common

bodies=${BODY:-d750 plain}

setup() {
	isolate
}

teardown() {
	stop_all
}

# begin BODY [OPTIONS]: the body, and its folder; small pictures, for they are quickly drawn. The body
# before is switched off.
begin() {
	[ -z "${sim_pid:-}" ] || {
		kill "$sim_pid"
		wait "$sim_pid" || true
		rm -f "$BATS_TEST_TMPDIR/hand"
	}
	use_body "$1"
	mkdir -p "$BATS_TEST_TMPDIR/$1"
	cd "$BATS_TEST_TMPDIR/$1"
	echo "# body: $body" >&2
	BODY=$body start_simcam --control "$BATS_TEST_TMPDIR/hand" "${@:2}"
	export OPENCAMRC_REMOTE=$sim_address
}

gphoto() {
	"$opencamrc" env timeout 90 gphoto2 "$@"
}

@test "stock gphoto2 takes a picture" {
	command -v gphoto2 > /dev/null || skip "gphoto2 is not installed"
	for name in $bodies; do
		begin "$name"
		gphoto --set-config imagesize=$small --capture-image-and-download --filename shot.jpg
		is_jpeg shot.jpg $small
	done
}

@test "info claims live view for those that have it" {
	for name in $bodies; do
		begin "$name"
		"$opencamrc" info --json > info.json
		every '.can.capture and .can.configure' info.json
		if has liveview; then
			every '.can.preview' info.json
		else
			every '.can.preview | not' info.json
		fi
	done
}

@test "stock gphoto2 shows live view, and waits for what the body tells" {
	command -v gphoto2 > /dev/null || skip "gphoto2 is not installed"
	for name in $bodies; do
		begin "$name"
		if has liveview; then
			gphoto --capture-preview --filename view.jpg
			is_jpeg thumb_view.jpg
		else
			run gphoto --capture-preview
			[ "$status" -ne 0 ]
		fi
		"$opencamrc" config imagesize=$small
		before=$(imports)
		in_background wait gphoto --wait-event-and-download=1f --force-overwrite
		wait_until 20 imported_since "$before"
		press_until_done
		[ "$(ls ./*.[jJ][pP][gG] | wc -l)" -ge 1 ]
	done
}

# Whoever asks the server whether it is in use would have the camera for a moment: its log knows.
imports() {
	grep -c imported "$sim_log" || true
}

imported_since() {
	[ "$(imports)" -gt "$1" ]
}

# It does not say when it listens: what is pressed before that is told to nobody. And not again at
# once: a body that exposes hands out no file, which gphoto2 takes for an error.
press_until_done() {
	local tries=0
	while kill -0 "$background_pid" 2> /dev/null && [ $((tries++)) -lt 5 ]; do
		hand press 1
		SECONDS=0
		until ended || [ "$SECONDS" -ge 10 ]; do sleep 0.1; done
	done
	background_status
	[ "$status" -eq 0 ]
}

@test "the settings are those of the real Nikon" {
	[[ $bodies = *d750* ]] || skip "not of this body"
	local dump=$top/../shared/cameras/nikon-d750.txt
	[ -e "$dump" ] || skip "no dump of the real camera at ../shared/cameras"
	[ -e /usr/share/locale/de/LC_MESSAGES/libgphoto2-6.mo ] ||
		skip "libgphoto2's translations are not installed"
	# The dump was made in German.
	localedef -i de_DE -f UTF-8 "$BATS_TEST_TMPDIR/de_DE.UTF-8" ||
		skip "localedef cannot make a German locale"
	begin d750
	env LOCPATH="$BATS_TEST_TMPDIR" LC_ALL=de_DE.UTF-8 LANGUAGE=de "$opencamrc" env timeout 60 \
		gphoto2 --debug --debug-logfile=debug.log --list-all-config > config
	# Its last line is the figure.
	"$BATS_TEST_DIRNAME/compare-config" "$dump" config debug.log \
		"$(pkg-config --variable=driverdir libgphoto2)/ptp2.so" > compared || {
		cat compared
		return 1
	}
	echo "# figure: gphoto2 --list-all-config of the D750: $(tail -1 compared)" >&3
}

@test "the same names set the exposure on every body, each brand's own as well" {
	for name in $bodies eos1200d; do
		begin "$name"
		"$opencamrc" config mode=M iso=400 aperture=5.6 shutter=1/250 ev=0
		# A Nikon's dial has its say again when the host is gone: it stands on M, too.
		[ "$body" != d750 ] || hand set mode 1
		wait_until 10 is_manual
		"$opencamrc" config iso=800 aperture=8 shutter=1/60
		"$opencamrc" config get iso aperture shutter mode > got
		grep -qx 'iso=800' got
		grep -Eqx 'aperture=(f/)?8' got
		grep -Eqx 'shutter=(1/60|0\.0166s)' got
		grep -Eqx 'mode=(M|Manual)' got
		# Another brand's name for it.
		"$opencamrc" config f-number=5.6
		[[ $("$opencamrc" config get aperture) = *5.6 ]]
		"$opencamrc" config list --json > list
		[ "$(jq -r 'select(.common == "aperture") | .name' list)" = \
			"$([ "$body" = eos1200d ] && echo aperture || echo f-number)" ]
	done
}

is_manual() {
	"$opencamrc" config get mode | grep -q '^M'
}

@test "what the dial decides is refused in one line that says how" {
	[[ $bodies = *d750* ]] || skip "not of this body"
	begin d750
	run_error 1 'cannot set aperture \(here f-number\): it is read-only \(.*mode=M' \
		"$opencamrc" config aperture=8
	run_error 6 "cannot set shutter \(here shutterspeed2\): it does not take '3/7'" \
		"$opencamrc" config mode=M shutter=3/7
}

@test "pictures come to the computer, and go to the card; files are fetched" {
	for name in $bodies; do
		begin "$name"
		"$opencamrc" config imagesize=$small
		"$opencamrc" capture -n 2 -o 'shot%n.jpg'
		is_jpeg shot1.jpg $small
		is_jpeg shot2.jpg $small
		! cmp -s shot1.jpg shot2.jpg
		"$opencamrc" capture --card > told
		grep -q '/DCIM/' told
		"$opencamrc" files get --all -o 'got-%f.%C'
		is_jpeg "$(ls got-*.JPG | tail -1)" $small
	done
}

@test "a full card is called that" {
	for name in $bodies; do
		begin "$name" --card-size 7M
		run_error 1 'there is no space left on the card' "$opencamrc" capture --card
	done
}

@test "both files of a picture come, to the computer and to the card" {
	[[ $bodies = *d750* ]] || skip "not of this body"
	begin d750
	"$opencamrc" config imagesize=$small 'format=NEF+Fine'
	"$opencamrc" capture -o 'pair.%C'
	is_jpeg pair.jpg $small
	is_raw pair.nef
	"$opencamrc" capture --card --json > told
	[ "$(grep -c DSC_ told)" -eq 2 ]
}

@test "live view runs and leaves the body as it was; without one a line says so" {
	for name in $bodies; do
		begin "$name"
		if has liveview; then
			"$opencamrc" liveview --frames 10 > frames
			[ "$("$frame_counter" < frames | wc -l)" -ge 1 ]
			[ "$("$opencamrc" config get recordingmedia)" = Card ]
			[ "$("$opencamrc" config get viewfinder)" = 0 ]
		else
			run_error 1 'this camera has no live view' "$opencamrc" liveview --frames 3
		fi
	done
}

@test "a body that exposes while a file is fetched is waited for" {
	[[ $bodies = *d750* ]] || skip "not of this body"
	local i
	begin d750 --speed 1
	hand set mode 1
	wait_until 10 is_manual
	# The second second is exposed while the first picture is there.
	"$opencamrc" config imagesize=$small shutter=1
	in_background tether "$opencamrc" tether -n 3 -o 'own%n.jpg'
	wait_until 20 grep -q 'waiting for pictures' tether.err
	hand press 3
	background_status
	[ "$status" -eq 0 ]
	# None was tried, and counted, twice.
	for i in 1 2 3; do
		is_jpeg "own$i.jpg" "$small"
	done
}

@test "live view waits for a body that exposes: no frame is called damaged" {
	[[ $bodies = *d750* ]] || skip "not of this body"
	begin d750 --speed 1
	"$opencamrc" config imagesize=$small
	hand set mode 1
	wait_until 10 is_manual
	"$opencamrc" config shutter=1
	in_background view "$opencamrc" liveview --frames 40
	wait_until 20 test -s view.out
	hand press 1
	background_status
	[ "$status" -eq 0 ]
	grep -q '0 damaged' view.err
}

@test "a mode that the dial takes back is told, unless somebody keeps the camera" {
	begin d750
	"$opencamrc" config mode=M iso=400 2> said
	grep -q 'mode holds as long as a program has the camera' said
	same_text P "$("$opencamrc" config get mode)"
	"$opencamrc" open
	"$opencamrc" config mode=M 2> said
	same_text '' "$(cat said)"
	same_text M "$("$opencamrc" config get mode)"
	"$opencamrc" close
	hand set mode 1
	wait_until 30 eval '[ "$("$opencamrc" config get mode)" = M ]'
	"$opencamrc" config mode=M 2> said
	same_text '' "$(cat said)"
	begin eos1200d
	hand set mode 3
	"$opencamrc" config mode=A 2> said
	same_text '' "$(cat said)"
}

@test "bulb is as long as asked for, and the next picture is as before" {
	for name in $bodies; do
		begin "$name"
		"$opencamrc" config imagesize=$small
		if [ "$body" = plain ]; then
			run_error 1 'cannot take a picture: this camera has no bulb' "$opencamrc" capture --bulb 1s -o bulb.jpg
			continue
		fi
		# In one session: what bulb leaves behind is not cleared away by its end.
		printf '%s\n' 'config get mode shutter' 'capture --bulb 500ms -o bulb.jpg' \
			'config get mode shutter' 'capture -o after.jpg' > commands
		# Where a machine stalls it is longer.
		for _ in 1 2 3; do
			rm -f bulb.jpg after.jpg
			"$opencamrc" shell < commands > told
			! is_bulb bulb.jpg || break
		done
		is_bulb bulb.jpg
		is_jpeg after.jpg $small
		[ "$(sed -n 1,2p told)" = "$(grep -A1 mode= told | tail -2)" ]
	done
}

# Half a second; the body's clock runs ten times as fast. Its shutter opens a little after it was told to.
is_bulb() {
	exiftool -n -p '$ExposureTime' "$1" | awk '{ exit !($1 >= 4 && $1 < 31) }'
}

@test "a bracket and an interval" {
	for name in $bodies; do
		begin "$name"
		"$opencamrc" config imagesize=$small
		"$opencamrc" capture --bracket 3x1 -o 'bracket%n.jpg'
		is_jpeg bracket3.jpg
		"$opencamrc" interval --every 4s --late 3.9s --count 2 -o 'slot%n.jpg'
		is_jpeg slot0.jpg
		is_jpeg slot1.jpg
	done
}

@test "pictures that the user takes are fetched as they come" {
	for name in $bodies; do
		begin "$name"
		"$opencamrc" config imagesize=$small
		in_background tether "$opencamrc" tether -n 2 -o 'own%n.jpg'
		wait_until 20 grep -q 'waiting for pictures' tether.err
		hand press 2
		background_status
		[ "$status" -eq 0 ]
		is_jpeg own1.jpg $small
		is_jpeg own2.jpg $small
	done
}

@test "a body that does not follow is no body without settings" {
	[[ $bodies = *d750* ]] || skip "not of this body"
	# Once it is open. The stalled one is not counted by the camera: what comes after it is refused, if it comes.
	begin d750 --fault stall@7
	run_error 5 'did not answer|the camera and we are out of step' "$opencamrc" --timeout 1s config get iso
	[ "$("$opencamrc" config get iso)" = 200 ]
}

count_slots() {
	find . -name 'slot*.jpg' | wc -l
}

@test "a body that refuses for a while is asked again, one that goes away is found again" {
	for name in $bodies; do
		begin "$name" --fault busy=2
		"$opencamrc" config imagesize=$small
		if has liveview; then
			"$opencamrc" capture -o busy.jpg
			is_jpeg busy.jpg
			hand fault vanish@60
			"$opencamrc" liveview --frames 30 2> said > frames
			grep -q 'the camera is back' said
			continue
		fi
		in_background slots "$opencamrc" interval --every 2s --late 1.9s --count 6 -o 'slot%n.jpg'
		wait_until 20 test -e slot0.jpg
		hand fault vanish@2
		background_status
		grep -q 'the camera is back' slots.err
		# Those that fell into it are lost, and the run is told so by its status.
		[ "$(count_slots)" -ge 2 ]
	done
}
