/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings as they were before, put back at the end whatever happened. */
#include "cmd/restore.h"

#include <stdlib.h>
#include <string.h>

#include "camera/choice.h"
#include "camera/tidy.h"

int restore_keep(struct restore *restore, const struct setting *setting, struct orc_error *err)
{
	struct setting later = *setting;
	struct choice_value value;
	struct setting_change *kept;

	for (size_t i = 0; i < restore->count; i++)
		if (strcmp(restore->kept[i].name, setting->name) == 0)
			return 0;
	/* What the dial or the mode decides on is the user's to set once that is changed, and until it is put back. */
	later.readonly = false;
	if (choice_check(&later, setting->value, &value, err) < 0) {
		orc_fail(err, ORC_EREFUSED, "it is '%.80s', which it could not be set back to",
			setting->value);
		return orc_what(err, "cannot change %.80s for a while", setting->name);
	}
	restore->kept =
		orc_must(realloc(restore->kept, (restore->count + 1) * sizeof(*restore->kept)));
	kept = &restore->kept[restore->count++];
	kept->name = orc_must(strdup(setting->name));
	kept->value = orc_must(strdup(setting->value));
	return 0;
}

static bool is_lost(int ret)
{
	return ret == ORC_ELOST || ret == ORC_EPROTO || ret == ORC_ETIMEOUT;
}

int restore_camera(struct call *call, struct camera **camera, struct orc_error *err)
{
	*camera = call_camera_to_end(call);
	return *camera ? 0 : call_camera(call, camera, err);
}

static int put_back(struct call *call, const struct setting_change *kept, struct orc_error *err)
{
	struct camera *camera;
	int ret = restore_camera(call, &camera, err);

	return ret < 0 ? ret : camera_setting_put_back(camera, kept->name, kept->value, err);
}

int restore_put_back(struct restore *restore, struct call *call, struct orc_error *err)
{
	bool opened = false;
	int first = 0, ret;

	while (restore->count > 0) {
		const struct setting_change *kept = &restore->kept[restore->count - 1];
		struct orc_error own = { 0 };

		ret = first < 0 && is_lost(first) ? first : put_back(call, kept, &own);
		if (is_lost(ret) && !opened) {
			opened = true;
			call_drop_camera(call);
			ret = put_back(call, kept, &own);
		}
		if (ret < 0)
			call_warn(call, "%s is not put back: it was %s", kept->name, kept->value);
		if (ret < 0 && first == 0) {
			first = ret;
			*err = own;
		}
		free((char *)kept->name);
		free((char *)kept->value);
		restore->count--;
	}
	return first;
}

void restore_free(struct restore *restore)
{
	for (size_t i = 0; i < restore->count; i++) {
		free((char *)restore->kept[i].name);
		free((char *)restore->kept[i].value);
	}
	free(restore->kept);
	*restore = (struct restore){ 0 };
}
