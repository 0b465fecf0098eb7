/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the brands call the same setting, and the same value of it. */
#ifndef CAMERA_NAMES_H
#define CAMERA_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* Settings that this suite itself works with; users may type these names on any body, too. */
#define NAME_ISO          "iso"
#define NAME_APERTURE     "aperture"
#define NAME_SHUTTER      "shutter"
#define NAME_MODE         "mode"
#define NAME_EV           "ev"
#define NAME_FORMAT       "format"
#define NAME_DRIVE        "drive"
#define NAME_METERING     "metering"
#define NAME_WB           "wb"
#define NAME_FOCUS_MODE   "focusmode"
#define NAME_SERIAL       "serial"
#define NAME_BATTERY      "battery"
#define NAME_LENS         "lens"
#define NAME_MANUFACTURER "manufacturer"
#define NAME_VERSION      "version"

/* The name that all bodies share for a name of any of them, or for that name itself; else NULL. */
const char *name_common(const char *name);
/* Whether the setting is that one, by whatever name. */
bool name_is(const char *name, const char *common);
/* Whether some body has it under this name: not so "shutter". */
bool name_is_native(const char *name);
/* The same setting's name on a body of this USB vendor, the best first; NULL behind the last. */
const char *name_native(const char *name, unsigned vendor, size_t index);
/*
 * Whether the two are values of that setting and mean the same: M and Manual of the mode, and what one libgphoto2 or
 * another calls an EOS's formats.
 */
bool name_same_value(const char *name, const char *a, const char *b);

#endif
