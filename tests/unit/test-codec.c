/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The wire format, byte for byte, as Linux's usbip_protocol.rst lays it out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "usbip/codec.h"

static void an_import_request_is_laid_out_as_documented(void **state)
{
	uint8_t expected[USBIP_IMPORT_SIZE] = "\x01\x11\x80\x03\0\0\0\0"
					      "1-1.2";
	uint8_t out[USBIP_IMPORT_SIZE];

	(void)state;
	usbip_encode_import(out, "1-1.2");
	assert_memory_equal(out, expected, sizeof(expected));
}

static void a_submit_is_laid_out_as_documented(void **state)
{
	static const uint8_t expected[USBIP_HEADER_SIZE] = {
		0x00, 0x00, 0x00, 0x01,                         /* CMD_SUBMIT */
		0x00, 0x00, 0x0d, 0x05,                         /* seqnum */
		0x00, 0x01, 0x00, 0x0f,                         /* devid */
		0x00, 0x00, 0x00, 0x01,                         /* IN */
		0x00, 0x00, 0x00, 0x00,                         /* endpoint */
		0x00, 0x00, 0x02, 0x00,                         /* transfer flags */
		0x00, 0x00, 0x00, 0x40,                         /* length */
		0x00, 0x00, 0x00, 0x00,                         /* start frame */
		0x00, 0x00, 0x00, 0x00,                         /* packets */
		0x00, 0x00, 0x00, 0x04,                         /* interval */
		0x80, 0x06, 0x00, 0x01, 0x00, 0x00, 0x40, 0x00, /* GET_DESCRIPTOR, as USB has it */
	};
	struct usbip_header header = {
		.command = USBIP_CMD_SUBMIT,
		.seqnum = 0xd05,
		.devid = 0x1000f,
		.in = true,
		.transfer_flags = 0x200,
		.transfer_buffer_length = 0x40,
		.interval = 4,
		.setup = { 0x80, 0x06, 0x00, 0x01, 0x00, 0x00, 0x40, 0x00 },
	};
	struct usbip_header back;
	uint8_t out[USBIP_HEADER_SIZE];

	(void)state;
	usbip_encode_header(out, &header);
	assert_memory_equal(out, expected, sizeof(expected));
	assert_int_equal(usbip_decode_header(expected, &back), 0);
	assert_int_equal(back.seqnum, header.seqnum);
	assert_int_equal(back.transfer_buffer_length, 0x40);
	assert_true(back.in);
	assert_memory_equal(back.setup, header.setup, sizeof(header.setup));
}

static void replies_are_laid_out_as_documented(void **state)
{
	static const uint8_t submit[USBIP_HEADER_SIZE] = {
		0, 0, 0, 3, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* RET_SUBMIT of 9 */
		0xff, 0xff, 0xff, 0xe0,                                     /* -EPIPE */
		0x00, 0x00, 0x01, 0x02,                                     /* actual length */
	};
	static const uint8_t cancel[USBIP_HEADER_SIZE] = {
		0, 0, 0, 4, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* RET_UNLINK of 9 */
		0xff, 0xff, 0xff, 0x98,                                     /* -ECONNRESET */
	};
	struct usbip_header header;
	uint8_t out[USBIP_HEADER_SIZE];

	(void)state;
	assert_int_equal(usbip_decode_header(submit, &header), 0);
	assert_int_equal(header.status, USBIP_STATUS_PIPE);
	assert_int_equal(header.actual_length, 0x102);
	usbip_encode_header(out, &header);
	assert_memory_equal(out, submit, sizeof(submit));
	assert_int_equal(usbip_decode_header(cancel, &header), 0);
	assert_int_equal(header.status, USBIP_STATUS_CONNRESET);
	usbip_encode_header(out, &header);
	assert_memory_equal(out, cancel, sizeof(cancel));
}

static void a_device_survives_the_way_there_and_back(void **state)
{
	struct usbip_device_info device = { .path = "/sys/devices/usb1/1-1",
		.busid = "1-1",
		.busnum = 1,
		.devnum = 2,
		.speed = USBIP_SPEED_HIGH,
		.vendor = 0x04a9,
		.product = 0x327f,
		.bcd_device = 0x0002,
		.configuration_value = 1,
		.num_configurations = 1,
		.num_interfaces = 1 };
	struct usbip_device_info back;
	uint8_t out[USBIP_DEVICE_SIZE];

	(void)state;
	usbip_encode_device(out, &device);
	assert_memory_equal(out + 256, "1-1", 4);
	assert_memory_equal(
		out + 288, "\0\0\0\1\0\0\0\2\0\0\0\3\x04\xa9\x32\x7f\0\2\0\0\0\1\1\1", 24);
	assert_int_equal(usbip_decode_device(out, &back), 0);
	assert_memory_equal(&back, &device, sizeof(back));
}

static void what_breaks_a_limit_is_refused(void **state)
{
	uint8_t header[USBIP_HEADER_SIZE] = { 0, 0, 0, 3 };
	uint8_t device[USBIP_DEVICE_SIZE] = { 0 };
	struct usbip_header decoded;
	struct usbip_device_info info;

	(void)state;
	assert_int_equal(usbip_decode_header(header, &decoded), 0);
	header[15] = 2; /* a third direction */
	assert_int_equal(usbip_decode_header(header, &decoded), ORC_EPROTO);
	header[15] = 0;
	header[19] = 16; /* a seventeenth endpoint */
	assert_int_equal(usbip_decode_header(header, &decoded), ORC_EPROTO);
	header[19] = 0;
	header[24] = 0x7f; /* 2 GB */
	assert_int_equal(usbip_decode_header(header, &decoded), ORC_EPROTO);
	header[24] = 0;
	header[35] = 1; /* isochronous */
	assert_int_equal(usbip_decode_header(header, &decoded), ORC_EPROTO);
	header[35] = 0;
	header[3] = 5; /* a fifth command */
	assert_int_equal(usbip_decode_header(header, &decoded), ORC_EPROTO);

	memset(device + 256, 'x', USBIP_BUSID_SIZE); /* no end */
	assert_int_equal(usbip_decode_device(device, &info), ORC_EPROTO);
	memset(device + 256, 0, USBIP_BUSID_SIZE);
	device[311] = USBIP_MAX_INTERFACES + 1;
	assert_int_equal(usbip_decode_device(device, &info), ORC_EPROTO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_import_request_is_laid_out_as_documented),
		cmocka_unit_test(a_submit_is_laid_out_as_documented),
		cmocka_unit_test(replies_are_laid_out_as_documented),
		cmocka_unit_test(a_device_survives_the_way_there_and_back),
		cmocka_unit_test(what_breaks_a_limit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
