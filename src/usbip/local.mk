# USB/IP, both ends; nothing about cameras.
noinst_LIBRARIES += src/usbip/libusbip.a
src_usbip_libusbip_a_SOURCES = \
	src/usbip/address.c src/usbip/address.h \
	src/usbip/client.c src/usbip/client.h \
	src/usbip/codec.c src/usbip/codec.h \
	src/usbip/config.c src/usbip/config.h \
	src/usbip/import.c src/usbip/import.h \
	src/usbip/link.c src/usbip/link.h \
	src/usbip/ops.c src/usbip/ops.h \
	src/usbip/resolve.c src/usbip/resolve.h \
	src/usbip/ssh.c src/usbip/ssh.h \
	src/usbip/ssh-command.c src/usbip/ssh-command.h \
	src/usbip/stream.c \
	src/usbip/sysfs.c src/usbip/sysfs.h \
	src/usbip/tcp.c src/usbip/tcp.h \
	src/usbip/urbs.c src/usbip/urbs.h \
	src/usbip/vhci.h
if HAVE_ATTACH
src_usbip_libusbip_a_SOURCES += \
	src/usbip/vhci.c src/usbip/vhci-internal.h \
	src/usbip/vhci-attach.c \
	src/usbip/vhci-load.c \
	src/usbip/vhci-record.c
else
src_usbip_libusbip_a_SOURCES += src/usbip/vhci-none.c
endif
src_usbip_libusbip_a_CFLAGS = $(STRICT_CFLAGS) -pthread -fPIC
WITH_USBIP = src/usbip/libusbip.a $(WITH_BASE)

# The server.
usbip_server_sources = \
	src/usbip/server-connection.c \
	src/usbip/server-internal.h \
	src/usbip/server.c src/usbip/server.h
src_usbip_libusbip_a_SOURCES += $(usbip_server_sources)

# Discovery, which the port driver does without: nothing is sent unasked.
noinst_LIBRARIES += src/usbip/libdiscover.a
src_usbip_libdiscover_a_SOURCES = \
	src/usbip/discover.h \
	src/usbip/heard.c src/usbip/heard.h
if HAVE_MDNS
src_usbip_libdiscover_a_SOURCES += src/usbip/discover.c
else
src_usbip_libdiscover_a_SOURCES += src/usbip/discover-none.c
endif
src_usbip_libdiscover_a_CFLAGS = $(STRICT_CFLAGS) $(AVAHI_CFLAGS) -DAVAHI_VERSION='"$(AVAHI_VERSION)"'
WITH_DISCOVER = src/usbip/libdiscover.a $(WITH_USBIP) $(AVAHI_LIBS)

check_PROGRAMS += tests/tools/announcer
tests_tools_announcer_SOURCES = tests/tools/announcer.c
tests_tools_announcer_LDADD = -lresolv

# The client's tests.
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test-client tests/unit/test-open tests/unit/test-faults \
	tests/unit/test-address tests/unit/test-codec
tests_unit_test_client_SOURCES = tests/unit/test-client.c tests/unit/peer.c tests/unit/peer.h
tests_unit_test_client_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -pthread
tests_unit_test_client_LDADD = $(WITH_USBIP) $(CMOCKA_LIBS)
tests_unit_test_open_SOURCES = tests/unit/test-open.c tests/unit/peer.c tests/unit/peer.h
tests_unit_test_open_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -pthread
tests_unit_test_open_LDADD = $(WITH_USBIP) $(CMOCKA_LIBS)
tests_unit_test_faults_SOURCES = tests/unit/test-faults.c
tests_unit_test_faults_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_faults_LDADD = $(WITH_USBIP) $(CMOCKA_LIBS)
tests_unit_test_address_SOURCES = tests/unit/test-address.c
tests_unit_test_address_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_address_LDADD = $(WITH_USBIP) $(CMOCKA_LIBS)
tests_unit_test_codec_SOURCES = tests/unit/test-codec.c
tests_unit_test_codec_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_codec_LDADD = $(WITH_USBIP) $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test-server
tests_unit_test_server_SOURCES = tests/unit/test-server.c
tests_unit_test_server_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_server_LDADD = $(WITH_USBIP) $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test-discover tests/unit/test-link tests/unit/test-ssh
tests_unit_test_discover_SOURCES = tests/unit/test-discover.c src/usbip/heard.c src/usbip/discover-none.c
tests_unit_test_discover_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_discover_LDADD = $(WITH_USBIP) $(CMOCKA_LIBS)
tests_unit_test_ssh_SOURCES = tests/unit/test-ssh.c
tests_unit_test_ssh_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_ssh_LDADD = $(WITH_USBIP) $(CMOCKA_LIBS)
tests_unit_test_link_SOURCES = tests/unit/test-link.c
tests_unit_test_link_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_link_LDADD = $(WITH_USBIP) $(CMOCKA_LIBS)
if HAVE_ATTACH
check_PROGRAMS += tests/unit/test-vhci
tests_unit_test_vhci_SOURCES = tests/unit/test-vhci.c
tests_unit_test_vhci_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -pthread
tests_unit_test_vhci_LDADD = $(WITH_USBIP) $(CMOCKA_LIBS)
endif
endif
