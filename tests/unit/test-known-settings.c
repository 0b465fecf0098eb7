/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What completion takes of `config list --json`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "cmd/known-settings.h"

static const struct complete_setting *item_of(const struct known_settings *known, const char *name)
{
	for (size_t i = 0; i < known->count; i++)
		if (strcmp(known->items[i].name, name) == 0)
			return &known->items[i];
	return NULL;
}

static void a_setting_is_offered_under_the_name_that_any_body_has_for_it(void **state)
{
	static const char lines[] =
		"{\"name\":\"f-number\",\"common\":\"aperture\",\"readonly\":false,"
		"\"choices\":[\"f/4\"]}\n"
		"{\"name\":\"iso\",\"common\":\"iso\",\"readonly\":false,\"choices\":null}\n"
		"{\"name\":\"shutterspeed\",\"common\":\"shutter\",\"readonly\":true,"
		"\"choices\":null}\n"
		"{\"name\":\"artist\",\"common\":null,\"readonly\":false,\"choices\":null}\n";
	struct known_settings known = { 0 };
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	fputs(lines, file);
	rewind(file);
	known_settings_read(&known, fileno(file));
	fclose(file);
	assert_int_equal(known.count, 4);
	assert_non_null(item_of(&known, "f-number"));
	assert_non_null(item_of(&known, "aperture"));
	assert_string_equal(item_of(&known, "aperture")->choices[0], "f/4");
	assert_non_null(item_of(&known, "iso"));
	assert_non_null(item_of(&known, "artist"));
	assert_null(item_of(&known, "shutter"));
	known_settings_free(&known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_setting_is_offered_under_the_name_that_any_body_has_for_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
