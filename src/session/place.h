/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where an owner and its callers meet: a folder of the user's with a lock and a socket a camera. */
#ifndef SESSION_PLACE_H
#define SESSION_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

/*
 * The folder is opencamrc/ in $XDG_RUNTIME_DIR, else in /run/user/UID where that is the user's, else
 * /tmp/opencamrc-UID; of mode 0700, and refused where it is another's. Callers look in all of
 * them, for cron has no XDG_RUNTIME_DIR. A camera's key is its port as libgphoto2 would name it
 * ("usbip:192.168.1.1/1-1", "usb:001,004"); there is a lock and a socket for each key, and links
 * for other names of the same camera ("usbip:router"). Locks are the kernel's: they end with the
 * process.
 */

/* Longer than any key that libgphoto2 takes for a port. */
#define PLACE_KEY_SIZE 420

/* A camera's seat: held by one owner. Zero-initialise with PLACE_SEAT_INIT. */
struct place_seat {
	int folder; /* descriptor of the folder; -1: not taken */
	int lock;
	int listener; /* the socket that listens; -1: none, or a service manager listens in our place */
	char key[PLACE_KEY_SIZE];
};
#define PLACE_SEAT_INIT ((struct place_seat){ .folder = -1, .lock = -1, .listener = -1 })

/*
 * Takes the seat of a key and listens on its socket. ORC_EBUSY: another process has it; ORC_EFILE:
 * the folder cannot be used.
 */
int place_take(struct place_seat *seat, const char *key, struct orc_error *err) must_check;
/* Makes the camera known by another name as well; a name that has a seat of its own is left. */
void place_link(const struct place_seat *seat, const char *name);
/* Nobody is let in any more: the socket and the links to it go. The lock stays. */
void place_shut(struct place_seat *seat);
/* Gives the lock back as well. */
void place_leave(struct place_seat *seat);

/*
 * Connects to the owner of a key or a name, and waits for nothing: the descriptor, or ORC_EAGAIN where there
 * is no owner, ORC_EBUSY where one lets nobody in just now, or ORC_EREFUSED where the process at the other
 * end is not this user's.
 */
int place_connect(const char *key, struct orc_error *err) must_check;
/* Is there an owner of that key or name, who answers or may yet? */
bool place_is_held(const char *key);
/*
 * Is there an owner with a key or a name that `meant` says yes to? One that is too long for a file's name
 * is cut short and has a "~" in it. Not for a process in a sandbox.
 */
bool place_is_any_held(bool (*meant)(void *data, const char *key), void *data);
/* For a process in a sandbox, which connects to nothing: from now on `asker` answers that. */
void place_ask_by(bool (*asker)(const char *key));
/* Each of the folders that there are, by a descriptor that is closed afterwards; the first one is made. */
void place_each_folder(void (*each)(void *data, int folder), void *data);
/* Is the process at the other end of this user? Its number in *pid. */
bool place_is_own(int fd, pid_t *pid);

#endif
