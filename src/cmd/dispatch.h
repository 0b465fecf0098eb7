/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a line of arguments to the command that is meant, run to its end. */
#ifndef CMD_DISPATCH_H
#define CMD_DISPATCH_H

#include "cmd/io.h"

/* How a command ended. */
struct outcome {
	int status;      /* exit status */
	char error[640]; /* the line said on err, without "opencamrc: COMMAND: "; empty: none */
};

/*
 * Reads the arguments (argv[0] is the program), runs the command and says on io->err what went
 * wrong. A command that needs a camera runs in the process that holds it (session/caller.h), unless
 * io says that this is the one. Nothing of it outlives the call; blocking.
 */
void dispatch(struct io *io, int argc, const char *const *argv, struct outcome *outcome);

#endif
