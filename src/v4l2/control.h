/* SPDX-License-Identifier: GPL-2.0-or-later */
/* v4l2loopback's control node, which makes devices. */
#ifndef V4L2_CONTROL_H
#define V4L2_CONTROL_H

#include "base/err.h"

/*
 * Makes device `number` (negative: any), for one side at a time to see (exclusive_caps), and returns
 * its number. ORC_ENOCAMERA: the module is not loaded, or is older than 0.13 and cannot;
 * ORC_EREFUSED: not allowed; each with the command that helps.
 */
int control_make(int number, struct orc_error *err) must_check;

#endif
