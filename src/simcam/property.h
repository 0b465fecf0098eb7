/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device properties as the PTP standard has them: a table, values, what a host may set. */
#ifndef SIMCAM_PROPERTY_H
#define SIMCAM_PROPERTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "simcam/ptp.h"

/* Source: ISO 15740, 5.3 (types) and 13.3.3 (forms). */
enum ptp_type {
	PTP_INT8 = 1,
	PTP_UINT8,
	PTP_INT16,
	PTP_UINT16,
	PTP_INT32,
	PTP_UINT32,
	PTP_TEXT = 0xffff,
};

enum ptp_form { PTP_FORM_ANY, PTP_FORM_RANGE, PTP_FORM_LIST };

#define PTP_TEXT_SIZE 80

/* A row of a body's table. */
struct ptp_property {
	uint16_t code, type;
	bool writable;
	uint8_t form;
	int64_t number; /* initial */
	const char *text;
	int64_t minimum, maximum, step; /* of a range */
	const int64_t *list;            /* of a list */
	const char *const *texts;       /* of a list of texts */
	size_t num_list;
};

struct ptp_value {
	int64_t number;
	char text[PTP_TEXT_SIZE];
};

struct ptp_properties {
	const struct ptp_property *table;
	size_t count;
	struct ptp_value *values; /* one a row */
};

void ptp_properties_init(
	struct ptp_properties *properties, const struct ptp_property *table, size_t count);
void ptp_properties_free(struct ptp_properties *properties);

const struct ptp_property *ptp_property(const struct sim_camera *camera, uint32_t code);
/* Of one that the body does not have: 0, "". */
int64_t ptp_get(const struct sim_camera *camera, uint16_t code);
const char *ptp_get_text(const struct sim_camera *camera, uint16_t code);
/* Without a look at the form; true: it was something else before. */
bool ptp_set(struct sim_camera *camera, uint16_t code, int64_t number);
void ptp_set_text(struct sim_camera *camera, uint16_t code, const char *text);
/* As a host would: checked against what the property may be now, then told to the body. */
enum ptp_response ptp_change(struct sim_camera *camera, uint16_t code, int64_t number);

/* For every body's table of operations. */
enum ptp_response ptp_get_property_desc(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response ptp_get_property_value(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response ptp_set_property_value(struct sim_camera *camera, struct ptp_transaction *t);

#endif
