/* SPDX-License-Identifier: GPL-2.0-or-later */
/* File name patterns, as gphoto2 has them. */
#include "cmd/pattern.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/zone.h"

#define WIDTH_MAX 20

static const char time_letters[] = "aAbBdHkIljmMSyY";

/* One conversion, its % included. */
struct conversion {
	char letter; /* '\0': none that we know */
	unsigned width;
	size_t len;
};

static struct conversion read_conversion(const char *text)
{
	struct conversion conversion = { .len = 1 };
	const char *p = text + 1;
	bool digits = false;

	while (isdigit((unsigned char)*p)) {
		conversion.width = conversion.width * 10 + (unsigned)(*p++ - '0');
		if (conversion.width > WIDTH_MAX)
			conversion.width = WIDTH_MAX;
		digits = true;
	}
	/* Not strchr() alone, which finds the terminating NUL as well. */
	if (*p && (strchr("nNCfF:%", *p) || strchr(time_letters, *p)) && (!digits || *p == 'n'))
		conversion.letter = *p;
	conversion.len = (size_t)(p - text) + (*p != '\0');
	return conversion;
}

int pattern_check(const char *pattern, struct orc_error *err)
{
	struct conversion conversion;
	const char *p;

	if (!*pattern) {
		orc_fail(err, ORC_EUSAGE, "a file name pattern is needed");
		return orc_hint(err, "for example -o '%%f.%%C'");
	}
	for (p = strchr(pattern, '%'); p; p = strchr(p + conversion.len, '%')) {
		conversion = read_conversion(p);
		if (conversion.letter)
			continue;
		orc_fail(err, ORC_EUSAGE, "bad file name pattern %s: %.*s is no conversion",
			pattern, (int)conversion.len, p);
		return orc_hint(
			err, "%%n %%C %%f %%F %%: %%N %%%% and strftime's %%Y%%m%%d-%%H%%M%%S are");
	}
	return 0;
}

static void put_lower(FILE *out, const char *text)
{
	for (; *text; text++)
		fputc(tolower((unsigned char)*text), out);
}

/* No folders, and nothing that a shell or another file system takes for something else. */
static void put_safe(FILE *out, const char *text)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "-_.@";

	for (bool first = true; *text; text++, first = false)
		fputc(strchr(safe, *text) && !(first && *text == '.') ? *text : '-', out);
}

static void put_time(FILE *out, char letter, time_t when, const char *zone)
{
	char format[] = { '%', letter, '\0' };
	char text[128];
	struct tm tm;

	if (when == 0)
		when = time(NULL);
	zone_local(zone, when, &tm);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	/* One of time_letters, as read_conversion() has seen to. */
	if (strftime(text, sizeof(text), format, &tm) > 0)
		fputs(text, out);
#pragma GCC diagnostic pop
}

size_t pattern_stem(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot ? (size_t)(dot - name) : strlen(name);
}

static void put_conversion(
	FILE *out, const struct conversion *conversion, const struct pattern_file *file)
{
	const char *dot = strrchr(file->name, '.');
	const char *folder = file->folder ? file->folder : "";

	switch (conversion->letter) {
	case 'n':
		fprintf(out, "%0*u", (int)conversion->width, file->number);
		break;
	case 'C':
		fputs(dot ? dot + 1 : "", out);
		break;
	case 'f':
		fwrite(file->name, 1, pattern_stem(file->name), out);
		break;
	case 'F':
		folder += *folder == '/';
		fputs(*folder ? folder : ".", out);
		break;
	case ':':
		put_lower(out, file->name);
		break;
	case 'N':
		put_safe(out, file->camera ? file->camera : "camera");
		break;
	case '%':
		fputc('%', out);
		break;
	default:
		put_time(out, conversion->letter, file->time, file->zone);
		break;
	}
}

char *pattern_expand(const char *pattern, const struct pattern_file *file)
{
	struct conversion conversion;
	size_t size, len;
	char *text = NULL;
	FILE *out = orc_must(open_memstream(&text, &size));

	while (*pattern) {
		len = strcspn(pattern, "%");
		fwrite(pattern, 1, len, out);
		pattern += len;
		if (!*pattern)
			break;
		conversion = read_conversion(pattern);
		put_conversion(out, &conversion, file);
		pattern += conversion.len;
	}
	if (fclose(out) != 0)
		orc_must(NULL);
	if (size > 0 && text[size - 1] == '/') {
		text = orc_must(realloc(text, size + strlen(file->name) + 1));
		strcpy(text + size, file->name);
	}
	return text;
}

static bool only_letters(const char *pattern, const char *letters)
{
	struct conversion conversion;
	size_t len = strlen(pattern);
	const char *p;

	if (len > 0 && pattern[len - 1] == '/')
		return false;
	for (p = strchr(pattern, '%'); p; p = strchr(p + conversion.len, '%')) {
		conversion = read_conversion(p);
		if (!conversion.letter || !strchr(letters, conversion.letter))
			return false;
	}
	return true;
}

bool pattern_is_constant(const char *pattern)
{
	return only_letters(pattern, "N%");
}

bool pattern_names_camera(const char *pattern)
{
	struct conversion conversion;
	const char *p;

	for (p = strchr(pattern, '%'); p; p = strchr(p + conversion.len, '%')) {
		conversion = read_conversion(p);
		if (conversion.letter == 'N')
			return true;
	}
	return false;
}

bool pattern_is_foreseeable(const char *pattern)
{
	return only_letters(pattern, "nN%");
}

static char *plain(const char *text, bool folder)
{
	char *copy = orc_must(strdup(text));
	bool begins = true;

	for (char *p = copy; *p; p++) {
		bool slash = *p == '/';

		if (iscntrl((unsigned char)*p) || (begins && *p == '.') || (slash && !folder))
			*p = '_';
		begins = slash;
	}
	return copy;
}

char *pattern_plain_name(const char *name)
{
	return plain(*name ? name : "_", false);
}

char *pattern_plain_folder(const char *folder)
{
	return plain(folder, true);
}

char *pattern_numbered(const char *path, unsigned number)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const char *dot = strrchr(name, '.');
	char *text;
	int ret;

	if (dot && dot != name)
		ret = asprintf(&text, "%.*s-%u%s", (int)(dot - path), path, number, dot);
	else
		ret = asprintf(&text, "%s-%u", path, number);
	if (ret < 0)
		orc_must(NULL);
	return text;
}

/* May a conversion have put in this letter, at that place? */
static bool is_put_in(const char *path, size_t at, bool folder)
{
	bool begins = at == 0 || path[at - 1] == '/';

	if (iscntrl((unsigned char)path[at]) || (begins && path[at] == '.'))
		return false;
	/* A path that begins with a slash would be another one. */
	return path[at] != '/' || (folder && at > 0);
}

/* From each place that is reached (`from`), as far as a conversion goes. */
static void pass_conversion(bool *reached, const char *path, size_t len, char letter)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (reached[i] && is_put_in(path, i, letter == 'F'))
			reached[i + 1] = true;
}

static void pass_letter(bool *reached, const char *path, size_t len, char letter)
{
	size_t i;

	for (i = len; i > 0; i--)
		reached[i] = reached[i - 1] && path[i - 1] == letter;
	reached[0] = false;
}

bool pattern_matches(const char *pattern, const char *path, bool folders)
{
	size_t len = strlen(path), pattern_len = strlen(pattern);
	cleanup_free bool *reached = orc_must(calloc(len + 1, sizeof(*reached)));
	struct conversion conversion;
	const char *p;

	reached[0] = true;
	for (p = pattern; *p; p += conversion.len) {
		conversion = (struct conversion){ .len = 1 };
		if (folders && *p == '/' && reached[len] && len > 0)
			return true;
		if (*p == '%')
			conversion = read_conversion(p);
		if (conversion.letter && conversion.letter != '%')
			pass_conversion(reached, path, len, conversion.letter);
		else
			pass_letter(reached, path, len, *p);
		/* Within the folders that %F stands for. */
		if (folders && conversion.letter == 'F' && reached[len] && len > 0)
			return true;
	}
	/* A folder alone has the camera's own name put behind it. */
	if (!folders && pattern_len > 0 && pattern[pattern_len - 1] == '/')
		pass_conversion(reached, path, len, ':');
	return !folders && reached[len];
}
