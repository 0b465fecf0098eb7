# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sourced by the checks of group cross: opencamrc built for what is not this machine, below the build
# folder, where a second run finds what the first one downloaded and built. Prints TAP; where packages
# are missing, or cannot be had, it skips and says so.

foreign_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
foreign_top=$(cd "$foreign_folder/../.." && pwd)
foreign_native=${OPENCAMRC_BUILD:-$foreign_top}
foreign_cache=$foreign_native/tests/.cache/foreign
foreign_name=$(basename "$0")
foreign_build=$foreign_cache/build-$foreign_name
# What its programs are run by; nothing where this machine can.
foreign_runner=()
# shellcheck source=tests/guest/checks.bash
. "$foreign_folder/../guest/checks.bash"

work=$(mktemp -d)
clean_up() {
	stop_all
	rm -rf "$work" "${foreign_drivers:-}"
}
trap clean_up EXIT
trap 'exit 1' INT TERM
# Nothing of the user's own configuration reaches a check.
export HOME=$work XDG_CONFIG_HOME=$work/.config XDG_RUNTIME_DIR=$work/.run
unset OPENCAMRC_REMOTE OPENCAMRC_READ_AHEAD IOLIBS CAMLIBS
# An emulated processor has its own pace.
export OPENCAMRC_TIMEOUT=60s
mkdir "$XDG_RUNTIME_DIR"

skip_all() {
	echo '1..1'
	echo "ok 1 - a client for $foreign_name # skip ${1//$'\n'/; }"
	exit 0
}

# foreign_needs PROGRAM:PACKAGE…: Debian's packages that are not here.
foreign_needs() {
	local pair missing=''
	for pair in "$@"; do
		command -v "${pair%:*}" > /dev/null || missing+=" ${pair##*:}"
	done
	[ -z "$missing" ] || skip_all "not installed:$missing"
	[ -x "$foreign_top/configure" ] || skip_all 'there is no configure: run autoreconf -fi'
	# automake builds outside of such a tree no more.
	[ ! -e "$foreign_top/config.status" ] ||
		skip_all 'the source tree itself is configured: make distclean there, and build in a folder'
}

# foreign_packages WHAT…: as tests/foreign/packages has it, less the folder; prints that.
foreign_packages() {
	local folder=$foreign_cache/$2
	"$foreign_folder/packages" "$@" "$folder" > "$work/packages" 2>&1 ||
		skip_all "packages for $2 cannot be had: $(cat "$work/packages")"
	foreign_unpacked=$folder
}

# foreign_make OPTIONS… -- TARGETS…: configured where that is out of date, warnings being errors.
foreign_make() {
	local options=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	mkdir -p "$foreign_build"
	(
		cd "$foreign_build" || exit
		if [ ! config.status -nt "$foreign_top/configure" ] ||
			[ "${options[*]}" != "$(cat options)" ]; then
			"$foreign_top/configure" -q --enable-werror "${options[@]}" && echo "${options[*]}" > options
		fi && make -s -j2 "$@"
	)
}

# What QEMU's user mode does not do as a kernel does: it receives into twice the room that there is for
# descriptors, and forgets those that do not fit.
foreign_unlike_a_kernel=surplus_descriptors_are_closed

foreign_unit() {
	local said=$work/unit status=0
	CMOCKA_MESSAGE_OUTPUT=TAP timeout -k 5 2400 "${foreign_runner[@]}" \
		"$foreign_build/tests/unit/test-$1" > "$said" 2>&1 < /dev/null || status=$?
	cat "$said"
	[ "$status" -ne 0 ] || return 0
	[ ${#foreign_runner[@]} -gt 0 ] && [ "$status" -eq 1 ] &&
		[ "$(sed -n 's/^not ok [0-9]* - //p' "$said")" = "$foreign_unlike_a_kernel" ]
}

# foreign_units NAME…: one check each.
foreign_units() {
	local name
	for name in "$@"; do
		check "test-$name" foreign_unit "$name"
	done
}
