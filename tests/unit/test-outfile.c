/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file appears whole or not at all, and takes no other's place unasked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/outfile.h"

static char folder[] = "/tmp/test-outfile.XXXXXX";
static int cwd;

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
	assert_int_equal(entries("abort"), 1);
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

static int set_up(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	cwd = open(folder, O_RDONLY | O_DIRECTORY);
	return cwd < 0 ? -1 : 0;
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
		cmocka_unit_test(a_folder_that_cannot_be_is_told),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
