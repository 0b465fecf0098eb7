#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# focus: the picture gets sharp and soft, and the live view is enlarged.

load common

setup() {
	isolate
	start_simcam --control "$BATS_TEST_TMPDIR/hand"
	export OPENCAMRC_REMOTE=$sim_address
}

teardown() {
	stop_all
}

# The size of a frame: what is out of focus takes fewer bytes.
frame_size() {
	"$opencamrc" -q liveview --frames 1 --force -o frame.mjpeg > /dev/null
	stat -c %s frame.mjpeg
}

# is_soft SHARP: clearly smaller than a sharp frame.
is_soft() {
	[ "$(frame_size)" -lt $(($1 * 8 / 10)) ]
}

is_manual() {
	"$opencamrc" config get focusmode | grep -qi manual
}

@test "steps of the lens blur the picture, and the same steps back make it sharp" {
	local sharp fine
	sharp=$(frame_size)
	"$opencamrc" focus far 3 -n 4
	is_soft "$sharp"
	"$opencamrc" focus near 3 -n 3
	"$opencamrc" focus near 2 -n 8
	fine=$(frame_size)
	[ "$fine" -gt $((sharp * 95 / 100)) ]
	"$opencamrc" focus near 3 -n 4
	is_soft "$sharp"
}

@test "autofocus makes it sharp again and says so" {
	local sharp
	sharp=$(frame_size)
	hand focus 300
	wait_until 10 is_soft "$sharp"
	same_text focused "$("$opencamrc" focus auto)"
	[ "$(frame_size)" -gt $((sharp * 95 / 100)) ]
	same_text '{"focused":true}' "$("$opencamrc" focus auto --json)"
}

@test "a lens set to manual says nothing, and neither do we claim it" {
	hand set focusmode 3
	wait_until 10 is_manual
	same_text 'the camera does not say' "$("$opencamrc" focus auto)"
}

@test "a still out of focus is soft as well" {
	"$opencamrc" config imageformat='Tiny JPEG'
	hand set focusmode 3
	"$opencamrc" capture -o sharp.jpg
	"$opencamrc" focus far 3 -n 4
	"$opencamrc" capture -o soft.jpg
	is_jpeg soft.jpg 720x480
	[ "$(stat -c %s soft.jpg)" -lt $(($(stat -c %s sharp.jpg) * 8 / 10)) ]
}

@test "zoom and point are taken where the body has them, and refused with what it takes" {
	"$opencamrc" focus zoom 5
	"$opencamrc" focus point 1000,800
	run_error 1 'cannot enlarge the live view: .*an EOS takes 1, 5 and 10' \
		"$opencamrc" focus zoom 7
	run_error 1 'cannot set the point' "$opencamrc" focus point 9999,10
}

@test "nothing, too much, and nonsense are refused" {
	run_error 2 'auto, near, far, zoom or point' "$opencamrc" focus
	run_error 2 'size of 1 to 3' "$opencamrc" focus near 4
	run_error 2 'X,Y is needed' "$opencamrc" focus point 12
	run_error 2 'how many times' "$opencamrc" focus zoom
	run_error 2 'unexpected argument' "$opencamrc" focus auto now
}
