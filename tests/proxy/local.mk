# The slow-link proxy, for tests that need a bad network.
check_PROGRAMS += tests/proxy/slow-link
tests_proxy_slow_link_SOURCES = \
	tests/proxy/messages.c tests/proxy/messages.h \
	tests/proxy/relay.c tests/proxy/relay.h \
	tests/proxy/slow-link.c
tests_proxy_slow_link_LDADD = $(WITH_USBIP)
