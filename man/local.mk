# Manual pages: the command, a page a subcommand, the port driver, security, file formats, the simulated
# camera; the server's, which is installed with the server.
dist_man_MANS += man/opencamrc.1 man/opencamrc-usbip.7 man/opencamrc-security.7 man/opencamrc-formats.5 \
	man/opencamrc-attach.1 man/opencamrc-detach.1 man/opencamrc-ports.1 \
	man/opencamrc-capture.1 man/opencamrc-close.1 man/opencamrc-config.1 man/opencamrc-doctor.1 man/opencamrc-env.1 \
	man/opencamrc-interval.1 \
	man/opencamrc-files.1 man/opencamrc-focus.1 man/opencamrc-info.1 man/opencamrc-list.1 \
	man/opencamrc-liveview.1 man/opencamrc-open.1 man/opencamrc-shell.1 \
	man/opencamrc-tether.1 man/opencamrc-wait.1
EXTRA_DIST += man/opencamrc-server.8 man/opencamrc-simcam.1
if HAVE_SIMCAM
man_MANS = man/opencamrc-simcam.1
endif
