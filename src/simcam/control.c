/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hand on the camera's own buttons and dials: lines from a FIFO. */
#include "simcam/control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "simcam/camera.h"

int sim_control_open(struct sim_control *control, const char *path, struct orc_error *err)
{
	struct stat status;

	if (mkfifo(path, 0600) == 0) {
		control->path = path;
	} else if (errno != EEXIST || stat(path, &status) < 0 || !S_ISFIFO(status.st_mode)) {
		orc_fail_errno(err, ORC_EFILE, errno);
		return orc_what(err, "no FIFO at %s", path);
	}
	/* For writing as well, so that it never ends: writers come and go. */
	control->fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (control->fd >= 0)
		return 0;
	orc_fail_errno(err, ORC_EFILE, errno);
	return orc_what(err, "cannot open %s", path);
}

void sim_control_close(struct sim_control *control)
{
	if (control->fd >= 0)
		close(control->fd);
	control->fd = -1;
	if (control->path)
		unlink(control->path);
	control->path = NULL;
}

static bool power(struct sim_camera *camera, const char *word)
{
	bool off = !strcmp(word, "off");

	if (!off && strcmp(word, "on") != 0)
		return false;
	sim_power(camera, !off);
	return true;
}

/* "fault KIND@N": N transactions from now. */
static bool fault(struct sim_camera *camera, const char *const *words, size_t count)
{
	struct orc_error err = { 0 };

	if (count != 2 || strcmp(words[0], "fault") != 0)
		return false;
	if (sim_fault_parse(&camera->faults, words[1], &err) < 0)
		log_error("control: %s", err.why);
	return true;
}

/* A number, or a fraction: 1/250. */
static bool read_number(const char *text, double *number)
{
	char *end;
	double below = 1;

	*number = strtod(text, &end);
	if (end != text && *end == '/')
		below = strtod(end + 1, &end);
	if (end == text || *end || !(below > 0))
		return false;
	*number /= below;
	/* What becomes a whole number is one. */
	return *number > -1e9 && *number < 1e9;
}

/* What the body itself has: button, dials, focus ring. */
static bool hand(struct sim_camera *camera, const char *const *words, size_t count)
{
	const struct sim_body *body = camera->body;
	double number = 1;

	if (count == 3 && !strcmp(words[0], "set"))
		return body->turn && read_number(words[2], &number) &&
			body->turn(camera, words[1], number) == 0;
	if (count > 2 || (count == 2 && !read_number(words[1], &number)))
		return false;
	if (sim_is_off(camera) && (!strcmp(words[0], "press") || !strcmp(words[0], "hold")))
		log_info("control: the camera is off");
	else if (!strcmp(words[0], "press") && body->press && number >= 1 && number <= 10000)
		body->press(camera, (unsigned)number);
	else if (count == 2 && !strcmp(words[0], "focus"))
		sim_lens_move(camera, (int32_t)number);
	else if (count == 1 && !strcmp(words[0], "hold") && body->hold)
		body->hold(camera, true);
	else if (count == 1 && !strcmp(words[0], "release") && body->hold)
		body->hold(camera, false);
	else
		return false;
	return true;
}

static void obey(struct sim_camera *camera, char *line)
{
	const char *words[CONTROL_WORDS] = { 0 };
	size_t count = 0;
	char *rest = NULL, *word;

	for (word = strtok_r(line, " \t\r", &rest); word && count < CONTROL_WORDS;
		word = strtok_r(NULL, " \t\r", &rest))
		words[count++] = word;
	if (!count)
		return;
	log_debug("%s: control: %s %s", camera->usb.device.info.busid, words[0],
		words[1] ? words[1] : "");
	if ((count == 1 && power(camera, words[0])) || fault(camera, words, count))
		return;
	if (word || !hand(camera, words, count))
		log_error("control: not understood: %s", words[0]);
}

void sim_control_read(struct sim_camera *camera)
{
	struct sim_control *control = &camera->control;
	char *end;
	ssize_t n;

	if (control->fd < 0)
		return;
	while ((n = read(control->fd, control->line + control->len,
			sizeof(control->line) - control->len)) > 0) {
		control->len += (size_t)n;
		while ((end = memchr(control->line, '\n', control->len))) {
			*end++ = '\0';
			if (!control->too_long)
				obey(camera, control->line);
			control->too_long = false;
			control->len -= (size_t)(end - control->line);
			memmove(control->line, end, control->len);
		}
		if (control->len < sizeof(control->line))
			continue;
		/* No line of ours is so long: it is left out up to its end. */
		if (!control->too_long)
			log_error("control: a line of more than %d letters", CONTROL_LINE - 1);
		control->too_long = true;
		control->len = 0;
	}
}
