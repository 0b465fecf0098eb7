/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a camera's process in its sandbox has a command's own process do. */
#ifndef CMD_ERRANDS_H
#define CMD_ERRANDS_H

#include "cmd/command.h"
#include "cmd/grant.h"
#include "session/caller.h"

/*
 * One for each session_call(): what it may ask for follows from the call's options (grant.h), its key
 * and nothing else. What it may not is refused, and told on the call's err, once.
 */
struct errands {
	const struct call *call;
	const struct session_call *request; /* descriptors, working directory, key */
	struct grant grant;
	const char *hook, *on_lost;
	char *pattern, *journal; /* made here */
	bool told;
};

void errands_init(
	struct errands *errands, const struct call *call, const struct session_call *request);
void errands_free(struct errands *errands);
/* For session_call.errand, with the struct as its data. */
void errands_do(void *errands, const struct errand *errand, int reply);

/* Is the process of that camera, by -r or by --port, to be in a sandbox? ORC_EREFUSED where it must be, and cannot. */
int errands_sandbox(const struct call *call, const char *remote, const char *port,
	enum usbip_sandbox *sandbox, struct orc_error *err) must_check;

#endif
