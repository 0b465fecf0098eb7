/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Brackets: what is written, and what a body's dial has for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "cmd/bracket.h"

/* As libgphoto2 prints them for an EOS 1200D in M. */
static char *speeds[] = { "bulb", "30", "25", "20", "15", "13", "10.3", "8", "6.3", "5", "4", "3.2",
	"2.5", "2", "1.6", "1.3", "1", "0.8", "0.6", "0.5", "0.4", "0.3", "1/4", "1/5", "1/6",
	"1/8", "1/10", "1/13", "1/15", "1/20", "1/25", "1/30", "1/40", "1/50", "1/60", "1/80",
	"1/100", "1/125", "1/160", "1/200", "1/250", "1/320", "1/400", "1/500", "1/640", "1/800",
	"1/1000", "1/1250", "1/1600", "1/2000", "1/2500", "1/3200", "1/4000" };
/* A body that is set to half stops. */
static char *halves[] = { "30", "20", "15", "10", "8", "6", "4", "3", "2", "1.5", "1", "0.7", "0.5",
	"0.3", "1/4", "1/6", "1/8", "1/10", "1/15", "1/20", "1/30", "1/45", "1/60", "1/90", "1/125",
	"1/180", "1/250", "1/350", "1/500", "1/750", "1/1000", "1/1500", "1/2000", "1/3000",
	"1/4000" };
static char *gaps[] = { "1", "1/2", "1/15", "1/60", "1/70", "1/1000" };
static char *compensations[] = { "-5", "-4.6", "-4.3", "-4", "-3.6", "-3.3", "-3", "-2.6", "-2.3",
	"-2", "-1.6", "-1.3", "-1", "-0.6", "-0.3", "0", "0.3", "0.6", "1", "1.3", "1.6", "2",
	"2.3", "2.6", "3", "3.3", "3.6", "4", "4.3", "4.6", "5" };
static char *isos[] = { "Auto", "100", "200", "400", "800", "1600", "3200", "6400" };

#define CHOICES(list) list, ARRAY_LENGTH(list)

static const struct {
	char *name;
	char **choices;
	size_t count;
	char *value;
	const char *text;
	const char *planned; /* with commas between; or NULL and */
	int code;
	const char *why; /* that is in the error */
} plans[] = {
	{ "shutterspeed", CHOICES(speeds), "1/60", "-2,0,+2", "1/250,1/60,1/15", 0, NULL },
	{ "shutterspeed", CHOICES(speeds), "1/60", "3x1", "1/125,1/60,1/30", 0, NULL },
	{ "shutterspeed", CHOICES(speeds), "1/60", "5x1/3", "1/100,1/80,1/60,1/50,1/40", 0, NULL },
	{ "shutterspeed", CHOICES(speeds), "1/60", "0.3,0.33,1/3", "1/50,1/50,1/50", 0, NULL },
	{ "shutterspeed", CHOICES(speeds), "1/60", "0.6,0.67,0.7,2/3", "1/40,1/40,1/40,1/40", 0,
		NULL },
	{ "shutterspeed", CHOICES(speeds), "1/60", "-1.3,+1 2/3", NULL, ORC_EUSAGE, "no bracket" },
	{ "shutterspeed", CHOICES(speeds), "1/60", "4x2", "1/500,1/125,1/30,1/8", 0, NULL },
	/* To the ends of the dial and not beyond. */
	{ "shutterspeed", CHOICES(speeds), "1/1000", "-2,+2", "1/4000,1/250", 0, NULL },
	{ "shutterspeed", CHOICES(speeds), "1/1000", "-7/3,+2,-3", NULL, ORC_EREFUSED,
		"there is no -7/3, -3" },
	{ "shutterspeed", CHOICES(speeds), "8", "+2", "30", 0, NULL },
	{ "shutterspeed", CHOICES(speeds), "8", "0,+2.3", NULL, ORC_EREFUSED, "there is no +2.3" },
	{ "shutterspeed", CHOICES(speeds), "0.3", "1/3,-1/3,1,-1", "0.4,1/4,0.6,1/6", 0, NULL },
	{ "shutterspeed", CHOICES(speeds), "1/60", "0.5", NULL, ORC_EREFUSED, "whole number" },
	{ "shutterspeed", CHOICES(speeds), "bulb", "1", NULL, ORC_EREFUSED, "it is bulb" },
	{ "shutterspeed", CHOICES(halves), "1/60", "-0.5,+1.5,3", "1/90,1/20,1/8", 0, NULL },
	{ "shutterspeed", CHOICES(halves), "0.3", "0.5,-0.5", "0.5,1/4", 0, NULL },
	{ "shutterspeed", CHOICES(halves), "1/60", "1/3", NULL, ORC_EREFUSED, "whole number" },
	{ "shutterspeed", CHOICES(gaps), "1/60", "1", NULL, ORC_EREFUSED, "no regular steps" },
	{ "exposurecompensation", CHOICES(compensations), "0", "-2,0,+2", "-2,0,2", 0, NULL },
	{ "exposurecompensation", CHOICES(compensations), "0", "2/3,0.7,0.6", "0.6,0.6,0.6", 0,
		NULL },
	{ "exposurecompensation", CHOICES(compensations), "-0.6", "-1/3,1/3,2/3,1+", NULL,
		ORC_EUSAGE, "no bracket" },
	{ "exposurecompensation", CHOICES(compensations), "-0.6", "-1/3,1/3,2/3,4/3",
		"-1,-0.3,0,0.6", 0, NULL },
	{ "exposurecompensation", CHOICES(compensations), "4", "+1,+2,-9,-10", NULL, ORC_EREFUSED,
		"there is no +2, -10" },
	{ "exposurecompensation", CHOICES(compensations), "0", "0.5", NULL, ORC_EREFUSED,
		"there is no 0.5" },
	{ "iso", CHOICES(isos), "Auto", "iso=100,@2,auto", "100,200,Auto", 0, NULL },
	{ "iso", CHOICES(isos), "Auto", "iso=100,401", NULL, ORC_EUSAGE, "401" },
	{ "iso", CHOICES(isos), "Auto", "iso=100,,200", NULL, ORC_EUSAGE, "no bracket" },
	{ "iso", CHOICES(isos), "Auto", "=100", NULL, ORC_EUSAGE, "no bracket" },
	{ "iso", CHOICES(isos), "Auto", "3x", NULL, ORC_EUSAGE, "no bracket" },
	{ "iso", CHOICES(isos), "Auto", "1x1", NULL, ORC_EUSAGE, "2 to 99" },
	{ "iso", CHOICES(isos), "Auto", "2.5x1", NULL, ORC_EUSAGE, "no bracket" },
	{ "iso", CHOICES(isos), "Auto", "3x-1", NULL, ORC_EUSAGE, "no bracket" },
	{ "iso", CHOICES(isos), "Auto", "f/2", NULL, ORC_EUSAGE, "no bracket" },
	{ "iso", CHOICES(isos), "Auto", "100", NULL, ORC_EUSAGE, "no bracket" },
	{ "iso", CHOICES(isos), "Auto", "", NULL, ORC_EUSAGE, "no bracket" },
};

static void join(const struct bracket *bracket, char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < bracket->count; i++)
		len += (size_t)snprintf(
			buf + len, size - len, "%s%s", i ? "," : "", bracket->values[i]);
}

static void stops_become_places_on_the_dial(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(plans); i++) {
		const struct setting setting = {
			.name = plans[i].name,
			.type = SETTING_RADIO,
			.value = plans[i].value,
			.choices = plans[i].choices,
			.choice_count = plans[i].count,
		};
		struct bracket bracket;
		struct orc_error err = { 0 };
		char planned[200];
		int ret = bracket_parse(&bracket, plans[i].text, &err);

		if (ret == 0)
			ret = bracket_plan(&bracket, &setting, &err);
		if (ret != plans[i].code || (plans[i].why && !strstr(err.why, plans[i].why)))
			fail_msg("%s: %d, %s: %s", plans[i].text, ret, err.what, err.why);
		if (plans[i].planned) {
			join(&bracket, planned, sizeof(planned));
			assert_string_equal(planned, plans[i].planned);
		}
		bracket_free(&bracket);
	}
}

static void what_is_read_only_is_not_bracketed(void **state)
{
	const struct setting setting = {
		.name = "exposurecompensation",
		.type = SETTING_RADIO,
		.value = "0",
		.choices = compensations,
		.choice_count = ARRAY_LENGTH(compensations),
		.readonly = true,
	};
	struct bracket bracket;
	struct orc_error err;

	(void)state;
	assert_int_equal(bracket_parse(&bracket, "-1,1", &err), 0);
	assert_int_equal(bracket_plan(&bracket, &setting, &err), ORC_EREFUSED);
	bracket_free(&bracket);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stops_become_places_on_the_dial),
		cmocka_unit_test(what_is_read_only_is_not_bracketed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
