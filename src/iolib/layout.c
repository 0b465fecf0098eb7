/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A configuration descriptor: where the camera's interface and its endpoints are. */
#include "iolib/layout.h"

#include "base/bytes.h"

enum {
	TYPE_CONFIG = 2,
	TYPE_INTERFACE = 4,
	TYPE_ENDPOINT = 5,
	SIZE_CONFIG = 9,
	SIZE_INTERFACE = 9,
	SIZE_ENDPOINT = 7,
	TRANSFER_BULK = 2,
	TRANSFER_INTERRUPT = 3,
};

/* How much an interface looks like a camera's; the first of the best wins. */
static int rank(const struct layout *layout)
{
	if (layout->class == 6 && layout->subclass == 1 && layout->protocol == 1)
		return 3;
	return layout->inep >= 0 && layout->outep >= 0 ? 2 : 1;
}

static void begin_interface(struct layout *layout, int config, const uint8_t *p)
{
	*layout = (struct layout){
		.config = config,
		.interface = p[2],
		.altsetting = p[3],
		.class = p[5],
		.subclass = p[6],
		.protocol = p[7],
		.inep = -1,
		.outep = -1,
		.intep = -1,
	};
}

static void add_endpoint(struct layout *layout, const uint8_t *p)
{
	bool in = p[2] & 0x80;
	int type = p[3] & 3;
	uint16_t maxpacket = get_le16(p + 4);

	if (type == TRANSFER_BULK && in && layout->inep < 0) {
		layout->inep = p[2];
		layout->in_maxpacket = maxpacket;
	} else if (type == TRANSFER_BULK && !in && layout->outep < 0) {
		layout->outep = p[2];
		layout->out_maxpacket = maxpacket;
	} else if (type == TRANSFER_INTERRUPT && in && layout->intep < 0) {
		layout->intep = p[2];
		layout->int_maxpacket = maxpacket;
	}
}

int layout_parse(struct layout *layout, const uint8_t *descriptor, size_t len)
{
	struct layout current;
	bool in_interface = false, found = false;
	int config;

	if (len < SIZE_CONFIG || descriptor[1] != TYPE_CONFIG)
		return ORC_EPROTO;
	config = descriptor[5];
	for (size_t at = descriptor[0], size; at + 2 <= len; at += size) {
		const uint8_t *p = descriptor + at;

		size = p[0];
		if (size < 2 || size > len - at)
			return ORC_EPROTO;
		if (p[1] == TYPE_INTERFACE && size >= SIZE_INTERFACE) {
			if (in_interface && (!found || rank(&current) > rank(layout))) {
				*layout = current;
				found = true;
			}
			begin_interface(&current, config, p);
			in_interface = true;
		} else if (p[1] == TYPE_ENDPOINT && size >= SIZE_ENDPOINT && in_interface) {
			add_endpoint(&current, p);
		}
	}
	if (!in_interface)
		return ORC_EPROTO;
	if (!found || rank(&current) > rank(layout))
		*layout = current;
	return 0;
}

bool layout_has_class(const struct layout *layout, int class, int subclass, int protocol)
{
	return layout->class == class && (subclass == -1 || layout->subclass == subclass) &&
		(protocol == -1 || layout->protocol == protocol);
}
