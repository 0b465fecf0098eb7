/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Local time where several users' ideas of it meet in one process. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <time.h>

/*
 * libc knows one time zone a process, that of TZ. A process that works for others, whose TZ may be
 * another, calls zone_share() while it has no threads yet; nobody may set TZ after that. In any
 * other process the zone is the process's own, whatever is asked for.
 */
void zone_share(void);

/*
 * localtime_r() where TZ is `zone`; NULL: where it is not set. From any thread; but a library that asks
 * libc for the time of day just then may be told that zone's.
 */
void zone_local(const char *zone, time_t when, struct tm *tm);

#endif
