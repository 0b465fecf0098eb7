/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The process that holds a camera, and runs the commands of those who want it. */
#include "session/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/zone.h"
#include "config.h"
#include "session/channel.h"
#include "session/descriptors.h"
#include "session/place.h"
#include "session/running.h"
#include "session/sandbox.h"

/* Each has a thread: more is a script gone wild. */
#define CALLERS_MAX 256
/* While nobody uses a camera, it is looked after so often. */
#define LOOK_MSEC 1000
/* Who cannot be let in, for want of a descriptor, is asked in again after this. */
#define FULL_MSEC 100

/* Somebody at a socket. */
struct caller {
	struct caller *next;
	struct channel channel;
	pid_t pid;
	bool several; /* its command is for other cameras as well */
	bool leaving; /* has closed its side, and waits for the camera to be closed */
	bool gone;
	/* Under the owner's mutex: */
	bool served;             /* it has had an answer */
	struct running *running; /* the job, if there is one */
};

struct owner {
	void (*run)(struct job *job);
	struct caller *callers; /* the owner's thread alone; changed under the mutex */
	size_t caller_count;
	int wake; /* an eventfd */
	/* From the start on, and before there are threads: */
	enum usbip_sandbox sandbox; /* what it was to be */
	bool confined;              /* what it is */
	char unconfined_why[256];
	bool homeless;

	int listener;               /* a service manager's, or -1 */
	struct deadline full_until; /* until then nobody is let in */
	struct held *held;

	pthread_mutex_t mutex; /* guards what follows */
	struct running *jobs;  /* those under way */
	bool stays;
	nsec_t idle_nsec, quiet_since_nsec;
};

/* A handler has no other way; whatever thread the signal finds. */
static atomic_int asked_to_end;
static int wake_on_signal = -1;
static struct owner *exhausted;

static void on_signal(int number)
{
	int errnum = errno;

	asked_to_end = number;
	wake_up(wake_on_signal);
	errno = errnum;
}

void owner_stay(struct owner *owner, nsec_t idle_nsec)
{
	pthread_mutex_lock(&owner->mutex);
	owner->stays = true;
	owner->idle_nsec = idle_nsec;
	pthread_mutex_unlock(&owner->mutex);
}

void owner_leave(struct owner *owner)
{
	pthread_mutex_lock(&owner->mutex);
	owner->stays = false;
	pthread_mutex_unlock(&owner->mutex);
}

size_t owner_jobs(struct owner *owner)
{
	const struct running *running;
	size_t jobs = 0;

	pthread_mutex_lock(&owner->mutex);
	for (running = owner->jobs; running; running = running->next)
		jobs++;
	pthread_mutex_unlock(&owner->mutex);
	return jobs;
}

void owner_name_job(struct job *job, const char *command)
{
	pthread_mutex_lock(&job->owner->mutex);
	job->command = command;
	pthread_mutex_unlock(&job->owner->mutex);
}

size_t owner_other_jobs(const struct job *job, char *names, size_t size)
{
	const struct running *running;
	size_t count = 0, len = 0;

	names[0] = '\0';
	pthread_mutex_lock(&job->owner->mutex);
	for (running = job->owner->jobs; running; running = running->next) {
		const struct job *other = &running->job;

		if (other == job)
			continue;
		if (len < size)
			len += (size_t)snprintf(names + len, size - len, "%s%s (process %ld)",
				count ? ", " : "", other->command ? other->command : "a command",
				(long)other->pid);
		count++;
	}
	pthread_mutex_unlock(&job->owner->mutex);
	return count;
}

/* Allocates nothing. */
static void send_exhausted(int fd)
{
	uint8_t header[MESSAGE_HEADER_LEN];

	message_put_header(header, MESSAGE_EXHAUSTED, 0);
	if (send(fd, header, sizeof(header), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return; /* it finds out that it is alone */
}

/* One caller cannot be served; the others can. */
static void give_up(struct caller *caller)
{
	send_exhausted(caller->channel.fd);
	if (caller->running)
		running_put_signal(caller->running, SIGHUP);
	caller->gone = true;
}

/* A command was out of memory in the middle of something: all end with it. */
static void tell_exhausted(void)
{
	const struct caller *caller;

	pthread_mutex_lock(&exhausted->mutex);
	for (caller = exhausted->callers; caller; caller = caller->next)
		if (caller->running || !caller->served)
			send_exhausted(caller->channel.fd);
	pthread_mutex_unlock(&exhausted->mutex);
}

static void send_now(struct caller *caller, const struct message *message)
{
	struct orc_error err;
	int ret = channel_send(&caller->channel, message, NULL, 0, deadline_after_msec(0), &err);

	if (ret == ORC_ENOMEM)
		give_up(caller);
	if (ret == 0)
		return;
	/* A caller that does not read has no need of it, and nobody else would end its command. */
	if (caller->running)
		running_put_signal(caller->running, SIGHUP);
	caller->gone = true;
}

static void say(struct caller *caller, enum message_type type, uint32_t number, const char *text)
{
	struct message message = {
		.type = type,
		.numbers = { number },
		.texts = &text,
		.text_count = text ? 1 : 0,
	};

	send_now(caller, &message);
}

static void refuse(struct caller *caller, const char *why)
{
	say(caller, MESSAGE_REFUSED, 0, why);
	caller->gone = true;
}

static void enlist(struct owner *owner, struct caller *caller, struct running *running)
{
	pthread_mutex_lock(&owner->mutex);
	caller->running = running;
	running->next = owner->jobs;
	owner->jobs = running;
	owner->quiet_since_nsec = clock_now_nsec();
	pthread_mutex_unlock(&owner->mutex);
}

static void strike_off(struct owner *owner, struct caller *caller)
{
	struct running *running = caller->running, **at = &owner->jobs;

	pthread_mutex_lock(&owner->mutex);
	while (*at != running)
		at = &(*at)->next;
	*at = running->next;
	caller->running = NULL;
	caller->served = true;
	owner->quiet_since_nsec = clock_now_nsec();
	pthread_mutex_unlock(&owner->mutex);
	running_free(running);
}

const char *owner_sandbox_missing(const struct owner *owner)
{
	return owner->confined || owner->sandbox <= USBIP_SANDBOX_NO ? NULL : owner->unconfined_why;
}

/* Nothing has been heard of the camera yet, and there are no threads. */
static void confine(struct owner *owner, const char *key)
{
	struct orc_error err = { 0 };

	snprintf(owner->unconfined_why, sizeof(owner->unconfined_why),
		"it is held by a process that is in no sandbox; `opencamrc close` ends that");
	if (owner->sandbox <= USBIP_SANDBOX_NO)
		return;
	owner->confined = sandbox_enter(key, &err) == 0;
	if (!owner->confined)
		orc_error_line(&err, owner->unconfined_why, sizeof(owner->unconfined_why));
}

/* Another name led the same command here: twice is not what anybody means. */
static bool is_here_twice(const struct owner *owner, const struct caller *caller)
{
	const struct caller *other;

	for (other = owner->callers; other; other = other->next)
		if (other != caller && other->several && !other->leaving && !other->gone &&
			caller->pid > 0 && other->pid == caller->pid)
			return true;
	return false;
}

static void start(struct owner *owner, struct caller *caller, struct message *message)
{
	static const char too_many[] = "there are too many commands at work";
	const struct job job = { .owner = owner, .held = owner->held, .pid = caller->pid };
	struct running *running;
	int ret;

	if (strcmp(message->texts[0], PACKAGE_VERSION) != 0) {
		refuse(caller,
			"it is held by opencamrc " PACKAGE_VERSION
			", another version than this; `opencamrc close` of that ends it");
		return;
	}
	if ((message->numbers[0] & MESSAGE_CALL_SANDBOX) && !owner->confined) {
		refuse(caller, owner->unconfined_why);
		return;
	}
	caller->several = message->numbers[0] & MESSAGE_CALL_SEVERAL;
	if (caller->several && is_here_twice(owner, caller)) {
		/* Which camera it is, is the caller's to find out by that. */
		say(caller, MESSAGE_STARTED, (uint32_t)getpid(), NULL);
		refuse(caller, "it has been named twice");
		return;
	}
	ret = running_new(&running, &job, &caller->channel, message);
	if (ret == ORC_ENOMEM) {
		give_up(caller);
		return;
	}
	if (ret < 0) {
		refuse(caller,
			caller->channel.short_of_fds ? too_many : "the call is not complete");
		return;
	}
	say(caller, MESSAGE_STARTED, (uint32_t)getpid(), NULL);
	if (caller->gone) {
		running_free(running);
		return;
	}
	/* Before it runs: it may ask how many there are. */
	running->run = owner->run;
	running->wake = owner->wake;
	running->confined = owner->confined;
	running->homeless = owner->homeless;
	enlist(owner, caller, running);
	if (running_start(running) != 0) {
		strike_off(owner, caller);
		refuse(caller, too_many);
	}
}

static void finish(struct owner *owner, struct caller *caller)
{
	struct running *running = caller->running;

	pthread_join(running->thread, NULL);
	if (running->job.moved[0])
		say(caller, MESSAGE_MOVED, 0, running->job.moved);
	else
		say(caller, MESSAGE_EXIT, (uint32_t)running->job.status, running->job.error);
	strike_off(owner, caller);
}

/* Passes on when it was released and that it stands at the gate; true when it is done. */
static bool look_at(struct caller *caller)
{
	struct running *running = caller->running;
	struct message released = { .type = MESSAGE_RELEASED };
	nsec_t released_nsec;
	bool done, tell;

	pthread_mutex_lock(&running->mutex);
	done = running->done;
	tell = running->ready && !running->ready_told;
	running->ready_told = true;
	released_nsec = running->released_nsec;
	running->released_nsec = 0;
	pthread_mutex_unlock(&running->mutex);
	message_put_time(&released, released_nsec);
	if (released_nsec)
		send_now(caller, &released);
	if (tell)
		say(caller, MESSAGE_READY, 0, NULL);
	return done;
}

static void hear(struct owner *owner, struct caller *caller)
{
	struct message message;
	int ret;

	for (;;) {
		ret = channel_receive(&caller->channel, &message);
		if (ret == ORC_EAGAIN)
			return;
		if (ret == ORC_ENOMEM)
			give_up(caller);
		if (ret < 0)
			break;
		if (message.type == MESSAGE_CALL && !caller->running)
			start(owner, caller, &message);
		else if (message.type == MESSAGE_SIGNAL && caller->running)
			running_put_signal(caller->running, (int)(message.numbers[0] & 127));
		else if (message.type == MESSAGE_GO && caller->running)
			running_put_go(caller->running, message_time(&message));
		message_free(&message);
	}
	/* Whoever leaves in the middle of a command does not want it any more. */
	if (caller->running)
		running_put_signal(caller->running, SIGHUP);
	caller->leaving = true;
}

static void admit(struct owner *owner, int fd)
{
	struct caller *caller;
	pid_t pid = 0;

	if (!place_is_own(fd, &pid) || owner->caller_count >= CALLERS_MAX) {
		log_debug("session: process %ld is not let in", (long)pid);
		close(fd);
		return;
	}
	caller = calloc(1, sizeof(*caller));
	if (!caller) {
		send_exhausted(fd);
		close(fd);
		return;
	}
	caller->channel.fd = fd;
	caller->pid = pid;
	caller->next = owner->callers;
	pthread_mutex_lock(&owner->mutex);
	owner->callers = caller;
	pthread_mutex_unlock(&owner->mutex);
	owner->caller_count++;
	say(caller, MESSAGE_ADMITTED, 0, NULL);
}

static void drop(struct owner *owner, struct caller **at)
{
	struct caller *caller = *at;

	pthread_mutex_lock(&owner->mutex);
	*at = caller->next;
	pthread_mutex_unlock(&owner->mutex);
	owner->caller_count--;
	channel_close(&caller->channel);
	free(caller);
}

bool owner_stays(struct owner *owner)
{
	bool answer;

	pthread_mutex_lock(&owner->mutex);
	answer = owner->stays;
	pthread_mutex_unlock(&owner->mutex);
	return answer;
}

/* Lets those go who have nothing more to wait for; the last one waits for the cameras. */
static void drop_leaving(struct owner *owner)
{
	bool staying = owner_stays(owner);
	struct caller **at = &owner->callers;

	while (*at) {
		struct caller *caller = *at;
		bool others = owner->caller_count > 1 || staying;

		if (!caller->running && (caller->gone || (caller->leaving && others)))
			drop(owner, at);
		else
			at = &caller->next;
	}
}

static void admit_all(struct owner *owner)
{
	const int listeners[] = { owner->listener, held_listener(owner->held) };
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_LENGTH(listeners); i++) {
		while (listeners[i] >= 0 &&
			(fd = accept4(listeners[i], NULL, NULL, SOCK_CLOEXEC)) >= 0)
			admit(owner, fd);
		/* It stays readable. */
		if (listeners[i] >= 0 && (errno == EMFILE || errno == ENFILE))
			owner->full_until = deadline_after_msec(FULL_MSEC);
	}
}

static void end_jobs(struct owner *owner, int number)
{
	struct caller *caller;

	for (caller = owner->callers; caller; caller = caller->next)
		if (caller->running)
			running_put_signal(caller->running, number);
}

/* Nobody is there, and nobody is expected. */
static bool is_over(struct owner *owner)
{
	const struct caller *caller;
	bool over;

	for (caller = owner->callers; caller; caller = caller->next)
		if (caller->running || !(caller->leaving || caller->gone || asked_to_end))
			return false;
	if (asked_to_end)
		return true;
	pthread_mutex_lock(&owner->mutex);
	over = !owner->stays ||
		(owner->idle_nsec > 0 &&
			clock_now_nsec() - owner->quiet_since_nsec >= owner->idle_nsec);
	pthread_mutex_unlock(&owner->mutex);
	return over;
}

/* Waits for something to do: new callers, what callers say, jobs that are done. */
static void wait_for_work(struct owner *owner)
{
	struct pollfd fds[3 + CALLERS_MAX];
	const struct caller *caller;
	bool full = !deadline_passed(owner->full_until);
	uint64_t count;
	nfds_t n = 0;

	fds[n++] = (struct pollfd){ .fd = owner->wake, .events = POLLIN };
	for (caller = owner->callers; caller; caller = caller->next)
		/* One that has closed its side would be readable for ever. */
		if (!caller->leaving && !caller->gone)
			fds[n++] = (struct pollfd){ .fd = caller->channel.fd, .events = POLLIN };
	/* -1 is passed over. */
	fds[n++] = (struct pollfd){ .fd = full ? -1 : owner->listener, .events = POLLIN };
	fds[n++] = (struct pollfd){
		.fd = full ? -1 : held_listener(owner->held),
		.events = POLLIN,
	};
	poll(fds, n, full ? FULL_MSEC : LOOK_MSEC);
	if (read(owner->wake, &count, sizeof(count)) < 0 && errno != EAGAIN)
		log_debug("session: eventfd: %s", strerror(errno));
}

static void serve(struct owner *owner)
{
	struct caller *caller;

	for (;;) {
		wait_for_work(owner);
		if (asked_to_end)
			end_jobs(owner, asked_to_end);
		admit_all(owner);
		for (caller = owner->callers; caller; caller = caller->next) {
			if (!caller->leaving && !caller->gone)
				hear(owner, caller);
			if (caller->running && look_at(caller))
				finish(owner, caller);
		}
		drop_leaving(owner);
		if (is_over(owner))
			break;
		if (owner_jobs(owner) == 0)
			held_look_after(owner->held);
	}
}

static void set_signals(struct owner *owner)
{
	struct sigaction end = { .sa_handler = on_signal };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	wake_on_signal = owner->wake;
	sigaction(SIGTERM, &end, NULL);
	sigaction(SIGINT, &end, NULL);
	sigaction(SIGHUP, &ignore, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL);
}

bool owner_go_apart(int first)
{
	setsid();
	descriptors_close_all_but(first);
	return descriptors_leave_folder();
}

int owner_run(const struct owner_options *options)
{
	struct owner owner = {
		.run = options->run,
		.listener = options->listener,
		.stays = options->stays,
		.idle_nsec = options->stay_nsec,
		.sandbox = options->sandbox,
		.homeless = options->homeless,
		.quiet_since_nsec = clock_now_nsec(),
	};

	descriptors_raise_limit();
	owner.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (owner.wake < 0)
		return 1;
	pthread_mutex_init(&owner.mutex, NULL);
	exhausted = &owner;
	orc_when_exhausted(tell_exhausted);
	if (options->first >= 0)
		admit(&owner, options->first);
	owner.held = held_new(options->key);
	set_signals(&owner);
	confine(&owner, options->key);
	zone_share();
	for (;;) {
		serve(&owner);
		/* Whoever came at the last moment finds the camera open. */
		admit_all(&owner);
		if (asked_to_end || is_over(&owner))
			break;
	}
	held_destroy(owner.held);
	while (owner.callers)
		drop(&owner, &owner.callers);
	orc_when_exhausted(NULL);
	pthread_mutex_destroy(&owner.mutex);
	close(owner.wake);
	return 0;
}
