# Fuzz harnesses: each is run over its corpus with the unit tests, and in earnest by `make fuzz`.
# By name: the folder as a whole would bring what was built in it.
EXTRA_DIST += tests/fuzz/run tests/fuzz/campaign tests/fuzz/harness.bash tests/fuzz/leaks tests/fuzz/memory-file.h tests/fuzz/peers.h \
	tests/fuzz/corpus-brightness tests/fuzz/corpus-choice tests/fuzz/corpus-exposure \
	tests/fuzz/corpus-heard tests/fuzz/corpus-jpeg tests/fuzz/corpus-profile \
	tests/fuzz/corpus-select tests/fuzz/corpus-sysfs tests/fuzz/corpus-when \
	tests/fuzz/corpus-address tests/fuzz/corpus-client tests/fuzz/corpus-codec \
	tests/fuzz/corpus-config tests/fuzz/corpus-descriptor tests/fuzz/corpus-errand tests/fuzz/corpus-journal \
	tests/fuzz/corpus-line tests/fuzz/corpus-message tests/fuzz/corpus-ops tests/fuzz/corpus-pattern \
	tests/fuzz/corpus-picture \
	tests/fuzz/corpus-server tests/fuzz/corpus-simcam-ptp

.PHONY: fuzz fuzz-campaign
fuzz:
	$(CHECK_ENVIRONMENT) $(top_srcdir)/tests/fuzz/run

# RUNS=10000000 of each harness: some hours on two processors.
fuzz-campaign:
	$(CHECK_ENVIRONMENT) $(top_srcdir)/tests/fuzz/campaign

# A harness and its corpus: the program's name tells which.
FUZZ_CORPUS = tests/unit/libfuzz-corpus.a
check_LIBRARIES += $(FUZZ_CORPUS)
tests_unit_libfuzz_corpus_a_SOURCES = tests/unit/test-fuzz-corpus.c
tests_unit_libfuzz_corpus_a_CPPFLAGS = $(AM_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"'

check_PROGRAMS += tests/unit/test-fuzz-address
tests_unit_test_fuzz_address_SOURCES = tests/fuzz/fuzz-address.c
tests_unit_test_fuzz_address_LDADD = $(FUZZ_CORPUS) $(WITH_USBIP)
check_PROGRAMS += tests/unit/test-fuzz-brightness
tests_unit_test_fuzz_brightness_SOURCES = tests/fuzz/fuzz-brightness.c
tests_unit_test_fuzz_brightness_LDADD = $(FUZZ_CORPUS) $(WITH_JPEGFRAME)
check_PROGRAMS += tests/unit/test-fuzz-client
tests_unit_test_fuzz_client_SOURCES = tests/fuzz/fuzz-client.c
tests_unit_test_fuzz_client_LDADD = $(FUZZ_CORPUS) $(WITH_USBIP)
check_PROGRAMS += tests/unit/test-fuzz-codec
tests_unit_test_fuzz_codec_SOURCES = tests/fuzz/fuzz-codec.c
tests_unit_test_fuzz_codec_LDADD = $(FUZZ_CORPUS) $(WITH_USBIP)
check_PROGRAMS += tests/unit/test-fuzz-config
tests_unit_test_fuzz_config_SOURCES = tests/fuzz/fuzz-config.c
tests_unit_test_fuzz_config_LDADD = $(FUZZ_CORPUS) $(WITH_USBIP)
check_PROGRAMS += tests/unit/test-fuzz-descriptor
tests_unit_test_fuzz_descriptor_SOURCES = tests/fuzz/fuzz-descriptor.c
tests_unit_test_fuzz_descriptor_LDADD = $(FUZZ_CORPUS) $(WITH_KNOWN)
check_PROGRAMS += tests/unit/test-fuzz-errand
tests_unit_test_fuzz_errand_SOURCES = tests/fuzz/fuzz-errand.c
tests_unit_test_fuzz_errand_LDADD = $(FUZZ_CORPUS) $(WITH_CMD)
check_PROGRAMS += tests/unit/test-fuzz-journal
tests_unit_test_fuzz_journal_SOURCES = tests/fuzz/fuzz-journal.c
tests_unit_test_fuzz_journal_LDADD = $(FUZZ_CORPUS) $(WITH_SCHEDULE)
check_PROGRAMS += tests/unit/test-fuzz-line
tests_unit_test_fuzz_line_SOURCES = tests/fuzz/fuzz-line.c
tests_unit_test_fuzz_line_LDADD = $(FUZZ_CORPUS) $(WITH_CMD)
check_PROGRAMS += tests/unit/test-fuzz-message
tests_unit_test_fuzz_message_SOURCES = tests/fuzz/fuzz-message.c
tests_unit_test_fuzz_message_LDADD = $(FUZZ_CORPUS) $(WITH_SESSION)
check_PROGRAMS += tests/unit/test-fuzz-ops
tests_unit_test_fuzz_ops_SOURCES = tests/fuzz/fuzz-ops.c
tests_unit_test_fuzz_ops_LDADD = $(FUZZ_CORPUS) $(WITH_USBIP)
check_PROGRAMS += tests/unit/test-fuzz-pattern
tests_unit_test_fuzz_pattern_SOURCES = tests/fuzz/fuzz-pattern.c
tests_unit_test_fuzz_pattern_LDADD = $(FUZZ_CORPUS) $(WITH_CMD)
check_PROGRAMS += tests/unit/test-fuzz-picture
tests_unit_test_fuzz_picture_SOURCES = tests/fuzz/fuzz-picture.c
tests_unit_test_fuzz_picture_LDADD = $(FUZZ_CORPUS) $(WITH_JPEGFRAME)
check_PROGRAMS += tests/unit/test-fuzz-server
tests_unit_test_fuzz_server_SOURCES = tests/fuzz/fuzz-server.c
tests_unit_test_fuzz_server_LDADD = $(FUZZ_CORPUS) $(WITH_USBIP)
if HAVE_SIMCAM
check_PROGRAMS += tests/unit/test-fuzz-simcam-ptp
tests_unit_test_fuzz_simcam_ptp_SOURCES = tests/fuzz/fuzz-simcam-ptp.c
tests_unit_test_fuzz_simcam_ptp_LDADD = $(FUZZ_CORPUS) $(WITH_SIMCAM)
endif
check_PROGRAMS += tests/unit/test-fuzz-choice
tests_unit_test_fuzz_choice_SOURCES = tests/fuzz/fuzz-choice.c
tests_unit_test_fuzz_choice_LDADD = $(FUZZ_CORPUS) $(WITH_CAMERA)
if HAVE_LIBEXIF
check_PROGRAMS += tests/unit/test-fuzz-exposure
tests_unit_test_fuzz_exposure_SOURCES = tests/fuzz/fuzz-exposure.c src/cmd/interval-exposure.c
tests_unit_test_fuzz_exposure_CFLAGS = $(AM_CFLAGS) $(EXIF_CFLAGS) $(JSON_CFLAGS) $(POPT_CFLAGS)
tests_unit_test_fuzz_exposure_LDADD = $(FUZZ_CORPUS) $(WITH_BASE) $(EXIF_LIBS)
endif
check_PROGRAMS += tests/unit/test-fuzz-heard
tests_unit_test_fuzz_heard_SOURCES = tests/fuzz/fuzz-heard.c
tests_unit_test_fuzz_heard_LDADD = $(FUZZ_CORPUS) $(WITH_DISCOVER)
check_PROGRAMS += tests/unit/test-fuzz-profile
tests_unit_test_fuzz_profile_SOURCES = tests/fuzz/fuzz-profile.c
tests_unit_test_fuzz_profile_LDADD = $(FUZZ_CORPUS) $(WITH_CMD)
check_PROGRAMS += tests/unit/test-fuzz-select
tests_unit_test_fuzz_select_SOURCES = tests/fuzz/fuzz-select.c
tests_unit_test_fuzz_select_LDADD = $(FUZZ_CORPUS) $(WITH_CMD)
if HAVE_ATTACH
check_PROGRAMS += tests/unit/test-fuzz-sysfs
tests_unit_test_fuzz_sysfs_SOURCES = tests/fuzz/fuzz-sysfs.c
tests_unit_test_fuzz_sysfs_LDADD = $(FUZZ_CORPUS) $(WITH_USBIP)
endif
check_PROGRAMS += tests/unit/test-fuzz-when
tests_unit_test_fuzz_when_SOURCES = tests/fuzz/fuzz-when.c
tests_unit_test_fuzz_when_LDADD = $(FUZZ_CORPUS) $(WITH_SCHEDULE)
check_PROGRAMS += tests/unit/test-fuzz-jpeg
tests_unit_test_fuzz_jpeg_SOURCES = tests/fuzz/fuzz-jpeg.c
tests_unit_test_fuzz_jpeg_LDADD = $(FUZZ_CORPUS) $(WITH_JPEGFRAME)
