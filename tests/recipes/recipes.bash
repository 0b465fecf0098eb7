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

# in_time FILE [again]: of lines as times_of prints them: frames are shown when they were seen. On a busy machine some
# come late, and others behind them do not; where times are counted they are wrong from some frame on. So wherever the
# file is cut in two, of 1.5 s each at least, the quickest frame of both parts took as long, within a third of a second.
# Prints frames and seconds. Video of constant rate may have a frame again.
in_time() {
	awk -v rate="$frame_rate" -v again="${2:-}" '
		$2 !~ /^[0-9]+$/ { print "no counter: " $0; bad = 1; next }
		n && ($2 < counter || $2 == counter && !again) { print "not newer: " $0; bad = 1 }
		{
			at[++n] = $1 / 1000
			off[n] = $1 / 1000 - $2 / rate
			counter = $2
		}
		END {
			for (i = n; i > 0; i--)
				quickest[i] = i < n && quickest[i + 1] < off[i] ? quickest[i + 1] : off[i]
			for (i = 1; i < n; i++) {
				before = i > 1 && before < off[i] ? before : off[i]
				change = quickest[i + 1] - before
				if (i >= 5 && n - i >= 5 && at[i] - at[1] >= 1.5 && at[n] - at[i + 1] >= 1.5 &&
					(change > 1 / 3 || change < -1 / 3)) {
					printf "behind frame %d all are off by %.3f s\n", i, change
					bad = 1
				}
			}
			printf "%d frames in %.2f s\n", n, at[n] - at[1]
			exit bad || !n
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

# A port of loopback that nobody has now, below those that the kernel gives out.
free_port() {
	local port
	while :; do
		port=$((10000 + (RANDOM * 32768 + RANDOM) % 20000))
		(: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null || break
	done
	echo "$port"
}
