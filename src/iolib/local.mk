# The libgphoto2 port driver, and what it shares with the command line.
noinst_LIBRARIES += src/iolib/libknown.a
src_iolib_libknown_a_SOURCES = \
	src/iolib/descriptor.c src/iolib/descriptor.h \
	src/iolib/known.c src/iolib/known.h
src_iolib_libknown_a_CFLAGS = $(STRICT_CFLAGS) -fPIC
WITH_KNOWN = src/iolib/libknown.a $(WITH_BASE)

iolibdir = $(pkglibdir)/iolibs
iolib_PROGRAMS = src/iolib/usbip.so
src_iolib_usbip_so_SOURCES = \
	src/iolib/device.c src/iolib/device.h \
	src/iolib/list.c \
	src/iolib/port-library.h \
	src/iolib/usbip.c
src_iolib_usbip_so_CFLAGS = $(STRICT_CFLAGS) -fPIC -Wno-sign-conversion $(GPHOTO2_PORT_CFLAGS)
# It stays loaded once it was: a name look-up that was given up still runs in a thread of its own.
src_iolib_usbip_so_LDFLAGS = $(AM_LDFLAGS) -shared -Wl,-z,nodelete \
	-Wl,--version-script=$(srcdir)/src/iolib/usbip.map
src_iolib_usbip_so_LDADD = $(WITH_KNOWN) $(WITH_USBIP) $(GPHOTO2_PORT_LIBS)
EXTRA_src_iolib_usbip_so_DEPENDENCIES = src/iolib/usbip.map
EXTRA_DIST += src/iolib/usbip.map

# bin/opencamrc finds the driver at ../lib/opencamrc/iolibs, here as in an installed tree; the
# folder holds nothing else, for libgphoto2 loads everything in it.
IOLIB_IN_TREE = lib/opencamrc/iolibs/usbip.so
$(IOLIB_IN_TREE): src/iolib/usbip.so
	$(MKDIR_P) lib/opencamrc/iolibs
	cp -f src/iolib/usbip.so $@.new
	mv -f $@.new $@
CLEANFILES += $(IOLIB_IN_TREE)

if SYSTEM_IOLIBDIR
install-data-hook:
	$(MKDIR_P) "$(DESTDIR)$(gphoto2_iolibdir)"
	$(LN_S) -f "$(iolibdir)/usbip.so" "$(DESTDIR)$(gphoto2_iolibdir)/usbip.so"
endif
uninstall-hook:
	rmdir "$(DESTDIR)$(iolibdir)" "$(DESTDIR)$(pkglibdir)" \
		"$(DESTDIR)$(recipesdir)" "$(DESTDIR)$(pkgdatadir)" 2> /dev/null || :
if SYSTEM_IOLIBDIR
	rm -f "$(DESTDIR)$(gphoto2_iolibdir)/usbip.so"
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test-known
tests_unit_test_known_SOURCES = tests/unit/test-known.c
tests_unit_test_known_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_known_LDADD = $(WITH_KNOWN) $(CMOCKA_LIBS)
endif
