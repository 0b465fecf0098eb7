/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How an interval judges how long a download takes, and when it tries one anyway. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cmd/interval-pace.h"

#define MEGABYTE 1000000
#define EVERY    (2 * NSEC_PER_SEC)

static nsec_t now;

/* A file of a megabyte, fetched at that pace. */
static void fetch(struct interval_pace *pace, nsec_t took)
{
	now += took;
	pace->tried = now;
	interval_pace_learn(pace, MEGABYTE, took);
}

static bool fits(const struct interval_pace *pace)
{
	return interval_pace_takes(pace, MEGABYTE) < EVERY;
}

static void one_download_that_stood_still_is_no_rule(void **state)
{
	struct interval_pace pace = { 0 };

	(void)state;
	assert_true(fits(&pace));
	assert_false(interval_pace_expired(&pace, MEGABYTE, EVERY, 1000 * NSEC_PER_SEC));
	fetch(&pace, NSEC_PER_SEC / 2);
	fetch(&pace, NSEC_PER_SEC / 2);
	fetch(&pace, 10 * NSEC_PER_SEC);
	assert_true(fits(&pace));
}

static void after_two_that_were_slow_one_is_tried_again(void **state)
{
	struct interval_pace pace = { 0 };
	unsigned slots = 0;

	(void)state;
	fetch(&pace, NSEC_PER_SEC / 2);
	fetch(&pace, 3 * NSEC_PER_SEC);
	fetch(&pace, 3 * NSEC_PER_SEC);
	for (; !fits(&pace) && slots < 1000; slots++) {
		now += EVERY;
		if (interval_pace_expired(&pace, MEGABYTE, EVERY, now))
			fetch(&pace, NSEC_PER_SEC / 2);
	}
	assert_in_range(slots, 10, 20);
}

static void a_link_that_is_slow_delays_no_more_than_one_slot_in_ten(void **state)
{
	static const nsec_t paces[] = { 2 * NSEC_PER_SEC, 3 * NSEC_PER_SEC, 60 * NSEC_PER_SEC };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(paces); i++) {
		struct interval_pace pace = { 0 };
		unsigned late = 0;

		fetch(&pace, paces[i]);
		for (unsigned slot = 0; slot < 10000; slot++) {
			now += EVERY;
			if (!fits(&pace) && !interval_pace_expired(&pace, MEGABYTE, EVERY, now))
				continue;
			/* The slots that pass meanwhile as well. */
			late += (unsigned)(paces[i] / EVERY);
			slot += (unsigned)(paces[i] / EVERY);
			fetch(&pace, paces[i]);
		}
		assert_in_range(late, 1, 1000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_download_that_stood_still_is_no_rule),
		cmocka_unit_test(after_two_that_were_slow_one_is_tried_again),
		cmocka_unit_test(a_link_that_is_slow_delays_no_more_than_one_slot_in_ten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
