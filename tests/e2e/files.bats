#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# files: what is on the card is listed, fetched, deleted and put, byte for byte.

load common

folder=/store_00020001/DCIM/100CANON

# A card with four files on it; the pictures are the camera's own.
setup() {
	isolate
	dcim=$BATS_TEST_TMPDIR/card/DCIM/100CANON
	start_simcam --card "$BATS_TEST_TMPDIR/card"
	export OPENCAMRC_REMOTE=$sim_address
	"$opencamrc" capture --card --set imageformat='RAW + Large Fine JPEG' > /dev/null
	"$opencamrc" capture --card --set imageformat='Small Fine JPEG' -n 2 > /dev/null
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
	same_text "$(printf '%s\n1  IMG_0001.CR2\n2  IMG_0001.JPG\n3  IMG_0002.JPG\n4  IMG_0003.JPG' \
		$folder)" "$(cat ../out)"
	"$opencamrc" files -l > ../out
	grep -Eqx '1  +[0-9.]+ MB  [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}  IMG_0001.CR2' ../out
	"$opencamrc" files --no-recurse 2> ../err > ../out
	[ ! -s ../out ]
	same_text 'no files' "$(cat ../err)"
	"$opencamrc" files --folder $folder --no-recurse | grep -q '4  IMG_0003.JPG'
	run_error 1 'cannot list /nowhere' "$opencamrc" files --folder /nowhere
}

@test "the JSON of a list has every key, known or not" {
	keys='keys == ["downloaded","folder","height","mime","name","read_only","size","time","width"]'
	"$opencamrc" files --json > ../out
	[ "$(wc -l < ../out)" = 4 ]
	every "$keys and .folder == \"$folder\" and (.name | startswith(\"IMG_\"))
		and ([.size, .time, .mime, .width, .height, .downloaded, .read_only]
		| all(.[]; . == null))" ../out
	"$opencamrc" files -l --json > ../out
	every "$keys and (.size | type) == \"number\" and (.mime | startswith(\"image/\"))
		and (.downloaded | type) == \"boolean\" and .read_only == false
		and (.time | test(\"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\$\"))" ../out
	same_text "$(stat -c %s "$dcim/IMG_0001.CR2")" "$(jq -s '.[0].size' ../out)"
}

@test "all are fetched, and what exists is neither replaced nor hidden" {
	"$opencamrc" files get --all > ../out
	same_text "$(ls)" "$(cat ../out)"
	same_files IMG_0001.CR2 IMG_0001.JPG IMG_0002.JPG IMG_0003.JPG
	echo mine > IMG_0002.JPG
	rm IMG_0003.JPG
	status=0
	"$opencamrc" files get --all 2> ../err || status=$?
	[ "$status" -eq 6 ]
	grep -q '^opencamrc: files: cannot write IMG_0002.JPG: File exists' ../err
	grep -q '^opencamrc: files: 3 of 4 files are missing' ../err
	same_text mine "$(cat IMG_0002.JPG)"
	cmp IMG_0003.JPG "$dcim/IMG_0003.JPG"
	"$opencamrc" files get --all --skip-existing --json > ../out
	every '.skipped == true' ../out
	same_text mine "$(cat IMG_0002.JPG)"
	"$opencamrc" files get 3 --force > ../out
	same_text IMG_0002.JPG "$(cat ../out)"
	cmp IMG_0002.JPG "$dcim/IMG_0002.JPG"
}

@test "numbers, ranges, names, paths and patterns choose" {
	"$opencamrc" files get 2-3
	same_files IMG_0001.JPG IMG_0002.JPG
	rm -- *
	"$opencamrc" files get 1,4
	same_files IMG_0001.CR2 IMG_0003.JPG
	rm -- *
	"$opencamrc" files get '*_000[23].JPG' IMG_0002.JPG
	same_files IMG_0002.JPG IMG_0003.JPG
	rm -- *
	"$opencamrc" files get $folder/IMG_0003.JPG
	same_files IMG_0003.JPG
	rm -- *
	run_error 1 'no file number 9: the camera has 4' "$opencamrc" files get 2-9
	run_error 2 '3-1: not a range' "$opencamrc" files get 3-1
	run_error 1 'no file IMG_9999.JPG on the camera' "$opencamrc" files get 2 IMG_9999.JPG
	run_error 2 'which files' "$opencamrc" files get
	run_error 2 'not both' "$opencamrc" files get --all 1
	same_text '' "$(ls)"
}

@test "new are those that the camera has not marked as downloaded" {
	"$opencamrc" files get 2 3
	rm IMG_0002.JPG
	"$opencamrc" files get --new > ../out
	same_text $'IMG_0001.CR2\nIMG_0003.JPG' "$(cat ../out)"
	same_files IMG_0001.CR2 IMG_0001.JPG IMG_0003.JPG
	"$opencamrc" files get --new > ../out
	[ ! -s ../out ]
}

@test "what broke off is new still, and is gone on with" {
	start_slow_link "$sim_address" --cut-after 9000000:down
	run "$opencamrc" -r "$link_address" files get --new
	[ "$status" -eq 6 ]
	[[ $output == *'cannot download '*/IMG_0001.CR2* ]]
	[ "$(stat -c %s IMG_0001.CR2.part)" -gt 1000000 ]
	inode=$(stat -c %i IMG_0001.CR2.part)
	"$opencamrc" files get --new > ../out
	same_text $'IMG_0001.CR2\nIMG_0001.JPG\nIMG_0002.JPG\nIMG_0003.JPG' "$(cat ../out)"
	same_text "$inode" "$(stat -c %i IMG_0001.CR2)"
	same_files IMG_0001.CR2 IMG_0001.JPG IMG_0002.JPG IMG_0003.JPG
}

@test "a pattern names what is fetched; the time is the picture's" {
	"$opencamrc" files get 2 3 -o '%Y/%03n-%f.%C' > ../out
	year=$(date -r "$dcim/IMG_0001.JPG" +%Y)
	same_text "$(printf '%s/001-IMG_0001.JPG\n%s/002-IMG_0002.JPG' "$year" "$year")" \
		"$(cat ../out)"
	cmp "$year/001-IMG_0001.JPG" "$dcim/IMG_0001.JPG"
	same_text "$(date -r "$dcim/IMG_0001.JPG" +%s)" "$(date -r "$year/001-IMG_0001.JPG" +%s)"
	"$opencamrc" files get 3 -o - | cmp - "$dcim/IMG_0002.JPG"
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
	"$opencamrc" files get 3 --json > ../out
	every "keys == [\"folder\",\"name\",\"path\",\"size\",\"skipped\"] and .skipped == false
		and .folder == \"$folder\" and .name == .path and .size > 10000" ../out
	mv IMG_0002.JPG IMG_0200.JPG
	"$opencamrc" files put ./IMG_0200.JPG --json > ../out
	every "(. == {path: \"./IMG_0200.JPG\", folder: \"$folder\", name: \"IMG_0200.JPG\"})" ../out
	"$opencamrc" files delete IMG_0200.JPG --json > ../out
	every "(. == {folder: \"$folder\", name: \"IMG_0200.JPG\"})" ../out
}

@test "what is put is on the card, and comes back" {
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

@test "the chosen are deleted, and nothing else" {
	"$opencamrc" files delete 1-2 > ../out
	[ ! -s ../out ]
	same_text $'IMG_0002.JPG\nIMG_0003.JPG' "$(ls "$dcim")"
	run_error 1 'no file IMG_0001.JPG' "$opencamrc" files delete IMG_0001.JPG
	run_error 2 'which files' "$opencamrc" files delete
	"$opencamrc" files delete --all
	same_text '' "$(ls "$dcim")"
}

@test "a download that was cut goes on where it stopped, and the result is the same" {
	[ -x "$slow_link" ] || skip 'the slow link is not built'
	start_slow_link "$sim_address" --cut-after 9000000:down
	run_error 5 '^opencamrc: files: ' "$opencamrc" -r "$link_address" files get 1 --resume
	same_text IMG_0001.CR2.part "$(ls)"
	part=$(stat -c %s IMG_0001.CR2.part)
	[ "$part" -gt 1000000 ]
	cmp -n "$part" IMG_0001.CR2.part "$dcim/IMG_0001.CR2"
	# What comes through the link now is no more than what was missing.
	start_slow_link "$sim_address"
	"$opencamrc" -r "$link_address" files get 1 --resume > ../out
	same_text IMG_0001.CR2 "$(cat ../out)"
	same_files IMG_0001.CR2
	kill -TERM "$link_pid"
	wait "$link_pid" || true
	down=$(sed -n 's/^up [0-9]* down \([0-9]*\) .*/\1/p' "$link_log")
	whole=$(stat -c %s IMG_0001.CR2)
	[ "$down" -lt $((whole - part + 2000000)) ]
}

@test "without resume a download that was cut leaves nothing here, and the picture there" {
	[ -x "$slow_link" ] || skip 'the slow link is not built'
	start_slow_link "$sim_address" --cut-after 9000000:down
	run_error 5 '^opencamrc: files: ' "$opencamrc" -r "$link_address" files get 1
	same_text '' "$(ls -A)"
	[ -s "$dcim/IMG_0001.CR2" ]
}

@test "progress is drawn on a terminal, and nowhere else" {
	"$opencamrc" files get 1 > /dev/null 2> ../err
	[ ! -s ../err ]
	script -qec "'$opencamrc' files get 1 --force" ../typescript > /dev/null < /dev/null
	grep -aq 'IMG_0001.CR2  \[#*\.*\] *[0-9]*%  [0-9.]* MB' ../typescript
	script -qec "'$opencamrc' -q files get 1 --force" ../typescript > /dev/null < /dev/null
	! grep -aq '%' ../typescript
}

@test "quiet says nothing but the answer" {
	"$opencamrc" -q files get 2 > ../out 2> ../err
	same_text IMG_0001.JPG "$(cat ../out)"
	[ ! -s ../err ]
	"$opencamrc" -q files --no-recurse 2> ../err
	[ ! -s ../err ]
}
