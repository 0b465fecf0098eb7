/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A subcommand: its words, its options, and the call of it that is under way. */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include <popt.h>
#include <stdbool.h>
#include <stddef.h>

#include "camera/camera.h"
#include "camera/settings.h"
#include "cmd/dispatch.h"
#include "cmd/io.h"
#include "cmd/progress.h"

struct call;

/*
 * One per file of src/cmd/ that is a verb; the file ends with it. The texts are what help, --usage
 * and the manual's synopsis show. Options carry a `val` each and no `arg`: their values arrive by
 * call_next().
 */
struct command {
	const char *name;
	const char *synopsis; /* what follows "opencamrc NAME"; one form a line */
	const char *summary;  /* one line, no full stop */
	const char *details;  /* a paragraph or more for help; may be NULL */
	const struct poptOption *options;
	const char *examples;   /* one a line */
	bool words_end_options; /* what follows the first word is not ours to parse */
	bool alone;   /* needs the process, or its stdin, for itself: no line of the shell */
	bool several; /* takes several cameras, side by side: see several.h */
	bool camera;  /* runs in the process that holds the camera: see call_elsewhere() */
	/*
	 * Returns 0, a negative enum orc_err with err filled in, or a positive exit status of
	 * its own making (then the command has said what there was to say).
	 */
	int (*run)(struct call *call, struct orc_error *err);
	/*
	 * With several cameras: what is wrong with the options is found here, once, before any
	 * camera is asked. NULL: they cannot be wrong.
	 */
	int (*check)(struct call *call, struct orc_error *err);
};

extern const struct command command_list, command_info, command_capture, command_config,
	command_liveview, command_files, command_tether, command_wait, command_focus, command_open,
	command_close, command_interval, command_shell, command_attach, command_detach,
	command_ports, command_env, command_doctor, command_help, command_version;

/* In the order in which help lists them; ends with NULL. */
extern const struct command *const commands[];
const struct command *command_find(const char *name);
/* ORC_EUSAGE: there is none of that name; the hint is the nearest one. */
int command_unknown(const char *name, struct orc_error *err);

/* Options that every command takes, before its name and after. */
struct globals {
	const char *remote; /* the last of those below */
	const char **remotes;
	size_t remote_count;
	bool all; /* cameras that there are */
	const char *port, *model;
	const char *ssh;      /* NULL: as configured */
	int64_t timeout_msec; /* 0: the default */
	nsec_t wait_nsec;     /* for a camera that another command is using */
	bool json, quiet, debug;
	bool sandbox; /* false: as configured */
	const char *debug_logfile;
	bool help, usage, version;
};

extern const struct poptOption global_options[];

struct option_value {
	int val;
	char *arg;  /* NULL for a flag */
	char *name; /* the long one, "--count", however the user wrote it */
};

/* One call of one command. */
struct call {
	const struct command *command; /* NULL while the global options are read */
	int argc;                      /* the whole line, as it was given */
	const char *const *argv;
	struct outcome *outcome;
	struct io *io;
	struct globals globals;
	const char *const *words; /* what is no option; ends with NULL */
	size_t word_count;
	bool several;          /* cameras do the same, each by a call of its own */
	bool begun;            /* the camera has been had */
	struct camera *camera; /* from call_camera() until the call rests; NULL before and after */
	struct progress progress;

	struct option_value *values; /* what call_next() walks through */
	size_t value_count, value_next;
	const struct option_value *value; /* the current one */
	poptContext contexts[2];          /* words point into them */
};

/* Reads global options up to the first word. ORC_EUSAGE names the nearest option. */
int call_parse_globals(
	struct call *call, int argc, const char **argv, struct orc_error *err) must_check;
/* Reads the rest: words (its first is the command's name) against call->command's options. */
int call_parse_command(
	struct call *call, int argc, const char **argv, struct orc_error *err) must_check;
/* Closes the camera, forgets everything else. */
void call_free(struct call *call);

/* The next option's val, with call->value set; 0 at the end. */
int call_next(struct call *call);
/* The current option's value; ORC_EUSAGE with the option's name. */
int call_long(const struct call *call, long minimum, long maximum, long *value,
	struct orc_error *err) must_check;
int call_duration(const struct call *call, nsec_t *nsec, struct orc_error *err) must_check;
/* The same, where 0 makes no sense. */
int call_some_time(const struct call *call, nsec_t *nsec, struct orc_error *err) must_check;
/* NAME=VALUE, put behind the *count changes that there are: *changes is to be free()d, their texts are
 * the option's. */
int call_change(const struct call *call, struct setting_change **changes, size_t *count,
	struct orc_error *err) must_check;
/* Is this one --all, the global one? */
bool call_is_all(const struct option_value *value);
/* ORC_EUSAGE naming the first word too many. */
int call_no_more_words(const struct call *call, size_t taken, struct orc_error *err) must_check;
/* ORC_EUSAGE, "…" and a hint at the command's help. */
int call_misused(const struct call *call, struct orc_error *err, const char *why, ...)
	__attribute__((format(printf, 3, 4)));

/* What the user calls it: what -r says, else its address. Good as long as the call. */
const char *call_camera_name(const struct call *call);
/* How to reach the camera that the global options name. */
struct camera_options call_camera_options(struct call *call);
/* How long the process that holds it may take to answer at all: --wait, and no less than a slow machine takes. */
int64_t call_patience_msec(const struct call *call);
/*
 * The camera, for this call alone until it rests: waits for its turn, opens the camera where it is
 * not open. Other calls, in threads of their own, have it in between: the pointer is good until the
 * next call_rest(), call_sleep_until() or call_drop_camera(), then it has to be asked for again.
 */
int call_camera(struct call *call, struct camera **camera, struct orc_error *err) must_check;
/*
 * Where this process has no camera: asks which one is meant, opens none, and has the command run by its
 * owner once this one has returned 0 (job->moved); where it has none job->moved stays empty.
 */
int call_seek_holder(struct call *call, struct orc_error *err) must_check;
/*
 * Lets those who wait have the camera: between two frames, two shots, two files; and before what may be
 * long is printed, which nobody may be reading.
 */
void call_rest(struct call *call);
/* Rests, and sleeps; returns early, with ORC_ESIGNAL, when a signal asks to stop. */
int call_sleep_until(struct call *call, struct deadline deadline) must_check;
/*
 * The camera, to put it in order at the end of a command: also after a signal, and only where it is
 * open and its link whole; NULL otherwise.
 */
struct camera *call_camera_to_end(struct call *call) must_check;
/* Closes a camera that is lost, and rests; the next call_camera() opens it anew. */
void call_drop_camera(struct call *call);

/*
 * Has the call run where the camera is held, by a process that is made where there is none
 * (session/caller.h); `holder_only`: where there is one, or ORC_EAGAIN. A positive exit status, 0, or
 * what kept it from being run.
 */
int call_elsewhere(struct call *call, bool holder_only, struct orc_error *err) must_check;
/* Runs what came from elsewhere: an owner's way to run its jobs. */
void call_run_job(struct job *job);

/* `opencamrc: COMMAND: line` on err. Wanted where a command goes on after an error. */
void call_report(const struct call *call, const struct orc_error *err);
/*
 * What a command returns whose end, which puts things in order, may fail as well: the first of the two. ret
 * has its error in err already; that of the end is put there, or reported where it is the second
 * and no signal.
 */
int call_first_error(const struct call *call, int ret, int ended, const struct orc_error *end_err,
	struct orc_error *err) must_check;
/* The same as call_report() for something that is not an error; nothing when quiet. */
void call_warn(const struct call *call, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Pages of help, on out. */
void help_overview(struct io *io);
void help_command(struct io *io, const struct command *command);
void help_usage(struct io *io, const struct command *command);
void help_version(struct io *io, bool json);

#endif
