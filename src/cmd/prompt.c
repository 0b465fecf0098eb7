/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shell's lines where somebody types them: editing, history, completion, by libedit. */
#include "cmd/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <histedit.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "base/utf8.h"
#include "cmd/complete.h"
#include "cmd/history.h"

struct prompt {
	struct io *io;
	const char *text;
	const struct completer *completer;
	FILE *in, *err;
	EditLine *edit;
	History *history;
	char *history_path; /* NULL: it is not kept */
};

static struct prompt *prompt_of(EditLine *edit)
{
	void *data = NULL;

	el_get(edit, EL_CLIENTDATA, &data);
	return data;
}

static char *show_prompt(EditLine *edit)
{
	return (char *)(uintptr_t)prompt_of(edit)->text;
}

/* Back from a stop, or the window has another size. */
static void look_again(EditLine *edit)
{
	el_resize(edit);
	el_set(edit, EL_PREP_TERM, 0);
	el_set(edit, EL_PREP_TERM, 1);
	el_set(edit, EL_REFRESH);
}

/* A byte: 1, 0 at the end, -1 when a signal asks to stop. */
static int read_byte(EditLine *edit, const struct io *io, char *byte)
{
	const int slice_msec = 1000; /* another thread may get the signal */
	struct pollfd wait = { .fd = io->in, .events = POLLIN };
	ssize_t len;

	for (;;) {
		if (io_cancelled((void *)(uintptr_t)io))
			return -1;
		if (poll(&wait, 1, slice_msec) < 0) {
			look_again(edit);
			continue;
		}
		if (!wait.revents)
			continue;
		len = read(io->in, byte, 1);
		if (len >= 0)
			return (int)len;
		if (errno != EINTR && errno != EAGAIN)
			return 0;
	}
}

/* libedit's own would begin a read() anew that a signal has ended. */
static int read_key(EditLine *edit, wchar_t *key)
{
	const struct prompt *prompt = prompt_of(edit);
	mbstate_t state = { 0 };
	char byte;
	int ret;

	for (;;) {
		ret = read_byte(edit, prompt->io, &byte);
		if (ret <= 0)
			return ret;
		switch (mbrtowc(key, &byte, 1, &state)) {
		case (size_t)-1: /* no character of this locale */
			memset(&state, 0, sizeof(state));
			continue;
		case (size_t)-2:
			continue;
		default:
			return 1;
		}
	}
}

/* In columns, below the line; of file names what is behind the folder. */
static void list_items(struct prompt *prompt, const struct completions *all)
{
	size_t width = 1, across, i;

	for (i = 0; i < all->count; i++) {
		size_t len = strlen(all->items[i].word);

		utf8_disarm(all->items[i].word);
		width = len > width ? len : width;
	}
	across = prompt->io->columns / (width + 2);
	across = across > 0 ? across : 1;
	fputc('\n', prompt->err);
	for (i = 0; i < all->count; i++)
		fprintf(prompt->err, "%-*s%s", (int)width + 2, all->items[i].word,
			(i + 1) % across == 0 || i + 1 == all->count ? "\n" : "");
	fflush(prompt->err);
}

static unsigned char complete_word(EditLine *edit, int key)
{
	struct prompt *prompt = prompt_of(edit);
	const LineInfo *info = el_line(edit);
	cleanup_free char *text =
		orc_must(strndup(info->buffer, (size_t)(info->cursor - info->buffer)));
	struct completions all;
	unsigned char ret = CC_REFRESH;

	(void)key;
	complete_line(prompt->completer, text, &all);
	if (all.count == 0) {
		ret = CC_REFRESH_BEEP;
	} else if (*all.insert) {
		if (el_insertstr(edit, all.insert) < 0)
			ret = CC_REFRESH_BEEP;
	} else {
		list_items(prompt, &all);
		ret = CC_REDISPLAY;
	}
	complete_free(&all);
	return ret;
}

static void remember(const char *line, void *data)
{
	struct prompt *prompt = data;
	HistEvent event;

	history(prompt->history, &event, H_ENTER, line);
}

static void start_history(struct prompt *prompt)
{
	HistEvent event;

	prompt->history = orc_must(history_init());
	history(prompt->history, &event, H_SETSIZE, HISTORY_LINES);
	history(prompt->history, &event, H_SETUNIQUE, 1);
	prompt->history_path = history_path();
	if (prompt->history_path)
		history_load(prompt->history_path, remember, prompt);
}

static bool can_edit(void)
{
	const char *terminal = getenv("TERM");

	return terminal && *terminal && strcmp(terminal, "dumb") != 0;
}

/* A nobody's handler: without one, being stopped and gone on with would not end poll(). */
static void wake(int number)
{
	(void)number;
}

static void listen_to_terminal(void)
{
	const struct sigaction action = { .sa_handler = wake };

	sigaction(SIGCONT, &action, NULL);
	sigaction(SIGWINCH, &action, NULL);
}

struct prompt *prompt_new(struct io *io, const char *text, const struct completer *completer)
{
	struct prompt *prompt;

	if (!can_edit())
		return NULL;
	prompt = orc_must(calloc(1, sizeof(*prompt)));
	prompt->io = io;
	prompt->text = text;
	prompt->completer = completer;
	prompt->in = orc_must(fdopen(fcntl(io->in, F_DUPFD_CLOEXEC, 3), "r"));
	prompt->err = orc_must(fdopen(fcntl(io->err, F_DUPFD_CLOEXEC, 3), "w"));
	prompt->edit = orc_must(el_init("opencamrc", prompt->in, prompt->err, prompt->err));
	start_history(prompt);
	el_set(prompt->edit, EL_CLIENTDATA, prompt);
	el_set(prompt->edit, EL_SIGNAL, 0);
	el_set(prompt->edit, EL_PROMPT, show_prompt);
	el_set(prompt->edit, EL_EDITOR, "emacs");
	el_set(prompt->edit, EL_HIST, history, prompt->history);
	el_set(prompt->edit, EL_ADDFN, "complete", "complete the word", complete_word);
	el_set(prompt->edit, EL_BIND, "^I", "complete", NULL);
	el_set(prompt->edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
	el_source(prompt->edit, NULL); /* the user's own ~/.editrc */
	el_set(prompt->edit, EL_GETCFN, read_key);
	listen_to_terminal();
	return prompt;
}

void prompt_destroy(struct prompt *prompt)
{
	if (!prompt)
		return;
	el_end(prompt->edit);
	history_end(prompt->history);
	fclose(prompt->in);
	fclose(prompt->err);
	free(prompt->history_path);
	free(prompt);
}

int prompt_read(struct prompt *prompt, char **line, struct orc_error *err)
{
	const char *text;
	int len = 0;

	io_look(prompt->io);
	el_resize(prompt->edit);
	text = el_gets(prompt->edit, &len);
	if (!text || len <= 0) {
		fputc('\n', prompt->err);
		fflush(prompt->err);
		return io_cancelled(prompt->io) ? io_fail_signal(prompt->io, err) : 0;
	}
	*line = orc_must(strndup(text, (size_t)len));
	(*line)[strcspn(*line, "\r\n")] = '\0';
	if ((*line)[strspn(*line, " \t")]) {
		remember(*line, prompt);
		if (prompt->history_path)
			history_add(prompt->history_path, *line);
	}
	return 1;
}
