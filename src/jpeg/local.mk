# JPEG frames, on libjpeg.
noinst_LTLIBRARIES += src/jpeg/libjpegframe.la
src_jpeg_libjpegframe_la_SOURCES = \
	src/jpeg/decode.c \
	src/jpeg/frame.c src/jpeg/frame.h
src_jpeg_libjpegframe_la_CFLAGS = $(STRICT_CFLAGS) $(JPEG_CFLAGS)
src_jpeg_libjpegframe_la_LIBADD = src/base/libbase.la $(JPEG_LIBS)
