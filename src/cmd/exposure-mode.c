/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who decides on the exposure: the body's mode dial. */
#include "cmd/exposure-mode.h"

#include <strings.h>

#include "camera/names.h"
#include "camera/settings.h"

enum decides exposure_mode(struct camera *camera)
{
	enum decides decides = DECIDES_BODY;
	struct setting setting;
	struct orc_error none;

	if (camera_setting_get(camera, NAME_MODE, &setting, &none) < 0)
		return DECIDES_NOBODY;
	if (name_same_value(NAME_MODE, setting.value, "M"))
		decides = DECIDES_USER;
	else if (strcasecmp(setting.value, "Bulb") == 0)
		decides = DECIDES_BULB;
	setting_free(&setting);
	return decides;
}
