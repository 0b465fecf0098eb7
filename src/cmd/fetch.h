/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of a shot that has just been taken: which are wanted, fetched, printed. */
#ifndef CMD_FETCH_H
#define CMD_FETCH_H

#include "cmd/download.h"
#include "cmd/hook-queue.h"

struct json_object;

enum fetch_wanted { FETCH_ALL, FETCH_RAW, FETCH_JPEG };

/* The same for all shots of one call. Zero-initialised: every file, and those on the card stay. */
struct fetch {
	struct download download; /* its `shot` is the caller's to set */
	enum fetch_wanted wanted;
	bool both;                /* halves of a pair were asked for, each as the only one */
	bool no_keep;             /* deleted from the card once it is here */
	const char *hook;         /* the script that is run with ACTION=download; NULL: none */
	struct hook_queue *hooks; /* where that runs instead, some time later; NULL: at once */
	bool events;    /* a file that is here is one event of several, in JSON: events.h */
	size_t missing; /* files that are not as they were asked for, each named on err */
	/* Adds keys of the caller's own to each object that is printed; NULL: none. */
	void (*label)(struct json_object *object, void *data);
	void *label_data;
};

/* For a command's option table: what stays on the card, and what becomes of a file that exists. */
enum {
	FETCH_OPTION_NO_KEEP = 600, /* above RAMPING_OPTION_…, below the global ones */
	FETCH_OPTION_RAW_ONLY,
	FETCH_OPTION_JPEG_ONLY,
	FETCH_OPTION_FORCE,
	FETCH_OPTION_SKIP_EXISTING,
};
/* clang-format off */
#define FETCH_CARD_OPTIONS \
	{ "no-keep", 0, POPT_ARG_NONE, NULL, FETCH_OPTION_NO_KEEP, \
		"delete the pictures from the card once they are here", NULL }, \
	{ "raw-only", 0, POPT_ARG_NONE, NULL, FETCH_OPTION_RAW_ONLY, \
		"of a RAW+JPEG pair fetch the RAW; the other stays", NULL }, \
	{ "jpeg-only", 0, POPT_ARG_NONE, NULL, FETCH_OPTION_JPEG_ONLY, \
		"of a RAW+JPEG pair fetch the JPEG; the other stays", NULL }
#define FETCH_FILE_OPTIONS \
	{ "force", 0, POPT_ARG_NONE, NULL, FETCH_OPTION_FORCE, "replace files that exist", NULL }, \
	{ "skip-existing", 0, POPT_ARG_NONE, NULL, FETCH_OPTION_SKIP_EXISTING, \
		"do not fetch where the file exists", NULL }
/* clang-format on */

/* Takes an option that is one of those; false where it is none. */
bool fetch_option(struct fetch *fetch, int option);
/* Checks the pattern, and that no option contradicts another; ORC_EUSAGE. */
int fetch_prepare(struct fetch *fetch, struct call *call, struct orc_error *err) must_check;
void fetch_free(struct fetch *fetch);

/* By its suffix; what is no JPEG is taken for a RAW. */
bool fetch_is_jpeg(const char *name);
/* Of a RAW+JPEG pair only one half may be wanted. */
bool fetch_wants(const struct fetch *fetch, const struct camera_file *file);
/* Of the files of one shot: where none is of the half that is wanted it is no pair, and all are. */
bool fetch_wants_of(
	const struct fetch *fetch, const struct camera_file *files, size_t count, size_t index);
/* The camera keeps it until the next one is taken, and on no card. */
bool fetch_in_memory(const struct camera_file *file);

/*
 * Fetches one file, deletes it on the camera where it shall not stay, prints its name and runs the
 * hook. An error is the download's: then nothing was deleted. What fails after it is reported.
 */
int fetch_file(struct fetch *fetch, struct call *call, struct camera *camera, long shot,
	const struct camera_file *file, struct orc_error *err) must_check;

/* The line of a file on out, or its JSON object; done is NULL where it was not fetched. */
void fetch_print(const struct fetch *fetch, struct call *call, long shot,
	const struct camera_file *file, const struct downloaded *done, bool kept);
/* Says, also when quiet, that a file was not fetched and where it is, or was. */
void fetch_name_left(struct call *call, const struct camera_file *file);

#endif
