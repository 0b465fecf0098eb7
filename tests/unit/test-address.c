/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses: what is understood, what is refused, the canonical form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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
		{ "router:03240/1-1", "router", "3240", "1-1", "router/1-1" },
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

static void addresses_by_way_of_ssh_are_understood_and_formatted_back(void **state)
{
	static const struct {
		const char *text, *user, *host, *ssh_port, *port, *busid, *canonical;
	} cases[] = {
		{ "ssh://router", "", "router", "", "3240", "", "ssh://router" },
		{ "ssh://root@Router/1-1", "root", "router", "", "3240", "1-1",
			"ssh://root@router/1-1" },
		{ "ssh://pi@192.168.8.1:2222/1-1.2", "pi", "192.168.8.1", "2222", "3240", "1-1.2",
			"ssh://pi@192.168.8.1:2222/1-1.2" },
		{ "ssh://router:22", "", "router", "22", "3240", "", "ssh://router:22" },
		{ "ssh://router:22:3241/1-1", "", "router", "22", "3241", "1-1",
			"ssh://router:22:3241/1-1" },
		{ "ssh://router::3241", "", "router", "", "3241", "", "ssh://router::3241" },
		{ "ssh://router:22:3240", "", "router", "22", "3240", "", "ssh://router:22" },
		{ "ssh://router:022:003240", "", "router", "22", "3240", "", "ssh://router:22" },
		{ "ssh://[FE80::1%Lan]", "", "fe80::1%Lan", "", "3240", "", "ssh://[fe80::1%Lan]" },
		{ "ssh://[::1]", "", "::1", "", "3240", "", "ssh://[::1]" },
		{ "ssh://me@[fe80::1%eth0]:2222:3241/2-1", "me", "fe80::1%eth0", "2222", "3241",
			"2-1", "ssh://me@[fe80::1%eth0]:2222:3241/2-1" },
		{ "ssh://me@work.example@gate", "me@work.example", "gate", "", "3240", "",
			"ssh://me@work.example@gate" },
	};
	struct usbip_address address;
	struct orc_error err;
	char buf[USBIP_ADDRESS_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		assert_int_equal(usbip_address_parse(&address, cases[i].text, &err), 0);
		assert_true(address.ssh);
		assert_string_equal(address.user, cases[i].user);
		assert_string_equal(address.host, cases[i].host);
		assert_string_equal(address.ssh_port, cases[i].ssh_port);
		assert_string_equal(address.port, cases[i].port);
		assert_string_equal(address.busid, cases[i].busid);
		assert_string_equal(
			usbip_address_format(&address, buf, sizeof(buf)), cases[i].canonical);
	}
}

/* What would be an option of ssh's, or a word to the shell that its ProxyCommand is given to. */
static void nothing_is_smuggled_to_ssh(void **state)
{
	static const char *const bad[] = { "ssh://", "ssh:///1-1", "ssh://-oProxyCommand=id",
		"ssh://-oProxyCommand=id@router", "ssh://[-oProxyCommand=id]", "ssh://-l@router",
		"ssh://@router", "ssh://me@", "ssh://me@-router", "ssh://me:secret@router",
		"ssh://a b@router", "ssh://$(id)@router", "ssh://`id`@router", "ssh://me;id@router",
		"ssh://router;id", "ssh://%r'@router", "ssh://router:-p",
		"ssh://router:", "ssh://router:22:", "ssh://router::", "ssh://router:22:3240:1",
		"ssh://::1", "ssh://router:65536", "ssh://router:22:0", "ssh://[::1",
		"ssh://[::1]x", "ssh://router/1/1", "ssh://router/", "SSH://router", "me@router" };
	char long_user[200];
	struct usbip_address address;
	struct orc_error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
		assert_int_equal(usbip_address_parse(&address, bad[i], &err), ORC_EUSAGE);
		assert_string_not_equal(err.why, "");
		assert_non_null(strstr(err.hint, "ssh://"));
	}
	snprintf(long_user, sizeof(long_user), "ssh://%0100d@router", 1);
	assert_int_equal(usbip_address_parse(&address, long_user, &err), ORC_EUSAGE);
}

static bool same(const char *a, const char *b)
{
	struct usbip_address first, second;
	struct orc_error err;

	assert_int_equal(usbip_address_parse(&first, a, &err), 0);
	assert_int_equal(usbip_address_parse(&second, b, &err), 0);
	return usbip_address_same_server(&first, &second);
}

static void servers_are_told_apart(void **state)
{
	(void)state;
	assert_true(same("router/1-1", "Router:3240"));
	assert_true(same("ssh://me@router/1-1", "ssh://me@ROUTER/1-2"));
	assert_false(same("router", "router:3241"));
	assert_false(same("router", "ssh://router"));
	assert_false(same("ssh://router", "ssh://me@router"));
	assert_false(same("ssh://router", "ssh://router:22"));
	assert_false(same("ssh://router", "ssh://router::3241"));
}

static void bad_addresses_are_refused_with_a_reason(void **state)
{
	static const char *const bad[] = { "", ":3240", "/1-1", "router:", "router:0",
		"router:65536", "router:http", "router/", "router/1 1", "router/../1-1", "[::1",
		"[::1]x", "a b", "-r", "http://router",
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
		cmocka_unit_test(addresses_by_way_of_ssh_are_understood_and_formatted_back),
		cmocka_unit_test(nothing_is_smuggled_to_ssh),
		cmocka_unit_test(servers_are_told_apart),
		cmocka_unit_test(bad_addresses_are_refused_with_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
