#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# files: what is on the card is listed, fetched, deleted and put, byte for byte.

load common

folder=$card_folder

# A card with four files on it, one two three four; the first is the largest, a RAW file where the body makes
# them; the pictures are the camera's own.
setup() {
	isolate
	dcim=$BATS_TEST_TMPDIR/card/$card_below
	start_simcam --card "$BATS_TEST_TMPDIR/card"
	export OPENCAMRC_REMOTE=$sim_address
	if has raw; then
		"$opencamrc" capture --card --set "$raw_alone" > /dev/null
		"$opencamrc" capture --card "${jpeg_set[@]}" --set "$small_set" -n 3 > /dev/null
	else
		# A file of that size, as of a picture with another one behind it.
		"$opencamrc" capture --card > /dev/null
		kill "$sim_pid"
		wait "$sim_pid" || true
		head -c 20000000 /dev/urandom >> "$dcim/$(picture 1)"
		start_simcam --card "$BATS_TEST_TMPDIR/card"
		export OPENCAMRC_REMOTE=$sim_address
		"$opencamrc" capture --card -n 3 > /dev/null
	fi
	one=$(picture 1 "$raw_ext") two=$(picture 2) three=$(picture 3) four=$(picture 4)
	mkdir got
	cd got
}

teardown() {
	stop_all
}

# same_files NAME…: the files here are those, and each is as the camera has it.
same_files() {
	same_text "$(printf '%s\n' "$@")" "$(ls)" || return 1
	for name in "$@"; do
		cmp "$name" "$dcim/$name" || return 1
	done
}

@test "they are listed with numbers; with -l sizes and times too" {
	"$opencamrc" files > ../out
	same_text "$(printf '%s\n1  %s\n2  %s\n3  %s\n4  %s' "$folder" "$one" "$two" "$three" "$four")" \
		"$(cat ../out)"
	"$opencamrc" files -l > ../out
	grep -Eqx "1  +[0-9.]+ [kM]B  [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}  $one" ../out
	"$opencamrc" files --no-recurse 2> ../err > ../out
	[ ! -s ../out ]
	same_text 'no files' "$(cat ../err)"
	"$opencamrc" files --folder $folder --no-recurse | grep -q "4  $four"
	run_error 1 'cannot list /nowhere' "$opencamrc" files --folder /nowhere
}

@test "the JSON of a list has every key, known or not" {
	keys='keys == ["downloaded","folder","height","mime","name","read_only","size","time","width"]'
	"$opencamrc" files --json > ../out
	[ "$(wc -l < ../out)" = 4 ]
	every "$keys and .folder == \"$folder\" and (.name | startswith(\"$picture_prefix\"))
		and ([.size, .time, .mime, .width, .height, .downloaded, .read_only]
		| all(.[]; . == null))" ../out
	"$opencamrc" files -l --json > ../out
	every "$keys and (.size | type) == \"number\" and (.mime | IN(\"image/jpeg\", \"image/x-canon-cr2\", \"application/x-unknown\"))
		and (.downloaded | type) == \"boolean\" and .read_only == false
		and (.time | test(\"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\$\"))" ../out
	same_text "$(stat -c %s "$dcim/$one")" "$(jq -s '.[0].size' ../out)"
}

@test "all are fetched, and what exists is neither replaced nor hidden" {
	"$opencamrc" files get --all > ../out
	same_text "$(ls)" "$(cat ../out)"
	same_files "$one" "$two" "$three" "$four"
	echo mine > "$three"
	rm "$four"
	status=0
	"$opencamrc" files get --all 2> ../err || status=$?
	[ "$status" -eq 6 ]
	grep -q "^opencamrc: files: cannot write $three: File exists" ../err
	grep -q '^opencamrc: files: 3 of 4 files are missing' ../err
	same_text mine "$(cat "$three")"
	cmp "$four" "$dcim/$four"
	"$opencamrc" files get --all --skip-existing --json > ../out
	every '.skipped == true' ../out
	same_text mine "$(cat "$three")"
	"$opencamrc" files get 3 --force > ../out
	same_text "$three" "$(cat ../out)"
	cmp "$three" "$dcim/$three"
}

@test "numbers, ranges, names, paths and patterns choose" {
	"$opencamrc" files get 2-3
	same_files "$two" "$three"
	rm -- *
	"$opencamrc" files get 1,4
	same_files "$one" "$four"
	rm -- *
	"$opencamrc" files get "${three%?.JPG}[${three: -5:1}${four: -5:1}].JPG" "$three"
	same_files "$three" "$four"
	rm -- *
	"$opencamrc" files get "$folder/$four"
	same_files "$four"
	rm -- *
	run_error 1 'no file number 9: the camera has 4' "$opencamrc" files get 2-9
	run_error 2 '3-1: not a range' "$opencamrc" files get 3-1
	run_error 1 'no file IMG_9999.JPG on the camera' "$opencamrc" files get 2 IMG_9999.JPG
	run_error 2 'which files' "$opencamrc" files get
	run_error 2 'not both' "$opencamrc" files get --all 1
	same_text '' "$(ls)"
}

@test "new is what the camera has not marked as downloaded and is not here" {
	"$opencamrc" files get 2 3
	# What is here is not new either, whatever the camera says.
	! has marks || rm "$three"
	"$opencamrc" files get --new > ../out
	same_text "$one"$'\n'"$four" "$(cat ../out)"
	[ -e "$three" ] || cp "$dcim/$three" .
	same_files "$one" "$two" "$three" "$four"
	"$opencamrc" files get --new > ../out
	[ ! -s ../out ]
}

@test "what broke off is new still, and is gone on with" {
	start_slow_link "$sim_address" --cut-after 9000000:down
	run "$opencamrc" -r "$link_address" files get --new
	[ "$status" -eq 6 ]
	[[ $output == *'cannot download '*/"$one"* ]]
	[ "$(stat -c %s "$one.part")" -gt 1000000 ]
	inode=$(stat -c %i "$one.part")
	"$opencamrc" files get --new > ../out
	same_text "$(printf '%s\n' "$one" "$two" "$three" "$four")" "$(cat ../out)"
	same_text "$inode" "$(stat -c %i "$one")"
	same_files "$one" "$two" "$three" "$four"
}

@test "a pattern names what is fetched; the time is the picture's" {
	"$opencamrc" files get 2 3 -o '%Y/%03n-%f.%C' > ../out
	year=$(date -r "$dcim/$two" +%Y)
	same_text "$(printf '%s\n' "$year/001-$two" "$year/002-$three")" \
		"$(cat ../out)"
	cmp "$year/001-$two" "$dcim/$two"
	same_text "$(date -r "$dcim/$two" +%s)" "$(date -r "$year/001-$two" +%s)"
	"$opencamrc" files get 3 -o - | cmp - "$dcim/$three"
}

@test "thumbnails have names of their own" {
	"$opencamrc" files get --all --thumbnail --json > ../out
	every '.path == "thumb_" + .name' ../out
	for name in thumb_*; do
		is_jpeg "$name" 160x120
	done
	same_text 4 "$(ls | wc -l)"
	"$opencamrc" files get --new --thumbnail > ../out
	[ ! -s ../out ]
}

@test "the JSON of get, put and delete has every key" {
	needs upload
	"$opencamrc" files get 3 --json > ../out
	every "keys == [\"folder\",\"name\",\"path\",\"size\",\"skipped\"] and .skipped == false
		and .folder == \"$folder\" and .name == .path and .size > 10000" ../out
	mv "$three" IMG_0200.JPG
	"$opencamrc" files put ./IMG_0200.JPG --json > ../out
	every "(. == {path: \"./IMG_0200.JPG\", folder: \"$folder\", name: \"IMG_0200.JPG\"})" ../out
	"$opencamrc" files delete IMG_0200.JPG --json > ../out
	every "(. == {folder: \"$folder\", name: \"IMG_0200.JPG\"})" ../out
}

@test "a camera that takes no files says so, and nothing is on the card" {
	! has upload || skip "$body_called takes files"
	run_error 1 "cannot put $one.*" "$opencamrc" files put "$dcim/$one" --folder "$folder/"
	same_text 4 "$(ls "$dcim" | wc -l)"
}

@test "what is put is on the card, and comes back" {
	needs upload
	head -c 3000000 /dev/urandom > IMG_0100.JPG
	head -c 512 /dev/urandom > IMG_0101.JPG
	"$opencamrc" files put IMG_0100.JPG IMG_0101.JPG > ../out
	[ ! -s ../out ]
	same_files IMG_0100.JPG IMG_0101.JPG
	"$opencamrc" files get IMG_0100.JPG -o - | cmp - IMG_0100.JPG
	head -c 4096 /dev/urandom > IMG_0102.JPG
	"$opencamrc" files put IMG_0102.JPG --folder $folder
	cmp IMG_0102.JPG "$dcim/IMG_0102.JPG"
	run_error 1 'cannot read no-such-file: No such file' \
		"$opencamrc" files put IMG_0102.JPG no-such-file
	run_error 2 'which files' "$opencamrc" files put
}

@test "what is put may come by a pipe, and one that stands still can be left" {
	needs upload
	head -c 300000 /dev/urandom > whole
	mkfifo IMG_0103.JPG
	cat whole > IMG_0103.JPG 3>&- &
	started+=("$!")
	"$opencamrc" files put IMG_0103.JPG
	cmp whole "$dcim/IMG_0103.JPG"
	"$opencamrc" files put /dev/stdin --folder $folder < whole
	cmp whole "$dcim/stdin"
	{ cat whole; touch read; exec sleep 60; } > IMG_0103.JPG 3>&- &
	started+=("$!")
	in_background put "$opencamrc" files put IMG_0103.JPG
	wait_until 30 test -e read
	kill -INT "$background_pid"
	wait_until 30 ended
	background_status
	same_text 130 "$status"
}

@test "an option of another form, or against another, is refused" {
	run_error 2 '--resume goes with get' "$opencamrc" files -l --resume
	run_error 2 '--long goes with list' "$opencamrc" files get 1 -l
	run_error 2 '--skip-existing goes with get' "$opencamrc" files delete --skip-existing 1
	run_error 2 '--all goes with get and delete' "$opencamrc" files put --all x
	run_error 2 '--new goes with get' "$opencamrc" files put --new x
	run_error 2 '--output goes with get' "$opencamrc" files -o x
	run_error 2 '--no-recurse goes with list, get and delete' \
		"$opencamrc" files put --no-recurse x
	run_error 2 'exclude each other' "$opencamrc" files get 1 --force --skip-existing
	run_error 2 'resume.*needs a file' "$opencamrc" files get 1 --resume -o -
}

@test "the chosen are deleted, and nothing else" {
	"$opencamrc" files delete 1-2 > ../out
	[ ! -s ../out ]
	same_text "$three"$'\n'"$four" "$(ls "$dcim")"
	run_error 1 "no file $two" "$opencamrc" files delete "$two"
	run_error 2 'which files' "$opencamrc" files delete
	"$opencamrc" files delete --all
	same_text '' "$(ls "$dcim")"
}

@test "a download that was cut goes on where it stopped, and the result is the same" {
	[ -x "$slow_link" ] || skip 'the slow link is not built'
	start_slow_link "$sim_address" --cut-after 9000000:down
	run_error 5 '^opencamrc: files: ' "$opencamrc" -r "$link_address" files get 1 --resume
	same_text "$one.part" "$(ls)"
	part=$(stat -c %s "$one.part")
	[ "$part" -gt 1000000 ]
	cmp -n "$part" "$one.part" "$dcim/$one"
	# What comes through the link now is no more than what was missing.
	start_slow_link "$sim_address"
	"$opencamrc" -r "$link_address" files get 1 --resume > ../out
	same_text "$one" "$(cat ../out)"
	same_files "$one"
	kill -TERM "$link_pid"
	wait "$link_pid" || true
	down=$(sed -n 's/^up [0-9]* down \([0-9]*\) .*/\1/p' "$link_log")
	whole=$(stat -c %s "$one")
	[ "$down" -lt $((whole - part + 2000000)) ]
}

@test "what is left of another picture is not gone on with" {
	# As long, longer, and shorter; one that ends as the picture goes on, and one that is the picture.
	head -c "$(stat -c %s "$dcim/$one")" /dev/urandom > "$one.part"
	cat "$dcim/$two" "$dcim/$two" > "$two.part"
	{
		head -c 300000 /dev/zero
		head -c 100000 "$dcim/$three" | tail -c +1001
	} > "$three.part"
	cp "$dcim/$four" "$four.part"
	inode=$(stat -c %i "$four.part")
	"$opencamrc" files get --all --resume > ../out
	same_files "$one" "$two" "$three" "$four"
	same_text "$inode" "$(stat -c %i "$four")"
	rm "$one"
	printf x > "$one.part"
	"$opencamrc" files get --new > ../out
	same_text "$one" "$(cat ../out)"
	cmp "$one" "$dcim/$one"
}

@test "what has the name of a part and is no file is not gone on with, and nobody is waited for" {
	mkfifo "$one.part"
	run_error 1 "^opencamrc: files: cannot write $one: $one.part is no plain file$" \
		timeout 60 "$opencamrc" files get 1 --resume
	rm "$one.part"
	echo theirs > ../theirs
	ln -s ../theirs "$one.part"
	run_error 1 "$one.part is no plain file" "$opencamrc" files get 1 --resume
	same_text theirs "$(cat ../theirs)"
	[ -L "$one.part" ]
}

@test "without resume a download that was cut leaves nothing here, and the picture there" {
	[ -x "$slow_link" ] || skip 'the slow link is not built'
	start_slow_link "$sim_address" --cut-after 9000000:down
	run_error 5 '^opencamrc: files: ' "$opencamrc" -r "$link_address" files get 1
	same_text '' "$(ls -A)"
	[ -s "$dcim/$one" ]
}

@test "progress is drawn on a terminal, and nowhere else" {
	"$opencamrc" files get 1 > /dev/null 2> ../err
	[ ! -s ../err ]
	script -qec "'$opencamrc' files get 1 --force" ../typescript > /dev/null < /dev/null
	grep -aq "$one  \[#*\.*\] *[0-9]*%  [0-9.]* [kM]B" ../typescript
	script -qec "'$opencamrc' -q files get 1 --force" ../typescript > /dev/null < /dev/null
	! grep -aq '%' ../typescript
}

@test "quiet says nothing but the answer" {
	"$opencamrc" -q files get 2 > ../out 2> ../err
	same_text "$two" "$(cat ../out)"
	[ ! -s ../err ]
	"$opencamrc" -q files --no-recurse 2> ../err
	[ ! -s ../err ]
}
