/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The events of a Nikon body: kept until GetEvent fetches them. */
#include "simcam/dataset.h"
#include "simcam/nikon.h"

/* Without a session nobody is told; a host that never asks loses the newest. */
void nikon_tell(struct sim_camera *camera, uint16_t code, uint32_t param)
{
	struct nikon *nikon = nikon_of(camera);

	if (!camera->ptp.session || nikon->num_events == NIKON_EVENTS_MAX)
		return;
	nikon->events[nikon->num_events++] = (struct nikon_told){ code, param };
}

/* A count, then code and parameter of each. */
enum ptp_response nikon_get_event(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct nikon *nikon = nikon_of(camera);

	sim_buffer_u16(&t->data, (uint16_t)nikon->num_events);
	for (size_t i = 0; i < nikon->num_events; i++) {
		sim_buffer_u16(&t->data, nikon->events[i].code);
		sim_buffer_u32(&t->data, nikon->events[i].param);
	}
	nikon->num_events = 0;
	return PTP_OK;
}
