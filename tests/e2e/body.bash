# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# Sourced by common.bash: what each body of simcam can do, and what it calls things, at this one place.
# BODY names the body that a file runs on; a test that asks for what it has not is skipped with the reason.

# A global: bats sources this in a function.
declare -gA lacks=(
	[liveview]='has no live view'
	[bulb]='has no bulb'
	[raw]='takes JPEG pictures alone'
	[memory]='has no memory for pictures but its card'
	[buttonmemory]='puts the pictures of its own button on the card'
	[lens]='has a lens that no host can focus'
	[halfpress]='cannot be told to focus'
	[trigger]='is not triggered without being waited for'
	[told]='does not tell of its dials'
	[marks]='does not mark what was fetched'
	[upload]='takes no files'
	[modes]='takes every setting in every mode'
	[thirds]='has whole stops'
	[texts]='has no texts that libgphoto2 can set'
	[lensname]='does not tell the name of its lens'
	[maker]='is of no maker that is known by its number'
	[poweroff]='does not tell when it switches itself off'
)

# use_body NAME: sets what tests would have as literals. The names of settings are those that all bodies
# share (src/camera/names.c), and are values as well where these differ.
use_body() {
	body=$1
	raw_set='' jpeg_set=() raw_ext='' jpg=jpg
	case $body in
	eos1200d)
		body_called='a Canon EOS'
		body_lacks=''
		body_model='Canon EOS 1200D' device_model='Canon EOS 1200D' usb_ids=04a9:327f
		store=/store_00020001 card_dcim=100CANON picture_prefix=IMG_
		can='capture, trigger, live view, configure, delete files, put files'
		first_battery=100% space='15.9 GB' capacity=15923150848
		large=5184x3456 small=720x480 small_set='format=Tiny JPEG' tiny_set='format=Smaller JPEG' large_set='format=Large Fine JPEG'
		raw_set='format=RAW + Large Fine JPEG' jpeg_set=() raw_ext=CR2 raw_alone='format=RAW'
		few=23M focus_manual=3 small_steps=8 opening_bytes=20000 most_frames=18 iso_typed='is\t32\t' iso_meant=3200 doctor_hang=40 pace=20 opening='2 5 12 20 24' small_card=9M period=0.5s long_period=1s frame_code=9153 before_release=0x9128 worst_ramped=1/3 large_step=64 third_ev=0.3 first_iso=Auto first_aperture=5.6 first_mode=AV mode_m=Manual
		bulb_set=('mode=Bulb')
		iso_path=/main/imgsettings/iso aperture_path=/main/capturesettings/aperture
		release_code=9128
		;;
	d750)
		body_called='a Nikon'
		body_lacks='buttonmemory marks upload lensname poweroff'
		body_model='Nikon DSC D750' device_model=D750 usb_ids=04b0:0437
		store=/store_00010001 card_dcim=100D750_ picture_prefix=DSC_
		can='capture, trigger, live view, configure, delete files'
		first_battery=60% space='31.6 GB' capacity=31625052160
		large=6016x4016 small=3008x2008 small_set='imagesize=3008x2008' tiny_set='imagesize=3008x2008' large_set='imagesize=6016x4016'
		raw_set='format=NEF+Fine' jpeg_set=(--set 'format=JPEG Fine') raw_ext=NEF raw_alone='format=NEF (Raw)'
		few=30M focus_manual=1 small_steps=5 opening_bytes=3000 most_frames=30 iso_typed='iso=512\t' iso_meant=51200 doctor_hang=8 pace=2 opening='2 5 6' small_card=35800K period=2s long_period=3s frame_code=9203 before_release=0x9207 worst_ramped=0.35 large_step=25 third_ev=0.333 first_iso=200 first_aperture=f/3.5 first_mode=P mode_m=M
		bulb_set=()
		iso_path=/main/imgsettings/iso aperture_path=/main/capturesettings/f-number
		release_code=9207
		;;
	plain)
		body_called='a plain camera'
		# What comes from a card has the card's names.
		jpg=JPG
		body_lacks='liveview bulb raw memory buttonmemory lens halfpress trigger told marks modes thirds texts lensname poweroff maker'
		body_model='USB PTP Class Camera' device_model='Plain PTP Camera' usb_ids=1209:0001
		store=/store_00010001 card_dcim=100PLAIN picture_prefix=PICT
		can='capture, configure, delete files, put files'
		first_battery=80% space='4.0 GB' capacity=4000000000
		large=1920x1280 small=720x480 small_set='imagesize=720x480' tiny_set='imagesize=720x480' large_set='imagesize=2592x1728'
		few=10M opening_bytes=1200 iso_typed='is\t32\t' iso_meant=3200 doctor_hang=8 pace=20 opening='2 5 6' small_card=10800K period=0.5s long_period=1s before_release=0x100e worst_ramped=1/3 third_ev=0.333 first_iso=400 first_aperture=f/5.6 first_mode=P mode_m=M
		bulb_set=()
		iso_path=/main/imgsettings/iso aperture_path=/main/capturesettings/f-number
		release_code=100e
		;;
	*)
		echo "BODY=$body: eos1200d, d750 and plain are bodies" >&2
		return 1
		;;
	esac
	# Its own button's pictures.
	button_jpg=jpg
	has buttonmemory || button_jpg=JPG
	card_folder=$store/DCIM/$card_dcim
	card_below=DCIM/$card_dcim
}

# picture N [EXTENSION]: what the body calls its N-th picture on the card.
picture() {
	printf '%s%04d.%s\n' "$picture_prefix" "$1" "${2:-JPG}"
}

# needs WHAT: skips the test where the body has not got it, or where `opencamrc version` says that this was
# built without it.
needs() {
	[[ " $body_lacks " != *" $1 "* ]] || skip "$body_called ${lacks[$1]}"
	[ -n "${lacks[$1]:-}" ] || "$opencamrc" version --json | jq -e ".$1" > /dev/null ||
		skip "built without $1"
}

# has WHAT: the body has it.
has() {
	[[ " $body_lacks " != *" $1 "* ]]
}

# only BODY WHAT: skips the test elsewhere, for it is of what no other body has.
only() {
	[ "$body" = "$1" ] || skip "$2: not of $body_called"
}

# aperture F, shutter TIME: as the body writes it.
aperture() {
	[ "$body" = eos1200d ] && echo "$1" || echo "f/$1"
}

shutter() {
	[ "$body" = plain ] || {
		echo "$1"
		return
	}
	case $1 in
	1/500) echo 0.0020s ;;
	1/250) echo 0.0040s ;;
	1/125) echo 0.0080s ;;
	1/60) echo 0.0166s ;;
	1/30) echo 0.0333s ;;
	1/15) echo 0.0666s ;;
	*) return 1 ;;
	esac
}

# dial M|A: turns the body of start_simcam to it, to stay there. A Nikon's own dial has its say again when the
# host has gone.
dial() {
	local number
	if [ "$body" != d750 ]; then
		"$opencamrc" -r "$sim_address" config "mode=$1" > /dev/null
		return
	fi
	case $1 in M) number=1 ;; P) number=2 ;; A) number=3 ;; esac
	echo "set mode $number" > "$sim_hand"
	wait_until 10 dial_is "$1"
}

dial_is() {
	[ "$("$opencamrc" -r "$sim_address" config get mode)" = "$1" ]
}

# Pictures go to the card, where the body leaves a choice.
to_card() {
	! has memory || OPENCAMRC_SANDBOX=no "$opencamrc" -r "$sim_address" config capturetarget='Memory card'
}

use_body "${BODY:-eos1200d}"
