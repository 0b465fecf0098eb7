/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The system calls that a sandbox takes away: what Landlock leaves open, and the ways around it. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "session/sandbox-internal.h"

/* linux/sched.h, which cannot be included beside sched.h. */
#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif
#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

/* Refused whatever the arguments. `number`: for a libseccomp that is older than the call. */
static const struct {
	const char *name;
	int number;
} forbidden[] = {
	/* other programs, other processes */
	{ "execve", 0 }, { "execveat", 0 }, { "fork", 0 }, { "vfork", 0 }, { "ptrace", 0 },
	{ "process_vm_readv", 0 }, { "process_vm_writev", 0 }, { "process_madvise", 440 },
	{ "process_mrelease", 448 }, { "kcmp", 0 }, { "pidfd_open", 434 }, { "pidfd_getfd", 438 },
	{ "pidfd_send_signal", 424 }, { "kill", 0 }, { "tkill", 0 }, { "rt_sigqueueinfo", 0 },
	{ "rt_tgsigqueueinfo", 0 }, { "migrate_pages", 0 }, { "move_pages", 0 },
	{ "setpriority", 0 }, { "ioprio_set", 0 }, { "sched_setscheduler", 0 },
	/* what they share */
	{ "shmget", 0 }, { "shmat", 0 }, { "shmctl", 0 }, { "msgget", 0 }, { "msgctl", 0 },
	{ "msgsnd", 0 }, { "msgrcv", 0 }, { "semget", 0 }, { "semctl", 0 }, { "semop", 0 },
	{ "semtimedop", 0 }, { "ipc", 0 }, { "mq_open", 0 }, { "mq_unlink", 0 }, { "add_key", 0 },
	{ "keyctl", 0 }, { "request_key", 0 },
	/* connections; what a message is sent to goes by an address of its own only where one is not
	 * connected, and such sockets are not to be had */
	{ "connect", 0 },
	/* files whose names Landlock does not look at */
	{ "truncate", 0 }, { "truncate64", 0 }, { "creat", 0 }, { "chmod", 0 }, { "fchmodat", 0 },
	{ "fchmodat2", 452 }, { "chown", 0 }, { "chown32", 0 }, { "lchown", 0 }, { "lchown32", 0 },
	{ "fchownat", 0 }, { "setxattr", 0 }, { "lsetxattr", 0 }, { "fsetxattr", 0 },
	{ "setxattrat", 463 }, { "removexattr", 0 }, { "lremovexattr", 0 }, { "fremovexattr", 0 },
	{ "removexattrat", 466 }, { "file_setattr", 469 }, { "utime", 0 }, { "utimes", 0 },
	{ "futimesat", 0 }, { "open_by_handle_at", 0 }, { "mknod", 0 }, { "mknodat", 0 },
	{ "inotify_add_watch", 0 }, { "fanotify_init", 0 },
	/* another view of the file system */
	{ "chroot", 0 }, { "pivot_root", 0 }, { "mount", 0 }, { "umount", 0 }, { "umount2", 0 },
	{ "move_mount", 429 }, { "open_tree", 428 }, { "fsopen", 430 }, { "fsconfig", 431 },
	{ "fsmount", 432 }, { "fspick", 433 }, { "mount_setattr", 442 }, { "setns", 0 },
	{ "quotactl", 0 }, { "quotactl_fd", 443 }, { "swapon", 0 }, { "swapoff", 0 },
	/* the kernel's odd corners, and what takes root */
	{ "bpf", 0 }, { "perf_event_open", 0 }, { "userfaultfd", 0 }, { "init_module", 0 },
	{ "finit_module", 0 }, { "delete_module", 0 }, { "kexec_load", 0 },
	{ "kexec_file_load", 0 }, { "reboot", 0 }, { "acct", 0 }, { "syslog", 0 }, { "iopl", 0 },
	{ "ioperm", 0 }, { "modify_ldt", 0 }, { "s390_pci_mmio_read", 0 },
	{ "s390_pci_mmio_write", 0 }, { "settimeofday", 0 }, { "clock_settime", 0 },
	{ "clock_settime64", 0 }, { "clock_adjtime", 0 }, { "clock_adjtime64", 0 },
	{ "adjtimex", 0 }, { "stime", 0 }, { "sethostname", 0 }, { "setdomainname", 0 },
	{ "vhangup", 0 }, { "nfsservctl", 0 }, { "capset", 0 }, { "personality", 0 }
};

/* As if the kernel had never heard of them: whoever calls them has another way. Their arguments stand in
 * memory, where a filter does not see them, or they do what others are kept from. */
static const struct {
	const char *name;
	int number;
} unknown[] = { { "clone3", 435 }, { "openat2", 437 }, { "io_uring_setup", 425 },
	{ "io_uring_enter", 426 }, { "io_uring_register", 427 } };

static const unsigned int new_namespaces[] = { CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS,
	CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWTIME };

/* A caller's terminal is one of its descriptors: nothing is typed into it, and it is nobody else's. */
static const unsigned int forbidden_ioctls[] = { TIOCSTI, TIOCLINUX, TIOCSCTTY, TIOCSETD, TIOCCONS,
	FIOSETOWN, SIOCSPGRP };

/* A signal to a process comes of these as well. */
static const int forbidden_fcntls[] = { F_SETOWN, F_SETOWN_EX, F_SETSIG };

static int number_of(const char *name, int number)
{
	int known = seccomp_syscall_resolve_name(name);

	if (known != __NR_SCMP_ERROR || number == 0)
		return known;
	return number;
}

/* A call that nobody knows needs no rule; libseccomp leaves out one that this architecture has not got. */
static int forbid(scmp_filter_ctx filter, int errnum, int number, unsigned int count,
	const struct scmp_arg_cmp *arguments)
{
	int ret;

	if (number == __NR_SCMP_ERROR)
		return 0;
	ret = seccomp_rule_add_array(
		filter, SCMP_ACT_ERRNO((uint32_t)errnum), number, count, arguments);
	return ret == -EDOM || ret == -EEXIST ? 0 : ret;
}

#define WHERE(...)                                                                                 \
	1, &(const struct scmp_arg_cmp)                                                            \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}

static int forbid_whole(scmp_filter_ctx filter)
{
	int ret = 0;
	size_t i;

	for (i = 0; ret == 0 && i < ARRAY_LENGTH(forbidden); i++)
		ret = forbid(
			filter, EACCES, number_of(forbidden[i].name, forbidden[i].number), 0, NULL);
	for (i = 0; ret == 0 && i < ARRAY_LENGTH(unknown); i++)
		ret = forbid(
			filter, ENOSYS, number_of(unknown[i].name, unknown[i].number), 0, NULL);
	return ret;
}

/* Streams of this machine, for the session's own socket, and the kernel's for USB devices; pairs. */
static int forbid_sockets(scmp_filter_ctx filter, bool local)
{
	/* The last family there is room for; more are not known to any kernel. */
	const int last = 63;
	int ret = 0, family, type;

	for (family = 0; ret == 0 && family <= last; family++)
		if (family != AF_UNIX && !(local && family == AF_NETLINK))
			ret = forbid(filter, EACCES, SCMP_SYS(socket),
				WHERE(0, SCMP_CMP_MASKED_EQ, UINT32_MAX, (unsigned int)family));
	/* Only a connected socket cannot say with each message where it goes. */
	for (type = SOCK_DGRAM; ret == 0 && type <= SOCK_RAW; type++) {
		const struct scmp_arg_cmp either[] = {
			{ 0, SCMP_CMP_MASKED_EQ, UINT32_MAX, AF_UNIX },
			{ 1, SCMP_CMP_MASKED_EQ, 0xf, (unsigned int)type },
		};

		ret = forbid(filter, EACCES, SCMP_SYS(socket), 2, either);
		if (ret == 0)
			ret = forbid(filter, EACCES, SCMP_SYS(socketpair), 1, &either[1]);
	}
	return ret;
}

/* No process is made, only threads, and none gets a world of its own. */
static int forbid_processes(scmp_filter_ctx filter)
{
#ifdef __s390x__
	const unsigned int flags = 1;
#else
	const unsigned int flags = 0;
#endif
	int ret = forbid(
		filter, EACCES, SCMP_SYS(clone), WHERE(flags, SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
	size_t i;

	for (i = 0; ret == 0 && i < ARRAY_LENGTH(new_namespaces); i++) {
		ret = forbid(filter, EACCES, SCMP_SYS(clone),
			WHERE(flags, SCMP_CMP_MASKED_EQ, new_namespaces[i], new_namespaces[i]));
		if (ret == 0)
			ret = forbid(filter, EACCES, SCMP_SYS(unshare),
				WHERE(0, SCMP_CMP_MASKED_EQ, new_namespaces[i], new_namespaces[i]));
	}
	if (ret == 0)
		ret = forbid(filter, EACCES, SCMP_SYS(tgkill),
			WHERE(0, SCMP_CMP_NE, (unsigned int)getpid(), 0));
	if (ret == 0)
		ret = forbid(filter, EACCES, SCMP_SYS(prlimit64), WHERE(0, SCMP_CMP_NE, 0, 0));
	return ret;
}

/* Landlock lets files that may be read be emptied before its third version. */
static int forbid_changes(scmp_filter_ctx filter)
{
	int ret = forbid(
		filter, EACCES, SCMP_SYS(openat), WHERE(2, SCMP_CMP_MASKED_EQ, O_TRUNC, O_TRUNC));
	size_t i;

	if (ret == 0)
		ret = forbid(filter, EACCES, SCMP_SYS(open),
			WHERE(1, SCMP_CMP_MASKED_EQ, O_TRUNC, O_TRUNC));
	/* Times by name; those of an open file are without. */
	if (ret == 0)
		ret = forbid(filter, EACCES, SCMP_SYS(utimensat), WHERE(1, SCMP_CMP_NE, 0, 0));
	if (ret == 0)
		ret = forbid(filter, EACCES, number_of("utimensat_time64", 0),
			WHERE(1, SCMP_CMP_NE, 0, 0));
	for (i = 0; ret == 0 && i < ARRAY_LENGTH(forbidden_ioctls); i++)
		ret = forbid(filter, EACCES, SCMP_SYS(ioctl),
			WHERE(1, SCMP_CMP_MASKED_EQ, UINT32_MAX, forbidden_ioctls[i]));
	for (i = 0; ret == 0 && i < ARRAY_LENGTH(forbidden_fcntls); i++) {
		const unsigned int command = (unsigned int)forbidden_fcntls[i];

		ret = forbid(filter, EACCES, SCMP_SYS(fcntl),
			WHERE(1, SCMP_CMP_MASKED_EQ, UINT32_MAX, command));
		if (ret == 0)
			ret = forbid(filter, EACCES, number_of("fcntl64", 0),
				WHERE(1, SCMP_CMP_MASKED_EQ, UINT32_MAX, command));
	}
	return ret;
}

int sandbox_seccomp_enter(bool local)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int ret;

	if (!filter) {
		errno = ENOMEM;
		return -1;
	}
	/* Another architecture's calls, as 32 bits on 64: nobody here makes any. */
	ret = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
	if (ret == 0)
		ret = forbid_whole(filter);
	if (ret == 0)
		ret = forbid_sockets(filter, local);
	if (ret == 0)
		ret = forbid_processes(filter);
	if (ret == 0)
		ret = forbid_changes(filter);
	if (ret == 0)
		ret = seccomp_load(filter);
	seccomp_release(filter);
	errno = -ret;
	return ret < 0 ? -1 : 0;
}

const char *sandbox_seccomp_version(void)
{
	static char text[32];
	const struct scmp_version *version = seccomp_version();

	snprintf(text, sizeof(text), "%u.%u.%u", version->major, version->minor, version->micro);
	return text;
}
