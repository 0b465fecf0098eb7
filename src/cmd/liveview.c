/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc liveview: the live view as a stream of whole JPEG frames. */
#include "base/outfile.h"
#include "camera/shoot.h"
#include "cmd/command.h"
#include "cmd/json.h"
#include "cmd/stream.h"

/* A camera needs seconds to raise its mirror and to have a first frame. */
#define FIRST_FRAME_MSEC 20000
#define NEXT_FRAME_MSEC  10000
/* What a reader that does not read is waited for at the end. */
#define LAST_FRAME_MSEC 2000

enum { OPTION_FRAMES = 1, OPTION_DURATION, OPTION_FPS, OPTION_OUTPUT, OPTION_FORCE };

static const struct poptOption options[] = {
	{ "frames", 0, POPT_ARG_STRING, NULL, OPTION_FRAMES, "end after N frames", "N" },
	{ "duration", 0, POPT_ARG_STRING, NULL, OPTION_DURATION,
		"end so long after the first frame", "DURATION" },
	{ "fps", 0, POPT_ARG_STRING, NULL, OPTION_FPS, "ask for N frames a second at most", "N" },
	{ "output", 'o', POPT_ARG_STRING, NULL, OPTION_OUTPUT,
		"write to FILE, which appears at the end; - is stdout", "FILE" },
	{ "force", 0, POPT_ARG_NONE, NULL, OPTION_FORCE, "replace FILE if it exists", NULL },
	POPT_TABLEEND,
};

struct liveview {
	long frames, fps; /* 0: no limit */
	nsec_t duration_nsec;
	const char *path; /* NULL: stdout */
	enum outfile_mode mode;

	struct outfile file;
	struct stream *stream;
	struct stream_counts counts;
	uint64_t damaged;
	nsec_t first_nsec, last_nsec, shown_nsec;
};

static double seconds_of(const struct liveview *view)
{
	return (double)(view->last_nsec - view->first_nsec) / (double)NSEC_PER_SEC;
}

/* n frames span n-1 intervals. */
static double fps_of(const struct liveview *view)
{
	uint64_t arrived = view->counts.frames + view->counts.dropped;
	double seconds = seconds_of(view);

	return arrived > 1 && seconds > 0 ? (double)(arrived - 1) / seconds : 0;
}

static void show_progress(struct liveview *view, struct io *io)
{
	char bytes[FORMAT_BYTES_SIZE];

	if (!io->err_tty || io->quiet || view->last_nsec - view->shown_nsec < NSEC_PER_SEC / 2)
		return;
	view->shown_nsec = view->last_nsec;
	stream_counts(view->stream, &view->counts);
	io_note(io, "\r%llu frames  %.1f fps  %s  %llu dropped\033[K",
		(unsigned long long)view->counts.frames, fps_of(view),
		format_bytes(view->counts.bytes, bytes, sizeof(bytes)),
		(unsigned long long)view->counts.dropped);
}

static void print_summary(const struct liveview *view, struct call *call)
{
	char bytes[FORMAT_BYTES_SIZE];

	if (view->shown_nsec && call->io->err_tty)
		io_note(call->io, "\r\033[K");
	if (call->globals.json) {
		cleanup_json struct json_object *object = json_new();

		json_put_count(object, "frames", view->counts.frames);
		json_put_number(object, "seconds", seconds_of(view), 3);
		json_put_number(object, "fps", fps_of(view), 2);
		json_put_count(object, "bytes", view->counts.bytes);
		json_put_count(object, "dropped", view->counts.dropped);
		json_put_count(object, "damaged", view->damaged);
		json_print_err(call->io, object);
		return;
	}
	io_note(call->io, "%llu frames in %.1f s, %.1f fps, %s, %llu dropped, %llu damaged\n",
		(unsigned long long)view->counts.frames, seconds_of(view), fps_of(view),
		format_bytes(view->counts.bytes, bytes, sizeof(bytes)),
		(unsigned long long)view->counts.dropped, (unsigned long long)view->damaged);
}

static bool complete(struct liveview *view)
{
	struct stream_counts counts;

	if (view->duration_nsec && view->first_nsec &&
		clock_now_nsec() - view->first_nsec >= view->duration_nsec)
		return true;
	if (!view->frames)
		return false;
	stream_counts(view->stream, &counts);
	return counts.accepted >= (uint64_t)view->frames;
}

/* Sleeps until the next frame is due; a camera that is late starts a new count. */
static int pace(const struct liveview *view, struct io *io, nsec_t *due)
{
	nsec_t now = clock_now_nsec();

	if (!view->fps)
		return 0;
	*due += NSEC_PER_SEC / view->fps;
	if (*due < now)
		*due = now;
	return io_sleep_until(io, (struct deadline){ .at_nsec = *due });
}

static int fetch_frames(
	struct liveview *view, struct call *call, struct camera *camera, struct orc_error *err)
{
	struct camera_frame frame;
	nsec_t due = clock_now_nsec();
	int ret;

	while (!complete(view)) {
		if (io_cancelled(call->io))
			return io_fail_signal(call->io, err);
		ret = stream_check(view->stream, err);
		if (ret < 0)
			return ret;
		ret = camera_preview(camera, &frame,
			deadline_after_msec(view->first_nsec ? NEXT_FRAME_MSEC : FIRST_FRAME_MSEC),
			&view->damaged, err);
		if (ret < 0)
			return io_cancelled(call->io) ? io_fail_signal(call->io, err) : ret;
		view->last_nsec = clock_now_nsec();
		if (!view->first_nsec)
			view->first_nsec = view->last_nsec;
		ret = stream_put(view->stream, frame.data, frame.len, err);
		if (ret < 0)
			return ret;
		show_progress(view, call->io);
		if (pace(view, call->io, &due) < 0)
			return io_fail_signal(call->io, err);
	}
	return 0;
}

/* Both ends are put in order whatever happened, and the first thing that went wrong is told. */
static int stream_live(struct liveview *view, struct call *call, struct camera *camera, int fd,
	struct orc_error *err)
{
	struct orc_error stop_err = { 0 };
	int ret, stopped;

	ret = stream_start(&view->stream, fd, err);
	if (ret < 0)
		return ret;
	ret = fetch_frames(view, call, camera, err);
	stopped = stream_stop(view->stream, ret != ORC_ESIGNAL,
		deadline_after_msec(LAST_FRAME_MSEC), &view->counts, &stop_err);
	view->stream = NULL;
	if (ret == 0 && stopped < 0) {
		*err = stop_err;
		ret = stopped;
	}
	stopped = camera_preview_stop(camera, &stop_err);
	if (ret == 0 && stopped < 0) {
		*err = stop_err;
		ret = stopped;
	}
	print_summary(view, call);
	/* A reader that has seen enough closes its end: that is how `| head` and a player end it. */
	return ret == ORC_EPIPE ? 0 : ret;
}

static int stream_to_file(
	struct liveview *view, struct call *call, struct camera *camera, struct orc_error *err)
{
	struct orc_error commit_err = { 0 };
	int ret, committed;

	ret = outfile_open(&view->file, call->io->cwd, view->path, view->mode, false, err);
	if (ret < 0)
		return ret;
	ret = stream_live(view, call, camera, view->file.fd, err);
	/* Frames that came are worth keeping, however it ended; a disk that is full is not. */
	if (ret == ORC_EFILE || view->counts.frames == 0) {
		outfile_abort(&view->file);
		return ret;
	}
	committed = outfile_commit(&view->file, 0, &commit_err);
	if (committed < 0) {
		*err = commit_err;
		return committed;
	}
	io_printf(call->io, "%s\n", view->path);
	return ret;
}

static int take_option(struct liveview *view, struct call *call, int option, struct orc_error *err)
{
	switch (option) {
	case OPTION_FRAMES:
		return call_long(call, 1, 1000000000, &view->frames, err);
	case OPTION_FPS:
		return call_long(call, 1, 1000, &view->fps, err);
	case OPTION_DURATION:
		return call_duration(call, &view->duration_nsec, err);
	case OPTION_OUTPUT:
		view->path = call->value->arg[0] == '-' && !call->value->arg[1] ? NULL
										: call->value->arg;
		break;
	case OPTION_FORCE:
		view->mode = OUTFILE_REPLACE;
		break;
	}
	return 0;
}

static int run_liveview(struct call *call, struct orc_error *err)
{
	struct liveview view = { .file = { .fd = -1 } };
	struct camera *camera;
	int ret, option;

	while ((option = call_next(call)) > 0) {
		ret = take_option(&view, call, option, err);
		if (ret < 0)
			return ret;
	}
	ret = call_no_more_words(call, 0, err);
	if (ret < 0)
		return ret;
	if (!view.path && call->io->out_tty) {
		orc_fail(err, ORC_EUSAGE, "a live view is not for a terminal");
		return orc_hint(err, "pipe it: opencamrc liveview | ffplay -");
	}
	if (view.path) {
		ret = outfile_check(call->io->cwd, view.path, view.mode, err);
		if (ret < 0)
			return ret;
	}
	ret = call_camera(call, &camera, err);
	if (ret < 0)
		return ret;
	if (view.path)
		return stream_to_file(&view, call, camera, err);
	return stream_live(&view, call, camera, call->io->out, err);
}

const struct command command_liveview = {
	.name = "liveview",
	.synopsis = "[OPTION…] | READER\n"
		    "-o FILE [OPTION…]",
	.summary = "stream the camera's live view as MJPEG",
	.details = "Each frame is a whole JPEG. A reader that is slower than the camera gets the "
		   "newest frame, not a backlog. It ends after --frames or --duration, when the "
		   "reader closes its end (exit status 0), or by a signal (128+n); in every case "
		   "the camera is left clean and a summary is printed to stderr.",
	.options = options,
	.examples = "opencamrc -r router liveview | ffplay -f mjpeg -\n"
		    "opencamrc -r router liveview --duration 10s -o clip.mjpeg\n"
		    "opencamrc -r router liveview | ffmpeg -f mjpeg -i - -pix_fmt yuv420p -f v4l2 "
		    "/dev/video9",
	.run = run_liveview,
};
