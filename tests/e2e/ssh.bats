#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# ssh:// addresses, with the real programs on loopback: OpenSSH's and Dropbear's, server and client.

load common
load ssh

setup() {
	isolate
	sshd=$(PATH=$PATH:/usr/sbin command -v sshd) || skip 'openssh-server is not installed'
	command -v ssh > /dev/null || skip 'openssh-client is not installed'
	make_ssh_client
	start_simcam
}

teardown() {
	# Not the servers yet: ssh would end with those.
	[ -z "${background_pid:-}" ] || kill "$background_pid" 2> /dev/null || true
	left=0
	no_ssh_is_left || left=1
	stop_all
	return "$left"
}

# Every ssh of this test has the path of its key or configuration on its command line; servers have not.
ours() {
	pgrep -f "^([^ ]*/)?(ssh|dbclient) .*$BATS_TEST_TMPDIR"
}

no_ssh_is_left() {
	wait_until 10 eval '! ours' || {
		echo 'ssh is left behind:' >&2
		pgrep -a -f "$BATS_TEST_TMPDIR" >&2
		return 1
	}
}

# Sets remote, for the server that was started last.
set_remote() {
	remote=ssh://127.0.0.1:$ssh_port:$sim_port
}

with_dropbear() {
	PATH=$PATH:/usr/sbin
	command -v dropbear > /dev/null || skip 'dropbear-bin is not installed'
	[ -n "$(find /usr/lib -name libnss_wrapper.so)" ] || skip 'libnss-wrapper is not installed'
}

# Dropbear's client with a key of its own kind.
dropbear_client() {
	dropbearkey -t ed25519 -f "$ssh_keys/dropbear" | grep '^ssh-ed25519' >> "$ssh_keys/authorized_keys"
	cp "$ssh_keys/known" "$ssh_keys/known_hosts"
	sed -i 's/^\[127.0.0.1\]:[0-9]*/127.0.0.1/' "$ssh_keys/known_hosts"
}

@test "list, info, capture and live view come through OpenSSH" {
	start_sshd
	set_remote
	"$opencamrc" list -r "$remote" > listed
	grep -q "usbip:$remote/1-1 " listed
	"$opencamrc" -r "$remote" info --json | jq -e ".port == \"usbip:$remote/1-1\""
	no_ssh_is_left
	"$opencamrc" -q -r "$remote/1-1" capture -o shot.jpg
	is_jpeg shot.jpg 5184x3456
	"$opencamrc" -q -r "$user@${remote#ssh://}" config get iso 2> err && return 1
	grep -q 'ssh://HOST' err
	"$opencamrc" -q -r "ssh://$user@${remote#ssh://}" liveview --frames 10 > live
	same_text 10 "$("$frame_counter" live 2> /dev/null | wc -l)"
}

@test "one ssh is made where the busid is known, two where the list is asked for" {
	start_sshd
	set_remote
	"$opencamrc" -q -r "$remote/1-1" config get iso > iso
	same_text 1 "$(grep -c 'Accepted publickey' sshd.log)"
	"$opencamrc" -q -r "$remote" config get iso > iso
	same_text 3 "$(grep -c 'Accepted publickey' sshd.log)"
}

@test "stock gphoto2 lists the camera and fetches a picture, and leaves no zombie" {
	command -v gphoto2 > /dev/null || skip 'gphoto2 is not installed'
	start_sshd
	set_remote
	"$opencamrc" -r "$remote" env gphoto2 --auto-detect > listed
	grep -q "usbip:$remote/1-1" listed
	# The hook's parent is gphoto2, which has opened the port more than once by then.
	cat > hook <<- 'END'
		#!/bin/sh
		[ "$ACTION" != stop ] || ps -o stat= --ppid "$PPID" > children
	END
	chmod +x hook
	"$opencamrc" env gphoto2 --port "usbip:$remote" --hook-script "$PWD/hook" \
		--capture-image-and-download --filename shot.jpg
	is_jpeg shot.jpg 5184x3456
	[ -s children ]
	same_text '' "$(grep Z children)"
}

@test "the command comes from the option, the environment or the configuration file, in this order" {
	start_sshd
	set_remote
	printf '#!/bin/sh\necho "$0 $1" >> %s\nshift\nexec ssh "$@"\n' "$PWD/calls" > 'my ssh'
	chmod +x 'my ssh'
	mkdir "$XDG_CONFIG_HOME/opencamrc"
	printf 'ssh = "%s/my ssh" file\n[remote far]\naddress = %s\n' "$PWD" "$remote" \
		> "$XDG_CONFIG_HOME/opencamrc/config"
	"$opencamrc" -q -r far/1-1 config get iso > iso
	OPENCAMRC_SSH="'$PWD/my ssh' environment" "$opencamrc" -q -r far/1-1 config get iso > iso
	OPENCAMRC_SSH=false "$opencamrc" -q --ssh "'$PWD/my ssh' option" -r far/1-1 config get iso > iso
	same_text 'file environment option' "$(sed 's/.*my ssh //' calls | xargs)"
	same_text 'my own' "$("$opencamrc" --ssh 'my own' env sh -c 'echo "$OPENCAMRC_SSH"')"
}

@test "an error is one line, in ssh's own words" {
	run_error 3 'ssh://127.0.0.1:1/1-1: .*Connection refused.*ssh server running' \
		"$opencamrc" -r ssh://127.0.0.1:1/1-1 info
	run_error 3 'no-such-host.invalid.*Could not resolve hostname.*check the name' \
		"$opencamrc" list -r ssh://no-such-host.invalid
	run_error 3 'not found.*--ssh names the program' \
		env PATH=/usr/bin:/bin "$opencamrc" --ssh no-such-ssh list -r ssh://127.0.0.1
	# Valgrind forks where vfork() is asked for, and what execve() says stays in the child.
	[ -n "${UNDER_VALGRIND:-}" ] ||
		run_error 3 'cannot run ssh: .*openssh-client' env PATH=/nonexistent "$opencamrc" list -r ssh://127.0.0.1
	start_sshd
	run_error 3 'nothing listens on the port of usbipd' "$opencamrc" list -r "ssh://127.0.0.1:$ssh_port:1"
	set_remote
	: > "$ssh_keys/authorized_keys"
	run_error 3 'Permission denied \(publickey\).*ssh-agent' "$opencamrc" -r "$remote" info
	ssh-keygen -q -t ed25519 -N '' -C other -f other
	echo "[127.0.0.1]:$ssh_port $(cat other.pub)" > "$ssh_keys/known"
	run_error 3 'another than the known one.*in between' "$opencamrc" -r "$remote" info
	: > "$ssh_keys/known"
	run_error 3 'host key is not known.*by hand' "$opencamrc" -r "$remote/1-1" info
}

@test "no host and no user becomes an option or a command" {
	run_error 2 'not a host name' "$opencamrc" -r 'ssh://-oProxyCommand=touch${IFS}x' info
	run_error 2 'not a user name' "$opencamrc" -r 'ssh://-oProxyCommand=touch@127.0.0.1' info
	run_error 2 'not a user name' "$opencamrc" -r 'ssh://$(touch x)@127.0.0.1' list
	[ ! -e x ]
}

@test "a server that takes the connection and says nothing is given up after --timeout" {
	start_sshd
	start_slow_link "127.0.0.1:$ssh_port" --stall-after 1:down
	run_error 3 'no answer by ssh.*--timeout' "$opencamrc" --timeout 1s -r \
		"ssh://127.0.0.1:${link_address##*:}/1-1" info
}

# The live view has gone on after a loss.
is_back() {
	grep -q 'the camera is back' view.err
}

# Processes of sshd with a client: one of root's, two of another user's.
connections() {
	local first
	first=$(pgrep -P "$ssh_pid")
	echo "$first"
	pgrep -P "$(paste -sd , <<< "$first")"
	true
}

@test "live view goes on when the server's ssh process is killed" {
	start_sshd
	set_remote
	in_background view "$opencamrc" -r "$remote/1-1" liveview
	wait_until 30 test -s view.out
	kill -9 $(connections)
	wait_until 30 is_back || cat view.err sshd.log
	is_back
	kill "$background_pid"
	background_status
	cat view.err
	same_text 143 "$status"
}

@test "live view ends with status 5 when the ssh server is gone for good" {
	start_sshd
	set_remote
	in_background view "$opencamrc" -r "$remote/1-1" liveview --recover 1s
	wait_until 30 test -s view.out
	served=$(connections)
	kill "$ssh_pid"
	kill -9 $served
	background_status
	cat view.err
	same_text 5 "$status"
}

@test "an ssh that hangs without a sign of life is noticed and ended" {
	start_sshd
	set_remote
	in_background view "$opencamrc" --timeout 5s -r "$remote/1-1" liveview
	wait_until 30 test -s view.out
	hung=$(ours)
	kill -STOP $hung
	wait_until 60 eval '! kill -0 '"$hung"' 2> /dev/null'
	wait_until 60 is_back
	kill "$background_pid"
	background_status
	cat view.err
	same_text 143 "$status"
}

@test "ssh ends with a process that was killed" {
	start_sshd
	set_remote
	"$opencamrc" -r "$remote/1-1" open
	[ -n "$(ours)" ]
	# In a sandbox there are two: the one that holds the camera, and the one that ssh is a child of.
	kill -9 $(pgrep -f "(^| )[^ ]*/bin/opencamrc -r $remote/1-1 open")
	no_ssh_is_left
}

say_open() {
	ssh -o BatchMode=yes -p "$ssh_port" 127.0.0.1 echo open
}

# serves_the_camera_alone OPTIONS: with the line that the manual has for authorized_keys.
serves_the_camera_alone() {
	echo "$1,permitopen=\"127.0.0.1:$sim_port\",command=\"false\" $(cat "$ssh_keys/client.pub")" \
		> "$ssh_keys/authorized_keys"
	"$opencamrc" -q -r "$remote/1-1" config get iso > iso
	grep -q '^[0-9A]' iso
	run_error 3 'forbids' "$opencamrc" list -r "ssh://127.0.0.1:$ssh_port:1"
	same_text '' "$(say_open)"
}

@test "a key that is for this alone is enough, and good for nothing else" {
	start_sshd
	set_remote
	same_text open "$(say_open)"
	serves_the_camera_alone restrict,port-forwarding
	serves_the_camera_alone no-pty,no-agent-forwarding,no-X11-forwarding
}

@test "Dropbear's server serves OpenSSH's client" {
	with_dropbear
	start_dropbear
	set_remote
	"$opencamrc" -q -r "$remote" capture -o shot.jpg
	is_jpeg shot.jpg 5184x3456
	serves_the_camera_alone no-pty,no-agent-forwarding,no-X11-forwarding
	: > "$ssh_keys/authorized_keys"
	run_error 3 'Permission denied' "$opencamrc" -r "$remote" info
}

@test "Dropbear's client, by its own name and as OpenWrt names it" {
	with_dropbear
	start_dropbear
	set_remote
	dropbear_client
	dbclient="dbclient -i $ssh_keys/dropbear"
	"$opencamrc" -q --ssh "$dbclient" -r "$remote/1-1" capture -o shot.jpg
	is_jpeg shot.jpg 5184x3456
	no_ssh_is_left
	ln -s "$(command -v dbclient)" "$BATS_TEST_TMPDIR/bin/dropbear"
	ln -sf dropbear "$BATS_TEST_TMPDIR/bin/ssh"
	ln -s dropbear "$ssh_keys/id_dropbear"
	"$opencamrc" -q -r "$remote/1-1" config get iso > iso
	# What it would ask at a terminal it does not ask here.
	: > "$ssh_keys/known_hosts"
	run_error 3 'host key is not known.*by hand' "$opencamrc" -r "$remote/1-1" info
	# One that has asked reads the end of its input for ever, where nobody ends it.
	no_ssh_is_left
	run_error 3 'Connection to .* closed.*usbipd running' \
		"$opencamrc" --ssh "$dbclient -y" -r "ssh://127.0.0.1:$ssh_port:1/1-1" info
	run_error 3 'Connect failed|refused' "$opencamrc" -r ssh://127.0.0.1:1/1-1 info
}
