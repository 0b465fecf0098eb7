/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may come next on a command line, for the completions of bash, zsh and fish. */
#ifndef CMD_COMPLETION_H
#define CMD_COMPLETION_H

#include "cmd/io.h"

/*
 * Prints the words that the one at the end of text may become, one a line, not quoted: text is what stands
 * behind "opencamrc" up to the cursor. Behind a tab, what a word means. A line "/" says that names of
 * files may stand there, which the shell knows best. Settings are those of a camera that is held open;
 * none is opened.
 */
void completion_print(struct io *io, const char *text);

#endif
