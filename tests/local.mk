# Tests: tests/run runs them; here is what `make` needs to know.
EXTRA_DIST += tests/run tests/processes.bash tests/lint/source tests/lint/manual tests/lint/feed \
	tests/build tests/e2e tests/server tests/guest tests/kernel tests/cross tests/foreign tests/memory/run \
	tests/valgrind.supp

CHECK_ENVIRONMENT = OPENCAMRC_BUILD='$(abs_top_builddir)'
CHECK_NEEDS = $(check_PROGRAMS) $(check_LTLIBRARIES) $(bin_PROGRAMS) $(IOLIB_IN_TREE)

check-memory: $(CHECK_NEEDS)
	$(CHECK_ENVIRONMENT) $(top_srcdir)/tests/run memory

.PHONY: check-kernel check-memory
.PHONY: check-programs
check-programs: $(CHECK_NEEDS)

# CHECK_GROUPS=unit: for a short make distcheck.
check-local: $(CHECK_NEEDS)
	$(CHECK_ENVIRONMENT) $(top_srcdir)/tests/run $(CHECK_GROUPS)

check-kernel: $(CHECK_NEEDS)
	$(CHECK_ENVIRONMENT) $(top_srcdir)/tests/run kernel

check-cross: $(CHECK_NEEDS)
	$(CHECK_ENVIRONMENT) $(top_srcdir)/tests/run cross

# Compiles everything and links no program, for a system whose libraries are not here.
check-objects: $(noinst_LTLIBRARIES) $(bin_opencamrc_OBJECTS) $(bin_opencamrc_simcam_OBJECTS) \
	$(src_iolib_usbip_la_OBJECTS)
.PHONY: check-cross check-objects

# The tests that have a short form, at full length.
soak: $(CHECK_NEEDS)
	$(CHECK_ENVIRONMENT) SOAK=1 bats $(SOAK_TESTS)
	$(CHECK_ENVIRONMENT) SOAK=1 TEST_TIMEOUT=3600 $(top_srcdir)/tests/run cross
SOAK_TESTS = $(top_srcdir)/tests/e2e/session.bats \
	$(top_srcdir)/tests/e2e/sweep.bats \
	$(top_srcdir)/tests/e2e/recovery.bats \
	$(top_srcdir)/tests/e2e/interval.bats \
	$(top_srcdir)/tests/e2e/interval-loss.bats \
	$(top_srcdir)/tests/e2e/ramp.bats \
	$(top_srcdir)/tests/build/options.bats \
	$(top_srcdir)/tests/build/debian.bats

# OpenWrt's own tools on our packages, where there is a tree of it: make check-feed OPENWRT_TREE=DIR
check-feed:
	$(top_srcdir)/tests/lint/feed $(OPENWRT_TREE)

.PHONY: check-feed soak
