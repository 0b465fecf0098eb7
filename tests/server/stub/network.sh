# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# OpenWrt's functions for networks: there is one, lan.

network_get_subnets() { [ "$2" = lan ] && eval "$1=192.168.1.1/24"; }
network_get_subnets6() { [ "$2" = lan ] && eval "$1=fd00:1::1/60"; }
