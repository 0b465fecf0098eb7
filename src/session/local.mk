# Who holds a camera, and commands run where it is held.
noinst_LTLIBRARIES += src/session/libsession.la
src_session_libsession_la_SOURCES = \
	src/session/caller.c src/session/caller.h \
	src/session/channel.c src/session/channel.h \
	src/session/descriptors.c src/session/descriptors.h \
	src/session/held.c src/session/held.h \
	src/session/message.c src/session/message.h \
	src/session/owner.c src/session/owner.h \
	src/session/place.c src/session/place.h \
	src/session/turn.c src/session/turn.h
src_session_libsession_la_LIBADD = src/camera/libcamera.la src/base/libbase.la -lpthread
