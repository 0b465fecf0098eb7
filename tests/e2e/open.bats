#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A camera that is kept open between commands: until it is closed, or idle, or gone.

load common
load session

setup() {
	isolate
	start_simcam
	export OPENCAMRC_REMOTE=$sim_address
}

teardown() {
	"$opencamrc" -q close || true
	stop_all
}

milliseconds() {
	local start
	start=$(date +%s%N)
	"$@" > /dev/null
	echo $((($(date +%s%N) - start) / 1000000))
}

@test "commands find it open, and what they leave is the camera as it was found" {
	local i alone open
	start_slow_link "$sim_address" --delay 10
	export OPENCAMRC_REMOTE=$link_address
	for i in 1 2 3; do alone=$(milliseconds "$opencamrc" capture -o "alone-$i.jpg"); done
	no_owner
	"$opencamrc" open
	owner=$(owner_pid)
	for ((i = 1; i <= 10; i++)); do
		open=$(milliseconds "$opencamrc" capture -o "open-$i.jpg")
		[ "$(owner_pid)" = "$owner" ]
	done
	echo "# figure: the tenth capture takes $open ms, $alone ms where the camera is not open" >&3
	"$opencamrc" close
	no_owner
	run in_use "$sim_address"
	[ "$status" -ne 0 ]
	nothing_left
}

@test "close when there is nothing to close says so, and is no error" {
	"$opencamrc" open
	"$opencamrc" close 2> log
	[ ! -s log ]
	"$opencamrc" close 2> log
	same_text 'no camera is held open' "$(cat log)"
}

@test "close finds what is open under any of its names, and asks nobody that has nothing" {
	local name
	for name in "$sim_address" "localhost:$sim_port" "localhost:$sim_port/1-1"; do
		"$opencamrc" -r "$sim_address/1-1" open
		"$opencamrc" -r "$name" close 2> log
		same_text '' "$(cat log)"
		no_owner
	done
	"$opencamrc" -r 127.0.0.1:1 close 2> log
	same_text 'no camera is held open' "$(cat log)"
	# Nor a server that can have none of what is held.
	"$opencamrc" open
	"$opencamrc" -r 127.0.0.1:1 close 2> log
	same_text 'no camera is held open' "$(cat log)"
	run_error 3 'close: .*nowhere.invalid' "$opencamrc" -r nowhere.invalid close
	first=$sim_address
	start_simcam
	"$opencamrc" -r "$sim_address" close 2> log
	same_text 'no camera is held open' "$(cat log)"
	[ -n "$(owner_pid)" ]
	"$opencamrc" -r "$first/1-1" close
	nothing_left
}

@test "a camera that nobody has used for a while is closed" {
	"$opencamrc" open --idle 5s
	[ -n "$(owner_pid)" ]
	"$opencamrc" config get iso
	wait_until 30 no_owner
	nothing_left
	# Being used it is not idle.
	"$opencamrc" open --idle 3s
	owner=$(owner_pid)
	if has liveview; then
		"$opencamrc" liveview --duration 4500ms > view.mjpeg 2> view.log
		counters view.mjpeg
	else
		"$opencamrc" tether --duration 4500ms
	fi
	[ "$(owner_pid)" = "$owner" ] || wait_until 1 no_owner
	wait_until 30 no_owner
}

@test "close beside a live view says that it is in use, and it is closed thereafter" {
	needs liveview
	"$opencamrc" open
	begin_view view
	"$opencamrc" close 2> log
	grep -q '1 other command is still using the camera' log || { cat log && return 1; }
	end_view "$view_pid"
	nothing_left
}

@test "a camera that went away while it was open is opened again by the next command" {
	# An address of its own: nobody else gets the port while it is free.
	start_simcam --listen 127.0.7.2:0
	export OPENCAMRC_REMOTE=$sim_address
	"$opencamrc" open
	owner=$(owner_pid)
	kill -KILL "$sim_pid"
	wait "$sim_pid" || true
	again() {
		start_listening again.log "$simcam" --listen "$sim_address" --speed 10 --seed 1 --body "$body"
	}
	again
	# For a tenth of a second a camera that has just been used is trusted to be there.
	sleep 0.2
	"$opencamrc" config get iso
	[ "$(owner_pid)" = "$owner" ]
	"$opencamrc" capture -o shot.jpg
	is_jpeg shot.jpg
	# While it is away the reason is said.
	kill -KILL "$listening_pid"
	wait "$listening_pid" || true
	sleep 0.2
	run_error 3 'nothing listens there' "$opencamrc" config get iso
	again
	"$opencamrc" config get iso
}

@test "a second open changes how long it stays" {
	"$opencamrc" open
	owner=$(owner_pid)
	"$opencamrc" open --idle 5s
	[ "$(owner_pid)" = "$owner" ]
	wait_until 30 no_owner
}

@test "a camera that hangs is waited for as long as the command says, and not who opened it" {
	local idle
	for idle in 0 4; do
		"$opencamrc" --timeout 10m open
		hand fault hang@1
		# Who holds it finds that out by himself where nobody asks.
		sleep "$idle"
		status=0
		# It is given up, or opened anew; the bound ends one that waits ten minutes.
		timeout "$((100 * ${PATIENCE:-1}))" "$opencamrc" --timeout 2s config get iso > out 2> err || status=$?
		cat err
		[ "$status" -eq 5 ] || same_text 0 "$status"
		"$opencamrc" close
		no_owner
	done
}

@test "the folder where it was opened is free, and relative paths lead where they did" {
	mkdir folder
	(cd folder && "$opencamrc" open)
	# The thread of a command may come to its end a moment later.
	in_folder() { find "/proc/$(owner_pid)/task"/*/{cwd,fd/} -lname "$PWD/folder*" 2> /dev/null | grep -q .; }
	is_free() { ! in_folder; }
	wait_until 20 is_free
	(cd folder && "$opencamrc" capture -o shot.jpg)
	is_jpeg folder/shot.jpg
	wait_until 20 is_free
	"$opencamrc" close
	ln -s "$build/lib/opencamrc/iolibs" folder/drivers
	(cd folder && OPENCAMRC_IOLIBS=drivers "$opencamrc" open)
	"$opencamrc" config get iso
}

# listens PATH: a socket is there from its bind() on, and takes nobody before its listen().
listens() {
	awk -v path="$1" '$4 == "00010000" && $8 == path { found = 1 } END { exit !found }' /proc/net/unix
}

@test "a service manager's socket begins it" {
	command -v systemd-socket-activate > /dev/null || skip 'systemd-socket-activate is not installed'
	local folder=$XDG_RUNTIME_DIR/opencamrc key="usbip:$sim_address"
	mkdir -m 700 -p "$folder"
	systemd-socket-activate -l "$folder/$key.sock" \
		-E XDG_RUNTIME_DIR -E OPENCAMRC_REMOTE -E HOME -E XDG_CONFIG_HOME \
		"$opencamrc" open --systemd --idle 20s > manager.log 2>&1 3>&- &
	manager=$!
	started+=("$manager")
	wait_until 20 listens "$folder/$key.sock"
	"$opencamrc" config get iso
	# It has become the owner itself.
	[ "$(owner_pid)" = "$manager" ]
	"$opencamrc" capture -o shot.jpg
	is_jpeg shot.jpg
	"$opencamrc" -r "$sim_address/1-1" config get iso
	[ "$(owner_pid)" = "$manager" ]
	"$opencamrc" close
	ended() { ! kill -0 "$manager" 2> /dev/null; }
	wait_until 20 ended
}
