/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which devices are cameras, which one an address means, and where their endpoints are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "iolib/descriptor.h"
#include "iolib/known.h"

/* A still-image interface as cameras have it: bulk in 0x81, bulk out 0x02, interrupt in 0x83. */
static const uint8_t camera_configuration[] = {
	9, 2, 39, 0, 1, 1, 0, 0xc0, 1,   /* configuration 1, one interface */
	9, 4, 0, 0, 3, 6, 1, 1, 0,       /* interface 0: 06/01/01, three endpoints */
	7, 5, 0x81, 2, 0x00, 0x02, 0,    /* bulk in, 512 */
	7, 5, 0x02, 2, 0x00, 0x02, 0,    /* bulk out, 512 */
	7, 5, 0x83, 3, 0x08, 0x00, 0x09, /* interrupt in, 8 */
};

static void the_endpoints_of_a_camera_are_found(void **state)
{
	struct usb_endpoints e;

	(void)state;
	assert_int_equal(
		usb_endpoints_parse(&e, camera_configuration, sizeof(camera_configuration)), 0);
	assert_int_equal(e.configuration, 1);
	assert_int_equal(e.interface, 0);
	assert_int_equal(e.class, USB_CLASS_STILL_IMAGE);
	assert_int_equal(e.bulk_in, 0x81);
	assert_int_equal(e.bulk_out, 0x02);
	assert_int_equal(e.interrupt_in, 0x83);
	assert_int_equal(e.maxpacket_in, 512);
	assert_int_equal(e.maxpacket_interrupt, 8);
}

static void the_still_image_interface_goes_before_a_disk(void **state)
{
	static const uint8_t disk_first[] = {
		9, 2, 64, 0, 2, 3, 0, 0xc0, 1, /* configuration 3, two interfaces */
		9, 4, 0, 0, 2, 8, 6, 0x50, 0,  /* mass storage */
		7, 5, 0x81, 2, 0x00, 0x02, 0,  /* */
		7, 5, 0x02, 2, 0x00, 0x02, 0,  /* */
		9, 4, 1, 0, 2, 6, 1, 1, 0,     /* still image */
		7, 5, 0x84, 2, 0x40, 0x00, 0,  /* */
		7, 5, 0x05, 2, 0x40, 0x00, 0,  /* */
	};
	struct usb_endpoints e;

	(void)state;
	assert_int_equal(usb_endpoints_parse(&e, disk_first, sizeof(disk_first)), 0);
	assert_int_equal(e.configuration, 3);
	assert_int_equal(e.interface, 1);
	assert_int_equal(e.bulk_in, 0x84);
	assert_int_equal(e.interrupt_in, -1);
	assert_int_equal(e.maxpacket_in, 64);
}

/* Every cut and every changed length byte: an answer or ORC_EPROTO, never a read past the end. */
static void damaged_descriptors_do_no_harm(void **state)
{
	struct usb_endpoints e;

	(void)state;
	for (size_t len = 0; len < sizeof(camera_configuration); len++) {
		uint8_t *exact = malloc(len + 1);

		memcpy(exact, camera_configuration, len);
		exact = realloc(exact, len ? len : 1);
		if (usb_endpoints_parse(&e, exact, len) == 0)
			assert_true(len > 18);
		for (size_t i = 0; i < len; i++) {
			uint8_t kept = exact[i];

			exact[i] = 0;
			if (usb_endpoints_parse(&e, exact, len) == 0)
				assert_true(
					e.bulk_in >= 0 || e.bulk_out >= 0 || e.interrupt_in >= 0);
			exact[i] = 255;
			if (usb_endpoints_parse(&e, exact, len) == 0)
				assert_true(
					e.bulk_in >= 0 || e.bulk_out >= 0 || e.interrupt_in >= 0);
			exact[i] = kept;
		}
		free(exact);
	}
	assert_int_equal(usb_endpoints_parse(&e, camera_configuration, 18), ORC_EPROTO);
}

static const struct usbip_device_info canon_told = { .busid = "1-1",
	.vendor = 0x04a9,
	.product = 0x3299,
	.num_interfaces = 1,
	.interfaces = { { 6, 1, 1 } } };
static const struct usbip_device_info canon_untold = { .busid = "1-2", .vendor = 0x04a9 };
static const struct usbip_device_info canon_printer = {
	.busid = "1-3", .vendor = 0x04a9, .num_interfaces = 1, .interfaces = { { 7, 1, 2 } }
};
static const struct usbip_device_info stranger_untold = { .busid = "1-4", .vendor = 0x46f4 };
static const struct usbip_device_info hub = { .busid = "1-5", .vendor = 0x1d6b, .class = 9 };

/* Each interface once, whatever its other settings; every cut has those that are whole. */
static void interfaces_are_read_from_a_configuration(void **state)
{
	static const uint8_t disk[] = {
		9, 2, 41, 0, 2, 1, 0, 0xc0, 1, /* two interfaces */
		9, 4, 0, 0, 2, 8, 6, 0x50, 0,  /* mass storage */
		9, 4, 1, 0, 0, 0xff, 1, 2, 0,  /* its maker's own */
		9, 4, 1, 1, 0, 0xff, 1, 2, 0,  /* the same, in another setting */
		0, 4,                          /* and what cannot be */
	};
	struct usbip_device_info device = { .vendor = 0x04a9 };
	uint8_t *exact;
	size_t count;

	(void)state;
	for (size_t len = 0; len <= sizeof(disk); len++) {
		exact = malloc(len ? len : 1);
		memcpy(exact, disk, len);
		count = known_interfaces(exact, len, device.interfaces, USBIP_MAX_INTERFACES);
		assert_int_equal(count, len < 18 ? 0 : len < 27 ? 1 : 2);
		free(exact);
	}
	assert_int_equal(known_interfaces(disk, sizeof(disk), device.interfaces, 1), 1);
	device.num_interfaces = 1;
	assert_int_equal(device.interfaces[0].class, USB_CLASS_MASS_STORAGE);
	assert_int_equal(device.interfaces[0].protocol, 0x50);
	assert_true(known_disk(&device));
	assert_false(known_camera(&device));
	/* Whose it is decides, and a camera that is a disk as well is a camera. */
	device.vendor = 0x0781;
	assert_false(known_disk(&device));
	device.vendor = 0x04a9;
	device.interfaces[1] = (struct usbip_interface){ 6, 1, 1 };
	device.num_interfaces = 2;
	assert_false(known_disk(&device));
	assert_true(known_camera(&device));
}

static void a_camera_is_told_by_its_interface_or_its_maker(void **state)
{
	(void)state;
	assert_int_equal(known_device(&canon_told), KNOWN_CAMERA);
	assert_int_equal(known_device(&canon_untold), KNOWN_LIKELY);
	assert_int_equal(known_device(&canon_printer), KNOWN_OTHER);
	assert_int_equal(known_device(&stranger_untold), KNOWN_UNTOLD);
	assert_int_equal(known_device(&hub), KNOWN_OTHER);
	assert_true(known_camera(&canon_untold));
	assert_false(known_camera(&stranger_untold));
	assert_string_equal(known_maker(0x04b0), "Nikon");
	assert_null(known_maker(0xdead));
}

static void the_only_camera_is_meant_where_no_busid_is_given(void **state)
{
	const struct usbip_device_info one[] = { hub, canon_printer, canon_told };
	const struct usbip_device_info stranger[] = { hub, stranger_untold };
	struct orc_error err;
	size_t index;

	(void)state;
	assert_int_equal(known_pick(one, ARRAY_LENGTH(one), &index, &err), 0);
	assert_int_equal(index, 2);
	assert_int_equal(known_pick(stranger, ARRAY_LENGTH(stranger), &index, &err), 0);
	assert_int_equal(index, 1);
}

static void none_or_several_cameras_are_an_error_that_lists_them(void **state)
{
	const struct usbip_device_info two[] = { canon_told, canon_untold };
	const struct usbip_device_info none[] = { hub, canon_printer };
	struct orc_error err;
	size_t index;

	(void)state;
	assert_int_equal(known_pick(two, ARRAY_LENGTH(two), &index, &err), ORC_EUSAGE);
	assert_non_null(strstr(err.why, "1-1 Canon 04a9:3299"));
	assert_non_null(strstr(err.why, "1-2 Canon"));
	assert_int_equal(known_pick(none, ARRAY_LENGTH(none), &index, &err), ORC_ENOCAMERA);
	assert_int_equal(known_pick(NULL, 0, &index, &err), ORC_ENOCAMERA);
}

/* A device descriptor (vendor, product and class at their places) in front of a configuration. */
#define DEVICE(vendor, class)                                                                      \
	18, 1, 0, 2, class, 0, 0, 64, (vendor)&0xff, (vendor) >> 8, 0x34, 0x12, 0, 1, 0, 0, 0, 1

static void a_camera_passes_by_its_descriptors(void **state)
{
	static const uint8_t ptp[] = {
		DEVICE(0x46f4, 0), 9, 2, 18, 0, 1, 1, 0, 0xc0, 1, /* nobody knows the maker */
		9, 4, 0, 0, 3, 6, 1, 1, 0,                        /* still image */
	};
	static const uint8_t with_video[] = {
		DEVICE(0x04a9, 0xef), 9, 2, 36, 0, 3, 1, 0, 0xc0, 1, /* interfaces in groups */
		9, 4, 0, 0, 3, 6, 1, 1, 0,                           /* still image */
		9, 4, 1, 0, 1, 0x0e, 1, 0, 0,                        /* video */
		9, 4, 2, 0, 1, 1, 1, 0, 0,                           /* sound */
	};
	static const uint8_t old[] = {
		DEVICE(0x04a9, 0xff), 9, 2, 18, 0, 1, 1, 0, 0xc0, 1, /* a maker's own protocol */
		9, 4, 0, 0, 3, 0xff, 0, 0, 0,                        /* */
	};
	struct orc_error err = { 0 };

	(void)state;
	assert_int_equal(known_check(ptp, sizeof(ptp), &err), 0);
	assert_int_equal(known_check(with_video, sizeof(with_video), &err), 0);
	assert_int_equal(known_check(old, sizeof(old), &err), 0);
}

static void what_is_no_camera_does_not_pass(void **state)
{
	static const uint8_t keyboard_too[] = {
		DEVICE(0x04a9, 0), 9, 2, 27, 0, 2, 1, 0, 0xc0, 1, /* Canon's id, and */
		9, 4, 0, 0, 3, 6, 1, 1, 0,                        /* still image, and */
		9, 4, 1, 0, 1, 3, 1, 1, 0,                        /* a keyboard */
	};
	static const uint8_t second_configuration[] = {
		DEVICE(0x04a9, 0), 9, 2, 18, 0, 1, 1, 0, 0xc0, 1, /* the first is a camera's, */
		9, 4, 0, 0, 3, 6, 1, 1, 0,                        /* */
		9, 2, 18, 0, 1, 2, 0, 0xc0, 1,                    /* the second a network card's */
		9, 4, 0, 0, 1, 2, 6, 0, 0,                        /* */
	};
	static const uint8_t plain_hub[] = { DEVICE(0x04a9, 9) };
	static const uint8_t unknown_maker[] = {
		DEVICE(0x1234, 0), 9, 2, 18, 0, 1, 1, 0, 0xc0, 1, /* */
		9, 4, 0, 0, 3, 0xff, 0, 0, 0,                     /* */
	};
	struct orc_error err = { 0 };

	(void)state;
	assert_int_equal(known_check(keyboard_too, sizeof(keyboard_too), &err), ORC_EREFUSED);
	assert_string_equal(err.why,
		"04a9:1234 is no camera: part of it is a keyboard or mouse "
		"(USB class 03)");
	assert_int_equal(known_check(second_configuration, sizeof(second_configuration), &err),
		ORC_EREFUSED);
	assert_int_equal(known_check(plain_hub, sizeof(plain_hub), &err), ORC_EREFUSED);
	assert_int_equal(known_check(unknown_maker, sizeof(unknown_maker), &err), ORC_EREFUSED);
	/* Every cut: refused, as long as the camera's interface is not whole. */
	for (size_t len = 0; len < 18 + 9 + 9; len++) {
		uint8_t *exact = malloc(len + 1);

		memcpy(exact, keyboard_too, len);
		exact = realloc(exact, len ? len : 1);
		assert_int_equal(known_check(exact, len, &err), ORC_EREFUSED);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_endpoints_of_a_camera_are_found),
		cmocka_unit_test(the_still_image_interface_goes_before_a_disk),
		cmocka_unit_test(damaged_descriptors_do_no_harm),
		cmocka_unit_test(interfaces_are_read_from_a_configuration),
		cmocka_unit_test(a_camera_is_told_by_its_interface_or_its_maker),
		cmocka_unit_test(the_only_camera_is_meant_where_no_busid_is_given),
		cmocka_unit_test(none_or_several_cameras_are_an_error_that_lists_them),
		cmocka_unit_test(a_camera_passes_by_its_descriptors),
		cmocka_unit_test(what_is_no_camera_does_not_pass),
	};

	return cmocka_run_group_tests_name("known", tests, NULL, NULL);
}
