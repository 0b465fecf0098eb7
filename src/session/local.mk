# Who holds a camera, and commands run where it is held.
noinst_LIBRARIES += src/session/libsession.a
src_session_libsession_a_SOURCES = \
	src/session/caller.c src/session/caller.h \
	src/session/channel.c src/session/channel.h \
	src/session/descriptors.c src/session/descriptors.h \
	src/session/held.c src/session/held.h \
	src/session/message.c src/session/message.h \
	src/session/owner.c src/session/owner.h \
	src/session/place.c src/session/place.h \
	src/session/running.c src/session/running.h \
	src/session/sandbox.h \
	src/session/turn.c src/session/turn.h
if HAVE_SANDBOX
src_session_libsession_a_SOURCES += \
	src/session/sandbox.c src/session/sandbox-internal.h \
	src/session/sandbox-landlock.c \
	src/session/sandbox-seccomp.c
else
src_session_libsession_a_SOURCES += src/session/sandbox-none.c
endif
src_session_libsession_a_CFLAGS = $(AM_CFLAGS) $(SECCOMP_CFLAGS)
WITH_SESSION = src/session/libsession.a $(WITH_ERRAND) $(WITH_CAMERA) $(SECCOMP_LIBS)

# Both ends of an errand: what src/cmd/ uses as well, without the rest.
noinst_LIBRARIES += src/session/liberrand.a
src_session_liberrand_a_SOURCES = \
	src/session/errand.c src/session/errand.h \
	src/session/passing.c src/session/passing.h
# A shared object of the tests has it.
src_session_liberrand_a_CFLAGS = $(AM_CFLAGS) -fPIC
WITH_ERRAND = src/session/liberrand.a $(WITH_BASE)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test-channel tests/unit/test-message tests/unit/test-place \
	tests/unit/test-turn
tests_unit_test_channel_SOURCES = tests/unit/test-channel.c
tests_unit_test_channel_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_channel_LDADD = $(WITH_SESSION) $(CMOCKA_LIBS)
tests_unit_test_message_SOURCES = tests/unit/test-message.c
tests_unit_test_message_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_message_LDADD = $(WITH_SESSION) $(CMOCKA_LIBS)
tests_unit_test_place_SOURCES = tests/unit/test-place.c
tests_unit_test_place_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_place_LDADD = $(WITH_SESSION) $(CMOCKA_LIBS)
tests_unit_test_turn_SOURCES = tests/unit/test-turn.c
tests_unit_test_turn_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -pthread
tests_unit_test_turn_LDADD = $(WITH_SESSION) $(CMOCKA_LIBS)
endif
