/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which files are a shot's, and which are of the body's own button. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "camera/listing.h"
#include "camera/shot-files.h"

static const CameraFilePath on_card = { .folder = "/store_00010001/DCIM/100D750_",
	.name = "DSC_0001.JPG" };
static const CameraFilePath in_memory = { .folder = "/", .name = "capt0000.jpg" };

static struct shot_files found_on_card(nsec_t ago_nsec)
{
	struct shot_files shot = { .last_nsec = clock_now_nsec() - ago_nsec };

	camera_files_add(&shot.others, &shot.other_count, on_card.folder, on_card.name);
	return shot;
}

static void free_all(struct shot_files *shot)
{
	camera_files_free(shot->files, shot->count);
	shot_files_free(shot);
}

static void what_is_on_the_card_is_anothers_only_where_the_shot_goes_to_the_memory(void **state)
{
	struct camera camera = { 0 };

	(void)state;
	assert_false(shot_files_is_others(&camera, &on_card));
	camera.to_memory = true;
	assert_true(shot_files_is_others(&camera, &on_card));
	assert_false(shot_files_is_others(&camera, &in_memory));
}

static void what_is_more_than_a_shot_makes_is_anothers_and_what_is_told_twice_is_not(void **state)
{
	static const CameraFilePath second = { .folder = "/", .name = "capt0001.jpg" };
	struct camera camera = { .to_memory = true };
	struct shot_files shot = { 0 };

	(void)state;
	camera_files_add(&shot.files, &shot.count, in_memory.folder, in_memory.name);
	assert_false(shot_files_is_others(&camera, &second));
	camera.full = &shot;
	assert_false(shot_files_is_others(&camera, &in_memory));
	assert_true(shot_files_is_others(&camera, &second));
	free_all(&shot);
}

static void a_body_that_does_not_heed_where_it_is_to_go_is_waited_for_and_found_out(void **state)
{
	struct camera camera = { .to_memory = true };
	struct shot_files shot = found_on_card(4 * NSEC_PER_SEC);

	(void)state;
	shot_files_adopt(&shot, &camera, 0);
	assert_int_equal(shot.count, 0);
	/* Its release was answered later. */
	shot.last_nsec -= 2 * NSEC_PER_SEC;
	shot_files_adopt(&shot, &camera, clock_now_nsec() - NSEC_PER_SEC);
	assert_int_equal(shot.count, 0);
	assert_false(camera.heedless);
	shot_files_adopt(&shot, &camera, 0);
	assert_int_equal(shot.count, 1);
	assert_int_equal(shot.other_count, 0);
	assert_string_equal(shot.files[0].name, on_card.name);
	assert_true(camera.heedless);
	assert_false(camera.to_memory);
	free_all(&shot);
}

static void with_a_file_of_its_own_the_shot_takes_no_others(void **state)
{
	struct camera camera = { .to_memory = true };
	struct shot_files shot = found_on_card(60 * NSEC_PER_SEC);

	(void)state;
	camera_files_add(&shot.files, &shot.count, in_memory.folder, in_memory.name);
	shot_files_adopt(&shot, &camera, 0);
	assert_int_equal(shot.count, 1);
	assert_int_equal(shot.other_count, 1);
	assert_false(camera.heedless);
	free_all(&shot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_is_on_the_card_is_anothers_only_where_the_shot_goes_to_the_memory),
		cmocka_unit_test(
			a_body_that_does_not_heed_where_it_is_to_go_is_waited_for_and_found_out),
		cmocka_unit_test(with_a_file_of_its_own_the_shot_takes_no_others),
		cmocka_unit_test(
			what_is_more_than_a_shot_makes_is_anothers_and_what_is_told_twice_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
