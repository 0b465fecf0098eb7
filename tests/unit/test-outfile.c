/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file appears whole or not at all, and takes no other's place unasked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/outfile.h"

static char folder[] = "/tmp/test-outfile.XXXXXX";
static int cwd;
/* The file system is as FAT and NFS are: no file without a name. */
static bool wants_names;
/* The process is killed where it would rename. */
static bool dies_renaming;

/* In place of libc's. */
int openat(int at, const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	if (wants_names && (flags & O_TMPFILE) == O_TMPFILE) {
		errno = EOPNOTSUPP;
		return -1;
	}
	if (flags & (O_CREAT | O_TMPFILE)) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	return (int)syscall(SYS_openat, at, path, flags, mode);
}

int renameat(int from, const char *old, int to, const char *new)
{
	if (dies_renaming)
		raise(SIGKILL);
	return (int)syscall(SYS_renameat2, from, old, to, new, 0);
}

static size_t entries(const char *path)
{
	int fd = openat(cwd, path, O_RDONLY | O_DIRECTORY);
	DIR *dir = fdopendir(fd);
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2;
}

static void put(const char *path, const char *text)
{
	int fd = openat(cwd, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void assert_holds(const char *path, const char *text)
{
	int fd = openat(cwd, path, O_RDONLY);
	char buf[64] = "";

	assert_true(fd >= 0);
	assert_true(read(fd, buf, sizeof(buf) - 1) >= 0);
	assert_string_equal(buf, text);
	close(fd);
}

static void a_file_appears_at_the_commit(void **state)
{
	struct outfile file;
	struct orc_error err;
	struct stat status;

	(void)state;
	assert_int_equal(outfile_open(&file, cwd, "a/b/x", OUTFILE_NEW, false, &err), 0);
	assert_int_equal(write(file.fd, "whole", 5), 5);
	assert_false(outfile_exists(cwd, "a/b/x"));
	assert_int_equal(outfile_commit(&file, 1000000000, &err), 0);
	assert_holds("a/b/x", "whole");
	assert_int_equal(fstatat(cwd, "a/b/x", &status, 0), 0);
	assert_int_equal(status.st_mtime, 1000000000);
	assert_int_equal(entries("a/b"), 1);
}

static void an_abort_leaves_nothing(void **state)
{
	struct outfile file;
	struct orc_error err;

	(void)state;
	assert_int_equal(outfile_open(&file, cwd, "abort/x", OUTFILE_NEW, false, &err), 0);
	assert_int_equal(entries("abort"), wants_names ? 1 : 0);
	outfile_abort(&file);
	outfile_abort(&file);
	assert_int_equal(entries("abort"), 0);
}

static void an_existing_file_is_refused(void **state)
{
	struct outfile file;
	struct orc_error err;

	(void)state;
	put("here", "old");
	assert_int_equal(outfile_open(&file, cwd, "here", OUTFILE_NEW, false, &err), ORC_EFILE);
	assert_string_equal(err.why, "File exists");
	assert_int_equal(outfile_check(cwd, "here", OUTFILE_NEW, &err), ORC_EFILE);
	assert_int_equal(outfile_check(cwd, "here", OUTFILE_REPLACE, &err), 0);
	assert_holds("here", "old");
}

static void a_name_taken_meanwhile_is_kept(void **state)
{
	struct outfile file;
	struct orc_error err;

	(void)state;
	assert_int_equal(outfile_open(&file, cwd, "race/x", OUTFILE_NEW, false, &err), 0);
	put("race/x", "theirs");
	assert_int_equal(outfile_commit(&file, 0, &err), ORC_EFILE);
	assert_holds("race/x", "theirs");
	assert_int_equal(entries("race"), 1);
}

static char *name_with(const char *path, unsigned number)
{
	char *text;

	assert_true(asprintf(&text, "%s-%u", path, number) > 0);
	return text;
}

static void where_a_name_is_taken_meanwhile_the_next_free_one_is_taken(void **state)
{
	cleanup_free char *name = strdup("free/x");
	struct outfile file;
	struct orc_error err;

	(void)state;
	assert_int_equal(outfile_open(&file, cwd, "free/x", OUTFILE_NEW, false, &err), 0);
	assert_int_equal(write(file.fd, "ours", 4), 4);
	put("free/x", "theirs");
	put("free/x-2", "theirs too");
	assert_int_equal(outfile_commit_as(&file, 0, &name, name_with, &err), 0);
	assert_string_equal(name, "free/x-3");
	assert_holds("free/x", "theirs");
	assert_holds("free/x-2", "theirs too");
	assert_holds("free/x-3", "ours");
	assert_int_equal(entries("free"), 3);
}

static void a_file_is_replaced_when_asked(void **state)
{
	struct outfile file;
	struct orc_error err;

	(void)state;
	put("replace", "old");
	assert_int_equal(outfile_open(&file, cwd, "replace", OUTFILE_REPLACE, false, &err), 0);
	assert_int_equal(write(file.fd, "new", 3), 3);
	assert_holds("replace", "old");
	assert_int_equal(outfile_commit(&file, 0, &err), 0);
	assert_holds("replace", "new");
}

static void a_part_is_continued(void **state)
{
	struct outfile file;
	struct orc_error err;

	(void)state;
	assert_int_equal(outfile_open(&file, cwd, "part/x", OUTFILE_NEW, true, &err), 0);
	assert_int_equal(file.size, 0);
	assert_int_equal(write(file.fd, "first ", 6), 6);
	outfile_abort(&file);
	assert_holds("part/x.part", "first ");
	assert_int_equal(outfile_open(&file, cwd, "part/x", OUTFILE_NEW, true, &err), 0);
	assert_int_equal(file.size, 6);
	assert_int_equal(write(file.fd, "last", 4), 4);
	assert_int_equal(outfile_commit(&file, 0, &err), 0);
	assert_holds("part/x", "first last");
	assert_int_equal(entries("part"), 1);
}

/* What has the part's name is neither waited for nor written into, nor taken away. */
static void what_is_no_plain_file_is_no_part(void **state)
{
	static const char *const names[] = { "odd/fifo", "odd/read", "odd/link", "odd/folder" };
	struct outfile file;
	struct orc_error err;
	size_t i;
	int reader;

	(void)state;
	assert_int_equal(mkdirat(cwd, "odd", 0777), 0);
	put("odd/other", "theirs");
	assert_int_equal(mkfifoat(cwd, "odd/fifo.part", 0666), 0);
	assert_int_equal(mkfifoat(cwd, "odd/read.part", 0666), 0);
	reader = openat(cwd, "odd/read.part", O_RDONLY | O_NONBLOCK);
	assert_true(reader >= 0);
	assert_int_equal(symlinkat("other", cwd, "odd/link.part"), 0);
	assert_int_equal(mkdirat(cwd, "odd/folder.part", 0777), 0);
	for (i = 0; i < ARRAY_LENGTH(names); i++) {
		char what[64], why[64];

		snprintf(what, sizeof(what), "cannot write %s", names[i]);
		snprintf(why, sizeof(why), "%s.part is no plain file", strchr(names[i], '/') + 1);
		assert_int_equal(
			outfile_open(&file, cwd, names[i], OUTFILE_NEW, true, &err), ORC_EFILE);
		assert_string_equal(err.what, what);
		assert_string_equal(err.why, why);
		assert_int_equal(file.fd, -1);
	}
	close(reader);
	assert_holds("odd/other", "theirs");
	assert_int_equal(entries("odd"), 5);
	/* Without a part to go on with nobody is in the way. */
	assert_int_equal(outfile_open(&file, cwd, "odd/fifo", OUTFILE_NEW, false, &err), 0);
	assert_int_equal(outfile_commit(&file, 0, &err), 0);
}

static void a_folder_that_cannot_be_is_told(void **state)
{
	struct outfile file;
	struct orc_error err;

	(void)state;
	put("plain", "");
	assert_int_equal(outfile_open(&file, cwd, "plain/x", OUTFILE_NEW, false, &err), ORC_EFILE);
	assert_string_equal(err.what, "cannot write plain/x");
	assert_int_equal(outfile_check(cwd, "plain/x", OUTFILE_NEW, &err), ORC_EFILE);
	assert_int_equal(outfile_check(cwd, "not/yet/there/x", OUTFILE_NEW, &err), 0);
}

/* Does it in a process that is killed before or in the middle of the commit. */
static void die_writing(const char *path, enum outfile_mode mode)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		struct outfile file;
		struct orc_error err;

		if (outfile_open(&file, cwd, path, mode, false, &err) == 0 &&
			write(file.fd, "part", 4) == 4 && dies_renaming)
			(void)!outfile_commit(&file, 0, &err);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
}

static void commit(const char *path, enum outfile_mode mode)
{
	struct outfile file;
	struct orc_error err;

	assert_int_equal(outfile_open(&file, cwd, path, mode, false, &err), 0);
	assert_int_equal(write(file.fd, "whole", 5), 5);
	assert_int_equal(outfile_commit(&file, 0, &err), 0);
}

static void what_a_killed_process_wrote_is_gone_by_the_next_file(void **state)
{
	(void)state;
	die_writing("killed/x", OUTFILE_NEW);
	assert_int_equal(entries("killed"), wants_names ? 1 : 0);
	commit("killed/y", OUTFILE_NEW);
	assert_holds("killed/y", "whole");
	assert_int_equal(entries("killed"), 1);
}

static void killed_while_it_replaces_a_file_it_leaves_the_old_one(void **state)
{
	(void)state;
	commit("replaced/x", OUTFILE_NEW);
	put("replaced/x", "old");
	dies_renaming = true;
	die_writing("replaced/x", OUTFILE_REPLACE);
	dies_renaming = false;
	assert_holds("replaced/x", "old");
	assert_int_equal(entries("replaced"), 2);
	/* Another folder was the last that was looked through. */
	commit("other/x", OUTFILE_NEW);
	put("other/x", "old");
	commit("other/x", OUTFILE_REPLACE);
	commit("replaced/x", OUTFILE_REPLACE);
	assert_holds("replaced/x", "whole");
	assert_int_equal(entries("replaced"), 1);
}

static void a_file_that_is_being_written_is_not_taken_for_left(void **state)
{
	struct outfile file;
	struct orc_error err;
	int status;
	pid_t child;

	(void)state;
	assert_int_equal(outfile_open(&file, cwd, "alive/x", OUTFILE_NEW, false, &err), 0);
	child = fork();
	if (child == 0) {
		/* A process that has not looked there yet, since it comes from elsewhere. */
		commit("other/y", OUTFILE_REPLACE);
		commit("alive/y", OUTFILE_NEW);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(write(file.fd, "whole", 5), 5);
	assert_int_equal(outfile_commit(&file, 0, &err), 0);
	assert_holds("alive/x", "whole");
	assert_holds("alive/y", "whole");
	assert_int_equal(entries("alive"), 2);
}

static void what_others_have_hidden_is_left(void **state)
{
	static const char *const names[] = {
		"others/.x.0123abcd",
		"others/.x.opencamrc-0000000012345678",
		"others/x.opencamrc-",
		"others/.opencamrc-",
	};
	size_t i;

	(void)state;
	assert_int_equal(mkdirat(cwd, "others", 0777), 0);
	for (i = 0; i < ARRAY_LENGTH(names); i++)
		put(names[i], "theirs");
	commit("others/y", OUTFILE_NEW);
	for (i = 0; i < ARRAY_LENGTH(names); i++)
		assert_holds(names[i], "theirs");
}

static int set_up(void **state)
{
	int fd;

	(void)state;
	strcpy(strrchr(folder, '.'), ".XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	cwd = open(folder, O_RDONLY | O_DIRECTORY);
	fd = openat(cwd, ".", O_TMPFILE | O_WRONLY, 0600);
	/* Where /tmp is such a file system itself, it is the same twice. */
	if (fd < 0)
		wants_names = true;
	else
		close(fd);
	return cwd < 0 ? -1 : 0;
}

static int set_up_for_names(void **state)
{
	wants_names = true;
	return set_up(state);
}

static int tear_down(void **state)
{
	char command[64];

	(void)state;
	close(cwd);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_appears_at_the_commit),
		cmocka_unit_test(an_abort_leaves_nothing),
		cmocka_unit_test(an_existing_file_is_refused),
		cmocka_unit_test(a_name_taken_meanwhile_is_kept),
		cmocka_unit_test(where_a_name_is_taken_meanwhile_the_next_free_one_is_taken),
		cmocka_unit_test(a_file_is_replaced_when_asked),
		cmocka_unit_test(a_part_is_continued),
		cmocka_unit_test(what_is_no_plain_file_is_no_part),
		cmocka_unit_test(a_folder_that_cannot_be_is_told),
		cmocka_unit_test(what_a_killed_process_wrote_is_gone_by_the_next_file),
		cmocka_unit_test(killed_while_it_replaces_a_file_it_leaves_the_old_one),
		cmocka_unit_test(a_file_that_is_being_written_is_not_taken_for_left),
		cmocka_unit_test(what_others_have_hidden_is_left),
	};
	int failed = cmocka_run_group_tests_name("files without a name", tests, set_up, tear_down);

	return failed +
		cmocka_run_group_tests_name("files with one", tests, set_up_for_names, tear_down);
}
