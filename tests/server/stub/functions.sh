# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034,SC2154,SC2086
# OpenWrt's functions for UCI, as far as the server's scripts use them. The configuration is read
# for real, so a mistake in the file that is installed shows.

# A line each: SECTION TYPE, and SECTION.OPTION VALUE; a list is one line.
config_load() {
	uci_lines=$(awk '
		{ gsub(/\047/, "") }
		$1 == "config" { name = $3 == "" ? "cfg" ++n : $3; print name, $2 }
		$1 == "option" || $1 == "list" {
			key = name "." $2
			value = $0
			sub(/^[ \t]*[a-z]+[ \t]+[a-z0-9_]+[ \t]+/, "", value)
			if (key in values) {
				values[key] = values[key] " " value
				next
			}
			order[++keys] = key
			values[key] = value
		}
		END { for (i = 1; i <= keys; i++) print order[i], values[order[i]] }' "$BOX/etc/config/$1")
}

config_get() {
	local found
	found=$(printf '%s\n' "$uci_lines" | sed -n "s/^$2\\.$3 //p")
	eval "$1=\${found:-\${4:-}}"
}

config_get_bool() {
	local truth
	config_get truth "$2" "$3" "$4"
	case $truth in
	1 | on | true | yes | enabled) eval "$1=1" ;;
	0 | off | false | no | disabled) eval "$1=0" ;;
	*) eval "$1=$4" ;;
	esac
}

config_foreach() {
	local section
	for section in $(printf '%s\n' "$uci_lines" | awk -v type="$2" '$2 == type && $1 !~ /\./ { print $1 }'); do
		"$1" "$section"
	done
}
