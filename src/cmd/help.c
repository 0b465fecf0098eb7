/* SPDX-License-Identifier: GPL-2.0-or-later */
/* help and version: the pages are made from the tables of commands and options. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "camera/drivers.h"
#include "cmd/command.h"
#include "cmd/completion.h"
#include "cmd/json.h"
#include "config.h"
#include "session/sandbox.h"
#include "usbip/discover.h"

#ifndef HAVE_LIBEDIT
#define LIBEDIT_VERSION NULL
#endif
#ifndef LIBEXIF_VERSION
#define LIBEXIF_VERSION NULL
#endif
#ifdef HAVE_ATTACH
#define WITH_ATTACH "vhci-hcd"
#else
#define WITH_ATTACH NULL
#endif
#ifdef HAVE_WEBCAM
#define WITH_WEBCAM "v4l2loopback"
#else
#define WITH_WEBCAM NULL
#endif

static int option_width(const struct poptOption *option, char *buf, size_t size)
{
	char letter[8] = "    ";

	if (option->shortName)
		snprintf(letter, sizeof(letter), "-%c, ", option->shortName);
	return snprintf(buf, size, "%s--%s%s%s", letter, option->longName,
		option->argDescrip ? "=" : "", option->argDescrip ? option->argDescrip : "");
}

/* Columns, for our own texts: a character a column, whatever bytes it has. */
static unsigned words_width(const char *text, size_t len)
{
	unsigned width = 0;
	size_t i;

	for (i = 0; i < len; i++)
		width += ((unsigned char)text[i] & 0xc0) != 0x80;
	return width;
}

/* Words of text, broken at the terminal's edge, each line after the first indented. */
static void print_wrapped(struct io *io, const char *text, unsigned indent, unsigned column)
{
	unsigned edge = io->columns > 100 ? 100 : io->columns;
	const char *between = "";
	unsigned width;
	size_t len;

	for (; *text; text += len + (text[len] != '\0')) {
		len = strcspn(text, " ");
		width = words_width(text, len);
		if (*between && column + strlen(between) + width > edge) {
			io_printf(io, "\n%*s", (int)indent, "");
			column = indent;
			between = "";
		}
		io_printf(io, "%s%.*s", between, (int)len, text);
		column += (unsigned)strlen(between) + width;
		between = " ";
	}
	io_printf(io, "\n");
}

static void print_options(struct io *io, const struct poptOption *option)
{
	const unsigned help_column = 30;
	char left[80];
	int width;

	for (; option->longName; option++) {
		width = option_width(option, left, sizeof(left));
		if (width + 2 >= (int)help_column)
			io_printf(io, "  %s\n%*s", left, (int)help_column, "");
		else
			io_printf(io, "  %-*s", (int)help_column - 2, left);
		print_wrapped(io, option->descrip, help_column, help_column);
	}
}

/* Each line of text, with something before it. */
static void print_lines(struct io *io, const char *text, const char *before)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		io_printf(io, "%s%.*s\n", before, (int)len, text);
		text += len + (text[len] == '\n');
	}
}

void help_usage(struct io *io, const struct command *command)
{
	const char *text = command ? command->synopsis : "[OPTION…] COMMAND [ARGUMENT…]";
	const char *first = "Usage: ";

	do {
		size_t len = strcspn(text, "\n");

		io_printf(io, "%sopencamrc%s%s%s%.*s\n", first, command ? " " : "",
			command ? command->name : "", len ? " " : "", (int)len, text);
		text += len + (text[len] == '\n');
		first = "       ";
	} while (*text);
}

void help_command(struct io *io, const struct command *command)
{
	help_usage(io, command);
	io_printf(io, "\n");
	io_printf(io, "%c%s.\n", toupper((unsigned char)command->summary[0]), command->summary + 1);
	if (command->details) {
		io_printf(io, "\n");
		print_wrapped(io, command->details, 0, 0);
	}
	if (command->options && command->options->longName) {
		io_printf(io, "\nOptions:\n");
		print_options(io, command->options);
	}
	io_printf(io, "\nOptions of every command:\n");
	print_options(io, global_options);
	if (command->examples) {
		io_printf(io, "\nExamples:\n");
		print_lines(io, command->examples, "  ");
	}
}

void help_overview(struct io *io)
{
	size_t i;

	help_usage(io, NULL);
	io_printf(io, "\nControl a camera, here or plugged into another machine.\n\nCommands:\n");
	for (i = 0; commands[i]; i++) {
		io_printf(io, "  %-10s  ", commands[i]->name);
		print_wrapped(io, commands[i]->summary, 14, 14);
	}
	io_printf(io, "\nOptions of every command, before its name or after:\n");
	print_options(io, global_options);
	io_printf(io,
		"\nExamples:\n"
		"  opencamrc list -r router\n"
		"  opencamrc -r router capture -o 'shot-%%Y%%m%%d-%%H%%M%%S.%%C'\n"
		"  opencamrc -r router liveview | ffplay -\n"
		"\n`opencamrc help COMMAND` tells more about one.\n");
}

void help_version(struct io *io, bool json)
{
	/* Each with its version, or with what it works with; NULL: built without it. */
	const struct {
		const char *name, *version;
	} parts[] = {
		{ "opencamrc", PACKAGE_VERSION },
		{ "libgphoto2", camera_library_version() },
		{ "libgphoto2_port", camera_port_library_version() },
		{ "libedit", LIBEDIT_VERSION },
		{ "libexif", LIBEXIF_VERSION },
		{ "mdns", usbip_discover_library() },
		{ "attach", WITH_ATTACH },
		{ "webcam", WITH_WEBCAM },
		{ "sandbox", sandbox_version() },
	};
	cleanup_json struct json_object *object = json_new();

	for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
		const char *version = parts[i].version;

		if (json)
			json_put_string(object, parts[i].name, version);
		else
			io_printf(io, "%s %s\n", parts[i].name,
				version ? version : "(built without)");
	}
	if (json)
		json_print(io, object);
}

static int run_help(struct call *call, struct orc_error *err)
{
	const struct command *command;
	int ret;

	ret = call_no_more_words(call, 1, err);
	if (ret < 0)
		return ret;
	if (call_next(call)) {
		completion_print(call->io, call->value->arg);
		return 0;
	}
	if (call->word_count == 0) {
		help_overview(call->io);
		return 0;
	}
	command = command_find(call->words[0]);
	if (!command)
		return command_unknown(call->words[0], err);
	help_command(call->io, command);
	return 0;
}

static int run_version(struct call *call, struct orc_error *err)
{
	int ret;

	ret = call_no_more_words(call, 0, err);
	if (ret < 0)
		return ret;
	help_version(call->io, call->globals.json);
	return 0;
}

static const struct poptOption no_options[] = {
	POPT_TABLEEND,
};

static const struct poptOption help_options[] = {
	{ "complete", 0, POPT_ARG_STRING, NULL, 1,
		"the words that the last one of LINE may become, for the completion of a shell",
		"LINE" },
	POPT_TABLEEND,
};

const struct command command_help = {
	.name = "help",
	.synopsis = "[COMMAND]\n--complete LINE",
	.summary = "show what a command does, with its options and examples",
	.options = help_options,
	.examples = "opencamrc help capture",
	.run = run_help,
};

const struct command command_version = {
	.name = "version",
	.synopsis = "",
	.summary = "show the versions of opencamrc and of the libraries it runs on",
	.options = no_options,
	.examples = "opencamrc version --json",
	.run = run_version,
};
