# The command line.
bin_PROGRAMS += bin/opencamrc
noinst_LIBRARIES += src/cmd/libcmd.a

# Everything but main() and the verbs: what the unit tests link as well.
src_cmd_libcmd_a_SOURCES = \
	src/cmd/apart.c src/cmd/apart.h \
	src/cmd/barrier.c src/cmd/barrier.h \
	src/cmd/bracket.c src/cmd/bracket.h \
	src/cmd/complete.c src/cmd/complete.h \
	src/cmd/doctor.h \
	src/cmd/doctor-faults.c \
	src/cmd/doctor-finding.c \
	src/cmd/doctor-host.c \
	src/cmd/doctor-link.c \
	src/cmd/doctor-local.c \
	src/cmd/doctor-speed.c \
	src/cmd/grant.c src/cmd/grant.h \
	src/cmd/hook.c src/cmd/hook.h \
	src/cmd/interval-pace.c src/cmd/interval-pace.h \
	src/cmd/io.c src/cmd/io.h \
	src/cmd/json.c src/cmd/json.h \
	src/cmd/line.c src/cmd/line.h \
	src/cmd/nearest.c src/cmd/nearest.h \
	src/cmd/pattern.c src/cmd/pattern.h \
	src/cmd/profile.c src/cmd/profile.h \
	src/cmd/progress.c src/cmd/progress.h \
	src/cmd/select.c src/cmd/select.h \
	src/cmd/stream.c src/cmd/stream.h \
	src/cmd/table.c src/cmd/table.h
src_cmd_libcmd_a_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS) $(POPT_CFLAGS)
WITH_CMD = src/cmd/libcmd.a $(WITH_ERRAND) $(JSON_LIBS)

bin_opencamrc_SOURCES = \
	src/main.c \
	src/cmd/attach.c \
	src/cmd/attached.c src/cmd/attached.h \
	src/cmd/attacher.c src/cmd/attacher.h \
	src/cmd/call.c src/cmd/command.h \
	src/cmd/capture.c \
	src/cmd/capture-options.c src/cmd/capture-options.h \
	src/cmd/close.c \
	src/cmd/completion.c src/cmd/completion.h \
	src/cmd/config.c \
	src/cmd/detach.c \
	src/cmd/dispatch.c src/cmd/dispatch.h \
	src/cmd/doctor.c \
	src/cmd/doctor-camera.c \
	src/cmd/doctor-rate.c \
	src/cmd/download.c src/cmd/download.h \
	src/cmd/env.c \
	src/cmd/errands.c src/cmd/errands.h \
	src/cmd/events.c src/cmd/events.h \
	src/cmd/exposure-mode.c src/cmd/exposure-mode.h \
	src/cmd/fetch.c src/cmd/fetch.h \
	src/cmd/files.c \
	src/cmd/focus.c \
	src/cmd/help.c \
	src/cmd/hook-queue.c src/cmd/hook-queue.h \
	src/cmd/info.c \
	src/cmd/interval.c \
	src/cmd/interval-files.c \
	src/cmd/interval-options.c src/cmd/interval-options.h \
	src/cmd/interval-report.c \
	src/cmd/interval-ramp.c \
	src/cmd/interval-resume.c \
	src/cmd/interval-room.c \
	src/cmd/interval-run.c src/cmd/interval-run.h \
	src/cmd/interval-shot.c \
	src/cmd/interval-status.c \
	src/cmd/list.c \
	src/cmd/liveview.c \
	src/cmd/open.c \
	src/cmd/ports.c \
	src/cmd/ask-settings.c \
	src/cmd/known-settings.c src/cmd/known-settings.h \
	src/cmd/prompt.h src/cmd/shell.c \
	src/cmd/ramping.c src/cmd/ramping.h \
	src/cmd/ramping-options.c \
	src/cmd/shell-line.c src/cmd/shell-line.h \
	src/cmd/recovery.c src/cmd/recovery.h \
	src/cmd/restore.c src/cmd/restore.h \
	src/cmd/relay.c src/cmd/relay.h \
	src/cmd/series.c src/cmd/series.h \
	src/cmd/several-cameras.c src/cmd/several-cameras.h \
	src/cmd/several.c src/cmd/several.h \
	src/cmd/skew.c src/cmd/skew.h \
	src/cmd/tether.c \
	src/cmd/vary.c src/cmd/vary.h \
	src/cmd/view-frames.c \
	src/cmd/view-image.c src/cmd/view-image.h \
	src/cmd/view-options.c src/cmd/view-options.h \
	src/cmd/view-sink.c src/cmd/view-sink.h \
	src/cmd/view-video.c \
	src/cmd/view-worker.c src/cmd/view-worker.h \
	src/cmd/wait.c
bin_opencamrc_CFLAGS = $(AM_CFLAGS) $(GPHOTO2_CFLAGS) $(GPHOTO2_PORT_CFLAGS) $(JSON_CFLAGS) \
	$(POPT_CFLAGS) $(EDIT_CFLAGS) $(EXIF_CFLAGS)
bin_opencamrc_LDADD = $(WITH_CMD) $(WITH_SESSION) $(WITH_SCHEDULE) $(WITH_LOOPBACK) $(POPT_LIBS) $(EDIT_LIBS) $(EXIF_LIBS)
if HAVE_LIBEXIF
bin_opencamrc_SOURCES += src/cmd/interval-exposure.c
else
bin_opencamrc_SOURCES += src/cmd/interval-exposure-none.c
endif
if HAVE_LIBEDIT
bin_opencamrc_SOURCES += src/cmd/history.c src/cmd/history.h src/cmd/prompt.c
endif

if HAVE_CMOCKA
if HAVE_LIBEDIT
check_PROGRAMS += tests/unit/test-known-settings
tests_unit_test_known_settings_SOURCES = tests/unit/test-known-settings.c src/cmd/known-settings.c
tests_unit_test_known_settings_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(POPT_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_known_settings_LDADD = $(WITH_CMD) $(CMOCKA_LIBS)
endif
check_PROGRAMS += tests/unit/test-barrier tests/unit/test-bracket \
	tests/unit/test-complete tests/unit/test-doctor tests/unit/test-grant \
	tests/unit/test-interval-pace tests/unit/test-line tests/unit/test-outfile \
	tests/unit/test-pattern tests/unit/test-stream tests/unit/test-words
tests_unit_test_complete_SOURCES = tests/unit/test-complete.c
tests_unit_test_complete_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(POPT_CFLAGS)
tests_unit_test_complete_LDADD = $(WITH_CMD) $(CMOCKA_LIBS)
tests_unit_test_doctor_SOURCES = tests/unit/test-doctor.c
tests_unit_test_doctor_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_doctor_LDADD = $(WITH_CMD) $(WITH_SESSION) $(WITH_LOOPBACK) $(CMOCKA_LIBS)
tests_unit_test_grant_SOURCES = tests/unit/test-grant.c
tests_unit_test_grant_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_grant_LDADD = $(WITH_CMD) $(CMOCKA_LIBS)
tests_unit_test_interval_pace_SOURCES = tests/unit/test-interval-pace.c
tests_unit_test_interval_pace_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_interval_pace_LDADD = $(WITH_CMD) $(CMOCKA_LIBS)
tests_unit_test_line_SOURCES = tests/unit/test-line.c
tests_unit_test_line_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_line_LDADD = $(WITH_CMD) $(CMOCKA_LIBS)
tests_unit_test_barrier_SOURCES = tests/unit/test-barrier.c
tests_unit_test_barrier_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_barrier_LDADD = $(WITH_CMD) $(CMOCKA_LIBS)
tests_unit_test_bracket_SOURCES = tests/unit/test-bracket.c
tests_unit_test_bracket_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_bracket_LDADD = $(WITH_CMD) $(WITH_CAMERA) $(CMOCKA_LIBS)
tests_unit_test_outfile_SOURCES = tests/unit/test-outfile.c
tests_unit_test_outfile_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_outfile_LDADD = $(WITH_BASE) $(CMOCKA_LIBS)
tests_unit_test_pattern_SOURCES = tests/unit/test-pattern.c
tests_unit_test_pattern_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_pattern_LDADD = $(WITH_CMD) $(CMOCKA_LIBS)
tests_unit_test_stream_SOURCES = tests/unit/test-stream.c
tests_unit_test_stream_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_stream_LDADD = $(WITH_CMD) $(CMOCKA_LIBS)
tests_unit_test_words_SOURCES = tests/unit/test-words.c
tests_unit_test_words_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_words_LDADD = $(WITH_CMD) $(CMOCKA_LIBS)
endif
