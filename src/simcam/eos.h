/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Canon's EOS extension of PTP: what the files eos*.c share. */
#ifndef SIMCAM_EOS_H
#define SIMCAM_EOS_H

#include "simcam/camera.h"
#include "simcam/standard.h"

/* Property codes that the simulator itself works with. */
enum eos_code {
	EOS_APERTURE = 0xd101,
	EOS_SHUTTER = 0xd102,
	EOS_ISO = 0xd103,
	EOS_COMPENSATION = 0xd104,
	EOS_MODE = 0xd105,
	EOS_DRIVE = 0xd106,
	EOS_METERING = 0xd107,
	EOS_FOCUS_MODE = 0xd108,
	EOS_WHITE_BALANCE = 0xd109,
	EOS_BATTERY = 0xd111,
	EOS_CAMERA_TIME = 0xd113,
	EOS_AUTO_POWER_OFF = 0xd114,
	EOS_OWNER = 0xd115,
	EOS_AVAILABLE_SHOTS = 0xd11b,
	EOS_DESTINATION = 0xd11c,
	EOS_FORMAT = 0xd120,
	EOS_FORMAT_SD = 0xd122,
	EOS_UTC_TIME = 0xd17c,
	EOS_SHUTTER_COUNT = 0xd1ac,
	EOS_SERIAL = 0xd1af,
	EOS_EVF_OUTPUT = 0xd1b0,
	EOS_ARTIST = 0xd1d0,
	EOS_COPYRIGHT = 0xd1d1,
	EOS_FOCUS_INFO = 0xd1d3,
	EOS_LENS_NAME = 0xd1d8,
};

enum eos_exposure_mode { EOS_MODE_P, EOS_MODE_TV, EOS_MODE_AV, EOS_MODE_M, EOS_MODE_BULB };
enum eos_destination { EOS_TO_CARD = SHOT_TO_CARD, EOS_TO_HOST = SHOT_TO_HOST }; /* or both */
enum { EOS_EVF_TO_PC = 2 };
#define EOS_SHUTTER_BULB 0x0c
#define EOS_STORAGE      0x00020001u /* the first logical store of the second slot */
enum { EOS_SENSOR_WIDTH = 5184, EOS_SENSOR_HEIGHT = 3456 };

/* Records of the event stream. */
enum eos_event {
	EOS_OBJECT_ADDED = 0xc181,
	EOS_OBJECT_REMOVED = 0xc182,
	EOS_REQUEST_TRANSFER = 0xc186,
	EOS_VALUE_CHANGED = 0xc189,
	EOS_LIST_CHANGED = 0xc18a,
	EOS_STATUS_CHANGED = 0xc18b,
	EOS_BULB_TIME = 0xc194,
	EOS_CATALOGUE_CHECKED = 0xc1a4,
};

enum eos_response {
	EOS_REFUSED = 0xa005,
	EOS_NOT_READY = 0xa102,
};

/* How a property's value travels. */
enum eos_kind {
	EOS_NO_VALUE, /* listed, never told */
	EOS_WORD,     /* 32 bits */
	EOS_TEXT,     /* ASCII, NUL and padding up to size; size 0: as long as it is */
	EOS_BLOB,
	EOS_IMAGE_FORMAT, /* a condensed 16-bit code here, see put_format() in eos-properties.c */
};

/* The form of a list record, as cameras send it. */
enum eos_form { EOS_FORM_NONE = 0, EOS_FORM_VALUE = 1, EOS_FORM_LIST = 3, EOS_FORM_OPAQUE = 7 };

enum eos_property_flag {
	EOS_WRITABLE = 1,
	EOS_ON_REQUEST = 2, /* told only after RequestDevicePropValue */
	EOS_ANY_WORD = 4,   /* any value may be set, not only a listed one */
};

struct eos_property {
	uint16_t code;
	uint8_t kind, form, flags;
	uint32_t word;        /* initial value of EOS_WORD and EOS_IMAGE_FORMAT */
	const uint32_t *list; /* choices; num_list is of words, list_words of them a choice */
	uint16_t num_list, list_words;
	const void *bytes; /* initial value of EOS_BLOB and EOS_TEXT; NULL: zeroes */
	uint16_t size;
};

/* The model's table: eos1200d.c. */
extern const struct eos_property eos1200d_properties[];
extern const size_t eos1200d_num_properties;

struct eos_value {
	uint32_t word;
	struct sim_buffer bytes;
};

struct eos {
	const struct eos_property *properties;
	size_t num_properties;
	struct eos_value *values; /* one a property */

	uint32_t remote_mode, event_mode;
	bool ui_locked;
	uint32_t host_capacity; /* clusters that the host said it has free */
	struct sim_buffer events;
	bool half_pressed, focused;
	unsigned presses; /* of the body's own button, yet to be answered */
};

static inline struct eos *eos_of(const struct sim_camera *camera)
{
	return camera->state;
}

/* eos-properties.c */
void eos_properties_init(struct eos *eos, const struct eos_property *properties, size_t count);
void eos_properties_free(struct eos *eos);
const struct eos_property *eos_property(const struct eos *eos, uint16_t code);
uint32_t eos_get(const struct eos *eos, uint16_t code); /* of an unknown one: 0 */
const char *eos_get_text(const struct eos *eos, uint16_t code);
/* Without a word to the host: for the start. */
void eos_set_text(struct eos *eos, uint16_t code, const char *text);
/* Sets and, where it changed, tells. */
void eos_set(struct sim_camera *camera, uint16_t code, uint32_t word);
void eos_put_value(
	struct sim_camera *camera, struct sim_buffer *out, const struct eos_property *property);
void eos_put_list(
	const struct eos *eos, struct sim_buffer *out, const struct eos_property *property);
/* What a property may be now. */
size_t eos_choices(
	const struct eos *eos, const struct eos_property *property, const uint32_t **list);
/* From a host: checks against the choices. */
enum ptp_response eos_set_from_host(struct sim_camera *camera, const uint8_t *data, size_t len);
/* AvailableShots follows from the destination, the format and the space. */
void eos_update_space(struct sim_camera *camera);
uint64_t eos_expected_size(const struct eos *eos);

/* eos-events.c: each appends a record, and rings the interrupt pipe when the stream was empty. */
void eos_tell_value(struct sim_camera *camera, uint16_t code);
void eos_tell_list(struct sim_camera *camera, uint16_t code);
void eos_tell_everything(struct sim_camera *camera);
void eos_tell_word(struct sim_camera *camera, enum eos_event event, uint32_t word);
void eos_tell_added(struct sim_camera *camera, const struct card_object *object);
void eos_tell_transfer(struct sim_camera *camera, struct card_object *object);
enum ptp_response eos_get_event(struct sim_camera *camera, struct ptp_transaction *t);

/* eos-exposure.c */
/* Nominal values of the codes: 0x30 is f/5.6, 0x60 1/30 s, 0x48 ISO 100. */
double eos_aperture(uint32_t code);
double eos_seconds(uint32_t code);
unsigned eos_iso(uint32_t code);
struct sim_exposure eos_meter(const struct sim_camera *camera);
bool eos_is_bulb(const struct eos *eos);
double eos_bias(const struct eos *eos); /* exposure compensation, in stops */
/* The shutter speeds of a mode: none in P and AV. */
size_t eos_shutter_list(uint32_t mode, const uint32_t **list);

/* eos-shoot.c */
enum ptp_response eos_release_on(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_release_off(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_release(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_bulb_start(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_bulb_end(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_af(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_af_cancel(struct sim_camera *camera, struct ptp_transaction *t);
void eos_go_on(struct sim_camera *camera); /* a burst, once there is room again */
void eos_describe(struct sim_camera *camera, struct studio_job *job);
void eos_exposed(struct sim_camera *camera);
void eos_bulb_opened(struct sim_camera *camera);
void eos_shot_done(struct sim_camera *camera);
/* The body's own button, so many times, as fast as it takes them. */
void eos_press(struct sim_camera *camera, unsigned count);
void eos_let_go(struct sim_camera *camera); /* nobody presses anything any more */

/* eos-view.c */
enum ptp_response eos_view(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_drive_lens(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_zoom(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_zoom_position(struct sim_camera *camera, struct ptp_transaction *t);
/* The camera itself ends it. */
void eos_end_view(struct sim_camera *camera);
void eos_view_switched(struct sim_camera *camera);
void eos_frame_begin(struct sim_buffer *out);
void eos_frame_end(uint8_t *data, size_t len);

/* eos-objects.c */
enum ptp_response eos_get_object_info_ex(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_set_object_attributes(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_transfer_complete(struct sim_camera *camera, struct ptp_transaction *t);

/* eos.c: modes, locks; and the hooks of a body. */
enum ptp_response eos_set_remote_mode(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_get_remote_mode(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_set_event_mode(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_set_ui_lock(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_reset_ui_lock(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_host_capacity(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_set_property(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_request_property(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_get_device_info_ex(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response eos_nothing(struct sim_camera *camera, struct ptp_transaction *t);
void eos_start(struct sim_camera *camera, const struct eos_property *properties, size_t count);
void eos_stop(struct sim_camera *camera);
void eos_session_closed(struct sim_camera *camera);
void eos_switched_off(struct sim_camera *camera);
bool eos_remote(struct sim_camera *camera);
int eos_turn(struct sim_camera *camera, const char *name, double number);
void eos_hold(struct sim_camera *camera, bool down);
void eos_object_removed(struct sim_camera *camera, uint32_t handle);

#endif
