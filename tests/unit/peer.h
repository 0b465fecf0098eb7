/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A scripted USB/IP server for one client: what a test says, when it says it. */
#ifndef TESTS_PEER_H
#define TESTS_PEER_H

#include <pthread.h>

#include "usbip/address.h"
#include "usbip/codec.h"

/*
 * The script runs in a thread of its own, once the client is connected. Assertions of cmocka
 * belong to the test's thread: a script records its complaint instead, and peer_join() gives it
 * back. Every wait ends after 5 s.
 */
struct peer {
	struct usbip_address address; /* where the client has to go */
	void (*script)(struct peer *peer);
	void *data;
	int fd, listen_fd, gate[2];
	pthread_t thread;
	unsigned int drained; /* requests that peer_drain() has read, cancels apart */
	char complaint[160];  /* the first thing that was not as the script expected */
};

void peer_start(struct peer *peer, void (*script)(struct peer *peer), void *data);
/* Waits for the script's end; NULL, or what it complained of. */
const char *peer_join(struct peer *peer);
/* The test lets the script go on; the script waits for that. */
void peer_open_gate(struct peer *peer);
void peer_wait_gate(struct peer *peer);

void peer_complain(struct peer *peer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void peer_check(struct peer *peer, bool right, const char *what);
void peer_read(struct peer *peer, void *buf, size_t len);
void peer_write(struct peer *peer, const void *buf, size_t len);
/* Takes the client's next connection; the one before stays open, and is returned. */
int peer_next_connection(struct peer *peer);
/* Reads a request for the list; and answers one. */
void peer_expect_list(struct peer *peer);
void peer_answer_list(struct peer *peer, const struct usbip_device_info *devices, uint32_t count);
/* Reads an import request and answers it. */
void peer_accept_import(struct peer *peer, uint32_t status);
/* The next request, with up to size bytes of its payload in buf. */
struct usbip_header peer_next(struct peer *peer, void *buf, size_t size);
/* The next request is to be this one; gives its seqnum. */
uint32_t peer_expect_submit(struct peer *peer, uint8_t ep, uint32_t len);
uint32_t peer_expect_unlink(struct peer *peer, uint32_t target);
/* Answers; `actual` bytes of data follow where data is not NULL. */
void peer_reply(
	struct peer *peer, uint32_t seqnum, int32_t status, const void *data, uint32_t actual);
void peer_reply_unlink(struct peer *peer, uint32_t seqnum, int32_t status);
/* Reads until the client closes the connection, answering every cancel. */
void peer_drain(struct peer *peer);

#endif
