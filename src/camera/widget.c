/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libgphoto2's configuration widgets, made into settings and back. */
#include "camera/widget.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gphoto2/gphoto2-result.h>

static enum setting_type setting_type(CameraWidgetType type)
{
	switch (type) {
	case GP_WIDGET_RANGE:
		return SETTING_RANGE;
	case GP_WIDGET_TOGGLE:
		return SETTING_TOGGLE;
	case GP_WIDGET_RADIO:
		return SETTING_RADIO;
	case GP_WIDGET_MENU:
		return SETTING_MENU;
	case GP_WIDGET_DATE:
		return SETTING_DATE;
	case GP_WIDGET_BUTTON:
		return SETTING_BUTTON;
	case GP_WIDGET_TEXT:
	case GP_WIDGET_WINDOW:
	case GP_WIDGET_SECTION:
		break;
	}
	return SETTING_TEXT;
}

const char *setting_type_name(enum setting_type type)
{
	static const char *const names[] = {
		[SETTING_TEXT] = "TEXT",
		[SETTING_RANGE] = "RANGE",
		[SETTING_TOGGLE] = "TOGGLE",
		[SETTING_RADIO] = "RADIO",
		[SETTING_MENU] = "MENU",
		[SETTING_DATE] = "DATE",
		[SETTING_BUTTON] = "BUTTON",
	};

	return names[type];
}

bool widget_is_container(CameraWidget *widget)
{
	CameraWidgetType type;

	return gp_widget_get_type(widget, &type) >= 0 &&
		(type == GP_WIDGET_WINDOW || type == GP_WIDGET_SECTION);
}

static char *copy(const char *text)
{
	return orc_must(strdup(text ? text : ""));
}

/* The value as gphoto2 prints it. */
static char *read_value(CameraWidget *widget, enum setting_type type)
{
	char *text = NULL;
	char buf[32];
	float number = 0;
	int integer = 0;

	switch (type) {
	case SETTING_RANGE:
		gp_widget_get_value(widget, &number);
		snprintf(buf, sizeof(buf), "%g", (double)number);
		return copy(buf);
	case SETTING_TOGGLE:
	case SETTING_DATE:
		gp_widget_get_value(widget, &integer);
		snprintf(buf, sizeof(buf), "%d", integer);
		return copy(buf);
	case SETTING_TEXT:
	case SETTING_RADIO:
	case SETTING_MENU:
		gp_widget_get_value(widget, &text);
		return copy(text);
	case SETTING_BUTTON:
		break;
	}
	return copy(NULL);
}

static void read_choices(CameraWidget *widget, struct setting *setting)
{
	int count = gp_widget_count_choices(widget);
	const char *text;
	int i;

	if (count <= 0)
		return;
	setting->choices = orc_must(calloc((size_t)count, sizeof(char *)));
	for (i = 0; i < count; i++)
		if (gp_widget_get_choice(widget, i, &text) >= 0)
			setting->choices[setting->choice_count++] = copy(text);
}

void widget_read(CameraWidget *widget, const char *path, struct setting *setting)
{
	CameraWidgetType type = GP_WIDGET_TEXT;
	const char *name = NULL, *label = NULL;
	int readonly = 0;

	*setting = (struct setting){ 0 };
	gp_widget_get_type(widget, &type);
	gp_widget_get_name(widget, &name);
	gp_widget_get_label(widget, &label);
	gp_widget_get_readonly(widget, &readonly);
	/* Read singly, some have no name; in a tree, gphoto2 takes the label for it. */
	if (!name || !*name)
		name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	setting->path = copy(path);
	setting->name = copy(name);
	setting->label = copy(label);
	setting->type = setting_type(type);
	setting->readonly = readonly != 0;
	setting->value = read_value(widget, setting->type);
	if (setting->type == SETTING_RADIO || setting->type == SETTING_MENU)
		read_choices(widget, setting);
	if (setting->type == SETTING_RANGE)
		gp_widget_get_range(widget, &setting->minimum, &setting->maximum, &setting->step);
}

static char *child_path(CameraWidget *widget, const char *parent)
{
	const char *name = NULL;
	char *path;

	gp_widget_get_name(widget, &name);
	if (!name || !*name)
		gp_widget_get_label(widget, &name);
	if (asprintf(&path, "%s/%s", parent, name ? name : "") < 0)
		path = orc_must(NULL);
	return path;
}

static bool has_path(const struct setting *settings, size_t count, const char *path)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(settings[i].path, path) == 0)
			return true;
	return false;
}

static void flatten(
	CameraWidget *widget, const char *parent, struct setting **settings, size_t *count)
{
	cleanup_free char *path = child_path(widget, parent);
	CameraWidget *child;
	int i, children;

	if (!widget_is_container(widget)) {
		/* What the driver lists twice in one place, as a Nikon's bulb, cannot be told apart. */
		if (has_path(*settings, *count, path))
			return;
		*settings = orc_must(reallocarray(*settings, *count + 1, sizeof(struct setting)));
		widget_read(widget, path, &(*settings)[*count]);
		++*count;
		return;
	}
	children = gp_widget_count_children(widget);
	for (i = 0; i < children; i++)
		if (gp_widget_get_child(widget, i, &child) >= 0)
			flatten(child, path, settings, count);
}

void widget_flatten(CameraWidget *root, struct setting **settings, size_t *count)
{
	*settings = NULL;
	*count = 0;
	flatten(root, "", settings, count);
}

/* Depth first, by name alone. */
static CameraWidget *find_by_name(CameraWidget *widget, const char *name)
{
	int i, children = gp_widget_count_children(widget);
	CameraWidget *child, *found;
	const char *own = NULL;

	if (!widget_is_container(widget)) {
		gp_widget_get_name(widget, &own);
		if (own && strcmp(own, name) == 0)
			return widget;
	}
	for (i = 0; i < children; i++) {
		if (gp_widget_get_child(widget, i, &child) < 0)
			continue;
		found = find_by_name(child, name);
		if (found)
			return found;
	}
	return NULL;
}

static CameraWidget *find_by_path(CameraWidget *widget, const char *parent, const char *path)
{
	cleanup_free char *own = child_path(widget, parent);
	int i, children = gp_widget_count_children(widget);
	CameraWidget *child, *found;

	if (strcmp(own, path) == 0)
		return widget_is_container(widget) ? NULL : widget;
	for (i = 0; i < children; i++) {
		if (gp_widget_get_child(widget, i, &child) < 0)
			continue;
		found = find_by_path(child, own, path);
		if (found)
			return found;
	}
	return NULL;
}

CameraWidget *widget_find(CameraWidget *root, const char *name)
{
	return name[0] == '/' ? find_by_path(root, "", name) : find_by_name(root, name);
}

int widget_write(CameraWidget *widget, const struct choice_value *value)
{
	CameraWidgetType type;
	int ret = gp_widget_get_type(widget, &type);

	if (ret < 0)
		return ret;
	switch (setting_type(type)) {
	case SETTING_RANGE:
		ret = gp_widget_set_value(widget, &value->number);
		break;
	case SETTING_TOGGLE:
	case SETTING_DATE:
		ret = gp_widget_set_value(widget, &value->integer);
		break;
	case SETTING_TEXT:
	case SETTING_RADIO:
	case SETTING_MENU:
		ret = gp_widget_set_value(widget, value->text);
		break;
	case SETTING_BUTTON:
		return GP_ERROR_BAD_PARAMETERS;
	}
	/* gp_widget_set_value() leaves the mark off where the value is the one it had. */
	gp_widget_set_changed(widget, 1);
	return ret;
}

void setting_free(struct setting *setting)
{
	size_t i;

	if (!setting)
		return;
	free(setting->path);
	free(setting->name);
	free(setting->label);
	free(setting->value);
	for (i = 0; i < setting->choice_count; i++)
		free(setting->choices[i]);
	free(setting->choices);
	*setting = (struct setting){ 0 };
}

void settings_free(struct setting *settings, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		setting_free(&settings[i]);
	free(settings);
}
