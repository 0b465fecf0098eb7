# The pictures of the simulated camera: live view frames, stills, CR2.
noinst_LIBRARIES += src/simcam/libscene.a
src_simcam_libscene_a_SOURCES = \
	src/simcam/blur.c src/simcam/blur.h \
	src/simcam/buffer.c src/simcam/buffer.h \
	src/simcam/canvas.c src/simcam/canvas.h \
	src/simcam/exif.c src/simcam/exif.h \
	src/simcam/font.c src/simcam/font.h \
	src/simcam/jpeg-write.c src/simcam/jpeg-write.h \
	src/simcam/landscape.c src/simcam/landscape.h \
	src/simcam/ljpeg.c src/simcam/ljpeg.h \
	src/simcam/light.c src/simcam/light.h \
	src/simcam/loop.c src/simcam/loop.h \
	src/simcam/movers.c \
	src/simcam/nef.c \
	src/simcam/picture.c src/simcam/picture.h src/simcam/picture-parts.h \
	src/simcam/raw.c src/simcam/raw-sensor.c src/simcam/raw.h \
	src/simcam/scene.c src/simcam/scene.h src/simcam/scene-parts.h \
	src/simcam/source.c src/simcam/source-rows.c src/simcam/source.h \
	src/simcam/strip.c src/simcam/strip.h \
	src/simcam/tiff.c src/simcam/tiff.h \
	src/simcam/tone.c src/simcam/tone.h
# Every pixel of 18 million passes through here.
src_simcam_libscene_a_CFLAGS = $(STRICT_CFLAGS) $(JPEG_CFLAGS) $(VECTOR_CFLAGS)
WITH_SCENE = src/simcam/libscene.a $(WITH_BASE) $(JPEG_LIBS)

check_PROGRAMS += tests/tools/frame-counter
tests_tools_frame_counter_SOURCES = tests/tools/frame-counter.c
tests_tools_frame_counter_CFLAGS = $(AM_CFLAGS) $(JPEG_CFLAGS)
tests_tools_frame_counter_LDADD = $(JPEG_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test-light
tests_unit_test_light_SOURCES = tests/unit/test-light.c
tests_unit_test_light_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_light_LDADD = $(WITH_SCENE) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test-scene tests/unit/test-picture
tests_unit_test_scene_SOURCES = tests/unit/test-scene.c
tests_unit_test_scene_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(JPEG_CFLAGS)
tests_unit_test_scene_LDADD = $(WITH_SCENE) $(CMOCKA_LIBS)
tests_unit_test_picture_SOURCES = tests/unit/test-picture.c
tests_unit_test_picture_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(JPEG_CFLAGS) $(EXIF_CFLAGS)
tests_unit_test_picture_LDADD = $(WITH_SCENE) $(CMOCKA_LIBS) $(EXIF_LIBS)
endif
