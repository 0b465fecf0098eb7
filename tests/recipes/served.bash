# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# contrib/recipes/serve-view on a port of loopback, as its --help has it.

# serve [OPTION OF http…]: sets url and server.
serve() {
	# A colon has a meaning to socat.
	local words="${*:+ $*}"
	socat -d -d "TCP-LISTEN:0,bind=127.0.0.1,reuseaddr,fork,max-children=32,sndbuf=131072" \
		"EXEC:$recipes/serve-view${words//:/\\:},nofork" > served.log 2>&1 3>&- &
	server=$!
	started+=("$server")
	wait_until 10 grep -q 'listening on AF=2' served.log
	url=http://127.0.0.1:$(sed -nE 's/.*listening on AF=2 [^:]*:([0-9]+)$/\1/p;T;q' served.log)
}

# Those who are answered, too: while a camera is away nobody there notices that nobody listens.
end_serving() {
	local answering
	[ -n "${server:-}" ] || return 0
	mapfile -t answering < <(pgrep -P "$server")
	[ ${#answering[@]} -eq 0 ] || {
		pkill -KILL -P "$(IFS=, && echo "${answering[*]}")" || true
		kill -KILL "${answering[@]}" 2> /dev/null || true
	}
}
