#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Debian packages, made of an archive: no complaint of lintian's, and what they install takes pictures.
# It compiles everything once more, so it is a part of `make soak` alone.

load ../e2e/common
load copy

setup_file() {
	export packages=$BATS_FILE_TMPDIR/packages
}

setup() {
	[ -n "${SOAK:-}" ] || skip 'it takes minutes: SOAK=1'
	command -v dh lintian > /dev/null || skip 'debhelper and lintian are not installed'
	isolate_build
	grep -q '^install-server:' "$build/Makefile" || skip 'there is no install-server yet'
}

teardown() {
	stop_all
}

# installed COMMAND…: where /usr has what is in the packages as well.
installed() {
	unshare -mr sh -c 'mount -t overlay overlay -o "lowerdir=$1/usr:/usr" /usr && shift && exec "$@"' \
		sh "$BATS_FILE_TMPDIR/root" "$@"
}

@test "an archive becomes three packages, source included, and lintian is silent" {
	local package
	configured
	cd "$copy"
	in_log make -s dist
	export DEB_BUILD_OPTIONS="nocheck parallel=2"
	in_log "$top/contrib/deb" opencamrc-*.tar.xz "$packages"
	for package in opencamrc opencamrc-server opencamrc-simcam; do
		dpkg-deb -x "$packages/$package"_*.deb "$BATS_FILE_TMPDIR/root"
	done
	cd "$packages"
	lintian --allow-root --fail-on error,warning ./*.changes > lintian.log 2>&1 || {
		cat lintian.log >&2
		return 1
	}
	! grep "^[EW]:" lintian.log || return 1
}

@test "what is installed finds its driver, and gphoto2 finds it as well" {
	[ -d "$BATS_FILE_TMPDIR/root/usr" ]
	installed true || skip 'no overlay can be mounted here'
	simcam=$BATS_FILE_TMPDIR/root/usr/bin/opencamrc-simcam
	start_simcam
	installed opencamrc -r "$sim_address" capture -o shot.jpg
	is_jpeg shot.jpg
	installed gphoto2 --port "usbip:$sim_address" --summary > out
	grep -q 'Canon EOS 1200D' out
}

@test "the server's script is there, with its parts and its service" {
	local root=$BATS_FILE_TMPDIR/root
	[ -d "$root/usr" ]
	"$root/usr/sbin/opencamrc-server" help > out 2>&1 || true
	[ -s out ]
	[ -e "$root/usr/lib/systemd/system/opencamrc-server.service" ]
	[ -e "$root/etc/opencamrc-server.conf" ]
}
