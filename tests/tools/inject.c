/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes one call of the C library fail, the Nth that our own code makes: for LD_PRELOAD. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

/*
 * INJECT_COUNT is a file of 8 bytes: how many calls there were, of all processes together, for the one
 * that holds a camera is a child of the one that was started. INJECT_AT is which of them fails, from 1 on;
 * 0: none. INJECT_CHANCE makes one in so many fail instead, those that INJECT_SEED says, which decides
 * as well how a call fails where there are several ways. INJECT_KINDS are letters: m memory, n network, f
 * files, t threads and processes. INJECT_LOG is a file that gets a line for each: what failed, and in what;
 * and one for a crash.
 *
 * Only calls made by a program or a port driver of ours count; by what they link, what is not ours has
 * its own ways to fail. What libc calls on their behalf (stdio, getaddrinfo) is not touched.
 */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

/* A loaded object: calls from within it count where it is ours. */
struct object {
	uintptr_t start, end;
	bool ours;
};

#define OBJECTS_MAX 256

static struct object objects[OBJECTS_MAX];
static size_t object_count; /* atomic */
static uint64_t *counter;
static uint64_t fail_at, chance, seed;
static _Thread_local uint64_t dice; /* what the call that fails was given */
static const char *kinds, *log_path;

static void tell(const char *what, uint64_t number, const void *caller)
{
	char line[512];
	Dl_info info = { 0 };
	int len, fd;

	dladdr(caller, &info);
	len = snprintf(line, sizeof(line), "%s, call %llu, process %ld, in %s+0x%zx\n", what,
		(unsigned long long)number, (long)getpid(), info.dli_fname ? info.dli_fname : "?",
		(size_t)((uintptr_t)caller - (uintptr_t)info.dli_fbase));
	fd = log_path ? (int)syscall(SYS_openat, AT_FDCWD, log_path,
				O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)
		      : -1;
	if (fd >= 0) {
		syscall(SYS_write, fd, line, (size_t)len);
		syscall(SYS_close, fd);
	}
}

/*
 * Where it was, or at least what it wanted. The default action comes next, when the instruction is tried again.
 */
static void on_crash(int number, siginfo_t *info, void *context)
{
	(void)number;
#ifdef __x86_64__
	(void)info;
	tell("crashed", 0, (void *)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP]);
#else
	(void)context;
	tell("crashed", 0, info->si_addr);
#endif
}

__attribute__((constructor)) static void start(void)
{
	const char *path = getenv("INJECT_COUNT"), *at = getenv("INJECT_AT");
	static const int crashes[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL };
	const struct sigaction crash = { .sa_sigaction = on_crash,
		.sa_flags = SA_SIGINFO | (int)SA_RESETHAND };
	int fd;

	/* A hook script's shell, ssh and the like are not ours. */
	if (!path || strncmp(program_invocation_short_name, "opencamrc", 9) != 0)
		return;
	kinds = getenv("INJECT_KINDS");
	log_path = getenv("INJECT_LOG");
	fail_at = at ? strtoull(at, NULL, 10) : 0;
	chance = getenv("INJECT_CHANCE") ? strtoull(getenv("INJECT_CHANCE"), NULL, 10) : 0;
	seed = getenv("INJECT_SEED") ? strtoull(getenv("INJECT_SEED"), NULL, 10) : 0;
	fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
	if (fd < 0)
		return;
	counter = mmap(NULL, sizeof(*counter), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (counter == MAP_FAILED)
		counter = NULL;
	syscall(SYS_close, fd);
	for (size_t i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		sigaction(crashes[i], &crash, NULL);
}

static int learn(struct dl_phdr_info *info, size_t size, void *data)
{
	const uintptr_t address = *(const uintptr_t *)data;
	const char *slash = strrchr(info->dlpi_name, '/');
	const char *name = slash ? slash + 1 : info->dlpi_name;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		uintptr_t begin = info->dlpi_addr + part->p_vaddr;
		size_t index;

		if (part->p_type != PT_LOAD || address < begin || address - begin >= part->p_memsz)
			continue;
		index = __atomic_load_n(&object_count, __ATOMIC_ACQUIRE);
		if (index < OBJECTS_MAX) {
			/* Two threads that learn the same write the same; one may be lost. */
			objects[index] = (struct object){ begin, begin + part->p_memsz,
				!*name || strcmp(name, "usbip.so") == 0 };
			__atomic_store_n(&object_count, index + 1, __ATOMIC_RELEASE);
		}
		return !*name || strcmp(name, "usbip.so") == 0 ? 2 : 1;
	}
	return 0;
}

static bool is_ours(const void *caller)
{
	uintptr_t address = (uintptr_t)caller;
	size_t count = __atomic_load_n(&object_count, __ATOMIC_ACQUIRE);

	for (size_t i = 0; i < count; i++)
		if (address >= objects[i].start && address < objects[i].end)
			return objects[i].ours;
	return dl_iterate_phdr(learn, &address) == 2;
}

/* Bits that look random (splitmix64). */
static uint64_t mix(uint64_t bits)
{
	bits += UINT64_C(0x9e3779b97f4a7c15);
	bits = (bits ^ bits >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	bits = (bits ^ bits >> 27) * UINT64_C(0x94d049bb133111eb);
	return bits ^ bits >> 31;
}

static bool is_chosen(uint64_t number)
{
	if (!chance) {
		dice = seed;
		return number == fail_at;
	}
	dice = mix(mix(seed) + number);
	if (dice % chance != 0)
		return false;
	/* Those of one in an even number of calls would be even, too. */
	dice >>= 32;
	return true;
}

/* Shall this call fail? */
static bool hit(char kind, const char *what, const void *caller)
{
	uint64_t number;

	if (!counter || !kinds || !strchr(kinds, kind) || !is_ours(caller))
		return false;
	number = __atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
	if (!is_chosen(number))
		return false;
	tell(what, number, caller);
	return true;
}

#define HIT(kind) hit(kind, __func__, __builtin_return_address(0))

/* The real one; cached by each of the functions below. */
#define REAL(name)                                                                                 \
	static __typeof__(name) *real;                                                             \
	if (!real)                                                                                 \
	real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static int one_of(const int *errnums, size_t count)
{
	return errnums[dice % count];
}

#define FAIL(result, ...)                                                                          \
	do {                                                                                       \
		static const int errnums[] = { __VA_ARGS__ };                                      \
		errno = one_of(errnums, sizeof(errnums) / sizeof(errnums[0]));                     \
		return result;                                                                     \
	} while (0)

/* Memory. */

void *malloc(size_t size)
{
	if (HIT('m'))
		FAIL(NULL, ENOMEM);
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	if (HIT('m'))
		FAIL(NULL, ENOMEM);
	return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	if (size && HIT('m'))
		FAIL(NULL, ENOMEM);
	return __libc_realloc(old, size);
}

void *reallocarray(void *old, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes) || (bytes && HIT('m')))
		FAIL(NULL, ENOMEM);
	return __libc_realloc(old, bytes);
}

#undef strdup
#undef strndup

char *strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy;

	if (HIT('m'))
		FAIL(NULL, ENOMEM);
	copy = __libc_malloc(size);
	return copy ? memcpy(copy, text, size) : NULL;
}

char *strndup(const char *text, size_t size)
{
	size_t len = strnlen(text, size);
	char *copy;

	if (HIT('m'))
		FAIL(NULL, ENOMEM);
	copy = __libc_malloc(len + 1);
	if (!copy)
		return NULL;
	copy[len] = '\0';
	return memcpy(copy, text, len);
}

int vasprintf(char **text, const char *format, va_list ap)
{
	REAL(vasprintf);
	if (HIT('m'))
		FAIL(-1, ENOMEM);
	return real(text, format, ap);
}

int asprintf(char **text, const char *format, ...)
{
	va_list ap;
	int len;
	REAL(vasprintf);

	if (HIT('m'))
		FAIL(-1, ENOMEM);
	va_start(ap, format);
	len = real(text, format, ap);
	va_end(ap);
	return len;
}

/* Network. */

int socket(int domain, int type, int protocol)
{
	REAL(socket);
	if (HIT('n'))
		FAIL(-1, EMFILE, ENFILE, ENOBUFS);
	return real(domain, type, protocol);
}

int socketpair(int domain, int type, int protocol, int fds[2])
{
	REAL(socketpair);
	if (HIT('n'))
		FAIL(-1, EMFILE, ENFILE);
	return real(domain, type, protocol, fds);
}

int connect(int fd, const struct sockaddr *address, socklen_t len)
{
	REAL(connect);
	if (HIT('n'))
		FAIL(-1, ECONNREFUSED, ENETUNREACH, EACCES);
	return real(fd, address, len);
}

int accept4(int fd, struct sockaddr *restrict address, socklen_t *restrict len, int flags)
{
	REAL(accept4);
	if (HIT('n'))
		FAIL(-1, ECONNABORTED, EMFILE, EINTR);
	return real(fd, address, len, flags);
}

/* As much of it as makes it short: 0 where it cannot be. */
static size_t shortened(size_t len)
{
	return dice % 3 == 0 ? len / 2 : 0;
}

ssize_t send(int fd, const void *buf, size_t len, int flags)
{
	REAL(send);
	if (HIT('n')) {
		len = shortened(len);
		if (!len)
			FAIL(-1, 0, EPIPE, ECONNRESET);
	}
	return real(fd, buf, len, flags);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	struct msghdr less = *message;
	REAL(sendmsg);

	if (HIT('n')) {
		if (dice % 3 || message->msg_iovlen < 2)
			FAIL(-1, EPIPE, ECONNRESET, ENOBUFS);
		less.msg_iovlen = message->msg_iovlen / 2;
	}
	return real(fd, &less, flags);
}

ssize_t recv(int fd, void *buf, size_t len, int flags)
{
	REAL(recv);
	if (HIT('n')) {
		len = shortened(len);
		if (!len)
			FAIL(-1, EINTR, ECONNRESET, ETIMEDOUT);
	}
	return real(fd, buf, len, flags);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	REAL(recvmsg);
	/* A Unix socket has no other reasons while the other end is there. */
	if (HIT('n'))
		FAIL(-1, EINTR, ENOMEM, ENOBUFS);
	return real(fd, message, flags);
}

ssize_t readv(int fd, const struct iovec *parts, int count)
{
	REAL(readv);
	if (HIT('n')) {
		if (dice % 3 || count < 2)
			FAIL(-1, EINTR, ECONNRESET, ETIMEDOUT);
		count /= 2;
	}
	return real(fd, parts, count);
}

/* Files. */

/* A kernel has no reason to fail these: what wakes a thread up. */
static bool is_eventfd(int fd, size_t len)
{
	char path[32], target[32] = "";

	if (len != sizeof(uint64_t) || !counter)
		return false;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return syscall(SYS_readlinkat, AT_FDCWD, path, target, sizeof(target) - 1) > 0 &&
		strcmp(target, "anon_inode:[eventfd]") == 0;
}

ssize_t read(int fd, void *buf, size_t len)
{
	REAL(read);
	if (!is_eventfd(fd, len) && HIT('f')) {
		len = shortened(len);
		if (!len)
			FAIL(-1, EINTR, EIO, EINTR);
	}
	return real(fd, buf, len);
}

ssize_t write(int fd, const void *buf, size_t len)
{
	REAL(write);
	if (!is_eventfd(fd, len) && HIT('f')) {
		len = shortened(len);
		if (!len)
			FAIL(-1, EINTR, ENOSPC, EIO);
	}
	return real(fd, buf, len);
}

/* The mode is there only where it is used. */
#define TAKE_MODE(mode, flags)                                                                     \
	do {                                                                                       \
		if ((flags) & (O_CREAT | O_TMPFILE)) {                                             \
			va_list ap;                                                                \
                                                                                                   \
			va_start(ap, flags);                                                       \
			mode = va_arg(ap, mode_t);                                                 \
			va_end(ap);                                                                \
		}                                                                                  \
	} while (0)

int open64(const char *path, int flags, ...)
{
	mode_t mode = 0;
	REAL(openat64);

	TAKE_MODE(mode, flags);
	if (HIT('f'))
		FAIL(-1, EMFILE, EACCES, ENOSPC);
	return real(AT_FDCWD, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...)
{
	mode_t mode = 0;
	REAL(openat64);

	TAKE_MODE(mode, flags);
	if (HIT('f'))
		FAIL(-1, EMFILE, EACCES, ENOSPC);
	return real(folder, path, flags, mode);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	REAL(renameat);
	if (HIT('f'))
		FAIL(-1, EIO, EACCES, ENOSPC);
	return real(from_folder, from, to_folder, to);
}

int rename(const char *from, const char *to)
{
	REAL(rename);
	if (HIT('f'))
		FAIL(-1, EIO, EACCES, ENOSPC);
	return real(from, to);
}

/* renameat2() has no function in musl, and so none in our sources. */
long syscall(long number, ...)
{
	long words[6];
	va_list ap;
	REAL(syscall);

	va_start(ap, number);
	for (size_t i = 0; i < 6; i++)
		words[i] = va_arg(ap, long);
	va_end(ap);
	if (number == SYS_renameat2 && HIT('f'))
		FAIL(-1, EIO, EACCES, ENOSPC);
	return real(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
	REAL(linkat);
	if (HIT('f'))
		FAIL(-1, EIO, EACCES, ENOSPC);
	return real(from_folder, from, to_folder, to, flags);
}

int fsync(int fd)
{
	REAL(fsync);
	if (HIT('f'))
		FAIL(-1, EIO, ENOSPC, EIO);
	return real(fd);
}

int fdatasync(int fd)
{
	REAL(fdatasync);
	if (HIT('f'))
		FAIL(-1, EIO, ENOSPC, EIO);
	return real(fd);
}

int ftruncate64(int fd, off64_t size)
{
	REAL(ftruncate64);
	if (HIT('f'))
		FAIL(-1, EIO, ENOSPC, EINTR);
	return real(fd, size);
}

/* Threads and processes. */

int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
	void *(*run)(void *), void *restrict data)
{
	REAL(pthread_create);
	if (HIT('t'))
		return EAGAIN;
	return real(thread, attributes, run, data);
}

pid_t fork(void)
{
	REAL(fork);
	if (HIT('t'))
		FAIL(-1, EAGAIN, ENOMEM);
	return real();
}

int posix_spawnp(pid_t *restrict pid, const char *restrict file,
	const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *restrict attributes,
	char *const arguments[restrict], char *const environment[restrict])
{
	REAL(posix_spawnp);
	if (HIT('t'))
		return ENOMEM;
	return real(pid, file, actions, attributes, arguments, environment);
}
