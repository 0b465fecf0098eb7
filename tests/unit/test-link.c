/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Links to a listener that does nothing but listen: which local port they start from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "usbip/link.h"

static int listen_anywhere(struct usbip_address *address)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&in, len), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	*address = (struct usbip_address){ .host = "127.0.0.1" };
	snprintf(address->port, sizeof(address->port), "%u", ntohs(in.sin_port));
	return fd;
}

static void a_link_starts_from_the_port_of_one_that_is_gone(void **state)
{
	const struct linger at_once = { .l_onoff = 1 };
	struct usbip_address address;
	struct orc_error err = { 0 };
	struct usbip_link link;
	int fd = listen_anywhere(&address);
	uint16_t port;

	(void)state;
	assert_int_equal(usbip_link_connect(&link, &address, deadline_after_msec(5000), &err), 0);
	port = usbip_link_local_port(&link);
	assert_int_not_equal(port, 0);
	/* As the kernel ends a connection whose other end is silent: nothing of it is left. */
	setsockopt(link.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	usbip_link_close(&link);
	assert_int_equal(
		usbip_link_connect_from(&link, &address, port, deadline_after_msec(5000), &err), 0);
	assert_int_equal(usbip_link_local_port(&link), port);
	usbip_link_close(&link);
	assert_int_equal(usbip_link_local_port(&link), 0);
	close(fd);
}

static void where_that_port_is_taken_any_will_do(void **state)
{
	struct usbip_address address;
	struct orc_error err = { 0 };
	struct usbip_link first, second;
	int fd = listen_anywhere(&address);

	(void)state;
	assert_int_equal(usbip_link_connect(&first, &address, deadline_after_msec(5000), &err), 0);
	assert_int_equal(usbip_link_connect_from(&second, &address, usbip_link_local_port(&first),
				 deadline_after_msec(5000), &err),
		0);
	assert_int_not_equal(usbip_link_local_port(&first), usbip_link_local_port(&second));
	usbip_link_close(&first);
	usbip_link_close(&second);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_link_starts_from_the_port_of_one_that_is_gone),
		cmocka_unit_test(where_that_port_is_taken_any_will_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
