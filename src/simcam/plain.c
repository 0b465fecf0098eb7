/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A camera that knows PTP and nothing beyond: InitiateCapture, files, events on the interrupt pipe. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "simcam/camera.h"
#include "simcam/standard.h"

#define PLAIN_STORAGE 0x00010001u
#define ANY_STORAGE   0xffffffffu
#define PICTURE_SIZE  (8u << 20) /* a picture may need so much */

/* What waits for the shutter to be free: the rest of a burst, the user's own presses. */
struct plain {
	unsigned presses;
};

/* Tables read by their rows. */
/* clang-format off */
#define LIST(name) .form = PTP_FORM_LIST, .list = name, .num_list = ARRAY_LENGTH(name)

static const char *const sizes[] = { "2592x1728", "1920x1280", "720x480" };
static const int64_t white_balances[] = { 1, 2, 4, 5, 6, 7 };
#define F_NUMBER(number) number,
static const int64_t f_numbers[] = { STANDARD_F_NUMBERS(F_NUMBER) };
static const int64_t times[] = { 5, 10, 20, 40, 80, 166, 333, 666, 1250, 2500, 5000, 10000, 20000,
	40000, 80000, 150000, 300000 };
static const int64_t programs[] = { 1, 2, 3, 4 };
static const int64_t isos[] = { 100, 200, 400, 800, 1600, 3200 };
static const int64_t biases[] = { -2000, -1666, -1333, -1000, -666, -333, 0, 333, 666, 1000, 1333,
	1666, 2000 };
static const int64_t drives[] = { DRIVE_SINGLE, DRIVE_BURST };

static const struct ptp_property properties[] = {
	{ STANDARD_BATTERY, PTP_UINT8, .form = PTP_FORM_RANGE, .maximum = 100, .step = 1, .number = 80 },
	{ STANDARD_IMAGE_SIZE, PTP_TEXT, .writable = true, .form = PTP_FORM_LIST, .text = "1920x1280", .texts = sizes,
		.num_list = ARRAY_LENGTH(sizes) },
	{ STANDARD_WHITE_BALANCE, PTP_UINT16, .writable = true, .number = 2, LIST(white_balances) },
	{ STANDARD_F_NUMBER, PTP_UINT16, .writable = true, .number = 560, LIST(f_numbers) },
	{ STANDARD_EXPOSURE_TIME, PTP_UINT32, .writable = true, .number = 166, LIST(times) },
	{ STANDARD_PROGRAM, PTP_UINT16, .writable = true, .number = PROGRAM_AUTO, LIST(programs) },
	{ STANDARD_ISO, PTP_UINT16, .writable = true, .number = 400, LIST(isos) },
	{ STANDARD_BIAS, PTP_INT16, .writable = true, LIST(biases) },
	{ STANDARD_TIME, PTP_TEXT, .writable = true },
	{ STANDARD_DRIVE, PTP_UINT16, .writable = true, .number = DRIVE_SINGLE, LIST(drives) },
	{ STANDARD_BURST, PTP_UINT16, .writable = true, .form = PTP_FORM_RANGE, .minimum = 1, .maximum = 9, .step = 1,
		.number = 3 },
	{ STANDARD_ARTIST, PTP_TEXT, .writable = true },
	{ STANDARD_COPYRIGHT, PTP_TEXT, .writable = true },
};
/* clang-format on */

static struct plain *plain_of(const struct sim_camera *camera)
{
	return camera->state;
}

static void go_on(struct sim_camera *camera)
{
	struct plain *plain = plain_of(camera);

	enum ptp_response room;

	if (!plain->presses || !sim_shutter_free(camera))
		return;
	room = sim_shutter_room(camera, PICTURE_SIZE);
	if (room == PTP_DEVICE_BUSY)
		return;
	if (room != PTP_OK) {
		plain->presses = 0;
		ptp_event(&camera->ptp, EVENT_STORE_FULL, PLAIN_STORAGE);
		return;
	}
	plain->presses--;
	sim_shutter_release(camera, 0, SHOT_TO_CARD);
}

static void press(struct sim_camera *camera, unsigned count)
{
	plain_of(camera)->presses += count;
	go_on(camera);
}

/* Storage and format: 0 leaves them to the camera. */
static enum ptp_response initiate_capture(struct sim_camera *camera, struct ptp_transaction *t)
{
	bool burst = ptp_get(camera, STANDARD_DRIVE) == DRIVE_BURST;
	enum ptp_response room;

	if (t->params[0] && t->params[0] != PLAIN_STORAGE && t->params[0] != ANY_STORAGE)
		return PTP_INVALID_STORAGE_ID;
	if (t->params[1] && t->params[1] != CARD_JPEG)
		return PTP_INVALID_FORMAT;
	if (camera->faults.busy) {
		camera->faults.busy--;
		return PTP_DEVICE_BUSY;
	}
	if (!sim_shutter_idle(camera) || plain_of(camera)->presses)
		return PTP_DEVICE_BUSY;
	room = sim_shutter_room(camera, PICTURE_SIZE);
	if (room != PTP_OK)
		return room;
	press(camera, burst ? (unsigned)ptp_get(camera, STANDARD_BURST) : 1);
	return PTP_OK;
}

static void file_stored(struct sim_camera *camera, const struct card_object *object)
{
	ptp_event(&camera->ptp, EVENT_OBJECT_ADDED, object->handle);
}

/* Nothing ever goes to the host alone. */
static void file_waits(struct sim_camera *camera, struct card_object *object)
{
	(void)camera;
	(void)object;
}

/* Once for all pictures of a burst. */
static void shot_done(struct sim_camera *camera)
{
	go_on(camera);
	if (sim_shutter_idle(camera))
		ptp_event(&camera->ptp, EVENT_CAPTURE_COMPLETE, camera->ptp.last_id);
}

static void property_read(const struct sim_camera *camera, uint16_t code, struct ptp_value *value)
{
	if (code == STANDARD_TIME)
		standard_read_clock(camera, value);
}

static enum ptp_response property_changed(struct sim_camera *camera, uint16_t code)
{
	return code == STANDARD_TIME ? standard_set_clock(camera) : PTP_OK;
}

static int start(struct sim_camera *camera, struct orc_error *err)
{
	(void)err;
	camera->state = orc_must(calloc(1, sizeof(struct plain)));
	return 0;
}

static void stop(struct sim_camera *camera)
{
	free(camera->state);
	camera->state = NULL;
}

static void session_closed(struct sim_camera *camera)
{
	(void)camera; /* settings and card stay; a burst goes on */
}

static void switched_off(struct sim_camera *camera)
{
	plain_of(camera)->presses = 0;
}

static const struct ptp_operation operations[] = {
	{ 0x1001, PTP_SESSIONLESS | PTP_GETS, 0, ptp_get_device_info },
	{ 0x1002, PTP_SESSIONLESS, 1, ptp_open_session },
	{ 0x1003, 0, 0, ptp_close_session },
	{ 0x1004, PTP_GETS, 0, ptp_get_storage_ids },
	{ 0x1005, PTP_GETS, 1, ptp_get_storage_info },
	{ 0x1006, 0, 1, ptp_get_num_objects },
	{ 0x1007, PTP_GETS, 1, ptp_get_object_handles },
	{ 0x1008, PTP_GETS, 1, ptp_get_object_info },
	{ 0x1009, PTP_GETS, 1, ptp_get_object },
	{ 0x100a, PTP_GETS, 1, ptp_get_thumb },
	{ 0x100b, 0, 1, ptp_delete_object },
	{ 0x100c, PTP_SENDS, 1, ptp_send_object_info },
	{ 0x100d, PTP_SENDS, 0, ptp_send_object },
	{ 0x100e, 0, 0, initiate_capture },
	{ 0x1014, PTP_GETS, 1, ptp_get_property_desc },
	{ 0x1015, PTP_GETS, 1, ptp_get_property_value },
	{ 0x1016, PTP_SENDS, 1, ptp_set_property_value },
	{ 0x101b, PTP_GETS, 3, ptp_get_partial_object },
};

static const uint16_t events[] = { EVENT_OBJECT_ADDED, EVENT_STORE_FULL, EVENT_CAPTURE_COMPLETE };
static const uint16_t capture_formats[] = { CARD_JPEG };
static const uint16_t image_formats[] = { 0x3000, 0x3001, CARD_JPEG };

/* pid.codes keeps this vendor's first products for tests: no camera is known by it. */
const struct sim_body body_plain = {
	.name = "plain",
	.vendor = 0x1209,
	.product = 0x0001,
	.manufacturer = "Nobody",
	.model = "Plain PTP Camera",
	.version = "1.0",
	.serial = "000001",
	.ptp_version = 100,
	.operations = operations,
	.num_operations = ARRAY_LENGTH(operations),
	.events = SIM_CODES(events),
	.capture_formats = SIM_CODES(capture_formats),
	.image_formats = SIM_CODES(image_formats),
	.properties = properties,
	.num_properties = ARRAY_LENGTH(properties),
	.card_size = 4000000000,
	.card_folder = "100PLAIN",
	.storage = PLAIN_STORAGE,
	.picture_prefix = "PICT",
	.raw_suffix = "RAW",
	.start = start,
	.stop = stop,
	.session_closed = session_closed,
	.switched_off = switched_off,
	.property_read = property_read,
	.property_changed = property_changed,
	.meter = standard_meter,
	.describe = standard_describe,
	.exposed = go_on,
	.file_stored = file_stored,
	.file_waits = file_waits,
	.shot_done = shot_done,
	.press = press,
	.turn = standard_turn,
};
