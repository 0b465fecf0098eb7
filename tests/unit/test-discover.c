/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was heard on the network becomes servers; and a build that does not listen says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>

#include "usbip/heard.h"

/* An address as text, "fe80::1%lo" with its scope. */
static struct sockaddr_storage address(const char *text)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_storage storage = { 0 };
	const char *scope = strchr(text, '%');
	char number[64];

	snprintf(number, sizeof(number), "%.*s", (int)strcspn(text, "%"), text);
	if (inet_pton(AF_INET, number, &four.sin_addr) == 1) {
		memcpy(&storage, &four, sizeof(four));
		return storage;
	}
	assert_int_equal(inet_pton(AF_INET6, number, &six.sin6_addr), 1);
	if (scope)
		six.sin6_scope_id = if_nametoindex(scope + 1);
	memcpy(&storage, &six, sizeof(six));
	return storage;
}

static bool add(struct heard *heard, const char *host, uint16_t port, const char *text)
{
	struct sockaddr_storage storage = address(text);

	return heard_add(heard, host, port, &storage);
}

/* What would have to be typed for the server of that number. */
static const char *typed(const struct heard *heard, size_t index, bool by_name)
{
	static char text[USBIP_ADDRESS_TEXT_SIZE];
	struct usbip_found found;
	struct usbip_address again;

	if (!heard_call(&heard->servers[index], by_name, &found))
		return "gone";
	usbip_address_format(&found.server, text, sizeof(text));
	assert_int_equal(usbip_address_parse(&again, text, NULL), 0);
	return text;
}

static void several_addresses_of_one_machine_are_one_server(void **state)
{
	struct heard heard = { 0 };

	(void)state;
	assert_true(add(&heard, "pi.local", 3240, "fe80::1%lo"));
	assert_true(add(&heard, "PI.local", 3240, "2001:db8::1"));
	assert_true(add(&heard, "pi.local", 3240, "192.0.2.1"));
	assert_true(add(&heard, "pi.local", 3240, "192.0.2.1"));
	assert_true(add(&heard, "other.local", 3240, "192.0.2.1"));
	assert_int_equal(heard.count, 1);
	assert_int_equal(heard.servers[0].address_count, 3);
	assert_true(add(&heard, "pi.local", 3241, "192.0.2.1"));
	assert_true(add(&heard, "router.local", 3240, "192.0.2.2"));
	assert_int_equal(heard.count, 3);
}

static void a_server_is_called_by_what_is_likeliest_to_work(void **state)
{
	struct heard heard = { 0 };

	(void)state;
	add(&heard, "pi.local", 3240, "fe80::1%lo");
	assert_string_equal(typed(&heard, 0, false), "[fe80::1%lo]");
	add(&heard, "pi.local", 3240, "2001:db8::1");
	assert_string_equal(typed(&heard, 0, false), "[2001:db8::1]");
	add(&heard, "pi.local", 3240, "192.0.2.1");
	assert_string_equal(typed(&heard, 0, false), "192.0.2.1");
	assert_string_equal(typed(&heard, 0, true), "pi.local");
	add(&heard, "", 4000, "192.0.2.9");
	assert_string_equal(typed(&heard, 1, true), "192.0.2.9:4000");
	/* A link-local address leads nowhere without its interface. */
	add(&heard, "far.local", 3240, "fe80::2");
	assert_string_equal(typed(&heard, 2, false), "gone");
}

static void names_that_could_not_be_typed_are_not_taken(void **state)
{
	static const char *const names[] = { "", "-r.local", "evil\033[2J.local", "a b.local",
		"a/b.local", "a:1.local", "caf\303\251.local", "fe80%lo.local", "$(id).local",
		"a\\032b.local",
		"a-name-that-is-longer-than-any-label-of-a-host-name-can-be-in-dns.local" };
	struct heard heard = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		char number[16];

		snprintf(number, sizeof(number), "192.0.2.%zu", i + 1);
		assert_true(add(&heard, names[i], 3240, number));
		assert_string_equal(heard.servers[i].host, "");
		assert_string_equal(typed(&heard, i, true), number);
	}
	assert_int_equal(heard.count, ARRAY_LENGTH(names));
}

static void addresses_that_are_no_other_machines_are_dropped(void **state)
{
	static const char *const addresses[] = { "0.0.0.0", "127.0.0.1", "127.1.2.3", "224.0.0.251",
		"255.255.255.255", "::", "::1", "ff02::fb", "::ffff:127.0.0.1", "::127.0.0.1" };
	struct heard heard = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(addresses); i++)
		assert_false(add(&heard, "pi.local", 3240, addresses[i]));
	assert_false(add(&heard, "pi.local", 0, "192.0.2.1"));
	assert_int_equal(heard.count, 0);
}

static void a_flood_is_bounded(void **state)
{
	struct heard heard = { 0 };
	char host[32], number[32];

	(void)state;
	for (unsigned i = 1; i < 250; i++) {
		snprintf(host, sizeof(host), "h%u.local", i);
		snprintf(number, sizeof(number), "192.0.2.%u", i);
		assert_int_equal(add(&heard, host, 3240, number), i <= DISCOVER_MAX_SERVERS);
	}
	assert_int_equal(heard.count, DISCOVER_MAX_SERVERS);
	heard = (struct heard){ 0 };
	for (unsigned i = 1; i < 250; i++) {
		snprintf(number, sizeof(number), "192.0.2.%u", i);
		assert_int_equal(add(&heard, "pi.local", 3240, number), i <= HEARD_MAX_ADDRESSES);
	}
	assert_int_equal(heard.count, 1);
}

/* Of the build without, whatever this one is: discover-none.c is part of this program. */
static void a_build_without_says_so(void **state)
{
	struct usbip_found *found = (struct usbip_found *)state;
	size_t count = 7;
	struct orc_error err;

	assert_null(usbip_discover_library());
	assert_int_equal(usbip_discover(NULL, NULL, &found, &count, &err), ORC_EREFUSED);
	assert_null(found);
	assert_int_equal(count, 0);
	assert_non_null(strstr(err.why, "built without mDNS"));
	assert_non_null(strstr(err.hint, "-r"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(several_addresses_of_one_machine_are_one_server),
		cmocka_unit_test(a_server_is_called_by_what_is_likeliest_to_work),
		cmocka_unit_test(names_that_could_not_be_typed_are_not_taken),
		cmocka_unit_test(addresses_that_are_no_other_machines_are_dropped),
		cmocka_unit_test(a_flood_is_bounded),
		cmocka_unit_test(a_build_without_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
