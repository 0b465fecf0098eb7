/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host without a wire: URBs straight into a simulated camera, for the unit tests. */
#ifndef TESTS_SIM_HOST_H
#define TESTS_SIM_HOST_H

#include "simcam/camera.h"

struct host {
	struct sim_options options;
	struct sim_camera *camera;
	char card[64]; /* a temporary folder */
	uint32_t next_id;
	struct sim_buffer data; /* of the last transaction */
	uint32_t reply[5];
	size_t num_reply;
};

/* A camera at a hundred times its speed, plugged in and configured; asserts on failure. NULL: an EOS. */
void host_start(struct host *host, const char *body);
void host_stop(struct host *host);
/* Switches the camera off and on again, with the same card. */
void host_restart(struct host *host);

/* Lets the camera go on until something happens in it. */
void host_go_on(struct host *host, struct deadline end);

/* One bulk OUT or IN transfer, waited for at most 5 s: enum usbip_status; *len is what came. */
int32_t host_out(struct host *host, const void *data, size_t len);
int32_t host_in(struct host *host, void *data, size_t room, size_t *len);
/* The same of the interrupt pipe. */
int32_t host_interrupt(struct host *host, void *data, size_t room, size_t *len);
/* An IN transfer that is left posted: true when it completed at once. */
bool host_post_in(struct host *host, size_t room);
/* A control transfer; negative: stalled. */
int host_control(struct host *host, uint8_t type, uint8_t request, uint16_t value, uint16_t index,
	void *data, uint16_t len);
void host_clear_halts(struct host *host);

/* A command container, as it is. */
int32_t host_command(
	struct host *host, uint16_t code, uint32_t id, size_t count, const uint32_t *params);
/* Reads containers up to the response: its code, 0 when the pipe stalled. */
uint16_t host_response(struct host *host);
/* A whole transaction with the next id: the response's code. */
uint16_t host_do(struct host *host, uint16_t code, size_t count, const uint32_t *params);
uint16_t host_send(struct host *host, uint16_t code, size_t count, const uint32_t *params,
	const void *data, size_t len);
#define DO(host, code, ...)                                                                        \
	host_do(host, code, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4, (uint32_t[]){ __VA_ARGS__ })

void host_open_session(struct host *host);
/* The same, then what an EOS wants: SetRemoteMode, SetEventMode. */
void host_open(struct host *host);
uint16_t host_set(struct host *host, uint32_t property, uint32_t value);
/* GetEvent until the record comes, at most 5 s: its body, or NULL. Records before it are dropped. */
const uint8_t *host_event(struct host *host, uint32_t event, uint32_t first_word, uint32_t *len);

#endif
