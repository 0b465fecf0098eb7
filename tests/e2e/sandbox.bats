#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The sandbox of the process that holds a camera: what an attacker in there can do, and what commands still can.

load common

setup() {
	needs sandbox
	isolate
	mkdir -p "$XDG_CONFIG_HOME/opencamrc"
	echo 'sandbox = yes' > "$XDG_CONFIG_HOME/opencamrc/config"
	! "$opencamrc" version | grep -q '^sandbox no Landlock' || skip 'this kernel has no Landlock'
}

teardown() {
	stop_all
}

# What the hostile driver finds: see tests/tools/hostile-driver.c.
prepare_victim() {
	export HOSTILE=$BATS_TEST_TMPDIR
	mkdir -p home/.ssh elsewhere cwd .gphoto
	echo ptp2=capturetarget=sdram > .gphoto/settings
	echo secret > home/.ssh/id_ed25519
	echo profile > home/.bashrc
	for name in one doomed long; do
		echo content > elsewhere/$name
	done
	export HOSTILE_PORT=$sim_port
	sleep 600 3>&- &
	started+=("$!")
	export HOSTILE_PID=$!
	python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(16)
print("listening at", sys.argv[1], flush=True)
while True:
	s.accept()' "$BATS_TEST_TMPDIR/listener" > listener.log 3>&- &
	started+=("$!")
	wait_until 10 grep -q '^listening at' listener.log
}

# What became of its deeds, in `deeds`.
hostile() {
	(cd cwd && LD_PRELOAD=$build/tests/tools/hostile-driver.so timeout 30 "$opencamrc" -r "$sim_address" \
		info --summary > ../deeds 2> ../said)
}

@test "a driver that was taken over gets neither files nor programs nor connections, nor other processes" {
	! grep -qc __asan_init "$opencamrc" || skip 'the sanitizers want to be loaded first'
	start_simcam
	prepare_victim
	hostile
	cat deeds said
	[ "$(wc -l < deeds)" -eq 30 ]
	same_text '' "$(grep ": done" deeds)"
	# Each by the sandbox, and not because the test was made up in a wrong way.
	same_text 'queue-calls: Function not implemented' "$(grep -v ': Permission denied' deeds)"
	# What it asked of the command's own process is told.
	grep -q "info: sandbox: the camera's process was refused: to open .*/home/.ssh/id_ed25519" said
	same_text 1 "$(wc -l < said)"
	[ ! -e cwd/planted ]
	same_text profile "$(cat home/.bashrc)"
	same_text content "$(cat elsewhere/long)"
	same_text 'sandbox = yes' "$(cat "$XDG_CONFIG_HOME/opencamrc/config")"
}

@test "without a sandbox the same driver does it all, so that the test above can fail" {
	! grep -qc __asan_init "$opencamrc" || skip 'the sanitizers want to be loaded first'
	start_simcam
	prepare_victim
	OPENCAMRC_SANDBOX=no hostile
	cat deeds
	[ "$(wc -l < deeds)" -eq 30 ]
	# Yama, and a sysctl, may forbid two of them anyway; the caller refuses what nobody asked for, sandbox or not.
	same_text '' "$(grep -v ': done' deeds | grep -vE '^(trace-process|queue-calls|ask-for-[a-z]*): ')"
	same_text 4 "$(grep -c '^ask-for-.*: Permission denied' deeds)"
}

@test "what a command writes, reads and runs is there as without a sandbox" {
	start_simcam --speed 50
	cat > hook <<- 'END'
		#!/bin/sh
		echo "$ACTION $ARGUMENT" >> told
	END
	chmod +x hook
	"$opencamrc" -r "$sim_address" capture -n 2 -o 'out/%Y/shot-%n.%C' --hook-script ./hook --debug-logfile log > names
	is_jpeg "$(head -n 1 names)" && is_jpeg "$(tail -n 1 names)"
	same_text "init start download $(head -n 1 names) download $(tail -n 1 names) stop" \
		"$(sed 's/ *$//' told | tr '\n' ' ' | sed 's/ $//')"
	grep -q 'GetPartialObject\|PTP' log
	"$opencamrc" -r "$sim_address" capture -o - > piped.jpg
	is_jpeg piped.jpg
	"$opencamrc" -r "$sim_address" capture -o /dev/stdout > named.jpg 2> err || true
	echo iso=400 > night.conf
	"$opencamrc" -r "$sim_address" config load night.conf
	same_text 400 "$("$opencamrc" -r "$sim_address" config get iso)"
	shot=$("$opencamrc" -r "$sim_address" capture --card)
	mkdir card
	"$opencamrc" -r "$sim_address" files get --all -o card --resume
	is_jpeg "card/${shot##*/}"
	"$opencamrc" -r "$sim_address" files get "$shot" -o card/ --force
	! has upload || "$opencamrc" -r "$sim_address" files put "card/${shot##*/}" --folder "$store/DCIM"
	if has liveview; then
		"$opencamrc" -r "$sim_address" liveview --frames 3 -o view.mjpeg
		[ -s view.mjpeg ]
	fi
	"$opencamrc" -r "$sim_address" interval --once -q -o garden/ --hook-script ./hook > /dev/null
	"$opencamrc" -r "$sim_address" interval --once -q -o garden/ --resume > /dev/null
	[ "$(jq -r 'select(.event == "shot") | .slot' garden/interval.jsonl | sort -un | wc -l)" -eq 2 ]
	same_text '' "$(grep -h 'sandbox: ' log err)"
}

# The name of a file that a process had in hand when it was killed, here.
hidden_name() {
	python3 -c '
import platform
total = 2166136261
for byte in platform.node().encode():
	total = (total ^ byte) * 16777619 & 0xffffffff
print(f".x.opencamrc-{total:08x}12345678")'
}

@test "a long name is written, what a killed process left goes, and no other hidden file" {
	start_simcam --speed 50
	local long
	long=$(printf 'n%.0s' {1..245})
	mkdir out
	touch "out/$(hidden_name)" out/.mine
	"$opencamrc" -r "$sim_address" capture -o "out/$long.jpg" > names 2> said
	is_jpeg "out/$long.jpg"
	same_text '' "$(cat said)"
	same_text $'.mine\n'"$long.jpg" "$(ls -A out)"
	run_error 1 'File exists' "$opencamrc" -r "$sim_address" capture -o "out/$long.jpg"
}

@test "a camera behind ssh is reached by the command's own process" {
	start_simcam
	cat > ssh-in-place <<- END
		#!/bin/sh
		exec python3 -c '
		import os, select, socket, sys
		s = socket.create_connection(("127.0.0.1", $sim_port))
		while True:
		    r = select.select([0, s], [], [])[0]
		    for end in r:
		        data = os.read(0, 65536) if end == 0 else s.recv(65536)
		        if not data:
		            sys.exit()
		        s.sendall(data) if end == 0 else os.write(1, data)
		' "\$@"
	END
	sed -i 's/^\t\t//' ssh-in-place
	chmod +x ssh-in-place
	"$opencamrc" --ssh ./ssh-in-place -r ssh://somewhere capture -o shot.jpg
	is_jpeg shot.jpg
	# Nothing of it stays: an ssh that ends is waited for.
	wait_until 10 not_running ssh-in-place
	run_error 3 'cannot run|not found' "$opencamrc" --ssh ./no-such-ssh -r ssh://somewhere capture -o no.jpg
}

not_running() {
	! pgrep -f "$BATS_TEST_TMPDIR/$1|[c]reate_connection..\"127.0.0.1\", $sim_port" > /dev/null
}

@test "a link that broke is made again in the middle of a command" {
	needs liveview
	start_simcam --speed 50
	start_slow_link "$sim_address" --cut-after 300000
	"$opencamrc" -r "$link_address/1-1" liveview --frames 40 -o view.mjpeg 2> said || {
		cat said
		return 1
	}
	grep -q 'back' said
}

@test "who wants a sandbox is refused by a process that is in none, and told how to end it" {
	start_simcam
	OPENCAMRC_SANDBOX=no "$opencamrc" -r "$sim_address" open
	run_error 4 'held by a process that is in no sandbox; .opencamrc close. ends that' "$opencamrc" -r "$sim_address" info
	"$opencamrc" -r "$sim_address" config get iso 2>&1 | grep -q 'no sandbox'
	OPENCAMRC_SANDBOX=no "$opencamrc" -r "$sim_address" close
	"$opencamrc" -r "$sim_address" open
	# The other way round it is had, for it costs nothing.
	OPENCAMRC_SANDBOX=no "$opencamrc" -r "$sim_address" capture -o shot.jpg
	is_jpeg shot.jpg
	"$opencamrc" -r "$sim_address" close
}

@test "a section has its own word, the option and the environment stand above" {
	local config=$XDG_CONFIG_HOME/opencamrc/config
	start_simcam
	printf 'sandbox = no\n[remote far]\naddress = %s\nsandbox = yes\n' "$sim_address" > "$config"
	"$opencamrc" -r "$sim_address" open
	run_error 4 'in no sandbox' "$opencamrc" -r far info
	run_error 4 'in no sandbox' "$opencamrc" --sandbox -r "$sim_address" info
	OPENCAMRC_SANDBOX=no "$opencamrc" -r far info > /dev/null
	"$opencamrc" -r "$sim_address" close
	echo 'sandbox = perhaps' > "$config"
	run_error 2 "$config:1: sandbox is yes, try or no" "$opencamrc" -r "$sim_address" info
	OPENCAMRC_SANDBOX=perhaps run_error 2 'sandbox|OPENCAMRC_SANDBOX=perhaps' "$opencamrc" -r "$sim_address" info
}

@test "the shell's option is that of each of its lines" {
	start_simcam
	echo 'sandbox = no' > "$XDG_CONFIG_HOME/opencamrc/config"
	"$opencamrc" -r "$sim_address" open
	echo 'config get iso' > lines
	run_error 4 'in no sandbox' "$opencamrc" -r "$sim_address" --sandbox shell < lines
	"$opencamrc" -r "$sim_address" close
	"$opencamrc" -r "$sim_address" --sandbox shell < lines
}

@test "a kernel without Landlock: no camera with yes, one with try, each with a line" {
	command -v strace > /dev/null || skip 'no strace'
	! grep -qc __asan_init "$opencamrc" || skip 'leaks are not looked for under strace'
	local old=(strace -f -qq -o /dev/null -e trace=landlock_create_ruleset
		-e inject=landlock_create_ruleset:error=ENOSYS)
	start_simcam
	run_error 1 'no sandbox for the camera.s process: this kernel has no Landlock .Linux 5.13. \(.sandbox = try' \
		"${old[@]}" "$opencamrc" -r "$sim_address" info
	OPENCAMRC_SANDBOX=try "${old[@]}" "$opencamrc" -r "$sim_address" --debug info > out 2> said
	grep -q '^Model' out
	grep -q 'no sandbox: this kernel has no Landlock' said
	OPENCAMRC_SANDBOX=try "$opencamrc" -r "$sim_address" --debug info > out 2> said
	same_text '' "$(grep "no sandbox" said)"
}

@test "what goes by itself to the network is said by one line" {
	run_error 1 'no sandbox for ptpip:192.0.2.1: it would make connections of its own' "$opencamrc" --port ptpip:192.0.2.1 info
	(unset OPENCAMRC_REMOTE && run_error 3 'none here, and a sandbox looks for no server \(name its server' "$opencamrc" info)
}

@test "a setting of the driver that is not kept is said by one line" {
	needs memory
	start_simcam
	"$opencamrc" -r "$sim_address" config capturetarget='Memory card' 2> said
	grep -q 'in a sandbox capturetarget is not kept' said
	same_text 1 "$(wc -l < said)"
}

@test "all that is tested without a sandbox holds in one" {
	[ -n "${SOAK:-}" ] || skip 'it takes an hour: SOAK=1'
	local file
	for file in "$BATS_TEST_DIRNAME"/{capture,files,liveview,config,tether,interval,interval-loss,recovery,ssh,session,several,series,focus,shell,bodies}.bats; do
		env -u SOAK OPENCAMRC_TEST_SANDBOX=1 bats "$file"
	done
}
