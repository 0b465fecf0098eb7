# USB/IP, both ends; nothing about cameras.
noinst_LTLIBRARIES += src/usbip/libusbip.la
src_usbip_libusbip_la_SOURCES = \
	src/usbip/codec.c src/usbip/codec.h \
	src/usbip/config.c src/usbip/config.h
src_usbip_libusbip_la_CFLAGS = $(STRICT_CFLAGS)
src_usbip_libusbip_la_LIBADD = src/base/libbase.la
