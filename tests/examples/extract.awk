# SPDX-License-Identifier: GPL-2.0-or-later
# The examples of README (indented lines), of manual pages (what .Dl and .Bd show in EXAMPLES) and of crontabs:
# FILE, LINE, BLOCK, TEXT, with \037 between them and \036 behind each. A block is what stands together.

function flush_example() {
	if (text != "")
		printf "%s\037%d\037%d\037%s\036", FILENAME, line, block, text
	text = ""
}

function add(more) {
	if (text == "")
		line = FNR
	text = text == "" ? more : text "\n" more
}

function plain(roff) {
	gsub(/\\e/, "\\", roff)
	gsub(/\\-/, "-", roff)
	gsub(/\\\(dq/, "\"", roff)
	return roff
}

FNR == 1 {
	flush_example()
	page = FILENAME ~ /\.[1-8]$/
	crontab = FILENAME ~ /cron\//
	inside = literal = 0
}

crontab && !/^(#|$)/ {
	block++
	add($0)
	flush_example()
}

crontab { next }

!page && /^    / {
	if (!inside)
		block++
	inside = 1
	add(substr($0, 5))
	if ($0 !~ /\\$/)
		flush_example()
	next
}

!page { inside = 0 }

page && /^\.Sh / { examples = $2 == "EXAMPLES" }
page && !examples { next }
page && literal && /^\.Ed/ { flush_example(); literal = 0; next }
# With a prompt before what is typed, the rest is what it answers.
page && literal && /^\$ / { transcript = 1; add(plain(substr($0, 3))); flush_example(); next }
page && literal && transcript { next }
page && literal { add(plain($0)); next }
page && /^\.Bd -literal/ { block++; literal = 1; transcript = 0; next }
page && /^\.Dl / {
	if (!inside)
		block++
	inside = 1
	add(plain(substr($0, 5)))
	flush_example()
	next
}
page { inside = 0 }

END { flush_example() }
