# The simulated camera.
include src/simcam/scene.mk

bin_PROGRAMS += bin/opencamrc-simcam
noinst_LIBRARIES += src/simcam/libsimcam.a
src_simcam_libsimcam_a_SOURCES = \
	src/simcam/body.h \
	src/simcam/camera.c src/simcam/camera.h \
	src/simcam/card.c src/simcam/card.h src/simcam/card-internal.h \
	src/simcam/card-picture.c \
	src/simcam/control.c src/simcam/control.h \
	src/simcam/dataset.c src/simcam/dataset.h \
	src/simcam/eos.c src/simcam/eos.h \
	src/simcam/eos-control.c \
	src/simcam/eos-events.c \
	src/simcam/eos-exposure.c \
	src/simcam/eos-objects.c \
	src/simcam/eos-properties.c \
	src/simcam/eos-shoot.c \
	src/simcam/eos-view.c \
	src/simcam/eos1200d.c \
	src/simcam/exposure.c src/simcam/exposure.h \
	src/simcam/fault.c src/simcam/fault.h \
	src/simcam/lens.c src/simcam/lens.h \
	src/simcam/nikon.c src/simcam/nikon.h \
	src/simcam/nikon-events.c \
	src/simcam/nikon-properties.c \
	src/simcam/nikon-shoot.c \
	src/simcam/nikon-view.c \
	src/simcam/nikond750.c \
	src/simcam/objects.c \
	src/simcam/plain.c \
	src/simcam/property.c src/simcam/property.h \
	src/simcam/ptp.c src/simcam/ptp.h \
	src/simcam/shutter.c src/simcam/shutter.h \
	src/simcam/standard.c src/simcam/standard.h \
	src/simcam/studio.c src/simcam/studio.h \
	src/simcam/usb.c src/simcam/usb-control.c src/simcam/usb.h \
	src/simcam/view.c src/simcam/view.h
src_simcam_libsimcam_a_CFLAGS = $(STRICT_CFLAGS)
WITH_SIMCAM = src/simcam/libsimcam.a $(WITH_SCENE) $(WITH_USBIP)

bin_opencamrc_simcam_SOURCES = src/simcam/main.c
bin_opencamrc_simcam_CFLAGS = $(STRICT_CFLAGS) $(POPT_CFLAGS)
bin_opencamrc_simcam_LDADD = $(WITH_SIMCAM) $(POPT_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test-simcam-ptp
tests_unit_test_simcam_ptp_SOURCES = tests/unit/test-simcam-ptp.c tests/unit/sim-host.c tests/unit/sim-host.h
tests_unit_test_simcam_ptp_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit $(CMOCKA_CFLAGS)
tests_unit_test_simcam_ptp_LDADD = $(WITH_SIMCAM) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test-simcam-bodies
tests_unit_test_simcam_bodies_SOURCES = tests/unit/test-simcam-bodies.c tests/unit/sim-host.c tests/unit/sim-host.h
tests_unit_test_simcam_bodies_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit $(CMOCKA_CFLAGS)
tests_unit_test_simcam_bodies_LDADD = $(WITH_SIMCAM) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test-simcam-card
tests_unit_test_simcam_card_SOURCES = tests/unit/test-simcam-card.c tests/unit/sim-host.c tests/unit/sim-host.h
tests_unit_test_simcam_card_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit $(CMOCKA_CFLAGS)
tests_unit_test_simcam_card_LDADD = $(WITH_SIMCAM) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test-simcam-hand
tests_unit_test_simcam_hand_SOURCES = tests/unit/test-simcam-hand.c tests/unit/sim-host.c tests/unit/sim-host.h
tests_unit_test_simcam_hand_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit $(CMOCKA_CFLAGS)
tests_unit_test_simcam_hand_LDADD = $(WITH_SIMCAM) $(CMOCKA_LIBS)
endif
