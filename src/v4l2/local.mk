# Video devices that are written to.
noinst_LIBRARIES += src/v4l2/libloopback.a
src_v4l2_libloopback_a_SOURCES = \
	src/v4l2/look.h \
	src/v4l2/request.h \
	src/v4l2/loopback.h
if HAVE_WEBCAM
src_v4l2_libloopback_a_SOURCES += \
	src/v4l2/look.c \
	src/v4l2/control.c src/v4l2/control.h \
	src/v4l2/loopback.c
else
src_v4l2_libloopback_a_SOURCES += src/v4l2/loopback-none.c
endif
src_v4l2_libloopback_a_CFLAGS = $(STRICT_CFLAGS)
WITH_LOOPBACK = src/v4l2/libloopback.a $(WITH_BASE)
