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
	choice) echo src/camera/{choice,names}.c ;;
	client) echo src/usbip/{client,import,stream,urbs,ops,link,resolve,ssh,ssh-command,tcp,address,codec}.c ;;
	codec) echo src/usbip/codec.c ;;
	config) echo src/usbip/{config,address}.c ;;
	descriptor) echo src/iolib/{descriptor,known}.c ;;
	exposure) echo src/cmd/interval-exposure.c ;;
	heard) echo src/usbip/{heard,address}.c ;;
	jpeg) echo src/jpeg/frame.c ;;
	journal | when) echo src/schedule/*.c ;;
	line) echo src/cmd/line.c ;;
	errand) echo src/session/{errand,passing}.c src/cmd/grant.c src/cmd/pattern.c ;;
	message) echo src/session/message.c ;;
	ops) echo src/usbip/{ops,link,resolve,ssh,ssh-command,tcp,address,codec}.c ;;
	pattern) echo src/cmd/pattern.c ;;
	profile) echo src/cmd/{profile,io}.c src/session/{errand,passing}.c ;;
	select) echo src/cmd/select.c ;;
	server) echo src/usbip/{server,server-connection,codec}.c ;;
	simcam-ptp) printf '%s\n' src/usbip/codec.c src/simcam/*.c | grep -v '/main\.c$' ;;
	sysfs) echo src/usbip/{sysfs,vhci,vhci-record,address}.c ;;
	*) return 1 ;;
	esac
}

# What every file is compiled with, and harnesses are linked with.
fuzz_cflags=(-g -O2 '-fsanitize=address,undefined' -fno-sanitize-recover=undefined -std=gnu11
	-D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DSERVER_MAX_POSTED=262144 "-DSYSCONFDIR=\"/etc\"" -Isrc)

# What millions of runs go without: each of these checks is a comparison that libFuzzer traces as if
# the program had made it, which takes as long as all the rest. A second program has them.
fuzz_fast=(-DFUZZ_FAST -fsanitize=fuzzer-no-link '-fno-sanitize=null,object-size,pointer-overflow,alignment')

# A small quarantine stays in the processor's cache, and a short stack with each piece of memory is
# soon noted down; of a leak without two of its callers nothing would be said.
fuzz_asan=quarantine_size_mb=1:thread_local_quarantine_size_kb=64:malloc_context_size=2
fuzz_asan+=:max_malloc_fill_size=256

# Compiles source $1 for the programs of kind $2 (fast, full) unless nothing has changed since; prints
# the object's name.
fuzz_compile() {
	local object=$build/tests/fuzz/$2/${1//\//-} flags=()

	object=${object%.c}.o
	echo "$object"
	[ ! -e "$object" ] || [ -n "$(find "$1" src tests/fuzz/*.{h,bash} \
		\( -path "$1" -o -name '*.h' -o -name harness.bash \) -newer "$object" -print -quit)" ] ||
		return 0
	[ "$2" = full ] || flags=("${fuzz_fast[@]}")
	case $2/$1 in
	# The harness itself says what is compared there: an operation, a property, a handle.
	fast/src/simcam/*) flags+=(-fno-sanitize-coverage=trace-cmp) ;;
	# What compares here counts pixels; the bytes of the file are frame.c's, and libjpeg's.
	fast/src/jpeg/frame.c) ;;
	fast/src/jpeg/*) flags+=(-fno-sanitize-coverage=trace-cmp) ;;
	esac
	clang "${fuzz_cflags[@]}" "${flags[@]}" -I"$build" -c -o "$object" "$1"
}

# Links harness $1 as $3 from the sources behind those, compiled for kind $2, unless it is new enough.
fuzz_link() {
	local name=$1 kind=$2 program=$3 source objects=()

	shift 3
	mkdir -p "$build/tests/fuzz/$kind"
	for source in "tests/fuzz/fuzz-$name.c" "$@" src/base/*.c; do
		objects+=("$(fuzz_compile "$source" "$kind")") || return
	done
	[ ! -e "$program" ] || [ -n "$(find "${objects[@]}" -newer "$program" -print -quit)" ] ||
		return 0
	clang "${fuzz_cflags[@]}" -fsanitize=fuzzer -o "$program" "${objects[@]}" \
		-ljpeg -ljson-c -lexif -lpthread -lm
}

# Builds harness $1 as $build/tests/fuzz/fuzz-$1, and fuzz-$1-full beside it, which has every check.
fuzz_build() {
	local program=$build/tests/fuzz/fuzz-$1

	(
		cd "$top" || exit
		sources=$(fuzz_sources "$1") || {
			echo "tests/fuzz: no harness $1 (there are: $(fuzz_names | paste -sd ' '))" >&2
			exit 2
		}
		# shellcheck disable=SC2086 # words are meant
		fuzz_link "$1" fast "$program" $sources && fuzz_link "$1" full "$program-full" $sources
	)
}

# How long inputs of harness $1 are at most: what is longer takes its time and says the same again.
fuzz_len() {
	case $1 in
	simcam-ptp | when) echo 128 ;;
	address | choice | heard | line | pattern | select) echo 256 ;;
	client | codec | config | descriptor | profile | server | sysfs) echo 512 ;;
	journal | ops | picture) echo 768 ;;
	*) echo 1024 ;;
	esac
}

# Runs harness $1 for at most $2 inputs, with more options of libFuzzer behind those, and then over all
# that it has learnt with every check. That goes to the build; the corpus of the source stays as it is.
# The log is $build/tests/fuzz/fuzz-$1.log.
fuzz_run() {
	local name=$1 runs=$2 program=$build/tests/fuzz/fuzz-$1 seeds=()

	shift 2
	mkdir -p "$program.corpus"
	[ ! -d "$top/tests/fuzz/corpus-$name" ] || seeds=("$top/tests/fuzz/corpus-$name")
	ASAN_OPTIONS=$fuzz_asan:${ASAN_OPTIONS:-} \
		LSAN_OPTIONS=suppressions=$top/tests/fuzz/leaks:print_suppressions=0 \
		"$program" -runs="$runs" -max_len="$(fuzz_len "$name")" -timeout=10 -rss_limit_mb=1024 \
		-reload=0 -verbosity=0 -print_final_stats=1 -artifact_prefix="$program-" "$@" \
		"$program.corpus" "${seeds[@]}" > "$program.log" 2>&1 &&
		"$program-full" -runs=0 -timeout=60 -rss_limit_mb=1024 -artifact_prefix="$program-" \
			"$program.corpus" "${seeds[@]}" > "$program-full.log" 2>&1
}

# What a run that found something says of it.
fuzz_findings() {
	local program=$build/tests/fuzz/fuzz-$1

	echo "$1: found something, see $program.log and $program-full.log; $program-full FILE repeats it:"
	grep -ahE 'ERROR|runtime error|SUMMARY|Test unit written' "$program.log" "$program-full.log" |
		head -5
}
