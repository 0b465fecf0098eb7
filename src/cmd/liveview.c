/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc liveview: the live view as a stream of frames, in a file, or as a webcam. */
#include "base/outfile.h"
#include "camera/shoot.h"
#include "cmd/command.h"
#include "cmd/json.h"
#include "cmd/recovery.h"
#include "cmd/view-sink.h"

/* A camera needs seconds to raise its mirror and to have a first frame. */
#define FIRST_FRAME_MSEC 20000
#define NEXT_FRAME_MSEC  10000
/* What a reader that does not read is waited for at the end. */
#define LAST_FRAME_MSEC 2000

struct liveview {
	struct view_options options;
	struct outfile file;
	struct view_sink *sink;
	struct camera_view view;
	struct view_counts counts;
	uint64_t damaged; /* not even whole */
	nsec_t first_nsec, last_nsec, shown_nsec;
	struct recovery recovery;
};

static double seconds_of(const struct liveview *view)
{
	return (double)(view->last_nsec - view->first_nsec) / (double)NSEC_PER_SEC;
}

/* In losses that ended well. */
static double away_seconds(const struct liveview *view)
{
	return (double)view->recovery.lost_nsec / (double)NSEC_PER_SEC;
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
	view_sink_count(view->sink, &view->counts);
	io_redraw(io, "%llu frames  %.1f fps  %s  %llu dropped",
		(unsigned long long)view->counts.frames, fps_of(view),
		format_bytes(view->counts.bytes, bytes, sizeof(bytes)),
		(unsigned long long)view->counts.dropped);
}

static void print_summary(const struct liveview *view, struct call *call)
{
	char bytes[FORMAT_BYTES_SIZE], away[64] = "";

	if (view->shown_nsec && call->io->err_tty)
		io_redraw(call->io, "%s", "");
	if (call->globals.json) {
		cleanup_json struct json_object *object = json_new();

		json_put_count(object, "frames", view->counts.frames);
		json_put_number(object, "seconds", seconds_of(view), 3);
		json_put_number(object, "fps", fps_of(view), 2);
		json_put_count(object, "bytes", view->counts.bytes);
		json_put_count(object, "dropped", view->counts.dropped);
		json_put_count(object, "damaged", view->damaged + view->counts.damaged);
		json_put_count(object, "decoded", view->counts.decoded);
		json_put_count(object, "repeated", view->counts.repeated);
		json_put_count(object, "reconnects", view->recovery.losses);
		json_put_number(object, "away", away_seconds(view), 3);
		json_print_err(call->io, object);
		return;
	}
	if (view->recovery.losses)
		snprintf(away, sizeof(away), ", %llu reconnects, %.1f s away",
			(unsigned long long)view->recovery.losses, away_seconds(view));
	io_note(call->io, "%llu frames in %.1f s, %.1f fps, %s, %llu dropped, %llu damaged%s\n",
		(unsigned long long)view->counts.frames, seconds_of(view), fps_of(view),
		format_bytes(view->counts.bytes, bytes, sizeof(bytes)),
		(unsigned long long)view->counts.dropped,
		(unsigned long long)(view->damaged + view->counts.damaged), away);
}

static bool complete(struct liveview *view)
{
	const struct view_options *options = &view->options;
	struct view_counts counts;

	if (options->duration_nsec && view->first_nsec &&
		clock_now_nsec() - view->first_nsec >= options->duration_nsec)
		return true;
	if (!options->frames)
		return false;
	view_sink_count(view->sink, &counts);
	return counts.accepted >= (uint64_t)options->frames;
}

static bool is_video(const struct liveview *view)
{
	return view->options.form == VIEW_Y4M || view->options.form == VIEW_V4L2;
}

/*
 * Sleeps until the next frame is due; a camera that is late starts a new count. Video takes what is
 * newest when it is due, and so wants them all.
 */
static int pace(const struct liveview *view, struct call *call, nsec_t *due)
{
	nsec_t now = clock_now_nsec();

	if (!view->options.fps || is_video(view))
		return 0;
	*due += NSEC_PER_SEC / view->options.fps;
	if (*due < now)
		*due = now;
	return call_sleep_until(call, (struct deadline){ .at_nsec = *due });
}

/* The camera's next frame, once there is a camera. */
static int next_frame(
	struct liveview *view, struct call *call, struct camera_frame *frame, struct orc_error *err)
{
	struct camera *camera;
	int ret;

	ret = call_camera(call, &camera, err);
	if (ret < 0)
		return ret;
	return camera_preview(camera, &view->view, frame,
		deadline_after_msec(view->first_nsec ? NEXT_FRAME_MSEC : FIRST_FRAME_MSEC),
		&view->damaged, err);
}

/*
 * Before the first frame nothing is lost: that is told at once. A webcam's readers get the last picture
 * while the camera is looked for, those of a stream wait.
 */
static int recover(struct liveview *view, struct call *call, struct orc_error *err)
{
	return view->first_nsec ? recovery_step(&view->recovery, call, err) : (int)err->code;
}

static int take_frame(struct liveview *view, struct call *call, struct orc_error *err)
{
	struct camera_frame frame;
	struct view_frame put;
	int ret;

	view->recovery.begun_nsec = clock_now_nsec();
	ret = next_frame(view, call, &frame, err);
	/* The frame is the view's own: others may have the camera while it is written. */
	if (ret == 0)
		call_rest(call);
	if (ret < 0 && io_cancelled(call->io))
		return io_fail_signal(call->io, err);
	if (ret < 0)
		return recover(view, call, err);
	recovery_done(&view->recovery, call);
	view->last_nsec = clock_now_nsec();
	if (!view->first_nsec)
		view->first_nsec = view->last_nsec;
	put = (struct view_frame){ frame.data, frame.len, frame.arrived_nsec };
	return view->sink->type->put(view->sink, &put, err);
}

static int fetch_frames(struct liveview *view, struct call *call, struct orc_error *err)
{
	nsec_t due = clock_now_nsec();
	int ret;

	while (!complete(view)) {
		if (io_cancelled(call->io))
			return io_fail_signal(call->io, err);
		ret = view_sink_check(view->sink, err);
		if (ret == 0)
			ret = take_frame(view, call, err);
		if (ret < 0)
			return ret;
		show_progress(view, call->io);
		if (pace(view, call, &due) < 0)
			return io_fail_signal(call->io, err);
	}
	return 0;
}

/* Both ends are put in order whatever happened, and the first thing that went wrong is told. */
static int stream_live(struct liveview *view, struct call *call, struct orc_error *err)
{
	struct orc_error stop_err = { 0 };
	int ret, stopped;

	ret = fetch_frames(view, call, err);
	stopped = view_sink_stop(view->sink, ret != ORC_ESIGNAL,
		deadline_after_msec(LAST_FRAME_MSEC), &view->counts, &stop_err);
	if (ret == 0 && stopped < 0) {
		*err = stop_err;
		ret = stopped;
	}
	stopped = camera_preview_stop(call_camera_to_end(call), &view->view, &stop_err);
	if (ret == 0 && recovery_is_for(stopped)) {
		/* All frames are there; the camera is reset with its connection. */
		call_report(call, &stop_err);
		call_drop_camera(call);
	} else if (ret == 0 && stopped < 0) {
		*err = stop_err;
		ret = stopped;
	}
	/* Where nothing was written the error says it all. */
	if (ret >= 0 || ret == ORC_ESIGNAL || ret == ORC_EPIPE || view->counts.frames)
		print_summary(view, call);
	/* A reader that has seen enough closes its end: that is how `| head` and a player end it. */
	return ret == ORC_EPIPE ? 0 : ret;
}

static int open_sink(struct liveview *view, struct call *call, int fd, struct orc_error *err)
{
	if (is_video(view))
		return view_video_new(&view->sink, &view->options, call, fd, err);
	return view_frames_new(&view->sink, &view->options, fd, err);
}

static int stream_to(struct liveview *view, struct call *call, int fd, struct orc_error *err)
{
	struct orc_error stop_err;
	struct camera *camera;
	int ret;

	/* A device that cannot be used is told before the camera is bothered. */
	ret = open_sink(view, call, fd, err);
	if (ret < 0)
		return ret;
	ret = call_camera(call, &camera, err);
	if (ret == 0)
		ret = stream_live(view, call, err);
	else
		view_sink_stop(view->sink, false, deadline_never(), &view->counts, &stop_err);
	view->sink->type->destroy(view->sink);
	view->sink = NULL;
	return ret;
}

static int stream_to_file(struct liveview *view, struct call *call, struct orc_error *err)
{
	const struct view_options *options = &view->options;
	struct orc_error commit_err = { 0 };
	int ret, committed;

	ret = outfile_open(&view->file, call->io->cwd, options->path, options->mode, false, err);
	if (ret < 0)
		return ret;
	ret = stream_to(view, call, view->file.fd, err);
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
	if (call->globals.json) {
		cleanup_json struct json_object *object = json_new();

		json_put_string(object, "path", options->path);
		json_print(call->io, object);
	} else {
		io_printf(call->io, "%s\n", options->path);
	}
	return ret;
}

static int run_liveview(struct call *call, struct orc_error *err)
{
	struct liveview view = { .file = { .fd = -1 } };
	struct view_options *options = &view.options;
	struct camera *camera;
	int ret;

	ret = view_options_parse(call, options, err);
	if (ret < 0)
		return ret;
	view.recovery.options = options->recovery;
	if (options->form == VIEW_V4L2)
		return stream_to(&view, call, -1, err);
	if (!options->path && call->io->out_tty) {
		orc_fail(err, ORC_EUSAGE, "a live view is not for a terminal");
		return orc_hint(err, "pipe it: opencamrc liveview | ffplay -");
	}
	if (options->path) {
		ret = outfile_check(call->io->cwd, options->path, options->mode, err);
		if (ret < 0)
			return ret;
	}
	ret = call_camera(call, &camera, err);
	if (ret < 0)
		return ret;
	if (options->path)
		return stream_to_file(&view, call, err);
	return stream_to(&view, call, call->io->out, err);
}

const struct command command_liveview = {
	.name = "liveview",
	.synopsis = "[OPTION…] | READER\n"
		    "-o FILE [OPTION…]\n"
		    "--v4l2 DEVICE [OPTION…]",
	.summary = "stream the camera's live view as MJPEG, or be a webcam",
	.details = "Each frame is a whole JPEG. A reader that is slower than the camera gets the "
		   "newest frame, not a backlog. It ends after --frames or --duration, when the "
		   "reader closes its end (exit status 0), or by a signal (128+n); in every case "
		   "the camera is left clean and a summary is printed to stderr. "
		   "Where the link or the camera fails it goes on with what comes once they are "
		   "back, and the summary counts that; --recover says how long it tries. "
		   "With --v4l2 it writes video to a v4l2loopback device, for every program that "
		   "can use a webcam: of constant size and rate, with the last picture while the "
		   "camera is away.",
	.options = view_option_table,
	.examples = "opencamrc -r router liveview | ffplay -f mjpeg -\n"
		    "opencamrc -r router liveview --duration 10s -o clip.mjpeg\n"
		    "opencamrc -r router liveview --v4l2 /dev/video9 --size 1280x720\n"
		    "opencamrc -r router liveview --y4m | ffmpeg -i - clip.mp4",
	.camera = true,
	.run = run_liveview,
};
