# The libgphoto2 port driver.
noinst_LTLIBRARIES += src/iolib/libchoose.la
src_iolib_libchoose_la_SOURCES = \
	src/iolib/choose.c src/iolib/choose.h \
	src/iolib/layout.c src/iolib/layout.h
src_iolib_libchoose_la_LIBADD = src/usbip/libusbip.la

iolibdir = $(pkglibdir)/iolibs
iolib_LTLIBRARIES = src/iolib/usbip.la
src_iolib_usbip_la_SOURCES = \
	src/iolib/driver.c \
	src/iolib/list.c \
	src/iolib/port-library.h \
	src/iolib/port.h \
	src/iolib/session.c
src_iolib_usbip_la_CFLAGS = $(AM_CFLAGS) $(GPHOTO2_PORT_CFLAGS) -pthread
# libgphoto2 unloads a driver while a name that nobody waits for any more may still be looked up:
# nodelete keeps the code of that thread in place.
src_iolib_usbip_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -pthread \
	-export-symbols-regex '^gp_port_library_' -Wl,-z,nodelete
src_iolib_usbip_la_LIBADD = src/iolib/libchoose.la src/usbip/libusbip.la $(GPHOTO2_PORT_LIBS)

# A program in bin/ of the build tree finds the driver as an installed one does; the folder holds
# nothing else, since libgphoto2 tries to load whatever it finds.
IOLIB_IN_TREE = lib/opencamrc/iolibs/usbip.so
$(IOLIB_IN_TREE): src/iolib/usbip.la
	$(AM_V_GEN)$(MKDIR_P) lib/opencamrc/iolibs && cp src/iolib/.libs/usbip.so $@
CLEANFILES += $(IOLIB_IN_TREE)

# libtool's .la file would be taken for a second driver.
install-data-hook: remove-iolib-la
.PHONY: remove-iolib-la
remove-iolib-la:
	rm -f '$(DESTDIR)$(iolibdir)/usbip.la'
if SYSTEM_IOLIBDIR
	$(MKDIR_P) '$(DESTDIR)$(gphoto2_iolibdir)'
	$(INSTALL_PROGRAM) '$(DESTDIR)$(iolibdir)/usbip.so' '$(DESTDIR)$(gphoto2_iolibdir)/usbip.so'
endif

uninstall-local: uninstall-iolib
.PHONY: uninstall-iolib
uninstall-iolib:
	rm -f '$(DESTDIR)$(iolibdir)/usbip.so'
if SYSTEM_IOLIBDIR
	rm -f '$(DESTDIR)$(gphoto2_iolibdir)/usbip.so'
endif
