/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A camera that is held for several commands, each of which has it in turn. */
#include "session/held.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "session/place.h"
#include "session/turn.h"
#include "usbip/address.h"

#define AGAIN_MSEC 20
/* Who waits longer is told so. */
#define MOMENT_MSEC 1000
/* Between the commands of a script there is less, and a question would cost it a round trip. */
#define TRUST_NSEC (100 * NSEC_PER_MSEC)
/* A body falls asleep, and a link breaks, unseen where nobody asks. */
#define LOOK_NSEC (2 * NSEC_PER_SEC)
/* Callers are not heard meanwhile, and three seconds without an answer are those of a process that was stopped. */
#define LOOK_ANSWER_MSEC 2500

struct held {
	struct turn turn; /* guards all but `listener` */
	struct camera *camera;
	bool lost;       /* to be closed before it is used again */
	unsigned midway; /* users that are in the middle of something, and let others in */
	nsec_t used_nsec;
	int64_t opener_msec; /* --timeout of who opened it: in between commands, and at the end */
	struct place_seat seat;
	char **names;
	size_t name_count;
	char server[PLACE_KEY_SIZE]; /* "usbip:HOST" of the camera that was opened last; or empty */
	char elsewhere[PLACE_KEY_SIZE];     /* the key under which another process has it */
	const struct held_request *request; /* whose the claim is */
	int listener;                       /* as the seat's; read by the owner's thread, atomic */
};

/* Without memory for it, callers that use this name find the camera by asking it. */
static void add_name(struct held *held, const char *name)
{
	cleanup_free char *copy = NULL;
	char **names;
	size_t i;

	for (i = 0; i < held->name_count; i++)
		if (strcmp(held->names[i], name) == 0)
			return;
	copy = strdup(name);
	names = copy ? realloc(held->names, (held->name_count + 1) * sizeof(char *)) : NULL;
	if (!names)
		return;
	held->names = names;
	held->names[held->name_count++] = steal_pointer(&copy);
	place_link(&held->seat, name);
}

struct held *held_new(const char *key)
{
	struct held *held = orc_must(calloc(1, sizeof(*held)));

	turn_init(&held->turn);
	held->seat = PLACE_SEAT_INIT;
	held->listener = -1;
	add_name(held, key);
	return held;
}

static void shut(struct held *held)
{
	__atomic_store_n(&held->listener, -1, __ATOMIC_RELEASE);
	place_shut(&held->seat);
}

void held_destroy(struct held *held)
{
	size_t i;

	if (!held)
		return;
	shut(held);
	camera_close(held->camera);
	place_leave(&held->seat);
	for (i = 0; i < held->name_count; i++)
		free(held->names[i]);
	free(held->names);
	turn_free(&held->turn);
	free(held);
}

int held_listener(const struct held *held)
{
	return __atomic_load_n(&held->listener, __ATOMIC_ACQUIRE);
}

static int fail_busy(struct orc_error *err)
{
	orc_what(err, "the camera is busy");
	return orc_hint(err, "--wait says how long to wait for it");
}

/* Another process has the seat: either it can be asked, or it is about to leave. */
static bool is_asked_elsewhere(struct held *held, const char *key)
{
	if (!place_is_held(key))
		return false;
	snprintf(held->elsewhere, sizeof(held->elsewhere), "%s", key);
	return true;
}

static void remember_server(struct held *held, const char *name)
{
	const char *slash = strrchr(name, '/');

	held->server[0] = '\0';
	if (slash && usbip_port_address(name))
		snprintf(held->server, sizeof(held->server), "%.*s", (int)(slash - name), name);
}

/* An owner that is about to leave closes its camera first, which one that hangs makes last. */
static int take_seat(struct held *held, const char *key, struct orc_error *err)
{
	const struct held_request *request = held->request;
	int ret;

	for (;;) {
		ret = place_take(&held->seat, key, err);
		if (ret != ORC_EBUSY || is_asked_elsewhere(held, key))
			return ret;
		if (request->options.cancelled(request->options.cancelled_data))
			return orc_fail(err, ORC_ESIGNAL, "stopped");
		if (deadline_passed(request->deadline))
			return fail_busy(err);
		clock_sleep_until(deadline_after_msec(AGAIN_MSEC));
	}
}

/* What the camera room asks when it knows which camera it is, before it touches it. */
static int claim(void *data, const char *key, const char *name, struct orc_error *err)
{
	struct held *held = data;
	size_t i;
	int ret;

	if (held->seat.lock >= 0 && strcmp(held->seat.key, key) == 0)
		return 0;
	/* The camera has moved: to another bus id, or another server. */
	shut(held);
	place_leave(&held->seat);
	ret = take_seat(held, key, err);
	if (ret < 0)
		return ret;
	remember_server(held, name);
	add_name(held, name);
	for (i = 0; i < held->name_count; i++)
		place_link(&held->seat, held->names[i]);
	__atomic_store_n(&held->listener, held->seat.listener, __ATOMIC_RELEASE);
	return 0;
}

/* In the middle of a long operation: others may come first. False: the camera is no more. */
static bool between(void *data)
{
	struct held *held = data;

	if (!turn_is_wanted(&held->turn))
		return true;
	held->midway++;
	turn_give(&held->turn);
	if (turn_take(&held->turn, NULL, NULL, deadline_never()) < 0)
		abort();
	held->midway--;
	return !held->lost;
}

static int fail_turn(int ret, struct orc_error *err)
{
	if (ret == ORC_ESIGNAL)
		return orc_fail(err, ORC_ESIGNAL, "stopped");
	orc_fail(err, ORC_EBUSY, "another opencamrc command is using it");
	return fail_busy(err);
}

/* A camera that is lost is closed once nobody is in the middle of something with it. */
static bool close_lost(struct held *held)
{
	if (!held->lost)
		return true;
	if (held->midway > 0)
		return false;
	camera_close(steal_pointer(&held->camera));
	held->lost = false;
	return true;
}

/* 0, ORC_ESIGNAL or ORC_ETIMEOUT; who waits is told that he does. */
static int take_turn(struct held *held, const struct held_request *request)
{
	const struct camera_options *options = &request->options;
	struct deadline moment = deadline_after_msec(MOMENT_MSEC);
	int ret = ORC_ETIMEOUT;

	if (request->waiting) {
		ret = turn_take(&held->turn, options->cancelled, options->cancelled_data,
			deadline_min(request->deadline, moment));
		if (ret != ORC_ETIMEOUT || deadline_passed(request->deadline))
			return ret;
		request->waiting(request->waiting_data);
	}
	return turn_take(
		&held->turn, options->cancelled, options->cancelled_data, request->deadline);
}

static int wait_turn(struct held *held, const struct held_request *request)
{
	int ret;

	for (;;) {
		ret = take_turn(held, request);
		if (ret < 0 || close_lost(held))
			return ret;
		turn_give(&held->turn);
		clock_sleep_until(deadline_after_msec(AGAIN_MSEC));
	}
}

/* What nobody has used for a while may be gone: a command is not to be the one that finds it out. */
static void check_camera(struct held *held, const struct camera_options *options)
{
	if (!held->camera || clock_now_nsec() - held->used_nsec < TRUST_NSEC)
		return;
	camera_set_options(held->camera, options);
	if (camera_is_there(held->camera) == 0 || options->cancelled(options->cancelled_data))
		return;
	log_debug("session: the camera was gone, and is opened anew");
	camera_close(steal_pointer(&held->camera));
}

static void set_nobody(struct held *held)
{
	const struct camera_options nobody = { .timeout_msec = held->opener_msec };

	camera_set_options(held->camera, &nobody);
}

int held_take(struct held *held, const struct held_request *request, struct camera **camera,
	char elsewhere[PLACE_KEY_SIZE], struct orc_error *err)
{
	struct camera_options own = request->options;
	int ret;

	elsewhere[0] = '\0';
	ret = wait_turn(held, request);
	if (ret < 0)
		return fail_turn(ret, err);
	add_name(held, request->name);
	held->elsewhere[0] = '\0';
	own.claim = claim;
	own.claim_data = held;
	own.between = between;
	own.between_data = held;
	held->request = request;
	if (request->first && held->midway == 0)
		check_camera(held, &own);
	/* A command goes on where it began, whatever else is plugged in or announced by now. */
	if (!request->first && !own.address.remote && !own.address.port && held->server[0])
		own.address.port = held->server;
	if (held->camera) {
		camera_set_options(held->camera, &own);
	} else {
		held->opener_msec = own.timeout_msec;
		ret = camera_open(&held->camera, &own, err);
	}
	if (ret < 0) {
		held->camera = NULL;
		memcpy(elsewhere, held->elsewhere, PLACE_KEY_SIZE);
		turn_give(&held->turn);
		return ret;
	}
	*camera = held->camera;
	return 0;
}

/* It is known which camera it is: that is all. */
static int find_holder(void *data, const char *key, const char *name, struct orc_error *err)
{
	struct held *held = data;

	(void)name;
	is_asked_elsewhere(held, key);
	return orc_fail(err, ORC_EAGAIN, "that was the question");
}

int held_seek(struct held *held, const struct held_request *request, char elsewhere[PLACE_KEY_SIZE],
	struct orc_error *err)
{
	struct camera_options own = request->options;
	struct camera *camera = NULL;
	int ret;

	elsewhere[0] = '\0';
	ret = wait_turn(held, request);
	if (ret < 0)
		return fail_turn(ret, err);
	held->elsewhere[0] = '\0';
	own.claim = find_holder;
	own.claim_data = held;
	ret = camera_open(&camera, &own, err);
	if (ret == 0)
		camera_close(camera);
	memcpy(elsewhere, held->elsewhere, PLACE_KEY_SIZE);
	turn_give(&held->turn);
	return ret == ORC_EAGAIN ? 0 : ret;
}

struct camera *held_take_open(struct held *held)
{
	if (turn_take(&held->turn, NULL, NULL, deadline_never()) < 0)
		abort();
	if (!held->camera || held->lost || camera_is_broken(held->camera)) {
		turn_give(&held->turn);
		return NULL;
	}
	set_nobody(held);
	return held->camera;
}

void held_give(struct held *held)
{
	held->used_nsec = clock_now_nsec();
	if (camera_is_broken(held->camera))
		held->lost = true;
	set_nobody(held);
	turn_give(&held->turn);
}

void held_give_lost(struct held *held)
{
	held->lost = true;
	held_give(held);
}

bool held_is_wanted(struct held *held)
{
	return turn_is_wanted(&held->turn);
}

static bool is_there(struct held *held)
{
	const bool short_enough = held->opener_msec > 0 && held->opener_msec < LOOK_ANSWER_MSEC;
	const struct camera_options look = { .timeout_msec = short_enough ? held->opener_msec
									  : LOOK_ANSWER_MSEC };
	int ret;

	camera_set_options(held->camera, &look);
	ret = camera_is_there(held->camera);
	set_nobody(held);
	return ret == 0;
}

void held_look_after(struct held *held)
{
	/* Whoever is using it sees for himself. */
	if (turn_take(&held->turn, NULL, NULL, deadline_after_msec(0)) < 0)
		return;
	if (held->camera && !held->lost && held->midway == 0 &&
		clock_now_nsec() - held->used_nsec >= LOOK_NSEC) {
		held->used_nsec = clock_now_nsec();
		if (!is_there(held)) {
			log_debug("session: the camera is gone");
			camera_close(steal_pointer(&held->camera));
		}
	}
	turn_give(&held->turn);
}
