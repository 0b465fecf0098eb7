# Demo and check, and, one day, the server side's files.
EXTRA_DIST += contrib/setup.sh contrib/demo contrib/check contrib/webcam .ci/run

.PHONY: server-files
server-files:
	@echo "Nothing of ours runs on the box with the camera: README tells how to prepare it."
