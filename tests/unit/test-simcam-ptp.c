/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulated camera is as strict as a camera is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "sim-host.h"
#include "simcam/eos.h"

#define STORAGE 0x00020001

enum { NO_CODE = 0, REFUSED = 0xa005, NOT_READY = 0xa102 };

static int setup(void **state)
{
	struct host *host = calloc(1, sizeof(*host));

	host_start(host, NULL);
	*state = host;
	return 0;
}

static int teardown(void **state)
{
	host_stop(*state);
	free(*state);
	return 0;
}

static void descriptors_tell_a_still_image_device(void **state)
{
	struct host *host = *state;
	uint8_t data[64];

	assert_int_equal(host_control(host, 0x80, 6, 0x0100, 0, data, 18), 18);
	assert_int_equal(get_le16(data + 8), 0x04a9);
	assert_int_equal(get_le16(data + 10), 0x327f);
	assert_int_equal(host_control(host, 0x80, 6, 0x0200, 0, data, 64), 39);
	assert_int_equal(get_le16(data + 2), 39);
	assert_memory_equal(data + 14, ((uint8_t[]){ 6, 1, 1 }), 3);
	assert_true(host_control(host, 0x80, 6, 0x0f00, 0, data, 64) < 0);
	assert_true(host_control(host, 0x40, 0x77, 0, 0, data, 0) < 0);
}

static void pipes_are_dead_until_configured(void **state)
{
	struct host *host = *state;

	assert_int_equal(host_control(host, 0, 9, 0, 0, NULL, 0), 0);
	assert_int_equal(host_command(host, 0x1001, 0, 0, NULL), USBIP_STATUS_PIPE);
}

static void device_info_needs_no_session_and_nothing_else_does_without(void **state)
{
	struct host *host = *state;

	assert_int_equal(host_command(host, 0x1001, 0, 0, NULL), 0);
	assert_int_equal(host_response(host), PTP_OK);
	assert_int_equal(get_le32(host->data.data + 2), 0xb);
	assert_int_equal(host_command(host, 0x1004, 1, 0, NULL), 0);
	assert_int_equal(host_response(host), PTP_SESSION_NOT_OPEN);
	assert_int_equal(host_command(host, 0x1003, 1, 0, NULL), 0);
	assert_int_equal(host_response(host), PTP_SESSION_NOT_OPEN);
}

static void second_session_is_refused(void **state)
{
	struct host *host = *state;
	const uint32_t session = 7, none = 0, other = 8;

	assert_int_equal(host_command(host, 0x1002, 0, 1, &none), 0);
	assert_int_equal(host_response(host), PTP_INVALID_PARAMETER);
	assert_int_equal(host_command(host, 0x1002, 0, 1, &session), 0);
	assert_int_equal(host_response(host), PTP_OK);
	assert_int_equal(host_command(host, 0x1002, 0, 1, &other), 0);
	assert_int_equal(host_response(host), PTP_SESSION_ALREADY_OPEN);
	assert_int_equal(host->num_reply, 1);
	assert_int_equal(host->reply[0], session);
	assert_int_equal(host_do(host, 0x1003, 0, NULL), PTP_OK);
}

static void transaction_ids_count_up_by_one(void **state)
{
	struct host *host = *state;

	host_open(host);
	assert_int_equal(host_command(host, 0x1004, host->next_id + 1, 0, NULL), 0);
	assert_int_equal(host_response(host), PTP_INVALID_TRANSACTION_ID);
	assert_int_equal(host_command(host, 0x1004, host->next_id - 1, 0, NULL), 0);
	assert_int_equal(host_response(host), PTP_INVALID_TRANSACTION_ID);
	assert_int_equal(host_do(host, 0x1004, 0, NULL), PTP_OK);
}

static void unknown_operations_are_refused(void **state)
{
	struct host *host = *state;

	host_open(host);
	assert_int_equal(host_do(host, 0x1999, 0, NULL), PTP_OPERATION_NOT_SUPPORTED);
	assert_int_equal(host_do(host, 0x100f, 0, NULL), PTP_OPERATION_NOT_SUPPORTED);
	/* Its data phase is swallowed, whatever it was to be. */
	assert_int_equal(host_send(host, 0x1999, 0, NULL, "data", 4), PTP_OPERATION_NOT_SUPPORTED);
	assert_int_equal(host_do(host, 0x1008, 0, NULL), PTP_INVALID_PARAMETER);
	assert_int_equal(DO(host, 0x1008, 4711), PTP_INVALID_OBJECT_HANDLE);
	assert_int_equal(DO(host, 0x1005, 4711), PTP_INVALID_STORAGE_ID);
}

static void wrong_container_length_stalls_until_cleared(void **state)
{
	struct host *host = *state;
	uint8_t shorter[16] = { 24, 0, 0, 0, 1, 0, 0x01, 0x10 }, status[12];
	uint8_t longer[24] = { 12, 0, 0, 0, 1, 0, 0x01, 0x10 }, in[512];
	uint8_t odd[14] = { 14, 0, 0, 0, 1, 0, 0x01, 0x10 };
	size_t len;

	assert_int_equal(host_out(host, shorter, sizeof(shorter)), USBIP_STATUS_PIPE);
	assert_int_equal(host_in(host, in, sizeof(in), &len), USBIP_STATUS_PIPE);
	assert_int_equal(host_command(host, 0x1001, 0, 0, NULL), USBIP_STATUS_PIPE);
	assert_int_equal(host_control(host, 0xa1, 0x67, 0, 0, status, 12), 12);
	assert_int_equal(get_le16(status + 2), PTP_TRANSACTION_CANCELLED);
	host_clear_halts(host);
	assert_int_equal(host_control(host, 0xa1, 0x67, 0, 0, status, 12), 4);
	assert_int_equal(get_le16(status + 2), PTP_OK);
	assert_int_equal(host_out(host, longer, sizeof(longer)), USBIP_STATUS_PIPE);
	host_clear_halts(host);
	assert_int_equal(host_out(host, odd, sizeof(odd)), USBIP_STATUS_PIPE);
	host_clear_halts(host);
	assert_int_equal(host_out(host, "short", 5), USBIP_STATUS_PIPE);
	host_clear_halts(host);
	assert_int_equal(host_command(host, 0x1001, 0, 0, NULL), 0);
	assert_int_equal(host_response(host), PTP_OK);
}

static void data_of_another_transaction_stalls(void **state)
{
	struct host *host = *state;
	uint8_t data[12] = { 12, 0, 0, 0, 2, 0, 0x10, 0x91, 99 };

	host_open(host);
	assert_int_equal(host_out(host, data, sizeof(data)), USBIP_STATUS_PIPE);
	host_clear_halts(host);
	assert_int_equal(host_command(host, 0x9110, host->next_id++, 0, NULL), 0);
	assert_int_equal(host_out(host, data, sizeof(data)), USBIP_STATUS_PIPE);
	host_clear_halts(host);
	assert_int_equal(host_do(host, 0x1004, 0, NULL), PTP_OK);
}

static int32_t stray_data(struct host *host, uint16_t code)
{
	uint8_t data[700] = { 0 };

	put_le32(data, sizeof(data));
	put_le16(data + 4, PTP_DATA);
	put_le16(data + 6, code);
	put_le32(data + 8, host->next_id - 1);
	return host_out(host, data, sizeof(data));
}

/* Taken once where its direction is not known, else nobody waits for it. */
static void data_behind_the_response_stalls(void **state)
{
	struct host *host = *state;

	host_open(host);
	assert_int_equal(host_do(host, 0x1004, 0, NULL), PTP_OK);
	assert_int_equal(stray_data(host, 0x1004), USBIP_STATUS_PIPE);
	host_clear_halts(host);
	assert_int_equal(DO(host, 0x1008, 4711), PTP_INVALID_OBJECT_HANDLE);
	assert_int_equal(stray_data(host, 0x1008), USBIP_STATUS_PIPE);
	host_clear_halts(host);
	assert_int_equal(host_set(host, 0xd101, 0x38), PTP_OK);
	assert_int_equal(stray_data(host, 0x9110), USBIP_STATUS_PIPE);
	host_clear_halts(host);
	assert_int_equal(host_do(host, 0x1999, 0, NULL), PTP_OPERATION_NOT_SUPPORTED);
	assert_int_equal(stray_data(host, 0x1999), 0);
	assert_int_equal(host_do(host, 0x1999, 0, NULL), PTP_OPERATION_NOT_SUPPORTED);
	assert_int_equal(stray_data(host, 0x1999), 0);
	assert_int_equal(stray_data(host, 0x1999), USBIP_STATUS_PIPE);
	host_clear_halts(host);
	assert_int_equal(host_do(host, 0x1004, 0, NULL), PTP_OK);
}

static void command_before_the_last_response_stalls(void **state)
{
	struct host *host = *state;

	host_open(host);
	assert_int_equal(host_command(host, 0x1004, host->next_id++, 0, NULL), 0);
	assert_int_equal(host_command(host, 0x1004, host->next_id++, 0, NULL), USBIP_STATUS_PIPE);
	host_clear_halts(host);
	assert_int_equal(host_command(host, 0x1002, 0, 1, (uint32_t[]){ 1 }), 0);
	assert_int_equal(host_response(host), PTP_SESSION_ALREADY_OPEN);
}

/* A container of 512 bytes ends with a zero-length packet; a URB that cannot hold a packet fails. */
static void transfers_end_as_usb_ends_them(void **state)
{
	struct host *host = *state;
	uint8_t file[500], in[1024];
	size_t len;
	struct card_object *object;

	memset(file, 'x', sizeof(file));
	assert_int_equal(card_add_file(&host->camera->card, host->camera->card.folder, "A.TXT",
				 file, sizeof(file), &object, NULL),
		0);
	host_open(host);
	host_command(host, 0x1009, host->next_id++, 1, &object->handle);
	assert_int_equal(host_in(host, in, 512, &len), 0);
	assert_int_equal(len, 512);
	assert_int_equal(host_in(host, in, 512, &len), 0);
	assert_int_equal(len, 0);
	assert_int_equal(host_in(host, in, 512, &len), 0);
	assert_int_equal(len, 12);
	host_command(host, 0x1009, host->next_id++, 1, &object->handle);
	assert_int_equal(host_in(host, in, 1024, &len), 0);
	assert_int_equal(len, 512);
	assert_int_equal(host_response(host), PTP_OK);
	host_command(host, 0x1009, host->next_id++, 1, &object->handle);
	assert_int_equal(host_in(host, in, 100, &len), USBIP_STATUS_OVERFLOW);
}

static void remote_operations_want_remote_mode(void **state)
{
	struct host *host = *state;
	const uint32_t session = 1;

	host_command(host, 0x1002, 0, 1, &session);
	assert_int_equal(host_response(host), PTP_OK);
	assert_int_equal(host_set(host, 0xd101, 0x38), REFUSED);
	assert_int_equal(DO(host, 0x9128, 1, 0), REFUSED);
	assert_int_equal(DO(host, 0x9153, 0x200000), REFUSED);
	assert_int_equal(host_do(host, 0x9116, 0, NULL), REFUSED);
	assert_int_equal(DO(host, 0x9114, 1), PTP_OK);
	assert_int_equal(host_set(host, 0xd101, 0x38), PTP_OK);
	assert_int_equal(host_do(host, 0x9116, 0, NULL), REFUSED);
}

static void properties_take_only_what_is_listed(void **state)
{
	struct host *host = *state;
	const uint8_t *at;
	uint32_t len;

	host_open(host);
	at = host_event(host, 0xc189, 0xd101, &len); /* the values of the start */
	assert_non_null(at);
	assert_int_equal(get_le32(at + 4), 0x30);
	assert_int_equal(host_set(host, 0xd101, 0x38), PTP_OK);
	at = host_event(host, 0xc189, 0xd101, &len);
	assert_non_null(at);
	assert_int_equal(get_le32(at + 4), 0x38);
	assert_int_equal(host_set(host, 0xd101, 0x39), PTP_INVALID_PROPERTY_VALUE);
	assert_int_equal(host_set(host, 0xd102, 0x60), PTP_INVALID_PROPERTY_VALUE); /* in Av */
	assert_int_equal(host_set(host, 0xd105, 3), PTP_OK);
	assert_int_equal(host_set(host, 0xd102, 0x60), PTP_OK);
	assert_int_equal(host_set(host, 0xd1ac, 1), PTP_ACCESS_DENIED);
	assert_int_equal(host_set(host, 0xdead, 1), PTP_PROPERTY_NOT_SUPPORTED);
	assert_int_equal(host_send(host, 0x9110, 0, NULL, "bad", 3), PTP_INVALID_PROPERTY_FORMAT);
	assert_int_equal(DO(host, 0x9127, 0xdead), PTP_GENERAL_ERROR);
	assert_int_equal(DO(host, 0x1014, 0x5002), PTP_PROPERTY_NOT_SUPPORTED);
}

static void live_view_is_not_ready_then_never_the_same_frame(void **state)
{
	struct host *host = *state;
	struct sim_buffer first = { 0 };
	const struct sim_camera *camera;
	uint16_t code;

	/* So that the 0.3 s are long against any delay of this machine's. */
	host->options.speed = 1;
	host_restart(host);
	camera = host->camera;
	host_open(host);
	assert_int_equal(DO(host, 0x9153, 0x200000), REFUSED);
	assert_int_equal(host_set(host, 0xd1b0, 2), PTP_OK);
	assert_int_equal(DO(host, 0x9153, 0x200000), NOT_READY);
	while ((code = DO(host, 0x9153, 0x200000)) == NOT_READY)
		;
	assert_int_equal(code, PTP_OK);
	assert_int_equal(get_le32(host->data.data), host->data.len);
	assert_int_equal(get_le32(host->data.data + 4), 1);
	assert_memory_equal(host->data.data + 8, "\xff\xd8", 2);
	sim_buffer_append(&first, host->data.data, host->data.len);
	assert_int_equal(DO(host, 0x9153, 0x200000), PTP_OK);
	assert_false(
		first.len == host->data.len && !memcmp(first.data, host->data.data, first.len));
	assert_int_equal(DO(host, 0x9153, 0x200000), PTP_OK);
	/* However fast one asks, no frame comes before its time. */
	assert_true(camera->start_nsec + (nsec_t)camera->view.last_frame * (NSEC_PER_SEC / 30) <=
		clock_now_nsec());
	sim_buffer_free(&first);
}

/* Hosts set it before each frame, and to the screen as well while it runs. */
static void live_view_that_runs_does_not_begin_anew(void **state)
{
	struct host *host = *state;
	uint16_t code;

	host->options.speed = 1;
	host_restart(host);
	host_open(host);
	assert_int_equal(host_set(host, 0xd1b0, 2), PTP_OK);
	while ((code = DO(host, 0x9153, 0x200000)) == NOT_READY)
		;
	assert_int_equal(code, PTP_OK);
	assert_int_equal(DO(host, 0x9158, 5), PTP_OK);
	assert_int_equal(host_set(host, 0xd1b0, 2), PTP_OK);
	assert_int_equal(DO(host, 0x9153, 0x200000), PTP_OK);
	assert_int_equal(host_set(host, 0xd1b0, 3), PTP_OK);
	assert_int_equal(DO(host, 0x9153, 0x200000), PTP_OK);
	assert_int_equal(host->camera->view.zoom, 5);
	assert_int_equal(host_set(host, 0xd1b0, 1), PTP_OK);
	assert_int_equal(DO(host, 0x9153, 0x200000), REFUSED);
	assert_int_equal(host_set(host, 0xd1b0, 3), PTP_OK);
	assert_int_equal(DO(host, 0x9153, 0x200000), NOT_READY);
	assert_int_equal(host->camera->view.zoom, 1);
}

static void shoot(struct host *host)
{
	assert_int_equal(DO(host, 0x9128, 3, 1), PTP_OK);
	assert_int_equal(DO(host, 0x9129, 3), PTP_OK);
}

static void picture_goes_to_the_card_and_the_number_goes_on(void **state)
{
	struct host *host = *state;
	const uint8_t *at;
	uint32_t len, handle;
	char path[128];
	struct stat st;

	host_open(host);
	shoot(host);
	at = host_event(host, 0xc181, 0, &len);
	assert_non_null(at);
	handle = get_le32(at);
	assert_string_equal((const char *)at + 0x20, "IMG_0001.JPG");
	assert_int_equal(DO(host, 0x1008, handle), PTP_OK);
	assert_int_equal(get_le16(host->data.data + 4), 0x3801);
	snprintf(path, sizeof(path), "%s/DCIM/100CANON/IMG_0001.JPG", host->card);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(get_le32(host->data.data + 8), st.st_size);

	host_restart(host);
	host_open(host);
	assert_int_equal(DO(host, 0x1008, handle), PTP_OK);
	assert_int_equal(DO(host, 0x100b, handle), PTP_OK);
	assert_int_equal(stat(path, &st), -1);
	assert_int_equal(DO(host, 0x1008, handle), PTP_INVALID_OBJECT_HANDLE);
	shoot(host);
	at = host_event(host, 0xc181, 0, &len);
	assert_non_null(at);
	assert_string_equal((const char *)at + 0x20, "IMG_0002.JPG");
}

static void picture_for_the_host_lives_until_it_is_fetched(void **state)
{
	struct host *host = *state;
	const uint8_t *at;
	uint32_t len, handle, size;

	host_open(host);
	assert_int_equal(host_set(host, 0xd11c, 4), PTP_OK);
	assert_int_equal(DO(host, 0x9128, 3, 1), PTP_STORE_FULL); /* it was not told of room */
	assert_int_equal(DO(host, 0x911a, 0x0fffffff, 0x1000, 1), PTP_OK);
	shoot(host);
	at = host_event(host, 0xc186, 0, &len);
	assert_non_null(at);
	handle = get_le32(at);
	size = get_le32(at + 12);
	assert_int_equal(DO(host, 0x101b, handle, size - 2, 100), PTP_OK);
	assert_int_equal(host->reply[0], 2);
	assert_memory_equal(host->data.data, "\xff\xd9", 2);
	assert_int_equal(DO(host, 0x9107, handle, 0, 100), PTP_OK);
	assert_memory_equal(host->data.data, "\xff\xd8", 2);
	assert_int_equal(DO(host, 0x101b, handle, size, 100), PTP_INVALID_PARAMETER);
	assert_int_equal(DO(host, 0x9117, handle), PTP_OK);
	assert_int_equal(DO(host, 0x9117, handle), PTP_INVALID_OBJECT_HANDLE);
}

static void full_card_refuses(void **state)
{
	struct host *host = *state;

	host->options.card_size = "4M";
	host_restart(host);
	host_open(host);
	assert_int_equal(DO(host, 0x9128, 3, 1), PTP_STORE_FULL);
}

static void reset_ends_the_session_and_live_view(void **state)
{
	struct host *host = *state;
	uint8_t cancel[6] = { 0x01, 0x40 }, status[12];

	host_open(host);
	assert_int_equal(host_set(host, 0xd1b0, 2), PTP_OK);
	assert_int_equal(host_control(host, 0x21, 0x66, 0, 0, NULL, 0), 0);
	assert_int_equal(host_do(host, 0x1004, 0, NULL), PTP_SESSION_NOT_OPEN);
	host->next_id = 1;
	host_open(host);
	assert_int_equal(DO(host, 0x9153, 0x200000), REFUSED);
	/* A cancelled transaction gives no response; the next one works. */
	assert_int_equal(host_command(host, 0x1004, host->next_id++, 0, NULL), 0);
	assert_int_equal(host_control(host, 0x21, 0x64, 0, 0, cancel, 6), 6);
	assert_int_equal(host_control(host, 0xa1, 0x67, 0, 0, status, 12), 4);
	assert_int_equal(get_le16(status + 2), PTP_TRANSACTION_CANCELLED);
	assert_int_equal(host_control(host, 0xa1, 0x67, 0, 0, status, 12), 4);
	assert_int_equal(get_le16(status + 2), PTP_OK);
	assert_int_equal(host_do(host, 0x1004, 0, NULL), PTP_OK);
}

static void bulb_wants_its_mode_and_lasts_as_long_as_held(void **state)
{
	struct host *host = *state;
	uint32_t len;

	host_open(host);
	assert_int_equal(host_do(host, 0x9125, 0, NULL), PTP_GENERAL_ERROR);
	assert_int_equal(host_set(host, 0xd105, 4), PTP_OK);
	assert_int_equal(host_do(host, 0x9126, 0, NULL), PTP_GENERAL_ERROR);
	assert_int_equal(host_do(host, 0x9125, 0, NULL), PTP_OK);
	/* Open: nothing else is done meanwhile, and it says how long it has been. */
	assert_int_equal(host_set(host, 0xd101, 0x38), PTP_DEVICE_BUSY);
	assert_int_equal(DO(host, 0x9128, 3, 1), PTP_DEVICE_BUSY);
	assert_non_null(host_event(host, 0xc194, 0, &len));
	assert_int_equal(host_do(host, 0x9126, 0, NULL), PTP_OK);
	assert_non_null(host_event(host, 0xc181, 0, &len));
}

static void halted_pipe_goes_on_once_it_is_cleared(void **state)
{
	struct host *host = *state;
	uint8_t in[512];
	size_t len;

	host->options.faults.stall_after = 1;
	host_restart(host);
	assert_int_equal(host_command(host, 0x1001, 0, 0, NULL), 0);
	assert_int_equal(host_in(host, in, sizeof(in), &len), 0); /* the data phase */
	assert_int_equal(host_in(host, in, sizeof(in), &len), USBIP_STATUS_PIPE);
	assert_int_equal(host_in(host, in, sizeof(in), &len), USBIP_STATUS_PIPE);
	host_clear_halts(host);
	assert_int_equal(host_in(host, in, sizeof(in), &len), 0);
	assert_int_equal(get_le16(in + 6), PTP_OK);
}

static void switched_off_at_the_byte_asked_for(void **state)
{
	struct host *host = *state;

	host->options.faults.unplug_after = 100;
	host_restart(host);
	assert_int_equal(host_command(host, 0x1001, 0, 0, NULL), 0);
	assert_false(host_post_in(host, 512) && host_post_in(host, 512));
	assert_true(host->camera->usb.device.unplugged);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(descriptors_tell_a_still_image_device),
		TEST(pipes_are_dead_until_configured),
		TEST(device_info_needs_no_session_and_nothing_else_does_without),
		TEST(second_session_is_refused),
		TEST(transaction_ids_count_up_by_one),
		TEST(unknown_operations_are_refused),
		TEST(wrong_container_length_stalls_until_cleared),
		TEST(data_of_another_transaction_stalls),
		TEST(data_behind_the_response_stalls),
		TEST(command_before_the_last_response_stalls),
		TEST(transfers_end_as_usb_ends_them),
		TEST(remote_operations_want_remote_mode),
		TEST(properties_take_only_what_is_listed),
		TEST(live_view_is_not_ready_then_never_the_same_frame),
		TEST(live_view_that_runs_does_not_begin_anew),
		TEST(picture_goes_to_the_card_and_the_number_goes_on),
		TEST(picture_for_the_host_lives_until_it_is_fetched),
		TEST(full_card_refuses),
		TEST(reset_ends_the_session_and_live_view),
		TEST(bulb_wants_its_mode_and_lasts_as_long_as_held),
		TEST(halted_pipe_goes_on_once_it_is_cleared),
		TEST(switched_off_at_the_byte_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
