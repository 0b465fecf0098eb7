/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a shared camera is: HOST[:PORT][/BUSID] and its kin. */
#include "usbip/address.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Copies text[0..len) and terminates it; false if it does not fit. */
static bool copy(char *out, size_t size, const char *text, size_t len)
{
	if (len >= size)
		return false;
	memcpy(out, text, len);
	out[len] = '\0';
	return true;
}

/* A host name, an IPv4 or an IPv6 address with a zone: what getaddrinfo() could understand. */
static bool host_is_sane(const char *host)
{
	if (!*host || *host == '-')
		return false;
	for (const char *p = host; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr(".-_:%", *p))
			return false;
	return true;
}

static bool port_is_sane(const char *port)
{
	char *end;
	unsigned long value;

	if (!isdigit((unsigned char)*port))
		return false;
	value = strtoul(port, &end, 10);
	return !*end && value >= 1 && value <= 65535;
}

/* As Linux names USB devices: "1-1.2"; other servers use letters too, but never a blank. */
bool usbip_busid_is_sane(const char *busid)
{
	if (!*busid)
		return false;
	for (const char *p = busid; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("-._:", *p))
			return false;
	return true;
}

static int bad(struct orc_error *err, const char *text, const char *why)
{
	orc_fail(err, ORC_EUSAGE, "%s", why);
	orc_what(err, "bad address \"%s\"", text);
	return orc_hint(err, "HOST, HOST:PORT, HOST/BUSID or [IPv6]:PORT/BUSID");
}

/* Where the host ends and what of it is to be copied. */
struct host_span {
	const char *host, *end, *port;
};

/* Splits "[IPv6]:PORT", "HOST:PORT", "HOST" or a bare IPv6 address; port is NULL if absent. */
static bool split_host(const char *text, const char *end, struct host_span *span)
{
	const char *colon = memchr(text, ':', (size_t)(end - text));
	const char *bracket;

	*span = (struct host_span){ .host = text, .end = end };
	if (*text == '[') {
		bracket = memchr(text, ']', (size_t)(end - text));
		if (!bracket || (bracket + 1 < end && bracket[1] != ':'))
			return false;
		span->host = text + 1;
		span->end = bracket;
		if (bracket + 1 < end)
			span->port = bracket + 2;
		return true;
	}
	if (!colon || memchr(colon + 1, ':', (size_t)(end - colon - 1)))
		return true;
	span->end = colon;
	span->port = colon + 1;
	return true;
}

int usbip_address_parse(struct usbip_address *address, const char *text, struct orc_error *err)
{
	const char *slash, *end;
	struct host_span span;

	memset(address, 0, sizeof(*address));
	if (strncmp(text, "ssh://", 6) == 0) {
		bad(err, text, "ssh:// is not built into this version");
		return orc_hint(err, "ssh -L 3240:localhost:3240 HOST, then use localhost");
	}
	slash = strchr(text, '/');
	end = slash ? slash : text + strlen(text);
	if (!split_host(text, end, &span))
		return bad(err, text, "the brackets do not match");
	if (!copy(address->host, sizeof(address->host), span.host, (size_t)(span.end - span.host)))
		return bad(err, text, "the host name is too long");
	if (!host_is_sane(address->host))
		return bad(err, text, "not a host name");
	memcpy(address->port, USBIP_PORT, sizeof(USBIP_PORT));
	if (span.port &&
		(!copy(address->port, sizeof(address->port), span.port,
			 (size_t)(end - span.port)) ||
			!port_is_sane(address->port)))
		return bad(err, text, "the port is not a number from 1 to 65535");
	if (!slash)
		return 0;
	if (!copy(address->busid, sizeof(address->busid), slash + 1, strlen(slash + 1)) ||
		!usbip_busid_is_sane(address->busid))
		return bad(err, text, "the bus id is not one such as 1-1.2");
	return 0;
}

const char *usbip_address_format(const struct usbip_address *address, char *buf, size_t size)
{
	bool colons = strchr(address->host, ':') != NULL;
	bool default_port = strcmp(address->port, USBIP_PORT) == 0;

	snprintf(buf, size, "%s%s%s%s%s%s%s", colons ? "[" : "", address->host, colons ? "]" : "",
		default_port ? "" : ":", default_port ? "" : address->port,
		address->busid[0] ? "/" : "", address->busid);
	return buf;
}
