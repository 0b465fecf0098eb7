# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC1090
# Sourced by contrib/demo and contrib/check: installs what is missing, configures and builds.
# Sets top (the source tree, or what was copied of it) and build (where it was built).

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
program=$(basename "$0")

build_packages=(build-essential autoconf automake pkg-config libgphoto2-dev libpopt-dev
	libjpeg62-turbo-dev libjson-c-dev libexif-dev libedit-dev libavahi-core-dev libseccomp-dev)
demo_packages=(ffmpeg)
check_packages=(ffmpeg gphoto2 bats libcmocka-dev dcraw libimage-exiftool-perl libjpeg-turbo-progs mandoc shellcheck
	clang-format qemu-system-x86 busybox-static usbip cpio xz-utils udev kmod iproute2 locales libgphoto2-l10n
	valgrind jq v4l-utils avahi-daemon openssh-client openssh-server dropbear-bin libnss-wrapper
	procps bsdextrautils strace gcc-s390x-linux-gnu gcc-arm-linux-gnueabihf qemu-user musl-tools
	zsh fish vlc-bin vlc-plugin-base mosquitto mosquitto-clients rsync
	mpv motion socat curl openssl chromium chromium-driver)

fedora_packages='gcc make autoconf automake pkgconf-pkg-config libgphoto2-devel popt-devel
libjpeg-turbo-devel json-c-devel libexif-devel libedit-devel avahi-devel libseccomp-devel ffmpeg'
arch_packages='base-devel libgphoto2 popt libjpeg-turbo json-c libexif libedit avahi libseccomp ffmpeg'
suse_packages='gcc make autoconf automake pkg-config libgphoto2-devel popt-devel
libjpeg8-devel libjson-c-devel libexif-devel libedit-devel libavahi-devel libseccomp-devel ffmpeg'

say() {
	printf '%s: %s\n' "$program" "$*"
}

# What somebody on another system has to install, in the words of that system.
name_packages() {
	local id=$1 like=$2
	case " $id $like " in
	*' fedora '* | *' rhel '*) say "install first: dnf install ${fedora_packages//$'\n'/ }" ;;
	*' arch '*) say "install first: pacman -S ${arch_packages//$'\n'/ }" ;;
	*' suse '*) say "install first: zypper install ${suse_packages//$'\n'/ }" ;;
	*) say "install first what Debian calls: ${packages[*]}" ;;
	esac
}

missing_packages() {
	local package
	for package in "${packages[@]}"; do
		dpkg-query -W -f '${db:Status-Status}\n' "$package" 2> /dev/null |
			grep -qx installed || printf '%s\n' "$package"
	done
}

# The tests run a server of their own, on loopback: a package that is new here is not to open this
# machine to the network, now or at its next start.
keep_shut() {
	local pair
	[ -d /run/systemd/system ] || return 0
	for pair in openssh-server:ssh motion:motion; do
		[[ " ${missing[*]} " != *" ${pair%:*} "* ]] ||
			"${as_root[@]}" systemctl -q disable --now "${pair#*:}.service"
	done
}

# Installs the packages named that are missing: needs root only then.
install_packages() {
	local packages=("$@") missing as_root=() id='' like='' version=''
	# The variable lets a test play another system.
	local release=${OS_RELEASE:-/etc/os-release}
	if [ -r "$release" ]; then
		id=$(. "$release" && echo "${ID:-}")
		like=$(. "$release" && echo "${ID_LIKE:-}")
		version=$(. "$release" && echo "${VERSION_ID:-}")
	fi
	if [ "$id $version" != 'debian 12' ]; then
		say "this sets itself up on Debian 12 only; here (${id:-unknown} $version) it does not guess"
		name_packages "$id" "$like"
		say "then: autoreconf -fi && ./configure && make"
		exit 2
	fi
	mapfile -t missing < <(missing_packages)
	[ ${#missing[@]} -gt 0 ] || return 0
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo > /dev/null || {
			say "run this as root: packages have to be installed: ${missing[*]}"
			exit 2
		}
		as_root=(sudo)
	fi
	say "installing from Debian: ${missing[*]}"
	"${as_root[@]}" apt-get update -qq
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
		--no-install-recommends "${missing[@]}" > /dev/null
	keep_shut
}

# build_in FOLDER TARGET [CONFIGURE OPTIONS]: below the source tree; only what is out of date.
build_in() {
	local target=$2
	build=$top/$1
	mkdir -p "$build"
	# A tree that is configured itself can have no second build: that one is made of what a release has in it.
	if [ -e "$top/config.status" ]; then
		say "this folder is configured itself: copying the sources to $top/build/source"
		run_quietly make -s -C "$top" distdir distdir=build/source
		top=$top/build/source
	fi
	# What was built of other sources is of no use.
	if [ -e "$build/Makefile" ] &&
		[ ! "$(sed -n 's/^abs_top_srcdir = //p' "$build/Makefile")" -ef "$top" ]; then
		rm -rf "$build"
		mkdir "$build"
	fi
	if [ ! -x "$top/configure" ] || [ "$top/configure.ac" -nt "$top/configure" ] ||
		[ ! -e "$top/Makefile.in" ]; then
		say "running autoreconf"
		(cd "$top" && autoreconf -fi > /dev/null 2> "$top/autoreconf.log") || {
			cat "$top/autoreconf.log" >&2
			exit 1
		}
		rm -f "$top/autoreconf.log"
	fi
	if [ ! -e "$build/config.status" ] || [ "$top/configure" -nt "$build/config.status" ]; then
		say "configuring in $build"
		(cd "$build" && run_quietly "$top/configure" -q "${@:3}")
	fi
	say "building in $build"
	run_quietly make -C "$build" -j"$(nproc)" "$target"
}

# Runs a command with its words in a log, which is shown where it fails; a count where somebody looks.
run_quietly() {
	local line steps=0 log=$build/setup.log
	if "$@" 2>&1 | tee "$log" | while IFS= read -r line; do
		[[ $line == *'  CC'* ]] && [ -t 1 ] || continue
		steps=$((steps + 1))
		printf '\r%s: %d files done ' "$program" "$steps"
	done; then
		if [ -t 1 ]; then printf '\r\033[K'; fi
		return 0
	fi
	printf '\n'
	cat "$log" >&2
	say "this failed: $*; the log is $log"
	exit 1
}
