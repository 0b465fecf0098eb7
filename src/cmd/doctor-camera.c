/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor: the camera itself, asked where it is held. Nothing is set. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "camera/meter.h"
#include "camera/settings.h"
#include "cmd/command.h"
#include "cmd/doctor.h"
#include "session/owner.h"

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
#define BATTERY_LOW    25
/* A card with less room takes no picture of a body of today, or few. */
#define CARD_FULL_BYTES (UINT64_C(8) << 20)
#define CARD_LOW_BYTES  (UINT64_C(512) << 20)

/* Ends the command: in another process it begins anew, or a signal came. */
static bool gives_up(struct doctor *doctor, int ret)
{
	if (ret != ORC_ESIGNAL && !doctor->call->io->job->moved[0])
		return false;
	doctor->given_up = true;
	doctor->result = ret;
	return true;
}

/* For a remedy to be typed as it stands: "opencamrc -r router". */
static const char *ours(const struct doctor *doctor, char buf[96])
{
	const struct globals *globals = &doctor->call->globals;

	if (globals->remote)
		snprintf(buf, 96, "opencamrc -r %.80s", globals->remote);
	else if (globals->port)
		snprintf(buf, 96, "opencamrc --port %.76s", globals->port);
	else
		snprintf(buf, 96, "opencamrc");
	return buf;
}

/* The camera, or NULL with the reason in open_error; it is opened once. */
static struct camera *take(struct doctor *doctor)
{
	struct camera *camera = NULL;
	int ret;

	if (doctor->open_result < 0)
		return NULL;
	ret = call_camera(doctor->call, &camera, &doctor->open_error);
	doctor->open_result = ret;
	return ret < 0 ? NULL : camera;
}

/* What became of a question: a failure is a problem, unless it ends the command. */
static bool failed(
	struct doctor *doctor, struct finding *finding, int ret, const struct orc_error *err)
{
	if (ret >= 0)
		return false;
	if (!gives_up(doctor, ret)) {
		finding_error(finding, err);
		if (!finding->remedy[0])
			finding_remedy(
				finding, "switch it off and on again, and look at its cable");
	}
	return true;
}

static void look_in_use(struct doctor *doctor, struct finding *finding)
{
	struct job *job = doctor->call->io->job;
	char names[256];

	doctor->others = owner_other_jobs(job, names, sizeof(names));
	if (!take(doctor)) {
		if (doctor->open_result == ORC_EBUSY)
			failed(doctor, finding, doctor->open_result, &doctor->open_error);
		return;
	}
	if (doctor->others > 0)
		finding_ok(finding, "by opencamrc on this machine, which shares it: %s", names);
	else if (owner_stays(job->owner))
		finding_ok(finding, "kept open by opencamrc on this machine (process %ld)",
			(long)getpid());
	else
		finding_ok(finding, "by nobody else");
}

static void look_camera(struct doctor *doctor, struct finding *finding)
{
	struct camera *camera = take(doctor);

	if (camera)
		finding_ok(finding, "%s answers", camera_model(camera));
	else if (doctor->open_result != ORC_EBUSY) /* that has been told */
		failed(doctor, finding, doctor->open_result, &doctor->open_error);
}

static void look_round_trip(struct doctor *doctor, struct finding *finding)
{
	struct camera *camera = take(doctor);
	struct camera_meter meter;
	struct orc_error err = { 0 };
	char time[16];
	int ret;

	if (!camera)
		return;
	ret = camera_meter_answers(camera, ROUNDS, doctor_soon(doctor), &meter, &err);
	if (failed(doctor, finding, ret, &err))
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
	return best->frames > 0 && ret != ORC_ESIGNAL ? 0 : ret;
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
			ours(doctor, buf));
}

/* Live view where that disturbs nobody: it runs already, or nobody else is at work. */
static bool may_view(const struct doctor *doctor, const struct camera *camera)
{
	if (camera_is_live(camera))
		return true;
	return !doctor->no_live_view && doctor->others == 0;
}

static void look_rate(struct doctor *doctor, struct finding *finding)
{
	struct doctor_speed speed = { .round_trip_nsec = doctor->round_trip_nsec };
	struct camera *camera = take(doctor);
	struct view_measure view = { 0 };
	struct camera_meter meter = { 0 };
	struct orc_error err = { 0 };
	int ret;

	if (!camera || !doctor->round_trip_nsec)
		return;
	if (may_view(doctor, camera)) {
		ret = measure_view(doctor, &view, &err);
		if (ret < 0 && gives_up(doctor, ret))
			return;
		speed.bytes_per_sec = doctor_rate(speed.round_trip_nsec, view.bytes, view.nsec);
		speed.frame_bytes = (double)view.frame_bytes;
		speed.transactions = (double)view.transactions;
		if (ret >= 0 && view.frames > 0) {
			tell_speed(doctor, finding, &speed, true);
			return;
		}
		camera = take(doctor);
		if (!camera) {
			failed(doctor, finding, doctor->open_result, &doctor->open_error);
			return;
		}
	}
	ret = camera_meter_file(camera, &meter, &err);
	if (ret == ORC_EAGAIN) {
		finding_note(finding, "not measured: no live view, and %s", err.why);
		return;
	}
	if (failed(doctor, finding, ret, &err))
		return;
	speed.bytes_per_sec = doctor_rate(speed.round_trip_nsec, meter.most_bytes, meter.most_nsec);
	speed.frame_bytes = USUAL_FRAME_BYTES;
	speed.transactions = USUAL_TRANSACTIONS;
	tell_speed(doctor, finding, &speed, false);
}

/* The value of a setting, on the heap; NULL where the camera has no such one. */
static char *value_of(struct camera *camera, const char *name)
{
	struct setting setting;
	char *value;

	if (camera_setting_get(camera, name, &setting, NULL) < 0)
		return NULL;
	value = steal_pointer(&setting.value);
	setting_free(&setting);
	return value;
}

static void look_battery(struct doctor *doctor, struct finding *finding)
{
	struct camera *camera = take(doctor);
	cleanup_free char *value = camera ? value_of(camera, "batterylevel") : NULL;
	char *end;
	long percent;

	if (!value)
		return;
	percent = strtol(value, &end, 10);
	if (strcmp(value, "Low") == 0 || (end != value && percent <= 0)) {
		finding_problem(finding, ORC_EREFUSED, "it is empty, or nearly so");
	} else if (end == value) {
		return; /* "Unknown value" */
	} else if (percent <= BATTERY_LOW) {
		finding_note(finding, "%ld%%", percent);
	} else {
		finding_ok(finding, "%ld%%", percent);
		return;
	}
	finding_remedy(
		finding, "charge it; for days and nights there are mains adapters in its shape");
}

static double megabytes(uint64_t bytes)
{
	return (double)bytes / 1e6;
}

/* The fullest of several tells: pictures go to one of them, and which is the body's own affair. */
static const struct camera_storage *fullest(const struct camera_info *info)
{
	const struct camera_storage *worst = NULL;
	size_t i;

	for (i = 0; i < info->storage_count; i++)
		if (info->storages[i].capacity_bytes &&
			(!worst || info->storages[i].free_bytes < worst->free_bytes))
			worst = &info->storages[i];
	return worst;
}

static void tell_card(const struct doctor *doctor, const struct camera_storage *card,
	const char *shots, struct finding *finding)
{
	char buf[96];
	double room = megabytes(card->free_bytes);
	bool none = card->free_bytes < CARD_LOW_BYTES && shots && strcmp(shots, "0") == 0;

	if (card->read_only) {
		finding_note(finding, "the card is write-protected");
		finding_remedy(finding,
			"move its lock switch, or let pictures come to the "
			"computer alone");
	} else if (none || card->free_bytes < CARD_FULL_BYTES) {
		finding_problem(finding, ORC_EREFUSED, "full: %.1f MB are free", room);
		finding_remedy(finding,
			"%s files get --new, then files delete --all; or another card",
			ours(doctor, buf));
	} else if (card->free_bytes < CARD_LOW_BYTES) {
		finding_note(finding, "nearly full: %.0f MB are free", room);
		finding_remedy(
			finding, "%s files get --new, then make room on it", ours(doctor, buf));
	} else {
		finding_ok(finding, "%.1f GB of %.1f GB free", room / 1e3,
			megabytes(card->capacity_bytes) / 1e3);
	}
}

static void look_card(struct doctor *doctor, struct finding *finding)
{
	struct camera *camera = take(doctor);
	cleanup_free char *shots = NULL;
	struct camera_info info;
	const struct camera_storage *card;

	if (!camera)
		return;
	camera_info_storages(camera, &info);
	card = fullest(&info);
	if (card) {
		/* With others at work the body may count what the computer has room for. */
		if (card->free_bytes < CARD_LOW_BYTES && doctor->others == 0)
			shots = value_of(camera, "availableshots");
		tell_card(doctor, card, shots, finding);
	} else if (info.storage_count == 0) {
		finding_note(finding, "there is no card: pictures can go to the computer alone");
	}
	camera_info_free(&info);
}

/* libgphoto2's name of it, where a body tells; a number of seconds. */
static void look_power_off(struct doctor *doctor, struct finding *finding)
{
	struct camera *camera = take(doctor);
	cleanup_free char *value = camera ? value_of(camera, "autopoweroff") : NULL;
	unsigned long seconds;
	char *end, buf[96];

	if (!value)
		return;
	seconds = strtoul(value, &end, 10);
	if (end == value || *end)
		return;
	/* All bits set is "never" as well. */
	if (seconds == 0 || seconds >= UINT32_MAX) {
		finding_ok(finding, "never");
		return;
	}
	finding_note(finding, "after %lu s in which nobody asks for anything", seconds);
	finding_remedy(
		finding, "%s config autopoweroff=0, or in the camera's menu", ours(doctor, buf));
}

const struct doctor_check doctor_camera_checks[] = {
	{ "in use", look_in_use },
	{ "camera", look_camera },
	{ "round trip", look_round_trip },
	{ "rate", look_rate },
	{ "battery", look_battery },
	{ "card", look_card },
	{ "power off", look_power_off },
	{ NULL, NULL },
};
