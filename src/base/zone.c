/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Local time where several users' ideas of it meet in one process. */
#include "base/zone.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What libc takes where TZ is not set. */
#define UNSET ":/etc/localtime"

/*
 * In the environment, which others read at the same time: so it stays where it is, and changes behind
 * the name alone. A zone's name is a file's, or one of POSIX's rules.
 */
static struct {
	pthread_mutex_t mutex; /* guards what follows */
	bool shared;
	char variable[256];
} process = { .mutex = PTHREAD_MUTEX_INITIALIZER, .variable = "TZ=" };

#define VALUE      (process.variable + 3)
#define VALUE_SIZE (sizeof(process.variable) - 3)

void zone_share(void)
{
	const char *zone = getenv("TZ");

	pthread_mutex_lock(&process.mutex);
	if (!process.shared && (!zone || strlen(zone) < VALUE_SIZE)) {
		snprintf(VALUE, VALUE_SIZE, "%s", zone ? zone : UNSET);
		process.shared = putenv(process.variable) == 0;
		tzset();
	}
	pthread_mutex_unlock(&process.mutex);
}

void zone_local(const char *zone, time_t when, struct tm *tm)
{
	char before[VALUE_SIZE];

	if (!zone)
		zone = UNSET;
	pthread_mutex_lock(&process.mutex);
	if (!process.shared || strlen(zone) >= VALUE_SIZE || strcmp(zone, VALUE) == 0) {
		localtime_r(&when, tm);
	} else {
		strcpy(before, VALUE);
		strcpy(VALUE, zone);
		tzset();
		localtime_r(&when, tm);
		strcpy(VALUE, before);
		tzset();
	}
	pthread_mutex_unlock(&process.mutex);
}
