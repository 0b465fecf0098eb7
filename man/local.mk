# Manual pages: one for the command, one a subcommand, one for the port driver.
dist_man_MANS += man/opencamrc.1 man/opencamrc-usbip.7
