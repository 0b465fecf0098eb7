/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A camera, or a link, that does not answer: what is tried, rung by rung, until it does. */
#include "cmd/recovery.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cmd/hook.h"
#include "session/owner.h"

/* A body that is busy writing a picture answers within this. */
#define ASK_MAX      3
#define ASK_MSEC     200
#define RESET_MSEC   3000
#define PAUSE_MSEC   250
#define PAUSE_MAX    4000
#define ON_LOST_NSEC (60 * NSEC_PER_SEC)

static const struct {
	const char *name, *words;
} rungs[] = {
	[RECOVERY_ASK] = { "ask", "asking again" },
	[RECOVERY_RESET] = { "reset", "cancelled what was under way" },
	[RECOVERY_RECONNECT] = { "reconnect", "connecting again" },
	[RECOVERY_ON_LOST] = { "on-lost", "ran the --on-lost command" },
	[RECOVERY_BACK] = { "back", "the camera is back" },
	[RECOVERY_GIVE_UP] = { "give-up", "given up" },
};

const char *recovery_rung_name(enum recovery_rung rung)
{
	return rungs[rung].name;
}

int recovery_parse(struct recovery_options *options, struct call *call, struct orc_error *err)
{
	nsec_t nsec;
	int ret;

	if (strcmp(call->value->arg, "forever") == 0) {
		options->give_up_nsec = 0;
		return 0;
	}
	ret = call_duration(call, &nsec, err);
	if (ret < 0)
		return orc_hint(err, "300ms, 2.5s, 10m and forever are");
	options->give_up_nsec = nsec > 0 ? nsec : -1;
	return 0;
}

bool recovery_is_for(int error)
{
	switch (error) {
	case ORC_ELOST:
	case ORC_EPROTO:
	case ORC_ETIMEOUT:
	case ORC_ENOCAMERA:
	case ORC_EBUSY:
	case ORC_ESTALL:
		return true;
	default:
		return false;
	}
}

static double seconds(nsec_t nsec)
{
	return (double)nsec / (double)NSEC_PER_SEC;
}

static void tell(struct recovery *recovery, struct call *call, enum recovery_rung rung,
	nsec_t lost_nsec, const char *why)
{
	const struct recovery_options *options = &recovery->options;

	if (options->tell) {
		options->tell(options->tell_data, rung, lost_nsec, why);
		return;
	}
	/* A body that is busy for a moment is nothing to talk about; giving up the error tells. */
	if (rung == RECOVERY_ASK || rung == RECOVERY_GIVE_UP ||
		!(recovery->told & ~(1u << RECOVERY_ASK)))
		log_debug("recovery: %s: %s", rungs[rung].words, why);
	else if (rung == RECOVERY_BACK)
		call_warn(call, "%s after %.1f s", rungs[rung].words, seconds(lost_nsec));
	else if (rung == RECOVERY_ON_LOST)
		call_warn(call, "%s, %.1f s lost: %s", rungs[rung].words, seconds(lost_nsec), why);
	else
		call_warn(call, "the camera is away, %s, %.1f s lost: %s", rungs[rung].words,
			seconds(lost_nsec), why);
}

/* The first time in a loss that this rung is taken. */
static void climb(struct recovery *recovery, struct call *call, enum recovery_rung rung,
	nsec_t lost_nsec, const struct orc_error *err)
{
	char line[512];

	orc_error_line(err, line, sizeof(line));
	if (recovery->told & 1u << rung) {
		log_debug("recovery: %s: %s", rungs[rung].words, line);
		return;
	}
	recovery->told |= 1u << rung;
	tell(recovery, call, rung, lost_nsec, line);
}

static void begin(struct recovery *recovery, nsec_t now)
{
	const nsec_t patience = recovery->options.give_up_nsec;

	recovery->since_nsec = recovery->begun_nsec ? recovery->begun_nsec : now;
	recovery->noticed_nsec = now;
	recovery->told = 0;
	recovery->asked = recovery->reset = recovery->reconnected = recovery->on_lost = 0;
	recovery->pause_msec = PAUSE_MSEC;
	recovery->next_on_lost_nsec = ON_LOST_NSEC;
	if (patience > 0 && patience / 2 < ON_LOST_NSEC)
		recovery->next_on_lost_nsec = patience / 2;
}

static int give_up(struct recovery *recovery, struct call *call, nsec_t lost, struct orc_error *err)
{
	struct orc_error last = *err;
	char line[512], on_lost[64] = "";

	recovery->gave_up = true;
	tell(recovery, call, RECOVERY_GIVE_UP, lost, orc_error_line(err, line, sizeof(line)));
	if (recovery->on_lost)
		snprintf(on_lost, sizeof(on_lost), ", the --on-lost command %u", recovery->on_lost);
	/* Whatever the last try met: it was there, and is lost. */
	orc_fail(err, ORC_ELOST, "%s", last.why);
	err->errnum = last.errnum;
	orc_what(err, "%s", last.what);
	return orc_hint(err,
		"given up after %.1f s; times that were tried: asking %u, reset %u, connecting "
		"%u%s",
		seconds(lost), recovery->asked, recovery->reset, recovery->reconnected, on_lost);
}

static int pause_for(struct call *call, int64_t msec, struct orc_error *err)
{
	if (call_sleep_until(call, deadline_after_msec(msec)) == 0)
		return 0;
	return io_fail_signal(call->io, err);
}

/* Held, and it was not the link that broke: 0, it answers again. */
static int reset(struct recovery *recovery, struct call *call, nsec_t lost, struct orc_error *err)
{
	struct orc_error own = { 0 };

	if (!call->camera || recovery->reset > 0)
		return ORC_ELOST;
	recovery->reset++;
	if (camera_reset(call->camera, deadline_after_msec(RESET_MSEC), &own) < 0) {
		log_debug("recovery: no reset: %s", own.why);
		return ORC_ELOST;
	}
	climb(recovery, call, RECOVERY_RESET, lost, err);
	return 0;
}

static void run_on_lost(struct recovery *recovery, struct call *call, nsec_t lost)
{
	struct orc_error err = { 0 };

	recovery->on_lost++;
	recovery->next_on_lost_nsec = 2 * lost;
	if (hook_run_command(call->io, recovery->options.on_lost, "lost", call->io->job->key,
		    deadline_after_msec(ON_LOST_NSEC / NSEC_PER_MSEC), &err) < 0) {
		call_report(call, &err);
		return;
	}
	tell(recovery, call, RECOVERY_ON_LOST, lost, recovery->options.on_lost);
}

static int reconnect(
	struct recovery *recovery, struct call *call, nsec_t lost, struct orc_error *err)
{
	const nsec_t patience = recovery->options.give_up_nsec;
	const nsec_t left =
		patience > 0 ? recovery->noticed_nsec + patience - clock_now_nsec() : INT64_MAX;
	int ret;

	call_drop_camera(call);
	recovery->reconnected++;
	climb(recovery, call, RECOVERY_RECONNECT, lost, err);
	if (recovery->options.on_lost && (lost >= recovery->next_on_lost_nsec || left <= 0)) {
		run_on_lost(recovery, call, lost);
		recovery->pause_msec = PAUSE_MSEC;
	}
	if (recovery->pause_msec * NSEC_PER_MSEC > left)
		recovery->pause_msec = left > 0 ? left / NSEC_PER_MSEC + 1 : 0;
	ret = pause_for(call, recovery->pause_msec, err);
	if (recovery->pause_msec < PAUSE_MAX)
		recovery->pause_msec *= 2;
	return ret;
}

int recovery_step(struct recovery *recovery, struct call *call, struct orc_error *err)
{
	const nsec_t patience = recovery->options.give_up_nsec, now = clock_now_nsec();
	nsec_t lost;

	if (io_cancelled(call->io))
		return io_fail_signal(call->io, err);
	if (!recovery_is_for(err->code) || patience < 0)
		return err->code;
	if (!recovery->since_nsec)
		begin(recovery, now);
	lost = now - recovery->since_nsec;
	/* The user's program has its try, however long one of ours took. */
	if (patience > 0 && now - recovery->noticed_nsec >= patience &&
		(recovery->on_lost > 0 || !recovery->options.on_lost))
		return give_up(recovery, call, lost, err);
	if (err->code == ORC_EBUSY && call->camera && recovery->asked < ASK_MAX) {
		recovery->asked++;
		climb(recovery, call, RECOVERY_ASK, lost, err);
		return pause_for(call, ASK_MSEC, err);
	}
	if (reset(recovery, call, lost, err) == 0)
		return 0;
	return reconnect(recovery, call, lost, err);
}

bool recovery_done(struct recovery *recovery, struct call *call)
{
	nsec_t lost;

	if (!recovery->since_nsec)
		return false;
	lost = clock_now_nsec() - recovery->since_nsec;
	tell(recovery, call, RECOVERY_BACK, lost, "");
	recovery->since_nsec = 0;
	recovery->losses++;
	recovery->last_nsec = lost;
	recovery->lost_nsec += lost;
	return true;
}
