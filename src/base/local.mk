# Errors, log, bytes, clock, descriptors: the ground floor.
noinst_LIBRARIES += src/base/libbase.a
src_base_libbase_a_SOURCES = \
	src/base/bytes.h \
	src/base/cleanup.c src/base/cleanup.h \
	src/base/clock.c src/base/clock.h \
	src/base/err.c src/base/err.h \
	src/base/files.c src/base/files.h \
	src/base/log.c src/base/log.h \
	src/base/hidden.c src/base/hidden.h src/base/outfile.c src/base/outfile.h \
	src/base/textfile.c src/base/textfile.h \
	src/base/utf8.c src/base/utf8.h \
	src/base/zone.c src/base/zone.h
# It goes into the port driver, a shared object, as well.
src_base_libbase_a_CFLAGS = $(AM_CFLAGS) -fPIC
WITH_BASE = src/base/libbase.a -lm -lpthread

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test-base
tests_unit_test_base_SOURCES = tests/unit/test-base.c
tests_unit_test_base_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_base_LDADD = $(WITH_BASE) $(CMOCKA_LIBS)
endif
