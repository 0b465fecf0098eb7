# The libgphoto2 port driver, and what it shares with the command line.
noinst_LTLIBRARIES += src/iolib/libknown.la
src_iolib_libknown_la_SOURCES = \
	src/iolib/descriptor.c src/iolib/descriptor.h \
	src/iolib/known.c src/iolib/known.h
src_iolib_libknown_la_CFLAGS = $(STRICT_CFLAGS)

iolibdir = $(pkglibdir)/iolibs
iolib_LTLIBRARIES = src/iolib/usbip.la
src_iolib_usbip_la_SOURCES = \
	src/iolib/device.c src/iolib/device.h \
	src/iolib/list.c \
	src/iolib/port-library.h \
	src/iolib/usbip.c
src_iolib_usbip_la_CFLAGS = $(STRICT_CFLAGS) -Wno-sign-conversion $(GPHOTO2_PORT_CFLAGS)
# It stays loaded once it was: a name look-up that was given up still runs in a thread of its own.
src_iolib_usbip_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared \
	-export-symbols-regex '^gp_port_library_' -Wl,-z,nodelete
src_iolib_usbip_la_LIBADD = src/iolib/libknown.la src/usbip/libusbip.la $(GPHOTO2_PORT_LIBS) -lpthread

# bin/opencamrc finds the driver at ../lib/opencamrc/iolibs, here as in an installed tree; the
# folder holds nothing else, for libgphoto2 loads everything in it.
IOLIB_IN_TREE = lib/opencamrc/iolibs/usbip.so
$(IOLIB_IN_TREE): src/iolib/usbip.la
	$(MKDIR_P) lib/opencamrc/iolibs
	cp -f src/iolib/.libs/usbip.so $@.new
	mv -f $@.new $@
CLEANFILES += $(IOLIB_IN_TREE)

# libtool installs a .la file beside the driver, which nobody reads.
install-data-hook:
	rm -f "$(DESTDIR)$(iolibdir)/usbip.la"
if SYSTEM_IOLIBDIR
	$(MKDIR_P) "$(DESTDIR)$(gphoto2_iolibdir)"
	$(LN_S) -f "$(iolibdir)/usbip.so" "$(DESTDIR)$(gphoto2_iolibdir)/usbip.so"
endif
uninstall-hook:
	rm -f "$(DESTDIR)$(iolibdir)/usbip.so"
	rmdir "$(DESTDIR)$(iolibdir)" "$(DESTDIR)$(pkglibdir)" \
		"$(DESTDIR)$(recipesdir)" "$(DESTDIR)$(pkgdatadir)" 2> /dev/null || :
if SYSTEM_IOLIBDIR
	rm -f "$(DESTDIR)$(gphoto2_iolibdir)/usbip.so"
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test-known
tests_unit_test_known_SOURCES = tests/unit/test-known.c
tests_unit_test_known_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_known_LDADD = src/iolib/libknown.la src/base/libbase.la $(CMOCKA_LIBS)
endif
