/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A camera's settings as a text file: written, read, compared. */
#include "cmd/profile.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Some thousand settings of some thousand bytes; more is no profile. */
#define PROFILE_SIZE_MAX (4 << 20)

/* Outside of actions, but acts, or belongs to whoever is connected. */
static const char *const deeds[] = { "datetime", "syncdatetime", "capture", "remotemode",
	"eventmode", "output", "opcode" };

/*
 * A property by its number, as the driver has it of a camera that is not an EOS: what is known of it has a
 * name and stands there a second time, where it would undo what was edited; and the clock is among them.
 */
static bool is_number(const struct setting *setting)
{
	return strncmp(setting->path, "/main/other/", 12) == 0 && strlen(setting->name) == 4 &&
		strspn(setting->name, "0123456789abcdef") == 4;
}

bool profile_wants(const struct setting *setting)
{
	size_t i;

	if (setting->readonly || setting->type == SETTING_BUTTON || setting->type == SETTING_DATE)
		return false;
	/* What stands there does something: opens the shutter, moves the lens, starts live view. */
	if (strncmp(setting->path, "/main/actions/", 14) == 0 || is_number(setting))
		return false;
	for (i = 0; i < ARRAY_LENGTH(deeds); i++)
		if (strcmp(setting->name, deeds[i]) == 0)
			return false;
	return true;
}

const char *profile_name(const struct setting *setting, const struct setting *all, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (&all[i] != setting && strcmp(all[i].name, setting->name) == 0)
			return setting->path;
	return setting->name;
}

char *profile_escape(const char *value)
{
	char *text = orc_must(malloc(2 * strlen(value) + 1));
	char *out = text;

	for (; *value; value++) {
		if (*value == '\\' || *value == '\n' || *value == '\r')
			*out++ = '\\';
		*out++ = *value == '\n' ? 'n' : *value == '\r' ? 'r' : *value;
	}
	*out = '\0';
	return text;
}

static void unescape(char *text)
{
	char *out = text;

	for (; *text; text++) {
		if (*text == '\\' && text[1]) {
			text++;
			*out++ = *text == 'n' ? '\n' : *text == 'r' ? '\r' : *text;
		} else {
			*out++ = *text;
		}
	}
	*out = '\0';
}

static void add(struct profile *profile, char *name, char *value)
{
	profile->lines =
		orc_must(realloc(profile->lines, (profile->count + 1) * sizeof(*profile->lines)));
	profile->lines[profile->count++] = (struct profile_line){ .name = name, .value = value };
}

static int parse_text(struct profile *profile, const char *text, struct orc_error *err)
{
	unsigned number = 0;
	size_t len, name_len;
	char *value;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		number++;
		if (len == 0 || *text == '#' || (len == 1 && *text == '\r'))
			continue;
		name_len = strcspn(text, "=\n");
		if (name_len == 0 || text[name_len] != '=')
			return orc_fail(err, ORC_EUSAGE, "line %u: NAME=VALUE is needed", number);
		value = orc_must(strndup(text + name_len + 1, len - name_len - 1));
		/* An editor on another system may have been at it. */
		if (*value && value[strlen(value) - 1] == '\r')
			value[strlen(value) - 1] = '\0';
		unescape(value);
		add(profile, orc_must(strndup(text, name_len)), value);
	}
	return 0;
}

static int parse_json(struct profile *profile, const char *text, struct orc_error *err)
{
	struct json_object *object;

	object = json_tokener_parse(text);
	if (!json_object_is_type(object, json_type_object)) {
		json_object_put(object);
		return orc_fail(err, ORC_EUSAGE, "not a JSON object");
	}
	json_object_object_foreach(object, name, value)
	{
		add(profile, orc_must(strdup(name)),
			orc_must(strdup(value ? json_object_get_string(value) : "")));
	}
	json_object_put(object);
	return 0;
}

int profile_parse(struct profile *profile, const char *text, struct orc_error *err)
{
	int ret = text[strspn(text, " \t\r\n")] == '{' ? parse_json(profile, text, err)
						       : parse_text(profile, text, err);

	if (ret == 0 && profile->count == 0)
		return orc_fail(err, ORC_EUSAGE, "no settings in it");
	return ret;
}

int profile_read(
	struct profile *profile, const struct io *io, const char *path, struct orc_error *err)
{
	cleanup_free char *text = orc_must(malloc(PROFILE_SIZE_MAX + 1));
	cleanup_close int fd = -1;
	size_t len = 0;
	ssize_t n;
	int ret, in = io->in;

	if (strcmp(path, "-") != 0) {
		in = fd = io_open(io, path, err);
		if (fd < 0)
			return fd;
	}
	while ((n = io_read(io, in, text + len, PROFILE_SIZE_MAX - len)) != 0) {
		if (n == ORC_ESIGNAL)
			return io_fail_signal(io, err);
		if (n < 0) {
			orc_fail_errno(err, ORC_EFILE, errno);
			return orc_what(err, "cannot read %s", path);
		}
		len += (size_t)n;
		if (len == PROFILE_SIZE_MAX)
			return orc_fail(err, ORC_EUSAGE, "%s is too long for a profile", path);
	}
	text[len] = '\0';
	ret = profile_parse(profile, text, err);
	if (ret < 0)
		orc_what(err, "%s is no profile", path);
	return ret;
}

void profile_free(struct profile *profile)
{
	size_t i;

	for (i = 0; i < profile->count; i++) {
		free(profile->lines[i].name);
		free(profile->lines[i].value);
	}
	free(profile->lines);
	*profile = (struct profile){ 0 };
}
