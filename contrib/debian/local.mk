# Debian packages: made of an archive, in the folder deb.
EXTRA_DIST += contrib/deb contrib/debian

.PHONY: deb
deb: dist
	$(top_srcdir)/contrib/deb $(distdir).tar.xz deb -b
