/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who decides on the exposure: the body's mode dial. */
#include "cmd/exposure-mode.h"

#include <strings.h>

#include "camera/settings.h"

/* Where bodies say what decides on the exposure; the names are ptp2's. */
static const char *const modes[] = { "autoexposuremode", "expprogram", "exposuremode" };

enum decides exposure_mode(struct camera *camera)
{
	enum decides decides = DECIDES_NOBODY;
	struct setting setting;
	struct orc_error none;

	for (size_t i = 0; decides == DECIDES_NOBODY && i < ARRAY_LENGTH(modes); i++) {
		if (camera_setting_get(camera, modes[i], &setting, &none) < 0)
			continue;
		if (strcasecmp(setting.value, "M") == 0 ||
			strncasecmp(setting.value, "Manual", 6) == 0)
			decides = DECIDES_USER;
		else if (strcasecmp(setting.value, "Bulb") == 0)
			decides = DECIDES_BULB;
		else
			decides = DECIDES_BODY;
		setting_free(&setting);
	}
	return decides;
}
