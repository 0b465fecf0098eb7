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

/* *behind: where the name ends in it. */
static char *print(const char *picture, double offset, size_t *behind, size_t *len)
{
	cleanup_free char *name = utf8_clean(picture, NAME_BYTES);
	char number[TEXT_FIXED_SIZE];
	char *text = NULL;
	FILE *file = orc_must(open_memstream(&text, len));

	if (isnan(offset))
		offset = 0;
	offset = fmax(-OFFSET_MAX, fmin(OFFSET_MAX, offset));
	fputs("<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
	      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\" x:xmptk=\"opencamrc\">\n"
	      " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
	      "  <rdf:Description rdf:about=\"\"\n"
	      "    xmlns:crs=\"http://ns.adobe.com/camera-raw-settings/1.0/\"\n"
	      "    crs:RawFileName=\"",
		file);
	text_xml(file, name);
	*behind = (size_t)ftell(file);
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

char *sidecar_text(const struct sidecar *sidecar, size_t *len)
{
	size_t behind;

	return print(sidecar->name, sidecar->offset, &behind, len);
}

bool sidecar_is_of(const char *text, size_t len, const struct sidecar *sidecar)
{
	cleanup_free char *stem = sidecar_path(sidecar->name), *own = NULL;
	size_t behind, own_len, rest, ending;

	*strrchr(stem, '.') = '\0';
	own = print(stem, sidecar->offset, &behind, &own_len);
	if (len < own_len || memcmp(text, own, behind) != 0)
		return false;
	rest = own_len - behind;
	ending = len - own_len;
	return (ending == 0 || text[behind] == '.') && !memchr(text + behind, '"', ending) &&
		memcmp(text + behind + ending, own + behind, rest) == 0;
}
