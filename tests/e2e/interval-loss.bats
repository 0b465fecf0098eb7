#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# interval when something is lost or full: the link, the camera, its card, the disk. The journal adds up.

load common
load interval

# so_far FOLDER NUMBER: so many pictures are in it.
so_far() {
	[ "$(find "$1" -name '*.JPG' | wc -l)" -ge "$2" ]
}

@test "pictures that cannot be written stay on the card, and the slots go on" {
	local taken here
	mkdir there
	ln -s there out
	: > nothing
	in_background run "$opencamrc" interval --every "$period" -n 1000 --journal interval.jsonl -o 'out/%n.%C' "${tiny[@]}"
	wait_until 60 so_far there 1
	# A file where the folder was, at one blow: whatever the user may do, nothing can be written there.
	ln -s nothing other
	mv -T other out
	wait_until 60 grep -q 'stay on the card' run.err
	taken=$(grep -c '"event":"shot"' interval.jsonl)
	wait_until 60 shots $((taken + 4))
	same_text 1 "$(grep -c 'stay on the card' run.err)"
	here=$(find there -name '*.JPG' | wc -l)
	ln -s there other
	mv -T other out
	wait_until 60 so_far there $((here + 1))
	wait_until 60 grep -q 'can be written again' run.err
	end_run --journal interval.jsonl -o 'out/%n.%C'
	report interval.jsonl '.files == .taken'
}

@test "what cannot be written at the end is named, and had by the next run" {
	: > out
	in_background run "$opencamrc" interval --every 2s --late 1.9s -n 2 --journal interval.jsonl -o 'out/%n.%C' "${tiny[@]}"
	background_status
	same_text 6 "$status"
	grep -q 'stays on the camera' run.err
	tells interval.jsonl 'last | .event == "end" and (.why | test("cannot") | not)'
	rm out
	"$opencamrc" interval --every 2s --late 1.9s -n 2 --journal interval.jsonl -o 'out/%n.%C' --resume -q "${tiny[@]}" || [ $? -eq 6 ]
	report interval.jsonl '.taken >= 1 and .files == .taken'
}

# taken_behind JOURNAL PATTERN N: so many pictures, behind a line like that.
taken_behind() {
	[ -e "$1" ] && [ "$(sed -n "/$2/,\$p" "$1" | grep -c '"event":"shot"')" -ge "$3" ]
}

# tells JOURNAL FILTER: jq's filter holds for its lines.
tells() {
	jq -Res '[split("\n")[] | fromjson?] | '"$2" "$1" > /dev/null || {
		cat "$1" >&2
		return 1
	}
}

@test "a disk that is full is waited for, and its slots are told of" {
	cat > inside <<- END
		mkdir full && mount -t tmpfs -o size=1m none full || exit 77
		head -c 900k /dev/zero > full/ballast
		taken() { grep -c '"event":"shot"' full/interval.jsonl; }
		"$opencamrc" interval --every "$period" -o 'full/%n.%C' --set "$small_set" &
		said() { n=0; until grep -q "\$1" err || [ \$n -gt 1200 ]; do n=\$((n + 1)); sleep 0.1; done; }
		# Pictures that do not fit leave room for many lines of the journal.
		said 'No space left'
		cat /dev/zero > full/more 2> /dev/null
		said 'disk is full'
		sleep 2
		rm full/ballast full/more
		mount -o remount,size=100m full
		before=\$(taken)
		n=0
		until [ \$(taken) -ge \$((before + 2)) ] || [ \$n -gt 1200 ]; do n=\$((n + 1)); sleep 0.1; done
		kill -INT \$!
		wait \$!
		echo \$? > code
		# What was put off, and the picture that was on its way.
		"$opencamrc" interval --every "$period" --for 100ms --resume -q -o 'full/%n.%C' --set "$small_set"
		echo \$? > code-of-rest
		cp -r full copy
	END
	unshare -rm sh ./inside > out 2> err || skip "no user namespace"
	cat err
	grep -q 'waiting for room' err
	same_text 130 "$(cat code)"
	[ "$(cat code-of-rest)" -eq 6 ] || [ "$(cat code-of-rest)" -eq 0 ]
	# The line that met the full disk is one that was begun, and is there again.
	report copy/interval.jsonl '.taken >= 2 and .files == .taken and .ended != false'
	sound copy/interval.jsonl "$(jq .slots report.json)" 1
}

@test "a camera that is off for a while, and a link that is cut: the slots meanwhile are named" {
	in_background run "$opencamrc" interval --every "$period" "${tiny[@]}"
	wait_until 60 shots 4
	hand off
	wait_until 60 grep -q '"event":"recovery"' interval.jsonl
	hand on
	wait_until 60 taken_behind interval.jsonl '"event":"recovery"' 4
	end_run
	report interval.jsonl '.recoveries >= 1 and .lost > 0 and .taken >= 8'
	sound interval.jsonl "$(jq .slots report.json)"
	start_slow_link "$sim_address" --cut-after 1200000
	in_background cut "$opencamrc" -r "$link_address" interval --every "$period" -q -o 'cut/%n.%C' "${tiny[@]}"
	wait_until 60 taken_behind cut/interval.jsonl '"event":"recovery"' 4
	OPENCAMRC_REMOTE=$link_address end_run -o 'cut/%n.%C'
	report cut/interval.jsonl '.recoveries >= 1 and .taken >= 4'
	sound cut/interval.jsonl "$(jq .slots report.json)"
	(cd "$dcim" && sha256sum ./*.JPG) | cut -d ' ' -f 1 | sort > there
	find . -name '[t0-9]*.JPG' -not -path './card/*' -exec sha256sum {} + | cut -d ' ' -f 1 | sort > here
	diff there here
}

# fetched NUMBER: so many pictures are here.
fetched() {
	[ "$(compgen -G 'tl-*.JPG' | wc -l)" -ge "$1" ]
}

@test "a download that stands still for once puts off no other" {
	start_slow_link "$sim_address" --rate 8000000
	in_background run "$opencamrc" -r "$link_address" interval --every 2s --late 1.9s "${tiny[@]}"
	wait_until 60 fetched 2
	wait_until 60 writing tl-
	kill -USR2 "$link_pid"
	sleep 3
	kill -USR2 "$link_pid"
	wait_until 30 fetched $(($(compgen -G 'tl-*.JPG' | wc -l) + 4))
	stop_run
}

# It is found out when the next picture is made ready, before the shutter could be released.
@test "a camera that is off and on again between two slots: the slots after that are taken" {
	local start=$SECONDS
	in_background run "$opencamrc" interval --every 2s --late 1.9s -n 9 "${tiny[@]}"
	wait_until 30 grep -q '"event":"begin".*"slot":2,' interval.jsonl
	hand off
	sleep 0.3
	hand on
	background_status
	same_text 6 "$status"
	[ $((SECONDS - start)) -le 60 ]
	sound interval.jsonl 9
	report interval.jsonl '.recoveries >= 1 and .taken >= 4'
}

@test "a card that is full: the host's disk, the oldest deleted, or the end" {
	stop_all
	start_simcam --speed 100 --card "$BATS_TEST_TMPDIR/small" --card-size "$small_card"
	export OPENCAMRC_REMOTE=$sim_address
	in_background host "$opencamrc" interval --every "$period" -q -o 'host/%n.%C' "${tiny[@]}"
	if has memory; then
		wait_until 60 taken_behind host/interval.jsonl '"note".*the card is full' 4
	else
		# There is nowhere else: each slot says why it has no picture.
		wait_until 60 grep -q '"failed".*no space left' host/interval.jsonl
	fi
	end_run -o 'host/%n.%C'
	report host/interval.jsonl '.failed >= 1'
	sound host/interval.jsonl "$(jq .slots report.json)"
	if has memory; then
		tells host/interval.jsonl 'any(.[]; .event == "failed" and .why == "the card is full")'
		tells host/interval.jsonl '[.[] | select(.event == "note" and (.why | test("card is full")))] | length == 1'
	fi
	"$opencamrc" interval --every "$period" -n 24 --on-full stop -q -o 'stop/%n.%C' "${tiny[@]}" || [ $? -eq 6 ]
	report stop/interval.jsonl '.end == "the card is full" and .failed >= 1 and .repeated == 0'
	start_simcam --speed 100 --card "$BATS_TEST_TMPDIR/oldest-card" --card-size "$small_card"
	export OPENCAMRC_REMOTE=$sim_address
	in_background oldest "$opencamrc" interval --every "$period" --on-full oldest -q -o 'oldest/%n.%C' "${tiny[@]}"
	wait_until 60 taken_behind oldest/interval.jsonl '"note".*files that are here were deleted' 12
	end_run --on-full oldest -o 'oldest/%n.%C'
	report oldest/interval.jsonl '.taken >= 12 and .files == .taken'
	sound oldest/interval.jsonl "$(jq .slots report.json)"
	one_slot_each oldest/interval.jsonl
}

# one_slot_each JOURNAL: each time that the card was full one slot was lost, then there was room.
one_slot_each() {
	tells "$1" '([.[] | select(.event == "failed" and .why == "the card is full")] | length) as $full |
		$full >= 1 and $full == ([.[] | select(.event == "note" and (.why | test("were deleted there")))] | length)'
}

# full_but_for SHOTS: a card, new, with room for about so many pictures; its camera is asked from here on.
full_but_for() {
	stop_all
	start_simcam --speed 100 --card "$BATS_TEST_TMPDIR/filled-card" --card-size "$small_card"
	export OPENCAMRC_REMOTE=$sim_address
	"$opencamrc" capture --card -n $((17 - $1)) -q "${tiny[@]}"
}

# The copy of the oldest is read before that is deleted: a pipe in its place holds the run there.
@test "a camera that is off when the oldest are to be deleted: they are once it is back" {
	local first there
	full_but_for 6
	in_background oldest "$opencamrc" interval --every "$period" --on-full oldest -q -o 'oldest/%n.%C' "${tiny[@]}"
	# The run has done with it once it is in the journal.
	wait_until 60 grep -q '"path":"' oldest/interval.jsonl
	first=oldest/$(jq -r 'select(.files) | .files[].path | values' oldest/interval.jsonl | head -n 1)
	mv "$first" whole
	mkfifo "$first"
	wait_until 60 grep -q '"failed".*the card is full' oldest/interval.jsonl
	# Once it is read.
	timeout 60 bash -c '{ echo off > "$2" && cat whole; } > "$1"' read "$first" "$sim_hand"
	mv whole "$first"
	wait_until 60 grep -q '"event":"recovery"' oldest/interval.jsonl
	there=$(jq -r --arg path "${first##*/}" 'select(.files) | .files[] | select(.path == $path) | .camera' oldest/interval.jsonl)
	hand on
	# It is not passed over.
	wait_until 60 test ! -e "$BATS_TEST_TMPDIR/filled-card/$card_below/${there##*/}"
	wait_until 60 taken_behind oldest/interval.jsonl '"note".*files that are here were deleted' 1
	end_run --on-full oldest -o 'oldest/%n.%C'
	report oldest/interval.jsonl '.recoveries >= 1'
	sound oldest/interval.jsonl "$(jq .slots report.json)"
}

# here NUMBER: so many pictures are.
here() {
	[ "$(find oldest -name '*.JPG' | wc -l)" -ge "$1" ]
}

# on_card NUMBER: what the card has of slot NUMBER's picture.
on_card() {
	jq -r --arg path "$1.JPG" 'select(.files) | .files[] | select(.path == $path) | .camera' oldest/interval.jsonl |
		sed "s|.*/|$BATS_TEST_TMPDIR/filled-card/$card_below/|"
}

@test "a run that goes on deletes the oldest of the runs before, and nothing else" {
	local own mine
	full_but_for 8
	in_background oldest "$opencamrc" interval --every "$period" --on-full oldest -q -o 'oldest/%n.%C' "${tiny[@]}"
	wait_until 60 here 2
	stop_run
	# On a machine that is busy it may have deleted some already.
	mapfile -t mine < <(find oldest -name '*.JPG' | sort | while read -r name; do
		[ ! -s "$(on_card "$(basename "$name" .JPG)")" ] || echo "$name"
	done)
	# One of its names is another picture's by now.
	own=$(on_card "$(basename "${mine[0]}" .JPG)")
	[ -s "$own" ]
	echo more >> "$own"
	kill "$sim_pid"
	start_simcam --speed 100 --card "$BATS_TEST_TMPDIR/filled-card" --card-size "$small_card"
	in_background oldest "$opencamrc" -r "$sim_address" interval --every "$period" --on-full oldest \
		--resume -q -o 'oldest/%n.%C' "${tiny[@]}"
	wait_until 60 test ! -e "$(on_card "$(basename "${mine[1]}" .JPG)")"
	stop_run
	[ -e "$own" ]
}

@test "a card that is full of what is not here yet: the oldest are fetched, then deleted" {
	stop_all
	start_simcam --speed 100 --card "$BATS_TEST_TMPDIR/behind-card" --card-size "$small_card"
	export OPENCAMRC_REMOTE=$sim_address
	in_background behind "$opencamrc" interval --every "$period" --download end --on-full oldest -q \
		-o 'behind/%n.%C' "${tiny[@]}"
	wait_until 60 taken_behind behind/interval.jsonl '"note".*files that are here were deleted' 4
	end_run --download end --on-full oldest -o 'behind/%n.%C'
	report behind/interval.jsonl '.taken >= 4 and .files == .taken'
	sound behind/interval.jsonl "$(jq .slots report.json)"
	one_slot_each behind/interval.jsonl
}

# day_has EVENT N: so many of them, in the journal that is being written.
day_has() {
	[ -e day/interval.jsonl ] && [ "$(grep -c "\"event\":\"$1\"" day/interval.jsonl)" -ge "$2" ]
}

# A thousand times as fast: a slot every 1.2 s, and so often that the camera sleeps for half an hour.
@test "a day: a window, a card that fills up, a camera that falls asleep twice, and the journal adds up" {
	stop_all
	start_simcam --speed 100 --card "$BATS_TEST_TMPDIR/small" --card-size "$small_card"
	# Ten more will fill it, where a machine that is busy misses slots as well.
	"$opencamrc" -r "$sim_address" capture --card -n 7 "${tiny[@]}" > there
	# Its first slot is two hours away: seven seconds to open the camera in.
	TZ=UTC OPENCAMRC_TIMEPIECE=fast:1000:2026-06-01T04:00:00Z "$opencamrc" -r "$sim_address" interval \
		--every 20m --align 20m --between 06:00-20:00 --until 2026-06-02T00:00:00Z --on-full oldest \
		-q -o 'day/%n.%C' "${tiny[@]}" > out 2> err 3>&- &
	local day=$! slots=42 asleep=0
	started+=("$day")
	for taken in 4 10; do
		wait_until 60 day_has shot "$taken"
		asleep=$(grep -c '"event":"recovery"' day/interval.jsonl) || true
		hand off
		wait_until 60 day_has recovery $((asleep + 1))
		# Half an hour and more of that day; what is missed is told when it is over.
		sleep 2
		hand on
	done
	wait "$day" || [ $? -eq 6 ]
	sound day/interval.jsonl "$slots"
	report day/interval.jsonl '.taken >= 12 and .files == .taken and .recoveries >= 2'
	# Every slot that has no picture has its reason.
	jq -es 'all(.[] | select(.event == "missed" or .event == "failed"); (.why | length) > 0)' day/interval.jsonl
	jq -es 'any(.[]; .event == "note" and (.why | test("^the card is full: files that are here")))' day/interval.jsonl
	jq -es '[.[] | select(.event == "plan" or .event == "end")] | length == 2' day/interval.jsonl
	jq -r 'select(.slot != null and .planned) | (.planned, .planned_last // empty)[11:16]' day/interval.jsonl |
		sort -u > times
	same_text 06:00 "$(head -n 1 times)"
	same_text 19:40 "$(tail -n 1 times)"
}

@test "a camera that fails to tell of its card is not taken for one without" {
	local number
	kill "$sim_pid"
	start_simcam --speed 100 --debug
	"$opencamrc" -r "$sim_address" interval --once -q -o first/ "${tiny[@]}"
	# GetStorageIDs, Canon's or the standard's: the last one before the first picture.
	number=$(sed -n "/ptp: ${before_release#0x} /q; s/.*ptp: \\(9101\\|1004\\) #\\([0-9]*\\) (.*/\\2/p" "$sim_log" | tail -n 1)
	[ -n "$number" ]
	kill "$sim_pid"
	# Busy for 3 s: it is asked again.
	start_simcam --speed 100 --fault "busy@$((number + 1))"
	"$opencamrc" -r "$sim_address" interval --once -q -o busy/ "${tiny[@]}"
	grep 'fault: busy' "$sim_log"
	tells busy/interval.jsonl '[.[].files[]? | .kept] == [true]'
	kill "$sim_pid"
	start_simcam --speed 100 --fault "stall@$((number + 1))"
	run_error 5 'cannot ask the camera for its cards' \
		"$opencamrc" -r "$sim_address" interval --once -q -o stall/ "${tiny[@]}"
	# A run that may go on has the patience for it.
	kill "$sim_pid"
	start_simcam --speed 100 --fault "stall@$((number + 1))"
	"$opencamrc" -r "$sim_address" interval --every 1s -n 1 --resume -o patient/ "${tiny[@]}" 2> said
	grep -q 'the camera is back' said
	tells patient/interval.jsonl '[.[].files[]? | .kept] == [true]'
}
