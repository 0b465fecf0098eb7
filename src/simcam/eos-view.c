/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live view of an EOS body: one frame for each frame time, never the same one twice. */
#include <math.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/log.h"
#include "simcam/dataset.h"
#include "simcam/eos.h"

#define WARM_UP (300 * NSEC_PER_MSEC) /* mirror, shutter, first frame */
enum { BLOB_JPEG = 1 };

static nsec_t frame_time(const struct sim_camera *camera)
{
	return NSEC_PER_SEC / camera->options->fps;
}

/* In steps that nobody sees: each costs the making of a new curve, and drawing all of the frame. */
static double view_stops(const struct eos *eos)
{
	const double steps = 24;
	double stops = eos_meter(eos).stops;

	return eos->light->given ? round(stops * steps) / steps : stops;
}

static void make_frame(struct sim_camera *camera, uint64_t frame)
{
	struct eos *eos = eos_of(camera);
	struct studio_job *job = orc_must(calloc(1, sizeof(*job)));

	job->kind = STUDIO_FRAME;
	job->frame = frame;
	job->at_nsec = (nsec_t)frame * frame_time(camera);
	job->exposure.stops = view_stops(eos);
	job->exposure.blur = eos_blur(eos);
	job->exposure.zoom = eos->zoom;
	job->exposure.zoom_x = (double)eos->zoom_x / EOS_SENSOR_WIDTH;
	job->exposure.zoom_y = (double)eos->zoom_y / EOS_SENSOR_HEIGHT;
	eos->frame_in_studio = true;
	studio_submit(camera->frames, job);
}

static void count_given(struct eos *eos, uint64_t frame)
{
	eos->last_frame = frame;
	eos->given.last = clock_now_nsec();
	if (!eos->given.count++)
		eos->given.first = eos->given.last;
}

/* Frames a second from the first to the last, as the camera sees them go. */
static void tell_given(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);
	double seconds = (double)(eos->given.last - eos->given.first) / (double)NSEC_PER_SEC;

	if (eos->given.count > 1)
		log_info("%s: live view: %llu frames in %.3f s, %.3f fps",
			camera->usb.device.info.busid, (unsigned long long)eos->given.count,
			seconds, (double)(eos->given.count - 1) / seconds);
	eos->given.count = 0;
}

/* The answer's data: one blob, filled by live_loop_frame() or from a job. */
static void begin_blob(struct sim_buffer *out, size_t len)
{
	sim_buffer_u32(out, (uint32_t)len + 8);
	sim_buffer_u32(out, BLOB_JPEG);
}

static void repeat_frame(struct sim_camera *camera, uint64_t frame)
{
	struct eos *eos = eos_of(camera);
	struct sim_buffer *out = &camera->ptp.now.data;
	size_t start = out->len;

	begin_blob(out, 0);
	live_loop_frame(camera->options->loop, frame,
		eos->fps_start + (nsec_t)frame * frame_time(camera), out);
	put_le32(out->data + start, (uint32_t)(out->len - start));
	eos->view_waiting = false;
	count_given(eos, frame);
	ptp_finish(&camera->ptp, PTP_OK);
}

/* Gives the newest frame that was not given out, or waits for its time to come. */
static void look(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);
	nsec_t now = clock_now_nsec() - eos->fps_start;
	uint64_t frame = (uint64_t)(now / frame_time(camera));

	if (!eos->view_waiting || eos->frame_in_studio)
		return;
	if (frame > eos->last_frame && camera->options->loop)
		repeat_frame(camera, frame);
	else if (frame > eos->last_frame)
		make_frame(camera, frame);
	else
		sim_at(camera, eos->fps_start + (nsec_t)(eos->last_frame + 1) * frame_time(camera),
			look);
}

enum ptp_response eos_view(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct eos *eos = eos_of(camera);

	(void)t;
	if (!(eos_get(eos, EOS_EVF_OUTPUT) & EOS_EVF_TO_PC))
		return (enum ptp_response)EOS_REFUSED;
	if (eos->exposing)
		return PTP_DEVICE_BUSY;
	if (clock_now_nsec() < eos->view_start)
		return (enum ptp_response)EOS_NOT_READY;
	eos->view_waiting = true;
	look(camera);
	return PTP_LATER;
}

void eos_frame_done(struct sim_camera *camera, struct studio_job *job)
{
	struct eos *eos = eos_of(camera);
	struct sim_buffer *out = &camera->ptp.now.data;

	eos->frame_in_studio = false;
	if (eos->view_waiting && job->failed) {
		log_error("no frame: %s", job->err.why);
		eos->view_waiting = false;
		ptp_finish(&camera->ptp, (enum ptp_response)EOS_NOT_READY);
	} else if (eos->view_waiting) {
		eos->view_waiting = false;
		count_given(eos, job->frame);
		begin_blob(out, job->jpeg.len);
		sim_buffer_append(out, job->jpeg.data, job->jpeg.len);
		ptp_finish(&camera->ptp, PTP_OK);
	}
	studio_job_free(job);
}

void eos_view_switched(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);

	if (eos_get(eos, EOS_EVF_OUTPUT) & EOS_EVF_TO_PC)
		eos->view_start =
			clock_now_nsec() + (nsec_t)((double)WARM_UP / camera->options->speed);
	else
		tell_given(camera);
	eos->zoom = 1;
}

void eos_end_view(struct sim_camera *camera)
{
	eos_set(camera, EOS_EVF_OUTPUT, 0);
	eos_view_switched(camera);
}

void eos_view_cancelled(struct sim_camera *camera)
{
	eos_of(camera)->view_waiting = false;
	sim_never(camera, look);
}

void eos_move_lens(struct sim_camera *camera, int32_t position)
{
	const int32_t end = 1000;

	eos_of(camera)->focus_position = position < -end ? -end : position > end ? end : position;
}

double eos_blur(const struct eos *eos)
{
	const double positions_a_pixel = 16;

	return abs(eos->focus_position) / positions_a_pixel;
}

/* 1 to 3 near, 0x8001 to 0x8003 far: small, middle and large steps. */
enum ptp_response eos_drive_lens(struct sim_camera *camera, struct ptp_transaction *t)
{
	static const int32_t steps[] = { 0, 1, 8, 64 };
	struct eos *eos = eos_of(camera);
	uint32_t step = t->params[0] & 0x7fff;

	if (!step || step >= ARRAY_LENGTH(steps))
		return PTP_INVALID_PARAMETER;
	if (!(eos_get(eos, EOS_EVF_OUTPUT) & EOS_EVF_TO_PC))
		return (enum ptp_response)EOS_REFUSED;
	eos_move_lens(
		camera, eos->focus_position + (t->params[0] & 0x8000 ? steps[step] : -steps[step]));
	if (camera->options->log_releases)
		log_info(
			"%s: focus at %d", camera->usb.device.info.busid, (int)eos->focus_position);
	return PTP_OK;
}

enum ptp_response eos_zoom(struct sim_camera *camera, struct ptp_transaction *t)
{
	if (t->params[0] != 1 && t->params[0] != 5 && t->params[0] != 10)
		return PTP_INVALID_PARAMETER;
	if (!(eos_get(eos_of(camera), EOS_EVF_OUTPUT) & EOS_EVF_TO_PC))
		return (enum ptp_response)EOS_REFUSED;
	eos_of(camera)->zoom = t->params[0];
	return PTP_OK;
}

enum ptp_response eos_zoom_position(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct eos *eos = eos_of(camera);

	if (t->params[0] >= EOS_SENSOR_WIDTH || t->params[1] >= EOS_SENSOR_HEIGHT)
		return PTP_INVALID_PARAMETER;
	eos->zoom_x = t->params[0];
	eos->zoom_y = t->params[1];
	return PTP_OK;
}
