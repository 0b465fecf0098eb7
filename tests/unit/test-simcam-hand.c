/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hand on the simulated camera, and what goes wrong with it on demand. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "sim-host.h"
#include "simcam/eos.h"

static char hand_path[80];
static int hand_fd;

static int start(void **state)
{
	struct host *host = calloc(1, sizeof(*host));

	host_start(host, NULL);
	snprintf(hand_path, sizeof(hand_path), "%s/.hand", host->card);
	host->options.control = hand_path;
	host_restart(host);
	hand_fd = open(hand_path, O_WRONLY | O_CLOEXEC);
	assert_true(hand_fd >= 0);
	*state = host;
	return 0;
}

static int stop(void **state)
{
	close(hand_fd);
	host_stop(*state);
	free(*state);
	return 0;
}

/* All of it is there at once. */
static void say(struct host *host, const char *lines)
{
	assert_int_equal(write(hand_fd, lines, strlen(lines)), strlen(lines));
	sim_control_read(host->camera);
}

static bool is_off(const struct host *host)
{
	return host->camera->usb.device.unplugged;
}

static void wait_for(struct host *host, bool off)
{
	struct deadline end = deadline_after_msec(10000);

	while (is_off(host) != off && !deadline_passed(end))
		host_go_on(host, end);
	assert_int_equal(is_off(host), off);
}

/* What the server does with a client whose camera is gone, and with the next one. */
static void plug_out(struct host *host)
{
	assert_true(is_off(host));
	host->camera->usb.device.ops->detach(&host->camera->usb.device);
}

static void plug_in(struct host *host)
{
	struct usb_device *device = &host->camera->usb.device;

	assert_false(is_off(host));
	device->ops->attach(device, (struct usbip_connection *)(void *)host);
	assert_int_equal(host_control(host, 0, 9, 1, 0, NULL, 0), 0);
	host->next_id = 1;
}

static void who_switches_it_off_while_it_is_away_has_it_off(void **state)
{
	struct host *host = *state;

	host_open(host);
	say(host, "fault vanish@1\n");
	assert_int_equal(host_command(host, 0x1004, host->next_id++, 0, NULL), 0);
	plug_out(host);
	say(host, "off\n");
	/* It has no plans. */
	assert_int_equal(deadline_left_msec(host->camera->usb.device.wake_at), -1);
	assert_true(is_off(host));
	say(host, "on\n");
	wait_for(host, false);
	plug_in(host);
	host_open(host);
}

static void switched_on_it_is_there_at_once(void **state)
{
	struct host *host = *state;

	host_open(host);
	say(host, "fault vanish@1\n");
	assert_int_equal(host_command(host, 0x1004, host->next_id++, 0, NULL), 0);
	plug_out(host);
	say(host, "on\n");
	assert_false(is_off(host));
	plug_in(host);
	host_open(host);
}

static void off_and_on_in_one_breath_still_cuts_the_client_off(void **state)
{
	struct host *host = *state;

	host_open(host);
	say(host, "off\non\n");
	plug_out(host);
	wait_for(host, false);
	plug_in(host);
	assert_int_equal(host_do(host, 0x1004, 0, NULL), PTP_SESSION_NOT_OPEN);
}

static void switched_off_by_a_count_it_stays_on_once_it_is_on(void **state)
{
	struct host *host = *state;

	host->camera->faults.unplug_after = 100;
	assert_int_equal(host_command(host, 0x1001, 0, 0, NULL), 0);
	host_post_in(host, 512);
	host_post_in(host, 512);
	plug_out(host);
	say(host, "on\n");
	wait_for(host, false);
	plug_in(host);
	assert_int_equal(host_command(host, 0x1001, 0, 0, NULL), 0);
	assert_int_equal(host_response(host), PTP_OK);
}

static void what_a_fault_has_begun_ends_with_the_power(void **state)
{
	struct host *host = *state;

	host_open(host);
	say(host, "fault busy@1\n");
	assert_int_equal(host_do(host, 0x1004, 0, NULL), PTP_DEVICE_BUSY);
	say(host, "off\n");
	plug_out(host);
	say(host, "on\n");
	plug_in(host);
	host_open(host);
}

static void switched_off_it_takes_no_pictures(void **state)
{
	struct host *host = *state;
	struct sim_camera *camera = host->camera;

	say(host, "press 3\noff\n");
	plug_out(host);
	assert_int_equal(eos_of(camera)->presses, 0);
	say(host, "press\n");
	assert_int_equal(eos_of(camera)->presses, 0);
	say(host, "on\npress\n");
	assert_int_equal(eos_of(camera)->presses, 1);
	plug_in(host);
}

/* What has been said on standard error since start_listening(). */
static FILE *said;
static int kept;

static void start_listening(void)
{
	fflush(stderr);
	kept = dup(STDERR_FILENO);
	said = tmpfile();
	assert_non_null(said);
	assert_true(dup2(fileno(said), STDERR_FILENO) >= 0);
}

static size_t lines_said(char *last, size_t size)
{
	size_t lines = 0;

	fflush(stderr);
	dup2(kept, STDERR_FILENO);
	close(kept);
	rewind(said);
	while (fgets(last, (int)size, said))
		lines++;
	fclose(said);
	return lines;
}

static void a_line_that_is_too_long_is_refused_as_a_whole(void **state)
{
	struct host *host = *state;
	char line[700], last[200];

	/* What would be a press if the line were cut after as much as is kept of it. */
	memset(line, ' ', sizeof(line));
	memcpy(line, "focus 100", 9);
	memcpy(line + CONTROL_LINE, "press", 5);
	memcpy(line + 2 * CONTROL_LINE, "press", 5);
	memcpy(line + sizeof(line) - 10, "\nfocus 7\n", 10);
	start_listening();
	say(host, line);
	assert_int_equal(lines_said(last, sizeof(last)), 1);
	assert_non_null(strstr(last, "control: "));
	assert_int_equal(eos_of(host->camera)->presses, 0);
	assert_int_equal(host->camera->focus, 7);
}

/* However it is cut on its way. */
static void a_line_may_come_in_parts(void **state)
{
	struct host *host = *state;
	char line[CONTROL_LINE];

	memset(line, ' ', sizeof(line));
	memcpy(line, "focus 5", 7);
	line[sizeof(line) - 1] = '\0';
	say(host, line);
	say(host, "\nfoc");
	assert_int_equal(host->camera->focus, 5);
	say(host, "us 6\n");
	assert_int_equal(host->camera->focus, 6);
}

static void faults_that_are_none_are_refused(void **state)
{
	static const char *const bad[] = { "busy", "busy=", "busy=0", "busy=-1", "busy= 1",
		"busy=+1", "busy=1x", "busy=18446744073709551616", "hang-after=-1",
		"hang-after=18446744073709551616", "late@-1", "late@18446744073709551615", "late@0",
		"never@1", "=1", "" };
	struct sim_faults faults = { .transactions = 5 };
	struct orc_error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
		if (sim_fault_parse(&faults, bad[i], &err) != ORC_EUSAGE)
			fail_msg("%s was taken", bad[i]);
	}
	assert_int_equal(faults.busy, 0);
	assert_int_equal(sim_fault_parse(&faults, "busy=4294967296", &err), 0);
	assert_true(faults.busy == 4294967296);
	assert_int_equal(sim_fault_parse(&faults, "hang-after=18446744073709551615", &err), 0);
	assert_true(faults.hang_after == UINT64_MAX);
	assert_int_equal(sim_fault_parse(&faults, "late@3", &err), 0);
	assert_true(faults.at[0].at == 8);
}

static void sizes_that_do_not_fit_are_refused(void **state)
{
	static const char *const bad[] = { "", "K", "-1", "+1", " 1", "1KB", "1 K", "1T", "0x10",
		"18446744073709551616", "18014398509481984K", "17592186044416M", "17179869184G" };
	static const struct {
		const char *text;
		uint64_t size;
	} good[] = { { "0", 0 }, { "1k", 1024 }, { "7M", 7 << 20 }, { "3G", 3ull << 30 },
		{ "18446744073709551615", UINT64_MAX }, { "17179869183G", 17179869183ull << 30 } };
	struct sim_options options = { .speed = 100, .fps = 30 };
	struct sim_camera *camera;
	struct orc_error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
		options.card_size = bad[i];
		if (sim_camera_new(&camera, &options, &err) != ORC_EUSAGE)
			fail_msg("%s was taken", bad[i]);
	}
	for (size_t i = 0; i < ARRAY_LENGTH(good); i++) {
		options.card_size = good[i].text;
		assert_int_equal(sim_camera_new(&camera, &options, &err), 0);
		assert_true(camera->card.size == good[i].size);
		sim_camera_destroy(camera);
	}
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, start, stop)
	const struct CMUnitTest tests[] = {
		TEST(who_switches_it_off_while_it_is_away_has_it_off),
		TEST(switched_on_it_is_there_at_once),
		TEST(off_and_on_in_one_breath_still_cuts_the_client_off),
		TEST(switched_off_by_a_count_it_stays_on_once_it_is_on),
		TEST(what_a_fault_has_begun_ends_with_the_power),
		TEST(switched_off_it_takes_no_pictures),
		TEST(a_line_that_is_too_long_is_refused_as_a_whole),
		TEST(a_line_may_come_in_parts),
		cmocka_unit_test(faults_that_are_none_are_refused),
		cmocka_unit_test(sizes_that_do_not_fit_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
