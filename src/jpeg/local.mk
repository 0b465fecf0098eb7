# JPEG frames: are they whole.
noinst_LTLIBRARIES += src/jpeg/libjpegframe.la
src_jpeg_libjpegframe_la_SOURCES = src/jpeg/frame.c src/jpeg/frame.h
src_jpeg_libjpegframe_la_CFLAGS = $(STRICT_CFLAGS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test-jpeg-frame
tests_unit_test_jpeg_frame_SOURCES = tests/unit/test-jpeg-frame.c
tests_unit_test_jpeg_frame_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(JPEG_CFLAGS)
tests_unit_test_jpeg_frame_LDADD = src/jpeg/libjpegframe.la src/base/libbase.la $(CMOCKA_LIBS) \
	$(JPEG_LIBS)
endif
