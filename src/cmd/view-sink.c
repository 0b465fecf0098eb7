/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all sinks of live view have in common: their thread, their stream, what they count. */
#include "cmd/view-sink.h"

void view_sink_init(struct view_sink *sink, const struct view_sink_type *type)
{
	sink->type = type;
	pthread_mutex_init(&sink->mutex, NULL);
}

void view_sink_free(struct view_sink *sink)
{
	pthread_mutex_destroy(&sink->mutex);
}

void view_sink_count_one(struct view_sink *sink, uint64_t *counter)
{
	pthread_mutex_lock(&sink->mutex);
	++*counter;
	pthread_mutex_unlock(&sink->mutex);
}

static void sum_up(struct view_sink *sink, const struct stream_counts *stream, uint64_t replaced,
	struct view_counts *counts)
{
	pthread_mutex_lock(&sink->mutex);
	*counts = sink->own;
	pthread_mutex_unlock(&sink->mutex);
	counts->frames += stream->frames;
	counts->bytes += stream->bytes;
	counts->dropped += stream->dropped + replaced;
	counts->accepted += stream->accepted;
}

uint64_t view_sink_accepted(struct view_sink *sink)
{
	struct stream_counts stream = { 0 };
	struct view_counts counts;

	if (sink->stream)
		stream_counts(sink->stream, &stream);
	sum_up(sink, &stream, 0, &counts);
	return counts.accepted;
}

int view_sink_check(struct view_sink *sink, struct orc_error *err)
{
	int ret = sink->worker ? view_worker_check(sink->worker, err) : 0;

	if (ret < 0 || !sink->stream)
		return ret;
	return stream_check(sink->stream, err);
}

void view_sink_count(struct view_sink *sink, struct view_counts *counts)
{
	uint64_t replaced = sink->worker ? view_worker_dropped(sink->worker) : 0;
	struct stream_counts stream = { 0 };

	if (sink->stream)
		stream_counts(sink->stream, &stream);
	sum_up(sink, &stream, replaced, counts);
}

int view_sink_stop(struct view_sink *sink, bool drain, struct deadline deadline,
	struct view_counts *counts, struct orc_error *err)
{
	uint64_t replaced = sink->worker ? view_worker_dropped(sink->worker) : 0;
	struct stream_counts stream = { 0 };
	struct orc_error stream_err = { 0 };
	int ret, stopped;

	ret = view_worker_stop(sink->worker, drain, err);
	sink->worker = NULL;
	stopped = stream_stop(sink->stream, drain, deadline, &stream, &stream_err);
	sink->stream = NULL;
	if (ret == 0 && stopped < 0) {
		*err = stream_err;
		ret = stopped;
	}
	sum_up(sink, &stream, replaced, counts);
	return ret;
}
