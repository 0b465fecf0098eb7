/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Servers on the network that announce themselves by multicast DNS, on Avahi's core library. */
#include "usbip/discover.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <avahi-common/error.h>
#include <avahi-common/simple-watch.h>
#include <avahi-core/core.h>
#include <avahi-core/log.h>
#include <avahi-core/lookup.h>

#include "base/log.h"
#include "usbip/heard.h"
#include "usbip/resolve.h"

#define TYPE   "_usbip._tcp"
#define DOMAIN "local"

enum {
	SLICE_MSEC = 50,
	MAX_NAME_LEN = 40,
	RESOLVE_MSEC = 300, /* for all names together */
	MAX_ANNOUNCED = 64, /* a server counts once for each interface and protocol */
	MAX_CACHED = 1024,  /* records; a network of printers and televisions has hundreds */
};

struct search;

/* One announcement, of which host, port and address are asked for. */
struct announced {
	struct search *search;
	bool answered;
};

struct search {
	AvahiServer *server;
	struct heard heard;
	struct announced announced[MAX_ANNOUNCED];
	size_t announced_count, answered_count;
};

static bool make_address(
	const AvahiAddress *from, AvahiIfIndex interface, struct sockaddr_storage *address)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };

	memset(address, 0, sizeof(*address));
	if (from->proto == AVAHI_PROTO_INET) {
		four.sin_addr.s_addr = from->data.ipv4.address;
		memcpy(address, &four, sizeof(four));
		return true;
	}
	if (from->proto != AVAHI_PROTO_INET6)
		return false;
	memcpy(&six.sin6_addr, from->data.ipv6.address, sizeof(six.sin6_addr));
	if (IN6_IS_ADDR_LINKLOCAL(&six.sin6_addr) && interface > 0)
		six.sin6_scope_id = (uint32_t)interface;
	memcpy(address, &six, sizeof(six));
	return true;
}

/* Called again whenever something of it changes. */
static void take_answer(AvahiSServiceResolver *resolver, AvahiIfIndex interface,
	AvahiProtocol protocol, AvahiResolverEvent event, const char *name, const char *type,
	const char *domain, const char *host, const AvahiAddress *address, uint16_t port,
	AvahiStringList *txt, AvahiLookupResultFlags flags, void *data)
{
	struct announced *announced = data;
	struct search *search = announced->search;
	struct sockaddr_storage own;

	(void)resolver;
	(void)protocol;
	(void)name;
	(void)type;
	(void)domain;
	(void)txt;
	(void)flags;
	/* The other family may have nothing to tell. */
	if (!announced->answered)
		search->answered_count++;
	announced->answered = true;
	if (event != AVAHI_RESOLVER_FOUND || !host || !address)
		return;
	if (make_address(address, interface, &own) && !heard_add(&search->heard, host, port, &own))
		log_debug("mdns: an announcement of no use");
}

static void take_service(AvahiSServiceBrowser *browser, AvahiIfIndex interface,
	AvahiProtocol protocol, AvahiBrowserEvent event, const char *name, const char *type,
	const char *domain, AvahiLookupResultFlags flags, void *data)
{
	static const AvahiProtocol families[] = { AVAHI_PROTO_INET, AVAHI_PROTO_INET6 };
	struct search *search = data;
	struct announced *announced;
	size_t resolvers = 0, i;

	(void)browser;
	(void)flags;
	/* The name that an announcement points to may be anything, and of another type. */
	if (event != AVAHI_BROWSER_NEW || !name || strcasecmp(type, TYPE) != 0 ||
		strcasecmp(domain, DOMAIN) != 0 || search->announced_count == MAX_ANNOUNCED)
		return;
	announced = &search->announced[search->announced_count];
	announced->search = search;
	/* A resolver tells one address, of whichever family it is asked for. */
	for (i = 0; i < ARRAY_LENGTH(families); i++)
		/* What umdns has in its answer is all that it has to say: it does not answer for TXT. */
		resolvers += avahi_s_service_resolver_new(search->server, interface, protocol, name,
				     type, domain, families[i],
				     AVAHI_LOOKUP_USE_MULTICAST | AVAHI_LOOKUP_NO_TXT, take_answer,
				     announced) != NULL;
	if (resolvers > 0)
		search->announced_count++;
}

static void take_type(AvahiSServiceTypeBrowser *browser, AvahiIfIndex interface,
	AvahiProtocol protocol, AvahiBrowserEvent event, const char *type, const char *domain,
	AvahiLookupResultFlags flags, void *data)
{
	(void)browser;
	(void)interface;
	(void)protocol;
	(void)event;
	(void)type;
	(void)domain;
	(void)flags;
	(void)data;
}

static void take_state(AvahiServer *server, AvahiServerState state, void *data)
{
	(void)server;
	(void)state;
	(void)data;
}

/* What the library says may have somebody else's bytes in it. */
static void take_log(AvahiLogLevel level, const char *text)
{
	char line[256];
	size_t i;

	(void)level;
	for (i = 0; text[i] && i < sizeof(line) - 1; i++)
		line[i] = (char)(text[i] < ' ' || text[i] > '~' ? '?' : text[i]);
	line[i] = '\0';
	log_debug("mdns: %s", line);
}

static AvahiServer *start_server(const AvahiPoll *poll)
{
	AvahiServerConfig config;
	AvahiServer *server;
	int error = 0;

	avahi_server_config_init(&config);
	config.disable_publishing = 1;
	config.publish_addresses = config.publish_hinfo = 0;
	config.publish_workstation = config.publish_domain = 0;
	config.enable_wide_area = 0;
	config.use_ipv4 = config.use_ipv6 = 1;
	config.n_cache_entries_max = MAX_CACHED;
	server = avahi_server_new(poll, &config, take_state, NULL, &error);
	avahi_server_config_free(&config);
	if (!server)
		log_debug("mdns: %s", avahi_strerror(error));
	return server;
}

/*
 * Two questions. umdns leaves the second unanswered when it has answered it, whoever asked, within
 * a minute; the first makes it forget that (its service.c: service_timeout(),
 * service_announce_services()). Both go in one packet, in this order.
 */
static bool ask(struct search *search)
{
	return avahi_s_service_type_browser_new(search->server, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC,
		       DOMAIN, AVAHI_LOOKUP_USE_MULTICAST, take_type, NULL) &&
		avahi_s_service_browser_new(search->server, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC,
			TYPE, DOMAIN, AVAHI_LOOKUP_USE_MULTICAST, take_service, search);
}

/*
 * Who is yet to speak is not known: the time is taken, whatever was heard. It is the time that we listened; a
 * process that had no processor for a while has what was said meanwhile still to read.
 */
static int wait_for_answers(
	struct search *search, AvahiSimplePoll *poll, bool (*cancelled)(void *data), void *data)
{
	const nsec_t slice = SLICE_MSEC * NSEC_PER_MSEC;
	nsec_t listened = 0, before, took;

	while (listened < DISCOVER_MSEC * NSEC_PER_MSEC ||
		(search->answered_count < search->announced_count &&
			listened < DISCOVER_MAX_MSEC * NSEC_PER_MSEC)) {
		if (cancelled && cancelled(data))
			return ORC_ESIGNAL;
		before = clock_now_nsec();
		if (avahi_simple_poll_iterate(poll, SLICE_MSEC) != 0)
			break;
		took = clock_now_nsec() - before;
		listened += took < 2 * slice ? took : 2 * slice;
	}
	return 0;
}

static int browse(struct search *search, bool (*cancelled)(void *data), void *data)
{
	AvahiSimplePoll *poll = avahi_simple_poll_new();
	int ret = 0;

	if (!poll)
		return 0;
	avahi_set_log_function(take_log);
	search->server = start_server(avahi_simple_poll_get(poll));
	if (search->server && ask(search))
		ret = wait_for_answers(search, poll, cancelled, data);
	/* All that asks goes with it. */
	if (search->server)
		avahi_server_free(search->server);
	avahi_simple_poll_free(poll);
	return ret;
}

/* Does the system's resolver lead to the same machine by that name? No other name is asked for. */
static bool is_known_name(const struct heard_server *server, struct deadline deadline)
{
	size_t len = strlen(server->host), suffix = strlen("." DOMAIN);
	struct usbip_address address = { .port = USBIP_PORT };
	struct addrinfo *list, *p;
	bool known = false;

	/* A long one is no easier to type than a number, and does not fit wherever an address has to. */
	if (len <= suffix || len > MAX_NAME_LEN ||
		strcasecmp(server->host + len - suffix, "." DOMAIN) != 0)
		return false;
	memcpy(address.host, server->host, len + 1);
	if (usbip_resolve(&address, deadline, &list, NULL) < 0)
		return false;
	for (p = list; p; p = p->ai_next)
		known = known || heard_has(server, p->ai_addr);
	freeaddrinfo(list);
	return known;
}

static size_t call_all(const struct heard *heard, struct usbip_found *found)
{
	struct deadline deadline = deadline_after_msec(RESOLVE_MSEC);
	size_t count = 0;

	for (size_t i = 0; i < heard->count; i++)
		if (heard_call(&heard->servers[i], is_known_name(&heard->servers[i], deadline),
			    &found[count]))
			count++;
	return count;
}

const char *usbip_discover_library(void)
{
	return "avahi " AVAHI_VERSION;
}

int usbip_discover(bool (*cancelled)(void *data), void *data, struct usbip_found **found,
	size_t *count, struct orc_error *err)
{
	cleanup_free struct search *search = calloc(1, sizeof(*search));

	*count = 0;
	*found = calloc(DISCOVER_MAX_SERVERS, sizeof(**found));
	if (!search || !*found) {
		free(*found);
		*found = NULL;
		return orc_fail(err, ORC_ENOMEM, "out of memory");
	}
	if (browse(search, cancelled, data) < 0) {
		free(*found);
		*found = NULL;
		return orc_fail(err, ORC_ESIGNAL, "stopped");
	}
	*count = call_all(&search->heard, *found);
	return 0;
}
