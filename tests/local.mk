# Tests: tests/run runs them; here is what `make` needs to know.
EXTRA_DIST += tests/run tests/bodies tests/processes.bash tests/lint/source tests/lint/manual tests/lint/feed \
	tests/build tests/e2e tests/recipes tests/examples tests/server tests/guest tests/kernel tests/cross tests/foreign tests/memory \
	tests/sanitized tests/valgrind.supp

CHECK_ENVIRONMENT = OPENCAMRC_BUILD='$(abs_top_builddir)'
CHECK_NEEDS = $(check_PROGRAMS) $(check_LIBRARIES) $(bin_PROGRAMS) $(IOLIB_IN_TREE)

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
check-objects: $(noinst_LIBRARIES) $(bin_opencamrc_OBJECTS) $(bin_opencamrc_simcam_OBJECTS) \
	$(src_iolib_usbip_so_OBJECTS)
.PHONY: check-cross check-objects check-sanitized

# A build of its own with the address and undefined-behaviour sanitizers, below this one.
check-sanitized:
	$(CHECK_ENVIRONMENT) $(top_srcdir)/tests/sanitized/run

if INJECT
check_PROGRAMS += tests/tools/inject.so
tests_tools_inject_so_SOURCES = tests/tools/inject.c
tests_tools_inject_so_CFLAGS = $(AM_CFLAGS) -fPIC -fno-builtin
tests_tools_inject_so_LDFLAGS = -shared
tests_tools_inject_so_LDADD = -ldl
endif

# A camera driver that has been taken over, for the sandbox to hold.
check_PROGRAMS += tests/tools/hostile-driver.so
tests_tools_hostile_driver_so_SOURCES = tests/tools/hostile-driver.c
tests_tools_hostile_driver_so_CFLAGS = $(AM_CFLAGS) -fPIC $(GPHOTO2_CFLAGS) $(GPHOTO2_PORT_CFLAGS)
tests_tools_hostile_driver_so_LDFLAGS = -shared
tests_tools_hostile_driver_so_LDADD = $(WITH_ERRAND)

# The tests that have a short form, at full length.
soak: $(CHECK_NEEDS)
	$(CHECK_ENVIRONMENT) SOAK=1 bats $(SOAK_TESTS)
	$(CHECK_ENVIRONMENT) SOAK=1 TEST_TIMEOUT=3600 $(top_srcdir)/tests/run cross bodies kernel
	! command -v clang > /dev/null || $(CHECK_ENVIRONMENT) RUNS=$${RUNS:-1000000} $(top_srcdir)/tests/fuzz/campaign
	$(CHECK_ENVIRONMENT) SOAK=1 $(top_srcdir)/tests/examples/run
	$(CHECK_ENVIRONMENT) $(top_srcdir)/tests/memory/e2e $(MEMORY_TESTS)
SOAK_TESTS = $(top_srcdir)/tests/e2e/session.bats \
	$(top_srcdir)/tests/e2e/sweep.bats \
	$(top_srcdir)/tests/e2e/recovery.bats \
	$(top_srcdir)/tests/e2e/interval.bats \
	$(top_srcdir)/tests/e2e/interval-loss.bats \
	$(top_srcdir)/tests/e2e/ramp.bats \
	$(top_srcdir)/tests/e2e/inject.bats \
	$(top_srcdir)/tests/e2e/inject-several.bats \
	$(top_srcdir)/tests/e2e/sandbox.bats \
	$(top_srcdir)/tests/build/options.bats \
	$(top_srcdir)/tests/build/debian.bats \
	$(top_srcdir)/tests/build/setup.bats

# Under valgrind: what most of the code is behind, in some minutes.
MEMORY_TESTS = $(top_srcdir)/tests/e2e/config.bats \
	$(top_srcdir)/tests/e2e/capture.bats \
	$(top_srcdir)/tests/e2e/errors.bats \
	$(top_srcdir)/tests/e2e/session-caller.bats

# OpenWrt's own tools on our packages, where there is a tree of it: make check-feed OPENWRT_TREE=DIR
check-feed:
	$(top_srcdir)/tests/lint/feed $(OPENWRT_TREE)

.PHONY: check-feed soak
