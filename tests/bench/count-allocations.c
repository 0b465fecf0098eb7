/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Preloaded into a program, counts its allocations by the file whose code asked for them. */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * COUNT_ALLOCATIONS=FILE LD_PRELOAD=count-allocations.so COMMAND: at the end, in FILE.PROCESS, a line "COUNT OBJECT" for
 * each program or library that called malloc, calloc or realloc. What the C library allocates
 * is its caller's, so the stack is followed until it leaves the C library.
 */
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

#define OBJECTS_MAX 64
#define DEPTH       24

static struct {
	const void *base;
	char name[256];
	unsigned long count;
} objects[OBJECTS_MAX];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool ready;
static const void *own, *libc;
static _Thread_local bool inside;

static const void *base_of(const void *address, const char **name)
{
	Dl_info info;

	if (!dladdr(address, &info))
		return NULL;
	*name = info.dli_fname;
	return info.dli_fbase;
}

static void add(const void *base, const char *name)
{
	size_t i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < OBJECTS_MAX - 1 && objects[i].base && objects[i].base != base; i++)
		;
	objects[i].base = base;
	objects[i].count++;
	strncpy(objects[i].name, name, sizeof(objects[i].name) - 1);
	pthread_mutex_unlock(&lock);
}

static void count(void)
{
	void *stack[DEPTH];
	const char *name = "?";
	const void *base = NULL;
	int depth, i, saved = errno;

	if (!ready || inside)
		return;
	inside = true;
	depth = backtrace(stack, DEPTH);
	for (i = 0; i < depth; i++) {
		base = base_of(stack[i], &name);
		if (base && base != own && base != libc)
			break;
	}
	add(base ? base : &lock, base ? name : "?");
	errno = saved;
	inside = false;
}

void *malloc(size_t size)
{
	count();
	return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	count();
	return __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	count();
	return __libc_realloc(old, size);
}

__attribute__((constructor)) static void start(void)
{
	const char *name;
	void *stack[2];

	/* The first call loads the unwinder, which allocates. */
	inside = true;
	backtrace(stack, 2);
	own = base_of(&ready, &name);
	libc = base_of(dlsym(RTLD_NEXT, "qsort"), &name);
	inside = false;
	/* Programs that the first one starts are not meant. */
	ready = getenv("COUNT_ALLOCATIONS") != NULL;
	unsetenv("LD_PRELOAD");
}

__attribute__((destructor)) static void report(void)
{
	const char *base = getenv("COUNT_ALLOCATIONS");
	char path[4096];
	FILE *file;
	size_t i;

	if (!ready || !base)
		return;
	ready = false;
	snprintf(path, sizeof(path), "%s.%ld", base, (long)getpid());
	file = fopen(path, "w");
	if (!file)
		return;
	for (i = 0; i < OBJECTS_MAX && objects[i].count; i++)
		fprintf(file, "%lu %s\n", objects[i].count, objects[i].name);
	fclose(file);
}
