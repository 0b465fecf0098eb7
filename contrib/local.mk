# Demo, check, recipes and the server side's files.
.PHONY: server-files
server-files:
