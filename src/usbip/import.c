/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From an address to an imported device: found, asked for again while it is being reset. */
#include "usbip/import.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "usbip/ops.h"

#define AGAIN_MSEC 250
/* A server takes a connection on which nothing comes for longer for one that is lost. */
#define FRESH_NSEC NSEC_PER_SEC

struct search {
	const struct usbip_address *address; /* as asked for */
	const struct usbip_client_options *options;
	struct deadline deadline, patience; /* neither runs while a claim waits */
	struct usbip_address chosen;        /* with the busid */
	struct usbip_address peer;          /* the server in numbers; no host: not connected yet */
	uint32_t status;                    /* of the import, where the server refused it */
	bool again;                         /* the server may answer otherwise in a moment */
};

/*
 * Asks for the list and picks from it. The connection for the import is made meanwhile: a server
 * serves each of them for itself (usbipd forks for every one).
 */
static int choose(struct search *search, struct usbip_link *beside, struct orc_error *err)
{
	cleanup_free struct usbip_device_info *devices = NULL;
	struct usbip_link link;
	size_t count, index;
	int r;

	if (!search->options->choose)
		return orc_fail(err, ORC_EUSAGE, "the address names no device");
	r = usbip_link_connect(&link, search->address, search->deadline, err);
	if (r < 0)
		return r;
	usbip_link_peer(&link, &search->peer);
	r = usbip_ops_list(&link, beside, search->address, search->deadline, &devices, &count, err);
	usbip_link_close(&link);
	if (r == 0) {
		r = search->options->choose(devices, count, &index, err);
		search->again = r == ORC_ENOCAMERA;
	}
	if (r < 0) {
		usbip_link_close(beside);
		return r;
	}
	memcpy(search->chosen.busid, devices[index].busid, sizeof(search->chosen.busid));
	return 0;
}

static void put_off(struct deadline *deadline, nsec_t nsec)
{
	if (deadline->at_nsec < INT64_MAX - nsec)
		deadline->at_nsec += nsec;
}

static int connect_to(struct search *search, struct usbip_link *link, struct orc_error *err)
{
	return usbip_link_connect_from(
		link, &search->chosen, search->options->local_port, search->deadline, err);
}

static int claim(struct search *search, struct usbip_link *link, struct orc_error *err)
{
	const struct usbip_client_options *options = search->options;
	nsec_t begun = clock_now_nsec(), took;
	int r;

	if (!options->claim)
		return 0;
	if (!search->peer.host[0] && !usbip_link_peer(link, &search->peer))
		search->peer = search->chosen;
	memcpy(search->peer.busid, search->chosen.busid, sizeof(search->peer.busid));
	r = options->claim(options->claim_data, &search->peer, err);
	took = clock_now_nsec() - begun;
	put_off(&search->deadline, took);
	put_off(&search->patience, took);
	if (r < 0 || took < FRESH_NSEC)
		return r;
	usbip_link_close(link);
	return connect_to(search, link, err);
}

static int attempt(struct search *search, struct usbip_link *link, struct usbip_device_info *device,
	struct orc_error *err)
{
	char text[USBIP_ADDRESS_TEXT_SIZE];
	int r = 0;

	*link = USBIP_LINK_CLOSED;
	search->again = false;
	search->status = USBIP_ST_OK;
	search->chosen = *search->address;
	search->peer.host[0] = '\0';
	if (!search->chosen.busid[0])
		r = choose(search, link, err);
	if (r == 0 && link->fd < 0)
		r = connect_to(search, link, err);
	if (r == 0)
		r = claim(search, link, err);
	if (r < 0) {
		usbip_link_close(link);
		return r;
	}
	r = usbip_ops_import(
		link, search->chosen.busid, search->deadline, device, &search->status, err);
	if (r == 0)
		return 0;
	usbip_link_close(link);
	search->again = search->status != USBIP_ST_OK;
	orc_what(err, "cannot import %.150s",
		usbip_address_format(&search->chosen, text, sizeof(text)));
	return r;
}

static void not_shared(const char *busid, const struct usbip_device_info *devices, size_t count,
	struct orc_error *err)
{
	char list[120] = "";
	size_t len = 0;

	for (size_t i = 0; i < count && len < sizeof(list); i++)
		len += (size_t)snprintf(
			list + len, sizeof(list) - len, "%s%s", i ? ", " : "", devices[i].busid);
	orc_fail(err, ORC_ENOCAMERA, "the server shares no %s now", busid);
	if (count)
		orc_hint(err, "it shares %s", list);
	else
		orc_hint(err, "another client may have it, or it is not bound at the server");
}

/*
 * A refusal in better words. Old servers say no more than "no": a device that the list shows is in
 * use.
 */
static int explain(const struct search *search, int refusal, struct orc_error *err)
{
	cleanup_free struct usbip_device_info *devices = NULL;
	const char *busid = search->chosen.busid;
	struct orc_error told = { 0 };
	size_t count;

	if (search->status != USBIP_ST_NA && search->status != USBIP_ST_NODEV)
		return refusal;
	if (usbip_client_list(&search->chosen, search->deadline, &devices, &count, NULL) < 0)
		return refusal;
	if (!usbip_client_find(devices, count, busid)) {
		not_shared(busid, devices, count, &told);
	} else if (search->status == USBIP_ST_NA) {
		usbip_ops_refused(USBIP_ST_DEV_BUSY, &told);
	} else {
		return refusal;
	}
	if (err) {
		orc_what(&told, "%s", err->what);
		*err = told;
	}
	return (int)told.code;
}

static bool wait_a_moment(const struct search *search)
{
	struct deadline until = deadline_min(search->patience, deadline_after_msec(AGAIN_MSEC));

	if (search->options->pause)
		return search->options->pause(search->options->pause_data, until);
	clock_sleep_until(until);
	return true;
}

int usbip_import(struct usbip_link *link, struct usbip_device_info *device,
	const struct usbip_address *address, const struct usbip_client_options *options,
	struct deadline deadline, struct orc_error *err)
{
	struct search search = {
		.address = address,
		.options = options,
		.deadline = deadline,
		.patience = deadline_min(deadline, deadline_after_msec(options->patience_msec)),
	};
	int r;

	for (;;) {
		r = attempt(&search, link, device, err);
		if (r == 0 || !search.again || deadline_passed(search.patience))
			break;
		log_debug("usbip: the device is not to be had now, trying again");
		if (!wait_a_moment(&search))
			return orc_fail(err, ORC_ESIGNAL, "stopped");
	}
	return r < 0 ? explain(&search, r, err) : 0;
}
