#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# Run by OpenWrt's own test of a package, in a root file system where it is installed: test.sh PACKAGE VERSION.

[ "$1" = opencamrc-server ] || exit 0
opencamrc-server --help | grep -q release || exit 1
# No USB in there: nothing is plugged in, and the service is off.
[ -z "$(opencamrc-server list)" ] || exit 1
opencamrc-server status | grep -q '^service: off'
