# SPDX-License-Identifier: GPL-2.0-or-later
# What the benches share: a simulated camera, a slow link, pairs of runs, medians, tables.
# shellcheck shell=bash disable=SC2034

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${OPENCAMRC_BUILD:-$top}
opencamrc=$build/bin/opencamrc
pairs=${PAIRS:-3}
work=$(mktemp -d)
# shellcheck source=tests/processes.bash
. "$top/tests/processes.bash"

# Nothing of the user's own configuration reaches a bench.
export HOME=$work XDG_CONFIG_HOME=$work/.config XDG_RUNTIME_DIR=$work/.run
mkdir -p "$XDG_CONFIG_HOME" "$XDG_RUNTIME_DIR"
unset OPENCAMRC_REMOTE OPENCAMRC_TIMEOUT OPENCAMRC_READ_AHEAD IOLIBS CAMLIBS

give_up() {
	echo "$(basename "$0"): $*" >&2
	exit 1
}

[ -x "$build/tests/bench/usage" ] ||
	give_up "nothing is built in $build (make check-programs)"

bench_ends=()
finish() {
	local step
	for step in "${bench_ends[@]}"; do
		"$step"
	done
	stop_all
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# start_server PROGRAM OPTIONS…: one that says "listening on ADDR:PORT"; sets address and server_pid.
start_server() {
	server_log=$work/server-${#started[@]}.log
	start_listening "$server_log" "$@" || give_up "$1 does not start"
	server_pid=$listening_pid address=$listening_at
}

# start_simcam OPTIONS…: sets camera (ADDR:PORT) and camera_pid.
start_simcam() {
	start_server "$build/bin/opencamrc-simcam" --listen 127.0.0.1:0 --quiet "$@"
	camera=$address camera_pid=$server_pid
}

# start_link ROUND_TRIP_MS OPTIONS…: a slow link to the camera; sets remote.
start_link() {
	local delay
	delay=$(calc "$1 / 2")
	start_server "$build/tests/proxy/slow-link" --listen 127.0.0.1:0 --to "$camera" \
		--delay "${delay%.*}" "${@:2}"
	remote=$address
}

# Stock gphoto2 through our port driver, at the camera at $remote.
driver_gphoto2() {
	IOLIBS=$build/lib/opencamrc/iolibs gphoto2 --port "usbip:$remote" --quiet "$@"
}

# The folder of libgphoto2's drivers.
gphoto2_camlibs() {
	pkg-config --variable=driverdir libgphoto2
}

calc() {
	awk "BEGIN { printf \"%.6g\", ($1) }"
}

# The median, and the largest, of the numbers on stdin.
median() {
	sort -g | awk '{ v[NR] = $1 }
		END { if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}
largest() {
	sort -g | tail -n 1
}

# in_pairs NAME…: calls each function NAME $pairs times, in turns; what they print, numbers, is in
# $work/NAME afterwards, and its median is what `of NAME` prints.
in_pairs() {
	local pair name
	for name in "$@"; do
		: > "$work/$name"
	done
	for ((pair = 0; pair < pairs; pair++)); do
		for name in "$@"; do
			"$name" >> "$work/$name" || give_up "$name failed"
		done
	done
}
of() {
	median < "$work/$1"
}

# table WIDTH TITLE COLUMN…: a heading; row LABEL CELL… its lines.
table() {
	local column
	table_width=$1
	printf '\n%s\n\n' "$2"
	printf '%-*s' "$table_width" ''
	for column in "${@:3}"; do
		printf ' %12s' "$column"
	done
	printf '\n'
}
row() {
	local cell
	printf '%-*s' "$table_width" "$1"
	for cell in "${@:2}"; do
		printf ' %12s' "$cell"
	done
	printf '\n'
}
# number DIGITS EXPRESSION: as a cell.
number() {
	awk "BEGIN { printf \"%.$1f\", ($2) }" 2> /dev/null || echo -
}
