/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command line allows to be done in its name, and all that it does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hidden.h"
#include "cmd/grant.h"
#include "cmd/pattern.h"

static char folder[] = "/tmp/test-grant.XXXXXX";
static int cwd;

#define HIDDEN     ".opencamrc-0123abcd4567ef89"
#define HIDDEN_BAD ".opencamrc-0123abcd4567ef8X"

enum { MADE = O_WRONLY | O_CREAT | O_EXCL, READ = O_RDONLY };

static void put(const char *path)
{
	int fd = openat(cwd, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	close(fd);
}

static bool opens(const struct grant *grant, const char *path, int flags)
{
	const struct files_request request = { .act = FILES_OPEN, .path = path, .flags = flags };

	return grant_allows(grant, cwd, &request);
}

static bool acts(const struct grant *grant, enum files_act act, const char *path, const char *to)
{
	return grant_allows(
		grant, cwd, &(struct files_request){ .act = act, .path = path, .to = to });
}

static void a_pattern_matches_what_it_can_come_out_as(void **state)
{
	static const struct {
		const char *pattern, *path;
		bool matches;
	} cases[] = {
		{ "shot.jpg", "shot.jpg", true },
		{ "shot.jpg", "shot_jpg", false },
		{ "shot-%n.%C", "shot-1.JPG", true },
		{ "shot-%05n.%C", "shot-00001.CR2", true },
		{ "shot-%n.%C", "other-1.JPG", false },
		{ "shot-%n.%C", "shot-1/x.JPG", false },
		{ "shot-%n.%C", "shot-\n1.JPG", false },
		{ "%Y/%m/%f.%C", "2026/11/IMG_0001.JPG", true },
		{ "%Y/%m/%f.%C", "2026/11/22/IMG_0001.JPG", false },
		{ "%Y/%f.%C", "../IMG_0001.JPG", false },
		{ "%Y/%f.%C", ".ssh/IMG_0001.JPG", false },
		{ "%f", ".bashrc", false },
		{ "%f", "bashrc", true },
		{ ".%f", ".IMG_0001", true },
		{ "%F/%f.%C", "store_0002/DCIM/100CANON/IMG_1.JPG", true },
		{ "%F/%f.%C", "store_0002/../IMG_1.JPG", false },
		{ "%F/%f.%C", "store_0002/.git/IMG_1.JPG", false },
		{ "%F/%f.%C", "/etc/IMG_1.JPG", false },
		{ "out/", "out/IMG_0001.JPG", true },
		{ "out/", "out/.profile", false },
		{ "out/", "out/a/b", false },
		{ "out/", "elsewhere/IMG_0001.JPG", false },
		{ "100%%-%n", "100%-7", true },
		{ "/home/me/%f", "/home/me/x", true },
		{ "../up/%f", "../up/x", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
		assert_int_equal(
			pattern_matches(cases[i].pattern, cases[i].path, false), cases[i].matches);
}

static void the_folders_of_a_pattern_are_known(void **state)
{
	(void)state;
	assert_true(pattern_matches("a/b/%n", "a", true));
	assert_true(pattern_matches("a/b/%n", "a/b", true));
	assert_false(pattern_matches("a/b/%n", "a/b/1", true));
	assert_false(pattern_matches("a/b/%n", "b", true));
	assert_true(pattern_matches("%Y/%m/%f", "2026/11", true));
	assert_true(pattern_matches("%F/%f", "store/DCIM", true));
	assert_false(pattern_matches("%F/%f", ".ssh", true));
	assert_false(pattern_matches("shot.jpg", "shot.jpg", true));
}

static void pictures_are_written_by_way_of_their_temporary_names(void **state)
{
	const struct grant grant = { .pattern = "out/shot-%n.%C", .pictures = true };

	(void)state;
	assert_true(opens(&grant, "out/.shot-1.JPG" HIDDEN, MADE));
	assert_true(opens(&grant, "out/.shot-1-2.JPG" HIDDEN, MADE));
	assert_true(opens(&grant, "out/shot-1.JPG.part",
		O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
	assert_true(acts(&grant, FILES_RENAME_NEW, "out/.shot-1.JPG" HIDDEN, "out/shot-1.JPG"));
	assert_true(acts(&grant, FILES_RENAME_NEW, "out/.shot-1.JPG" HIDDEN, "out/shot-1-2.JPG"));
	assert_true(acts(&grant, FILES_LINK, "out/.shot-1.JPG" HIDDEN, "out/shot-1.JPG"));
	assert_true(acts(&grant, FILES_UNLINK, "out/.shot-1.JPG" HIDDEN, NULL));
	assert_true(acts(&grant, FILES_MKDIR, "out", NULL));
	assert_true(opens(&grant, "out/", O_RDONLY | O_DIRECTORY));
	assert_true(acts(&grant, FILES_TIDY, "out/", NULL));
	/* As they are, or anything else, not. */
	assert_false(opens(&grant, "out/shot-1.JPG", O_WRONLY));
	assert_false(opens(&grant, "out/shot-1.JPG", MADE));
	assert_false(opens(&grant, "out/.shot-1.JPG" HIDDEN, O_WRONLY | O_CREAT));
	assert_false(opens(&grant, "out/.shot-1.JPG" HIDDEN, MADE | O_TRUNC));
	assert_false(opens(&grant, "out/.shot-1.JPG" HIDDEN_BAD, MADE));
	assert_false(opens(&grant, "out/.shot-1.JPG.0123abcd4567ef89", MADE));
	assert_false(opens(&grant, "out/" HIDDEN, MADE));
	assert_false(opens(&grant, "out/.ssh" HIDDEN, MADE));
	assert_false(opens(&grant, "../.shot-1.JPG" HIDDEN, MADE));
	assert_false(opens(&grant, "/out/.shot-1.JPG" HIDDEN, MADE));
	assert_false(opens(&grant, "out/shot-1.JPG", O_RDWR | O_PATH));
	assert_false(acts(&grant, FILES_RENAME_NEW, "out/.shot-1.JPG" HIDDEN, ".bashrc"));
	assert_false(acts(&grant, FILES_RENAME_NEW, ".bashrc", "out/shot-1.JPG"));
	assert_false(acts(&grant, FILES_LINK, ".ssh/id_rsa", "out/shot-1.JPG"));
	assert_false(acts(&grant, FILES_MKDIR, ".ssh", NULL));
	assert_false(acts(&grant, FILES_MKDIR, "out/deeper", NULL));
	assert_false(opens(&grant, "/", O_RDONLY | O_DIRECTORY));
	assert_false(acts(&grant, FILES_TIDY, "/", NULL));
	assert_false(acts(&grant, FILES_TIDY, "elsewhere/", NULL));
}

static void of_a_long_name_the_beginning_is_enough_for_a_temporary_one(void **state)
{
	const struct grant grant = { .pattern = "out/shot-%n.%C", .pictures = true };
	char name[HIDDEN_NAME_MAX + 1], path[2 * sizeof(name)], target[2 * sizeof(name)];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	snprintf(path, sizeof(path), "out/.%s" HIDDEN, name);
	assert_true(opens(&grant, path, MADE));
	snprintf(target, sizeof(target), "out/%s.jpg", name);
	assert_false(acts(&grant, FILES_RENAME_NEW, path, target));
	snprintf(target, sizeof(target), "out/shot-1%s.jpg", name);
	assert_true(acts(&grant, FILES_RENAME_NEW, path, target));
	snprintf(path, sizeof(path), "elsewhere/.%s" HIDDEN, name);
	assert_false(opens(&grant, path, MADE));
	snprintf(path, sizeof(path), "out/.%s" HIDDEN, name + 1);
	assert_false(opens(&grant, path, MADE));
	snprintf(path, sizeof(path), "out/%s.part", name);
	assert_false(opens(&grant, path, O_WRONLY | O_CREAT));
}

static void without_a_pattern_names_are_plain_and_in_the_working_directory(void **state)
{
	const struct grant grant = { .pictures = true };

	(void)state;
	assert_true(opens(&grant, ".IMG_0001.JPG" HIDDEN, MADE));
	assert_true(opens(&grant, ".", O_RDONLY | O_DIRECTORY));
	assert_true(acts(&grant, FILES_RENAME_NEW, ".capt0000.jpg" HIDDEN, "capt0000.jpg"));
	assert_false(opens(&grant, "..bashrc" HIDDEN, MADE));
	assert_false(acts(&grant, FILES_RENAME_NEW, ".capt0000.jpg" HIDDEN, ".bashrc"));
	assert_false(opens(&grant, "bin/.ls" HIDDEN, MADE));
	assert_false(acts(&grant, FILES_MKDIR, "bin", NULL));
}

static void what_is_there_is_replaced_only_where_that_was_asked_for(void **state)
{
	struct grant grant = { .pattern = "old.jpg", .pictures = true };

	(void)state;
	put("old.jpg");
	assert_false(acts(&grant, FILES_RENAME, ".old.jpg" HIDDEN, "old.jpg"));
	grant.replace = true;
	assert_true(acts(&grant, FILES_RENAME, ".old.jpg" HIDDEN, "old.jpg"));
	/* Where a file system knows no other way. */
	grant = (struct grant){ .pattern = "new.jpg", .pictures = true };
	assert_true(acts(&grant, FILES_RENAME, ".new.jpg" HIDDEN, "new.jpg"));
}

static void what_was_there_before_is_neither_read_nor_deleted(void **state)
{
	struct grant grant = { .pattern = "%f.%C", .pictures = true };
	struct stat status;

	(void)state;
	put("diary.txt");
	assert_int_equal(fstatat(cwd, "diary.txt", &status, 0), 0);
	grant.since = status.st_ctim;
	assert_true(opens(&grant, "diary.txt", READ));
	assert_true(acts(&grant, FILES_UNLINK, "diary.txt", NULL));
	grant.since.tv_sec++;
	assert_false(opens(&grant, "diary.txt", READ));
	assert_false(acts(&grant, FILES_UNLINK, "diary.txt", NULL));
	grant.reread = true;
	assert_true(opens(&grant, "diary.txt", READ));
	assert_false(acts(&grant, FILES_UNLINK, "diary.txt", NULL));
}

static void what_is_named_is_what_it_was_named_for(void **state)
{
	const char *read[] = { "night.conf", NULL };
	const struct grant grant = {
		.journal = "garden/interval.jsonl",
		.log = "log",
		.device = "/dev/video9",
		.read = read,
	};
	const int append = O_RDWR | O_APPEND | O_NOCTTY;

	(void)state;
	assert_true(opens(&grant, "night.conf", READ));
	assert_false(opens(&grant, "night.conf", O_WRONLY));
	assert_false(opens(&grant, "night.conf", O_RDONLY | O_TRUNC));
	assert_false(opens(&grant, "./night.conf", READ));
	assert_true(opens(&grant, "log", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND));
	assert_true(opens(&grant, "/dev/video9", O_RDWR));
	assert_true(opens(&grant, "garden/interval.jsonl", append));
	assert_true(opens(&grant, "garden/interval.jsonl", append | O_CREAT | O_EXCL));
	assert_true(opens(&grant, "garden/.interval.jsonl" HIDDEN, MADE));
	assert_false(opens(&grant, "garden/interval.jsonl", O_WRONLY | O_TRUNC));
	assert_true(acts(&grant, FILES_MKDIR, "garden", NULL));
	assert_false(acts(&grant, FILES_MKDIR, "gard", NULL));
	/* It writes no pictures. */
	assert_false(opens(&grant, ".IMG_0001.JPG" HIDDEN, MADE));
}

static void a_sidecar_belongs_to_its_picture(void **state)
{
	const struct grant grant = { .pattern = "sunset-%05n.jpg", .pictures = true };

	(void)state;
	assert_true(opens(&grant, ".sunset-00001.xmp" HIDDEN, MADE));
	assert_false(opens(&grant, ".sunset.xmp" HIDDEN, MADE));
	assert_false(opens(&grant, ".sunset-00001.sh" HIDDEN, MADE));
}

static int clean(void **state)
{
	(void)state;
	unlinkat(cwd, "old.jpg", 0);
	unlinkat(cwd, "diary.txt", 0);
	close(cwd);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pattern_matches_what_it_can_come_out_as),
		cmocka_unit_test(the_folders_of_a_pattern_are_known),
		cmocka_unit_test(pictures_are_written_by_way_of_their_temporary_names),
		cmocka_unit_test(of_a_long_name_the_beginning_is_enough_for_a_temporary_one),
		cmocka_unit_test(without_a_pattern_names_are_plain_and_in_the_working_directory),
		cmocka_unit_test(what_is_there_is_replaced_only_where_that_was_asked_for),
		cmocka_unit_test(what_was_there_before_is_neither_read_nor_deleted),
		cmocka_unit_test(what_is_named_is_what_it_was_named_for),
		cmocka_unit_test(a_sidecar_belongs_to_its_picture),
	};

	if (!mkdtemp(folder))
		return 1;
	cwd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return cmocka_run_group_tests(tests, NULL, clean);
}
