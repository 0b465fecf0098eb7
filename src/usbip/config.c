/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The configured remotes: which servers to ask, and short names for long addresses. */
#include "usbip/config.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define SEPARATORS " \t,"

static bool add_remote(struct usbip_config *config, const char *text)
{
	char **more = realloc(config->remotes, (config->remote_count + 1) * sizeof(*more));
	char *copy = strdup(text);

	if (more)
		config->remotes = more;
	if (!more || !copy) {
		free(copy);
		return false;
	}
	more[config->remote_count++] = copy;
	return true;
}

static void drop_remotes(struct usbip_config *config)
{
	for (size_t i = 0; i < config->remote_count; i++)
		free(config->remotes[i]);
	free(config->remotes);
	config->remotes = NULL;
	config->remote_count = 0;
}

void usbip_config_free(struct usbip_config *config)
{
	drop_remotes(config);
	free(config->ssh);
	for (size_t i = 0; i < config->alias_count; i++) {
		free(config->aliases[i].name);
		free(config->aliases[i].address);
	}
	free(config->aliases);
	memset(config, 0, sizeof(*config));
}

static bool add_alias(struct usbip_config *config, const char *name)
{
	struct usbip_alias *more =
		realloc(config->aliases, (config->alias_count + 1) * sizeof(*more));
	char *copy = strdup(name);

	if (more)
		config->aliases = more;
	if (!more || !copy) {
		free(copy);
		return false;
	}
	more[config->alias_count++] = (struct usbip_alias){ .name = copy };
	return true;
}

static bool set_ssh(struct usbip_config *config, const char *command)
{
	free(config->ssh);
	config->ssh = strdup(command);
	return config->ssh != NULL;
}

static bool read_sandbox(enum usbip_sandbox *sandbox, const char *value)
{
	static const struct {
		const char *word;
		enum usbip_sandbox sandbox;
	} words[] = {
		{ "no", USBIP_SANDBOX_NO },
		{ "try", USBIP_SANDBOX_TRY },
		{ "yes", USBIP_SANDBOX_YES },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
		if (strcmp(value, words[i].word) == 0) {
			*sandbox = words[i].sandbox;
			return true;
		}
	return false;
}

static char *trim(char *text)
{
	char *end;

	while (isspace((unsigned char)*text))
		text++;
	end = text + strlen(text);
	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	return text;
}

/* "[remote NAME]": the name, or NULL. */
static char *section_name(char *line)
{
	size_t len = strlen(line);

	if (len < 2 || line[len - 1] != ']')
		return NULL;
	line[len - 1] = '\0';
	line = trim(line + 1);
	if (strncmp(line, "remote", 6) != 0 || !isspace((unsigned char)line[6]))
		return NULL;
	line = trim(line + 6);
	return *line && !strpbrk(line, "/:" SEPARATORS) ? line : NULL;
}

/* What a line says: NULL when it was understood, else what is wrong with it. */
static const char *read_line(struct usbip_config *config, char *line)
{
	struct usbip_alias *section =
		config->alias_count ? &config->aliases[config->alias_count - 1] : NULL;
	char *comment = strchr(line, '#');
	char *value;

	if (comment)
		*comment = '\0';
	line = trim(line);
	if (!*line)
		return NULL;
	if (*line == '[') {
		line = section_name(line);
		if (!line)
			return "a section is [remote NAME]";
		return add_alias(config, line) ? NULL : "out of memory";
	}
	value = strchr(line, '=');
	if (!value)
		return "a line is NAME = VALUE";
	*value = '\0';
	value = trim(value + 1);
	line = trim(line);
	if (!*value)
		return "the value is missing";
	/* These mean the same wherever they stand: lines are added at a file's end. */
	if (strcmp(line, "remote") == 0)
		return add_remote(config, value) ? NULL : "out of memory";
	if (strcmp(line, "ssh") == 0)
		return set_ssh(config, value) ? NULL : "out of memory";
	if (strcmp(line, "sandbox") == 0)
		return read_sandbox(section ? &section->sandbox : &config->sandbox, value)
			? NULL
			: "sandbox is yes, try or no";
	if (!section || strcmp(line, "address") != 0)
		return section ? "a section knows only \"address\" and \"sandbox\""
			       : "only \"remote\", \"ssh\" and \"sandbox\" are known here";
	free(section->address);
	section->address = strdup(value);
	return section->address ? NULL : "out of memory";
}

static int read_stream(
	struct usbip_config *config, FILE *file, const char *path, struct orc_error *err)
{
	cleanup_free char *line = NULL;
	size_t room = 0;

	for (unsigned int number = 1; getline(&line, &room, file) >= 0; number++) {
		const char *wrong = read_line(config, line);

		if (!wrong)
			continue;
		orc_fail(err, ORC_EUSAGE, "%s", wrong);
		return orc_what(err, "%.150s:%u", path, number);
	}
	if (!ferror(file))
		return 0;
	orc_fail_errno(err, ORC_EFILE, errno);
	return orc_what(err, "cannot read %.150s", path);
}

int usbip_config_read(struct usbip_config *config, const char *path, struct orc_error *err)
{
	FILE *file = fopen(path, "re");
	int r;

	memset(config, 0, sizeof(*config));
	if (!file) {
		orc_fail_errno(err, ORC_EFILE, errno);
		orc_what(err, "cannot read %.150s", path);
		return ORC_EFILE;
	}
	r = read_stream(config, file, path, err);
	fclose(file);
	if (r < 0) {
		usbip_config_free(config);
		return err ? err->code : ORC_EUSAGE;
	}
	return 0;
}

void usbip_config_user_file(char *path, size_t size)
{
	const char *base = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	*path = '\0';
	if (base && *base == '/')
		snprintf(path, size, "%s/opencamrc/config", base);
	else if (home && *home)
		snprintf(path, size, "%s/.config/opencamrc/config", home);
}

static int use_environment(struct usbip_config *config, struct orc_error *err)
{
	const char *value = getenv("OPENCAMRC_REMOTE"), *ssh = getenv("OPENCAMRC_SSH");
	const char *sandbox = getenv("OPENCAMRC_SANDBOX");
	cleanup_free char *copy = NULL;
	char *rest = NULL;

	if (ssh && *ssh && !set_ssh(config, ssh))
		return orc_fail(err, ORC_ENOMEM, "out of memory");
	config->sandbox_forced = sandbox && *sandbox;
	if (config->sandbox_forced && !read_sandbox(&config->sandbox, sandbox)) {
		orc_fail(err, ORC_EUSAGE, "it is yes, try or no");
		return orc_what(err, "OPENCAMRC_SANDBOX=%.100s", sandbox);
	}
	if (!value)
		return 0;
	drop_remotes(config);
	copy = strdup(value);
	for (char *p = copy ? strtok_r(copy, SEPARATORS, &rest) : NULL; p;
		p = strtok_r(NULL, SEPARATORS, &rest))
		if (!add_remote(config, p))
			return orc_fail(err, ORC_ENOMEM, "out of memory");
	config->local_only = config->remote_count == 0;
	return copy ? 0 : orc_fail(err, ORC_ENOMEM, "out of memory");
}

int usbip_config_timeout(const char *text, int64_t *msec, struct orc_error *err)
{
	nsec_t nsec;

	if (!text || !*text)
		return 0;
	if (duration_parse(text, &nsec) < 0 || nsec < NSEC_PER_MSEC) {
		orc_fail(err, ORC_EUSAGE, "it is a duration: 5s, 500ms");
		return orc_what(err, USBIP_TIMEOUT "=%.100s", text);
	}
	*msec = nsec / NSEC_PER_MSEC;
	return 0;
}

int usbip_config_load(struct usbip_config *config, const char *ssh, struct orc_error *err)
{
	static const char system_file[] = SYSCONFDIR "/opencamrc.conf";
	struct orc_error failure = { 0 };
	char path[4096];
	int r;

	usbip_config_user_file(path, sizeof(path));
	r = usbip_config_read(config, path, &failure);
	if (r == ORC_EFILE && (failure.errnum == ENOENT || failure.errnum == ENOTDIR))
		r = usbip_config_read(config, system_file, &failure);
	if (r == ORC_EFILE && failure.errnum == ENOENT)
		r = 0;
	if (r == 0)
		r = use_environment(config, &failure);
	if (r == 0 && ssh && !set_ssh(config, ssh))
		r = orc_fail(&failure, ORC_ENOMEM, "out of memory");
	if (r < 0) {
		usbip_config_free(config);
		if (err)
			*err = failure;
	}
	return r;
}

static const struct usbip_alias *find_section(
	const struct usbip_config *config, const char *name, size_t len)
{
	for (size_t i = 0; i < config->alias_count; i++)
		if (strncmp(config->aliases[i].name, name, len) == 0 &&
			!config->aliases[i].name[len])
			return &config->aliases[i];
	return NULL;
}

enum usbip_sandbox usbip_config_sandbox(
	const struct usbip_config *config, const char *text, bool other)
{
	const struct usbip_alias *section;

	if ((!text || !*text) && config->remote_count > 0)
		text = config->remotes[0];
	if (other || !text || config->sandbox_forced)
		return config->sandbox;
	section = find_section(config, text, strcspn(text, "/"));
	return section && section->sandbox ? section->sandbox : config->sandbox;
}

static int put_ssh(
	const struct usbip_config *config, struct usbip_address *address, struct orc_error *err)
{
	const char *ssh = address->ssh && config->ssh ? config->ssh : "";

	if (strlen(ssh) >= sizeof(address->ssh_command)) {
		orc_fail(err, ORC_EUSAGE, "it has more than %zu letters",
			sizeof(address->ssh_command) - 1);
		orc_what(err, "the ssh command cannot be used");
		return orc_hint(err, "put what it does in a script");
	}
	memcpy(address->ssh_command, ssh, strlen(ssh) + 1);
	return 0;
}

int usbip_config_resolve(const struct usbip_config *config, const char *text,
	struct usbip_address *address, struct orc_error *err)
{
	const struct usbip_alias *section;
	const char *target, *slash;
	char joined[512];
	int r;

	if (!text || !*text) {
		if (config->remote_count == 0) {
			orc_fail(err, ORC_EUSAGE, "no remote is given");
			orc_hint(err, "use -r HOST, set OPENCAMRC_REMOTE, or write a config file");
			return ORC_EUSAGE;
		}
		text = config->remotes[0];
	}
	slash = strchr(text, '/');
	section = find_section(config, text, slash ? (size_t)(slash - text) : strlen(text));
	target = section ? section->address : NULL;
	snprintf(joined, sizeof(joined), "%s%s", target ? target : "", slash ? slash : "");
	r = usbip_address_parse(address, target ? joined : text, err);
	return r < 0 ? r : put_ssh(config, address, err);
}
