/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the brands call the same setting, and the same value of it. */
#include "camera/names.h"

#include <string.h>
#include <strings.h>

#include "base/err.h"

enum { ANY = 0, NIKON = 0x04b0 };

/* The names are ptp2's; of each setting the best first, some for one vendor's bodies alone. */
static const struct {
	const char *common, *native;
	unsigned vendor;
} names[] = {
	{ NAME_ISO, "iso", ANY },
	{ NAME_APERTURE, "aperture", ANY },
	{ NAME_APERTURE, "f-number", ANY },
	/* Nikon has it in tenths of a millisecond as well: 1/60 is 0.0166 s there. */
	{ NAME_SHUTTER, "shutterspeed2", NIKON },
	{ NAME_SHUTTER, "shutterspeed", ANY },
	{ NAME_SHUTTER, "shutterspeed2", ANY },
	{ NAME_SHUTTER, "exptime", ANY },
	{ NAME_MODE, "autoexposuremode", ANY },
	{ NAME_MODE, "expprogram", ANY },
	{ NAME_MODE, "exposuremode", ANY },
	{ NAME_MODE, "shootingmode", ANY },
	{ NAME_EV, "exposurecompensation", ANY },
	{ NAME_FORMAT, "imageformat", ANY },
	{ NAME_FORMAT, "imagequality", ANY },
	{ NAME_FORMAT, "imagequality2", ANY },
	{ NAME_DRIVE, "drivemode", ANY },
	{ NAME_DRIVE, "capturemode", ANY },
	{ NAME_METERING, "meteringmode", ANY },
	{ NAME_METERING, "exposuremetermode", ANY },
	{ NAME_WB, "whitebalance", ANY },
	{ NAME_FOCUS_MODE, "focusmode", ANY },
	{ NAME_FOCUS_MODE, "focusmode2", ANY },
	{ NAME_SERIAL, "eosserialnumber", ANY },
	{ NAME_SERIAL, "serialnumber", ANY },
	{ NAME_BATTERY, "batterylevel", ANY },
	{ NAME_MANUFACTURER, "manufacturer", ANY },
	{ NAME_VERSION, "deviceversion", ANY },
	{ NAME_LENS, "lensname", ANY },
	{ NAME_LENS, "lens", ANY },
	{ NAME_LENS, "lensid", ANY },
};

/* Each row's words are one value. */
static const struct {
	const char *common;
	const char *words[2];
} values[] = {
	{ NAME_MODE, { "M", "Manual" } },
	{ NAME_MODE, { "A", "AV" } },
	{ NAME_MODE, { "S", "TV" } },
	/* An EOS's, before and since libgphoto2 2.5.32; S1 is S on some bodies. */
	{ NAME_FORMAT, { "Large Fine JPEG", "L" } },
	{ NAME_FORMAT, { "Large Normal JPEG", "cL" } },
	{ NAME_FORMAT, { "Medium Fine JPEG", "M" } },
	{ NAME_FORMAT, { "Medium Normal JPEG", "cM" } },
	{ NAME_FORMAT, { "Small Fine JPEG", "S" } },
	{ NAME_FORMAT, { "Small Fine JPEG", "S1" } },
	{ NAME_FORMAT, { "Small Normal JPEG", "cS" } },
	{ NAME_FORMAT, { "Small Normal JPEG", "cS1" } },
	{ NAME_FORMAT, { "Smaller JPEG", "S2" } },
	{ NAME_FORMAT, { "Tiny JPEG", "S3" } },
};

/* Between the two files of a pair: RAW + L. */
static const char pair[] = " + ";

const char *name_common(const char *name)
{
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		if (strcmp(names[i].common, name) == 0 || strcmp(names[i].native, name) == 0)
			return names[i].common;
	return NULL;
}

bool name_is_native(const char *name)
{
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		if (strcmp(names[i].native, name) == 0)
			return true;
	return false;
}

bool name_is(const char *name, const char *common)
{
	const char *own = name_common(name);

	return own && strcmp(own, common) == 0;
}

const char *name_native(const char *name, unsigned vendor, size_t index)
{
	const char *common = name_common(name);

	for (size_t i = 0; common && i < ARRAY_LENGTH(names); i++)
		if (strcmp(names[i].common, common) == 0 &&
			(names[i].vendor == ANY || names[i].vendor == vendor) && index-- == 0)
			return names[i].native;
	return NULL;
}

static bool is_word(const char *const words[2], const char *value)
{
	return strcasecmp(words[0], value) == 0 || strcasecmp(words[1], value) == 0;
}

/* Where both make the same RAW file, what is behind it. */
static void skip_raw(const char **a, const char **b)
{
	const char *end_a = strstr(*a, pair), *end_b = strstr(*b, pair);

	if (!end_a || !end_b || end_a - *a != end_b - *b ||
		strncasecmp(*a, *b, (size_t)(end_a - *a)) != 0)
		return;
	*a = end_a + strlen(pair);
	*b = end_b + strlen(pair);
}

bool name_same_value(const char *name, const char *a, const char *b)
{
	const char *common = name_common(name);

	skip_raw(&a, &b);
	for (size_t i = 0; common && i < ARRAY_LENGTH(values); i++)
		if (strcmp(values[i].common, common) == 0 && is_word(values[i].words, a) &&
			is_word(values[i].words, b))
			return true;
	return false;
}
