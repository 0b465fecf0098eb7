# USB/IP, both ends; nothing about cameras.
noinst_LTLIBRARIES += src/usbip/libusbip.la
src_usbip_libusbip_la_SOURCES = \
	src/usbip/codec.c src/usbip/codec.h
src_usbip_libusbip_la_CFLAGS = $(STRICT_CFLAGS)
src_usbip_libusbip_la_LIBADD = src/base/libbase.la

# The server.
usbip_server_sources = \
	src/usbip/server-connection.c \
	src/usbip/server-internal.h \
	src/usbip/server.c src/usbip/server.h
src_usbip_libusbip_la_SOURCES += $(usbip_server_sources)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test-server
tests_unit_test_server_SOURCES = tests/unit/test-server.c
tests_unit_test_server_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_server_LDADD = src/usbip/libusbip.la $(CMOCKA_LIBS)
endif
