#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What sets itself up, in a folder where somebody has run ./configure before, as the README has it.
# It compiles everything once more, so it is a part of `make soak` alone.

load ../e2e/common
load copy

setup() {
	[ -n "${SOAK:-}" ] || skip 'it takes minutes: SOAK=1'
	isolate_build
}

@test "the demonstration runs in a folder that is configured itself" {
	local tree=$BATS_TEST_TMPDIR/tree
	in_log make -s -C "$build" distdir distdir="$tree"
	cd "$tree"
	in_log ./configure -q
	in_log contrib/demo
	grep -q '^demo: done' log
	[ -x "$tree/build/demo/bin/opencamrc" ]
	[ ! -e "$tree/bin/opencamrc" ]
}
