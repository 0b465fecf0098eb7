# JPEG frames: are they whole; decoded, turned, scaled, packed and made again.
noinst_LIBRARIES += src/jpeg/libjpegframe.a
src_jpeg_libjpegframe_a_SOURCES = \
	src/jpeg/brightness.c src/jpeg/brightness.h \
	src/jpeg/decode.c src/jpeg/decode.h \
	src/jpeg/embedded.c src/jpeg/embedded.h \
	src/jpeg/encode.c src/jpeg/encode.h \
	src/jpeg/fit.c \
	src/jpeg/frame.c src/jpeg/frame.h \
	src/jpeg/guard.c src/jpeg/guard.h \
	src/jpeg/picture.c src/jpeg/picture.h \
	src/jpeg/turn.c src/jpeg/turn.h
src_jpeg_libjpegframe_a_CFLAGS = $(STRICT_CFLAGS) $(JPEG_CFLAGS)
WITH_JPEGFRAME = src/jpeg/libjpegframe.a $(WITH_BASE) $(JPEG_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test-jpeg-frame
tests_unit_test_jpeg_frame_SOURCES = tests/unit/test-jpeg-frame.c
tests_unit_test_jpeg_frame_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(JPEG_CFLAGS)
tests_unit_test_jpeg_frame_LDADD = $(WITH_JPEGFRAME) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test-brightness
tests_unit_test_brightness_SOURCES = tests/unit/test-brightness.c
tests_unit_test_brightness_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_brightness_CPPFLAGS = $(AM_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"'
tests_unit_test_brightness_LDADD = $(WITH_JPEGFRAME) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test-jpeg-picture
tests_unit_test_jpeg_picture_SOURCES = tests/unit/test-jpeg-picture.c
tests_unit_test_jpeg_picture_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_jpeg_picture_LDADD = $(WITH_JPEGFRAME) $(CMOCKA_LIBS)
endif
