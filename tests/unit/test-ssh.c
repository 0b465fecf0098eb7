/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The spawned ssh, played by small programs of the shell: its arguments, its words, its end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "config.h"
#include "usbip/link.h"

#define SOON deadline_after_msec(20000)

static struct usbip_address address_of(const char *text, const char *command)
{
	struct usbip_address address;
	struct orc_error err;

	assert_int_equal(usbip_address_parse(&address, text, &err), 0);
	snprintf(address.ssh_command, sizeof(address.ssh_command), "%s", command);
	return address;
}

static struct usbip_link start(const char *text, const char *command)
{
	const struct usbip_address address = address_of(text, command);
	struct orc_error err = { 0 };
	struct usbip_link link;

	assert_int_equal(usbip_link_connect(&link, &address, SOON, &err), 0);
	assert_true(link.fd >= 0);
	return link;
}

static void assert_no_child(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

/* All that comes until the end of the stream. */
static void read_to_end(struct usbip_link *link, char *text, size_t size)
{
	struct orc_error err;
	size_t len = 0;

	while (len + 1 < size && usbip_link_read_all(link, text + len, 1, SOON, &err) == 0)
		len++;
	text[len] = '\0';
}

static void assert_arguments(const char *text, const char *command, const char *expected)
{
	struct usbip_link link = start(text, command);
	char got[1024];

	read_to_end(&link, got, sizeof(got));
	usbip_link_close(&link);
	assert_string_equal(got, expected);
	assert_no_child();
}

static void openssh_gets_its_arguments(void **state)
{
	(void)state;
	assert_arguments("ssh://router", "printf '[%s]'",
		"[-o][BatchMode=yes][-o][ServerAliveInterval=2][-o][ServerAliveCountMax=3]"
		"[-W][127.0.0.1:3240][--][router]");
	assert_arguments("ssh://me@[fe80::1%eth0]:2222:3241/1-1", "printf '[%s]' -F 'a b'",
		"[-F][a b][-o][BatchMode=yes][-o][ServerAliveInterval=2]"
		"[-o][ServerAliveCountMax=3][-W][127.0.0.1:3241]"
		"[-l][me][-p][2222][--][fe80::1%eth0]");
}

static void dropbear_gets_its_own(void **state)
{
	char folder[] = "/tmp/test-ssh-XXXXXX", command[128], path[64], target[64], variable[256];
	const char *before = getenv("PATH");
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(target, sizeof(target), "%s/dropbearmulti", folder);
	snprintf(path, sizeof(path), "%s/ssh", folder);
	file = fopen(target, "w");
	assert_non_null(file);
	fputs("#!/bin/sh\nprintf '[%s]' \"$@\"\n", file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(target, 0755), 0);
	assert_int_equal(symlink(target, path), 0);
	snprintf(command, sizeof(command), "%s/dropbearmulti -y", folder);
	assert_arguments("ssh://me@router:2222", command,
		"[-y][-W][1000000][-K][2][-B][127.0.0.1:3240][-l][me][-p][2222][router]");
	/* As on OpenWrt: ssh is another name of it. */
	snprintf(variable, sizeof(variable), "%s:%.150s", folder, before);
	setenv("PATH", variable, 1);
	assert_arguments("ssh://router", "", "[-W][1000000][-K][2][-B][127.0.0.1:3240][router]");
	setenv("PATH", before, 1);
	unlink(path);
	unlink(target);
	rmdir(folder);
}

static void bytes_go_both_ways_and_it_ends_with_the_stream(void **state)
{
	struct usbip_link link = start("ssh://router", "exec cat #");
	struct usbip_address peer;
	struct orc_error err;
	char data[5] = "";

	(void)state;
	assert_int_equal(usbip_link_write_all(&link, "hello", 5, SOON, &err), 0);
	assert_int_equal(usbip_link_read_all(&link, data, 5, SOON, &err), 0);
	assert_memory_equal(data, "hello", 5);
	/* What it is connected to, and from where, ssh alone knows. */
	assert_false(usbip_link_peer(&link, &peer));
	assert_int_equal(usbip_link_local_port(&link), 0);
	usbip_link_close(&link);
	assert_int_equal(link.fd, -1);
	assert_no_child();
}

static void one_that_hangs_is_killed(void **state)
{
	static const char *const hanging[] = {
		"exec sleep 1000 #",
		"trap '' TERM HUP; while :; do sleep 1000; done #",
		"kill -STOP $$ #",
		/* It says that it has ended, and has not. */
		"exec 2>&-; exec sleep 1000 #",
	};
	struct usbip_link link;
	nsec_t before;
	pid_t pid;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(hanging); i++) {
		link = start("ssh://router", hanging[i]);
		pid = link.ssh.pid;
		before = clock_now_nsec();
		usbip_link_close(&link);
		/* A busy machine takes longer than half a second, a process that is waited for for ever. */
		assert_true(clock_now_nsec() - before < 15 * NSEC_PER_SEC);
		assert_no_child();
		assert_int_equal(kill(pid, 0), -1);
	}
}

static void its_words_become_the_reason(void **state)
{
	static const struct {
		const char *command, *why, *hint;
	} cases[] = {
		{ "echo 'me@router: Permission denied (publickey).' >&2; exit 255 #",
			"me@router: Permission denied (publickey).", "ssh-agent" },
		{ "printf 'ssh: Could not resolve hostname r: Name not known\\r\\n' >&2; exit 255 "
		  "#",
			"ssh: Could not resolve hostname r: Name not known", "check the name" },
		{ "echo 'Host key verification failed.' >&2; exit 255 #",
			"the host key is not known", "by hand" },
		{ "echo '@ REMOTE HOST IDENTIFICATION HAS CHANGED! @' >&2;"
		  "echo 'Host key verification failed.' >&2; exit 255 #",
			"the host key is another than the known one", "in between" },
		{ "echo 'channel 0: open failed: connect failed: Connection refused' >&2;"
		  "echo 'stdio forwarding failed' >&2; exit 255 #",
			"nothing listens on the port of usbipd there", "usbipd" },
		{ "echo first >&2; echo; printf 'last\\033[31m \\302\\233 word\\n\\n' >&2; exit 1 "
		  "#",
			"last?[31m ?? word", "" },
		{ "exit 0 #", "the connection by ssh was closed", "" },
		{ "no-such-program", NULL, "--ssh" },
	};
	struct usbip_link link;
	struct orc_error err;
	char byte;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		link = start("ssh://router", cases[i].command);
		while (usbip_link_read_all(&link, &byte, 1, SOON, &err) == 0)
			assert_int_equal(byte, '\n');
		assert_int_equal(err.code, link.heard ? ORC_ELOST : ORC_ENOCAMERA);
		if (cases[i].why)
			assert_string_equal(err.why, cases[i].why);
		assert_non_null(strstr(err.hint, cases[i].hint));
		usbip_link_close(&link);
		assert_no_child();
	}
}

static void one_that_says_nothing_is_given_up_at_the_deadline(void **state)
{
	struct usbip_link link = start("ssh://router", "exec sleep 1000 #");
	struct orc_error err;
	char byte;

	(void)state;
	assert_int_equal(
		usbip_link_read_all(&link, &byte, 1, deadline_after_msec(50), &err), ORC_ENOCAMERA);
	assert_string_equal(err.why, "no answer by ssh");
	usbip_link_close(&link);
	assert_no_child();
}

static void one_that_talks_a_lot_does_not_stand_still(void **state)
{
	/* More than a pipe takes, and nobody reads it before the end. */
	struct usbip_link link = start(
		"ssh://router", "head -c 300000 /dev/zero | tr '\\0' 'x' >&2; echo done; exit 0 #");
	struct orc_error err;
	char text[8] = "";

	(void)state;
	assert_int_equal(usbip_link_read_all(&link, text, 5, SOON, &err), 0);
	assert_string_equal(text, "done\n");
	usbip_link_close(&link);
	assert_no_child();
}

static void it_is_told_nothing_of_our_files(void **state)
{
	int leaked = dup(2);
	struct usbip_link link = start("ssh://router", "ls /proc/self/fd | tr '\\n' ' ' #");
	char got[128], number[16];

	(void)state;
#ifndef HAVE_POSIX_SPAWN_FILE_ACTIONS_ADDCLOSEFROM_NP
	skip();
#endif
	read_to_end(&link, got, sizeof(got));
	usbip_link_close(&link);
	snprintf(number, sizeof(number), " %d ", leaked);
	/* 3 is the folder that is listed. */
	assert_string_equal(got, "0 1 2 3 ");
	assert_true(leaked > 2);
	close(leaked);
}

/* As in a daemon: the socket and the pipe get the lowest numbers, which are ssh's own. */
static void standard_descriptors_may_be_closed(void **state)
{
	char got[8] = "";
	int status;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		struct usbip_link link;
		struct orc_error err;

		for (int fd = 0; fd <= 2; fd++)
			close(fd);
		link = start("ssh://router", "cat; echo last words >&2 #");
		if (usbip_link_write_all(&link, "hello", 5, SOON, &err) < 0 ||
			usbip_link_read_all(&link, got, 5, SOON, &err) < 0)
			_exit(1);
		usbip_link_close(&link);
		_exit(memcmp(got, "hello", 5) != 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* A program that ignores SIGCHLD, or reaps all children itself, is no trouble. */
static void it_may_be_reaped_by_others(void **state)
{
	struct usbip_link link;
	pid_t pid;

	(void)state;
	signal(SIGCHLD, SIG_IGN);
	link = start("ssh://router", "exec sleep 1000 #");
	pid = link.ssh.pid;
	usbip_link_close(&link);
	signal(SIGCHLD, SIG_DFL);
	assert_int_equal(kill(pid, 0), -1);
	link = start("ssh://router", "exit 0 #");
	assert_int_equal(waitpid(link.ssh.pid, NULL, 0), link.ssh.pid);
	usbip_link_close(&link);
	assert_no_child();
}

static void a_link_that_is_left_goes_on_until_it_is_closed(void **state)
{
	struct usbip_link link = start("ssh://router", "exec cat #");
	pid_t pid = link.ssh.pid;
	int kernels = dup(link.fd);
	char data[2] = "";

	(void)state;
	usbip_link_leave(&link);
	assert_int_equal(link.fd, -1);
	assert_int_equal(write(kernels, "hi", 2), 2);
	while (read(kernels, data, 2) < 0)
		assert_int_equal(errno, EAGAIN);
	assert_memory_equal(data, "hi", 2);
	assert_int_equal(kill(pid, 0), 0);
	close(kernels);
	usbip_link_close(&link);
	assert_no_child();
}

static void without_the_program_it_is_said(void **state)
{
	const struct usbip_address address = address_of("ssh://router", "");
	const char *before = getenv("PATH");
	struct usbip_link link;
	struct orc_error err;
	char byte;
	int ret;

	(void)state;
	setenv("PATH", "/nonexistent", 1);
	ret = usbip_link_connect(&link, &address, SOON, &err);
	setenv("PATH", before, 1);
	if (ret == 0) {
		/* valgrind's child does not tell its parent that there is no such program. */
		assert_int_equal(usbip_link_read_all(&link, &byte, 1, SOON, &err), ORC_ENOCAMERA);
		usbip_link_close(&link);
		return;
	}
	assert_int_equal(ret, ORC_ENOCAMERA);
	assert_string_equal(err.what, "cannot run ssh");
	assert_non_null(strstr(err.hint, "openssh-client"));
	assert_int_equal(link.fd, -1);
	usbip_link_close(&link);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(openssh_gets_its_arguments),
		cmocka_unit_test(dropbear_gets_its_own),
		cmocka_unit_test(bytes_go_both_ways_and_it_ends_with_the_stream),
		cmocka_unit_test(one_that_hangs_is_killed),
		cmocka_unit_test(its_words_become_the_reason),
		cmocka_unit_test(one_that_says_nothing_is_given_up_at_the_deadline),
		cmocka_unit_test(one_that_talks_a_lot_does_not_stand_still),
		cmocka_unit_test(it_is_told_nothing_of_our_files),
		cmocka_unit_test(standard_descriptors_may_be_closed),
		cmocka_unit_test(it_may_be_reaped_by_others),
		cmocka_unit_test(a_link_that_is_left_goes_on_until_it_is_closed),
		cmocka_unit_test(without_the_program_it_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
