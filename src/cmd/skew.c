/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far apart the shutters of several cameras were released. */
#include "cmd/skew.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/json.h"

struct shot {
	struct shot *next;
	uint64_t round;
	nsec_t planned_nsec;
	size_t owing;          /* who have passed, and have not said when they were released */
	nsec_t *released_nsec; /* for each camera; 0: it was not */
};

struct skew {
	struct relay *relay;
	const char *command;
	const char *const *names;
	size_t count;
	bool json;
	pthread_mutex_t lock; /* guards what follows */
	struct shot *shots;   /* not told yet, the oldest first */
	struct shot **owes;   /* for each camera: the shot that it has passed; NULL: none */
};

struct skew *skew_new(
	struct relay *relay, const char *command, const char *const *names, size_t count, bool json)
{
	struct skew *skew = orc_must(calloc(1, sizeof(*skew)));

	skew->relay = relay;
	skew->command = command;
	skew->names = names;
	skew->count = count;
	skew->json = json;
	skew->owes = orc_must(calloc(count, sizeof(struct shot *)));
	pthread_mutex_init(&skew->lock, NULL);
	return skew;
}

static double msec(nsec_t nsec)
{
	return (double)nsec / (double)NSEC_PER_MSEC;
}

/* From the first release to the last; negative where none is known. */
static nsec_t spread(const struct skew *skew, const struct shot *shot)
{
	nsec_t first = INT64_MAX, last = 0;
	size_t i;

	for (i = 0; i < skew->count; i++) {
		if (!shot->released_nsec[i])
			continue;
		if (shot->released_nsec[i] < first)
			first = shot->released_nsec[i];
		if (shot->released_nsec[i] > last)
			last = shot->released_nsec[i];
	}
	return last ? last - first : -1;
}

static void tell_json(struct skew *skew, const struct shot *shot, nsec_t apart)
{
	cleanup_json struct json_object *object = json_new();
	struct json_object *releases = orc_must(json_object_new_array());
	size_t i;

	json_put_count(object, "shot", shot->round + 1);
	json_put_count(object, "planned_ns", (uint64_t)shot->planned_nsec);
	json_put_number(object, "skew_ms", msec(apart), 3);
	for (i = 0; i < skew->count; i++) {
		struct json_object *release;

		if (!shot->released_nsec[i])
			continue;
		release = json_new();
		json_put_string(release, "camera", skew->names[i]);
		json_put_count(release, "released_ns", (uint64_t)shot->released_nsec[i]);
		json_put_number(
			release, "after_ms", msec(shot->released_nsec[i] - shot->planned_nsec), 3);
		json_object_array_add(releases, release);
	}
	json_object_object_add(object, "releases", releases);
	relay_say(skew->relay, true, "%s",
		json_object_to_json_string_ext(
			object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
}

static void tell_text(struct skew *skew, const struct shot *shot, nsec_t apart)
{
	cleanup_free char *text = NULL;
	size_t size, i;
	FILE *out = orc_must(open_memstream(&text, &size));

	for (i = 0; i < skew->count; i++)
		if (shot->released_nsec[i])
			fprintf(out, ", %s %+.3f ms", skew->names[i],
				msec(shot->released_nsec[i] - shot->planned_nsec));
	if (fclose(out) != 0)
		orc_must(NULL);
	relay_say(skew->relay, false,
		"opencamrc: %s: shot %llu: released %.3f ms apart, planned for %.6f s%s",
		skew->command, (unsigned long long)shot->round + 1, msec(apart),
		(double)shot->planned_nsec / (double)NSEC_PER_SEC, text);
}

static void tell(struct skew *skew, const struct shot *shot)
{
	nsec_t apart = spread(skew, shot);

	if (apart >= 0 && skew->json)
		tell_json(skew, shot, apart);
	else if (apart >= 0)
		tell_text(skew, shot, apart);
}

static void forget(struct skew *skew, struct shot *shot)
{
	struct shot **at = &skew->shots;

	while (*at != shot)
		at = &(*at)->next;
	*at = shot->next;
	free(shot->released_nsec);
	free(shot);
}

void skew_destroy(struct skew *skew)
{
	if (!skew)
		return;
	while (skew->shots) {
		tell(skew, skew->shots);
		forget(skew, skew->shots);
	}
	pthread_mutex_destroy(&skew->lock);
	free(skew->owes);
	free(skew);
}

/* The camera owes nothing any more; the last one has the shot told. */
static void settle(struct skew *skew, size_t camera)
{
	struct shot *shot = skew->owes[camera];

	skew->owes[camera] = NULL;
	if (!shot || --shot->owing > 0)
		return;
	tell(skew, shot);
	forget(skew, shot);
}

static struct shot *find(struct skew *skew, uint64_t round, const struct barrier_pass *pass)
{
	struct shot **at = &skew->shots;

	while (*at && (*at)->round != round)
		at = &(*at)->next;
	/* Too late for what was told. */
	if (*at || pass->late)
		return *at;
	*at = orc_must(calloc(1, sizeof(**at)));
	(*at)->round = round;
	(*at)->planned_nsec = pass->at_nsec;
	(*at)->owing = pass->together;
	(*at)->released_nsec = orc_must(calloc(skew->count, sizeof(nsec_t)));
	return *at;
}

void skew_passed(struct skew *skew, size_t camera, uint64_t round, const struct barrier_pass *pass)
{
	pthread_mutex_lock(&skew->lock);
	settle(skew, camera);
	skew->owes[camera] = find(skew, round, pass);
	if (skew->owes[camera] && pass->late)
		skew->owes[camera]->owing++;
	pthread_mutex_unlock(&skew->lock);
}

void skew_released(struct skew *skew, size_t camera, nsec_t at_nsec)
{
	pthread_mutex_lock(&skew->lock);
	if (skew->owes[camera])
		skew->owes[camera]->released_nsec[camera] = at_nsec;
	settle(skew, camera);
	pthread_mutex_unlock(&skew->lock);
}

void skew_left(struct skew *skew, size_t camera)
{
	pthread_mutex_lock(&skew->lock);
	settle(skew, camera);
	pthread_mutex_unlock(&skew->lock);
}
