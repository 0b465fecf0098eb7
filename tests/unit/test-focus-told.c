/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a body says of its focus. The records are those that ptp2's source notes down of real bodies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "camera/focus-told.h"

static void the_record_of_a_5ds(void **state)
{
	(void)state;
	assert_int_equal(focus_told("Focus Info 000000000000"), FOCUS_IDLE);
	assert_int_equal(focus_told("Focus Info 000000000001"), FOCUS_SEARCHING);
	assert_int_equal(focus_told("Focus Info 000000000101"), FOCUS_FOUND);
	assert_int_equal(focus_told("Focus Info 000000000100"), FOCUS_FOUND);
	assert_int_equal(focus_told("Focus Info 000000000202"), FOCUS_FAILED);
	assert_int_equal(focus_told("Focus Info 000000000200"), FOCUS_FAILED);
}

static void the_record_of_an_r8_has_one_byte_more(void **state)
{
	(void)state;
	assert_int_equal(focus_told("Focus Info 00000000000100"), FOCUS_SEARCHING);
	assert_int_equal(focus_told("Focus Info 00000000010100"), FOCUS_FOUND);
	assert_int_equal(focus_told("Focus Info 00000000000000"), FOCUS_IDLE);
}

static void the_points_in_the_words_of_either_libgphoto2(void **state)
{
	(void)state;
	assert_int_equal(
		focus_told("FocusInfo eosversion=1,points={{1,2,3,4}},select={},unknown={}"),
		FOCUS_UNTOLD);
	assert_int_equal(
		focus_told("FocusInfo eosversion=1,points={{1,2,3,4}},select={4,},unknown={}"),
		FOCUS_FOUND);
	assert_int_equal(focus_told("Focus Points {}"), FOCUS_UNTOLD);
	assert_int_equal(focus_told("Focus Points {{0,0,48,48}}"), FOCUS_FOUND);
}

static void what_tells_of_something_else_tells_nothing(void **state)
{
	(void)state;
	assert_int_equal(focus_told(""), FOCUS_UNTOLD);
	assert_int_equal(focus_told("Focus Mask 00000000000000"), FOCUS_UNTOLD);
	assert_int_equal(focus_told("Camera Status 1"), FOCUS_UNTOLD);
	assert_int_equal(focus_told("Focus Info "), FOCUS_UNTOLD);
	assert_int_equal(focus_told("Focus Info 0000000001"), FOCUS_UNTOLD);
	assert_int_equal(focus_told("Focus Info 00zz000001ff"), FOCUS_UNTOLD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_record_of_a_5ds),
		cmocka_unit_test(the_record_of_an_r8_has_one_byte_more),
		cmocka_unit_test(the_points_in_the_words_of_either_libgphoto2),
		cmocka_unit_test(what_tells_of_something_else_tells_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
