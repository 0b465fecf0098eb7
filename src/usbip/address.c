/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a shared camera is: HOST[:PORT][/BUSID] and its kin. */
#include "usbip/address.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SSH_SCHEME     "ssh://"
#define SSH_SCHEME_LEN (sizeof(SSH_SCHEME) - 1)

/* Copies text[0..len) and terminates it; false if it does not fit. */
static bool copy(char *out, size_t size, const char *text, size_t len)
{
	if (len >= size)
		return false;
	memcpy(out, text, len);
	out[len] = '\0';
	return true;
}

/* Not empty, and nothing but letters and digits of ASCII and those marks. */
static bool consists_of(const char *text, const char *marks)
{
	for (const char *p = text; *p; p++)
		if (!isascii((unsigned char)*p) ||
			(!isalnum((unsigned char)*p) && !strchr(marks, *p)))
			return false;
	return *text != '\0';
}

/* A host name, an IPv4 or an IPv6 address with a zone: what getaddrinfo() could understand. */
static bool host_is_sane(const char *host)
{
	return *host != '-' && consists_of(host, ".-_:%");
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
	return consists_of(busid, "-._:");
}

/*
 * A login name. ssh's own configuration may hand it to a shell (%r in ProxyCommand), so it has no
 * letter that means anything there.
 */
static bool user_is_sane(const char *user)
{
	return *user != '-' && consists_of(user, ".-_@+");
}

static int bad(struct orc_error *err, const char *text, const char *why)
{
	orc_fail(err, ORC_EUSAGE, "%s", why);
	orc_what(err, "bad address \"%.150s\"", text);
	if (strncmp(text, SSH_SCHEME, SSH_SCHEME_LEN) == 0)
		return orc_hint(err, "ssh://[USER@]HOST[:SSHPORT][/BUSID]");
	return orc_hint(err, "HOST, HOST:PORT, HOST/BUSID, [IPv6]:PORT/BUSID or ssh://HOST");
}

/* Where the host ends and what of it is to be copied. */
struct host_span {
	const char *host, *end, *port;
};

/* "[IPv6]" with or without a port. */
static bool split_brackets(const char *text, const char *end, struct host_span *span)
{
	const char *bracket = memchr(text, ']', (size_t)(end - text));

	if (!bracket || (bracket + 1 < end && bracket[1] != ':'))
		return false;
	*span = (struct host_span){
		.host = text + 1,
		.end = bracket,
		.port = bracket + 1 < end ? bracket + 2 : NULL,
	};
	return true;
}

/* Splits "[IPv6]:PORT", "HOST:PORT", "HOST" or a bare IPv6 address; port is NULL if absent. */
static bool split_host(const char *text, const char *end, struct host_span *span)
{
	const char *colon = memchr(text, ':', (size_t)(end - text));

	if (*text == '[')
		return split_brackets(text, end, span);
	*span = (struct host_span){ .host = text, .end = end };
	if (!colon || memchr(colon + 1, ':', (size_t)(end - colon - 1)))
		return true;
	span->end = colon;
	span->port = colon + 1;
	return true;
}

/* The same with SSHPORT, :PORT or SSHPORT:PORT behind the colon. */
static bool split_ssh_host(const char *text, const char *end, struct host_span *span)
{
	const char *colon = memchr(text, ':', (size_t)(end - text));

	if (*text == '[')
		return split_brackets(text, end, span);
	*span = (struct host_span){
		.host = text,
		.end = colon ? colon : end,
		.port = colon ? colon + 1 : NULL,
	};
	return true;
}

/* Without leading zeros: two ways to write a port are one server. */
static bool copy_port(char *out, size_t size, const char *text, const char *end)
{
	while (end - text > 1 && *text == '0')
		text++;
	return copy(out, size, text, (size_t)(end - text)) && port_is_sane(out);
}

/* NULL, or what is wrong with it. */
static const char *take_host(struct usbip_address *address, const struct host_span *span)
{
	if (!copy(address->host, sizeof(address->host), span->host,
		    (size_t)(span->end - span->host)))
		return "the host name is too long";
	return host_is_sane(address->host) ? NULL : "not a host name";
}

static const char *take_server(struct usbip_address *address, const char *text, const char *end)
{
	static const char bad_port[] = "the port is not a number from 1 to 65535";
	struct host_span span;
	const char *wrong;

	if (!split_host(text, end, &span))
		return "the brackets do not match";
	wrong = take_host(address, &span);
	if (wrong || !span.port)
		return wrong;
	return copy_port(address->port, sizeof(address->port), span.port, end) ? NULL : bad_port;
}

static const char *take_ssh_ports(struct usbip_address *address, const char *text, const char *end)
{
	static const char bad_port[] =
		"a port is a number from 1 to 65535, and an IPv6 address stands in brackets";
	const char *colon = memchr(text, ':', (size_t)(end - text));

	if (colon != text &&
		!copy_port(address->ssh_port, sizeof(address->ssh_port), text, colon ? colon : end))
		return bad_port;
	if (colon && !copy_port(address->port, sizeof(address->port), colon + 1, end))
		return bad_port;
	return NULL;
}

/* "[USER@]HOST[:[SSHPORT][:PORT]]" */
static const char *take_ssh_server(struct usbip_address *address, const char *text, const char *end)
{
	const char *at = memrchr(text, '@', (size_t)(end - text));
	struct host_span span;
	const char *wrong;

	address->ssh = true;
	if (at && !copy(address->user, sizeof(address->user), text, (size_t)(at - text)))
		return "the user name is too long";
	if (at && !user_is_sane(address->user))
		return "not a user name";
	if (!split_ssh_host(at ? at + 1 : text, end, &span))
		return "the brackets do not match";
	wrong = take_host(address, &span);
	/* Two ways to write a name are one camera. What stands behind a % is an interface's name. */
	for (char *p = address->host; *p && *p != '%'; p++)
		*p = (char)tolower((unsigned char)*p);
	if (wrong || !span.port)
		return wrong;
	return take_ssh_ports(address, span.port, end);
}

int usbip_address_parse(struct usbip_address *address, const char *text, struct orc_error *err)
{
	bool ssh = strncmp(text, SSH_SCHEME, SSH_SCHEME_LEN) == 0;
	const char *server = text + (ssh ? SSH_SCHEME_LEN : 0);
	const char *slash = strchr(server, '/');
	const char *end = slash ? slash : server + strlen(server);
	const char *wrong;

	memset(address, 0, sizeof(*address));
	memcpy(address->port, USBIP_PORT, sizeof(USBIP_PORT));
	wrong = ssh ? take_ssh_server(address, server, end) : take_server(address, server, end);
	if (wrong)
		return bad(err, text, wrong);
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
	bool ssh_port = address->ssh && (address->ssh_port[0] || !default_port);

	snprintf(buf, size, "%s%s%s%s%s%s%s%s%s%s%s%s", address->ssh ? SSH_SCHEME : "",
		address->user, address->user[0] ? "@" : "", colons ? "[" : "", address->host,
		colons ? "]" : "", ssh_port ? ":" : "", address->ssh_port, default_port ? "" : ":",
		default_port ? "" : address->port, address->busid[0] ? "/" : "", address->busid);
	return buf;
}

bool usbip_address_same_server(const struct usbip_address *a, const struct usbip_address *b)
{
	return a->ssh == b->ssh && strcmp(a->user, b->user) == 0 &&
		strcasecmp(a->host, b->host) == 0 && strcmp(a->ssh_port, b->ssh_port) == 0 &&
		strcmp(a->port, b->port) == 0;
}
