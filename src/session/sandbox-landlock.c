/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that a sandbox leaves, by Landlock. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "camera/drivers.h"
#include "session/place.h"
#include "session/sandbox-internal.h"
#include "usbip/config.h"

/* The same numbers on every architecture; what is newer than the headers is asked for all the same. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule       445
#define SYS_landlock_restrict_self  446
#endif

#define ACCESS(bit) (UINT64_C(1) << (bit))
enum { /* bits, of linux/landlock.h */
	EXECUTE,
	WRITE_FILE,
	READ_FILE,
	READ_DIR,
	REMOVE_DIR,
	REMOVE_FILE,
	MAKE_CHAR,
	MAKE_DIR,
	MAKE_REG,
	MAKE_SOCK,
	MAKE_FIFO,
	MAKE_BLOCK,
	MAKE_SYM,
	REFER,
	TRUNCATE,
	IOCTL_DEV,
};

/* How many of them each version knows: the last one's is every later one's. */
static const unsigned int known_bits[] = { 0, REFER, TRUNCATE, IOCTL_DEV, IOCTL_DEV,
	IOCTL_DEV + 1 };

/* As of version 6; an older kernel takes it as long as what it does not know is 0. */
struct ruleset {
	uint64_t handled_access_fs;
	uint64_t handled_access_net; /* 4: connecting and listening by TCP */
	uint64_t scoped;             /* 6: abstract sockets, signals */
};

static const uint64_t reading = ACCESS(READ_FILE) | ACCESS(READ_DIR);
static const uint64_t device = ACCESS(READ_FILE) | ACCESS(WRITE_FILE) | ACCESS(IOCTL_DEV);
/* Locks, sockets, and links to them. */
static const uint64_t meeting = ACCESS(READ_FILE) | ACCESS(READ_DIR) | ACCESS(WRITE_FILE) |
	ACCESS(MAKE_REG) | ACCESS(MAKE_SOCK) | ACCESS(MAKE_SYM) | ACCESS(REMOVE_FILE);

/* What is not there needs no rule. */
static const char *const readable[] = {
	/* libraries, what they bring along, and zones */
	"/usr", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/timezone",
	/* the random generator, zeros */
	"/dev/random", "/dev/urandom", "/dev/zero",
	/* USB devices, which of them the kernel has attached from where, video devices */
	"/sys/bus", "/sys/class", "/sys/dev", "/sys/devices", "/sys/module", "/run/vhci_hcd",
	"/var/run/vhci_hcd", SYSCONFDIR "/opencamrc.conf"
};

struct rules {
	int fd;
	uint64_t handled;
	int errnum; /* the first failure */
};

int sandbox_landlock_version(void)
{
	const uint32_t ask_version = 1;
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, ask_version);

	return version > 0 ? (int)version : 0;
}

static void allow_fd(struct rules *rules, int fd, uint64_t access)
{
	struct landlock_path_beneath_attr rule = { .parent_fd = fd };
	struct stat status;

	if (fd < 0)
		return;
	/* A file's own rights are the ones that it can have. */
	if (fstat(fd, &status) == 0 && !S_ISDIR(status.st_mode))
		access &= ACCESS(EXECUTE) | ACCESS(READ_FILE) | ACCESS(WRITE_FILE) |
			ACCESS(TRUNCATE) | ACCESS(IOCTL_DEV);
	rule.allowed_access = access & rules->handled;
	if (syscall(SYS_landlock_add_rule, rules->fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0 &&
		!rules->errnum)
		rules->errnum = errno;
}

static void allow(struct rules *rules, const char *path, uint64_t access)
{
	cleanup_close int fd = open(path, O_PATH | O_CLOEXEC);

	allow_fd(rules, fd, access);
}

/*
 * A rule is of a file, not of its name, and the kernel makes those of /proc anew once it has forgotten
 * them: one that is open is remembered.
 */
static void allow_boot_id(struct rules *rules)
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_PATH | O_CLOEXEC);

	allow_fd(rules, fd, ACCESS(READ_FILE));
}

static void allow_meeting(void *data, int folder)
{
	allow_fd(data, folder, meeting);
}

/* libgphoto2's drivers, and ours, wherever they are: in a build tree each is a link out of its folder. */
static void allow_drivers(struct rules *rules)
{
	cleanup_free char *cameras = camera_drivers_camera_folder();
	cleanup_free char *ports = camera_drivers_port_folder();
	cleanup_free char *own = NULL, *driver = NULL;
	const char *named = getenv("IOLIBS");

	allow(rules, cameras, reading);
	allow(rules, ports, reading);
	if (named && *named)
		allow(rules, named, reading);
	/* Where it is not to be found, opening a camera says so. */
	if (camera_drivers_own_folder(&own, NULL) < 0)
		return;
	allow(rules, own, reading);
	if (asprintf(&driver, "%s/usbip.so", own) < 0)
		driver = NULL;
	else
		allow(rules, driver, reading);
}

/* What libgphoto2 remembers of its drivers; it is read only, and for the next process not written. */
static void allow_settings(struct rules *rules)
{
	const char *home = getenv("HOME"), *config = getenv("XDG_CONFIG_HOME");
	cleanup_free char *old = NULL, *file = NULL;

	if (!home || !*home)
		return;
	if (asprintf(&old, "%s/.gphoto/settings", home) < 0)
		old = orc_must(NULL);
	if (asprintf(&file, "%s%s/gphoto/settings", config && *config ? config : home,
		    config && *config ? "" : "/.config") < 0)
		file = orc_must(NULL);
	allow(rules, old, reading);
	allow(rules, file, reading);
}

static void allow_all(struct rules *rules, bool local)
{
	char config[4096];
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(readable); i++)
		allow(rules, readable[i], reading);
	usbip_config_user_file(config, sizeof(config));
	if (*config)
		allow(rules, config, reading);
	allow_settings(rules);
	allow(rules, "/dev/null", device);
	allow_boot_id(rules);
	allow_drivers(rules);
	place_each_folder(allow_meeting, rules);
	if (!local)
		return;
	allow(rules, "/dev/bus", reading);
	allow(rules, "/dev/bus/usb", reading | device);
	allow(rules, "/run/udev", reading);
}

int sandbox_landlock_enter(bool local)
{
	int version = sandbox_landlock_version();
	size_t at = (size_t)version < ARRAY_LENGTH(known_bits) ? (size_t)version
							       : ARRAY_LENGTH(known_bits) - 1;
	struct ruleset ruleset = {
		.handled_access_fs = ACCESS(known_bits[at]) - 1,
		.handled_access_net = version >= 4 ? 3 : 0,
		.scoped = version >= 6 ? 3 : 0,
	};
	size_t size = version >= 6 ? sizeof(ruleset)
		: version >= 4     ? offsetof(struct ruleset, scoped)
				   : offsetof(struct ruleset, handled_access_net);
	struct rules rules = { .handled = ruleset.handled_access_fs };
	cleanup_close int fd = (int)syscall(SYS_landlock_create_ruleset, &ruleset, size, 0);

	if (fd < 0)
		return -1;
	rules.fd = fd;
	allow_all(&rules, local);
	errno = rules.errnum;
	if (rules.errnum)
		return -1;
	return (int)syscall(SYS_landlock_restrict_self, fd, 0);
}
