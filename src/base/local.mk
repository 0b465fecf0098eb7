# Errors, log, bytes, clock, descriptors: the ground floor.
noinst_LTLIBRARIES += src/base/libbase.la
src_base_libbase_la_SOURCES = \
	src/base/bytes.h \
	src/base/cleanup.c src/base/cleanup.h \
	src/base/clock.c src/base/clock.h \
	src/base/err.c src/base/err.h \
	src/base/log.c src/base/log.h
src_base_libbase_la_LIBADD = -lm
