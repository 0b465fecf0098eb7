/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the drivers are: libgphoto2's own, and our port driver. */
#ifndef CAMERA_DRIVERS_H
#define CAMERA_DRIVERS_H

#include "base/err.h"

/*
 * The folder that holds our port driver usbip.so: $OPENCAMRC_IOLIBS, or lib/opencamrc/iolibs beside the
 * program's own folder (a build tree, or a prefix that was moved), or the installed one. On the
 * heap; ORC_EREFUSED with the places looked at where there is none.
 */
int camera_drivers_own_folder(char **folder, struct orc_error *err) must_check;
/* libgphoto2's folders, on the heap: found beside the library that is loaded, else as configured. */
char *camera_drivers_port_folder(void);
char *camera_drivers_camera_folder(void);

/*
 * What another libgphoto2 program needs in its environment to have our driver beside its own:
 * "NAME=VALUE" texts, NULL at the end (now only IOLIBS). Free with camera_environment_free().
 */
int camera_driver_environment(char ***environment, struct orc_error *err) must_check;
void camera_environment_free(char **environment);

/* The versions of the libraries that we run on: "2.5.30". */
const char *camera_library_version(void);
const char *camera_port_library_version(void);

#endif
