# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# ssh servers and clients for the tests: loopback, keys to be thrown away, nobody's own configuration.
# Loaded after common.

user=$(id -un)

# OpenSSH takes no home folder from the environment, so its files are named; the program that the tests
# find as "ssh" does that.
make_ssh_client() {
	mkdir -p "$BATS_TEST_TMPDIR/bin" "$BATS_TEST_TMPDIR/.ssh"
	ssh_keys=$BATS_TEST_TMPDIR/.ssh
	ssh-keygen -q -t ed25519 -N '' -C client -f "$ssh_keys/client"
	ssh-keygen -q -t ed25519 -N '' -C host -f "$ssh_keys/host"
	cp "$ssh_keys/client.pub" "$ssh_keys/authorized_keys"
	chmod 700 "$ssh_keys"
	cat > "$ssh_keys/config" <<- END
		IdentityFile $ssh_keys/client
		IdentitiesOnly yes
		IdentityAgent none
		UserKnownHostsFile $ssh_keys/known
		GlobalKnownHostsFile /dev/null
	END
	printf '#!/bin/sh\nexec %s -F %s "$@"\n' "$(command -v ssh)" "$ssh_keys/config" > "$BATS_TEST_TMPDIR/bin/ssh"
	chmod +x "$BATS_TEST_TMPDIR/bin/ssh"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	unset SSH_AUTH_SOCK SSH_ASKPASS OPENCAMRC_SSH
}

# start_on_free_port LOG READY COMMAND…: neither server takes port 0. One is tried after the other, below
# those that the kernel gives out, until the server says READY; PORT in the command is the number. Sets
# ssh_port and ssh_pid.
start_on_free_port() {
	local log=$1 ready=$2 try
	shift 2
	for try in {1..20}; do
		ssh_port=$((10000 + (RANDOM * 32768 + RANDOM) % 20000))
		: > "$log"
		"${@//PORT/$ssh_port}" > "$log" 2>&1 3>&- &
		ssh_pid=$!
		started+=("$ssh_pid")
		wait_until 30 ended_or_said "$ssh_pid" "$ready" "$log"
		! grep -q "$ready" "$log" || return 0
		wait "$ssh_pid" || true
	done
	cat "$log" >&2
	return 1
}

ended_or_said() {
	! kill -0 "$1" 2> /dev/null || grep -q "$2" "$3"
}

# A line of known_hosts for the server that was started last.
know_host() {
	echo "[127.0.0.1]:$ssh_port $(cut -d ' ' -f 1-2 "$ssh_keys/host.pub")" >> "$ssh_keys/known"
}

# start_sshd [LINE OF ITS CONFIGURATION]…: OpenSSH's server, known to the client.
start_sshd() {
	local config=$BATS_TEST_TMPDIR/sshd_config pam=no line
	[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
	# An account with a locked password is let in by PAM alone.
	[[ $(getent shadow "$user") != "$user:!"* ]] || pam=yes
	for line in 'ListenAddress 127.0.0.1' "HostKey $ssh_keys/host" \
		"AuthorizedKeysFile $ssh_keys/authorized_keys" 'PidFile none' 'StrictModes no' "UsePAM $pam" \
		'PasswordAuthentication no' 'KbdInteractiveAuthentication no' 'PermitRootLogin yes' \
		'LogLevel VERBOSE' "$@"; do
		echo "$line"
	done > "$config"
	start_on_free_port "$BATS_TEST_TMPDIR/sshd.log" 'Server listening' \
		"$sshd" -D -e -f "$config" -p PORT || return 1
	know_host
}

# Dropbear's server. It looks for authorized_keys in the home folder of the user, who has another one here.
start_dropbear() {
	local wrapper gid
	wrapper=$(find /usr/lib -name libnss_wrapper.so | head -n 1)
	gid=$(id -g)
	echo "$user:x:$(id -u):$gid::$BATS_TEST_TMPDIR:/bin/sh" > passwd
	getent group "$gid" > nss-group
	dropbearkey -t ed25519 -f "$ssh_keys/dropbear-host" > dropbear-host.txt 2> /dev/null
	grep '^ssh-ed25519' dropbear-host.txt > "$ssh_keys/host.pub"
	start_on_free_port "$BATS_TEST_TMPDIR/dropbear.log" 'Not backgrounding' \
		env LD_PRELOAD="$wrapper" NSS_WRAPPER_PASSWD="$PWD/passwd" NSS_WRAPPER_GROUP="$PWD/nss-group" \
		dropbear -F -E -s -r "$ssh_keys/dropbear-host" -P dropbear.pid -p 127.0.0.1:PORT "$@" || return 1
	know_host
}
