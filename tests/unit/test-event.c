/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events go to all who listen, whoever takes them. libgphoto2 is played by this file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gphoto2/gphoto2-result.h>

#include "camera/event.h"
#include "camera/listen.h"

/* What the camera will tell; then nothing. */
static struct script {
	CameraEventType type;
	const char *text; /* of GP_EVENT_UNKNOWN, or a file's name */
	int times;
} * next_event;

int gp_camera_wait_for_event(
	Camera *camera, int timeout, CameraEventType *type, void **data, GPContext *context)
{
	CameraFilePath *path;

	(void)camera;
	(void)timeout;
	(void)context;
	*data = NULL;
	*type = GP_EVENT_TIMEOUT;
	if (!next_event || !next_event->times)
		return GP_OK;
	*type = next_event->type;
	if (*type == GP_EVENT_FILE_ADDED) {
		path = calloc(1, sizeof(*path));
		snprintf(path->folder, sizeof(path->folder), "/card");
		snprintf(path->name, sizeof(path->name), "%s", next_event->text);
		*data = path;
	} else if (next_event->text) {
		*data = strdup(next_event->text);
	}
	if (!--next_event->times)
		next_event++;
	return GP_OK;
}

int gp_camera_file_get_info(Camera *camera, const char *folder, const char *file,
	CameraFileInfo *info, GPContext *context)
{
	(void)camera;
	(void)folder;
	(void)file;
	(void)context;
	memset(info, 0, sizeof(*info));
	return GP_OK;
}

static struct script nothing[] = { { 0 } };

static struct camera open_camera(void)
{
	next_event = nothing;
	return (struct camera){ .hub = camera_hub_new() };
}

static int ask(struct camera *camera, struct camera_listener *listener, struct camera_event *event)
{
	struct orc_error err;

	return camera_event_next(camera, listener, deadline_after_msec(10000), event, &err);
}

static void expect_nothing(struct camera *camera, struct camera_listener *listener)
{
	struct camera_event event;

	assert_int_equal(ask(camera, listener, &event), ORC_EAGAIN);
}

/* Joined, and past what is told at the start. */
static struct camera_listener *listen_to(struct camera *camera)
{
	struct camera_listener *listener = camera_listener_new(LISTENER_AS_SET);

	expect_nothing(camera, listener);
	assert_true(camera_listener_ready(listener));
	return listener;
}

static void expect_file(
	struct camera *camera, struct camera_listener *listener, const char *name, bool own)
{
	struct camera_event event;

	assert_int_equal(ask(camera, listener, &event), 0);
	assert_int_equal(event.type, CAMERA_EVENT_FILE);
	assert_string_equal(event.file.name, name);
	assert_string_equal(event.file.folder, "/card");
	assert_int_equal(event.own, own);
	camera_event_free(&event);
}

static void expect_property(struct camera *camera, struct camera_listener *listener,
	const char *name, const char *value)
{
	struct camera_event event;

	assert_int_equal(ask(camera, listener, &event), 0);
	assert_int_equal(event.type, CAMERA_EVENT_PROPERTY);
	assert_string_equal(event.name, name);
	if (value)
		assert_string_equal(event.value, value);
	else
		assert_null(event.value);
	camera_event_free(&event);
}

static void what_is_told_at_the_start_is_no_news_but_for_files(void **state)
{
	struct script script[] = {
		{ GP_EVENT_UNKNOWN, "PTP Property d103 changed, \"iso\" to \"100\"", 3 },
		{ GP_EVENT_FILE_ADDED, "old.jpg", 1 },
		{ GP_EVENT_UNKNOWN, "Camera Status 1", 1 },
		{ 0 },
	};
	struct camera camera = open_camera();
	struct camera_listener *listener = camera_listener_new(LISTENER_AS_SET);

	(void)state;
	next_event = script;
	expect_file(&camera, listener, "old.jpg", false);
	assert_false(camera_listener_ready(listener));
	expect_nothing(&camera, listener);
	assert_true(camera_listener_ready(listener));
	camera_listener_destroy(listener);
	camera_hub_leave(camera.hub);
}

static void what_a_capture_takes_all_listeners_get(void **state)
{
	struct script script[] = {
		{ GP_EVENT_FILE_ADDED, "own.jpg", 1 },
		{ GP_EVENT_FILE_ADDED, "button.jpg", 1 },
		{ 0 },
	};
	struct camera camera = open_camera();
	struct camera_listener *one = listen_to(&camera), *other = listen_to(&camera);
	CameraEventType type;
	void *data;

	(void)state;
	next_event = script;
	assert_int_equal(camera_take_event(&camera, 0, true, &type, &data), GP_OK);
	assert_int_equal(type, GP_EVENT_FILE_ADDED);
	free(data);
	assert_int_equal(camera_take_waiting(&camera, false), GP_OK);
	expect_file(&camera, one, "own.jpg", true);
	expect_file(&camera, one, "button.jpg", false);
	expect_nothing(&camera, one);
	/* Gone before it has read. */
	camera_listener_destroy(one);
	expect_file(&camera, other, "own.jpg", true);
	expect_file(&camera, other, "button.jpg", false);
	camera_listener_destroy(other);
	camera_hub_leave(camera.hub);
}

static void a_listener_survives_the_camera(void **state)
{
	struct script before[] = { { GP_EVENT_FILE_ADDED, "before.jpg", 1 }, { 0 } };
	struct script after[] = { { GP_EVENT_FILE_ADDED, "after.jpg", 1 }, { 0 } };
	struct camera first = open_camera(), second = open_camera();
	struct camera_listener *listener = listen_to(&first);
	struct camera_event event;

	(void)state;
	next_event = before;
	assert_int_equal(camera_take_waiting(&first, false), GP_OK);
	camera_hub_leave(first.hub);
	next_event = after;
	expect_file(&second, listener, "before.jpg", false);
	expect_file(&second, listener, "after.jpg", false);
	camera_hub_leave(second.hub);
	assert_false(camera_listener_take(listener, &event));
	camera_listener_destroy(listener);
}

static void words_of_the_driver_become_settings(void **state)
{
	struct script script[] = {
		{ GP_EVENT_UNKNOWN, "PTP Property d103 changed, \"iso\" to \"400\"", 1 },
		{ GP_EVENT_UNKNOWN, "PTP Property 0000500f changed, \"iso\" to \"800\"", 1 },
		{ GP_EVENT_UNKNOWN, "PTP Property d1ff changed", 1 },
		{ GP_EVENT_UNKNOWN, "PTP Property 0000d1ff changed", 1 },
		{ GP_EVENT_UNKNOWN, "PTP Property d1d0 changed, \"artist\" to \"a \"b\" c\"", 1 },
		{ GP_EVENT_UNKNOWN, "PTP Property d11b changed, \"availableshots\" to \"0\"", 1 },
		{ GP_EVENT_CAPTURE_COMPLETE, NULL, 1 },
		{ GP_EVENT_UNKNOWN, "PTP Property changed its mind", 1 },
		{ 0 },
	};
	static const enum camera_event_type rest[] = { CAMERA_EVENT_CARD_FULL,
		CAMERA_EVENT_COMPLETE, CAMERA_EVENT_OTHER };
	struct camera camera = open_camera();
	struct camera_listener *listener = listen_to(&camera);
	struct camera_event event;
	size_t i;

	(void)state;
	next_event = script;
	expect_property(&camera, listener, "iso", "400");
	expect_property(&camera, listener, "iso", "800");
	expect_property(&camera, listener, "d1ff", NULL);
	expect_property(&camera, listener, "d1ff", NULL);
	expect_property(&camera, listener, "artist", "a \"b\" c");
	expect_property(&camera, listener, "availableshots", "0");
	for (i = 0; i < ARRAY_LENGTH(rest); i++) {
		assert_int_equal(ask(&camera, listener, &event), 0);
		assert_int_equal(event.type, rest[i]);
		camera_event_free(&event);
	}
	camera_listener_destroy(listener);
	camera_hub_leave(camera.hub);
}

static void a_listener_that_sleeps_keeps_the_files(void **state)
{
	struct script script[] = {
		{ GP_EVENT_FILE_ADDED, "first.jpg", 1 },
		{ GP_EVENT_UNKNOWN, "noise", 3000 },
		{ GP_EVENT_FILE_ADDED, "last.jpg", 1 },
		{ 0 },
	};
	struct camera camera = open_camera();
	struct camera_listener *listener = listen_to(&camera);
	struct camera_event event;
	size_t count = 0, files = 0;

	(void)state;
	next_event = script;
	assert_int_equal(camera_take_waiting(&camera, false), GP_OK);
	while (camera_listener_take(listener, &event)) {
		count++;
		files += event.type == CAMERA_EVENT_FILE;
		camera_event_free(&event);
	}
	assert_int_equal(files, 2);
	assert_int_equal(count, 1024);
	camera_listener_destroy(listener);
	camera_hub_leave(camera.hub);
}

static void take_one(struct camera *camera)
{
	CameraEventType type;
	void *data;

	assert_int_equal(camera_take_event(camera, 0, false, &type, &data), GP_OK);
	free(data);
}

static void a_body_is_at_work_until_it_says_that_it_is_done(void **state)
{
	struct script script[] = {
		{ GP_EVENT_UNKNOWN, "Camera Status 1", 1 },
		{ GP_EVENT_UNKNOWN, "Camera Status 2", 1 },
		{ GP_EVENT_CAPTURE_COMPLETE, NULL, 1 },
		{ 0 },
	};
	struct camera camera = open_camera();

	(void)state;
	assert_false(camera.at_work);
	next_event = script;
	take_one(&camera);
	assert_true(camera.at_work);
	take_one(&camera);
	assert_true(camera.at_work);
	take_one(&camera);
	assert_false(camera.at_work);
	camera_hub_leave(camera.hub);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_told_at_the_start_is_no_news_but_for_files),
		cmocka_unit_test(what_a_capture_takes_all_listeners_get),
		cmocka_unit_test(a_listener_survives_the_camera),
		cmocka_unit_test(words_of_the_driver_become_settings),
		cmocka_unit_test(a_body_is_at_work_until_it_says_that_it_is_done),
		cmocka_unit_test(a_listener_that_sleeps_keeps_the_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
