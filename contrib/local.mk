# Demo and check, and, one day, the server side's files.
EXTRA_DIST += contrib/setup.sh contrib/demo contrib/check .ci/run

.PHONY: server-files
server-files:
