/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The configured remotes: default servers and aliases, from the environment and the config file. */
#include "usbip/config.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct place {
	const char *name;
	unsigned int line;
};

static void cleanup_file(FILE **file)
{
	if (*file)
		fclose(*file);
}

void usbip_config_free(struct usbip_config *config)
{
	for (size_t i = 0; i < config->count; i++) {
		free(config->remotes[i].alias);
		free(config->remotes[i].address);
	}
	free(config->remotes);
	memset(config, 0, sizeof(*config));
}

/* Takes the texts over, on failure too. */
static int add(struct usbip_config *config, char *alias, char *address, struct orc_error *err)
{
	struct usbip_remote *grown = NULL;

	if (config->count < USBIP_CONFIG_MAX_REMOTES)
		grown = realloc(config->remotes, (config->count + 1) * sizeof(*grown));
	if (!grown) {
		free(alias);
		free(address);
		return orc_fail(err, ORC_EUSAGE, "more than %d remotes", USBIP_CONFIG_MAX_REMOTES);
	}
	config->remotes = grown;
	grown[config->count++] = (struct usbip_remote){ .alias = alias, .address = address };
	return 0;
}

static char *trim(char *text)
{
	size_t len;

	while (isspace((unsigned char)*text))
		text++;
	len = strlen(text);
	while (len && isspace((unsigned char)text[len - 1]))
		text[--len] = '\0';
	return text;
}

static int misunderstood(struct orc_error *err, const struct place *place, const char *why)
{
	orc_fail(err, ORC_EUSAGE, "%s", why);
	orc_what(err, "%s:%u", place->name, place->line);
	return orc_hint(err, "see opencamrc-usbip(7)");
}

/* "[remote NAME]": the alias that the following address belongs to. */
static int section(char *line, char **alias, const struct place *place, struct orc_error *err)
{
	char *end = strchr(line, ']');
	char *name;

	if (!end || end[1] || strncmp(line, "[remote", 7) != 0 || !isspace((unsigned char)line[7]))
		return misunderstood(err, place, "a section is [remote NAME]");
	*end = '\0';
	name = trim(line + 7);
	if (!*name || strpbrk(name, "/ \t,"))
		return misunderstood(err, place, "a name has no blank, comma or slash");
	free(*alias);
	*alias = strdup(name);
	return *alias ? 0 : orc_fail_errno(err, ORC_ENOMEM, ENOMEM);
}

static int assignment(struct usbip_config *config, char *line, const char *alias,
	const struct place *place, struct orc_error *err)
{
	char *value = strchr(line, '=');
	char *name, *name_copy = NULL, *value_copy;

	if (!value)
		return misunderstood(err, place, "a line is NAME = VALUE");
	*value++ = '\0';
	name = trim(line);
	value = trim(value);
	if (strcmp(name, alias ? "address" : "remote") != 0)
		return misunderstood(err, place,
			alias ? "a [remote NAME] section has only address = ADDRESS"
			      : "outside a section there is only remote = ADDRESS");
	if (!*value)
		return misunderstood(err, place, "the address is missing");
	value_copy = strdup(value);
	if (alias)
		name_copy = strdup(alias);
	if (!value_copy || (alias && !name_copy)) {
		free(value_copy);
		free(name_copy);
		return orc_fail_errno(err, ORC_ENOMEM, ENOMEM);
	}
	return add(config, name_copy, value_copy, err);
}

int usbip_config_parse(struct usbip_config *config, const char *text, size_t len, const char *name,
	struct orc_error *err)
{
	cleanup_free char *copy = strndup(text, len);
	cleanup_free char *alias = NULL;
	struct place place = { .name = name };
	char *next, *line;
	int ret;

	memset(config, 0, sizeof(*config));
	if (!copy)
		return orc_fail_errno(err, ORC_ENOMEM, ENOMEM);
	for (next = copy; (line = strsep(&next, "\n"));) {
		place.line++;
		line[strcspn(line, "#")] = '\0';
		line = trim(line);
		if (!*line)
			continue;
		ret = *line == '[' ? section(line, &alias, &place, err)
				   : assignment(config, line, alias, &place, err);
		if (ret < 0) {
			usbip_config_free(config);
			return ret;
		}
	}
	return 0;
}

static FILE *open_config(char *path, size_t size)
{
	const char *base = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	FILE *file = NULL;

	if (base && *base)
		snprintf(path, size, "%s/opencamrc/config", base);
	else if (home && *home)
		snprintf(path, size, "%s/.config/opencamrc/config", home);
	else
		path[0] = '\0';
	if (path[0])
		file = fopen(path, "re");
	if (file || (path[0] && errno != ENOENT && errno != ENOTDIR))
		return file;
	snprintf(path, size, "%s/opencamrc.conf", SYSCONFDIR);
	return fopen(path, "re");
}

static int load_file(struct usbip_config *config, struct orc_error *err)
{
	char path[4096];
	FILE *file cleanup(cleanup_file) = open_config(path, sizeof(path));
	cleanup_free char *text = NULL;
	size_t len;

	if (!file) {
		if (errno == ENOENT || errno == ENOTDIR)
			return 0;
		orc_fail_errno(err, ORC_EFILE, errno);
		return orc_what(err, "cannot read %s", path);
	}
	text = malloc(USBIP_CONFIG_MAX_SIZE);
	if (!text)
		return orc_fail_errno(err, ORC_ENOMEM, ENOMEM);
	len = fread(text, 1, USBIP_CONFIG_MAX_SIZE, file);
	if (ferror(file) || len == USBIP_CONFIG_MAX_SIZE) {
		orc_fail_errno(err, ORC_EFILE, ferror(file) ? errno : EFBIG);
		return orc_what(err, "cannot read %s", path);
	}
	return usbip_config_parse(config, text, len, path, err);
}

/* The environment's remotes take the place of the file's defaults; its aliases stay. */
static int load_environment(struct usbip_config *config, const char *value, struct orc_error *err)
{
	cleanup_free char *copy = strdup(value);
	char *next = copy, *word, *address;
	size_t kept = 0;
	int ret;

	if (!copy)
		return orc_fail_errno(err, ORC_ENOMEM, ENOMEM);
	for (size_t i = 0; i < config->count; i++) {
		if (config->remotes[i].alias)
			config->remotes[kept++] = config->remotes[i];
		else
			free(config->remotes[i].address);
	}
	config->count = kept;
	while ((word = strsep(&next, " \t\n,"))) {
		if (!*word)
			continue;
		address = strdup(word);
		if (!address)
			return orc_fail_errno(err, ORC_ENOMEM, ENOMEM);
		ret = add(config, NULL, address, err);
		if (ret < 0)
			return ret;
	}
	return 0;
}

int usbip_config_load(struct usbip_config *config, struct orc_error *err)
{
	const char *value = getenv("OPENCAMRC_REMOTE");
	int ret;

	memset(config, 0, sizeof(*config));
	ret = load_file(config, err);
	if (ret == 0 && value && *value)
		ret = load_environment(config, value, err);
	if (ret < 0)
		usbip_config_free(config);
	return ret;
}

const char *usbip_config_default(const struct usbip_config *config, size_t nth)
{
	for (size_t i = 0; i < config->count; i++)
		if (!config->remotes[i].alias && nth-- == 0)
			return config->remotes[i].address;
	return NULL;
}

static const struct usbip_remote *find_alias(
	const struct usbip_config *config, const char *name, size_t len)
{
	for (size_t i = 0; i < config->count; i++) {
		const char *alias = config->remotes[i].alias;

		if (alias && strlen(alias) == len && memcmp(alias, name, len) == 0)
			return &config->remotes[i];
	}
	return NULL;
}

int usbip_config_resolve(const struct usbip_config *config, const char *text,
	struct usbip_address *address, struct orc_error *err)
{
	const struct usbip_remote *alias;
	size_t len;
	int ret;

	if (!text || !*text) {
		text = usbip_config_default(config, 0);
		if (!text) {
			orc_fail(err, ORC_ENOCAMERA, "no remote is configured");
			return orc_hint(err, "name one: -r HOST, or set OPENCAMRC_REMOTE");
		}
	}
	len = strcspn(text, "/");
	alias = find_alias(config, text, len);
	if (!alias)
		return usbip_address_parse(address, text, err);
	ret = usbip_address_parse(address, alias->address, err);
	if (ret < 0)
		return ret;
	if (!text[len])
		return 0;
	if (!text[len + 1] || strlen(text + len + 1) >= sizeof(address->busid))
		return orc_fail(err, ORC_EUSAGE, "\"%s\" has no valid busid", text);
	snprintf(address->busid, sizeof(address->busid), "%s", text + len + 1);
	return 0;
}
