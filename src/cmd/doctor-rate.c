/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor: round trip and rate, measured with the camera, and the live view that they allow. */
#include <stdio.h>

#include "camera/meter.h"
#include "cmd/command.h"
#include "cmd/doctor.h"

/* So many small questions: the quickest counts. */
#define ROUNDS 4
/* Frames in so long, each with a rest before it: then the camera has one ready, and others their turn. */
#define FRAMES          6
#define FRAMES_MSEC     4000
#define FRAME_REST_MSEC 60
/* In which the next frame is there, at 25 a second. */
#define FRAME_READY_MSEC 45
/* What live view is without a frame seen: most bodies' lie between 60 and 200 kB. */
#define USUAL_FRAME_BYTES  60000
#define USUAL_TRANSACTIONS 3
/* Of these, worth a word. */
#define SLOW_FRAMES    10
#define SLOW_TRIP_NSEC (30 * NSEC_PER_MSEC)

void doctor_look_round_trip(struct doctor *doctor, struct finding *finding)
{
	struct camera *camera = doctor_camera(doctor);
	struct camera_meter meter;
	struct orc_error err = { 0 };
	char time[16];
	int ret;

	if (!camera)
		return;
	ret = camera_meter_answers(camera, ROUNDS, doctor_soon(doctor), &meter, &err);
	if (doctor_failed(doctor, finding, ret, &err))
		return;
	if (!meter.transactions) {
		finding_note(finding, "its driver's transactions cannot be seen, so not measured");
		return;
	}
	doctor->round_trip_nsec = meter.shortest_nsec;
	doctor_time(meter.shortest_nsec, time);
	if (meter.shortest_nsec < SLOW_TRIP_NSEC) {
		finding_ok(finding, "%s from a question to its answer", time);
		return;
	}
	finding_note(finding, "%s from a question to its answer: all is slow that asks much", time);
	finding_remedy(finding, "a cable instead of WiFi, a nearer access point, no VPN");
}

/* The quickest of some frames. */
struct view_measure {
	size_t frames, frame_bytes;
	size_t transactions; /* the least that a frame took */
	uint64_t bytes;
	nsec_t nsec;
};

static void count_frame(
	struct view_measure *best, const struct camera_meter *meter, size_t frame_bytes)
{
	if (!best->frames || meter->transactions < best->transactions)
		best->transactions = meter->transactions;
	if (!best->frames || meter->most_nsec < best->nsec) {
		best->bytes = meter->most_bytes;
		best->nsec = meter->most_nsec;
		best->frame_bytes = frame_bytes;
	}
	best->frames++;
}

/*
 * A frame that the camera has ready when it is asked for. With other views one is taken, and the camera
 * kept, until the next one must be there: they have a gap of that length.
 */
static int take_ready(struct doctor *doctor, struct camera_view *view, struct deadline deadline,
	size_t *bytes, struct camera_meter *meter, struct orc_error *err)
{
	struct camera *camera;
	int ret;

	ret = call_sleep_until(doctor->call, deadline_after_msec(FRAME_REST_MSEC));
	if (ret >= 0)
		ret = call_camera(doctor->call, &camera, err);
	if (ret >= 0 && doctor->others > 0) {
		ret = camera_meter_frame(camera, view, deadline, bytes, meter, err);
		if (ret >= 0)
			ret = io_sleep_until(
				doctor->call->io, deadline_after_msec(FRAME_READY_MSEC));
	}
	return ret < 0 ? ret : camera_meter_frame(camera, view, deadline, bytes, meter, err);
}

static int measure_view(struct doctor *doctor, struct view_measure *best, struct orc_error *err)
{
	struct deadline deadline = deadline_min(doctor->deadline, deadline_after_msec(FRAMES_MSEC));
	struct camera_view view = { 0 };
	struct camera_meter meter;
	size_t bytes = 0;
	int ret = 0;

	/* The first one switches live view on. */
	for (int i = 0; i <= FRAMES && ret >= 0 && !deadline_passed(deadline); i++) {
		ret = take_ready(doctor, &view, deadline, &bytes, &meter, err);
		if (ret >= 0 && i > 0 && meter.transactions > 0)
			count_frame(best, &meter, bytes);
	}
	if (camera_preview_stop(call_camera_to_end(doctor->call), &view, NULL) < 0)
		call_warn(doctor->call, "live view could not be ended");
	if (best->frames > 0 && ret != ORC_ESIGNAL)
		return 0;
	return ret < 0 ? ret : ORC_ETIMEOUT;
}

static void tell_speed(const struct doctor *doctor, struct finding *finding,
	const struct doctor_speed *speed, bool seen)
{
	const double fps = doctor_frames_per_sec(speed);
	char rate[64] = "it is the round trips that count", text[192], buf[96];

	if (speed->bytes_per_sec > 0)
		snprintf(rate, sizeof(rate), "at %.1f MB/s", speed->bytes_per_sec / 1e6);
	snprintf(text, sizeof(text), "%.*f live view frames/s of %.0f kB, %s%s", fps < SLOW_FRAMES,
		fps, speed->frame_bytes / 1e3, rate, seen ? "" : ", if they are of that size");
	if (fps >= SLOW_FRAMES) {
		finding_ok(finding, "%s", text);
		return;
	}
	finding_note(finding, "%s", text);
	if (doctor_waits_for_round_trips(speed))
		finding_remedy(finding,
			"it is the round trips: a cable instead of WiFi, a nearer access point");
	else
		finding_remedy(finding,
			"it is the rate: 5 GHz, a cable, or a smaller live view (%s config "
			"liveviewsize)",
			doctor_command(doctor, buf));
}

/* Live view where that disturbs nobody: it runs already, or nobody else is at work. */
static bool may_view(const struct doctor *doctor, const struct camera *camera)
{
	if (camera_is_live(camera))
		return true;
	return !doctor->no_live_view && doctor->others == 0;
}

/* By live view; false where it has to be done otherwise, or all is over. */
static bool tell_by_view(struct doctor *doctor, struct doctor_speed *speed, struct finding *finding)
{
	struct view_measure view = { 0 };
	struct orc_error err = { 0 };
	int ret = measure_view(doctor, &view, &err);

	if (ret < 0) {
		doctor_gives_up(doctor, ret);
		return false;
	}
	speed->bytes_per_sec = doctor_rate(speed->round_trip_nsec, view.bytes, view.nsec);
	speed->frame_bytes = (double)view.frame_bytes;
	speed->transactions = (double)view.transactions;
	tell_speed(doctor, finding, speed, true);
	return true;
}

static void tell_by_file(struct doctor *doctor, struct doctor_speed *speed, struct finding *finding)
{
	struct camera *camera = doctor_camera(doctor);
	struct camera_meter meter = { 0 };
	struct orc_error err = { 0 };
	int ret = doctor->open_result;

	if (camera)
		ret = camera_meter_file(camera, &meter, &err);
	else
		err = doctor->open_error;
	if (ret == ORC_EAGAIN) {
		finding_note(finding, "not measured: no live view, and %s", err.why);
		return;
	}
	if (doctor_failed(doctor, finding, ret, &err))
		return;
	speed->bytes_per_sec =
		doctor_rate(speed->round_trip_nsec, meter.most_bytes, meter.most_nsec);
	speed->frame_bytes = USUAL_FRAME_BYTES;
	speed->transactions = USUAL_TRANSACTIONS;
	tell_speed(doctor, finding, speed, false);
}

void doctor_look_rate(struct doctor *doctor, struct finding *finding)
{
	struct doctor_speed speed = { .round_trip_nsec = doctor->round_trip_nsec };
	struct camera *camera = doctor_camera(doctor);

	if (!camera || !doctor->round_trip_nsec)
		return;
	if (may_view(doctor, camera) && tell_by_view(doctor, &speed, finding))
		return;
	if (!doctor->given_up)
		tell_by_file(doctor, &speed, finding);
}
