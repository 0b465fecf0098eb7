/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where pictures go, the card or the computer: a setting of the driver's. */
#include "camera/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <gphoto2/gphoto2-result.h>
#include <gphoto2/gphoto2-setting.h>

/* ptp2's names of the two. */
#define TO_CARD     "card"
#define TO_COMPUTER "sdram"
/* libgphoto2 copies a value without asking for the size; it holds no longer one. */
#define VALUE_SIZE 256

static char group[] = "ptp2", key[] = "capturetarget";

/* Canon's and Nikon's drivers look at libgphoto2's setting at each release; others are told. */
static bool is_setting(const struct camera *camera)
{
	return camera->abilities.usb_vendor == VENDOR_CANON ||
		camera->abilities.usb_vendor == VENDOR_NIKON;
}

/* Without one the pictures are for the computer. */
static void read_setting(char value[VALUE_SIZE])
{
	if (gp_setting_get(group, key, value) < 0)
		snprintf(value, VALUE_SIZE, TO_COMPUTER);
}

/*
 * For this process alone. libgphoto2 saves every change in the user's ~/.gphoto/settings, where it
 * would outlive a process that is killed: so there is no home while it does.
 */
static void write_setting(char *value)
{
	const char *home = getenv("HOME");
	cleanup_free char *before = home ? orc_must(strdup(home)) : NULL;

	setenv("HOME", "/dev/null", 1);
	gp_setting_set(group, key, value);
	if (before)
		setenv("HOME", before, 1);
	else
		unsetenv("HOME");
}

static int tell_card(struct camera *camera)
{
	char *before = camera_setting_value(camera, key);
	int ret = GP_OK;

	/* A body without the setting has only the card. */
	if (before && strcasecmp(before, "Memory card") != 0) {
		ret = camera_setting_put(camera, key, "Memory card");
		if (ret >= 0)
			camera->target_before = steal_pointer(&before);
	}
	free(before);
	return ret;
}

int target_to_card(struct camera *camera)
{
	char value[VALUE_SIZE], card[] = TO_CARD;

	if (camera->target_before)
		return GP_OK;
	if (!is_setting(camera))
		return tell_card(camera);
	read_setting(value);
	if (strcmp(value, TO_COMPUTER) != 0)
		return GP_OK;
	camera->target_before = orc_must(strdup(value));
	write_setting(card);
	return GP_OK;
}

int target_restore(struct camera *camera)
{
	int ret = GP_OK;

	if (!camera->target_before)
		return GP_OK;
	if (is_setting(camera))
		write_setting(camera->target_before);
	else
		ret = camera_setting_put(camera, key, camera->target_before);
	target_forget(camera);
	return ret;
}

bool target_is_computer(const struct camera *camera)
{
	char value[VALUE_SIZE];

	if (!is_setting(camera))
		return false;
	read_setting(value);
	return strcmp(value, TO_COMPUTER) == 0;
}

void target_forget(struct camera *camera)
{
	free(camera->target_before);
	camera->target_before = NULL;
}

void target_leave(struct camera *camera)
{
	char value[VALUE_SIZE], card[] = TO_CARD;

	if (camera->ready || camera->shooting || camera->abilities.usb_vendor != VENDOR_CANON)
		return;
	read_setting(value);
	if (strcmp(value, TO_COMPUTER) != 0)
		return;
	write_setting(card);
	camera->leaving = true;
}

void target_leave_end(struct camera *camera)
{
	char computer[] = TO_COMPUTER;

	camera->ready = true;
	if (!camera->leaving)
		return;
	write_setting(computer);
	camera->leaving = false;
}
