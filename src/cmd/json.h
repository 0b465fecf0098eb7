/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What --json prints: a contract with whoever reads it. */
#ifndef CMD_JSON_H
#define CMD_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "cmd/io.h"

/*
 * Every answer is one object on a line of its own; several things are several lines. A key that the
 * camera cannot tell is null, never absent. Keys may be added, none goes or changes its meaning.
 * Sizes are bytes, times are ISO 8601 without a zone (the camera's own clock), durations seconds.
 *
 * list      {"model","port","serial","in_use","remote"} a line a camera
 * info      {"model","manufacturer","version","serial","port","lens","battery",
 *            "can":{"capture","trigger","preview","configure","delete","put"},
 *            "storages":[{"label","folder","description","capacity","free","free_images",
 *            "read_only"}]}; with --summary {"summary"}
 * capture   a line a file: {"shot","path","size","folder","name","kept"}; path and size are null
 *           for a file that was left on the camera; kept: it is (still) there.
 *           --trigger and --half-press print nothing. --bracket adds {"setting","value","stops"},
 *           --stack {"focus"}. --timing prints a line a shot: {"shot","asked_ms","focused_ms",
 *           "released_ms","answered_ms","known_ms","fetched_ms","released_ns"}.
 *           With several cameras every object of every command begins with "camera". Then --timing
 *           adds a line a shot, without it: {"shot","planned_ns","skew_ms",
 *           "releases":[{"camera","released_ns","after_ms"}]}, of those that told.
 * config    list, get: {"name","common","path","label","type","readonly","value","choices",
 *           "minimum","maximum","step"} a line a setting; common null where only this brand has
 *           it; choices null where there are none, the three numbers null unless type is "RANGE";
 *           path null where get was given a mere name.
 *           dump: one object {NAME: VALUE}.
 *           diff: {"name","value","camera","file"} a line a difference; value and camera are
 *           both the camera's, null: no such setting; with several cameras, camera is its name.
 *           NAME=VALUE, load: {"name","value"} a line a setting that was changed.
 * files     list: {"folder","name","size","time","mime","width","height","downloaded",
 *           "read_only"} a line a file; without -l all but folder and name are null.
 *           get: {"path","size","folder","name","skipped"} a line a file.
 *           delete: {"folder","name"} a line a file. put: {"path","folder","name"} a line a file.
 * interval  a line a slot, when it is settled: {"slot","last","outcome","planned","released","late",
 *           "why","files":[{"path","camera","size"}]}; outcome is taken, failed, missed (slots to last),
 *           or fetched for files that come later; times are local with their offset; path null:
 *           on the card, camera null: never there.
 *           --report: one object {"slots","taken","missed","failed","open","unexplained","repeated",
 *           "files","bytes","resumes","recoveries","clock_steps","damaged_lines","every","first",
 *           "last","lost","late_p50","late_p95","late_max","running","end","gap_count",
 *           "gaps":[{"first","last","from","until","why"}]}; lateness null: no picture, end null: none
 * liveview  on stderr, for stdout is the stream: {"frames","seconds","fps","bytes","dropped",
 *           "damaged","decoded","repeated","reconnects","away"}, once, at the end
 * tether    a line a file, as capture. With --events a line an event, see wait, and for a file that
 *           was fetched {"event":"download"} with capture's keys; {"event":"gone","text"}
 *           where the camera went.
 * wait      what it waited for: {"event","folder","name","value","text","own"}; event is one of file, folder,
 *           capture-complete, property, card-full, gone, other; what does not apply is null. folder and name
 *           are a file's, name and value a setting's; own: a picture that another command takes care of.
 * focus     auto: {"focused"}: true, or null where the body does not say. The rest prints nothing.
 * attach    {"port","vhci_port","speed","vendor","product","name","address","device"}; with --keep
 *           again each time; detach: a line a device that is gone; ports: a line a device. port and
 *           what follows speed are null while the kernel is still setting it up, address where
 *           whoever attached it left no record.
 * doctor    {"check","state","found","remedy"} a line a check; state is ok, note or problem, remedy null
 *           where there is nothing to be done
 * version   {"opencamrc","libgphoto2","libgphoto2_port","libedit","libexif","mdns","attach",
 *           "webcam"}: versions, or what the part works with; null: built without it
 * shell     the objects of each line's command, then
 *           {"line","id","command","status","error"} a line that was a command, or had an id; id
 *           null: it had none, command null: it had none, error null: there was none
 */
static inline void cleanup_json_object(struct json_object **object)
{
	json_object_put(*object);
}
#define cleanup_json cleanup(cleanup_json_object)

struct json_object *json_new(void);
void json_put_string(struct json_object *object, const char *key, const char *value); /* or null */
void json_put_bool(struct json_object *object, const char *key, bool value);
void json_put_count(struct json_object *object, const char *key, uint64_t value);
void json_put_number(struct json_object *object, const char *key, double value, int decimals);
void json_put_null(struct json_object *object, const char *key);
/* The object on a line: to out, or to err. */
void json_print(struct io *io, struct json_object *object);
void json_print_err(struct io *io, struct json_object *object);

#endif
