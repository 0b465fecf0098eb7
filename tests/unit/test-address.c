/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses: what is understood, what is refused, the canonical form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "usbip/address.h"

static void addresses_are_understood_and_formatted_back(void **state)
{
	static const struct {
		const char *text, *host, *port, *busid, *canonical;
	} cases[] = {
		{ "router", "router", "3240", "", "router" },
		{ "router:3241", "router", "3241", "", "router:3241" },
		{ "router:3240/1-1", "router", "3240", "1-1", "router/1-1" },
		{ "192.168.8.1/1-1.2", "192.168.8.1", "3240", "1-1.2", "192.168.8.1/1-1.2" },
		{ "[fe80::1%eth0]", "fe80::1%eth0", "3240", "", "[fe80::1%eth0]" },
		{ "[::1]:4000/2-1", "::1", "4000", "2-1", "[::1]:4000/2-1" },
		{ "2001:db8::7/1-1", "2001:db8::7", "3240", "1-1", "[2001:db8::7]/1-1" },
	};
	struct usbip_address address;
	struct orc_error err;
	char buf[USBIP_ADDRESS_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		assert_int_equal(usbip_address_parse(&address, cases[i].text, &err), 0);
		assert_string_equal(address.host, cases[i].host);
		assert_string_equal(address.port, cases[i].port);
		assert_string_equal(address.busid, cases[i].busid);
		assert_string_equal(
			usbip_address_format(&address, buf, sizeof(buf)), cases[i].canonical);
	}
}

static void bad_addresses_are_refused_with_a_reason(void **state)
{
	static const char *const bad[] = { "", ":3240", "/1-1", "router:", "router:0",
		"router:65536", "router:http", "router/", "router/1 1", "router/../1-1", "[::1",
		"[::1]x", "a b", "-r", "ssh://router", "http://router",
		"router/123456789012345678901234567890123" };
	char long_host[400];
	struct usbip_address address;
	struct orc_error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
		assert_int_equal(usbip_address_parse(&address, bad[i], &err), ORC_EUSAGE);
		assert_string_not_equal(err.why, "");
	}
	memset(long_host, 'a', sizeof(long_host) - 1);
	long_host[sizeof(long_host) - 1] = '\0';
	assert_int_equal(usbip_address_parse(&address, long_host, &err), ORC_EUSAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_understood_and_formatted_back),
		cmocka_unit_test(bad_addresses_are_refused_with_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
