# Fuzz harnesses: each is run over its corpus with the unit tests, and in earnest by `make fuzz`.
# By name: the folder as a whole would bring what was built in it.
EXTRA_DIST += tests/fuzz/run tests/fuzz/fuzz-jpeg.c \
	tests/fuzz/corpus-address tests/fuzz/corpus-client tests/fuzz/corpus-codec \
	tests/fuzz/corpus-config tests/fuzz/corpus-descriptor tests/fuzz/corpus-journal \
	tests/fuzz/corpus-pattern \
	tests/fuzz/corpus-picture \
	tests/fuzz/corpus-server tests/fuzz/corpus-simcam-ptp

.PHONY: fuzz
fuzz:
	$(CHECK_ENVIRONMENT) $(top_srcdir)/tests/fuzz/run

check_PROGRAMS += tests/unit/test-fuzz-address
tests_unit_test_fuzz_address_SOURCES = tests/unit/test-fuzz-corpus.c tests/fuzz/fuzz-address.c
tests_unit_test_fuzz_address_CPPFLAGS = $(AM_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"' \
	-DCORPUS='"tests/fuzz/corpus-address"'
tests_unit_test_fuzz_address_LDADD = src/usbip/libusbip.la
check_PROGRAMS += tests/unit/test-fuzz-client
tests_unit_test_fuzz_client_SOURCES = tests/unit/test-fuzz-corpus.c tests/fuzz/fuzz-client.c
tests_unit_test_fuzz_client_CPPFLAGS = $(AM_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"' \
	-DCORPUS='"tests/fuzz/corpus-client"'
tests_unit_test_fuzz_client_LDADD = src/usbip/libusbip.la
check_PROGRAMS += tests/unit/test-fuzz-codec
tests_unit_test_fuzz_codec_SOURCES = tests/unit/test-fuzz-corpus.c tests/fuzz/fuzz-codec.c
tests_unit_test_fuzz_codec_CPPFLAGS = $(AM_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"' \
	-DCORPUS='"tests/fuzz/corpus-codec"'
tests_unit_test_fuzz_codec_LDADD = src/usbip/libusbip.la
check_PROGRAMS += tests/unit/test-fuzz-config
tests_unit_test_fuzz_config_SOURCES = tests/unit/test-fuzz-corpus.c tests/fuzz/fuzz-config.c
tests_unit_test_fuzz_config_CPPFLAGS = $(AM_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"' \
	-DCORPUS='"tests/fuzz/corpus-config"'
tests_unit_test_fuzz_config_LDADD = src/usbip/libusbip.la
check_PROGRAMS += tests/unit/test-fuzz-descriptor
tests_unit_test_fuzz_descriptor_SOURCES = tests/unit/test-fuzz-corpus.c tests/fuzz/fuzz-descriptor.c
tests_unit_test_fuzz_descriptor_CPPFLAGS = $(AM_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"' \
	-DCORPUS='"tests/fuzz/corpus-descriptor"'
tests_unit_test_fuzz_descriptor_LDADD = src/iolib/libknown.la src/base/libbase.la
check_PROGRAMS += tests/unit/test-fuzz-journal
tests_unit_test_fuzz_journal_SOURCES = tests/unit/test-fuzz-corpus.c tests/fuzz/fuzz-journal.c
tests_unit_test_fuzz_journal_CPPFLAGS = $(AM_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"' \
	-DCORPUS='"tests/fuzz/corpus-journal"'
tests_unit_test_fuzz_journal_LDADD = src/schedule/libschedule.la
check_PROGRAMS += tests/unit/test-fuzz-pattern
tests_unit_test_fuzz_pattern_SOURCES = tests/unit/test-fuzz-corpus.c tests/fuzz/fuzz-pattern.c
tests_unit_test_fuzz_pattern_CPPFLAGS = $(AM_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"' \
	-DCORPUS='"tests/fuzz/corpus-pattern"'
tests_unit_test_fuzz_pattern_LDADD = src/cmd/libcmd.la
check_PROGRAMS += tests/unit/test-fuzz-picture
tests_unit_test_fuzz_picture_SOURCES = tests/unit/test-fuzz-corpus.c tests/fuzz/fuzz-picture.c
tests_unit_test_fuzz_picture_CPPFLAGS = $(AM_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"' \
	-DCORPUS='"tests/fuzz/corpus-picture"'
tests_unit_test_fuzz_picture_LDADD = src/jpeg/libjpegframe.la src/base/libbase.la
check_PROGRAMS += tests/unit/test-fuzz-server
tests_unit_test_fuzz_server_SOURCES = tests/unit/test-fuzz-corpus.c tests/fuzz/fuzz-server.c
tests_unit_test_fuzz_server_CPPFLAGS = $(AM_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"' \
	-DCORPUS='"tests/fuzz/corpus-server"'
tests_unit_test_fuzz_server_LDADD = src/usbip/libusbip.la
check_PROGRAMS += tests/unit/test-fuzz-simcam-ptp
tests_unit_test_fuzz_simcam_ptp_SOURCES = tests/unit/test-fuzz-corpus.c tests/fuzz/fuzz-simcam-ptp.c
tests_unit_test_fuzz_simcam_ptp_CPPFLAGS = $(AM_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"' \
	-DCORPUS='"tests/fuzz/corpus-simcam-ptp"'
tests_unit_test_fuzz_simcam_ptp_LDADD = src/simcam/libsimcam.la
