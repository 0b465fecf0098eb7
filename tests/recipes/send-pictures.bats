#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# contrib/recipes/send-pictures with the real rsync, to a folder and to a daemon whose connection breaks.

load ../e2e/common

send=$BATS_TEST_DIRNAME/../../contrib/recipes/send-pictures

setup() {
	isolate
	mkdir garden nas
}

teardown() {
	stop_all
}

# An rsync daemon without a port: rsync starts what RSYNC_CONNECT_PROG says, a socket its stdin. The first
# BREAKS connections end once a megabyte of a picture is there.
start_daemon() {
	printf '%s\n' 'use chroot = no' "uid = $(id -u)" "gid = $(id -g)" '[nas]' "path = $PWD/nas" \
		'read only = no' > rsyncd.conf
	echo "${1:-0}" > breaks
	cat > connect <<- 'END'
		#!/bin/bash
		if [ "$(cat breaks)" -gt 0 ]; then
			echo "$(($(cat breaks) - 1))" > breaks
			{
				until find nas -name '.big*' -size +1M | grep -q .; do
					kill -0 $$ || exit
					sleep 0.02
				done
				find nas -type f ! -path '*/.*' -printf '%s %f\n' >> seen
				kill $$
			} < /dev/null > /dev/null 2>&1 3>&- &
		fi
		# One that lingers, as an ssh does that others are to share.
		sleep 2 > /dev/null 2>&1 < /dev/null 3>&- &
		exec rsync --daemon --config=rsyncd.conf
	END
	chmod +x connect
	export RSYNC_CONNECT_PROG=$PWD/connect
}

same_files() {
	diff -r --exclude='.*' --exclude='*.part' garden nas
}

@test "an interval's pictures are sent as they come, each once; nothing that is being written" {
	start_simcam
	export OPENCAMRC_REMOTE=$sim_address
	"$opencamrc" config 'imageformat=Tiny JPEG' > config.log
	"$opencamrc" interval -q --every 1s -n 3 -o garden/ || [ $? -eq 6 ]
	mkdir garden/below
	cp "$(find garden -name '*.JPG' | head -n 1)" 'garden/below/one more.JPG'
	touch garden/.IMG_0009.JPG.tmp garden/IMG_0010.JPG.part
	"$send" garden nas > said
	grep -q "^send-pictures: $(find garden -name '*.JPG' | wc -l) sent$" said
	same_files
	[ -z "$(find nas -name '.*' -type f -o -name '*.part')" ]
	"$send" garden nas | grep -q ': 0 sent$'
	# A journal grows, and follows.
	"$opencamrc" interval -q --every 1s -n 8 -o garden/ --resume || [ $? -eq 6 ]
	"$send" garden nas > said
	same_files
	# As a hook: each picture as soon as it is there.
	printf '%s\n' '#!/bin/bash' '[ "$ACTION" != download ] || exec "$SEND" -q garden nas' > hook
	chmod +x hook
	SEND=$send "$opencamrc" capture -o garden/ --hook-script ./hook > /dev/null
	same_files
}

@test "a link that breaks is tried again, and goes on; nothing half sent has its name" {
	start_daemon 2
	head -c 6000000 /dev/urandom > garden/big1.cr2
	head -c 6000000 /dev/urandom > garden/big2.cr2
	echo small > garden/a.jpg
	"$send" garden rsync://host/nas --pause 1 -- --bwlimit=1500 > said
	[ "$(grep -c 'broken off, again in' said)" -eq 2 ]
	grep -q ': 3 sent$' said
	same_files
	# Whenever it broke, what had its name was whole.
	grep -q . seen
	while read -r size name; do
		[ "$size" -eq "$(stat -c %s "garden/$name")" ]
	done < seen
	[ "$(cat breaks)" -eq 0 ]
	[ -z "$(find nas -name '.*' -type f)" ]
}

@test "--remove deletes what is there, read again; not what differs there, nor a journal" {
	start_daemon
	for name in one two three; do
		head -c 100000 /dev/urandom > "garden/$name.jpg"
	done
	printf Y | dd of=garden/two.jpg bs=1 seek=5000 conv=notrunc status=none
	echo '{"event":"plan"}' > garden/interval.jsonl
	mkdir garden/below
	cp garden/one.jpg 'garden/below/[a] *.jpg'
	"$send" garden rsync://host/nas > /dev/null
	# A bit falls over at the NAS: neither size nor time tells.
	touch -r nas/two.jpg stamp
	printf X | dd of=nas/two.jpg bs=1 seek=5000 conv=notrunc status=none
	touch -r stamp nas/two.jpg
	run_error 6 'two.jpg is another one at rsync://host/nas, and stays here' "$send" -q garden rsync://host/nas --remove
	same_text "$(printf '%s\n' garden/interval.jsonl garden/two.jpg)" "$(find garden -type f | sort)"
	[ -s nas/one.jpg ] && [ -s nas/three.jpg ] && [ -s 'nas/below/[a] *.jpg' ]
	# The same name for another picture: neither is lost.
	head -c 90000 /dev/urandom > garden/one.jpg
	sha256sum nas/one.jpg garden/one.jpg > before
	run_error 6 'one.jpg is another one' "$send" -q garden rsync://host/nas
	sha256sum --quiet -c before
}

@test "what cannot be sent is one line; what is here stays" {
	run_error 2 'a folder and a destination' "$send" garden
	run_error 2 'there is no option --delete' "$send" --delete garden nas
	run_error 2 'tries needs a number' "$send" --tries x garden nas
	run_error 1 'there is no folder none' "$send" none nas
	echo picture > garden/a.jpg
	start_daemon
	run_error 1 'rsync refuses: @ERROR: Unknown module' "$send" garden rsync://host/other --remove
	printf '#!/bin/sh\nexit 1\n' > connect
	run_error 5 'cannot reach rsync://host/nas, after 2 tries' "$send" -q --tries 2 --pause 1 garden rsync://host/nas --remove
	[ -s garden/a.jpg ]
	flock garden "$send" garden nas | grep -q 'another one is at it'
	[ -z "$(find nas -type f)" ]
}
