/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes a setting as a camera has it against what a user wrote: lines are value, text, choices. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "camera/choice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHOICES_MAX 8

static void check_value(const struct setting *setting, const char *text)
{
	struct choice_value value = { 0 };
	struct orc_error err = { 0 };
	int ret = choice_check(setting, text, &value, &err);

	if (ret < 0) {
		if (!err.why[0] || !err.what[0])
			abort();
		return;
	}
	if (setting->type == SETTING_RADIO && !value.text)
		abort();
	if (setting->type == SETTING_RANGE && !isfinite(value.number))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[] = "name", near[64], *choices[CHOICES_MAX], *copy, *rest, *line;
	struct setting setting = { .name = name, .label = name, .choices = choices };
	static const enum setting_type types[] = { SETTING_RADIO, SETTING_MENU, SETTING_TEXT,
		SETTING_RANGE, SETTING_TOGGLE, SETTING_DATE, SETTING_BUTTON };
	const char *text;
	double number;

	if (size < 4 || size > 1000)
		return 0;
	setting.minimum = (float)(int8_t)data[1] / 4;
	setting.maximum = (float)(int8_t)data[2] / 4;
	setting.step = (float)data[3] / 16;
	copy = rest = strndup((const char *)data + 4, size - 4);
	if (!copy)
		abort();
	setting.value = strsep(&rest, "\n");
	text = rest ? strsep(&rest, "\n") : "";
	while ((line = strsep(&rest, "\n")) && setting.choice_count < CHOICES_MAX)
		choices[setting.choice_count++] = line;
	setting.type = types[data[0] % ARRAY_LENGTH(types)];
	check_value(&setting, text);
	if (choice_number(setting.value, &number) && !isfinite(number))
		abort();
	choice_nearest(
		(const char *const *)choices, setting.choice_count, text, near, sizeof(near));
	free(copy);
	return 0;
}
