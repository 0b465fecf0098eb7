/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An XMP sidecar with an exposure offset, from which deflicker tools take over. */
#include "schedule/sidecar.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/utf8.h"
#include "schedule/text.h"

#define OFFSET_MAX 5.0
#define NAME_BYTES 1024

char *sidecar_path(const char *picture)
{
	const char *slash = strrchr(picture, '/'), *name = slash ? slash + 1 : picture;
	const char *dot = strrchr(name, '.');
	char *path;

	/* A name that begins with its only dot has no ending. */
	if (!dot || dot == name)
		dot = picture + strlen(picture);
	if (asprintf(&path, "%.*s.xmp", (int)(dot - picture), picture) < 0)
		orc_must(NULL);
	return path;
}

char *sidecar_text(const struct sidecar *sidecar, size_t *len)
{
	cleanup_free char *name = utf8_clean(sidecar->name, NAME_BYTES);
	double offset = isnan(sidecar->offset) ? 0 : sidecar->offset;
	char number[TEXT_FIXED_SIZE];
	char *text = NULL;
	FILE *file = orc_must(open_memstream(&text, len));

	offset = fmax(-OFFSET_MAX, fmin(OFFSET_MAX, offset));
	fputs("<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
	      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\" x:xmptk=\"opencamrc\">\n"
	      " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
	      "  <rdf:Description rdf:about=\"\"\n"
	      "    xmlns:crs=\"http://ns.adobe.com/camera-raw-settings/1.0/\"\n"
	      "    crs:RawFileName=\"",
		file);
	text_xml(file, name);
	/* Camera Raw takes its settings for the present process only with its version. */
	fprintf(file,
		"\"\n"
		"    crs:Version=\"15.0\"\n"
		"    crs:ProcessVersion=\"11.0\"\n"
		"    crs:Exposure2012=\"%s%s\"\n"
		"    crs:HasSettings=\"True\"/>\n"
		" </rdf:RDF>\n"
		"</x:xmpmeta>\n"
		"<?xpacket end=\"w\"?>\n",
		offset < 0 ? "" : "+", text_fixed(offset, 2, number));
	if (fclose(file) != 0)
		orc_must(NULL);
	return text;
}
