/* SPDX-License-Identifier: GPL-2.0-or-later */
/* File name patterns keep gphoto2's meaning, and bad ones are told before a shot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cmd/pattern.h"

/* 2026-11-21 04:05:06 UTC */
static const struct pattern_file raw = {
	.folder = "/store_00020001/DCIM/100CANON",
	.name = "IMG_0042.CR2",
	.time = 1795233906,
	.number = 7,
};

static const struct {
	const char *pattern, *expected;
} expansions[] = {
	{ "a.jpg", "a.jpg" },
	{ "%n", "7" },
	{ "%1n", "7" },
	{ "%5n.%C", "00007.CR2" },
	{ "%05n", "00007" },
	{ "%99n", "00000000000000000007" },
	{ "%f-x.%C", "IMG_0042-x.CR2" },
	{ "%F/%f", "store_00020001/DCIM/100CANON/IMG_0042" },
	{ "%:", "img_0042.cr2" },
	{ "%Y%m%d-%H%M%S", "20261121-040506" },
	{ "%y %j %I", "26 325 04" },
	{ "100%%", "100%" },
	{ "%%n", "%n" },
	{ "shots/", "shots/IMG_0042.CR2" },
	{ "%Y/", "2026/IMG_0042.CR2" },
};

static void conversions_expand(void **state)
{
	struct orc_error err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(expansions); i++) {
		cleanup_free char *name = NULL;

		assert_int_equal(pattern_check(expansions[i].pattern, &err), 0);
		name = pattern_expand(expansions[i].pattern, &raw);
		assert_string_equal(name, expansions[i].expected);
	}
}

static void names_without_suffix_or_folder_expand(void **state)
{
	const struct pattern_file file = { .folder = "/", .name = "capture", .number = 1 };
	cleanup_free char *name = pattern_expand("%F/%f[%C]", &file);

	(void)state;
	assert_string_equal(name, "./capture[]");
}

static void bad_patterns_are_refused_by_name(void **state)
{
	static const char *const bad[] = { "", "%", "a%", "%q", "%5C", "%5", "%-n", "%05Y", "x%e" };
	struct orc_error err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(bad); i++) {
		assert_int_equal(pattern_check(bad[i], &err), ORC_EUSAGE);
		assert_true(err.why[0]);
	}
	assert_int_equal(pattern_check("x%qy", &err), ORC_EUSAGE);
	assert_non_null(strstr(err.why, "%q"));
}

static void what_varies_is_known(void **state)
{
	(void)state;
	assert_true(pattern_is_constant("a%%.jpg"));
	assert_false(pattern_is_constant("a%n.jpg"));
	assert_false(pattern_is_constant("a/"));
	assert_true(pattern_is_foreseeable("a%03n.jpg"));
	assert_false(pattern_is_foreseeable("a%n.%C"));
	assert_false(pattern_is_foreseeable("%Y.jpg"));
	assert_false(pattern_is_foreseeable("a/"));
}

static const struct {
	const char *path, *expected;
} numbered[] = {
	{ "a.jpg", "a-2.jpg" },
	{ "d.x/a", "d.x/a-2" },
	{ "d/.hidden", "d/.hidden-2" },
	{ "a.tar.gz", "a.tar-2.gz" },
	{ ".x", ".x-2" },
};

static void a_number_stands_before_the_suffix(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(numbered); i++) {
		cleanup_free char *name = pattern_numbered(numbered[i].path, 2);

		assert_string_equal(name, numbered[i].expected);
	}
}

static void the_cameras_name_is_safe_in_a_file_name(void **state)
{
	const struct pattern_file file = { .folder = "/",
		.name = "IMG_0001.JPG",
		.number = 1,
		.camera = "../pi@[fe80::1]:3240/1-1" };
	cleanup_free char *name = pattern_expand("%N/%f.%C", &file);
	cleanup_free char *unnamed = pattern_expand("%N", &raw);

	(void)state;
	assert_string_equal(name, "-.-pi@-fe80--1--3240-1-1/IMG_0001.JPG");
	assert_string_equal(unnamed, "camera");
	assert_true(pattern_names_camera("a%%%N"));
	assert_false(pattern_names_camera("%%N"));
	assert_false(pattern_names_camera("%n"));
	assert_true(pattern_is_constant("%N.jpg"));
	assert_true(pattern_is_foreseeable("%N-%03n.jpg"));
}

static void what_the_camera_calls_a_file_leads_nowhere_else(void **state)
{
	static const struct {
		const char *name, *plain;
	} names[] = {
		{ "IMG_0001.JPG", "IMG_0001.JPG" },
		{ "../../.bashrc", "_.__.__bashrc" },
		{ "..", "_." },
		{ ".profile", "_profile" },
		{ "/etc/cron.d/x", "_etc_cron.d_x" },
		{ "a.b/../c", "a.b__._c" },
		{ "x\033[31m\ny", "x_[31m_y" },
		{ "", "_" },
		{ "Gr\303\266\303\237e.jpg", "Gr\303\266\303\237e.jpg" },
	};
	cleanup_free char *folder = pattern_plain_folder("/store/../../.ssh/./a\n");

	(void)state;
	assert_string_equal(folder, "/store/_./_./_ssh/_/a_");
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		cleanup_free char *plain = pattern_plain_name(names[i].name);

		assert_string_equal(plain, names[i].plain);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conversions_expand),
		cmocka_unit_test(names_without_suffix_or_folder_expand),
		cmocka_unit_test(bad_patterns_are_refused_by_name),
		cmocka_unit_test(what_varies_is_known),
		cmocka_unit_test(a_number_stands_before_the_suffix),
		cmocka_unit_test(the_cameras_name_is_safe_in_a_file_name),
		cmocka_unit_test(what_the_camera_calls_a_file_leads_nowhere_else),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
