/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The log: one line on stderr (or wherever it is sent) for those who asked for it. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level {
	LOG_LEVEL_ERROR,   /* cannot go on */
	LOG_LEVEL_WARNING, /* went on, but a user wants to know */
	LOG_LEVEL_INFO,    /* talk; silenced by -q */
	LOG_LEVEL_DEBUG,   /* --debug */
};

/* Where log lines go, and which ones. */
struct log_target {
	enum log_level level;
	/* Gets each line, without its end. NULL: "NAME: line" goes to stderr. */
	void (*sink)(enum log_level level, const char *line, void *data);
	void *data;
};

/*
 * The logger is the one process-wide mutable thing of the project. Level is INFO until it is set.
 * Thread-safe as far as the sink is. A thread may have a target of its own, which must outlive its
 * use; NULL: the process's again. Returns what it was before.
 */
void log_set_name(const char *name); /* keeps the pointer */
void log_set_level(enum log_level level);
enum log_level log_level(void);
void log_set_sink(void (*sink)(enum log_level level, const char *line, void *data), void *data);
const struct log_target *log_set_thread(const struct log_target *target);
void log_write(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...)   log_write(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_write(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...)    log_write(LOG_LEVEL_INFO, __VA_ARGS__)
/* The level is tested first: formatting costs nothing where nobody listens. */
#define log_debug(...)                                                                             \
	do {                                                                                       \
		if (log_level() >= LOG_LEVEL_DEBUG)                                                \
			log_write(LOG_LEVEL_DEBUG, __VA_ARGS__);                                   \
	} while (0)

#endif
