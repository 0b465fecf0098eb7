/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The process that holds a camera, and runs the commands of those who want it. */
#include "session/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/zone.h"
#include "config.h"
#include "session/channel.h"
#include "session/descriptors.h"
#include "session/place.h"

/* Each has a thread: more is a script gone wild. */
#define CALLERS_MAX 256
/* While nobody uses a camera, it is looked after so often. */
#define LOOK_MSEC 1000

/* Somebody at a socket. */
struct caller {
	struct caller *next;
	struct channel channel;
	pid_t pid;
	bool leaving; /* has closed its side, and waits for the camera to be closed */
	bool gone;
	struct running *running; /* the job, if there is one */
};

struct running {
	struct job job; /* first: a job is one of these */
	struct message message;
	uint8_t *bytes; /* that the message points into */
	char **environment;
	const char **argv;
	mode_t mask;
	pthread_t thread;
	void (*run)(struct job *job);

	pthread_mutex_t mutex; /* guards what follows */
	pthread_cond_t changed;
	int signal;
	bool done;
	bool ready, ready_told; /* at the gate; its caller knows */
	nsec_t go_nsec;         /* when to pass it; 0: not known yet */
	nsec_t released_nsec;   /* to be told to its caller; 0: nothing is */
};

struct owner {
	void (*run)(struct job *job);
	struct caller *callers; /* the owner's thread alone */
	size_t caller_count;
	int wake; /* an eventfd */

	int listener; /* a service manager's, or -1 */
	struct held *held;

	pthread_mutex_t mutex; /* guards what follows */
	size_t jobs;
	bool stays;
	nsec_t idle_nsec, quiet_since_nsec;
};

/* A handler has no other way. */
static volatile sig_atomic_t asked_to_end;
static int wake_on_signal = -1;

static void wake(int fd)
{
	const uint64_t one = 1;

	if (write(fd, &one, sizeof(one)) < 0)
		return; /* it is full: awake already */
}

static void on_signal(int number)
{
	int errnum = errno;

	asked_to_end = number;
	wake(wake_on_signal);
	errno = errnum;
}

int job_signal(void *job)
{
	struct running *running = job;
	int number;

	pthread_mutex_lock(&running->mutex);
	number = running->signal;
	pthread_mutex_unlock(&running->mutex);
	return number;
}

static void put_signal(struct running *running, int number)
{
	pthread_mutex_lock(&running->mutex);
	running->signal = number;
	pthread_cond_broadcast(&running->changed);
	pthread_mutex_unlock(&running->mutex);
}

int job_gate(void *job)
{
	struct running *running = job;
	nsec_t go;
	int ret;

	if (!running->job.several)
		return 0;
	pthread_mutex_lock(&running->mutex);
	running->ready = true;
	running->ready_told = false;
	running->go_nsec = 0;
	wake(running->job.owner->wake);
	while (!running->go_nsec && !running->signal)
		pthread_cond_wait(&running->changed, &running->mutex);
	go = running->go_nsec;
	ret = running->signal ? ORC_ESIGNAL : 0;
	running->ready = false;
	pthread_mutex_unlock(&running->mutex);
	if (ret == 0)
		clock_sleep_until((struct deadline){ .at_nsec = go });
	return ret;
}

void job_released(struct job *job, nsec_t at_nsec)
{
	struct running *running = (struct running *)job;

	if (!job->several)
		return;
	pthread_mutex_lock(&running->mutex);
	running->released_nsec = at_nsec;
	pthread_mutex_unlock(&running->mutex);
	wake(job->owner->wake);
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
	size_t jobs;

	pthread_mutex_lock(&owner->mutex);
	jobs = owner->jobs;
	pthread_mutex_unlock(&owner->mutex);
	return jobs;
}

static void *run_job(void *data)
{
	struct running *running = data;
	int fd = running->job.owner->wake;

	/* A umask of its own; where that is not allowed the owner's is as good as any. */
	if (unshare(CLONE_FS) == 0)
		umask(running->mask);
	running->run(&running->job);
	pthread_mutex_lock(&running->mutex);
	running->done = true;
	pthread_mutex_unlock(&running->mutex);
	wake(fd);
	return NULL;
}

static void running_free(struct running *running)
{
	struct job *job = &running->job;
	int *const fds[] = { &job->in, &job->out, &job->err, &job->cwd };
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(fds); i++)
		if (*fds[i] >= 0)
			close(*fds[i]);
	pthread_cond_destroy(&running->changed);
	pthread_mutex_destroy(&running->mutex);
	message_free(&running->message);
	free(running->bytes);
	free(running->environment);
	free(running->argv);
	free(running);
}

/* NULL-terminated, on the heap; the texts are the message's. */
static const char **slice(const struct message *message, size_t first, size_t count)
{
	const char **texts = orc_must(calloc(count + 1, sizeof(*texts)));

	memcpy(texts, message->texts + first, count * sizeof(*texts));
	return texts;
}

/* The job of a CALL, its descriptors taken; NULL where some are missing. */
static struct running *running_new(
	struct owner *owner, struct caller *caller, struct message *message)
{
	struct running *running = orc_must(calloc(1, sizeof(*running)));
	struct channel *channel = &caller->channel;
	size_t argc = message->numbers[1], envc = message->numbers[2];

	running->message = *message;
	*message = (struct message){ 0 };
	/* The texts stay where they are: the channel begins a new buffer. */
	running->bytes = steal_pointer(&channel->buf);
	channel->size = 0;
	running->mask = running->message.numbers[0] & 0777;
	running->run = owner->run;
	pthread_mutex_init(&running->mutex, NULL);
	pthread_cond_init(&running->changed, NULL);
	running->argv = slice(&running->message, 2, argc);
	running->environment = (char **)(uintptr_t)slice(&running->message, 2 + argc, envc);
	running->job = (struct job){
		.owner = owner,
		.held = owner->held,
		.in = channel_steal(channel, 0),
		.out = channel_steal(channel, 1),
		.err = channel_steal(channel, 2),
		.cwd = channel_steal(channel, 3),
		.pid = caller->pid,
		.argc = (int)argc,
		.argv = running->argv,
		.environment = running->environment,
		.key = running->message.texts[1],
		.several = running->message.numbers[0] & MESSAGE_CALL_SEVERAL,
	};
	if (running->job.cwd >= 0 && argc > 0)
		return running;
	running_free(running);
	return NULL;
}

static void send_now(struct caller *caller, const struct message *message)
{
	struct orc_error err;

	/* A caller that does not read has no need of it. */
	if (channel_send(&caller->channel, message, NULL, 0, true, &err) < 0)
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

static void count_jobs(struct owner *owner, int more)
{
	pthread_mutex_lock(&owner->mutex);
	owner->jobs += (size_t)more;
	owner->quiet_since_nsec = clock_now_nsec();
	pthread_mutex_unlock(&owner->mutex);
}

static void start(struct owner *owner, struct caller *caller, struct message *message)
{
	struct running *running;

	if (strcmp(message->texts[0], PACKAGE_VERSION) != 0) {
		refuse(caller,
			"it is held by opencamrc " PACKAGE_VERSION
			", another version than this; `opencamrc close` of that ends it");
		return;
	}
	running = running_new(owner, caller, message);
	if (!running) {
		refuse(caller, "the call is not complete");
		return;
	}
	say(caller, MESSAGE_STARTED, (uint32_t)getpid(), NULL);
	/* Before it runs: it may ask how many there are. */
	count_jobs(owner, 1);
	caller->running = running;
	if (pthread_create(&running->thread, NULL, run_job, running) != 0) {
		count_jobs(owner, -1);
		caller->running = NULL;
		running_free(running);
		refuse(caller, "there are too many commands at work");
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
	caller->running = NULL;
	running_free(running);
	count_jobs(owner, -1);
}

static void put_go(struct running *running, nsec_t when)
{
	pthread_mutex_lock(&running->mutex);
	running->go_nsec = when;
	pthread_cond_broadcast(&running->changed);
	pthread_mutex_unlock(&running->mutex);
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
		if (ret < 0)
			break;
		if (message.type == MESSAGE_CALL && !caller->running)
			start(owner, caller, &message);
		else if (message.type == MESSAGE_SIGNAL && caller->running)
			put_signal(caller->running, (int)(message.numbers[0] & 127));
		else if (message.type == MESSAGE_GO && caller->running)
			put_go(caller->running, message_time(&message));
		message_free(&message);
	}
	/* Whoever leaves in the middle of a command does not want it any more. */
	if (caller->running)
		put_signal(caller->running, SIGHUP);
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
	caller = orc_must(calloc(1, sizeof(*caller)));
	caller->channel.fd = fd;
	caller->pid = pid;
	caller->next = owner->callers;
	owner->callers = caller;
	owner->caller_count++;
}

static void drop(struct owner *owner, struct caller **at)
{
	struct caller *caller = *at;

	*at = caller->next;
	owner->caller_count--;
	channel_close(&caller->channel);
	free(caller);
}

static bool stays(struct owner *owner)
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
	bool staying = stays(owner);
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

	for (i = 0; i < ARRAY_LENGTH(listeners); i++)
		while (listeners[i] >= 0 &&
			(fd = accept4(listeners[i], NULL, NULL, SOCK_CLOEXEC)) >= 0)
			admit(owner, fd);
}

static void end_jobs(struct owner *owner, int number)
{
	struct caller *caller;

	for (caller = owner->callers; caller; caller = caller->next)
		if (caller->running)
			put_signal(caller->running, number);
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
	struct pollfd *fds = orc_must(calloc(3 + owner->caller_count, sizeof(*fds)));
	const struct caller *caller;
	uint64_t count;
	nfds_t n = 0;

	fds[n++] = (struct pollfd){ .fd = owner->wake, .events = POLLIN };
	for (caller = owner->callers; caller; caller = caller->next)
		/* One that has closed its side would be readable for ever. */
		if (!caller->leaving && !caller->gone)
			fds[n++] = (struct pollfd){ .fd = caller->channel.fd, .events = POLLIN };
	/* -1 is passed over. */
	fds[n++] = (struct pollfd){ .fd = owner->listener, .events = POLLIN };
	fds[n++] = (struct pollfd){ .fd = held_listener(owner->held), .events = POLLIN };
	poll(fds, n, LOOK_MSEC);
	if (read(owner->wake, &count, sizeof(count)) < 0 && errno != EAGAIN)
		log_debug("session: eventfd: %s", strerror(errno));
	free(fds);
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

void owner_go_apart(int first)
{
	setsid();
	descriptors_close_all_but(first);
}

int owner_run(const struct owner_options *options)
{
	struct owner owner = {
		.run = options->run,
		.listener = options->listener,
		.stays = options->stays,
		.idle_nsec = options->stay_nsec,
		.quiet_since_nsec = clock_now_nsec(),
	};

	owner.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (owner.wake < 0)
		return 1;
	owner.held = held_new(options->key);
	pthread_mutex_init(&owner.mutex, NULL);
	set_signals(&owner);
	zone_share();
	if (options->first >= 0)
		admit(&owner, options->first);
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
	pthread_mutex_destroy(&owner.mutex);
	close(owner.wake);
	return 0;
}
