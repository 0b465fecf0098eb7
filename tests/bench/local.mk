# The benches: `make bench` runs them all, or one by its name: tests/bench/newest-frame.
EXTRA_DIST += tests/bench/bench.bash tests/bench/guest-bench.bash tests/bench/run $(BENCHES)
BENCHES = tests/bench/read-ahead tests/bench/newest-frame tests/bench/cost tests/bench/growth \
	tests/bench/live-view-guest tests/bench/one-shot-guest tests/bench/kernel-server-guest \
	tests/bench/webcam tests/bench/skew tests/bench/held \
	tests/bench/interval

check_PROGRAMS += tests/bench/frame-reader tests/bench/ping-pong tests/bench/usage \
	tests/bench/video-reader
tests_bench_frame_reader_SOURCES = tests/bench/frame-reader.c
tests_bench_frame_reader_LDADD = -lm
tests_bench_ping_pong_SOURCES = tests/bench/ping-pong.c
tests_bench_usage_SOURCES = tests/bench/usage.c
tests_bench_video_reader_SOURCES = tests/bench/video-reader.c

if HAVE_BACKTRACE
check_PROGRAMS += tests/bench/count-allocations.so
tests_bench_count_allocations_so_SOURCES = tests/bench/count-allocations.c
tests_bench_count_allocations_so_CFLAGS = $(AM_CFLAGS) -fPIC
tests_bench_count_allocations_so_LDFLAGS = -shared
tests_bench_count_allocations_so_LDADD = -ldl
endif

bench: $(CHECK_NEEDS)
	$(CHECK_ENVIRONMENT) $(top_srcdir)/tests/bench/run
.PHONY: bench
