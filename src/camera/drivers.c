/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the drivers are: libgphoto2's own, and our port driver. */
#include "camera/drivers.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gphoto2/gphoto2-camera.h>
#include <gphoto2/gphoto2-port-version.h>
#include <gphoto2/gphoto2-version.h>

#define OWN_DRIVER "usbip.so"

/* Cuts the last component off; an empty text stays for the root. */
static void parent(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash)
		*slash = '\0';
}

static bool holds_driver(const char *folder)
{
	cleanup_free char *path = NULL;

	if (asprintf(&path, "%s/%s", folder, OWN_DRIVER) < 0)
		orc_must(path = NULL);
	return access(path, R_OK) == 0;
}

/* lib/opencamrc/iolibs beside the folder that the program stands in. */
static char *folder_beside_program(void)
{
	char exe[PATH_MAX];
	char *folder = NULL;
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (len < 0)
		return NULL;
	exe[len] = '\0';
	parent(exe);
	parent(exe);
	if (asprintf(&folder, "%s/lib/opencamrc/iolibs", exe) < 0)
		orc_must(folder = NULL);
	return folder;
}

int camera_drivers_own_folder(char **folder, struct orc_error *err)
{
	const char *from_environment = getenv("OPENCAMRC_IOLIBS");
	cleanup_free char *beside = NULL;

	if (from_environment && *from_environment) {
		if (!holds_driver(from_environment)) {
			orc_fail(err, ORC_EREFUSED, "OPENCAMRC_IOLIBS is %.120s", from_environment);
			return orc_what(err, "cannot find the port driver " OWN_DRIVER);
		}
		*folder = orc_must(strdup(from_environment));
		return 0;
	}
	beside = folder_beside_program();
	if (beside && holds_driver(beside)) {
		*folder = steal_pointer(&beside);
		return 0;
	}
	if (holds_driver(PKGLIBDIR "/iolibs")) {
		*folder = orc_must(strdup(PKGLIBDIR "/iolibs"));
		return 0;
	}
	orc_fail(err, ORC_EREFUSED, "it is neither in %.80s nor in %.80s", beside ? beside : "?",
		PKGLIBDIR "/iolibs");
	orc_what(err, "cannot find the port driver " OWN_DRIVER);
	return orc_hint(err, "name its folder in OPENCAMRC_IOLIBS");
}

/*
 * The folder NAME/VERSION beside the library that holds a symbol. It follows an upgrade of
 * libgphoto2, which moves the folder that was known when this was built.
 */
static char *folder_beside_library(
	void *symbol, const char *name, const char *version, const char *configured)
{
	char library[PATH_MAX];
	char *folder = NULL;
	Dl_info info;

	if (dladdr(symbol, &info) && info.dli_fname && realpath(info.dli_fname, library)) {
		parent(library);
		if (asprintf(&folder, "%s/%s/%s", library, name, version) < 0)
			orc_must(folder = NULL);
	}
	if (folder && access(folder, R_OK | X_OK) == 0)
		return folder;
	free(folder);
	return orc_must(strdup(configured));
}

char *camera_drivers_port_folder(void)
{
	return folder_beside_library((void *)gp_port_new, "libgphoto2_port",
		gp_port_library_version(GP_VERSION_SHORT)[0], GPHOTO2_IOLIBDIR);
}

char *camera_drivers_camera_folder(void)
{
	const char *from_environment = getenv("CAMLIBS");

	if (from_environment && *from_environment)
		return orc_must(strdup(from_environment));
	return folder_beside_library((void *)gp_camera_new, "libgphoto2",
		gp_library_version(GP_VERSION_SHORT)[0], GPHOTO2_CAMLIBDIR);
}

int camera_driver_environment(char ***environment, struct orc_error *err)
{
	const char *before = getenv("IOLIBS");
	cleanup_free char *own = NULL;
	cleanup_free char *system = NULL;
	char **list;
	int ret;

	ret = camera_drivers_own_folder(&own, err);
	if (ret)
		return ret;
	system = before && *before ? orc_must(strdup(before)) : camera_drivers_port_folder();
	list = orc_must(calloc(2, sizeof(*list)));
	if (asprintf(&list[0], "IOLIBS=%s:%s", system, own) < 0)
		list[0] = orc_must(NULL);
	*environment = list;
	return 0;
}

void camera_environment_free(char **environment)
{
	size_t i;

	if (!environment)
		return;
	for (i = 0; environment[i]; i++)
		free(environment[i]);
	free(environment);
}

const char *camera_library_version(void)
{
	return gp_library_version(GP_VERSION_SHORT)[0];
}

const char *camera_port_library_version(void)
{
	return gp_port_library_version(GP_VERSION_SHORT)[0];
}
