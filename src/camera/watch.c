/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The moment of release and the time of transactions, as seen in what the driver writes and reads. */
#include "camera/watch.h"

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* A command's container (PTP over USB, the class's specification 1.0, 7.1). */
enum {
	LENGTH_AT = 0,
	TYPE_AT = 4,
	CODE_AT = 6,
	ID_AT = 8,
	PARAM_AT = 12,
	LONGEST = 32,
	TYPE_COMMAND = 1,
	TYPE_RESPONSE = 3
};

/* Whether the picture goes to the camera's memory, as far as the operation itself says. */
enum memory { UNSAID, TO_MEMORY, SECOND_PARAM };

/* The operations that release the shutter; of some a bit in the first parameter says whether. */
static const struct release {
	uint16_t code;
	uint32_t bit;
	enum memory memory;
} releases[] = {
	{ 0x100e, 0, UNSAID },       /* InitiateCapture */
	{ 0x910f, 0, UNSAID },       /* Canon EOS RemoteRelease */
	{ 0x9125, 0, UNSAID },       /* Canon EOS BulbStart */
	{ 0x9128, 2, UNSAID },       /* Canon EOS RemoteReleaseOn: 1 half, 2 full */
	{ 0x90c0, 0, TO_MEMORY },    /* Nikon InitiateCaptureRecInSdram */
	{ 0x90cb, 0, TO_MEMORY },    /* Nikon AfAndCaptureRecInSdram */
	{ 0x9207, 0, SECOND_PARAM }, /* Nikon InitiateCaptureRecInMedia: 1 for the memory */
};

/* One a thread: each watches the camera that it works on. */
static _Thread_local struct watch *watching;
static _Thread_local struct watch_transaction transaction;
static _Thread_local struct watch_meter *metering;
static _Thread_local bool exhausted;

void watch_start(struct watch *watch)
{
	watching = watch;
	if (watch)
		*watch = (struct watch){ 0 };
}

bool watch_released(const struct watch *watch)
{
	return watch->sent_nsec && watch->response == WATCH_OK;
}

void watch_meter(struct watch_meter *meter)
{
	metering = meter;
	if (meter)
		*meter = (struct watch_meter){ .since_nsec = clock_now_nsec() };
}

static void meter_read(struct watch_meter *meter, unsigned len, bool response)
{
	nsec_t now, taken;

	/* What failed has a negative length. */
	if ((int)len > 0)
		meter->bytes += len;
	if (!response)
		return;
	now = clock_now_nsec();
	taken = now - meter->since_nsec;
	meter->since_nsec = now;
	meter->transactions++;
	if (!meter->shortest_nsec || taken < meter->shortest_nsec)
		meter->shortest_nsec = taken;
	if (meter->bytes > meter->most_bytes) {
		meter->most_bytes = meter->bytes;
		meter->most_nsec = taken;
	}
	meter->bytes = 0;
}

static bool is_container(const uint8_t *data, unsigned len, uint16_t type)
{
	/* What failed has a negative length: then it is above, too. */
	return len >= PARAM_AT && len <= LONGEST && get_le32(data + LENGTH_AT) == len &&
		get_le16(data + TYPE_AT) == type;
}

/* A parameter that the command does not have is 0. */
static uint32_t get_param(const uint8_t *data, unsigned len, unsigned which)
{
	unsigned at = PARAM_AT + 4 * which;

	return len >= at + 4 ? get_le32(data + at) : 0;
}

/* NULL for a command that releases nothing. */
static const struct release *find_release(const uint8_t *data, unsigned len)
{
	uint16_t code = get_le16(data + CODE_AT);

	for (size_t i = 0; i < ARRAY_LENGTH(releases); i++)
		if (releases[i].code == code &&
			(!releases[i].bit || get_param(data, len, 0) & releases[i].bit))
			return &releases[i];
	return NULL;
}

void watch_bytes(bool written, const char *data, unsigned len)
{
	const uint8_t *bytes = (const uint8_t *)data;
	struct watch *watch = watching;
	const struct release *release;
	bool command = written && is_container(bytes, len, TYPE_COMMAND);
	bool response = !written && is_container(bytes, len, TYPE_RESPONSE);

	if (command) {
		transaction = (struct watch_transaction){
			.code = get_le16(bytes + CODE_AT),
			.id = get_le32(bytes + ID_AT),
		};
	} else if (response) {
		transaction.answered = true;
		transaction.answered_id = get_le32(bytes + ID_AT);
		transaction.response = get_le16(bytes + CODE_AT);
		if (watch && watch->sent_nsec && watch->id == transaction.answered_id)
			watch->response = transaction.response;
	}
	if (metering && !written)
		meter_read(metering, len, response);
	if (!watch)
		return;
	if (written) {
		release = command ? find_release(bytes, len) : NULL;
		if (!release)
			return;
		watch->sent_nsec = clock_now_nsec();
		watch->answered_nsec = 0;
		watch->id = transaction.id;
		watch->response = 0;
		watch->to_memory = release->memory == TO_MEMORY ||
			(release->memory == SECOND_PARAM && get_param(bytes, len, 1) == 1);
	} else if (!watch->sent_nsec) {
		watch->read_nsec = clock_now_nsec();
	} else if (!watch->answered_nsec) {
		watch->answered_nsec = clock_now_nsec();
	}
}

struct watch_transaction watch_transaction(void)
{
	return transaction;
}

void watch_forget(void)
{
	transaction = (struct watch_transaction){ 0 };
}

void watch_exhausted(bool is_exhausted)
{
	exhausted = is_exhausted;
}

bool watch_is_exhausted(void)
{
	return exhausted;
}
