#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What is installed is taken away again, and what is in git is in the archive.

load ../e2e/common
load copy

setup() {
	isolate_build
	root=$BATS_TEST_TMPDIR/root
}

# files FOLDER: all that is no folder, by name.
files() {
	(cd "$1" && find . ! -type d | sed 's,^\./,,' | sort)
}

@test "uninstall leaves no file and no folder of ours, in libgphoto2's folder neither" {
	configured --prefix=/usr --with-system-iolibdir
	cd "$copy"
	in_log make install DESTDIR="$root"
	files "$root" > installed
	for name in usr/bin/opencamrc usr/bin/opencamrc-simcam usr/lib/opencamrc/iolibs/usbip.so \
		usr/share/man/man1/opencamrc.1; do
		grep -qx "$name" installed
	done
	grep -Eqx '.*/libgphoto2_port/[0-9.]+/usbip\.so' installed
	! grep '\.la$' installed || return 1
	"$root/usr/bin/opencamrc" version > out
	in_log make uninstall DESTDIR="$root"
	same_text '' "$(files "$root")"
	same_text '' "$(find "$root" -name '*opencamrc*')"
}

@test "uninstall-server leaves nothing but the configuration" {
	grep -q '^install-server:' "$build/Makefile" || skip 'there is no install-server'
	cd "$build"
	in_log make install-server DESTDIR="$root" prefix=/usr sysconfdir=/etc
	[ "$(files "$root" | wc -l)" -gt 3 ]
	in_log make uninstall-server DESTDIR="$root" prefix=/usr sysconfdir=/etc
	same_text '' "$(files "$root" | grep -v '^etc/')"
}

@test "an archive has every file of the tree, also where parts were left out of the build" {
	[ -e "$top/.git" ] && git -C "$top" rev-parse -q --verify HEAD > /dev/null 2>&1 ||
		skip 'this is no checkout of git'
	configured --disable-attach --disable-webcam --disable-simcam --without-libedit --without-mdns \
		--without-libexif --without-cmocka
	cd "$copy"
	in_log make -s distdir distdir=archive
	git -C "$top" ls-files -co --exclude-standard | grep -vE '(^|/)\.(gitignore|keep)$' | sort > expected
	files archive > got
	same_text '' "$(comm -23 expected got)"
	# What the tools make, and nothing else.
	same_text '' "$(comm -13 expected got |
		grep -vE '^(Makefile\.in|aclocal\.m4|config\.h\.in|configure|build-aux/[a-z.-]+|m4/[a-z~]+\.m4)$')"
}
