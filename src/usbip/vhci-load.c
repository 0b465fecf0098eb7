/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gets the kernel's driver loaded, or says what is missing. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "usbip/vhci-internal.h"

extern char **environ;

/* By the ID of os-release(5); one that is made from another names it in ID_LIKE. */
static const struct {
	const char *id, *package;
} packages[] = {
	{ "openwrt", "OpenWrt has it in the package kmod-usbip-client" },
	{ "ubuntu", "Ubuntu has it in the package linux-modules-extra-$(uname -r)" },
	{ "debian",
		"Debian has it in its kernel package, linux-image-$(uname -r), but for the "
		"cloud kernels; after an upgrade of the kernel, reboot" },
	{ "raspbian",
		"Raspberry Pi OS has it in its kernel package; after an upgrade of it, "
		"reboot" },
};

/* Is id among the words of the variable's value? */
static bool has_word(const char *text, const char *variable, const char *id)
{
	size_t variable_len = strlen(variable), id_len = strlen(id);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		const char *word, *end;

		line += *line == '\n';
		if (strncmp(line, variable, variable_len) != 0)
			continue;
		end = line + strcspn(line, "\n");
		for (word = line + variable_len; word < end; word++) {
			size_t len = strcspn(word, " \"'\n");

			if (len == id_len && strncmp(word, id, len) == 0)
				return true;
			word += len;
		}
	}
	return false;
}

const char *vhci_package(const char *os_release)
{
	static const char *const variables[] = { "ID=", "ID_LIKE=" };

	for (size_t v = 0; v < ARRAY_LENGTH(variables); v++)
		for (size_t i = 0; i < ARRAY_LENGTH(packages); i++)
			if (has_word(os_release, variables[v], packages[i].id))
				return packages[i].package;
	return "it is the module vhci-hcd, CONFIG_USBIP_VHCI_HCD";
}

/*
 * Whether it did it shows in sysfs: a caller that has SIGCHLD ignored keeps its exit status from us.
 * Its own complaints go unheard: ours say the same and what to do.
 */
static void run_modprobe(void)
{
	static const char *const programs[] = { "/sbin/modprobe", "/usr/sbin/modprobe" };
	char *const argv[] = { (char[]){ "modprobe" }, (char[]){ "vhci-hcd" }, NULL };
	posix_spawn_file_actions_t actions;
	int errnum = ENOENT;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	for (size_t i = 0; i < ARRAY_LENGTH(programs) && errnum != 0; i++)
		errnum = posix_spawn(&pid, programs[i], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (errnum == 0)
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	log_debug("modprobe vhci-hcd: %s", errnum ? strerror(errnum) : "run");
}

static int only_root(struct orc_error *err)
{
	orc_fail(err, ORC_EFILE, "only root may attach and detach USB devices");
	if (err)
		err->errnum = EACCES;
	return ORC_EFILE;
}

int vhci_ready(const struct vhci *vhci, struct orc_error *err)
{
	char path[PATH_MAX], text[4096];
	ssize_t len;

	VHCI_FILE(vhci, path, "attach");
	if (access(path, F_OK) < 0) {
		if (geteuid() != 0)
			return only_root(err);
		run_modprobe();
		if (access(path, F_OK) < 0) {
			len = file_read(vhci->os_release, text, sizeof(text) - 1);
			text[len > 0 ? len : 0] = '\0';
			orc_fail(err, ORC_EREFUSED,
				"this kernel has no driver vhci-hcd, and none can be loaded");
			return orc_hint(err, "%s", vhci_package(text));
		}
	}
	if (access(path, W_OK) == 0)
		return 0;
	if (errno == EACCES || errno == EPERM)
		return only_root(err);
	orc_fail_errno(err, ORC_EFILE, errno);
	return orc_what(err, "cannot write %.150s", path);
}
