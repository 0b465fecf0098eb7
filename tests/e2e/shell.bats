#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shell: the same commands from stdin, one a line; for pipes, for bridges, and for who types.

load common
load typing
load session

setup() {
	isolate
	export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
	start_simcam
}

teardown() {
	stop_all
}

# shell_of LINES [OPTION…]: runs them; files out and err, status.
shell_of() {
	status=0
	printf '%s\n' "$1" | "$opencamrc" -r "$sim_address" shell "${@:2}" > out 2> err ||
		status=$?
}

@test "lines run one after the other, and say what they say alone" {
	shell_of "$(printf '%s\n' 'config iso=800' '# a comment' '' \
		"config get 'iso'   # another" 'capture -o "a shot.%C"' 'files list')"
	[ "$status" -eq 0 ]
	local listed=()
	# What has no memory keeps it on its card.
	has memory || listed=("$card_folder" "1  $(picture 1)")
	same_text "$(printf '%s\n' 800 "a shot.$jpg" "${listed[@]}")" "$(cat out)"
	is_jpeg "a shot.$jpg"
	same_text 800 "$("$opencamrc" -r "$sim_address" config get iso)"
}

@test "a line may end as Windows ends it, and the last one not at all" {
	printf 'config iso=800\r\nconfig get iso' | "$opencamrc" -r "$sim_address" shell > out
	same_text 800 "$(cat out)"
}

@test "an error does not end it; the status is that of the first line that failed" {
	shell_of "$(printf '%s\n' 'config get iso' 'config iso=12345' 'nonsense' \
		'-r 127.0.0.1:1 info' 'config get iso')"
	[ "$status" -eq 2 ]
	same_text "$(printf '%s\n' "$first_iso" "$first_iso")" "$(cat out)"
	[ "$(wc -l < err)" -eq 3 ]
	sed -n 1p err | grep -q '^opencamrc: config: '
	sed -n 2p err | grep -q '^opencamrc: unknown command: nonsense'
	sed -n 3p err | grep -q '^opencamrc: info: '
}

@test "with --errexit the first line that fails is the last" {
	shell_of "$(printf '%s\n' 'config get iso' '-r 127.0.0.1:1 info' 'config get iso')" -e
	[ "$status" -eq 3 ]
	same_text "$first_iso" "$(cat out)"
}

@test "exit and quit end it, the lines after them are not read" {
	for word in exit quit; do
		shell_of "$(printf '%s\n' 'config get iso' $word nonsense)"
		[ "$status" -eq 0 ]
		same_text "$first_iso" "$(cat out)"
		[ ! -s err ]
	done
	shell_of 'exit 3'
	[ "$status" -eq 2 ]
	grep -q 'line 1: exit stands alone' err
}

@test "what is no line is told with its number" {
	shell_of "$(printf '%s\n' info "config 'artist=x" '@' "$(head -c 70000 /dev/zero | tr '\0' x)" \
		'config get iso')" -q
	[ "$status" -eq 2 ]
	grep -q "^opencamrc: shell: line 2: a quote is not closed: '" err
	grep -q '^opencamrc: shell: line 3: no id follows @' err
	grep -q '^opencamrc: shell: line 4: a line of more than 65535 bytes' err
	same_text "$first_iso" "$(tail -n 1 out)"
}

@test "a line does not eat the lines that follow" {
	shell_of "$(printf '%s\n' 'config load -' 'config get iso')"
	same_text "$first_iso" "$(cat out)"
	printf '#!/bin/sh\ncat > /dev/null\n' > hook
	chmod +x hook
	shell_of "$(printf '%s\n' 'capture -o x.jpg --hook-script ./hook' 'config get iso')"
	[ "$status" -eq 0 ]
	same_text "$(printf '%s\n' x.jpg "$first_iso")" "$(cat out)"
}

@test "what needs the process for itself is refused by name" {
	shell_of "$(printf '%s\n' shell 'env true' '--debug-logfile x config get iso')"
	[ "$status" -eq 2 ]
	[ "$(wc -l < err)" -eq 3 ]
	grep -q 'shell is not for a line of the shell' err
	grep -q 'env is not for a line of the shell' err
	grep -q 'debug-logfile is not for a line of the shell' err
	[ ! -e x ] && [ ! -s out ]
}

@test "a line's own camera stands above the shell's, by port as well" {
	printf '%s\n' "--port usbip:$sim_address config get iso" 'config get iso' |
		"$opencamrc" -r 127.0.0.1:1 shell > out 2> err || true
	same_text "$first_iso" "$(cat out)"
	grep -q '127.0.0.1:1' err
}

@test "a line for all cameras is for all of the shell's servers" {
	"$opencamrc" -r "$sim_address" --all config get iso > alone
	OPENCAMRC_REMOTE='' shell_of '--all config get iso'
	[ "$status" -eq 0 ]
	cmp alone out
}

@test "the options of every command that the shell was given count for each line" {
	printf '#!/bin/sh\necho "$*" >> asked\nexit 1\n' > through
	chmod +x through
	printf '%s\n' 'config get iso' |
		"$opencamrc" -r ssh://nowhere/1-1 --ssh ./through shell > out 2> err || true
	grep -q nowhere asked
	start_simcam --log-releases
	if ! has bulb; then
		printf '%s\n' 'config get iso' | "$opencamrc" -r "$sim_address" --debug shell > out 2> err
		grep -q 'Opening session' err
		return
	fi
	in_background shot "$opencamrc" -r "$sim_address" \
		capture ${bulb_set:+--set "$bulb_set"} --bulb 15s -o shot.jpg
	local shot=$background_pid
	wait_until 20 grep -q 'shutter released' "$sim_log"
	printf '%s\n' 'config get iso' '--wait 60s config get iso' > lines
	in_background waits sh -c 'exec timeout 120 "$0" -r "$1" --wait 0 shell < lines' "$opencamrc" "$sim_address"
	wait_until 30 grep -q 'the camera is busy' waits.err
	# The second waits, and is not refused as well; then the camera is free.
	sleep 1
	kill -INT "$shot"
	background_status
	same_text 1 "$(grep -c 'the camera is busy' waits.err)"
	same_text "$first_iso" "$(cat waits.out)"
	wait "$shot" || true
	printf '%s\n' 'config get iso' | "$opencamrc" -r "$sim_address" --debug shell > out 2> err
	grep -q 'Opening session' err
}

# The number of its owner's connection to the camera, and the socket.
connection() {
	local fd inode
	inode=$(awk -v port="$(printf ':%04X' "$sim_port")" \
		'substr($3, length($3) - 4) == port && $4 == "01" { print $10 }' /proc/net/tcp)
	for fd in "/proc/$(owner_pid)/fd"/*; do
		[ "$(readlink "$fd")" != "socket:[$inode]" ] || echo "${fd##*/} $inode"
	done
}

answers() {
	[ "$(grep -c "^$first_iso" shell.out)" -ge "$1" ]
}

# shell_with_log NUMBER: what is said to descriptor 8 are its lines, and its log has this number.
shell_with_log() {
	rm -f lines
	mkfifo lines
	# shellcheck disable=SC2016
	in_background shell bash -c 'exec < lines
		for ((i = 3; i < 100; i++)); do eval "exec $i<&-"; done
		for ((i = 3; i < $1; i++)); do eval "exec $i< /dev/null"; done
		exec "${@:2}"' bash "$1" "$opencamrc" -r "$sim_address" --debug --debug-logfile log shell
	exec 8> lines
	echo 'config get iso' >&8
	wait_until 30 answers 1
	[ "$(readlink "/proc/$background_pid/fd/$1")" = "$PWD/log" ]
}

@test "a shell's log is not its owner's, which has something else of that number" {
	[ -z "${UNDER_VALGRIND:-}" ] || skip "valgrind's own descriptors are among them"
	[ -z "${OPENCAMRC_TEST_SANDBOX:-}" ] || skip 'the connection is made elsewhere'
	local before number
	shell_with_log 40
	before=$(connection)
	number=${before%% *}
	[ "$number" -lt 40 ]
	exec 8>&-
	wait "$background_pid"
	shell_with_log "$number"
	before=$(connection)
	same_text "$number" "${before%% *}"
	# What nobody uses for two seconds is looked after, and libgphoto2 has something to say of that.
	sleep 4
	echo 'config get iso' >&8
	wait_until 30 answers 2
	same_text "$before" "$(connection)"
	exec 8>&-
	wait "$background_pid"
}

@test "a log that is given to the shell has what each of its lines does" {
	echo before > log
	printf '%s\n' 'config get iso' '-r 127.0.0.1:1 info' 'list' 'config get iso' |
		"$opencamrc" -r "$sim_address" --debug-logfile log shell > out 2> err || true
	same_text 2 "$(grep -c "^$first_iso" out)"
	run grep '^before$' log
	[ "$status" -ne 0 ]
	# The first line's is there still, and the last one's, each of which opens the camera.
	[ "$(grep -c 'Opening session' log)" -ge 2 ]
	[ "$(wc -l < err)" -eq 1 ]
}

@test "with --json every answer ends with its line, id, command, status and error" {
	shell_of "$(printf '%s\n' '@a/1 config get iso' '' '# nothing' 'config iso=12345' \
		'@ping' "@q config 'x" nonsense '@b -q files list' '@c exit')" --json
	[ "$status" -eq 2 ]
	every 'type == "object"' out
	jq -c 'select(has("line"))' out > ends
	every 'keys == ["command","error","id","line","status"]' ends
	same_text "$(printf '%s\n' '[1,"a/1","config",0,false]' '[4,null,"config",2,true]' \
		'[5,"ping",null,0,false]' '[6,"q",null,2,true]' '[7,null,"nonsense",2,true]' \
		'[8,"b","files",0,false]' '[9,"c","exit",0,false]')" \
		"$(jq -c '[.line, .id, .command, .status, .error != null]' ends)"
	same_text '"iso"' "$(head -n 1 out | jq .name)"
	# What a line says stands before its end.
	same_text 1 "$(jq -s 'map(has("line")) | index(true)' out)"
}

@test "a coprocess gets each answer when it is complete, two hundred times" {
	needs texts
	local i line id said
	coproc CAMERA { "$opencamrc" -r "$sim_address" shell --json 2> err; }
	local pid=$CAMERA_PID
	started+=("$pid")
	for i in {1..200}; do
		case $((i % 4)) in
		0) line='config get iso' ;;
		1) line="config artist='No. $i'" ;;
		2) line='nonsense' ;;
		*) line='' ;;
		esac
		printf '@%d %s\n' "$i" "$line" >&"${CAMERA[1]}"
		said=
		until [[ $said == *'"line":'* ]]; do
			read -r -t 60 said <&"${CAMERA[0]}"
		done
		id=$(jq -r '"\(.id) \(.line) \(.status)"' <<< "$said")
		same_text "$i $i $((i % 4 == 2 ? 2 : 0))" "$id"
	done
	same_text 'No. 197' "$("$opencamrc" -r "$sim_address" config get artist)"
	printf 'exit\n' >&"${CAMERA[1]}"
	wait "$pid" || [ $? -eq 2 ]
}

@test "a reader that has gone ends it" {
	mkfifo lines
	"$opencamrc" -r "$sim_address" shell --json < lines > >(head -n 1 > out) 2> err &
	local pid=$! status=0
	started+=("$pid")
	exec 8> lines
	echo '@1' >&8
	wait_until 20 test -s out
	# Its end is seen by the next answer; then there is nobody to take a line.
	wait_until 20 refused
	exec 8>&-
	wait "$pid" || status=$?
	[ "$status" -eq 141 ]
	[ ! -s err ]
}

# Nobody reads the lines any more.
refused() {
	! (trap '' PIPE && echo '@2' >&8) 2> /dev/null
}

@test "SIGTERM ends it while it waits and while it works, and leaves the camera clean" {
	needs liveview
	mkfifo lines
	for line in '' 'liveview -o x.mjpg --force'; do
		"$opencamrc" -r "$sim_address" shell < lines > out 2> err &
		local pid=$!
		started+=("$pid")
		exec 8> lines
		echo 'config get iso' >&8
		wait_until 20 grep -q "$first_iso" out
		if [ -n "$line" ]; then
			echo "$line" >&8
			wait_until 20 in_use "$sim_address"
		fi
		kill -TERM "$pid"
		local status=0
		wait "$pid" || status=$?
		[ "$status" -eq 143 ]
		exec 8>&-
		same_text "$first_iso" "$("$opencamrc" -r "$sim_address" config get iso)"
	done
}

# start_typing [OPTION…]: at a terminal.
start_typing() {
	start_typing_at "'$opencamrc' -r '$sim_address' shell $*" "opencamrc $sim_address> "
}

prompts() {
	[ "$(grep -ao "opencamrc $sim_address> " screen | wc -l)" -ge "$1" ]
}

# The last line on the screen, complete or not.
last_is() {
	[ "$(tr -d '\r' < screen | tail -n 1)" = "$1" ]
}

iso_is() {
	[ "$("$opencamrc" -r "$sim_address" config get iso 2> /dev/null)" = "$1" ]
}

artist_is() {
	[ "$("$opencamrc" -r "$sim_address" config get artist 2> /dev/null)" = "$1" ]
}

@test "at a terminal there is a prompt, and the end of the file ends it with status 0" {
	export TERM=xterm
	start_typing
	keys 'config get iso\n'
	shown "$first_iso"
	keys 'nonsense\n'
	shown 'unknown command: nonsense'
	wait_until 30 prompts 3
	keys '\004'
	wait "$typing_pid"
}

@test "a terminal that cannot edit has a prompt as well" {
	export TERM=dumb
	start_typing
	keys 'config get iso\n'
	shown "$first_iso"
	wait_until 30 prompts 2
	keys '\003'
	wait_until 30 prompts 3
	keys 'exit\n'
	wait "$typing_pid"
}

# has_bytes NAME: what is being written here, without a name or with a hidden one, is not empty any more.
has_bytes() {
	[ -n "$(find /proc/[0-9]*/fd -lname "$PWD/#*" -exec find -L {} -size +0 \; 2> /dev/null)" ] ||
		[ -n "$(find . -maxdepth 1 -name ".*$1*" -size +0)" ]
}

@test "Control-C ends a line that runs, then one that is typed, and never the shell" {
	needs liveview
	needs texts
	export TERM=xterm
	start_typing
	for i in 1 2; do
		keys "liveview -o $i.mjpg\\n"
		wait_until 30 has_bytes "$i.mjpg"
		keys '\003'
		wait_until 30 test -s "$i.mjpg"
		wait_until 30 last_is "opencamrc $sim_address> "
		keys "nonsense-$i"
		shown "nonsense-$i"
		keys '\003'
		wait_until 30 last_is "opencamrc $sim_address> "
		keys "config artist=typist-$i\\n"
		wait_until 30 artist_is "typist-$i"
		wait_until 30 last_is "opencamrc $sim_address> "
	done
	! on_screen 'unknown command' || return 1
	keys 'exit\n'
	wait "$typing_pid"
}

@test "the tab completes commands, options, files, settings and their choices" {
	needs libedit
	needs liveview
	export TERM=xterm
	echo 'iso=1600' > 'my profile'
	start_typing
	keys 'con\tloa\tmy\t\n'
	wait_until 30 prompts 2
	wait_until 30 iso_is 1600
	keys "config $iso_typed\\n"
	wait_until 30 prompts 3
	wait_until 30 iso_is "$iso_meant"
	keys 'liveview --fr\t1 -o x.jpg\n'
	shown x.jpg
	wait_until 30 prompts 4
	is_jpeg x.jpg
	keys 'exit\n'
	wait "$typing_pid"
}

@test "what was typed is there the next time, for its owner alone" {
	needs libedit
	needs texts
	export TERM=xterm
	start_typing
	keys "config artist='J. Doe'\\n"
	wait_until 30 prompts 2
	keys 'exit\n'
	wait "$typing_pid"
	same_text "$(printf '%s\n' "config artist='J. Doe'" exit)" "$(cat state/opencamrc/history)"
	same_text 600 "$(stat -c %a state/opencamrc/history)"
	"$opencamrc" -r "$sim_address" config artist=nobody
	exec 8>&-
	rm keyboard screen
	start_typing
	keys '\033[A\033[A\n'
	wait_until 30 prompts 2
	same_text 'J. Doe' "$("$opencamrc" -r "$sim_address" config get artist)"
	keys 'exit\n'
	wait "$typing_pid"
}
