# Cameras, on libgphoto2.
noinst_LIBRARIES += src/camera/libcamera.a
src_camera_libcamera_a_SOURCES = \
	src/camera/button.c src/camera/button.h \
	src/camera/camera.c src/camera/camera.h src/camera/private.h \
	src/camera/choice.c src/camera/choice.h \
	src/camera/download.c \
	src/camera/drivers.c src/camera/drivers.h \
	src/camera/error.c \
	src/camera/event.c src/camera/event.h src/camera/listen.h \
	src/camera/files.c src/camera/files.h src/camera/listing.h \
	src/camera/find.c src/camera/find.h \
	src/camera/focus.c src/camera/focus.h \
	src/camera/focus-told.c src/camera/focus-told.h \
	src/camera/holder.c src/camera/holder.h \
	src/camera/info.c \
	src/camera/list.c \
	src/camera/meter.c src/camera/meter.h \
	src/camera/models.c src/camera/models.h \
	src/camera/names.c src/camera/names.h \
	src/camera/network.c src/camera/network.h \
	src/camera/preview.c \
	src/camera/release.c \
	src/camera/reset.c \
	src/camera/servers.c src/camera/servers.h \
	src/camera/settings.c src/camera/settings.h \
	src/camera/shoot.c src/camera/shoot.h src/camera/shot.h \
	src/camera/shot-files.c src/camera/shot-files.h \
	src/camera/target.c src/camera/target.h \
	src/camera/tidy.c src/camera/tidy.h \
	src/camera/watch.c src/camera/watch.h \
	src/camera/widget.c src/camera/widget.h
src_camera_libcamera_a_CFLAGS = $(AM_CFLAGS) $(GPHOTO2_CFLAGS) $(GPHOTO2_PORT_CFLAGS)
WITH_CAMERA = src/camera/libcamera.a $(WITH_JPEGFRAME) $(WITH_KNOWN) $(WITH_DISCOVER) \
	$(GPHOTO2_LIBS) $(GPHOTO2_PORT_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test-camera-settings tests/unit/test-event tests/unit/test-focus-told tests/unit/test-names \
	tests/unit/test-shot-files
tests_unit_test_focus_told_SOURCES = tests/unit/test-focus-told.c
tests_unit_test_focus_told_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_focus_told_LDADD = $(WITH_CAMERA) $(CMOCKA_LIBS)
tests_unit_test_names_SOURCES = tests/unit/test-names.c
tests_unit_test_names_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_names_LDADD = $(WITH_CAMERA) $(CMOCKA_LIBS)
tests_unit_test_shot_files_SOURCES = tests/unit/test-shot-files.c
tests_unit_test_shot_files_CFLAGS = $(AM_CFLAGS) $(GPHOTO2_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_shot_files_LDADD = $(WITH_CAMERA) $(CMOCKA_LIBS)
tests_unit_test_event_SOURCES = tests/unit/test-event.c
tests_unit_test_event_CFLAGS = $(AM_CFLAGS) $(GPHOTO2_CFLAGS) $(GPHOTO2_PORT_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_event_LDADD = $(WITH_CAMERA) $(CMOCKA_LIBS)
tests_unit_test_camera_settings_SOURCES = tests/unit/test-camera-settings.c
tests_unit_test_camera_settings_CFLAGS = $(AM_CFLAGS) $(GPHOTO2_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_camera_settings_LDADD = $(WITH_CAMERA) $(CMOCKA_LIBS)
endif
