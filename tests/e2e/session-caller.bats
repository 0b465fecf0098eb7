#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What a command has from its caller is the same wherever it runs: arguments, descriptors, folder,
# umask and environment; and who may be a caller.

load common
load session

setup() {
	isolate
	start_simcam
	export OPENCAMRC_REMOTE=$sim_address
	# Another process than the callers': the owner of all that follows.
	(cd / && umask 027 && TZ=UTC "$opencamrc" -q open < /dev/null)
	owner=$(owner_pid)
}

teardown() {
	"$opencamrc" -q close || true
	stop_all
}

same_owner() {
	[ "$(owner_pid)" = "$owner" ]
}

@test "arguments arrive as they are: spaces, line breaks, nothing, other alphabets" {
	needs texts
	local value
	for value in 'a b  c' $'two\nlines' 'Jürgen ✓' "'quoted' \"twice\" \\ \$HOME *"; do
		# A Nikon keeps ASCII alone.
		[ "$body" != d750 ] || [[ $value != *ü* ]] || continue
		"$opencamrc" -q config "artist=$value"
		same_text "$value" "$("$opencamrc" config get artist)"
	done
	"$opencamrc" -q config artist=
	same_text '' "$("$opencamrc" config get artist)"
	run_error 2 'unexpected argument' "$opencamrc" info ''
	same_owner
}

@test "descriptors that are closed or full are told as ever, and nothing is written elsewhere" {
	[ -z "${UNDER_VALGRIND:-}" ] || skip "valgrind's log takes the number of a closed one"
	"$opencamrc" config get iso > iso
	"$opencamrc" config get iso <&- > answer
	cmp iso answer
	status=0
	"$opencamrc" config load - <&- 2> err || status=$?
	[ "$status" = 1 ]
	grep -q 'cannot read -: Bad file descriptor' err
	status=0
	"$opencamrc" config get iso >&- 2> err || status=$?
	[ "$status" = 1 ]
	grep -q 'cannot write to standard output: Bad file descriptor' err
	status=0
	"$opencamrc" config get iso > /dev/full 2> err || status=$?
	[ "$status" = 1 ]
	grep -q 'cannot write to standard output: No space left' err
	status=0
	"$opencamrc" config get nonsense > out 2>&- || status=$?
	[ "$status" = 1 ]
	[ ! -s out ]
	"$opencamrc" capture -o shot.jpg <&- >&- 2>&- || true
	is_jpeg shot.jpg
	same_owner
}

@test "a file of the caller's process is a file: <(…), /dev/stdin and their kin" {
	"$opencamrc" -q config load <(echo iso=1600)
	same_text 1600 "$("$opencamrc" config get iso)"
	echo iso=800 | "$opencamrc" -q config load /dev/stdin
	same_text 800 "$("$opencamrc" config get iso)"
	"$opencamrc" -q config load /proc/self/fd/0 <<< iso=100
	same_text 100 "$("$opencamrc" config get iso)"
	"$opencamrc" -q config load /dev/fd/7 7<<< iso=200
	same_text 200 "$("$opencamrc" config get iso)"
	run_error 1 'cannot read /dev/fd/99: No such file' "$opencamrc" config load /dev/fd/99
	"$opencamrc" info --debug-logfile /dev/fd/9 9> trace
	grep -q 'Sending PTP_OC' trace
	same_owner
}

@test "files have the caller's mode, folder and time" {
	local mask zone
	mkdir folder
	for mask in 077:600 022:644 000:666; do
		(umask "${mask%:*}" && cd folder && "$opencamrc" -q capture -o "${mask%:*}.jpg")
		same_text "${mask#*:}" "$(stat -c %a "folder/${mask%:*}.jpg")"
	done
	(umask 077 && cd folder && "$opencamrc" -q capture -o ../beside/shot.jpg)
	same_text 700 "$(stat -c %a beside)"
	is_jpeg beside/shot.jpg
	for zone in UTC Asia/Tokyo America/New_York '<+03>-3'; do
		# The hour may change in between: then the one before or the one after.
		before=$(TZ=$zone date +%H)
		name=$(TZ=$zone "$opencamrc" capture -o "$BATS_TEST_NUMBER-%H-%n.jpg" -q)
		after=$(TZ=$zone date +%H)
		hour=$(cut -d- -f2 <<< "$name")
		[ "$hour" = "$before" ] || [ "$hour" = "$after" ]
		rm "$name"
	done
	same_owner
}

@test "a folder that is gone, or cannot be read, is the caller's trouble" {
	[ -z "${UNDER_VALGRIND:-}" ] || skip 'the shell before valgrind has a word to say of it'
	mkdir gone closed
	(
		cd gone
		rmdir ../gone
		"$opencamrc" config get iso
		run_error 1 'cannot write x.jpg: No such file' "$opencamrc" capture -o x.jpg
		"$opencamrc" capture -o "$BATS_TEST_TMPDIR/x.jpg"
	)
	is_jpeg x.jpg
	# Without read permission a folder can be written to all the same.
	(cd closed && chmod 300 . && "$opencamrc" -q capture -o y.jpg)
	is_jpeg closed/y.jpg
	same_owner
}

@test "a reader that does not read holds nobody up for longer than its caller lives" {
	"$opencamrc" -q capture --card
	mkfifo pipe
	exec 8<> pipe
	"$opencamrc" files get 1 -o - > pipe 2> log 3>&- 8>&- &
	caller=$!
	# It has begun; what is left is far more than a pipe holds.
	head -c 1000 <&8 > /dev/null
	stuck() { "$opencamrc" --wait 100ms config get iso > /dev/null 2>&1; }
	# A download lets others in between, even while it waits for its reader.
	wait_until 20 stuck
	status=0
	kill -INT "$caller"
	wait "$caller" || status=$?
	[ "$status" = 130 ]
	exec 8>&-
	[ "$(wc -l < <("$opencamrc" config get iso))" = 1 ]
	same_owner
}

# unread COMMAND…: its answer goes into a pipe that nobody reads, and that holds no more than it has; sets
# caller. It has had the camera when this returns, and the next command has it.
unread() {
	rm -f pipe trace
	mkfifo pipe
	exec 8<> pipe
	head -c 65536 /dev/zero >&8
	"$opencamrc" --debug-logfile trace "$@" > pipe 2> log 3>&- 8>&- &
	caller=$!
	# What is said there is the driver's: it has its turn.
	wait_until 20 test -s trace
	"$opencamrc" --wait "$((20 * ${PATIENCE:-1}))s" config get iso > /dev/null
	kill -0 "$caller"
}

# What `unread` had to say, once it is read after all.
answer() {
	exec 9< pipe 8>&-
	tail -c +65537 <&9
	exec 9<&-
	wait "$caller"
}

@test "an answer that nobody reads keeps nobody from the camera" {
	local command
	"$opencamrc" -q capture --card
	for command in 'config list' 'config dump' 'config get iso iso' 'config list --json' 'info' \
		'info --summary' 'files list -l' 'files list --json'; do
		# shellcheck disable=SC2086
		"$opencamrc" $command > expected
		# shellcheck disable=SC2086
		unread $command
		answer > got
		cmp expected got || { echo "$command" && return 1; }
		[ ! -s log ]
	done
	same_owner
}

@test "a picture that nobody reads keeps nobody from the camera" {
	mkfifo pipe
	exec 8<> pipe
	"$opencamrc" capture --jpeg-only -o - > pipe 2> log 3>&- 8>&- &
	caller=$!
	# Its first bytes are there: the rest is far more than a pipe holds.
	exec 9< pipe 8>&-
	head -c 1000 <&9 > shot.jpg
	"$opencamrc" --wait "$((20 * ${PATIENCE:-1}))s" config get iso
	kill -0 "$caller"
	cat <&9 >> shot.jpg
	exec 9<&-
	wait "$caller"
	is_jpeg shot.jpg
	[ ! -s log ]
	same_owner
}

@test "a signal while nobody reads the answer is a signal, and no error of the output" {
	unread config get iso
	status=0
	kill -INT "$caller"
	wait "$caller" || status=$?
	exec 8>&-
	same_text '' "$(cat log)"
	same_text 130 "$status"
}

# crowd COMMAND…: twenty commands at once, for a camera that is stopped until COMMAND; what they complain of in crowd.N.
crowd() {
	local i pid callers=()
	export OPENCAMRC_TIMEOUT=10m
	kill -STOP "$sim_pid"
	for ((i = 0; i < 20; i++)); do
		"$opencamrc" config get iso > /dev/null 2> "crowd.$i" 3>&- &
		callers+=("$!")
	done
	wait_until 30 "$@" || true
	kill -CONT "$sim_pid"
	for pid in "${callers[@]}"; do
		wait "$pid" || true
	done
	cat crowd.*
}

too_many() {
	grep -qs 'there are too many commands at work' crowd.*
}

has_descriptors() {
	[ "$(find "/proc/$owner/fd/" -type l | wc -l)" -gt "$1" ] || too_many
}

@test "an owner has as many descriptors as the system allows, and a hook script as many as there were" {
	local limit=64
	[ -z "${UNDER_VALGRIND:-}" ] || skip 'valgrind gives as many as there were at its own start'
	"$opencamrc" -q close
	(ulimit -Sn $limit && exec "$opencamrc" --timeout 10m -q open)
	owner=$(owner_pid)
	crowd has_descriptors $limit
	same_text '' "$(cat crowd.*)"
	printf '#!/bin/sh\nulimit -Sn >> limits\n' > hook
	chmod +x hook
	"$opencamrc" capture -q -o shot.jpg --hook-script ./hook
	# In a sandbox it is run by the caller.
	[ -z "${OPENCAMRC_TEST_SANDBOX:-}" ] || limit=$(ulimit -Sn)
	same_text "$limit" "$(sort -u limits)"
	same_owner
}

@test "an owner that may have no more descriptors says that there are too many commands" {
	[ -z "${UNDER_VALGRIND:-}" ] || skip 'valgrind takes a caller, and shuts it, where there is no descriptor for it'
	"$opencamrc" -q close
	(ulimit -n 40 && exec "$opencamrc" --timeout 10m -q open)
	owner=$(owner_pid)
	crowd too_many
	too_many
	same_text '' "$(grep -hv 'the camera cannot be had: there are too many commands at work' crowd.*)"
	"$opencamrc" config get iso
	same_owner
}

# talk KEY PYTHON: a caller that is not ours, on the owner's socket; prints what it is answered.
talk() {
	python3 - "$XDG_RUNTIME_DIR/opencamrc" "$1" <<- 'END'
		import array, glob, os, socket, struct, sys
		folder, version = sys.argv[1:]
		path = [p for p in glob.glob(folder + "/*.sock") if not os.path.islink(p)][0]
		s = socket.socket(socket.AF_UNIX)
		s.connect(path)
		texts = [version, "usbip:x", "opencamrc", "info"]
		rest = struct.pack(">III", 0o22, 2, 0) + b"".join(t.encode() + b"\0" for t in texts)
		fds = array.array("i", [0, 1, 2, os.open(".", os.O_PATH)])
		s.sendmsg([struct.pack(">II", 1, len(rest)) + rest],
			[(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)] if version != "none" else [])
		s.settimeout(20)
		# It is let in first.
		s.recv(8, socket.MSG_WAITALL)
		print(s.recv(4096)[8:].rstrip(b"\0").decode())
	END
}

@test "a caller of another version is refused in one line" {
	command -v python3 > /dev/null || skip 'python3 is not installed'
	answer=$(talk 0.0.0-other)
	[ "$(wc -l <<< "$answer")" = 1 ]
	grep -q 'another version' <<< "$answer"
	"$opencamrc" config get iso
	same_owner
}

@test "whoever speaks another language is no trouble" {
	command -v python3 > /dev/null || skip 'python3 is not installed'
	local what
	for what in 'GET / HTTP/1.0\r\n\r\n' '\xff\xff\xff\xff\xff\xff\xff\xff' '\0\0\0\1\0' ''; do
		# shellcheck disable=SC2059
		printf "$what" | python3 -c '
import glob, os, socket, sys
path = [p for p in glob.glob(sys.argv[1] + "/*.sock") if not os.path.islink(p)][0]
s = socket.socket(socket.AF_UNIX)
s.connect(path)
s.sendall(sys.stdin.buffer.read())' "$XDG_RUNTIME_DIR/opencamrc"
	done
	"$opencamrc" config get iso
	same_owner
}

@test "a command whose caller cannot be told that it is ready keeps nobody from the camera" {
	command -v python3 > /dev/null || skip 'python3 is not installed'
	cat > deaf.py <<- 'END'
		import array, glob, os, signal, socket, struct, sys
		folder, version, key = sys.argv[1:]
		path = [p for p in glob.glob(folder + "/*.sock") if not os.path.islink(p)][0]
		s = socket.socket(socket.AF_UNIX)
		s.connect(path)
		texts = [version, key, "opencamrc", "capture", "--card"]
		# One of several cameras: its release waits for a word of ours.
		rest = struct.pack(">III", 0o22 | 1 << 16, 3, 0) + b"".join(t.encode() + b"\0" for t in texts)
		ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		fds = array.array("i", [0, 1, 2, os.open(".", os.O_PATH), theirs.fileno()])
		s.sendmsg([struct.pack(">II", 1, len(rest)) + rest], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
		# It is let in and has begun; the end is not seen by who reads from us.
		s.recv(8 + 8 + 4, socket.MSG_WAITALL)
		s.shutdown(socket.SHUT_RD)
		print("deaf", flush=True)
		signal.pause()
	END
	version=$("$opencamrc" version | sed -n 's/^opencamrc //p')
	# It is not ready before that.
	kill -STOP "$sim_pid"
	in_background deaf python3 deaf.py "$XDG_RUNTIME_DIR/opencamrc" "$version" "usbip:$sim_address"
	wait_until 20 grep -q deaf deaf.out || { kill -CONT "$sim_pid" && return 1; }
	kill -CONT "$sim_pid"
	"$opencamrc" --wait "$((30 * ${PATIENCE:-1}))s" config get iso
	kill -0 "$background_pid"
	same_owner
}

@test "another user's process is refused, and another user's socket is not trusted" {
	[ "$(id -u)" = 0 ] || skip 'only root can be somebody else here'
	command -v setpriv > /dev/null || skip 'setpriv is not installed'
	command -v python3 > /dev/null || skip 'python3 is not installed'
	[ -x /usr/bin/python3 ] || skip 'there is no python3 that everybody may run'
	local as=(setpriv --reuid 65534 --regid 65534 --clear-groups env PATH=/usr/bin:/bin)
	# The folder keeps him out; here it is opened for him, and the socket too.
	run "${as[@]}" ls "$XDG_RUNTIME_DIR/opencamrc"
	[ "$status" -ne 0 ]
	socket=$(find "$XDG_RUNTIME_DIR/opencamrc" -type s)
	for folder in "$XDG_RUNTIME_DIR/opencamrc" "$XDG_RUNTIME_DIR" "$BATS_TEST_TMPDIR" \
		"$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test"; do
		[ ! -d "$folder" ] || chmod o+x "$folder"
	done
	chmod 777 "$socket"
	cat > connect.py <<- 'END'
		import socket, sys
		s = socket.socket(socket.AF_UNIX)
		s.settimeout(20)
		s.connect(sys.argv[1])
		print("answered" if s.recv(1) else "closed")
	END
	chmod 644 connect.py
	answer=$("${as[@]}" python3 "$BATS_TEST_TMPDIR/connect.py" "$socket" 2>&1) || true
	[[ $answer = closed || $answer = *ConnectionReset* || $answer = *'Permission denied'* ]]
	[[ $answer != *'Permission denied'* ]] || skip 'the folders above keep him out'
	chmod 700 "$XDG_RUNTIME_DIR/opencamrc"
	"$opencamrc" config get iso
	# The other way round: he has made the folder, and listens there.
	mkdir planted
	mkdir planted/opencamrc
	chown -R 65534 planted
	listener=$(basename "$socket")
	(cd planted/opencamrc && exec "${as[@]}" python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen()
print("ready", flush=True)
s.accept()
print("TRUSTED", flush=True)' "$listener") > planted.log 2>&1 3>&- &
	started+=("$!")
	wait_until 20 grep -q ready planted.log
	XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/planted "$opencamrc" --wait 0 config get iso > /dev/null 2>&1 || true
	run grep TRUSTED planted.log
	[ "$status" -ne 0 ]
}
