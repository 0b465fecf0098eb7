/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The light that the simulated camera is in. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "simcam/light.h"

static void a_sunset_falls_by_fourteen_stops_and_never_rises(void **state)
{
	struct light light;
	double last = LIGHT_DAY;

	(void)state;
	assert_int_equal(light_parse(&light, "sunset:60s", NULL), 0);
	assert_true(light_at(&light, 0) == LIGHT_DAY);
	for (nsec_t at = 0; at <= 70 * NSEC_PER_SEC; at += NSEC_PER_SEC / 4) {
		double now = light_at(&light, at);

		assert_true(now <= last);
		/* A sky: never twice as fast as on the whole. */
		assert_true(last - now < 2 * (LIGHT_DAY - LIGHT_NIGHT) / 240);
		last = now;
	}
	assert_true(last == LIGHT_NIGHT);
	assert_true(fabs(LIGHT_DAY - LIGHT_NIGHT - 14) < 1e-9);
}

static void a_sunrise_is_a_sunset_backwards(void **state)
{
	struct light set, rise;

	(void)state;
	assert_int_equal(light_parse(&set, "sunset:1m", NULL), 0);
	assert_int_equal(light_parse(&rise, "sunrise:1m", NULL), 0);
	for (nsec_t at = 0; at <= 60 * NSEC_PER_SEC; at += NSEC_PER_SEC)
		assert_true(
			fabs(light_at(&set, at) - light_at(&rise, 60 * NSEC_PER_SEC - at)) < 1e-9);
}

static void pictures_may_count_instead_of_time(void **state)
{
	struct light light;

	(void)state;
	assert_int_equal(light_parse(&light, "sunset:200pictures", NULL), 0);
	assert_true(light.by_pictures);
	assert_true(fabs(light_at(&light, 100) - (LIGHT_DAY + LIGHT_NIGHT) / 2) < 1e-9);
	assert_true(light_at(&light, 200) == LIGHT_NIGHT);
}

static void a_number_stays(void **state)
{
	struct light light, none = { 0 };

	(void)state;
	assert_int_equal(light_parse(&light, "-2.5", NULL), 0);
	assert_true(light_at(&light, 0) == -2.5 && light_at(&light, NSEC_PER_SEC) == -2.5);
	assert_true(light_at(&none, NSEC_PER_SEC) == LIGHT_NEUTRAL);
}

static void what_is_no_light_is_refused(void **state)
{
	static const char *const texts[] = { "", "dusk", "sunset", "sunset:", "sunset:0s",
		"sunset:later", "sunset:pictures", "sunset:-3pictures", "nan", "99", "1 2" };
	struct light light;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
		assert_int_equal(light_parse(&light, texts[i], NULL), ORC_EUSAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sunset_falls_by_fourteen_stops_and_never_rises),
		cmocka_unit_test(a_sunrise_is_a_sunset_backwards),
		cmocka_unit_test(pictures_may_count_instead_of_time),
		cmocka_unit_test(a_number_stays),
		cmocka_unit_test(what_is_no_light_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
