/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the card's own files share. */
#ifndef SIMCAM_CARD_INTERNAL_H
#define SIMCAM_CARD_INTERNAL_H

#include "simcam/card.h"

/* The file of an object on the card; ORC_EFILE when it does not fit. */
int card_path(const struct card *card, const struct card_object *object, char *path,
	size_t size) must_check;
/* card-picture.c: finds out width and height; leaves them 0 for what is no picture. */
void card_measure(const struct card *card, struct card_object *object);

#endif
