/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where an owner and its callers meet: the folder is the user's alone, and a seat has one owner. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "session/place.h"

#define KEY "usbip:127.0.0.1:3240/1-1"

static char base[] = "/tmp/test-place-XXXXXX";
static char folder[sizeof(base) + 16];
/* What may come to lie in a folder of the user's own, where others like us may be at it. */
static char own_key[64], own_lock[64];

static const char *in_folder(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static int set_up(void **state)
{
	(void)state;
	strcpy(base + strlen(base) - 6, "XXXXXX");
	if (!mkdtemp(base))
		return -1;
	snprintf(folder, sizeof(folder), "%s/opencamrc", base);
	snprintf(own_key, sizeof(own_key), "usbip:test-%ld/1-1", (long)getpid());
	snprintf(own_lock, sizeof(own_lock), "usbip:test-%ld+1-1.lock", (long)getpid());
	return setenv("XDG_RUNTIME_DIR", base, 1);
}

static int tear_down(void **state)
{
	char command[512];

	(void)state;
	/* Locks stay; where no folder of the test's could be used, in one of the user's own. */
	snprintf(command, sizeof(command),
		"rm -rf %s; for folder in /run/user/%lu/opencamrc /tmp/opencamrc-%lu; do "
		"rm -f $folder/%s; done",
		base, (unsigned long)getuid(), (unsigned long)getuid(), own_lock);
	return system(command);
}

static size_t count_files(const char *suffix)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t count = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		count += strlen(entry->d_name) >= strlen(suffix) && entry->d_name[0] != '.' &&
			strcmp(entry->d_name + strlen(entry->d_name) - strlen(suffix), suffix) == 0;
	closedir(dir);
	return count;
}

static void take(struct place_seat *seat, const char *key)
{
	struct orc_error err = { 0 };

	*seat = PLACE_SEAT_INIT;
	if (place_take(seat, key, &err) < 0)
		fail_msg("%s: %s: %s", key, err.what, err.why);
}

/* Connects to whoever answers for the key: is it this seat? */
static bool leads_to(const struct place_seat *seat, const char *key)
{
	struct orc_error err = { 0 };
	int fd = place_connect(key, &err), other = -1;

	if (fd >= 0)
		other = accept(seat->listener, NULL, NULL);
	if (fd >= 0)
		close(fd);
	if (other >= 0)
		close(other);
	return other >= 0;
}

static void the_folder_and_what_is_in_it_is_the_users_alone(void **state)
{
	struct place_seat seat;
	struct stat status;

	(void)state;
	take(&seat, KEY);
	assert_int_equal(stat(folder, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0700);
	assert_int_equal(stat(in_folder("usbip:127.0.0.1:3240+1-1.lock"), &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_equal(lstat(in_folder("usbip:127.0.0.1:3240+1-1.sock"), &status), 0);
	assert_true(S_ISSOCK(status.st_mode));
	assert_true(leads_to(&seat, KEY));
	place_leave(&seat);
	assert_int_equal(count_files(".sock"), 0);
	assert_int_equal(place_connect(KEY, &(struct orc_error){ 0 }), ORC_EAGAIN);
}

/* The next of the folders is used then, so that nobody's folder keeps a user from his camera. */
static bool is_used(void)
{
	struct place_seat seat;
	bool used;

	take(&seat, own_key);
	used = access(in_folder(own_lock), F_OK) == 0;
	place_leave(&seat);
	return used;
}

static void a_folder_that_others_may_read_is_refused(void **state)
{
	static const mode_t modes[] = { 0750, 0701, 0770, 0777, 0720, 01777 };
	size_t i;

	(void)state;
	assert_int_equal(mkdir(folder, 0700), 0);
	for (i = 0; i < ARRAY_LENGTH(modes); i++) {
		assert_int_equal(chmod(folder, modes[i]), 0);
		assert_false(is_used());
	}
	assert_int_equal(chmod(folder, 0700), 0);
	assert_true(is_used());
}

static void a_link_in_the_folders_place_is_refused(void **state)
{
	char elsewhere[sizeof(folder) + 16];

	(void)state;
	snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere", base);
	assert_int_equal(mkdir(elsewhere, 0700), 0);
	assert_int_equal(symlink(elsewhere, folder), 0);
	assert_false(is_used());
	assert_int_equal(rmdir(elsewhere), 0); /* nothing was put there */
}

static void a_lock_that_is_a_link_is_refused(void **state)
{
	struct place_seat seat = PLACE_SEAT_INIT;
	struct orc_error err = { 0 };
	char target[sizeof(folder) + 16];

	(void)state;
	snprintf(target, sizeof(target), "%s/target", base);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(symlink(target, in_folder(own_lock)), 0);
	assert_int_equal(place_take(&seat, own_key, &err), ORC_EFILE);
	assert_int_not_equal(access(target, F_OK), 0);
	assert_int_equal(seat.folder, -1);
	assert_int_equal(seat.lock, -1);
}

static void a_seat_has_one_owner(void **state)
{
	struct place_seat first, second = PLACE_SEAT_INIT, other;
	struct orc_error err = { 0 };

	(void)state;
	take(&first, KEY);
	assert_int_equal(place_take(&second, KEY, &err), ORC_EBUSY);
	assert_int_equal(second.folder, -1);
	assert_int_equal(second.lock, -1);
	/* The loser took nothing away. */
	assert_true(leads_to(&first, KEY));
	take(&other, "usbip:127.0.0.1:3240/1-2");
	assert_true(leads_to(&other, "usbip:127.0.0.1:3240/1-2"));
	place_leave(&other);
	/* Nobody is let in, but the seat is not free before the camera is closed. */
	place_shut(&first);
	assert_int_equal(place_connect(KEY, &err), ORC_EAGAIN);
	assert_int_equal(place_take(&second, KEY, &err), ORC_EBUSY);
	place_leave(&first);
	take(&second, KEY);
	place_leave(&second);
}

/* An owner that is stopped, or has more to do than it can: more ask for it than the kernel lets wait. */
static void a_seat_that_takes_nobody_in_holds_nobody_up(void **state)
{
	struct place_seat seat, next = PLACE_SEAT_INIT;
	struct orc_error err = { 0 };
	int fds[1024], fd = 0;
	size_t count = 0;

	(void)state;
	take(&seat, KEY);
	alarm(60);
	while (count < ARRAY_LENGTH(fds) && (fd = place_connect(KEY, &err)) >= 0)
		fds[count++] = fd;
	assert_int_equal(fd, ORC_EBUSY);
	assert_true(count > 0);
	/* It is there all the same. */
	assert_true(place_is_held(KEY));
	assert_int_equal(place_take(&next, KEY, &err), ORC_EBUSY);
	/* As where a service manager listens: whoever gets the seat serves those who wait there. */
	close(seat.lock);
	seat.lock = -1;
	take(&next, KEY);
	assert_int_equal(next.listener, -1);
	alarm(0);
	while (count > 0)
		close(fds[--count]);
	place_leave(&next);
	place_leave(&seat);
}

static void links_lead_to_the_seat_and_go_with_it(void **state)
{
	struct place_seat seat, other;

	(void)state;
	take(&seat, KEY);
	place_link(&seat, "usbip:router");
	place_link(&seat, "usbip:router");
	place_link(&seat, "local");
	place_link(&seat, KEY);
	assert_true(leads_to(&seat, "usbip:router"));
	assert_true(leads_to(&seat, "local"));
	assert_int_equal(count_files(".sock"), 3);
	/* The newest camera of a name is meant by it. */
	take(&other, "usb:001,004");
	place_link(&other, "local");
	assert_true(leads_to(&other, "local"));
	/* A name that is a camera's own is never a link. */
	place_link(&other, KEY);
	assert_true(leads_to(&seat, KEY));
	place_leave(&seat);
	assert_true(leads_to(&other, "local"));
	assert_int_equal(place_connect("usbip:router", &(struct orc_error){ 0 }), ORC_EAGAIN);
	place_leave(&other);
	assert_int_equal(count_files(".sock"), 0);
}

static void what_a_dead_owner_left_is_no_hindrance(void **state)
{
	struct orc_error err = { 0 };
	struct place_seat seat;
	int status;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		struct place_seat dying = PLACE_SEAT_INIT;

		if (place_take(&dying, KEY, &err) < 0)
			_exit(1);
		place_link(&dying, "usbip:router");
		_exit(0); /* with all of it left behind */
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(count_files(".sock"), 2);
	assert_int_equal(place_connect(KEY, &err), ORC_EAGAIN);
	assert_int_equal(place_connect("usbip:router", &err), ORC_EAGAIN);
	take(&seat, KEY);
	assert_true(leads_to(&seat, KEY));
	assert_int_equal(count_files(".sock"), 1);
	place_leave(&seat);
}

/* Keys as long as they come, which differ at their ends alone; a name has room for 255 letters. */
static void long_keys_are_kept_apart(void **state)
{
	char keys[2][PLACE_KEY_SIZE];
	struct place_seat seats[2];
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		memset(keys[i], 'h', PLACE_KEY_SIZE - 1);
		keys[i][PLACE_KEY_SIZE - 1] = '\0';
		memcpy(keys[i], "usbip:", 6);
		keys[i][PLACE_KEY_SIZE - 2] = (char)('0' + i);
		take(&seats[i], keys[i]);
	}
	for (i = 0; i < 2; i++)
		assert_true(leads_to(&seats[i], keys[i]));
	place_link(&seats[0], "usbip:short");
	assert_true(leads_to(&seats[0], "usbip:short"));
	for (i = 0; i < 2; i++)
		place_leave(&seats[i]);
	assert_int_equal(count_files(".sock"), 0);
}

/* cron has no XDG_RUNTIME_DIR: who has one and who has none share a camera. */
static void callers_look_in_all_folders(void **state)
{
	struct place_seat seat, second = PLACE_SEAT_INIT;
	struct orc_error err = { 0 };

	(void)state;
	unsetenv("XDG_RUNTIME_DIR");
	take(&seat, own_key);
	setenv("XDG_RUNTIME_DIR", base, 1);
	assert_true(leads_to(&seat, own_key));
	/* And the seat is the same seat. */
	assert_int_equal(place_take(&second, own_key, &err), ORC_EBUSY);
	place_leave(&seat);
	unsetenv("XDG_RUNTIME_DIR");
	assert_int_equal(place_connect(own_key, &err), ORC_EAGAIN);
	/* A relative path names no folder. */
	setenv("XDG_RUNTIME_DIR", "relative", 1);
	take(&seat, own_key);
	assert_int_not_equal(access("relative", F_OK), 0);
	place_leave(&seat);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(the_folder_and_what_is_in_it_is_the_users_alone),
		TEST(a_folder_that_others_may_read_is_refused),
		TEST(a_link_in_the_folders_place_is_refused),
		TEST(a_lock_that_is_a_link_is_refused),
		TEST(a_seat_has_one_owner),
		TEST(a_seat_that_takes_nobody_in_holds_nobody_up),
		TEST(links_lead_to_the_seat_and_go_with_it),
		TEST(what_a_dead_owner_left_is_no_hindrance),
		TEST(long_keys_are_kept_apart),
		TEST(callers_look_in_all_folders),
	};

	return cmocka_run_group_tests_name("where owner and callers meet", tests, NULL, NULL);
}
