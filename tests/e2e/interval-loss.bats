#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# interval when something is lost or full: the link, the camera, its card, the disk. The journal adds up.

load common
load interval

@test "a disk that is full is waited for, and its slots are told of" {
	cat > inside <<- END
		mkdir full && mount -t tmpfs -o size=1m none full || exit 77
		head -c 900k /dev/zero > full/ballast
		"$opencamrc" interval --every "$period" -n 16 -o 'full/%n.%C' --set "$small_set" &
		n=0
		until grep -q 'disk is full' err || [ \$n -gt 300 ]; do n=\$((n + 1)); sleep 0.1; done
		sleep 2
		rm full/ballast
		mount -o remount,size=100m full
		wait \$!
		echo \$? > code
		cp -r full copy
	END
	unshare -rm sh ./inside > out 2> err || skip "no user namespace"
	cat err
	grep -q 'waiting for room' err
	[ "$(cat code)" -eq 6 ] || [ "$(cat code)" -eq 0 ]
	rm -f copy/ballast
	# The line that met the full disk is one that was begun, and is there again.
	sound copy/interval.jsonl 16 1
	report copy/interval.jsonl '.taken >= 4 and .files == .taken and .ended != false'
}

@test "a camera that is off for a while, and a link that is cut: the slots meanwhile are named" {
	in_background run "$opencamrc" interval --every "$period" -n 24 "${tiny[@]}"
	wait_until 30 shots 4
	hand off
	wait_until 30 grep -q '"event":"recovery"' interval.jsonl
	hand on
	background_status
	[ "$status" -eq 0 ] || [ "$status" -eq 6 ]
	sound interval.jsonl 24
	report interval.jsonl '.recoveries >= 1 and .lost > 0 and .taken >= 8'
	start_slow_link "$sim_address" --cut-after 1200000
	"$opencamrc" -r "$link_address" interval --every "$period" -n 24 -q -o 'cut/%n.%C' "${tiny[@]}" || [ $? -eq 6 ]
	sound cut/interval.jsonl 24
	report cut/interval.jsonl '.recoveries >= 1 and .taken >= 8'
	(cd "$dcim" && sha256sum ./*.JPG) | cut -d ' ' -f 1 | sort > there
	find . -name '[t0-9]*.JPG' -not -path './card/*' -exec sha256sum {} + | cut -d ' ' -f 1 | sort > here
	diff there here
}

# It is found out when the next picture is made ready, before the shutter could be released.
@test "a camera that is off and on again between two slots: the slots after that are taken" {
	local start=$SECONDS
	in_background run "$opencamrc" interval --every 2s -n 9 "${tiny[@]}"
	wait_until 30 grep -q '"event":"begin".*"slot":2,' interval.jsonl
	hand off
	sleep 0.3
	hand on
	background_status
	same_text 6 "$status"
	[ $((SECONDS - start)) -le 30 ]
	sound interval.jsonl 9
	report interval.jsonl '.recoveries >= 1 and .taken >= 6'
}

@test "a card that is full: the host's disk, the oldest deleted, or the end" {
	stop_all
	start_simcam --speed 100 --card "$BATS_TEST_TMPDIR/small" --card-size "$small_card"
	export OPENCAMRC_REMOTE=$sim_address
	"$opencamrc" interval --every "$period" -n 24 -q -o 'host/%n.%C' "${tiny[@]}" || [ $? -eq 6 ]
	sound host/interval.jsonl 24
	if has memory; then
		report host/interval.jsonl '.taken >= 20 and .gaps[-1].why == "the card is full"'
	else
		# There is nowhere else: each slot says why it has no picture.
		report host/interval.jsonl '.taken >= 20 and .failed >= 1 and (.gaps[-1].why | test("no space left"))'
	fi
	! has memory || jq -es '[.[] | select(.event == "note" and (.why | test("card is full")))] | length == 1' \
		host/interval.jsonl
	"$opencamrc" interval --every "$period" -n 24 --on-full stop -q -o 'stop/%n.%C' "${tiny[@]}" || [ $? -eq 6 ]
	report stop/interval.jsonl '.end == "the card is full" and .failed == 1 and .repeated == 0'
	start_simcam --speed 100 --card "$BATS_TEST_TMPDIR/oldest-card" --card-size "$small_card"
	"$opencamrc" -r "$sim_address" interval --every "$period" -n 34 --on-full oldest -q -o 'oldest/%n.%C' \
		"${tiny[@]}" || [ $? -eq 6 ]
	sound oldest/interval.jsonl 34
	# The driver takes 0.3 s to delete a file of a plain camera.
	report oldest/interval.jsonl ".taken >= $taken_of_34 and .files == .taken"
}

@test "a card that is full of what is not here yet: the oldest are fetched, then deleted" {
	stop_all
	start_simcam --speed 100 --card "$BATS_TEST_TMPDIR/behind-card" --card-size "$small_card"
	"$opencamrc" -r "$sim_address" interval --every "$period" -n 30 --download end --on-full oldest -q \
		-o 'behind/%n.%C' "${tiny[@]}" || [ $? -eq 6 ]
	sound behind/interval.jsonl 30
	report behind/interval.jsonl '.taken > 20 and .files == .taken'
}

# day_has EVENT N: so many of them, in the journal that is being written.
day_has() {
	[ -e day/interval.jsonl ] && [ "$(grep -c "\"event\":\"$1\"" day/interval.jsonl)" -ge "$2" ]
}

# A thousand times as fast: a slot every 1.2 s, and so often that the camera sleeps for half an hour.
@test "a day: a window, a card that fills up, a camera that falls asleep twice, and the journal adds up" {
	stop_all
	start_simcam --speed 100 --card "$BATS_TEST_TMPDIR/small" --card-size "$small_card"
	TZ=UTC OPENCAMRC_TIMEPIECE=fast:1000:2026-06-01T05:50:00Z "$opencamrc" -r "$sim_address" interval \
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
	report day/interval.jsonl '.taken >= 24 and .files == .taken and .recoveries >= 2'
	# Every slot that has no picture has its reason.
	jq -es 'all(.[] | select(.event == "missed" or .event == "failed"); (.why | length) > 0)' day/interval.jsonl
	jq -es 'any(.[]; .event == "note" and (.why | test("^the card is full: files that are here")))' day/interval.jsonl
	jq -es '[.[] | select(.event == "plan" or .event == "end")] | length == 2' day/interval.jsonl
	jq -r 'select(.event == "begin") | .planned[11:13]' day/interval.jsonl | sort -u > hours
	same_text 06 "$(head -n 1 hours)"
	same_text 19 "$(tail -n 1 hours)"
}
