/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Completion offers what the tables allow at a place of the line, quoted as the line needs it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/complete.h"

static const struct poptOption globals[] = {
	{ "remote", 'r', POPT_ARG_STRING, NULL, 1000, "", "ADDRESS" },
	{ "port", 0, POPT_ARG_STRING, NULL, 1002, "", "PORT" },
	{ "json", 0, POPT_ARG_NONE, NULL, 1001, "", NULL },
	POPT_TABLEEND,
};

static const struct poptOption options[] = {
	{ "output", 'o', POPT_ARG_STRING, NULL, 1, "", "PATTERN" },
	{ "folder", 0, POPT_ARG_STRING, NULL, 2, "", "FOLDER" },
	{ "long", 'l', POPT_ARG_NONE, NULL, 3, "", NULL },
	{ "set", 0, POPT_ARG_STRING, NULL, 4, "", "NAME=VALUE" },
	POPT_TABLEEND,
};

static const struct poptOption no_options[] = {
	POPT_TABLEEND,
};

static const struct command config = {
	.name = "config",
	.synopsis = "[list] [--names]\nget NAME…\nNAME=VALUE…\ndump\nload FILE|-",
	.options = no_options,
};
static const struct command files = {
	.name = "files",
	.synopsis = "[list] [-l]\nget NAME…|--all\nput FILE… [--folder FOLDER]",
	.options = options,
};
static const struct command detach = {
	.name = "detach", .synopsis = "[PORT|HOST[/BUSID]|all]", .options = no_options
};
static const struct command help = {
	.name = "help", .synopsis = "[COMMAND]", .options = no_options
};
static const struct command env = {
	.name = "env", .synopsis = "COMMAND [ARGUMENT…]", .options = no_options, .alone = true
};

static const struct command *const table[] = { &config, &files, &detach, &help, &env, NULL };
static const char *const addresses[] = { "router", "left", NULL };
static const char *const own[] = { "exit", NULL };
static const char *const isos[] = { "100", "1600", "Auto", NULL };
static const char *const balances[] = { "Day light", NULL };
static const struct complete_setting settings[] = {
	{ .name = "iso", .choices = isos },
	{ .name = "whitebalance", .choices = balances },
	{ .name = "artist" },
};

static char asked_camera[64];

static const struct complete_setting *tell_settings(
	void *data, const struct complete_camera *camera, size_t *count)
{
	int *asked = data;

	snprintf(asked_camera, sizeof(asked_camera), "%s %s", camera->remote ? camera->remote : "-",
		camera->port ? camera->port : "-");
	(*asked)++;
	*count = ARRAY_LENGTH(settings);
	return settings;
}

static const struct {
	const char *text, *items, *insert;
} cases[] = {
	{ "", "config detach exit files help", "" },
	{ "con", "config", "fig " },
	{ "@7 con", "config", "fig " },
	{ "-r fi con", "config", "fig " },
	{ "-r con", "", "" },
	{ "-r ", "left router", "" },
	{ "files --remote=l", "left", "eft " },
	{ "--json e", "exit", "xit " },
	{ "# con", "", "" },
	{ "help d", "detach", "etach " },
	{ "detach ", "all left router", "" },
	{ "files ", "get list put", "" },
	{ "files -l p", "put", "ut " },
	{ "files --l", "--long", "ong " },
	{ "files --folder p", "", "" },
	{ "files get I", "", "" },
	{ "files --", "--folder --json --long --output --port --remote --set", "" },
	{ "files --set iso=1", "iso=100 iso=1600", "" },
	{ "files --set=art", "artist=", "ist=" },
	{ "files -- --", "", "" },
	{ "config d", "dump", "ump " },
	{ "config l", "list load", "" },
	{ "config i", "iso=", "so=" },
	{ "config is", "iso=", "o=" },
	{ "config iso=", "iso=100 iso=1600 iso=Auto", "" },
	{ "config iso=1", "iso=100 iso=1600", "" },
	{ "config iso=A", "iso=Auto", "uto " },
	{ "config iso=Auto white", "whitebalance=", "balance=" },
	{ "config get i", "iso", "so " },
	{ "config get iso w", "whitebalance", "hitebalance " },
	{ "config whitebalance=", "whitebalance=Day light", "Day\\ light " },
	{ "config \"whitebalance=", "whitebalance=Day light", "Day light\" " },
	{ "config load a", "a b.txt a's/", "" },
	{ "config load 'a ", "a b.txt", "b.txt' " },
	{ "config load a\\ ", "a b.txt", "b.txt " },
	{ "config load a\\", "a b.txt a's/", "" },
	{ "config load 'a'\\'", "a's/", "s/" },
	{ "config load a\\'s/", "a's/c", "c " },
	{ "files get x -o a\\'", "a's/", "s/" },
	{ "files get -lo a\\'", "a's/", "s/" },
	{ "files get --output=a\\'", "a's/", "s/" },
	{ "files put .", ".hidden", "hidden " },
	{ "nonsense ", "", "" },
	{ "nonsense --j", "--json", "son " },
};

static int make_folder(void **state)
{
	static char folder[] = "/tmp/opencamrc-complete.XXXXXX";
	int fd;

	if (!mkdtemp(folder))
		return -1;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || mkdirat(fd, "a's", 0700) < 0)
		return -1;
	close(openat(fd, "a b.txt", O_WRONLY | O_CREAT, 0600));
	close(openat(fd, "a's/c", O_WRONLY | O_CREAT, 0600));
	close(openat(fd, ".hidden", O_WRONLY | O_CREAT, 0600));
	close(fd);
	*state = folder;
	return 0;
}

static int remove_folder(void **state)
{
	static const char *const names[] = { "a b.txt", "a's/c", ".hidden" };
	int fd = open(*state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(names); i++)
		unlinkat(fd, names[i], 0);
	unlinkat(fd, "a's", AT_REMOVEDIR);
	close(fd);
	return rmdir(*state);
}

static void each_place_offers_what_the_tables_allow(void **state)
{
	int asked = 0;
	const struct completer completer = {
		.commands = table,
		.globals = globals,
		.own = own,
		.addresses = addresses,
		.cwd = open(*state, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
		.settings = tell_settings,
		.settings_data = &asked,
	};
	size_t i, j;

	for (i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct completions all;
		char items[256] = "";

		complete_line(&completer, cases[i].text, &all);
		for (j = 0; j < all.count; j++) {
			strcat(items, j ? " " : "");
			strcat(items, all.items[j].word);
		}
		if (strcmp(items, cases[i].items) != 0 || strcmp(all.insert, cases[i].insert) != 0)
			fail_msg("%s: [%s] +[%s]", cases[i].text, items, all.insert);
		complete_free(&all);
	}
	close(completer.cwd);
}

static void the_camera_is_asked_only_where_settings_are_wanted(void **state)
{
	static const char *const texts[] = { "", "files ", "files get ", "config load ",
		"config --", "help " };
	int asked = 0;
	const struct completer completer = {
		.commands = table,
		.globals = globals,
		.own = own,
		.addresses = addresses,
		.cwd = AT_FDCWD,
		.settings = tell_settings,
		.settings_data = &asked,
	};
	struct completions all;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(texts); i++) {
		complete_line(&completer, texts[i], &all);
		complete_free(&all);
	}
	assert_int_equal(asked, 0);
	complete_line(&completer, "config get ", &all);
	complete_free(&all);
	assert_int_equal(asked, 1);
}

static void the_camera_that_the_line_names_is_asked(void **state)
{
	static const struct {
		const char *text, *camera;
	} lines[] = {
		{ "config get ", "- -" },
		{ "-r a -rb config get ", "b -" },
		{ "--remote=c config get ", "c -" },
		{ "-r a config --port usb:1 get ", "- usb:1" },
	};
	int asked = 0;
	const struct completer completer = {
		.commands = table,
		.globals = globals,
		.own = own,
		.cwd = AT_FDCWD,
		.settings = tell_settings,
		.settings_data = &asked,
	};
	struct completions all;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(lines); i++) {
		complete_line(&completer, lines[i].text, &all);
		complete_free(&all);
		assert_string_equal(asked_camera, lines[i].camera);
	}
}

static void another_shell_offers_its_own_files_and_has_all_commands(void **state)
{
	const struct completer completer = {
		.commands = table,
		.globals = globals,
		.own = own + 1,
		.alone = true,
		.cwd = COMPLETE_NO_FILES,
	};
	struct completions all;

	(void)state;
	complete_line(&completer, "config load a", &all);
	assert_int_equal(all.count, 0);
	assert_true(all.files);
	complete_free(&all);
	complete_line(&completer, "en", &all);
	assert_int_equal(all.count, 1);
	assert_string_equal(all.items[0].word, "env");
	assert_false(all.files);
	complete_free(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			each_place_offers_what_the_tables_allow, make_folder, remove_folder),
		cmocka_unit_test(the_camera_is_asked_only_where_settings_are_wanted),
		cmocka_unit_test(the_camera_that_the_line_names_is_asked),
		cmocka_unit_test(another_shell_offers_its_own_files_and_has_all_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
