/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A camera that is stuck in a transaction: the transaction cancelled, or the camera's port reset. */
#include <stdlib.h>

#include <gphoto2/gphoto2-port-result.h>
#include <gphoto2/gphoto2-port.h>
#include <gphoto2/gphoto2-result.h>

#include "base/bytes.h"
#include "base/log.h"
#include "camera/listen.h"
#include "camera/private.h"
#include "camera/watch.h"

/* USB Still Image Capture Device Definition 1.0, 5.2: class requests, and their codes. */
enum {
	CANCEL_REQUEST = 0x64,
	GET_DEVICE_STATUS = 0x67,
	CANCEL_CODE = 0x4001,
	STATUS_OK = 0x2001,
};

/* An answer to endpoint 0 waits for nothing in the camera. */
#define CONTROL_MSEC 1000
#define PAUSE_MSEC   50

static int clear_halts(GPPort *port)
{
	int ret = gp_port_usb_clear_halt(port, GP_PORT_USB_ENDPOINT_IN);

	return ret < 0 ? ret : gp_port_usb_clear_halt(port, GP_PORT_USB_ENDPOINT_OUT);
}

/* Until the camera says that nothing is under way any more. A code of libgphoto2. */
static int cancel(GPPort *port, struct deadline deadline)
{
	uint8_t request[6], status[32];
	int ret;

	put_le16(request, CANCEL_CODE);
	put_le32(request + 2, watch_transaction().id);
	ret = gp_port_usb_msg_class_write(
		port, CANCEL_REQUEST, 0, 0, (char *)request, sizeof(request));
	while (ret >= 0) {
		ret = gp_port_usb_msg_class_read(
			port, GET_DEVICE_STATUS, 0, 0, (char *)status, sizeof(status));
		if (ret >= 4 && get_le16(status + 2) == STATUS_OK)
			return clear_halts(port);
		if (ret >= 0 && deadline_passed(deadline))
			return GP_ERROR_TIMEOUT;
		if (ret >= 0)
			clock_sleep_until(deadline_after_msec(PAUSE_MSEC));
	}
	return ret;
}

/* Nothing is lost: what it tells goes to those who listen. */
static int ask(struct camera *camera)
{
	CameraEventType type;
	void *data = NULL;
	int ret;

	ret = camera_take_event(camera, 0, false, &type, &data);
	free(data);
	return ret == GP_ERROR_CAMERA_BUSY ? GP_OK : ret;
}

int camera_reset(struct camera *camera, struct deadline deadline, struct orc_error *err)
{
	GPPort *port = camera->gp->port;
	int timeout_msec, ret;

	camera_begin(camera);
	if (!port || camera->abilities.usb_vendor == 0 ||
		gp_port_get_timeout(port, &timeout_msec) < 0)
		return orc_fail(err, ORC_ELOST, "its port knows no reset");
	gp_port_set_timeout(port, CONTROL_MSEC);
	ret = cancel(port, deadline);
	if (ret >= 0)
		ret = ask(camera);
	if (ret >= 0) {
		gp_port_set_timeout(port, timeout_msec);
		camera->broken = false;
		camera->fresh = false;
		return 0;
	}
	log_debug("the camera does not answer to a cancel request (%d)", ret);
	camera_fail(camera, ret, err);
	camera->broken = true;
	/* On a link that is gone this fails at once. */
	if (gp_port_reset(port) < 0)
		log_debug("nor to a reset");
	return ORC_ELOST;
}
