/* SPDX-License-Identifier: GPL-2.0-or-later */
/* File name patterns, as gphoto2 has them. */
#ifndef CMD_PATTERN_H
#define CMD_PATTERN_H

#include <stdbool.h>
#include <time.h>

#include "base/err.h"

/*
 * %n    the file's number, counted from 1; %5n and %05n: five digits, zeros in front (at most 20)
 * %C    the suffix of the camera's name, as the camera spells it: JPG
 * %f    the camera's name without suffix: IMG_0001
 * %F    the camera's folder, without the first slash: store_00020001/DCIM/100CANON
 * %:    the camera's name, in lower case: img_0001.jpg
 * %N    what the camera itself is called, as -r says it, made safe for a file name: router-1-1
 * %a %A %b %B %d %H %k %I %l %j %m %M %S %y %Y   as strftime(3) has them, of the picture's time
 * %%    a per cent sign
 *
 * Anything else after % is an error, as is one at the end. A pattern that ends with a slash means
 * the camera's own names in that folder. A missing suffix gives an empty %C.
 */
struct pattern_file {
	const char *folder, *name; /* on the camera, made plain */
	time_t time;               /* 0: now */
	const char *zone;          /* the caller's TZ; NULL: not set */
	unsigned number;
	const char *camera; /* NULL: "camera" */
};

/* ORC_EUSAGE with the reason: to be asked before anything is shot. */
int pattern_check(const char *pattern, struct orc_error *err) must_check;
/* The file's local name, to be free()d. The pattern has been checked. */
char *pattern_expand(const char *pattern, const struct pattern_file *file) must_check;
/* The same for every file? Then there is room for one. */
bool pattern_is_constant(const char *pattern);
/* Do two cameras' files never have the same name? */
bool pattern_names_camera(const char *pattern);
/* Can the name be told before there is a picture? Then nothing but %n, %N and %% varies. */
bool pattern_is_foreseeable(const char *pattern);

/*
 * A name, or the path of a folder, that the camera made up, as one that leads nowhere else: to be
 * free()d. No name in it begins with a dot; a slash in a name and control characters become "_".
 */
char *pattern_plain_name(const char *name) must_check;
char *pattern_plain_folder(const char *folder) must_check;

/* The length of a name without its suffix and the dot before that. */
size_t pattern_stem(const char *name);
/* The name with "-2" (or the number asked for) before its suffix; to be free()d. */
char *pattern_numbered(const char *path, unsigned number) must_check;

/*
 * Can the pattern, for some file of some camera at some time, come out as that path? Whatever is put
 * in, no part of the path between two slashes begins with a dot that the pattern has not got itself,
 * and it has no control characters. `folders`: the path is one of the folders above such a file.
 */
bool pattern_matches(const char *pattern, const char *path, bool folders);

#endif
