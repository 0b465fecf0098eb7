/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may come next on a command line, for the completions of bash, zsh and fish. */
#include "cmd/completion.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/complete.h"
#include "cmd/known-settings.h"
#include "usbip/config.h"

struct asking {
	const struct io *io;
	bool asked;
	struct known_settings settings;
};

/* A camera that somebody holds open is asked; none is opened, or waited for, for a Tab. */
static const struct complete_setting *ask_settings(
	void *data, const struct complete_camera *camera, size_t *count)
{
	const char *words[] = { "opencamrc", "--wait", "500ms", "--timeout", "1s", "config", "list",
		"--json", NULL, NULL, NULL };
	size_t used = 8;
	struct asking *asking = data;
	struct io io = *asking->io;

	if (camera->remote) {
		words[used++] = "--remote";
		words[used++] = camera->remote;
	} else if (camera->port) {
		words[used++] = "--port";
		words[used++] = camera->port;
	}
	if (!asking->asked) {
		io.holder_only = true;
		known_settings_ask(&asking->settings, &io, (int)used, words);
		asking->asked = true;
	}
	*count = asking->settings.count;
	return asking->settings.items;
}

/* The names and servers of the configuration; one that makes no sense has none. */
static const char **known_addresses(const struct usbip_config *config)
{
	const char **addresses = orc_must(
		calloc(config->alias_count + config->remote_count + 1, sizeof(*addresses)));
	size_t count = 0, i;

	for (i = 0; i < config->alias_count; i++)
		addresses[count++] = config->aliases[i].name;
	for (i = 0; i < config->remote_count; i++)
		addresses[count++] = config->remotes[i];
	return addresses;
}

void completion_print(struct io *io, const char *text)
{
	static const char *const none[] = { NULL };
	struct asking asking = { .io = io };
	struct usbip_config config = { 0 };
	struct orc_error err = { 0 };
	struct completer completer = {
		.commands = commands,
		.globals = global_options,
		.own = none,
		.alone = true,
		.cwd = COMPLETE_NO_FILES,
		.settings = ask_settings,
		.settings_data = &asking,
	};
	struct completions all;
	const char **addresses;
	size_t i;

	if (usbip_config_load(&config, NULL, &err) < 0)
		config = (struct usbip_config){ 0 };
	completer.addresses = addresses = known_addresses(&config);
	complete_line(&completer, text, &all);
	for (i = 0; i < all.count; i++)
		io_printf(io, "%s%s%s\n", all.items[i].word, all.items[i].about ? "\t" : "",
			all.items[i].about ? all.items[i].about : "");
	if (all.files)
		io_printf(io, "/\n");
	complete_free(&all);
	free(addresses);
	usbip_config_free(&config);
	known_settings_free(&asking.settings);
}
