/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc list: the cameras here and on other machines. */
#include <string.h>

#include "base/log.h"
#include "cmd/command.h"
#include "cmd/json.h"
#include "cmd/table.h"

enum { OPTION_NO_SERIAL = 1 };

static const struct poptOption options[] = {
	{ "no-serial", 0, POPT_ARG_NONE, NULL, OPTION_NO_SERIAL,
		"do not open the cameras to ask for their serial numbers", NULL },
	POPT_TABLEEND
};

static void print_json(struct io *io, const struct camera_entry *entries, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		cleanup_json struct json_object *object = json_new();

		json_put_string(object, "model", entries[i].model);
		json_put_string(object, "port", entries[i].port);
		json_put_string(object, "serial", entries[i].serial);
		json_put_bool(object, "in_use", entries[i].in_use);
		json_put_bool(object, "remote", entries[i].remote);
		json_print(io, object);
	}
}

static void print_table(struct io *io, const struct camera_entry *entries, size_t count)
{
	cleanup_table struct table table = { .columns = 4 };
	size_t i;

	table_add(&table, "MODEL");
	table_add(&table, "ADDRESS");
	table_add(&table, "SERIAL");
	table_add(&table, "STATE");
	for (i = 0; i < count; i++) {
		table_add(&table, entries[i].model ? entries[i].model : "-");
		table_add(&table, entries[i].port ? entries[i].port : "-");
		table_add(&table, entries[i].serial ? entries[i].serial : "-");
		table_add(&table, entries[i].in_use ? "in use" : "free");
	}
	table_print(&table, io);
}

/* What nobody has typed yet is shown as it is to be typed. */
static void name_found(const struct camera_entry *entries, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (entries[i].found)
			log_info("found on the network: -r %s", entries[i].port + strlen("usbip:"));
}

static int run_list(struct call *call, struct orc_error *err)
{
	struct camera_options camera_options = call_camera_options(call);
	struct camera_entry *entries = NULL;
	bool serials = true;
	size_t count = 0;
	int ret, option;

	while ((option = call_next(call)) > 0)
		if (option == OPTION_NO_SERIAL)
			serials = false;
	ret = call_no_more_words(call, 0, err);
	if (ret < 0)
		return ret;
	ret = camera_list(&camera_options, serials, &entries, &count, err);
	if (call->globals.json)
		print_json(call->io, entries, count);
	else if (count > 0)
		print_table(call->io, entries, count);
	name_found(entries, count);
	camera_entries_free(entries, count);
	return ret < 0 || count > 0 ? ret : camera_list_empty(&camera_options, err);
}

const struct command command_list = {
	.name = "list",
	.synopsis = "[OPTION…]",
	.summary = "show the cameras here and on other machines",
	.details = "Without -r the machines of the configuration file are asked as well; where it "
		   "names "
		   "none, those that announce themselves on the network (mDNS). ADDRESS is "
		   "what --port takes; after usbip: it is what -r takes.",
	.options = options,
	.examples = "opencamrc list\n"
		    "opencamrc list -r router\n"
		    "opencamrc list --json | jq -r 'select(.in_use | not).port'",
	.run = run_list,
};
