# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# What the tests of the build share: a copy of the build under test, configured in another way.

# Skips where there can be none.
isolate_build() {
	[ "$(cd "$build" && pwd)" != "$top" ] ||
		skip 'it was built in the source tree, where no second build can be'
	isolate
}

# configured OPTION…: sets copy, a folder with what the build under test has compiled already.
configured() {
	local from
	copy=$BATS_TEST_TMPDIR/build
	rm -rf "$copy"
	mkdir "$copy"
	tar -C "$build" -cf - --exclude=./tests --exclude='./build*' --exclude=./config.status . |
		tar -C "$copy" -xf -
	# An object is good as it is, but for what reads a config.h that has changed.
	from=$(sed -n 's/^srcdir = //p' "$build/Makefile" | sed 's/[.]/\\./g')
	find "$copy" -name '*.P*o' -exec sed -i -E "s#(^| )$from/#\\1$top/#g" {} +
	(cd "$copy" && in_log "$top/configure" -q --enable-werror \
		--cache-file="$BATS_FILE_TMPDIR/config.cache" "$@")
}

# in_log COMMAND…: what it said is in the file log, and shown where it failed.
in_log() {
	"$@" > log 2>&1 || {
		tail -30 log >&2
		return 1
	}
}
