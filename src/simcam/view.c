/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Live view: one frame for each frame time, never the same one twice. */
#include "simcam/view.h"

#include <math.h>
#include <stdlib.h>

#include "base/log.h"
#include "simcam/camera.h"

static nsec_t frame_time(const struct sim_camera *camera)
{
	return NSEC_PER_SEC / camera->options->fps;
}

/* In steps that nobody sees: each costs the making of a new curve, and drawing all of the frame. */
static double view_stops(const struct sim_camera *camera)
{
	const double steps = 24;
	double stops = camera->body->meter(camera).stops;

	return camera->options->light.given ? round(stops * steps) / steps : stops;
}

static void make_frame(struct sim_camera *camera, uint64_t frame)
{
	struct sim_view *view = &camera->view;
	struct studio_job *job = orc_must(calloc(1, sizeof(*job)));

	job->kind = STUDIO_FRAME;
	job->frame = frame;
	job->at_nsec = (nsec_t)frame * frame_time(camera);
	job->exposure.stops = view_stops(camera);
	job->exposure.blur = sim_lens_blur(camera);
	job->exposure.zoom = view->zoom;
	job->exposure.zoom_x = view->zoom_x;
	job->exposure.zoom_y = view->zoom_y;
	view->in_studio = true;
	studio_submit(camera->frames, job);
}

static void count_given(struct sim_view *view, uint64_t frame)
{
	view->last_frame = frame;
	view->given.last = clock_now_nsec();
	if (!view->given.count++)
		view->given.first = view->given.last;
}

static void answer(struct sim_camera *camera, enum ptp_response response)
{
	camera->view.waiting = false;
	ptp_finish(&camera->ptp, response);
}

static void repeat_frame(struct sim_camera *camera, uint64_t frame)
{
	struct sim_buffer *out = &camera->ptp.now.data;
	size_t start = out->len;

	camera->body->frame_begin(out);
	live_loop_frame(camera->options->loop, frame,
		camera->start_nsec + (nsec_t)frame * frame_time(camera), out);
	if (camera->body->frame_end)
		camera->body->frame_end(out->data + start, out->len - start);
	count_given(&camera->view, frame);
	answer(camera, PTP_OK);
}

static void look(struct sim_camera *camera)
{
	struct sim_view *view = &camera->view;
	nsec_t now = clock_now_nsec() - camera->start_nsec;
	uint64_t frame = (uint64_t)(now / frame_time(camera));

	if (!view->waiting || view->in_studio)
		return;
	if (frame > view->last_frame && camera->options->loop)
		repeat_frame(camera, frame);
	else if (frame > view->last_frame)
		make_frame(camera, frame);
	else
		sim_at(camera,
			camera->start_nsec + (nsec_t)(view->last_frame + 1) * frame_time(camera),
			look);
}

enum ptp_response sim_view_frame(struct sim_camera *camera)
{
	camera->view.waiting = true;
	look(camera);
	return PTP_LATER;
}

void sim_view_done(struct sim_camera *camera, struct studio_job *job)
{
	struct sim_view *view = &camera->view;
	struct sim_buffer *out = &camera->ptp.now.data;
	size_t start = out->len;

	view->in_studio = false;
	if (view->waiting && job->failed) {
		log_error("no frame: %s", job->err.why);
		answer(camera, (enum ptp_response)camera->body->no_frame);
	} else if (view->waiting) {
		count_given(view, job->frame);
		camera->body->frame_begin(out);
		sim_buffer_append(out, job->jpeg.data, job->jpeg.len);
		if (camera->body->frame_end)
			camera->body->frame_end(out->data + start, out->len - start);
		answer(camera, PTP_OK);
	}
	studio_job_free(job);
}

void sim_view_begin(struct sim_camera *camera, nsec_t warm_up)
{
	struct sim_view *view = &camera->view;

	if (view->running)
		return;
	view->running = true;
	view->ready = clock_now_nsec() + (nsec_t)((double)warm_up / camera->options->speed);
	view->zoom = 1;
}

bool sim_view_ready(const struct sim_camera *camera)
{
	return clock_now_nsec() >= camera->view.ready;
}

/* Frames a second from the first to the last, as the camera sees them go. */
void sim_view_end(struct sim_camera *camera)
{
	struct sim_view *view = &camera->view;
	double seconds = (double)(view->given.last - view->given.first) / (double)NSEC_PER_SEC;

	if (view->given.count > 1)
		log_info("%s: live view: %llu frames in %.3f s, %.3f fps",
			camera->usb.device.info.busid, (unsigned long long)view->given.count,
			seconds, (double)(view->given.count - 1) / seconds);
	view->running = false;
	view->given.count = 0;
	view->zoom = 1;
}

void sim_view_forget(struct sim_camera *camera)
{
	camera->view.waiting = false;
	sim_never(camera, look);
}
