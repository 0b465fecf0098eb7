/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cameras of servers that announce themselves on the network. */
#include "camera/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "iolib/known.h"
#include "usbip/discover.h"

static bool ask_cancelled(void *data)
{
	return camera_cancelled(data);
}

/* Nothing says which server is meant. */
static bool is_open(const struct camera *camera, const struct usbip_config *config)
{
	const struct camera_address *address = &camera->options.address;

	return !address->remote && !address->port && config->remote_count == 0 &&
		!config->local_only;
}

int network_look(struct servers *servers, bool *looked, struct camera *camera,
	const struct usbip_config *config, struct orc_error *err)
{
	cleanup_free struct usbip_found *found = NULL;
	size_t count, i;
	int ret;

	*looked = usbip_discover_library() && is_open(camera, config);
	if (!*looked)
		return 0;
	ret = usbip_discover(ask_cancelled, camera, &found, &count, err);
	if (ret < 0)
		return ret;
	servers_init(servers, count);
	for (i = 0; i < count; i++) {
		servers->questions[i].server = found[i].server;
		log_debug("mdns: %s:%s, which calls itself %s", found[i].server.host,
			found[i].server.port, found[i].name);
	}
	return 0;
}

int network_fail(const struct server_question *q, struct orc_error *err)
{
	if (err)
		*err = q->err;
	/* Who announces a server that is closed to the network has ssh in mind. */
	orc_hint(err, "it may be open to ssh alone: -r ssh://%.100s", q->server.host);
	return ORC_ENOCAMERA;
}

/* The cameras that the servers share. */
struct choice {
	struct usbip_address only; /* the last of them */
	size_t count;
	char names[160]; /* all of them, as far as there is room */
};

static void add_camera(struct choice *choice, const struct usbip_address *server, const char *busid)
{
	static const char more[] = ", …";
	char text[USBIP_ADDRESS_TEXT_SIZE], item[USBIP_ADDRESS_TEXT_SIZE + 8];
	size_t used = strlen(choice->names), len;

	choice->only = *server;
	snprintf(choice->only.busid, sizeof(choice->only.busid), "%s", busid);
	choice->count++;
	usbip_address_format(&choice->only, text, sizeof(text));
	len = (size_t)snprintf(item, sizeof(item), "%s-r %s", used ? ", " : "", text);
	/* An address is there as a whole, or not at all. */
	if (used + len + sizeof(more) <= sizeof(choice->names))
		memcpy(choice->names + used, item, len + 1);
	else if (!strstr(choice->names, more))
		memcpy(choice->names + used, more, sizeof(more));
}

static void ask_all(struct servers *servers, struct choice *choice)
{
	char line[512];
	size_t i, j;

	servers_ask(servers, 0);
	for (i = 0; i < servers->count; i++) {
		struct server_question *q = &servers->questions[i];

		if (server_answer(q) < 0)
			log_debug("mdns: %s", orc_error_line(&q->err, line, sizeof(line)));
		for (j = 0; j < q->count; j++)
			if (known_camera(&q->devices[j]))
				add_camera(choice, &q->server, q->devices[j].busid);
	}
}

static int choose(const struct servers *servers, const struct choice *choice,
	struct usbip_address *server, struct orc_error *err)
{
	char text[USBIP_ADDRESS_TEXT_SIZE];

	if (choice->count > 1) {
		orc_fail(err, ORC_EUSAGE, "%zu cameras were found", choice->count);
		return orc_hint(err, "name one: %s", choice->names);
	}
	if (choice->count == 1) {
		*server = choice->only;
		log_info("found on the network: -r %s",
			usbip_address_format(server, text, sizeof(text)));
		return 0;
	}
	if (servers->count == 1 && servers->questions[0].result < 0)
		return network_fail(&servers->questions[0], err);
	/* The only server says best itself what is wrong with it. */
	if (servers->count == 1) {
		*server = servers->questions[0].server;
		return 0;
	}
	if (servers->count > 1) {
		orc_fail(err, ORC_ENOCAMERA,
			"there is none here, and none on %zu servers that were found",
			servers->count);
		return orc_hint(err, "opencamrc list names them");
	}
	orc_fail(err, ORC_ENOCAMERA, "there is none here, and no server announces itself");
	return orc_hint(err, "name its server with -r");
}

int network_find(struct camera *camera, struct usbip_address *server, struct orc_error *err)
{
	struct usbip_config config = { 0 };
	struct servers servers = { 0 };
	struct choice choice = { 0 };
	bool looked;
	int ret;

	ret = usbip_config_load(&config, NULL, err);
	if (ret < 0)
		return ret;
	ret = network_look(&servers, &looked, camera, &config, err);
	if (ret == 0 && looked) {
		ask_all(&servers, &choice);
		ret = choose(&servers, &choice, server, err);
	} else if (ret == 0) {
		ret = ORC_ENOCAMERA;
		if (!usbip_discover_library() && is_open(camera, &config))
			orc_hint(err,
				"name its server with -r: built without mDNS, none is looked for");
	}
	servers_free(&servers);
	usbip_config_free(&config);
	return ret;
}
