/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What words on the command line and in a profile mean: files, settings, slips of the finger. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "cmd/nearest.h"
#include "cmd/profile.h"
#include "cmd/select.h"

#define CARD "/store_00020001/DCIM/100CANON"

static struct camera_file files[] = {
	{ .folder = CARD, .name = "IMG_0001.CR2" },
	{ .folder = CARD, .name = "IMG_0001.JPG" },
	{ .folder = CARD, .name = "IMG_0002.JPG" },
	{ .folder = "/store_00020001/DCIM/101CANON", .name = "IMG_0001.JPG" },
	{ .folder = "/store_00020001/DCIM/101CANON", .name = "2" },
};

static const struct {
	const char *word;
	const char *chosen; /* a letter a file; NULL: refused */
	int code;
} selections[] = {
	{ "1", "x....", 0 },
	{ "1-3", "xxx..", 0 },
	{ "1,3-4", "x.xx.", 0 },
	{ "2", "....x", 0 }, /* a name goes before a number */
	{ "IMG_0002.JPG", "..x..", 0 },
	{ "IMG_0001.JPG", ".x.x.", 0 },
	{ CARD "/IMG_0001.JPG", ".x...", 0 },
	{ "*.JPG", ".xxx.", 0 },
	{ CARD "/*", "xxx..", 0 },
	{ "6", NULL, ORC_EREFUSED },
	{ "3-9", NULL, ORC_EREFUSED },
	{ "0", NULL, ORC_EUSAGE },
	{ "3-1", NULL, ORC_EUSAGE },
	{ "1-", NULL, ORC_EUSAGE },
	{ "1,", NULL, ORC_EUSAGE },
	{ "99999999999999999999999", NULL, ORC_EUSAGE },
	{ "img_0002.jpg", NULL, ORC_EREFUSED },
	{ "/elsewhere/IMG_0001.JPG", NULL, ORC_EREFUSED },
};

static void words_select_files(void **state)
{
	struct orc_error err;
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(selections); i++) {
		bool chosen[ARRAY_LENGTH(files)] = { 0 };

		assert_int_equal(
			select_files(files, ARRAY_LENGTH(files), selections[i].word, chosen, &err),
			selections[i].code);
		for (j = 0; selections[i].chosen && j < ARRAY_LENGTH(files); j++)
			assert_int_equal(chosen[j], selections[i].chosen[j] == 'x');
	}
}

static void a_profile_is_read_as_it_was_written(void **state)
{
	static const char value[] = "back\\slash\nand = sign ";
	cleanup_free char *escaped = profile_escape(value);
	struct profile profile = { 0 };
	struct orc_error err;
	char text[256];

	(void)state;
	snprintf(
		text, sizeof(text), "# opencamrc profile\n\niso=100\r\nartist=%s\nempty=", escaped);
	assert_int_equal(profile_parse(&profile, text, &err), 0);
	assert_int_equal(profile.count, 3);
	assert_string_equal(profile.lines[0].name, "iso");
	assert_string_equal(profile.lines[0].value, "100");
	assert_string_equal(profile.lines[1].value, value);
	assert_string_equal(profile.lines[2].value, "");
	profile_free(&profile);
}

static void a_profile_may_be_json(void **state)
{
	struct profile profile = { 0 };
	struct orc_error err;

	(void)state;
	assert_int_equal(profile_parse(&profile, " {\"iso\":\"100\",\"zoom\":3}\n", &err), 0);
	assert_int_equal(profile.count, 2);
	assert_string_equal(profile.lines[1].value, "3");
	profile_free(&profile);
}

static void what_is_no_profile_is_refused(void **state)
{
	static const char *const bad[] = { "", "# nothing\n", "iso=1\nnonsense\n", "=x\n",
		"{\"iso\":" };
	struct orc_error err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(bad); i++) {
		struct profile profile = { 0 };

		assert_int_equal(profile_parse(&profile, bad[i], &err), ORC_EUSAGE);
		profile_free(&profile);
	}
	assert_true(err.why[0]);
}

static void a_profile_holds_settings_and_no_deeds(void **state)
{
	static const struct {
		struct setting setting;
		bool wanted;
	} cases[] = {
		{ { .path = "/main/imgsettings/iso", .name = "iso", .type = SETTING_RADIO }, true },
		{ { .path = "/main/status/lens", .name = "lens", .readonly = true }, false },
		{ { .path = "/main/actions/viewfinder",
			  .name = "viewfinder",
			  .type = SETTING_TOGGLE },
			false },
		{ { .path = "/main/settings/datetime", .name = "datetime", .type = SETTING_DATE },
			false },
		{ { .path = "/main/settings/x", .name = "x", .type = SETTING_BUTTON }, false },
		{ { .path = "/main/other/5011", .name = "5011", .type = SETTING_TEXT }, false },
		{ { .path = "/main/other/d1a8", .name = "d1a8", .type = SETTING_MENU }, false },
		{ { .path = "/main/other/face", .name = "faces", .type = SETTING_MENU }, true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(cases); i++)
		assert_int_equal(profile_wants(&cases[i].setting), cases[i].wanted);
}

static void settings_of_one_name_go_by_their_path(void **state)
{
	const struct setting all[] = {
		{ .path = "/main/a/iso", .name = "iso" },
		{ .path = "/main/b/iso", .name = "iso" },
		{ .path = "/main/b/zoom", .name = "zoom" },
	};

	(void)state;
	assert_string_equal(profile_name(&all[1], all, 3), "/main/b/iso");
	assert_string_equal(profile_name(&all[2], all, 3), "zoom");
}

static void slips_find_their_word(void **state)
{
	static const char *const words[] = { "list", "capture", "config", "liveview", "files",
		NULL };
	static const struct {
		const char *slip, *meant;
	} cases[] = {
		{ "capure", "capture" },
		{ "cpature", "capture" },
		{ "lsit", "list" },
		{ "live", "liveview" },
		{ "conf", "config" },
		{ "file", "files" },
		{ "zzzzz", NULL },
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct nearest nearest = { .word = cases[i].slip };

		for (j = 0; words[j]; j++)
			nearest_try(&nearest, words[j]);
		if (cases[i].meant)
			assert_string_equal(nearest.best, cases[i].meant);
		else
			assert_null(nearest.best);
	}
	assert_int_equal(nearest_distance("ab", "ba"), 1);
	assert_int_equal(nearest_distance("", "abc"), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_select_files),
		cmocka_unit_test(a_profile_is_read_as_it_was_written),
		cmocka_unit_test(a_profile_may_be_json),
		cmocka_unit_test(what_is_no_profile_is_refused),
		cmocka_unit_test(a_profile_holds_settings_and_no_deeds),
		cmocka_unit_test(settings_of_one_name_go_by_their_path),
		cmocka_unit_test(slips_find_their_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
