#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# contrib/recipes/serve-view: a real browser shows the moving picture, as many as come, and nothing that is sent does harm.

load recipes
load browser
load served

setup() {
	needs_program socat
	needs_program curl
	camera
}

teardown() {
	end_browser
	end_serving
	stop_all
}

# watch NAME [OPTION OF curl…]: in the background, the frames into NAME.parts.
watch() {
	curl -sS --no-buffer -o "$1.parts" "${@:2}" "$url/live.mjpeg" 3>&- &
	started+=($!)
}

# So many parts have come there.
has_frames() {
	[ "$(grep -ac '^--opencamrc' "$1.parts")" -gt "$2" ]
}

# first_counters NAME NUMBER: of the frames that came there first, one a line.
first_counters() {
	ffmpeg -v quiet -y -f mpjpeg -i "$1.parts" -frames:v "$2" -c copy -f mjpeg "$1.mjpeg" || true
	"$frame_counter" "$1.mjpeg"
}

# It shows a frame that is newer than the last one that was looked at.
shows_newer() {
	local counter
	counter=$(counter_shown) && [ "$counter" -gt "${seen:-0}" ] && seen=$counter
}

says_away() {
	[ "$(evaluate 'return note.textContent')" = 'The camera is away.' ]
}

@test "a browser shows the moving picture, says when the camera is away, and goes on when it is back" {
	start_browser
	serve
	visit "$url/"
	wait_until 30 shows_newer
	cp shown.png first.png
	watch beside
	wait_until 30 shows_newer
	! cmp -s shown.png first.png
	wait_until 30 has_frames beside 3
	hand off
	wait_until 30 says_away
	hand on
	wait_until 30 shows_newer
	wait_until 30 shows_newer
	# Every stream breaks off, as when what serves it is started anew.
	mapfile -t answering < <(pgrep -P "$server")
	pkill -KILL -P "$(IFS=, && echo "${answering[*]}")"
	wait_until 30 shows_newer
	wait_until 30 shows_newer
	# The picture alone, as it is put into another page.
	visit "$url/live.mjpeg"
	wait_until 30 shows_newer
	wait_until 30 shows_newer
}

@test "many watch at once, and who does not read, or goes away, is no trouble to the others" {
	serve
	# One asks and reads nothing.
	exec 5<> "/dev/tcp/127.0.0.1/${url##*:}"
	printf 'GET /live.mjpeg HTTP/1.1\r\nHost: localhost\r\n\r\n' >&5
	for i in 1 2 3 4 5 6; do
		watch "view-$i"
	done
	watch short --max-time 1
	for i in 1 2 3 4 5 6; do
		wait_until 30 has_frames "view-$i" 10
		first_counters "view-$i" 10 > counters
		rising counters 10
	done
	exec 5>&-
	watch late
	wait_until 30 has_frames late 5
}

@test "a still picture is one whole frame, of the length that the answer says" {
	serve
	curl -sS -D head -o still.jpg "$url/still.jpg"
	is_jpeg still.jpg 1056x704
	grep -q '^HTTP/1.1 200 OK' head
	same_text "$(stat -c %s still.jpg)" "$(sed -nE 's/^Content-Length: ([0-9]+)\r$/\1/p' head)"
	serve -- --scale 1/2
	curl -sS -o small.jpg "$url/still.jpg"
	is_jpeg small.jpg 528x352
}

@test "without a camera the answer says so, and to ask again" {
	serve -r 127.0.0.1:1
	curl -sS -D head -o text "$url/live.mjpeg"
	grep -q '^HTTP/1.1 503 ' head
	grep -q '^Retry-After: 2' head
	same_text 'The camera cannot be reached now' "$(cat text)"
	# Where it is, is told to who runs this, not to who watches.
	grep -q 'nothing listens there' served.log
	same_text 200 "$(curl -sS -o /dev/null -w '%{http_code}' "$url/")"
}

# status_of TEXT: what is answered to those bytes, as printf has them.
status_of() {
	# shellcheck disable=SC2059
	printf "$1" | serve-view 2> err | sed -n '1s/^HTTP\/1.1 \([0-9]*\) .*\r$/\1/p;q'
}

@test "a request that is none, or for what is not there, is refused in a line" {
	same_text 200 "$(status_of 'GET / HTTP/1.1\r\nHost: localhost:8080\r\n\r\n')"
	same_text 200 "$(status_of 'GET / HTTP/1.1\r\nhost: 192.168.1.5\r\n\r\n')"
	same_text 200 "$(status_of 'GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n')"
	same_text 200 "$(status_of "HEAD /?x=1 HTTP/1.0\nHost: $HOSTNAME\n\n")"
	same_text 404 "$(status_of 'GET /../../etc/passwd HTTP/1.1\r\n\r\n')"
	same_text 404 "$(status_of 'GET /$(touch${IFS}got) HTTP/1.1\r\n\r\n')"
	same_text 405 "$(status_of 'POST / HTTP/1.1\r\n\r\n')"
	same_text 400 "$(status_of 'hello\r\n\r\n')"
	same_text 400 "$(status_of 'GET http://elsewhere/ HTTP/1.1\r\n\r\n')"
	same_text 400 "$(status_of '\x16\x03\x01\x02\x00\n')"
	# A page of somebody else's, whose name was made to point here.
	same_text 403 "$(status_of 'GET /still.jpg HTTP/1.1\r\nHost: evil.example\r\n\r\n')"
	same_text 403 "$(status_of 'GET /still.jpg HTTP/1.1\r\nHost: localhost\r\nHost: 127.0.0.1.evil.example:80\r\n\r\n')"
	[ ! -e got ]
}

@test "noise, endless heads and slow ones do no harm, and others are answered meanwhile" {
	serve
	head -c 300000 /dev/urandom > noise
	head -c 300000 /dev/zero | tr '\0' A > endless
	{
		printf 'GET / HTTP/1.1\r\n'
		yes 'X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' | head -n 6000
	} > head-of-many
	for file in noise endless head-of-many; do
		status=0
		serve-view < "$file" > answer 2> err || status=$?
		same_text 1 "$status"
		same_text '' "$(cat err)"
		head -n 1 answer | grep -qE '^HTTP/1.1 4(00|31) '
		socat -u "FILE:$file" "TCP:127.0.0.1:${url##*:}" 2> /dev/null || true
	done
	# A letter at a time; the end comes by the clock, 10 s from the start.
	begun=$SECONDS
	(
		printf 'GET / HT'
		while sleep 0.3; do printf x || exit 0; done
	) 2> /dev/null | serve-view > slow 2> err &
	slow=$!
	same_text 200 "$(curl -sS -o page -w '%{http_code}' "$url/")"
	wait_until 30 grep -q 'HTTP/1.1 408' slow
	[ $((SECONDS - begun)) -ge 9 ]
	wait $slow || true
	grep -q '</script>' page
}

@test "systemd's socket serves in the same way, and closes behind each" {
	activate=$(command -v systemd-socket-activate) || skip 'systemd-socket-activate is not installed'
	port=$(free_port)
	"$activate" --accept --inetd -l "127.0.0.1:$port" -E PATH -E OPENCAMRC_REMOTE -E HOME -E XDG_RUNTIME_DIR \
		"$recipes/serve-view" > activated.log 2>&1 3>&- &
	started+=($!)
	url=http://127.0.0.1:$port
	wait_until 10 curl -sS -o page "$url/"
	grep -q '</script>' page
	curl -sS -o still.jpg "$url/still.jpg"
	is_jpeg still.jpg
	watch view
	wait_until 60 has_frames view 5
}

@test "wrong usage is told in a line" {
	run_error 2 '--often is none of its options' serve-view --often
	run_error 2 'needs a value' serve-view --name
	serve-view --help > help
	grep -q '^Usage: serve-view ' help
}
