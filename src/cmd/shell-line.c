/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a line of the shell to the arguments of dispatch(): the shell's own options, then the line's. */
#include "cmd/shell-line.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void shell_look(const struct line *line, struct io *io, struct shell_look *look)
{
	struct call call = { .io = io };
	const char **argv = orc_must(calloc(line->count + 2, sizeof(*argv)));
	size_t i;

	*look = (struct shell_look){ 0 };
	argv[0] = "opencamrc";
	for (i = 0; i < line->count; i++)
		argv[i + 1] = line->words[i];
	if (call_parse_globals(&call, (int)line->count + 1, argv, NULL) == 0 && call.word_count) {
		for (i = 0; i < line->count && !look->name; i++)
			if (strcmp(line->words[i], call.words[0]) == 0)
				look->name = line->words[i];
		look->command = call.command = command_find(call.words[0]);
		if (call.command &&
			call_parse_command(&call, (int)call.word_count,
				(const char **)(uintptr_t)call.words, NULL) < 0)
			look->command = NULL;
	}
	look->own_camera = call.globals.remote || call.globals.port;
	look->all = call.globals.all;
	look->own_log = call.globals.debug_logfile;
	call_free(&call);
	free(argv);
}

__attribute__((format(printf, 2, 3))) static void add_text(
	struct shell_arguments *arguments, const char *format, ...)
{
	char **text = &arguments->texts[arguments->count];
	va_list ap;

	va_start(ap, format);
	if (vasprintf(text, format, ap) < 0)
		orc_must(*text = NULL);
	va_end(ap);
	arguments->words[arguments->count++] = *text;
}

void shell_arguments_make(struct shell_arguments *arguments, const struct globals *globals,
	const struct shell_look *look, const struct line *line)
{
	size_t i;

	*arguments = (struct shell_arguments){ 0 };
	arguments->words = orc_must(calloc(
		line->count + ARRAY_LENGTH(arguments->texts) + 1, sizeof(*arguments->words)));
	add_text(arguments, "opencamrc");
	if (globals->remote && !look->own_camera)
		add_text(arguments, "--remote=%s", globals->remote);
	/* Of the shell's server, where it has one. */
	if (globals->port && !look->own_camera && !look->all)
		add_text(arguments, "--port=%s", globals->port);
	if (globals->model && !look->own_camera && !look->all)
		add_text(arguments, "--camera=%s", globals->model);
	if (globals->ssh)
		add_text(arguments, "--ssh=%s", globals->ssh);
	if (globals->sandbox)
		add_text(arguments, "--sandbox");
	if (globals->timeout_msec)
		add_text(arguments, "--timeout=%" PRId64 "ms", globals->timeout_msec);
	add_text(arguments, "--wait=%" PRId64 "ms", globals->wait_nsec / NSEC_PER_MSEC);
	if (globals->json)
		add_text(arguments, "--json");
	if (globals->quiet)
		add_text(arguments, "--quiet");
	if (globals->debug)
		add_text(arguments, "--debug");
	if (globals->debug_logfile)
		add_text(arguments, "--debug-logfile=%s", globals->debug_logfile);
	for (i = 0; i < line->count; i++)
		arguments->words[arguments->count++] = line->words[i];
}

void shell_arguments_free(struct shell_arguments *arguments)
{
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(arguments->texts); i++)
		free(arguments->texts[i]);
	free(arguments->words);
}
