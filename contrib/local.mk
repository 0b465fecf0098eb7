# Demo and check, and, one day, the server side's files.
EXTRA_DIST += contrib/setup.sh contrib/demo contrib/check .ci/run contrib/webcam \
	contrib/systemd/opencamrc-attach@.service contrib/systemd/opencamrc@.service \
	contrib/systemd/opencamrc@.socket \
	contrib/cron/opencamrc \
	contrib/systemd/opencamrc-interval@.service \
	contrib/systemd/opencamrc-interval@.timer

# Completions, in the folders where the shells look.
bashcompdir = $(datadir)/bash-completion/completions
zshcompdir = $(datadir)/zsh/site-functions
fishcompdir = $(datadir)/fish/vendor_completions.d
dist_bashcomp_DATA = contrib/completions/bash/opencamrc
dist_zshcomp_DATA = contrib/completions/zsh/_opencamrc
dist_fishcomp_DATA = contrib/completions/fish/opencamrc.fish

.PHONY: server-files
server-files:
	@echo "Nothing of ours runs on the box with the camera: README tells how to prepare it."
