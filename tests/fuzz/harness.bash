# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The fuzz harnesses: which there are, and how each is built with clang's libFuzzer and sanitizers.
# The caller sets top, the source, and build.
# shellcheck disable=SC2154

# Every harness, by name.
fuzz_names() {
	local file

	for file in "$top"/tests/fuzz/fuzz-*.c; do
		file=${file##*/fuzz-}
		echo "${file%.c}"
	done
}

# Prints the sources that harness $1 is linked with, but for those of src/base/.
fuzz_sources() {
	case $1 in
	address) echo src/usbip/{address,ssh-command}.c ;;
	brightness | picture) echo src/jpeg/*.c ;;
	choice) echo src/camera/choice.c ;;
	client) echo src/usbip/{client,import,stream,urbs,ops,link,resolve,ssh,ssh-command,tcp,address,codec}.c ;;
	codec) echo src/usbip/codec.c ;;
	config) echo src/usbip/{config,address}.c ;;
	descriptor) echo src/iolib/{descriptor,known}.c ;;
	exposure) echo src/cmd/interval-exposure.c ;;
	heard) echo src/usbip/{heard,address}.c ;;
	jpeg) echo src/jpeg/frame.c ;;
	journal | when) echo src/schedule/*.c ;;
	line) echo src/cmd/line.c ;;
	message) echo src/session/message.c ;;
	pattern) echo src/cmd/pattern.c ;;
	profile) echo src/cmd/{profile,io}.c ;;
	select) echo src/cmd/select.c ;;
	server) echo src/usbip/{server,server-connection,codec}.c ;;
	simcam-ptp) printf '%s\n' src/usbip/codec.c src/simcam/*.c | grep -v '/main\.c$' ;;
	sysfs) echo src/usbip/{sysfs,vhci,vhci-record,address}.c ;;
	*) return 1 ;;
	esac
}

# Builds harness $1 as $build/tests/fuzz/fuzz-$1, unless nothing has changed since.
fuzz_build() {
	local sources program=$build/tests/fuzz/fuzz-$1

	sources=$(cd "$top" && fuzz_sources "$1") || {
		echo "tests/fuzz: no harness $1 (there are: $(fuzz_names | paste -sd ' '))" >&2
		return 2
	}
	mkdir -p "$build/tests/fuzz"
	[ ! -e "$program" ] || [ -n "$(find "$top/src" "$top/tests/fuzz" -name '*.[ch]' \
		-newer "$program" -print -quit)" ] || return 0
	# shellcheck disable=SC2086 # words are meant
	(cd "$top" && clang -g -O1 -fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=undefined -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 \
		-DSYSCONFDIR='"/etc"' -Isrc -I"$build" -o "$program" \
		"tests/fuzz/fuzz-$1.c" $sources src/base/*.c \
		-ljpeg -ljson-c -lexif -lpthread -lm)
}

# Runs harness $1 for at most $2 inputs, with more options of libFuzzer behind those. What it learns
# goes to the build; the corpus of the source stays as it is. The log is $build/tests/fuzz/fuzz-$1.log.
fuzz_run() {
	local name=$1 runs=$2 program=$build/tests/fuzz/fuzz-$1 seeds=()

	shift 2
	mkdir -p "$program.corpus"
	[ ! -d "$top/tests/fuzz/corpus-$name" ] || seeds=("$top/tests/fuzz/corpus-$name")
	"$program" -runs="$runs" -max_len=4096 -timeout=10 -rss_limit_mb=1024 -verbosity=0 \
		-print_final_stats=1 -artifact_prefix="$program-" "$@" "$program.corpus" \
		"${seeds[@]}" > "$program.log" 2>&1
}

# What a run that found something says of it.
fuzz_findings() {
	echo "$1: found something, see $build/tests/fuzz/fuzz-$1.log:"
	grep -aE 'ERROR|runtime error|SUMMARY|Test unit written' "$build/tests/fuzz/fuzz-$1.log" |
		head -5
}
