#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# focus: the picture gets sharp and soft, and the live view is enlarged.

load common

setup() {
	isolate
	start_simcam
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
	"$opencamrc" config get focusmode | grep -qiE 'manual|MF'
}

@test "steps of the lens blur the picture, and the same steps back make it sharp" {
	needs lens
	local sharp fine
	sharp=$(frame_size)
	"$opencamrc" focus far 3 -n 4
	is_soft "$sharp"
	"$opencamrc" focus near 3 -n 3
	# As many smaller ones as a large one has.
	"$opencamrc" focus near 2 -n "$small_steps"
	fine=$(frame_size)
	[ "$fine" -gt $((sharp * 95 / 100)) ]
	"$opencamrc" focus near 3 -n 4
	is_soft "$sharp"
}

@test "autofocus makes it sharp again and says so" {
	needs lens
	local sharp
	sharp=$(frame_size)
	hand focus 300
	wait_until 10 is_soft "$sharp"
	same_text focused "$("$opencamrc" focus auto)"
	[ "$(frame_size)" -gt $((sharp * 95 / 100)) ]
	same_text '{"focused":true}' "$("$opencamrc" focus auto --json)"
}

@test "a lens set to manual says nothing, or refuses, and we claim nothing" {
	needs lens
	hand set focusmode "$focus_manual"
	wait_until 10 is_manual
	if [ "$body" = d750 ]; then
		run_error 1 'cannot focus: the camera refused \(is the lens, .* manual' "$opencamrc" focus auto
	else
		same_text 'the camera does not say' "$("$opencamrc" focus auto)"
	fi
}

@test "a still out of focus is soft as well" {
	needs lens
	"$opencamrc" config "$small_set"
	hand set focusmode "$focus_manual"
	"$opencamrc" capture -o sharp.jpg
	"$opencamrc" focus far 3 -n 4
	"$opencamrc" capture -o soft.jpg
	is_jpeg soft.jpg "$small"
	[ "$(stat -c %s soft.jpg)" -lt $(($(stat -c %s sharp.jpg) * 8 / 10)) ]
}

@test "zoom and point are taken where the body has them, and refused with what it takes" {
	only eos1200d "factors of Canon's"
	"$opencamrc" focus zoom 5
	"$opencamrc" focus point 1000,800
	run_error 1 'cannot enlarge the live view: .*an EOS takes 1, 5 and 10' \
		"$opencamrc" focus zoom 7
	run_error 1 'cannot set the point' "$opencamrc" focus point 9999,10
}

@test "a lens that no host can move is told, with the reason" {
	! has lens || skip "$body_called moves its lens"
	run_error 1 'cannot move the lens: the camera cannot do that' "$opencamrc" focus near 2
	run_error 1 'cannot focus: the camera cannot do that' "$opencamrc" focus auto
	run_error 1 'cannot enlarge the live view: the camera cannot do that' "$opencamrc" focus zoom 5
	run_error 1 'cannot set the point: the camera cannot do that' "$opencamrc" focus point 10,10
}

@test "nothing, too much, and nonsense are refused" {
	run_error 2 'auto, near, far, zoom or point' "$opencamrc" focus
	run_error 2 'size of 1 to 3' "$opencamrc" focus near 4
	run_error 2 'X,Y is needed' "$opencamrc" focus point 12
	run_error 2 'how many times' "$opencamrc" focus zoom
	run_error 2 'unexpected argument' "$opencamrc" focus auto now
	run_error 2 'count goes with near and far' "$opencamrc" focus auto -n 3
}
