/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One simulated camera put together: timers, jobs, and the hooks of its USB side. */
#include "simcam/camera.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "simcam/standard.h"

static const struct sim_body *const bodies[] = {
	&body_eos1200d,
	&body_d750,
	&body_plain,
};

static const struct sim_body *find_body(const char *name)
{
	if (!name)
		return bodies[0];
	for (size_t i = 0; i < ARRAY_LENGTH(bodies); i++) {
		if (!strcmp(bodies[i]->name, name))
			return bodies[i];
	}
	return NULL;
}

static int no_such_body(const char *name, struct orc_error *err)
{
	char names[128] = "";
	size_t len = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(bodies); i++)
		len += (size_t)snprintf(
			names + len, sizeof(names) - len, "%s%s", i ? ", " : "", bodies[i]->name);
	return orc_fail(err, ORC_EUSAGE, "no such body: %s (there are: %s)", name, names);
}

static void set_wake(struct sim_camera *camera)
{
	camera->usb.device.wake_at = deadline_never();
	for (size_t i = 0; i < SIM_TIMERS; i++) {
		if (camera->timers[i].fire)
			camera->usb.device.wake_at = deadline_min(camera->usb.device.wake_at,
				(struct deadline){ camera->timers[i].at_nsec });
	}
}

static struct sim_timer *find_timer(
	struct sim_camera *camera, void (*fire)(struct sim_camera *camera))
{
	for (size_t i = 0; i < SIM_TIMERS; i++) {
		if (camera->timers[i].fire == fire)
			return &camera->timers[i];
	}
	return NULL;
}

void sim_at(struct sim_camera *camera, nsec_t at, void (*fire)(struct sim_camera *camera))
{
	struct sim_timer *timer = find_timer(camera, fire);

	if (!timer)
		timer = find_timer(camera, NULL);
	/* A body has fewer timers than there are slots: each has a function of its own. */
	*timer = (struct sim_timer){ at, fire };
	set_wake(camera);
}

void sim_after(struct sim_camera *camera, nsec_t nsec, void (*fire)(struct sim_camera *camera))
{
	sim_at(camera, clock_now_nsec() + (nsec_t)((double)nsec / camera->options->speed), fire);
}

void sim_never(struct sim_camera *camera, void (*fire)(struct sim_camera *camera))
{
	struct sim_timer *timer = find_timer(camera, fire);

	if (timer)
		timer->fire = NULL;
	set_wake(camera);
}

bool sim_pending(const struct sim_camera *camera, void (*fire)(struct sim_camera *camera))
{
	for (size_t i = 0; i < SIM_TIMERS; i++) {
		if (camera->timers[i].fire == fire)
			return true;
	}
	return false;
}

/* Earliest first: what one timer starts the next may end. */
static struct sim_timer *due_timer(struct sim_camera *camera)
{
	struct sim_timer *due = NULL;

	for (size_t i = 0; i < SIM_TIMERS; i++) {
		struct sim_timer *timer = &camera->timers[i];

		if (timer->fire && (!due || timer->at_nsec < due->at_nsec))
			due = timer;
	}
	return due && due->at_nsec <= clock_now_nsec() ? due : NULL;
}

static void camera_wake(void *owner)
{
	struct sim_camera *camera = owner;
	struct sim_timer *timer;

	while ((timer = due_timer(camera))) {
		void (*fire)(struct sim_camera * camera) = timer->fire;

		timer->fire = NULL;
		fire(camera);
	}
	set_wake(camera);
}

static void camera_readable(void *owner)
{
	struct sim_camera *camera = owner;
	struct studio_job *job;
	uint64_t count;

	sim_control_read(camera);
	if (read(camera->job_fd, &count, sizeof(count)) < 0)
		return;
	while ((job = studio_take(camera->stills)))
		sim_shutter_done(camera, job);
	while ((job = studio_take(camera->frames)))
		sim_view_done(camera, job);
}

static int camera_container(void *owner, const uint8_t *data, size_t len)
{
	struct sim_camera *camera = owner;

	return ptp_container(&camera->ptp, data, len);
}

static void camera_cancel(void *owner, uint32_t transaction)
{
	struct sim_camera *camera = owner;

	(void)transaction; /* there is but one */
	ptp_cancel(&camera->ptp);
}

static bool camera_busy(void *owner)
{
	struct sim_camera *camera = owner;

	return camera->ptp.phase != PTP_IDLE;
}

static void camera_reset(void *owner)
{
	struct sim_camera *camera = owner;

	ptp_reset(&camera->ptp);
}

static const struct sim_usb_owner owner_ops = {
	.container = camera_container,
	.cancel = camera_cancel,
	.busy = camera_busy,
	.reset = camera_reset,
	.wake = camera_wake,
	.readable = camera_readable,
};

static int parse_size(const char *text, uint64_t *size, struct orc_error *err)
{
	static const char units[] = "KMG";
	const char *unit;
	unsigned long long number;
	unsigned shift = 0;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 10);
	unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
	if (unit) {
		shift = 10 * (unsigned)(unit - units + 1);
		end++;
	}
	if (errno || !isdigit((unsigned char)*text) || *end || number > UINT64_MAX >> shift)
		return orc_fail(err, ORC_EUSAGE, "not a size: %s", text);
	*size = number << shift;
	return 0;
}

/* The server waits for one descriptor a device. */
static int watch(struct sim_camera *camera, int fd, struct orc_error *err)
{
	struct epoll_event event = { .events = EPOLLIN };

	if (epoll_ctl(camera->ready_fd, EPOLL_CTL_ADD, fd, &event) < 0)
		return orc_fail_errno(err, ORC_EFILE, errno);
	return 0;
}

static int open_descriptors(struct sim_camera *camera, struct orc_error *err)
{
	int ret;

	camera->job_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	camera->ready_fd = epoll_create1(EPOLL_CLOEXEC);
	if (camera->job_fd < 0 || camera->ready_fd < 0)
		return orc_fail_errno(err, ORC_EFILE, errno);
	camera->usb.device.fd = camera->ready_fd;
	ret = watch(camera, camera->job_fd, err);
	if (ret || !camera->options->control)
		return ret;
	ret = sim_control_open(&camera->control, camera->options->control, err);
	return ret ? ret : watch(camera, camera->control.fd, err);
}

static int open_parts(struct sim_camera *camera, struct orc_error *err)
{
	const struct sim_options *options = camera->options;
	uint64_t size = camera->body->card_size;
	const struct scene_options scene = { .source = options->scene,
		.seed = (uint64_t)options->seed,
		.fps = (unsigned)options->fps };
	int ret = 0;

	if (options->card_size)
		ret = parse_size(options->card_size, &size, err);
	if (!ret)
		ret = card_open(&camera->card, options->card, camera->body->card_folder, size, err);
	if (!ret)
		ret = scene_new(&camera->scene, &scene, err);
	if (!ret)
		ret = studio_new(&camera->stills, camera->scene, camera->job_fd, err);
	if (!ret)
		ret = studio_new(&camera->frames, camera->scene, camera->job_fd, err);
	if (!ret)
		ret = camera->body->start(camera, err);
	return ret;
}

int sim_camera_new(
	struct sim_camera **camera, const struct sim_options *options, struct orc_error *err)
{
	const struct sim_body *body = find_body(options->body);
	struct sim_camera *made;
	char busid[16];
	int ret;

	if (!body)
		return no_such_body(options->body, err);
	made = orc_must(calloc(1, sizeof(*made)));
	made->body = body;
	made->options = options;
	made->faults = options->faults;
	made->ptp.camera = made;
	made->start_nsec = clock_now_nsec();
	made->job_fd = made->ready_fd = made->control.fd = -1;
	snprintf(busid, sizeof(busid), "1-%u", options->number + 1);
	sim_usb_init(&made->usb, busid, body->vendor, body->product);
	made->usb.device.info.devnum += options->number;
	if (options->disk)
		sim_usb_be_disk(&made->usb);
	made->usb.owner_ops = &owner_ops;
	made->usb.owner = made;
	made->usb.faults = &made->faults;
	if (options->serial || options->number == 0)
		snprintf(made->serial, sizeof(made->serial), "%s",
			options->serial ? options->serial : body->serial);
	else
		snprintf(made->serial, sizeof(made->serial), "%s-%u", body->serial,
			options->number + 1);
	ptp_properties_init(&made->properties, body->properties, body->num_properties);
	if (options->battery >= 0)
		ptp_set(made, STANDARD_BATTERY, options->battery);
	snprintf(made->usb.manufacturer, sizeof(made->usb.manufacturer), "%s", body->manufacturer);
	snprintf(made->usb.product, sizeof(made->usb.product), "%s", body->model);
	snprintf(made->usb.serial, sizeof(made->usb.serial), "%s", made->serial);
	ret = open_descriptors(made, err);
	if (!ret)
		ret = open_parts(made, err);
	if (ret < 0) {
		sim_camera_destroy(made);
		return ret;
	}
	*camera = made;
	return 0;
}

void sim_camera_destroy(struct sim_camera *camera)
{
	if (!camera)
		return;
	studio_destroy(camera->stills);
	studio_destroy(camera->frames);
	sim_shutter_stop(camera);
	if (camera->state)
		camera->body->stop(camera);
	ptp_properties_free(&camera->properties);
	scene_destroy(camera->scene);
	sim_buffer_free(&camera->ptp.now.data);
	sim_usb_free(&camera->usb);
	if (*camera->card.root)
		card_close(&camera->card);
	sim_control_close(&camera->control);
	if (camera->job_fd >= 0)
		close(camera->job_fd);
	if (camera->ready_fd >= 0)
		close(camera->ready_fd);
	free(camera);
}
