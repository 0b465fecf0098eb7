/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings without a camera: choices, names, widget trees, and libgphoto2's codes. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gphoto2/gphoto2-result.h>

#include "camera/private.h"
#include "camera/widget.h"

static char *iso_choices[] = { "Auto", "100", "200", "400", "800" };
static char *shutter_choices[] = { "bulb", "30", "0.5", "1/60", "1/250", "1/4000" };
static char *format_choices[] = { "RAW", "Large Fine JPEG" };

static struct setting radio(char **choices, size_t count)
{
	return (struct setting){
		.name = "x",
		.type = SETTING_RADIO,
		.choices = choices,
		.choice_count = count,
	};
}

static void a_choice_is_found_by_text_case_index_and_number(void **state)
{
	static const char *const written[][2] = {
		{ "1/250", "1/250" },
		{ "0.004", "1/250" },
		{ "1/250s", "1/250" },
		{ "Bulb", "bulb" },
		{ "@1", "30" },
		{ "0,5", "0.5" },
		{ "1/2", "0.5" },
		{ "30.0", "30" },
	};
	struct setting setting = radio(shutter_choices, ARRAY_LENGTH(shutter_choices));
	struct choice_value value;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(written); i++) {
		assert_int_equal(choice_check(&setting, written[i][0], &value, NULL), 0);
		assert_string_equal(value.text, written[i][1]);
	}
}

static void a_bad_choice_is_a_usage_error_that_lists_the_choices(void **state)
{
	static const char *const bad[] = { "1/251000", "@6", "@", "@1x", "", "-30", "31" };
	struct setting setting = radio(shutter_choices, ARRAY_LENGTH(shutter_choices));
	struct choice_value value;
	struct orc_error err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(bad); i++)
		assert_int_equal(choice_check(&setting, bad[i], &value, &err), ORC_EUSAGE);
	assert_non_null(strstr(err.hint, "1/250, 1/4000"));
	setting = radio(format_choices, ARRAY_LENGTH(format_choices));
	assert_int_equal(choice_check(&setting, "large fine jpeg", &value, NULL), 0);
	assert_int_equal(choice_check(&setting, "1", &value, NULL), ORC_EUSAGE);
	setting = radio(iso_choices, ARRAY_LENGTH(iso_choices));
	assert_int_equal(choice_check(&setting, "401", &value, NULL), ORC_EUSAGE);
	assert_int_equal(choice_check(&setting, "400.0", &value, NULL), 0);
}

static void toggles_ranges_and_dates_are_checked(void **state)
{
	/* No such day, no such time, and what does not fit into the driver's 32 bits. */
	static const char *const bad_dates[] = { "soon", "2026-02-03x", "2026-02-31", "2026-13-01",
		"2026-00-10", "2026-01-01 24:00", "2026-01-01 12:60", "2026-01--1", "1969-12-01",
		"2040-01-01", "-1", "4000000000" };
	struct setting setting = { .name = "x", .type = SETTING_TOGGLE };
	struct choice_value value;

	(void)state;
	assert_int_equal(choice_check(&setting, "On", &value, NULL), 0);
	assert_int_equal(value.integer, 1);
	assert_int_equal(choice_check(&setting, "2", &value, NULL), 0);
	assert_int_equal(value.integer, 2);
	assert_int_equal(choice_check(&setting, "3", &value, NULL), ORC_EUSAGE);
	setting = (struct setting){ .type = SETTING_RANGE, .minimum = -2, .maximum = 2, .step = 1 };
	setting.name = "x";
	assert_int_equal(choice_check(&setting, "-1.5", &value, NULL), 0);
	assert_true(value.number < -1.4f && value.number > -1.6f);
	assert_int_equal(choice_check(&setting, "2.5", &value, NULL), ORC_EUSAGE);
	setting.type = SETTING_DATE;
	assert_int_equal(choice_check(&setting, "1700000000", &value, NULL), 0);
	assert_int_equal(value.integer, 1700000000);
	assert_int_equal(choice_check(&setting, "2026-02-03 04:05", &value, NULL), 0);
	assert_int_equal(choice_check(&setting, "2024-02-29T23:59:59", &value, NULL), 0);
	for (size_t i = 0; i < ARRAY_LENGTH(bad_dates); i++)
		assert_int_equal(choice_check(&setting, bad_dates[i], &value, NULL), ORC_EUSAGE);
	setting.readonly = true;
	assert_int_equal(choice_check(&setting, "now", &value, NULL), ORC_EREFUSED);
}

static void near_names_are_offered_and_far_ones_are_not(void **state)
{
	static const char *const names[] = { "iso", "aperture", "shutterspeed", "shuttercounter" };
	char buf[100];

	(void)state;
	assert_string_equal(choice_nearest(names, 4, "ios", buf, sizeof(buf)), "did you mean iso?");
	assert_string_equal(
		choice_nearest(names, 4, "apertur", buf, sizeof(buf)), "did you mean aperture?");
	assert_string_equal(choice_nearest(names, 4, "shutter", buf, sizeof(buf)),
		"did you mean shutterspeed, shuttercounter?");
	assert_string_equal(choice_nearest(names, 4, "whitebalance", buf, sizeof(buf)), "");
}

static CameraWidget *tree(void)
{
	CameraWidget *root, *section, *iso, *twin, *range;
	float number = 1.5f;

	gp_widget_new(GP_WIDGET_WINDOW, "Configuration", &root);
	gp_widget_set_name(root, "main");
	gp_widget_new(GP_WIDGET_SECTION, "Image Settings", &section);
	gp_widget_set_name(section, "imgsettings");
	gp_widget_append(root, section);
	gp_widget_new(GP_WIDGET_RADIO, "ISO Speed", &iso);
	gp_widget_set_name(iso, "iso");
	gp_widget_add_choice(iso, "Auto");
	gp_widget_add_choice(iso, "100");
	gp_widget_set_value(iso, "100");
	gp_widget_append(section, iso);
	gp_widget_new(GP_WIDGET_TEXT, "The same once more", &twin);
	gp_widget_set_name(twin, "iso");
	gp_widget_append(section, twin);
	gp_widget_new(GP_WIDGET_RANGE, "Zoom", &range);
	gp_widget_set_name(range, "zoom");
	gp_widget_set_range(range, 0, 3, 0.5f);
	gp_widget_set_value(range, &number);
	gp_widget_set_readonly(range, 1);
	gp_widget_append(section, range);
	return root;
}

static void a_tree_is_flattened_in_order_with_paths(void **state)
{
	CameraWidget *root = tree();
	struct choice_value value = { .text = "Auto" };
	struct setting *settings;
	CameraWidget *iso;
	size_t count;

	(void)state;
	widget_flatten(root, &settings, &count);
	assert_int_equal(count, 2);
	assert_string_equal(settings[0].path, "/main/imgsettings/iso");
	assert_string_equal(settings[0].value, "100");
	assert_int_equal(settings[0].choice_count, 2);
	assert_string_equal(settings[1].label, "Zoom");
	assert_string_equal(settings[1].value, "1.5");
	assert_true(settings[1].readonly);
	settings_free(settings, count);
	iso = widget_find(root, "/main/imgsettings/iso");
	assert_ptr_equal(iso, widget_find(root, "iso"));
	assert_null(widget_find(root, "/main/imgsettings"));
	assert_int_equal(widget_write(iso, &value), GP_OK);
	widget_flatten(root, &settings, &count);
	assert_string_equal(settings[0].value, "Auto");
	settings_free(settings, count);
	gp_widget_free(root);
}

static void codes_tell_busy_from_lost_from_missing(void **state)
{
	(void)state;
	assert_int_equal(camera_error_code(GP_ERROR_IO_USB_CLAIM, false), ORC_EBUSY);
	assert_int_equal(camera_error_code(GP_ERROR_IO_LOCK, false), ORC_EBUSY);
	assert_int_equal(camera_error_code(GP_ERROR_IO_USB_FIND, false), ORC_ENOCAMERA);
	assert_int_equal(camera_error_code(GP_ERROR_IO_USB_FIND, true), ORC_ELOST);
	assert_int_equal(camera_error_code(GP_ERROR_TIMEOUT, true), ORC_ETIMEOUT);
	assert_int_equal(camera_error_code(-99999, true), ORC_EREFUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_choice_is_found_by_text_case_index_and_number),
		cmocka_unit_test(a_bad_choice_is_a_usage_error_that_lists_the_choices),
		cmocka_unit_test(toggles_ranges_and_dates_are_checked),
		cmocka_unit_test(near_names_are_offered_and_far_ones_are_not),
		cmocka_unit_test(a_tree_is_flattened_in_order_with_paths),
		cmocka_unit_test(codes_tell_busy_from_lost_from_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
