/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc config: read and change the camera's settings. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "camera/names.h"
#include "camera/settings.h"
#include "cmd/command.h"
#include "cmd/json.h"
#include "cmd/profile.h"
#include "cmd/table.h"
#include "session/errand.h"
#include "session/owner.h"

enum { OPTION_NAMES = 1 };

static const struct poptOption options[] = {
	{ "names", 0, POPT_ARG_NONE, NULL, OPTION_NAMES, "list: the names alone, one a line",
		NULL },
	POPT_TABLEEND,
};

struct settings {
	struct setting *list;
	size_t count;
};

static void settings_done(struct settings *settings)
{
	settings_free(settings->list, settings->count);
}
#define cleanup_settings cleanup(settings_done)

static int read_settings(struct call *call, struct settings *settings, struct orc_error *err)
{
	struct camera *camera;
	int ret;

	ret = call_camera(call, &camera, err);
	if (ret < 0)
		return ret;
	return camera_settings_list(camera, &settings->list, &settings->count, err);
}

static void print_json(struct io *io, const struct setting *setting)
{
	cleanup_json struct json_object *object = json_new();
	bool range = setting->type == SETTING_RANGE;
	size_t i;

	json_put_string(object, "name", setting->name);
	json_put_string(object, "common", name_common(setting->name));
	json_put_string(object, "path", setting->path);
	json_put_string(object, "label", setting->label);
	json_put_string(object, "type", setting_type_name(setting->type));
	json_put_bool(object, "readonly", setting->readonly);
	json_put_string(object, "value", setting->value);
	json_put_null(object, "choices");
	if (setting->choice_count > 0) {
		struct json_object *choices = orc_must(json_object_new_array());

		for (i = 0; i < setting->choice_count; i++) {
			cleanup_json struct json_object *holder = json_new();
			struct json_object *text;

			/* By way of an object, for its care of odd bytes. */
			json_put_string(holder, "", setting->choices[i]);
			json_object_object_get_ex(holder, "", &text);
			json_object_array_add(choices, json_object_get(text));
		}
		json_object_object_add(object, "choices", choices);
	}
	if (range) {
		json_put_number(object, "minimum", (double)setting->minimum, 4);
		json_put_number(object, "maximum", (double)setting->maximum, 4);
		json_put_number(object, "step", (double)setting->step, 4);
	} else {
		json_put_null(object, "minimum");
		json_put_null(object, "maximum");
		json_put_null(object, "step");
	}
	json_print(io, object);
}

static void print_choices(struct io *io, const struct setting *setting)
{
	const unsigned indent = 6;
	unsigned edge = io->columns > 100 ? 100 : io->columns;
	unsigned column = indent;
	size_t i, width;

	io_printf(io, "%*s", (int)indent, "");
	for (i = 0; i < setting->choice_count; i++) {
		width = text_width(setting->choices[i]);
		if (i > 0 && column + 3 + width > edge) {
			io_printf(io, " |\n%*s", (int)indent, "");
			column = indent;
		} else if (i > 0) {
			io_printf(io, " | ");
			column += 3;
		}
		io_printf(io, "%s", setting->choices[i]);
		column += (unsigned)width;
	}
	io_printf(io, "\n");
}

/* In brackets behind it: its label, what it may be called on any body, whether it can be set. */
static void print_notes(struct io *io, const struct setting *setting)
{
	const char *common = name_common(setting->name);
	const char *notes[] = {
		setting->label && strcmp(setting->label, setting->name) != 0 ? setting->label
									     : NULL,
		common && strcmp(common, setting->name) != 0 ? common : NULL,
		setting->readonly ? "read-only" : NULL,
	};
	const char *before = "   (";

	for (size_t i = 0; i < ARRAY_LENGTH(notes); i++) {
		if (!notes[i])
			continue;
		io_printf(io, "%s%s", before, notes[i]);
		before = ", ";
	}
	io_printf(io, "%s\n", *before == ',' ? ")" : "");
}

static void print_setting(struct io *io, const struct setting *setting)
{
	io_printf(io, "  %s = %s", setting->name, setting->value ? setting->value : "");
	print_notes(io, setting);
	if (setting->readonly)
		return;
	if (setting->type == SETTING_RANGE)
		io_printf(io, "      %g to %g, step %g\n", (double)setting->minimum,
			(double)setting->maximum, (double)setting->step);
	else if (setting->type == SETTING_TOGGLE)
		io_printf(io, "      0 | 1\n");
	else if (setting->choice_count > 0)
		print_choices(io, setting);
}

static size_t section_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) : 0;
}

static int run_list(struct call *call, bool names, struct orc_error *err)
{
	cleanup_settings struct settings settings = { 0 };
	const char *section = "";
	size_t i, len, last = 0;
	int ret;

	ret = read_settings(call, &settings, err);
	if (ret < 0)
		return ret;
	call_rest(call);
	for (i = 0; i < settings.count; i++) {
		const struct setting *setting = &settings.list[i];

		if (call->globals.json) {
			print_json(call->io, setting);
			continue;
		}
		if (names) {
			io_printf(call->io, "%s\n",
				profile_name(setting, settings.list, settings.count));
			continue;
		}
		len = section_len(setting->path);
		if (len != last || strncmp(section, setting->path, len) != 0)
			io_printf(call->io, "%s%.*s\n", last ? "\n" : "", (int)len, setting->path);
		section = setting->path;
		last = len;
		print_setting(call->io, setting);
	}
	return 0;
}

static int run_get(struct call *call, const char *const *names, size_t count, struct orc_error *err)
{
	cleanup_settings struct settings settings = { 0 };
	struct camera *camera;
	size_t i;
	int ret;

	for (i = 0; i < count && names[i][0]; i++)
		;
	if (count == 0 || i < count)
		return call_misused(call, err, "get: which setting?");
	settings.list = orc_must(calloc(count, sizeof(*settings.list)));
	ret = call_camera(call, &camera, err);
	while (ret == 0 && settings.count < count) {
		struct setting *setting = &settings.list[settings.count];

		ret = camera_setting_get(camera, names[settings.count], setting, err);
		if (ret == 0)
			settings.count++;
	}
	call_rest(call);
	for (i = 0; i < settings.count; i++) {
		const struct setting *setting = &settings.list[i];
		const char *value = setting->value ? setting->value : "";

		if (call->globals.json)
			print_json(call->io, setting);
		else if (count == 1)
			io_printf(call->io, "%s\n", value);
		else
			io_printf(call->io, "%s=%s\n", names[i], value);
	}
	return ret;
}

/*
 * libgphoto2 keeps these in a file of the user's (gp_setting_set() in camlibs/ptp2/config.c), which the
 * next process reads. From a sandbox it would be a way out: its reader trusts what is in there.
 */
static void tell_unkept(struct call *call, const struct setting_change *changes, size_t count)
{
	static const char *const kept[] = { "capturetarget", "autofocus", "fastfs", "thumbsize",
		"chdk" };
	size_t i, j;

	if (!errand_is_for(call->io->cwd))
		return;
	for (i = 0; i < count; i++) {
		const char *slash = strrchr(changes[i].name, '/');
		const char *name = slash ? slash + 1 : changes[i].name;

		for (j = 0; j < ARRAY_LENGTH(kept); j++)
			if (strcasecmp(name, kept[j]) == 0)
				call_warn(call,
					"in a sandbox %s is not kept when the camera is closed; "
					"`sandbox = no`, once, keeps it",
					kept[j]);
	}
}

static bool has_value(struct camera *camera, const struct setting_change *change)
{
	struct setting had = { 0 };
	struct orc_error err = { 0 };
	bool same = camera_setting_get(camera, change->name, &had, &err) == 0 && had.value &&
		(strcmp(had.value, change->value) == 0 ||
			name_same_value(had.name, had.value, change->value));

	setting_free(&had);
	return same;
}

/*
 * One that is going to be changed, and will be as it was once this command, or the shell that it is a line of, has
 * ended; or NULL.
 */
static const char *find_passing(const struct call *call, struct camera *camera,
	const struct setting_change *changes, size_t count)
{
	struct owner *owner = call->io->job->owner;

	if (owner_stays(owner) || owner_jobs(owner) > 1)
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (camera_setting_passes(camera, changes[i].name) &&
			!has_value(camera, &changes[i]))
			return changes[i].name;
	return NULL;
}

static int set(struct call *call, const struct setting_change *changes, size_t count,
	struct orc_error *err)
{
	const char *passing;
	struct camera *camera;
	size_t done = 0, i;
	int ret;

	ret = call_camera(call, &camera, err);
	if (ret < 0)
		return ret;
	passing = find_passing(call, camera, changes, count);
	ret = camera_settings_set(camera, changes, count, &done, err);
	call_rest(call);
	tell_unkept(call, changes, done);
	if (passing && ret == 0)
		call_warn(call,
			"%s holds as long as a program has the camera (`opencamrc open` keeps "
			"it); then the body's own dial decides again",
			passing);
	for (i = 0; call->globals.json && i < done; i++) {
		cleanup_json struct json_object *object = json_new();

		json_put_string(object, "name", changes[i].name);
		json_put_string(object, "value", changes[i].value);
		json_print(call->io, object);
	}
	return ret;
}

static int run_set(struct call *call, struct orc_error *err)
{
	cleanup_free struct setting_change *changes = NULL;
	size_t i;
	int ret = 0;

	changes = orc_must(calloc(call->word_count, sizeof(*changes)));
	for (i = 0; i < call->word_count; i++) {
		const char *equals = strchr(call->words[i], '=');

		if (!equals || equals == call->words[i]) {
			orc_fail(err, ORC_EUSAGE, "%s: NAME=VALUE is needed", call->words[i]);
			if (strcmp(call->words[i], "set") != 0)
				orc_hint(err, "`config get %s` reads it", call->words[i]);
			ret = err->code;
			break;
		}
		changes[i].name =
			orc_must(strndup(call->words[i], (size_t)(equals - call->words[i])));
		changes[i].value = equals + 1;
	}
	if (ret == 0)
		ret = set(call, changes, call->word_count, err);
	for (i = 0; i < call->word_count; i++)
		free((char *)(uintptr_t)changes[i].name);
	return ret;
}

static int run_dump(struct call *call, struct orc_error *err)
{
	cleanup_settings struct settings settings = { 0 };
	cleanup_json struct json_object *object = json_new();
	cleanup_free char *model = NULL;
	size_t i;
	int ret;

	ret = read_settings(call, &settings, err);
	if (ret < 0)
		return ret;
	model = orc_must(strdup(camera_model(call->camera)));
	call_rest(call);
	if (!call->globals.json)
		io_printf(call->io, "# opencamrc profile\n# %s\n", model);
	for (i = 0; i < settings.count; i++) {
		const struct setting *setting = &settings.list[i];
		const char *name = profile_name(setting, settings.list, settings.count);
		cleanup_free char *value = NULL;

		if (!profile_wants(setting) || !setting->value)
			continue;
		value = profile_escape(setting->value);
		if (call->globals.json)
			json_put_string(object, name, setting->value);
		else
			io_printf(call->io, "%s=%s\n", name, value);
	}
	if (call->globals.json)
		json_print(call->io, object);
	return 0;
}

static const struct setting *find(const struct settings *settings, const char *name)
{
	size_t i;

	for (i = 0; i < settings->count; i++)
		if (strcmp(settings->list[i].name, name) == 0 ||
			strcmp(settings->list[i].path, name) == 0)
			return &settings->list[i];
	return NULL;
}

static bool differs(const struct setting *setting, const char *value)
{
	return !setting || !setting->value || strcmp(setting->value, value) != 0;
}

static int read_profile(struct call *call, struct profile *profile, const char *const *words,
	size_t count, struct orc_error *err)
{
	if (count != 1)
		return call_misused(
			call, err, "%s: one file is needed, or - for stdin", call->words[0]);
	return profile_read(profile, call->io, words[0], err);
}

/* Sets what differs, and nothing else: a profile holds dozens, and each costs a round trip. */
static int run_load(
	struct call *call, const char *const *words, size_t count, struct orc_error *err)
{
	cleanup_settings struct settings settings = { 0 };
	cleanup_profile struct profile profile = { 0 };
	cleanup_free struct setting_change *changes = NULL;
	size_t i, n = 0;
	int ret;

	ret = read_profile(call, &profile, words, count, err);
	if (ret == 0)
		ret = read_settings(call, &settings, err);
	if (ret < 0)
		return ret;
	changes = orc_must(calloc(profile.count, sizeof(*changes)));
	for (i = 0; i < profile.count; i++)
		if (differs(find(&settings, profile.lines[i].name), profile.lines[i].value))
			changes[n++] = (struct setting_change){
				.name = profile.lines[i].name,
				.value = profile.lines[i].value,
			};
	if (n > 0)
		ret = set(call, changes, n, err);
	if (ret == 0)
		io_note(call->io, "%zu of %zu settings changed\n", n, profile.count);
	return ret;
}

static int run_diff(
	struct call *call, const char *const *words, size_t count, struct orc_error *err)
{
	cleanup_settings struct settings settings = { 0 };
	cleanup_profile struct profile profile = { 0 };
	bool same = true;
	size_t i;
	int ret;

	ret = read_profile(call, &profile, words, count, err);
	if (ret == 0)
		ret = read_settings(call, &settings, err);
	if (ret < 0)
		return ret;
	call_rest(call);
	for (i = 0; i < profile.count; i++) {
		const struct profile_line *line = &profile.lines[i];
		const struct setting *setting = find(&settings, line->name);
		cleanup_json struct json_object *object = NULL;

		if (!differs(setting, line->value))
			continue;
		same = false;
		if (!call->globals.json) {
			io_printf(call->io, "%s: %s / %s\n", line->name,
				setting ? setting->value : "(no such setting)", line->value);
			continue;
		}
		object = json_new();
		json_put_string(object, "name", line->name);
		/* Twice: among several cameras "camera" is the name of one. */
		json_put_string(object, "value", setting ? setting->value : NULL);
		json_put_string(object, "camera", setting ? setting->value : NULL);
		json_put_string(object, "file", line->value);
		json_print(call->io, object);
	}
	return same ? 0 : 1;
}

static int run_config(struct call *call, struct orc_error *err)
{
	const char *verb = call->word_count > 0 ? call->words[0] : "list";
	const char *const *words = call->words + 1;
	size_t count = call->word_count > 0 ? call->word_count - 1 : 0;
	bool names = false;
	int ret, option;

	while ((option = call_next(call)) > 0)
		if (option == OPTION_NAMES)
			names = true;
	if (names && strcmp(verb, "list") != 0)
		return call_misused(call, err, "--names goes with list");
	if (strcmp(verb, "get") == 0)
		return run_get(call, words, count, err);
	if (strcmp(verb, "load") == 0)
		return run_load(call, words, count, err);
	if (strcmp(verb, "diff") == 0)
		return run_diff(call, words, count, err);
	if (strcmp(verb, "list") != 0 && strcmp(verb, "dump") != 0)
		return run_set(call, err);
	ret = call_no_more_words(call, 1, err);
	if (ret < 0)
		return ret;
	return strcmp(verb, "dump") == 0 ? run_dump(call, err) : run_list(call, names, err);
}

/* There is one stdin. */
static int check_config(struct call *call, struct orc_error *err)
{
	const char *verb = call->word_count > 1 ? call->words[0] : "";

	if ((strcmp(verb, "load") == 0 || strcmp(verb, "diff") == 0) &&
		strcmp(call->words[1], "-") == 0)
		return call_misused(call, err, "%s -: several cameras need a file", verb);
	return 0;
}

const struct command command_config = {
	.name = "config",
	.synopsis = "[list] [--names]\n"
		    "get NAME…\n"
		    "NAME=VALUE…\n"
		    "dump\n"
		    "load FILE|-\n"
		    "diff FILE|-",
	.summary = "read and change the camera's settings",
	.details = "list shows all settings with their choices. get prints the value alone, or "
		   "NAME=VALUE of several. Several NAME=VALUE are all checked before the first is "
		   "set; VALUE may be @N for the Nth choice, counted from 0. dump writes a "
		   "profile, load "
		   "sets what differs from one, diff shows it (camera / file) and exits with 1 if "
		   "anything does.",
	.options = options,
	.examples = "opencamrc -r router config get iso\n"
		    "opencamrc -r router config iso=400 aperture=8 shutterspeed=1/60\n"
		    "opencamrc -r router config dump > night.profile",
	.camera = true,
	.several = true,
	.check = check_config,
	.run = run_config,
};
