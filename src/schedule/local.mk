# When pictures are taken, what became of them, how they are exposed; no camera in it.
noinst_LIBRARIES += src/schedule/libschedule.a
src_schedule_libschedule_a_SOURCES = \
	src/schedule/fields.c src/schedule/fields.h \
	src/schedule/grid.c src/schedule/grid.h \
	src/schedule/journal.h src/schedule/journal-private.h \
	src/schedule/journal-fields.c \
	src/schedule/journal-read.c \
	src/schedule/journal-state.c \
	src/schedule/journal-write.c \
	src/schedule/ramp.c src/schedule/ramp.h \
	src/schedule/report.c src/schedule/report.h \
	src/schedule/report-plot.c \
	src/schedule/sha256.c src/schedule/sha256.h \
	src/schedule/sidecar.c src/schedule/sidecar.h \
	src/schedule/sun.c src/schedule/sun.h \
	src/schedule/text.c src/schedule/text.h \
	src/schedule/timepiece.c src/schedule/timepiece.h \
	src/schedule/when.c src/schedule/when.h \
	src/schedule/window.c src/schedule/window.h
src_schedule_libschedule_a_CFLAGS = $(STRICT_CFLAGS) $(JSON_CFLAGS)
WITH_SCHEDULE = src/schedule/libschedule.a $(WITH_BASE) $(JSON_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test-grid tests/unit/test-journal tests/unit/test-ramp \
	tests/unit/test-report tests/unit/test-sun tests/unit/test-when
tests_unit_test_grid_SOURCES = tests/unit/test-grid.c
tests_unit_test_grid_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_grid_LDADD = $(WITH_SCHEDULE) $(CMOCKA_LIBS)
tests_unit_test_journal_SOURCES = tests/unit/test-journal.c
tests_unit_test_journal_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_journal_LDADD = $(WITH_SCHEDULE) $(CMOCKA_LIBS)
tests_unit_test_ramp_SOURCES = tests/unit/test-ramp.c
tests_unit_test_ramp_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_ramp_LDADD = $(WITH_SCHEDULE) $(CMOCKA_LIBS)
tests_unit_test_report_SOURCES = tests/unit/test-report.c
tests_unit_test_report_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_report_LDADD = $(WITH_SCHEDULE) $(CMOCKA_LIBS)
tests_unit_test_sun_SOURCES = tests/unit/test-sun.c
tests_unit_test_sun_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_sun_LDADD = $(WITH_SCHEDULE) $(CMOCKA_LIBS)
tests_unit_test_when_SOURCES = tests/unit/test-when.c
tests_unit_test_when_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_when_LDADD = $(WITH_SCHEDULE) $(CMOCKA_LIBS)
endif
