# Tests: tests/run runs them; here is what `make` needs to know.
EXTRA_DIST += tests/run tests/processes.bash tests/lint/source tests/lint/manual tests/e2e tests/examples tests/guest \
	tests/kernel tests/memory/run tests/valgrind.supp

CHECK_ENVIRONMENT = OPENCAMRC_BUILD='$(abs_top_builddir)'
CHECK_NEEDS = $(check_PROGRAMS) $(check_LTLIBRARIES) $(bin_PROGRAMS) $(IOLIB_IN_TREE)

check-memory: $(CHECK_NEEDS)
	$(CHECK_ENVIRONMENT) $(top_srcdir)/tests/run memory

.PHONY: check-kernel check-memory
.PHONY: check-programs
check-programs: $(CHECK_NEEDS)

check-local: $(CHECK_NEEDS)
	$(CHECK_ENVIRONMENT) $(top_srcdir)/tests/run

check-kernel: $(CHECK_NEEDS)
	$(CHECK_ENVIRONMENT) $(top_srcdir)/tests/run kernel

# The tests that have a short form, at full length.
soak: $(CHECK_NEEDS)
	$(CHECK_ENVIRONMENT) SOAK=1 bats $(SOAK_TESTS)
	$(CHECK_ENVIRONMENT) SOAK=1 $(top_srcdir)/tests/examples/run
SOAK_TESTS = $(top_srcdir)/tests/e2e/session.bats \
	$(top_srcdir)/tests/e2e/sweep.bats \
	$(top_srcdir)/tests/e2e/recovery.bats \
	$(top_srcdir)/tests/e2e/interval.bats \
	$(top_srcdir)/tests/e2e/interval-loss.bats \
	$(top_srcdir)/tests/e2e/ramp.bats

.PHONY: soak
