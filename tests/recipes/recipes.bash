# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# What the tests of contrib/recipes share: the recipes on the PATH of a user, and when each frame is shown.

# shellcheck source=tests/e2e/common.bash
load ../e2e/common

recipes=$top/contrib/recipes
frame_rate=15

# camera [OPTION…]: one that the recipes find without -r.
camera() {
	isolate
	export PATH=$build/bin:$recipes:$PATH
	mkfifo hand
	start_simcam --control hand --fps "$frame_rate" "$@"
	export OPENCAMRC_REMOTE=$sim_address
}

needs_program() {
	command -v "$1" > /dev/null || skip "$1 is not installed"
}

# "${as_user[@]}" COMMAND…: vlc does not run as root. In a namespace root is a user to itself, and the files stay its own.
as_user=()
[ "$(id -u)" -ne 0 ] || as_user=(unshare --user --map-user=1000 --map-group=1000 --)

needs_a_user() {
	"${as_user[@]}" true 2> /dev/null || skip 'no user namespaces here'
}

# times_of FILE [OPTION OF ffmpeg…]: a line for each frame, the milliseconds at which it is shown and simcam's counter.
times_of() {
	local frames file
	frames=$(mktemp -d frames.XXXXXX)
	ffmpeg -v error "${@:2}" -i "$1" -fps_mode passthrough -vf settb=1/1000 -enc_time_base 1:1000 -frame_pts 1 \
		-q:v 2 "$frames/%09d.jpg" || return 1
	# One after the other is too slow to be worth it.
	paste <(for file in "$frames"/*; do basename "$file" .jpg; done) <("$frame_counter" "$frames"/*)
	rm -r "$frames"
}

# in_time FILE [again]: of lines as times_of prints them: frames are shown when they were seen, within a third of a
# second; where a machine is busy one in ten may have come late. Prints frames and seconds. Video of constant rate may
# have a frame again.
in_time() {
	awk -v rate="$frame_rate" '$2 ~ /^[0-9]+$/ { print $1 / 1000 - $2 / rate }' "$1" | sort -g > offs
	awk -v rate="$frame_rate" -v again="${2:-}" -v usual="$(sed -n "$(($(wc -l < offs) / 2 + 1))p" offs)" '
		$2 !~ /^[0-9]+$/ { print "no counter: " $0; bad = 1; next }
		n && ($2 < counter || $2 == counter && !again) { print "not newer: " $0; bad = 1 }
		!n++ { first = $1 }
		{ off = $1 / 1000 - $2 / rate - usual; counter = $2; last = $1 }
		off > 1 / 3 || off < -1 / 3 { late++; printf "frame %d is off by %.3f s\n", n, off }
		END {
			printf "%d frames in %.2f s\n", n, (last - first) / 1000
			exit bad || !n || late > (n < 20 ? 2 : n / 10)
		}' "$1"
}

# longest_pause FILE: of such lines, in milliseconds.
longest_pause() {
	awk 'NR > 1 && $1 - last > most { most = $1 - last } { last = $1 } END { print most + 0 }' "$1"
}

# rising FILE [NUMBER]: simcam's counters, one a line, never fall, and so many of them are different: 3 if not given.
rising() {
	sort -cn "$1" && [ "$(sort -u "$1" | wc -l)" -ge "${2:-3}" ]
}

# Of what listens on loopback: `free_port` prints one that nobody has now.
free_port() {
	"$simcam" --listen 127.0.0.1:0 > port.log 2>&1 3>&- &
	local pid=$!
	listening_address port.log | sed 's/.*://'
	kill $pid
	wait $pid || true
}
