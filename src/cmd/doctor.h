/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What doctor's checks share: what they find, and what one knows from another. */
#ifndef CMD_DOCTOR_H
#define CMD_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "camera/camera.h"
#include "camera/holder.h"
#include "usbip/link.h"
#include "usbip/sysfs.h"
#include "usbip/vhci.h"
#include "v4l2/look.h"

struct call;

enum finding_state {
	FINDING_NONE, /* there is nothing to say */
	FINDING_OK,
	FINDING_NOTE,    /* not in the way, but worth knowing */
	FINDING_PROBLEM, /* in the way */
};

/* What a check has found. Zero-initialised: nothing. */
struct finding {
	enum finding_state state;
	int status; /* of a problem: the exit status that a command would have ended with */
	char found[384];
	char remedy[256]; /* one line; empty: none */
};

void finding_ok(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_note(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_problem(struct finding *finding, enum orc_err code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The error as it stands, its hint as the remedy. */
void finding_error(struct finding *finding, const struct orc_error *err);
void finding_remedy(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Where this machine's own state is seen. Constant but in tests. */
struct doctor_places {
	const struct vhci *vhci; /* its devices and nodes are the local cameras' as well */
	const struct holder_places *holder;
	const struct loopback_places *loopback;
	const char *usbip_host; /* the driver's folder: there where it is loaded */
	const char *modules;    /* a folder for each kernel */
	const char *release;    /* a file: which kernel this is */
};
extern const struct doctor_places doctor_system;

struct doctor {
	struct call *call; /* the camera checks' alone */
	const struct doctor_places *places;
	int64_t timeout_msec;     /* of what one check waits for */
	struct deadline deadline; /* of all of them */
	char key[CAMERA_KEY_SIZE];

	/* A camera on a server: what is known so far. */
	struct usbip_address server;
	struct usbip_address peer; /* in numbers; host empty: not connected yet */
	struct usbip_link link;    /* fd -1: closed */
	nsec_t connect_nsec;
	struct usbip_device_info *devices;
	size_t device_count;

	/* Which device it is, there or here; NULL: not known. */
	const struct usbip_device_info *device;
	struct usbip_device_info imported; /* with what it says of itself */
	struct sysfs_device *local;        /* all that there are here */
	size_t local_count;
	const struct sysfs_device *local_device;

	/* The open camera's. */
	bool no_live_view;
	bool given_up; /* the command ends with `result`: another process goes on with it, or a signal */
	int result;
	int open_result; /* of opening it; 1: not tried yet */
	struct orc_error open_error;
	size_t others; /* other commands at work with it */
	nsec_t round_trip_nsec;
};

/* What is known of either; it may be used again. */
void doctor_free(struct doctor *doctor);
/* The deadline of what begins now. */
struct deadline doctor_soon(const struct doctor *doctor);
/* An opencamrc of this user on this machine holds the camera: its process. */
bool doctor_owner(const struct doctor *doctor, pid_t *pid);
/* "Canon EOS 1200D (04a9:327f)", as far as it is known. Returns buf. */
const char *doctor_device_name(const struct usbip_device_info *device,
	const struct sysfs_device *local, char *buf, size_t size);
/* "0.07 ms", "3.1 ms", "24 ms", "2.5 s". Returns buf. */
const char *doctor_time(nsec_t nsec, char buf[16]);

/* The camera for the call, or NULL with the reason in open_error; where that failed it is not tried again. */
struct camera *doctor_camera(struct doctor *doctor);
/* Ends the command where that is what an error means: in another process it begins anew, or a signal came. */
bool doctor_gives_up(struct doctor *doctor, int ret);
/* Did the camera fail? That is a problem, unless it ends the command. */
bool doctor_failed(
	struct doctor *doctor, struct finding *finding, int ret, const struct orc_error *err);
/* For a remedy to be typed as it stands: "opencamrc -r router". Returns buf. */
const char *doctor_command(const struct doctor *doctor, char buf[96]);

struct doctor_check {
	const char *name;
	void (*look)(struct doctor *doctor, struct finding *finding);
};

/*
 * Each ends with a NULL name. Of the first three a check may rely on those before it having found no
 * problem; those of the host go each for itself.
 */
extern const struct doctor_check doctor_link_checks[];   /* a camera on a server: up to it */
extern const struct doctor_check doctor_failed_checks[]; /* it cannot be opened there */
extern const struct doctor_check doctor_local_checks[];  /* one on this machine's USB */
extern const struct doctor_check doctor_camera_checks[]; /* the camera, where it is held */
extern const struct doctor_check doctor_host_checks[];   /* this machine */

/* Is it a disk that is to be seen? For the first two. */
void doctor_look_mode(struct doctor *doctor, struct finding *finding);
void doctor_look_round_trip(struct doctor *doctor, struct finding *finding);
void doctor_look_rate(struct doctor *doctor, struct finding *finding);

/* A version with a known fault. */
struct doctor_fault {
	const char *component;
	const char *first, *last; /* "5.3" is all of 5.3.x; NULL: not known, or not mended yet */
	const char *symptom, *remedy;
	const char *source; /* of the knowledge */
};
/* The next one behind `fault`, or the first where that is NULL; NULL: no more. */
const struct doctor_fault *doctor_next_fault(
	const struct doctor_fault *fault, const char *component, const char *version);
/* Compares versions in as many numbers as `with` has: <0, 0, >0. */
int doctor_compare_versions(const char *version, const char *with);

/* What a link allows for: HACKING, "One round trip a transaction". */
struct doctor_speed {
	nsec_t round_trip_nsec;
	double bytes_per_sec; /* 0: too fast to be told from the round trip */
	double frame_bytes;
	double transactions; /* a frame */
};
/* From a transaction that brought so much in so long. */
double doctor_rate(nsec_t round_trip_nsec, uint64_t bytes, nsec_t nsec);
double doctor_frames_per_sec(const struct doctor_speed *speed);
/* Is it the round trips that cost more time than the bytes? */
bool doctor_waits_for_round_trips(const struct doctor_speed *speed);

#endif
