/* SPDX-License-Identifier: GPL-2.0-or-later */
/* slow-link: a bad network on loopback, for tests: delay, rate, cuts and stalls in a TCP stream. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "relay.h"

static const char usage[] =
	"Usage: slow-link --listen ADDR:PORT --to ADDR:PORT [OPTION...]\n"
	"Stands between a client and a server on TCP and behaves like a bad network.\n"
	"Prints \"listening on ADDR:PORT\" once it serves, and on SIGTERM one line:\n"
	"\"up BYTES down BYTES connections N\", and one with the number of messages of each kind.\n"
	"\n"
	"  --delay MS             each way; a round trip takes twice that\n"
	"  --rate BITS            a second, each way\n"
	"  --cut-after N[:WAY]    cut the connection that carries the Nth byte behind that byte;\n"
	"  --stall-after N[:WAY]  or let nothing through any more. WAY is up, down or (both)\n"
	"  --cut-at KIND:N        the same behind the Nth USB/IP message of a kind: submit, "
	"unlink,\n"
	"  --stall-at KIND:N      ret-submit, ret-unlink, data (a reply with bulk or interrupt "
	"data)\n"
	"  --every                do so in every connection, each counted for itself, not once\n"
	"\n"
	"SIGUSR1 cuts all connections. SIGUSR2 stalls all, and the next one lets them go on.\n";

static volatile sig_atomic_t stop_asked, cut_asked, stall_asked;

static void on_signal(int number)
{
	if (number == SIGUSR1)
		cut_asked = 1;
	else if (number == SIGUSR2)
		stall_asked ^= 1;
	else
		stop_asked = 1;
}

_Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "slow-link: %s: %s\n", what, why);
	exit(2);
}

static void wait_and_read(struct proxy *proxy, const sigset_t *mask)
{
	static struct pollfd polls[1 + 2 * RELAY_MAX_PAIRS];
	struct deadline wake = deadline_never();
	size_t count = 1 + relay_fill_polls(proxy, polls + 1, &wake);
	struct timespec timeout = { 0 };
	nsec_t left = wake.at_nsec == INT64_MAX ? 0 : wake.at_nsec - clock_now_nsec();

	if (left > 0) {
		timeout.tv_sec = (time_t)(left / NSEC_PER_SEC);
		timeout.tv_nsec = (long)(left % NSEC_PER_SEC);
	}
	polls[0] = (struct pollfd){ .fd = proxy->listener, .events = POLLIN };
	if (ppoll(polls, (nfds_t)count, wake.at_nsec == INT64_MAX ? NULL : &timeout, mask) <= 0)
		return;
	relay_take_in(proxy, polls + 1);
	if (polls[0].revents)
		relay_accept(proxy);
}

static void run(struct proxy *proxy, const sigset_t *mask)
{
	while (!stop_asked) {
		proxy->stalled = stall_asked;
		if (cut_asked)
			relay_cut_all(proxy);
		cut_asked = 0;
		relay_deliver(proxy);
		wait_and_read(proxy, mask);
	}
}

static void resolve(const char *text, struct sockaddr_storage *address, socklen_t *len)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	cleanup_free char *copy = strdup(text);
	char *colon = copy ? strrchr(copy, ':') : NULL;
	char *host = copy;
	struct addrinfo *found;
	int rc;

	if (!colon)
		die(text, "not of the form ADDR:PORT");
	*colon = '\0';
	if (host[0] == '[' && colon[-1] == ']') {
		colon[-1] = '\0';
		host++;
	}
	rc = getaddrinfo(host, colon + 1, &hints, &found);
	if (rc != 0)
		die(text, gai_strerror(rc));
	memcpy(address, found->ai_addr, found->ai_addrlen);
	*len = found->ai_addrlen;
	freeaddrinfo(found);
}

static void start_listening(struct proxy *proxy, const char *text)
{
	struct sockaddr_storage address;
	char host[64], port[8];
	socklen_t len;
	int on = 1;

	resolve(text, &address, &len);
	proxy->listener = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	setsockopt(proxy->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(proxy->listener, (struct sockaddr *)&address, len) < 0 ||
		listen(proxy->listener, SOMAXCONN) < 0)
		die(text, strerror(errno));
	len = sizeof(address);
	getsockname(proxy->listener, (struct sockaddr *)&address, &len);
	getnameinfo((struct sockaddr *)&address, len, host, sizeof(host), port, sizeof(port),
		NI_NUMERICHOST | NI_NUMERICSERV);
	printf(strchr(host, ':') ? "listening on [%s]:%s\n" : "listening on %s:%s\n", host, port);
	fflush(stdout);
}

static uint64_t number(const char *text, char **end)
{
	uint64_t value;

	errno = 0;
	value = strtoull(text, end, 10);
	if (*end == text || text[0] == '-' || errno != 0)
		die(text, "not a number");
	return value;
}

static uint64_t whole_number(const char *text)
{
	char *end;
	uint64_t value = number(text, &end);

	if (*end)
		die(text, "not a number");
	return value;
}

static void add_trigger(struct proxy *proxy, struct trigger trigger)
{
	if (proxy->trigger_count == MAX_TRIGGERS)
		die("--cut and --stall", "too many of them");
	if (trigger.count == 0)
		die("--cut and --stall", "they count from 1");
	proxy->triggers[proxy->trigger_count++] = trigger;
}

static void add_byte_trigger(struct proxy *proxy, enum action action, const char *text)
{
	struct trigger trigger = { .action = action, .way = BOTH, .kind = MESSAGE_KINDS };
	char *end;

	trigger.count = number(text, &end);
	if (strcmp(end, ":up") == 0)
		trigger.way = UP;
	else if (strcmp(end, ":down") == 0)
		trigger.way = DOWN;
	else if (*end)
		die(text, "not N, N:up or N:down");
	add_trigger(proxy, trigger);
}

static void add_message_trigger(struct proxy *proxy, enum action action, char *text)
{
	char *colon = strchr(text, ':');
	struct trigger trigger = { .action = action };

	if (!colon)
		die(text, "not KIND:N");
	*colon = '\0';
	trigger.kind = message_kind_parse(text);
	if (trigger.kind == MESSAGE_KINDS)
		die(text, "no such kind of message");
	trigger.count = whole_number(colon + 1);
	add_trigger(proxy, trigger);
}

static const struct option options[] = {
	{ "listen", required_argument, NULL, 'l' },
	{ "to", required_argument, NULL, 't' },
	{ "delay", required_argument, NULL, 'd' },
	{ "rate", required_argument, NULL, 'r' },
	{ "cut-after", required_argument, NULL, 'c' },
	{ "stall-after", required_argument, NULL, 's' },
	{ "cut-at", required_argument, NULL, 'C' },
	{ "stall-at", required_argument, NULL, 'S' },
	{ "every", no_argument, NULL, 'e' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static const char *parse_options(struct proxy *proxy, int argc, char **argv)
{
	const char *listen_at = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'l':
			listen_at = optarg;
			break;
		case 't':
			resolve(optarg, &proxy->to, &proxy->to_len);
			break;
		case 'd':
			proxy->delay_nsec = (nsec_t)whole_number(optarg) * NSEC_PER_MSEC;
			break;
		case 'r':
			proxy->rate = whole_number(optarg);
			break;
		case 'c':
		case 's':
			add_byte_trigger(proxy, option == 'c' ? ACTION_CUT : ACTION_STALL, optarg);
			break;
		case 'C':
		case 'S':
			add_message_trigger(
				proxy, option == 'C' ? ACTION_CUT : ACTION_STALL, optarg);
			break;
		case 'e':
			proxy->every = true;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		default:
			exit(2);
		}
	}
	if (!listen_at || !proxy->to_len || optind < argc)
		die("--listen ADDR:PORT and --to ADDR:PORT", "both are needed, and nothing else");
	return listen_at;
}

/* Signals are held back but while poll() waits, so that none is missed in between. */
static sigset_t catch_signals(void)
{
	static const int caught[] = { SIGTERM, SIGINT, SIGUSR1, SIGUSR2 };
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t held, before;
	size_t i;

	sigemptyset(&held);
	for (i = 0; i < ARRAY_LENGTH(caught); i++) {
		sigaddset(&held, caught[i]);
		sigaction(caught[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &held, &before);
	return before;
}

int main(int argc, char **argv)
{
	struct proxy proxy = { .listener = -1 };
	const char *listen_at = parse_options(&proxy, argc, argv);
	sigset_t mask = catch_signals();

	start_listening(&proxy, listen_at);
	run(&proxy, &mask);
	printf("up %" PRIu64 " down %" PRIu64 " connections %" PRIu64 "\n", proxy.delivered[UP],
		proxy.delivered[DOWN], proxy.connections);
	for (enum message_kind kind = 0; kind < MESSAGE_KINDS; kind++)
		printf("%s%s %" PRIu64, kind ? " " : "", message_kind_name(kind),
			proxy.tally.messages[kind]);
	putchar('\n');
	relay_free(&proxy);
	return 0;
}
