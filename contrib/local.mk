# Demo and check, units and timers, and the box with the camera.
EXTRA_DIST += contrib/setup.sh contrib/demo contrib/check .ci/run contrib/webcam \
	contrib/systemd/opencamrc-attach@.service contrib/systemd/opencamrc@.service \
	contrib/systemd/opencamrc@.socket \
	contrib/cron/opencamrc \
	contrib/systemd/opencamrc-interval@.service \
	contrib/systemd/opencamrc-interval@.timer

# Recipes, to be copied.
dist_recipes_SCRIPTS = contrib/recipes/record-view contrib/recipes/restream-view contrib/recipes/serve-view \
	contrib/recipes/jpeg-of contrib/recipes/opencamrc-mqtt contrib/recipes/send-pictures contrib/recipes/timelapse
dist_recipes_DATA = contrib/recipes/README contrib/recipes/motion.conf \
	contrib/recipes/opencamrc-mqtt@.service \
	contrib/recipes/opencamrc-record-view.service \
	contrib/recipes/opencamrc-serve-view.socket \
	contrib/recipes/opencamrc-serve-view@.service
recipesdir = $(pkgdatadir)/recipes

# Completions, in the folders where the shells look.
bashcompdir = $(datadir)/bash-completion/completions
zshcompdir = $(datadir)/zsh/site-functions
fishcompdir = $(datadir)/fish/vendor_completions.d
dist_bashcomp_DATA = contrib/completions/bash/opencamrc
dist_zshcomp_DATA = contrib/completions/zsh/_opencamrc
dist_fishcomp_DATA = contrib/completions/fish/opencamrc.fish

# The box with the camera: scripts alone. contrib/server/install does the same without configure.
EXTRA_DIST += openwrt-feed \
	contrib/server/60-opencamrc-server.rules \
	contrib/server/install \
	contrib/server/modules-load.conf \
	contrib/server/opencamrc-server.conf \
	contrib/server/opencamrc-server.service \
	contrib/server/opencamrc-server-usbipd.service \
	contrib/server/opencamrc-server-watch.service \
	contrib/server/router \
	contrib/server/systemd.sh

# systemd and the scripts look in /etc, whatever the prefix, unless sysconfdir was given.
SERVER_ENVIRONMENT = prefix='$(prefix)' sbindir='$(sbindir)' datadir='$(datadir)' mandir='$(mandir)' \
	sysconfdir="`test '$(sysconfdir)' = '$(prefix)/etc' && echo /etc || echo '$(sysconfdir)'`" \
	DESTDIR='$(DESTDIR)'

.PHONY: server-files install-server uninstall-server
server-files:
	@echo "There is nothing to compile: make install-server installs the scripts."

install-server: server-files
	$(SERVER_ENVIRONMENT) $(top_srcdir)/contrib/server/install

uninstall-server:
	$(SERVER_ENVIRONMENT) $(top_srcdir)/contrib/server/install --uninstall
