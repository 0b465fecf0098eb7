/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ground floor: byte order, durations, deadlines, the error line, exit statuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/utf8.h"

static void integers_are_laid_out_in_wire_order(void **state)
{
	const uint8_t big[] = { 0x12, 0x34, 0x56, 0x78 };
	const uint8_t little[] = { 0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01 };
	uint8_t out[8];

	(void)state;
	assert_int_equal(get_be32(big), 0x12345678);
	assert_int_equal(get_be16(big), 0x1234);
	assert_int_equal(get_le16(little), 0xcdef);
	assert_int_equal(get_le32(little), 0x89abcdef);
	assert_true(get_le64(little) == UINT64_C(0x0123456789abcdef));
	put_be32(out, 0x12345678);
	assert_memory_equal(out, big, 4);
	put_le64(out, UINT64_C(0x0123456789abcdef));
	assert_memory_equal(out, little, 8);
}

static void durations_take_units_and_fractions(void **state)
{
	static const struct {
		const char *text;
		nsec_t nsec;
	} good[] = {
		{ "5s", 5 * NSEC_PER_SEC },
		{ "2.5", 2500 * NSEC_PER_MSEC },
		{ "3.8s", 3800 * NSEC_PER_MSEC },
		{ "300ms", 300 * NSEC_PER_MSEC },
		{ "1m", 60 * NSEC_PER_SEC },
		{ "8h", 8 * 3600 * NSEC_PER_SEC },
		{ "1d", 86400 * NSEC_PER_SEC },
		{ "0", 0 },
		{ ".5", 500 * NSEC_PER_MSEC },
	};
	nsec_t nsec;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(good); i++) {
		assert_int_equal(duration_parse(good[i].text, &nsec), 0);
		assert_true(nsec == good[i].nsec);
	}
}

static void whole_seconds_are_said_as_such(void **state)
{
	static const struct {
		int64_t msec;
		const char *text;
	} durations[] = {
		{ 0, "0 ms" },
		{ 300, "300 ms" },
		{ 1000, "1 s" },
		{ 1500, "1500 ms" },
		{ 5000, "5 s" },
		{ 90000, "90 s" },
		{ DURATION_MAX_NSEC / NSEC_PER_MSEC, "3162240000 s" },
	};
	char buf[DURATION_WORDS_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(durations); i++)
		assert_string_equal(duration_words(durations[i].msec, buf), durations[i].text);
}

static void bytes_that_are_no_utf8_become_question_marks(void **state)
{
	static const struct {
		const char *text, *clean;
	} texts[] = {
		{ "", "" }, { "IMG_0001.JPG", "IMG_0001.JPG" },
		{ "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x93\xb7",
			"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x93\xb7" },
		{ "a\xe9z", "a?z" },            /* Latin-1 */
		{ "\xe2\x82", "??" },           /* its end is missing */
		{ "\xc0\xaf", "??" },           /* overlong */
		{ "\xe0\x80\xaf", "???" },      /* 〃 */
		{ "\xed\xa0\x80", "???" },      /* a surrogate */
		{ "\xf4\x90\x80\x80", "????" }, /* beyond U+10FFFF */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
		char *clean = utf8_clean(texts[i].text, 64);

		assert_string_equal(clean, texts[i].clean);
		free(clean);
	}
}

static void control_characters_become_question_marks(void **state)
{
	static const struct {
		const char *text, *harmless;
	} texts[] = {
		{ "", "" }, { "ISO\t100\n", "ISO\t100\n" },
		{ "\xc3\xa9 \xe2\x82\xac", "\xc3\xa9 \xe2\x82\xac" }, { "\033]0;x\007", "?]0;x?" },
		{ "a\rb\b\x7f", "a?b??" },
		{ "\x9b"
		  "2J",
			"?2J" }, /* CSI, bare */
		{ "\xc2\x9b"
		  "2J",
			"??2J" },             /* and as UTF-8 */
		{ "\xe2\x9b", "\xe2?" },      /* behind what is cut short */
		{ "Z\xfcrich", "Z\xfcrich" }, /* Latin-1 */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
		char *text = strdup(texts[i].text);

		assert_non_null(text);
		utf8_disarm(text);
		assert_string_equal(text, texts[i].harmless);
		free(text);
	}
}

static void bad_durations_are_refused(void **state)
{
	static const char *const bad[] = { "", "s", "-1", "1x", "1 s", "inf", "nan", "0x10",
		"1e400", "1e3", "1e3s", "+5", "1000000d", "5ss", ".", " 5", "1s " };
	nsec_t nsec;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
		if (duration_parse(bad[i], &nsec) != ORC_EUSAGE)
			fail_msg("\"%s\" was taken", bad[i]);
}

static void a_deadline_passes_once_its_time_has_come(void **state)
{
	struct deadline now = deadline_after_msec(0);
	struct deadline later = deadline_after_msec(60 * 1000);

	(void)state;
	assert_true(deadline_passed(now));
	assert_int_equal(deadline_left_msec(now), 0);
	assert_false(deadline_passed(later));
	assert_in_range(deadline_left_msec(later), 50 * 1000, 60 * 1000);
	assert_false(deadline_passed(deadline_never()));
	assert_int_equal(deadline_left_msec(deadline_never()), -1);
	assert_true(deadline_min(now, later).at_nsec == now.at_nsec);
	assert_true(deadline_min(later, now).at_nsec == now.at_nsec);
}

static void the_error_line_holds_what_why_and_the_remedy(void **state)
{
	struct orc_error err;
	char line[512];

	(void)state;
	assert_int_equal(orc_fail(&err, ORC_ENOCAMERA, "connection refused"), ORC_ENOCAMERA);
	assert_string_equal(orc_error_line(&err, line, sizeof(line)), "connection refused");
	orc_what(&err, "cannot connect to %s", "router:3240");
	assert_string_equal(orc_error_line(&err, line, sizeof(line)),
		"cannot connect to router:3240: connection refused");
	orc_hint(&err, "is usbipd running there?");
	assert_string_equal(orc_error_line(&err, line, sizeof(line)),
		"cannot connect to router:3240: connection refused (is usbipd running there?)");
	assert_int_equal(orc_fail(NULL, ORC_EBUSY, "x"), ORC_EBUSY);
	assert_string_equal(orc_error_line(&err, line, 8), "cannot ");
}

static void exit_statuses_are_the_documented_ones(void **state)
{
	(void)state;
	assert_int_equal(orc_exit_status(ORC_OK, 0), 0);
	assert_int_equal(orc_exit_status(ORC_EREFUSED, 0), 1);
	assert_int_equal(orc_exit_status(ORC_EFILE, 0), 1);
	assert_int_equal(orc_exit_status(ORC_EUSAGE, 0), 2);
	assert_int_equal(orc_exit_status(ORC_ENOCAMERA, 0), 3);
	assert_int_equal(orc_exit_status(ORC_EBUSY, 0), 4);
	assert_int_equal(orc_exit_status(ORC_ELOST, 0), 5);
	assert_int_equal(orc_exit_status(ORC_EPROTO, 0), 5);
	assert_int_equal(orc_exit_status(ORC_EPARTIAL, 0), 6);
	assert_int_equal(orc_exit_status(ORC_ESIGNAL, 2), 130);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_are_laid_out_in_wire_order),
		cmocka_unit_test(durations_take_units_and_fractions),
		cmocka_unit_test(whole_seconds_are_said_as_such),
		cmocka_unit_test(bad_durations_are_refused),
		cmocka_unit_test(a_deadline_passes_once_its_time_has_come),
		cmocka_unit_test(the_error_line_holds_what_why_and_the_remedy),
		cmocka_unit_test(bytes_that_are_no_utf8_become_question_marks),
		cmocka_unit_test(control_characters_become_question_marks),
		cmocka_unit_test(exit_statuses_are_the_documented_ones),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
