# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# A real browser, Chromium without a screen, driven through chromedriver's HTTP interface by curl.

# The window shows just one frame of the simulated camera, pixel by pixel, so that its counter can be read.
start_browser() {
	local options
	command -v chromedriver > /dev/null || skip 'chromedriver is not installed'
	mkdir -p "$BATS_TEST_TMPDIR/browser"
	chromedriver --port=0 > driver.log 2>&1 3>&- &
	started+=($!)
	wait_until 60 grep -q 'on port [1-9]' driver.log
	driver=http://127.0.0.1:$(sed -nE 's/.*on port ([1-9][0-9]*).*/\1/p;T;q' driver.log)
	options='{"args": ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic",
		"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--disable-extensions", "--no-proxy-server", "--autoplay-policy=no-user-gesture-required",
		"--user-data-dir='$BATS_TEST_TMPDIR/browser'"]}'
	session=$(curl -sS --max-time 120 "$driver/session" -d '{"capabilities": {"alwaysMatch":
		{"pageLoadStrategy": "none", "goog:chromeOptions": '"$options"'}}}' | tee session.json |
		jq -r .value.sessionId)
	[ -n "$session" ] || {
		cat session.json driver.log >&2
		return 1
	}
	ask goog/cdp/execute '{"cmd": "Emulation.setDeviceMetricsOverride", "params": {"width": 1056, "height": 704,
		"deviceScaleFactor": 1, "mobile": false}}' > /dev/null
}

# ask WHAT [JSON]: of the browser; prints the value that it answers.
ask() {
	curl -sS --max-time 60 "$driver/session/$session/$1" ${2:+-d "$2"} | jq -r .value
}

# visit URL
visit() {
	ask url "{\"url\": \"$1\"}" > /dev/null
}

# evaluate JAVASCRIPT: prints what it returns.
evaluate() {
	ask execute/sync "$(jq -n --arg script "$1" '{script: $script, args: []}')"
}

# screenshot FILE.jpg: what is in the window.
screenshot() {
	ask screenshot | base64 -d > "${1%.jpg}.png"
	ffmpeg -v error -y -i "${1%.jpg}.png" -q:v 2 "$1"
}

# The counter of the frame that the window shows; nothing where it shows none.
counter_shown() {
	screenshot shown.jpg
	"$frame_counter" shown.jpg | grep -xE '[0-9]+'
}

end_browser() {
	[ -z "${session:-}" ] || curl -sS --max-time 20 -X DELETE "$driver/session/$session" > /dev/null || true
	session=
}
