/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor: the camera itself, asked where it is held. Nothing is set. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "camera/settings.h"
#include "cmd/command.h"
#include "cmd/doctor.h"
#include "session/owner.h"

/* Worth a word. */
#define BATTERY_LOW 25
/* A card with less room takes no picture of a body of today, or few. */
#define CARD_FULL_BYTES (UINT64_C(8) << 20)
#define CARD_LOW_BYTES  (UINT64_C(512) << 20)

bool doctor_gives_up(struct doctor *doctor, int ret)
{
	if (ret != ORC_ESIGNAL && !doctor->call->io->job->moved[0])
		return false;
	doctor->given_up = true;
	doctor->result = ret;
	return true;
}

const char *doctor_command(const struct doctor *doctor, char buf[96])
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

struct camera *doctor_camera(struct doctor *doctor)
{
	struct camera *camera = NULL;
	int ret;

	if (doctor->open_result < 0)
		return NULL;
	ret = call_camera(doctor->call, &camera, &doctor->open_error);
	doctor->open_result = ret;
	return ret < 0 ? NULL : camera;
}

bool doctor_failed(
	struct doctor *doctor, struct finding *finding, int ret, const struct orc_error *err)
{
	if (ret >= 0)
		return false;
	if (!doctor_gives_up(doctor, ret)) {
		finding_error(finding, err);
		if (!finding->remedy[0])
			finding_remedy(
				finding, "switch it off and on again, and look at its cable");
	}
	return true;
}

/* Another client has it, or one of our own does not let go of it. */
static void tell_busy(struct doctor *doctor, const char *others, struct finding *finding)
{
	doctor_failed(doctor, finding, doctor->open_result, &doctor->open_error);
	if (doctor->given_up || doctor->others == 0)
		return;
	finding_problem(finding, ORC_EBUSY,
		"opencamrc on this machine is in the middle of something: %s", others);
	finding_remedy(finding, "wait for it, or end it");
}

static void look_in_use(struct doctor *doctor, struct finding *finding)
{
	struct job *job = doctor->call->io->job;
	char names[256];

	doctor->others = owner_other_jobs(job, names, sizeof(names));
	if (!doctor_camera(doctor)) {
		if (doctor->open_result == ORC_EBUSY)
			tell_busy(doctor, names, finding);
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
	struct camera *camera = doctor_camera(doctor);

	if (camera)
		finding_ok(finding, "%s answers", camera_model(camera));
	else if (doctor->open_result != ORC_EBUSY) /* that has been told */
		doctor_failed(doctor, finding, doctor->open_result, &doctor->open_error);
}

/* The value of a setting, on the heap; NULL where there is no such one, or the camera is lost. */
static char *value_of(struct doctor *doctor, struct finding *finding, const char *name)
{
	struct camera *camera = doctor_camera(doctor);
	struct orc_error err = { 0 };
	struct setting setting;
	char *value;
	int ret;

	if (!camera)
		return NULL;
	ret = camera_setting_get(camera, name, &setting, &err);
	if (ret == ORC_EREFUSED || doctor_failed(doctor, finding, ret, &err))
		return NULL;
	value = steal_pointer(&setting.value);
	setting_free(&setting);
	return value;
}

static void look_battery(struct doctor *doctor, struct finding *finding)
{
	cleanup_free char *value = value_of(doctor, finding, "batterylevel");
	long percent;
	char *end;

	if (!value)
		return;
	percent = strtol(value, &end, 10);
	if (end == value && strcmp(value, "Low") != 0)
		return; /* "Unknown value" */
	if (percent > BATTERY_LOW) {
		finding_ok(finding, "%ld%%", percent);
		return;
	}
	if (percent > 0)
		finding_note(finding, "%ld%%", percent);
	else
		finding_problem(finding, ORC_EREFUSED, "it is empty, or nearly so");
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
	double room = megabytes(card->free_bytes);
	char buf[96];

	if (card->read_only) {
		finding_note(finding, "the card is write-protected");
		finding_remedy(finding,
			"move its lock switch, or let pictures come to the computer "
			"alone");
		return;
	}
	if (card->free_bytes >= CARD_LOW_BYTES) {
		finding_ok(finding, "%.1f GB of %.1f GB free", room / 1e3,
			megabytes(card->capacity_bytes) / 1e3);
		return;
	}
	if (card->free_bytes < CARD_FULL_BYTES || (shots && strcmp(shots, "0") == 0))
		finding_problem(finding, ORC_EREFUSED, "full: %.1f MB are free", room);
	else
		finding_note(finding, "nearly full: %.0f MB are free", room);
	finding_remedy(finding, "%s files get --new, then make room on it; or another card",
		doctor_command(doctor, buf));
}

static void look_card(struct doctor *doctor, struct finding *finding)
{
	struct camera *camera = doctor_camera(doctor);
	cleanup_free char *shots = NULL;
	const struct camera_storage *card;
	struct orc_error err = { 0 };
	struct camera_info info;
	int ret;

	if (!camera)
		return;
	ret = camera_info_storages(camera, &info, &err);
	if (ret == ORC_EREFUSED || doctor_failed(doctor, finding, ret, &err))
		return;
	card = fullest(&info);
	if (card) {
		/* With others at work the body may count what the computer has room for. */
		if (card->free_bytes < CARD_LOW_BYTES && doctor->others == 0)
			shots = value_of(doctor, finding, "availableshots");
		tell_card(doctor, card, shots, finding);
	} else if (info.storage_count == 0) {
		finding_note(finding, "there is no card: pictures can go to the computer alone");
	}
	camera_info_free(&info);
}

/* libgphoto2's name of it, where a body tells; a number of seconds. */
static void look_power_off(struct doctor *doctor, struct finding *finding)
{
	cleanup_free char *value = value_of(doctor, finding, "autopoweroff");
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
	finding_remedy(finding, "%s config autopoweroff=0, or in the camera's menu",
		doctor_command(doctor, buf));
}

const struct doctor_check doctor_camera_checks[] = {
	{ "in use", look_in_use },
	{ "camera", look_camera },
	{ "round trip", doctor_look_round_trip },
	{ "rate", doctor_look_rate },
	{ "battery", look_battery },
	{ "card", look_card },
	{ "power off", look_power_off },
	{ NULL, NULL },
};
