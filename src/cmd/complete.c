/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may come next on a line of the shell, ours or another, from the tables of commands and options. */
#include "cmd/complete.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/line.h"

/* Where in a command the word stands. */
struct place {
	const struct completer *completer;
	struct completions *completions;
	const char *typed;                /* the word, or what is behind its = */
	bool named;                       /* a command stands before it */
	const struct command *command;    /* NULL: an unknown one */
	const struct poptOption *pending; /* the option whose value it is */
	bool options_ended;               /* by -- */
	size_t position;                  /* among the command's words */
	const char *verb;                 /* the first of them */
	struct complete_camera camera;    /* as far as the line has named it */
};

/* An item, where it goes on from what was typed; about may be NULL. */
static void offer(struct place *place, const char *about, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void offer(struct place *place, const char *about, const char *format, ...)
{
	struct completions *all = place->completions;
	char *item;
	va_list ap;
	size_t i;

	va_start(ap, format);
	if (vasprintf(&item, format, ap) < 0)
		orc_must(item = NULL);
	va_end(ap);
	for (i = 0; i < all->count && strcmp(all->items[i].word, item) != 0; i++)
		;
	if (i < all->count || strncmp(item, place->typed, strlen(place->typed)) != 0) {
		free(item);
		return;
	}
	all->items = orc_must(realloc(all->items, (all->count + 1) * sizeof(*all->items)));
	all->items[all->count++] = (struct completion){ .word = item, .about = about };
}

static bool takes_value(const struct poptOption *option)
{
	return (option->argInfo & POPT_ARG_MASK) != POPT_ARG_NONE;
}

static const struct poptOption *find_in(
	const struct poptOption *option, const char *name, size_t len, char letter)
{
	for (; option && (option->longName || option->shortName); option++) {
		if (letter ? option->shortName == letter
			   : option->longName && strlen(option->longName) == len &&
					strncmp(option->longName, name, len) == 0)
			return option;
	}
	return NULL;
}

static const struct poptOption *find_option(
	const struct place *place, const char *name, size_t len, char letter)
{
	const struct poptOption *option = NULL;

	if (place->command)
		option = find_in(place->command->options, name, len, letter);
	return option ? option : find_in(place->completer->globals, name, len, letter);
}

/* What says which camera it is. */
static void note_value(struct place *place, const struct poptOption *option, const char *value)
{
	if (strcmp(option->longName, "remote") == 0)
		place->camera = (struct complete_camera){ .remote = value };
	else if (strcmp(option->longName, "port") == 0)
		place->camera = (struct complete_camera){ .port = value };
}

/* An option before the word: sets pending where its value is the next word. */
static void pass_option(struct place *place, const char *word)
{
	const struct poptOption *option;
	const char *p;

	if (strcmp(word, "--") == 0) {
		place->options_ended = true;
		return;
	}
	if (word[1] == '-') {
		size_t len = strcspn(word + 2, "=");

		option = find_option(place, word + 2, len, 0);
		if (!option || !takes_value(option))
			return;
		if (word[2 + len])
			note_value(place, option, word + 2 + len + 1);
		else
			place->pending = option;
		return;
	}
	for (p = word + 1; *p; p++) {
		option = find_option(place, NULL, 0, *p);
		if (!option || !takes_value(option))
			continue;
		if (p[1])
			note_value(place, option, p + 1);
		else
			place->pending = option;
		return;
	}
}

static void pass_word(struct place *place, const char *word)
{
	size_t i;

	if (place->pending) {
		note_value(place, place->pending, word);
		place->pending = NULL;
	} else if (word[0] == '-' && word[1] && !place->options_ended) {
		pass_option(place, word);
	} else if (!place->named) {
		place->named = true;
		for (i = 0; place->completer->commands[i]; i++)
			if (strcmp(place->completer->commands[i]->name, word) == 0)
				place->command = place->completer->commands[i];
	} else if (place->position++ == 0) {
		place->verb = word;
		/* What follows is another program's. */
		if (place->command && place->command->words_end_options)
			place->options_ended = true;
	}
}

static void offer_options(struct place *place, const struct poptOption *option)
{
	for (; option && (option->longName || option->shortName); option++)
		if (option->longName)
			offer(place, option->descrip, "--%s", option->longName);
}

static void offer_commands(struct place *place)
{
	const struct command *const *command;

	for (command = place->completer->commands; *command; command++)
		if (!(*command)->alone || place->completer->alone)
			offer(place, (*command)->summary, "%s", (*command)->name);
}

/* The names in typed's folder that begin as it ends; hidden ones only where a dot was typed. */
static void offer_files(struct place *place)
{
	const char *slash = strrchr(place->typed, '/');
	const int folder_len = slash ? (int)(slash - place->typed) + 1 : 0;
	cleanup_free char *folder = orc_must(strndup(place->typed, (size_t)folder_len));
	struct dirent *entry;
	struct stat info;
	DIR *dir;
	int fd;

	if (place->completer->cwd == COMPLETE_NO_FILES) {
		place->completions->files = true;
		return;
	}
	fd = openat(
		place->completer->cwd, *folder ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	dir = orc_must(fdopendir(fd));
	while ((entry = readdir(dir))) {
		bool is_folder;

		if (entry->d_name[0] == '.' && place->typed[folder_len] != '.')
			continue;
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		is_folder = fstatat(fd, entry->d_name, &info, 0) == 0 && S_ISDIR(info.st_mode);
		offer(place, NULL, "%s%s%s", folder, entry->d_name, is_folder ? "/" : "");
	}
	closedir(dir);
}

/* FILE and PATTERN are local; FOLDER is the camera's. */
static bool is_file(const char *text, size_t len)
{
	return memmem(text, len, "FILE", 4) || memmem(text, len, "PATTERN", 7);
}

static const struct complete_setting *settings_of(const struct place *place, size_t *count)
{
	*count = 0;
	if (!place->completer->settings)
		return NULL;
	return place->completer->settings(place->completer->settings_data, &place->camera, count);
}

static void offer_settings(struct place *place, const char *suffix)
{
	const struct complete_setting *settings;
	size_t count, i;

	settings = settings_of(place, &count);
	for (i = 0; i < count; i++)
		offer(place, NULL, "%s%s", settings[i].name, suffix);
}

/* NAME=… under the cursor. */
static void offer_choices(struct place *place)
{
	const char *equals = strchr(place->typed, '=');
	const size_t len = (size_t)(equals - place->typed);
	const struct complete_setting *settings;
	const char *const *choice;
	size_t count, i;

	settings = settings_of(place, &count);
	for (i = 0; i < count; i++) {
		if (strlen(settings[i].name) != len ||
			strncmp(settings[i].name, place->typed, len) != 0)
			continue;
		for (choice = settings[i].choices; choice && *choice; choice++)
			offer(place, NULL, "%s=%s", settings[i].name, *choice);
	}
}

static void offer_settings_and_choices(struct place *place)
{
	if (strchr(place->typed, '='))
		offer_choices(place);
	else
		offer_settings(place, "=");
}

static void offer_addresses(struct place *place)
{
	const char *const *address = place->completer->addresses;

	for (; address && *address; address++)
		offer(place, NULL, "%s", *address);
}

static void offer_value(struct place *place)
{
	const char *what = place->pending->argDescrip ? place->pending->argDescrip : "";

	if (is_file(what, strlen(what)))
		offer_files(place);
	else if (strcmp(what, "NAME=VALUE") == 0)
		offer_settings_and_choices(place);
	else if (strcmp(what, "ADDRESS") == 0)
		offer_addresses(place);
}

/* One alternative of a form: a verb of small letters, or a placeholder of capitals. */
static void offer_alternative(struct place *place, const char *text, size_t len, bool has_settings)
{
	if (len > 0 && text[0] >= 'a' && text[0] <= 'z') {
		if (place->position == 0)
			offer(place, NULL, "%.*s", (int)len, text);
	} else if (memmem(text, len, "NAME=VALUE", 10)) {
		offer_settings_and_choices(place);
	} else if (has_settings && memmem(text, len, "NAME", 4)) {
		offer_settings(place, "");
	} else if (is_file(text, len)) {
		offer_files(place);
	} else if (len >= 4 && memcmp(text, "HOST", 4) == 0) {
		offer_addresses(place);
	} else if (len == 7 && memcmp(text, "COMMAND", 7) == 0) {
		offer_commands(place);
	}
}

/* One word of a form, such as [list] or PORT|HOST[/BUSID]|all. */
static void offer_form_word(struct place *place, const char *word, size_t len, bool has_settings)
{
	size_t part;

	if (len > 1 && word[0] == '[' && word[len - 1] == ']') {
		word++;
		len -= 2;
	}
	while (len > 0) {
		const char *bar = memchr(word, '|', len);

		part = bar ? (size_t)(bar - word) : len;
		offer_alternative(place, word, part, has_settings);
		if (!bar)
			return;
		word += part + 1;
		len -= part + 1;
	}
}

static const char *next_form(const char *form)
{
	form += strcspn(form, "\n");
	return form + (*form == '\n');
}

/* The forms of the synopsis, each a line: what their words are, for the place where we are. */
static void offer_forms(struct place *place)
{
	const char *const synopsis = place->command->synopsis, *form, *next;
	const bool has_settings = strstr(synopsis, "NAME=VALUE");
	size_t len;

	for (form = synopsis; place->position > 0 && *form; form = next_form(form)) {
		len = strcspn(form, " \n");
		if (strlen(place->verb) != len || strncmp(form, place->verb, len) != 0)
			continue;
		next = form + len + (form[len] == ' ');
		offer_form_word(place, next, strcspn(next, " \n"), has_settings);
		return;
	}
	/* Not a verb: any form that begins with a word, for NAME=VALUE… goes on with more of them. */
	for (form = synopsis; *form; form = next_form(form))
		if (form[0] != '-' && strncmp(form, "[-", 2) != 0)
			offer_form_word(place, form, strcspn(form, " \n"), has_settings);
}

static void offer_all(struct place *place)
{
	const char *equals = strchr(place->typed, '=');
	size_t i;

	if (place->pending) {
		offer_value(place);
	} else if (strncmp(place->typed, "--", 2) == 0 && !place->options_ended && equals) {
		place->pending = find_option(
			place, place->typed + 2, (size_t)(equals - place->typed) - 2, 0);
		place->typed = equals + 1;
		if (place->pending && takes_value(place->pending))
			offer_value(place);
	} else if (place->typed[0] == '-' && !place->options_ended) {
		if (place->command)
			offer_options(place, place->command->options);
		offer_options(place, place->completer->globals);
	} else if (!place->named) {
		offer_commands(place);
		for (i = 0; place->completer->own[i]; i++)
			offer(place, NULL, "%s", place->completer->own[i]);
	} else if (place->command && place->command->words_end_options) {
		offer_files(place);
	} else if (place->command) {
		offer_forms(place);
	}
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct completion *)a)->word, ((const struct completion *)b)->word);
}

/* What every item goes on with after the typed_len bytes that they share. */
static char *make_insert(const struct completions *all, size_t typed_len, char quote)
{
	const char *first = all->count ? all->items[0].word : NULL;
	cleanup_free char *common = NULL;
	char *insert, closing[3] = { 0 };
	size_t len, i;

	if (!first)
		return orc_must(strdup(""));
	len = strlen(first);
	for (i = 1; i < all->count; i++)
		while (strncmp(first, all->items[i].word, len) != 0)
			len--;
	/* Not half a character. */
	while (len > typed_len && ((unsigned char)first[len] & 0xc0) == 0x80)
		len--;
	common = orc_must(strndup(first + typed_len, len - typed_len));
	insert = orc_must(calloc(strlen(common) * LINE_QUOTE_GROWTH + sizeof(closing), 1));
	if (quote == '\\' && !*common)
		return insert;
	line_quote(insert, common, quote);
	/* A folder, or a NAME=, goes on. */
	if (all->count == 1 && !strchr("/=", first[len - 1])) {
		if (quote == '\'' || quote == '"')
			closing[0] = quote;
		strcat(closing, " ");
		strcat(insert, closing);
	}
	return insert;
}

void complete_line(
	const struct completer *completer, const char *text, struct completions *completions)
{
	struct place place = { .completer = completer, .completions = completions };
	struct line_end end;
	struct line line;
	size_t i;

	*completions = (struct completions){ 0 };
	line_split_open(&line, text, &end);
	if (line.count > 0) {
		for (i = 0; i + 1 < line.count; i++)
			pass_word(&place, line.words[i]);
		place.typed = line.words[line.count - 1];
		offer_all(&place);
	}
	if (completions->count > 0)
		qsort(completions->items, completions->count, sizeof(*completions->items), compare);
	completions->insert =
		make_insert(completions, place.typed ? strlen(place.typed) : 0, end.quote);
	line_free(&line);
}

void complete_free(struct completions *completions)
{
	size_t i;

	for (i = 0; i < completions->count; i++)
		free(completions->items[i].word);
	free(completions->items);
	free(completions->insert);
	*completions = (struct completions){ 0 };
}
