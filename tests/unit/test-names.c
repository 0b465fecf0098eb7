/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the brands call the same setting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "camera/choice.h"
#include "camera/names.h"

enum { NIKON = 0x04b0, CANON = 0x04a9, OTHER = 0x1209 };

static void a_setting_is_known_by_any_brands_name_and_by_the_common_one(void **state)
{
	(void)state;
	assert_string_equal(name_common("f-number"), NAME_APERTURE);
	assert_string_equal(name_common("aperture"), NAME_APERTURE);
	assert_string_equal(name_common("shutter"), NAME_SHUTTER);
	assert_true(name_is("shutterspeed2", NAME_SHUTTER));
	assert_false(name_is("shutterspeed2", NAME_ISO));
	assert_null(name_common("picturestyle"));
	assert_false(name_is("picturestyle", NAME_ISO));
	assert_true(name_is_native("aperture"));
	assert_false(name_is_native("shutter"));
}

static void a_nikon_tells_its_shutter_speed_as_a_fraction(void **state)
{
	(void)state;
	assert_string_equal(name_native("shutter", NIKON, 0), "shutterspeed2");
	assert_string_equal(name_native("shutter", CANON, 0), "shutterspeed");
	assert_string_equal(name_native("shutter", OTHER, 0), "shutterspeed");
}

static void the_names_come_to_an_end(void **state)
{
	size_t count = 0;

	(void)state;
	while (name_native("autoexposuremode", CANON, count))
		count++;
	assert_in_range(count, 2, 10);
	assert_null(name_native("picturestyle", CANON, 0));
}

static void a_mode_is_meant_by_either_brands_word(void **state)
{
	char *canon[] = { "P", "TV", "AV", "Manual" }, *nikon[] = { "M", "P", "A", "S" };
	struct setting setting = { .name = "autoexposuremode",
		.type = SETTING_RADIO,
		.choices = canon,
		.choice_count = 4 };
	struct choice_value value;
	struct orc_error err;

	(void)state;
	assert_int_equal(choice_check(&setting, "M", &value, &err), 0);
	assert_string_equal(value.text, "Manual");
	assert_int_equal(choice_check(&setting, "S", &value, &err), 0);
	assert_string_equal(value.text, "TV");
	setting.name = "expprogram";
	setting.choices = nikon;
	assert_int_equal(choice_check(&setting, "manual", &value, &err), 0);
	assert_string_equal(value.text, "M");
	assert_int_equal(choice_check(&setting, "Av", &value, &err), 0);
	assert_string_equal(value.text, "A");
	/* Not of other settings. */
	setting.name = "picturestyle";
	assert_int_equal(choice_check(&setting, "Manual", &value, &err), ORC_EUSAGE);
}

static void a_format_is_meant_by_either_librarys_words(void **state)
{
	char *since[] = { "L", "cL", "S1", "S2", "S3", "RAW + L", "RAW" };
	char *before[] = { "Large Fine JPEG", "Tiny JPEG", "mRAW + Large Fine JPEG",
		"RAW + Large Fine JPEG" };
	struct setting setting = { .name = "imageformat",
		.type = SETTING_RADIO,
		.choices = since,
		.choice_count = ARRAY_LENGTH(since) };
	struct choice_value value;
	struct orc_error err;

	(void)state;
	assert_int_equal(choice_check(&setting, "Tiny JPEG", &value, &err), 0);
	assert_string_equal(value.text, "S3");
	assert_int_equal(choice_check(&setting, "Small Fine JPEG", &value, &err), 0);
	assert_string_equal(value.text, "S1");
	assert_int_equal(choice_check(&setting, "RAW + Large Fine JPEG", &value, &err), 0);
	assert_string_equal(value.text, "RAW + L");
	assert_int_equal(
		choice_check(&setting, "mRAW + Large Fine JPEG", &value, &err), ORC_EUSAGE);
	assert_int_equal(choice_check(&setting, "Large Fine JPEG + RAW", &value, &err), ORC_EUSAGE);
	setting.choices = before;
	setting.choice_count = ARRAY_LENGTH(before);
	assert_int_equal(choice_check(&setting, "raw + l", &value, &err), 0);
	assert_string_equal(value.text, "RAW + Large Fine JPEG");
	assert_int_equal(choice_check(&setting, "S3", &value, &err), 0);
	assert_string_equal(value.text, "Tiny JPEG");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_setting_is_known_by_any_brands_name_and_by_the_common_one),
		cmocka_unit_test(a_nikon_tells_its_shutter_speed_as_a_fraction),
		cmocka_unit_test(the_names_come_to_an_end),
		cmocka_unit_test(a_mode_is_meant_by_either_brands_word),
		cmocka_unit_test(a_format_is_meant_by_either_librarys_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
