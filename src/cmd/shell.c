/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc shell: commands from stdin, one a line. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/command.h"
#include "cmd/complete.h"
#include "cmd/dispatch.h"
#include "cmd/json.h"
#include "cmd/known-settings.h"
#include "cmd/prompt.h"
#include "cmd/shell-line.h"
#include "config.h"
#include "session/caller.h"

enum {
	OPTION_ERREXIT = 1,
};

static const struct poptOption options[] = {
	{ "errexit", 'e', POPT_ARG_NONE, NULL, OPTION_ERREXIT,
		"end at the first line that fails, with its status", NULL },
	POPT_TABLEEND,
};

static const char *const own_words[] = { "exit", "quit", NULL };

struct shell {
	struct call *call;
	bool errexit;
	bool interactive; /* somebody types: there is a prompt, and Control-C ends a line alone */
	bool ended;       /* exit, or quit */
	struct session_caller *session; /* the camera stays open from line to line */
	int null; /* the commands' stdin: they must not eat the lines that follow */
	struct line_reader reader;
	struct completer completer;
	struct known_settings settings;
	struct deadline settings_end; /* then they are asked for again */
	struct prompt *prompt;        /* NULL: lines come from the reader */
	char *prompt_text;
	char *typed;          /* the line that came from the prompt */
	uint64_t line_number; /* of the line that was read last */
	int status;           /* of the first line that failed; 0: none */
};

static const char *address_of(const struct globals *globals)
{
	if (globals->remote)
		return globals->remote;
	return globals->port ? globals->port : getenv("OPENCAMRC_REMOTE");
}

/* Runs what is no word of the shell's own. */
static void run_line(struct shell *shell, struct io *io, const struct line *line,
	const struct shell_look *look, struct outcome *outcome)
{
	struct shell_arguments arguments;

	if (!io->in_tty)
		io->in = shell->null;
	io->quiet = false;
	io_look(io);
	shell_arguments_make(&arguments, &shell->call->globals, look, line);
	dispatch(io, (int)arguments.count, arguments.words, outcome);
	shell_arguments_free(&arguments);
}

#ifdef HAVE_LIBEDIT
/* For completion: asked of the camera where a line wants them, once a minute at most. */
static const struct complete_setting *ask_settings(
	void *data, const struct complete_camera *camera, size_t *count)
{
	const int64_t good_msec = 60 * 1000;
	char config[] = "config", list[] = "list", json[] = "--json";
	char *words[] = { config, list, json, NULL };
	const struct line line = { .words = words, .count = ARRAY_LENGTH(words) - 1 };
	const struct shell_look look = { .name = config };
	struct shell_arguments arguments;
	struct shell *shell = data;

	(void)camera; /* the shell's own is open */
	if (deadline_passed(shell->settings_end)) {
		shell_arguments_make(&arguments, &shell->call->globals, &look, &line);
		known_settings_ask(
			&shell->settings, shell->call->io, (int)arguments.count, arguments.words);
		shell_arguments_free(&arguments);
		shell->settings_end = deadline_after_msec(good_msec);
	}
	*count = shell->settings.count;
	return shell->settings.items;
}
#endif

static int start(struct shell *shell, struct orc_error *err)
{
	struct io *io = shell->call->io;
	const char *address = address_of(&shell->call->globals);

	shell->null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (shell->null < 0) {
		orc_fail_errno(err, ORC_EFILE, errno);
		return orc_what(err, "cannot open /dev/null");
	}
	shell->interactive = io->in_tty && io->err_tty;
	if (!shell->interactive)
		return 0;
	if (asprintf(&shell->prompt_text, "opencamrc%s%s> ", address ? " " : "",
		    address ? address : "") < 0)
		orc_must(shell->prompt_text = NULL);
#ifdef HAVE_LIBEDIT
	shell->completer = (struct completer){
		.commands = commands,
		.globals = global_options,
		.own = own_words,
		.cwd = io->cwd,
		.settings = ask_settings,
		.settings_data = shell,
	};
	shell->prompt = prompt_new(io, shell->prompt_text, &shell->completer);
#endif
	return 0;
}

static void stop(struct shell *shell)
{
#ifdef HAVE_LIBEDIT
	prompt_destroy(shell->prompt);
	known_settings_free(&shell->settings);
#endif
	line_reader_free(&shell->reader);
	free(shell->prompt_text);
	free(shell->typed);
	if (shell->null >= 0)
		close(shell->null);
}

/* Bytes from stdin to the reader. */
static int read_more(struct shell *shell, struct orc_error *err)
{
	struct io *io = shell->call->io;
	size_t room;
	char *buf = line_reader_room(&shell->reader, &room);
	ssize_t len = io_read(io, io->in, buf, room);

	if (len == ORC_ESIGNAL)
		return io_fail_signal(io, err);
	if (len < 0) {
		orc_fail_errno(err, ORC_EFILE, errno);
		return orc_what(err, "cannot read standard input");
	}
	line_reader_add(&shell->reader, (size_t)len);
	return 0;
}

static int read_plain(struct shell *shell, char **text, struct orc_error *err)
{
	int ret;

	if (shell->interactive)
		io_complain(shell->call->io, "%s", shell->prompt_text);
	for (;;) {
		ret = line_reader_next(&shell->reader, text, err);
		if (ret != 0 || shell->reader.ended)
			break;
		ret = read_more(shell, err);
		if (ret < 0)
			break;
	}
	/* Nobody pressed Enter. */
	if (shell->interactive && (ret == 0 || ret == ORC_ESIGNAL))
		io_complain(shell->call->io, "\n");
	if (ret == ORC_ESIGNAL)
		line_reader_drop(&shell->reader);
	return ret;
}

/* 1 and a line, 0 at the end, ORC_EUSAGE for a line that is none, or ORC_ESIGNAL, ORC_EFILE. */
static int next_line(struct shell *shell, char **text, struct orc_error *err)
{
#ifdef HAVE_LIBEDIT
	int ret;

	if (shell->prompt) {
		free(shell->typed);
		shell->typed = NULL;
		ret = prompt_read(shell->prompt, &shell->typed, err);
		*text = shell->typed;
		return ret;
	}
#endif
	return read_plain(shell, text, err);
}

/* ORC_EUSAGE for what has no place on a line; 0 otherwise. */
static int check(struct shell *shell, const struct line *line, const struct shell_look *look,
	struct orc_error *err)
{
	size_t i;

	for (i = 0; look->name && own_words[i]; i++) {
		if (strcmp(look->name, own_words[i]) != 0)
			continue;
		if (line->count > 1)
			return orc_fail(err, ORC_EUSAGE, "%s stands alone", look->name);
		shell->ended = true;
		return 0;
	}
	if (look->command && look->command->alone) {
		orc_fail(err, ORC_EUSAGE, "%s is not for a line of the shell", look->name);
		return orc_hint(err, "run it from another one");
	}
	if (look->own_log) {
		orc_fail(err, ORC_EUSAGE, "--debug-logfile is not for a line of the shell");
		return orc_hint(err, "opencamrc --debug-logfile FILE shell");
	}
	return 0;
}

/* What a bridge waits for: this line is done. */
static void close_answer(struct shell *shell, const struct line *line,
	const struct shell_look *look, const struct outcome *outcome)
{
	cleanup_json struct json_object *object = NULL;

	if (!shell->call->globals.json)
		return;
	object = json_new();
	json_put_count(object, "line", shell->line_number);
	json_put_string(object, "id", line->id);
	json_put_string(object, "command", look->name);
	json_put_count(object, "status", (uint64_t)outcome->status);
	json_put_string(object, "error", outcome->error[0] ? outcome->error : NULL);
	json_print(shell->call->io, object);
}

/* One line from its text, or from why it is none (ret < 0), to its answer. */
static void answer(struct shell *shell, const char *text, int ret, struct orc_error *err)
{
	struct outcome outcome = { 0 };
	struct io io = *shell->call->io;
	struct line line = { 0 };
	struct shell_look look = { 0 };

	if (ret >= 0)
		ret = line_split(&line, text, err);
	if (ret == 0 && line.count > 0) {
		shell_look(&line, shell->call->io, &look);
		ret = check(shell, &line, &look, err);
		if (ret == 0 && !shell->ended) {
			run_line(shell, &io, &line, &look, &outcome);
			/* It may have written in another process. */
			shell->call->io->out_errnum =
				outcome.status == 128 + SIGPIPE ? EPIPE : io.out_errnum;
		}
	}
	if (ret < 0) {
		orc_error_line(err, outcome.error, sizeof(outcome.error));
		outcome.status = orc_exit_status(ret, 0);
		if (shell->interactive)
			call_report(shell->call, err);
		else
			io_complain(shell->call->io, "opencamrc: shell: line %" PRIu64 ": %s\n",
				shell->line_number, outcome.error);
	}
	if (ret < 0 || line.count > 0 || line.id)
		close_answer(shell, &line, &look, &outcome);
	if (!shell->status)
		shell->status = outcome.status;
	line_free(&line);
}

/* True where somebody at a terminal pressed Control-C: that is answered, the shell goes on. */
static bool take_interrupt(struct shell *shell)
{
	struct io *io = shell->call->io;

	if (!shell->interactive || !io->signal_answered || !io->signal ||
		io->signal(io->signal_data) != SIGINT)
		return false;
	io->signal_answered(io->signal_data);
	return true;
}

static int loop(struct shell *shell, struct orc_error *err)
{
	struct io *io = shell->call->io;
	char *text = NULL;
	int ret;

	while (!shell->ended) {
		ret = next_line(shell, &text, err);
		if (ret == ORC_ESIGNAL && take_interrupt(shell))
			continue;
		if (ret == 0 || (ret < 0 && ret != ORC_EUSAGE))
			return ret;
		shell->line_number++;
		answer(shell, text, ret, err);
		if (!take_interrupt(shell) && io_cancelled(io))
			return io_fail_signal(io, err);
		/* Nobody is left to be answered. */
		if (io->out_errnum == EPIPE)
			return ORC_EPIPE;
		io->out_errnum = 0;
		if (shell->errexit && shell->status)
			break;
	}
	return 0;
}

static int run_shell(struct call *call, struct orc_error *err)
{
	struct shell shell = { .call = call, .null = -1 };
	int ret;

	call->io->session = &shell.session;
	while (call_next(call))
		shell.errexit = true;
	ret = call_no_more_words(call, 0, err);
	if (ret == 0)
		ret = start(&shell, err);
	if (ret == 0)
		ret = loop(&shell, err);
	/* Who has typed the lines has seen what became of them. */
	if (ret == 0 && (!shell.interactive || shell.errexit))
		ret = shell.status;
	call->io->session = NULL;
	session_end(shell.session);
	stop(&shell);
	return ret;
}

const struct command command_shell = {
	.name = "shell",
	.synopsis = "[--errexit] [< FILE]",
	.summary = "run commands from stdin, one a line",
	.details =
		"A line is what stands behind opencamrc on a command line, quoted as for a shell; "
		"# begins a comment; exit, quit or the end of the file end it. Options of every "
		"command that are given to the shell count for every line. An error does not end "
		"it; the exit status is that of the first line that failed. With --json a line's "
		"answer ends with {\"line\",\"id\",\"command\",\"status\",\"error\"}; `@ID "
		"COMMAND` "
		"has that ID echoed.",
	.options = options,
	.examples = "opencamrc -r router shell\n"
		    "printf '%s\\n' 'config iso=400' capture | opencamrc -r router shell -e\n"
		    "coproc CAMERA { opencamrc -r router shell --json; }",
	.alone = true,
	.run = run_shell,
};
