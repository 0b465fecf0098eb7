/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Canon EOS 1200D: its operations and properties, as the real body lists them. */
#include <stdlib.h>

#include "simcam/eos.h"

/*
 * Facts of the real body, in its own order. Two departures, for those who have no camera to turn a
 * dial on: the exposure mode can be set, and BulbStart and BulbEnd, which the body lacks, are there.
 * A third: it starts with large fine JPEG, not with whatever a body was left at.
 */
/* Tables read by their rows. */
/* clang-format off */
#define LIST(name)  .list = name, .num_list = ARRAY_LENGTH(name)
#define BYTES(name) .bytes = name, .size = sizeof(name)

static const uint32_t list_d105[] = { /* AutoExposureMode */
	0, 1, 2, 3, 4, 9, 0xa, 0xb, 0xc, 0xd, 0xe, 0xf,
};
static const uint32_t list_d108[] = { /* FocusMode */
	0, 2, 1,
};
static const uint32_t list_d106[] = { /* DriveMode */
	0, 1, 0x10, 0x11, 7,
};
static const uint32_t list_d107[] = { /* MeteringMode */
	3, 4, 5,
};
static const uint32_t list_d109[] = { /* WhiteBalance */
	0, 1, 8, 2, 3, 4, 5, 6,
};
static const uint32_t list_d10b[] = { /* WhiteBalanceAdjustA */
	0xfffffff7, 0xfffffff8, 0xfffffff9, 0xfffffffa, 0xfffffffb, 0xfffffffc, 0xfffffffd,
	0xfffffffe, 0xffffffff, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
};
static const uint32_t list_d10d[] = { /* WhiteBalanceXA */
	0, 1, 2, 3,
};
static const uint32_t list_d10f[] = { /* ColorSpace */
	1, 2,
};
static const uint32_t list_d110[] = { /* PictureStyle */
	0x87, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x21, 0x22, 0x23,
};
static const uint32_t list_d101[] = { /* Aperture */
	0x25, 0x28, 0x2b, 0x2d, 0x30, 0x33, 0x35, 0x38, 0x3b, 0x3d, 0x40, 0x43, 0x45, 0x48,
	0x4b, 0x4d, 0x50,
};
static const uint32_t list_d103[] = { /* ISOSpeed */
	0, 0x48, 0x50, 0x58, 0x60, 0x68, 0x70, 0x78,
};
static const uint32_t list_d104[] = { /* ExpCompensation */
	0xd8, 0xdb, 0xdd, 0xe0, 0xe3, 0xe5, 0xe8, 0xeb, 0xed, 0xf0, 0xf3, 0xf5, 0xf8, 0xfb,
	0xfd, 0, 3, 5, 8, 0xb, 0xd, 0x10, 0x13, 0x15, 0x18, 0x1b, 0x1d, 0x20, 0x23, 0x25, 0x28,
};
static const uint32_t list_d120[] = { /* ImageFormat */
	0x300, 0x200, 0x1300, 0x1200, 0xd300, 0xd200, 0xe300, 0xf300, 0x403, 0x400,
};
static const uint8_t bytes_d156[] = { /* PictureStyleAuto */
	0x1c, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};
static const uint8_t bytes_d151[] = { /* PictureStylePortrait */
	0x1c, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};
static const uint8_t bytes_d152[] = { /* PictureStyleLandscape */
	0x1c, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};
static const uint8_t bytes_d153[] = { /* PictureStyleNeutral */
	0x1c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};
static const uint8_t bytes_d160[] = { /* PictureStyleUserSet1 */
	0x20, 0, 0, 0, 0x87, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0,
};
static const uint32_t list_d11c[] = { /* CaptureDestination */
	2, 4, 6,
};
static const uint8_t bytes_d1a0[] = { /* CustomFuncEx */
	0xbc, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0x2c, 0, 0, 0, 3, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0,
	0, 0, 0, 0, 0, 3, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x0f, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0,
	0, 2, 0, 0, 0, 0x2c, 0, 0, 0, 3, 0, 0, 0, 1, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 2, 0,
	0, 1, 0, 0, 0, 0, 0, 0, 0, 3, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0x14, 0, 0,
	0, 1, 0, 0, 0, 0x0e, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0x38, 0, 0, 0, 4, 0,
	0, 0, 1, 7, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 4, 7, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x11, 8,
	0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x0f, 8, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
};
static const uint8_t bytes_d1a1[] = { /* MyMenu */
	8, 0, 0, 0, 0, 0, 0, 0,
};
static const uint32_t list_d1b0[] = { /* EVFOutputDevice */
	1, 2, 3, 4, 5, 6, 7,
};
static const uint32_t list_d1b1[] = { /* EVFMode */
	1, 0,
};
static const uint32_t list_d1b4[] = { /* EVFWBMode */
	0, 1, 8, 2, 3, 4, 5, 6, 0x8000,
};
static const uint8_t bytes_d1b5[] = { /* EVFClickWBCoeffs */
	0x30, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 4, 0, 4, 0, 4,
};
static const uint32_t list_d1a9[] = { /* QuickReviewTime */
	0, 2, 4, 8, 0xff,
};
static const uint8_t bytes_d146[] = { /* MWhiteBalanceEx */
	0x30, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xde, 1, 0, 4, 0, 4, 0xa3, 2,
};
static const uint32_t list_d1d9[] = { /* AEB */
	0, 3, 5, 8, 0xb, 0xd, 0x10,
};
static const uint32_t list_d1ba[] = { /* LvAfSystem */
	1, 2, 0,
};
static const uint8_t bytes_d1ca[] = { /* MovieParam2 */
	0x18, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x19, 0, 0, 0, 0x0c, 0, 0, 0, 0, 0, 0, 0,
};
static const uint32_t list_d1bc[] = { /* LvViewTypeSelect */
	0, 1,
};
static const uint8_t bytes_d1d3[] = { /* FocusInfoEx */
	0x64, 0, 0, 0, 0x60, 0, 4, 0, 9, 0, 9, 0, 0x40, 0x14, 0x80, 0x0d, 0x40, 0x14, 0x80,
	0x0d, 0xb5, 0, 0x81, 0, 0x81, 0, 0x81, 0, 0xde, 0, 0x81, 0, 0x81, 0, 0x81, 0, 0xb5, 0,
	0x75, 0, 0xac, 0, 0xac, 0, 0xac, 0, 0xe0, 0, 0xac, 0, 0xac, 0, 0xac, 0, 0x75, 0, 0, 0,
	0xb9, 0xfc, 0x47, 3, 0x8e, 0xfa, 0, 0, 0x72, 5, 0xb9, 0xfc, 0x47, 3, 0, 0, 0xe7, 2,
	0x89, 1, 0x89, 1, 0, 0, 0, 0, 0, 0, 0x77, 0xfe, 0x77, 0xfe, 0x19, 0xfd, 0, 0, 0xff, 1,
	0, 0, 0xff, 0xff,
};
static const uint8_t bytes_d1b9[] = { /* not known */
	0x26, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0x3a, 0, 0, 0, 0x39, 0, 3, 0x80, 0, 0, 0, 0, 3,
	0, 0, 0, 0x32, 0, 0, 0, 0x3a, 0, 3, 0x80, 0, 0,
};
static const uint8_t bytes_d1db[] = { /* StroboWirelessSetting */
	0, 0, 0, 0, 3, 0, 0, 0, 0x2f, 0, 0, 0, 0x28, 0,
};
static const uint32_t list_d1dc[] = { /* StroboFiring */
	0, 1, 2,
};
static const uint32_t list_d1df[] = { /* CADarkBright */
	0xf0, 0xf3, 0xf5, 0xf8, 0xfb, 0xfd, 0, 3, 5, 8, 0xb, 0xd, 0x10,
};
static const uint32_t list_d194[] = { /* MultiAspect */
	0, 2, 7, 1,
};
static const uint8_t bytes_d17d[] = { /* Timezone */
	0x0c, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0, 0,
};
static const uint32_t list_d17d[] = { /* Timezone */
	0xc, 0x21, 0x30c, 0xc, 1, 0x2fd, 0xc, 2, 0x2d0, 0xc, 3, 0x294, 0xc, 4, 0x258, 0xc, 5,
	0x23a, 0xc, 6, 0x21c, 0xc, 7, 0x1e0, 0xc, 8, 0x1a4, 0xc, 9, 0x186, 0xc, 0xa, 0x168, 0xc,
	0xb, 0x159, 0xc, 0xc, 0x14a, 0xc, 0xd, 0x12c, 0xc, 0xe, 0x10e, 0xc, 0x11, 0xf0, 0xc,
	0x10, 0xd2, 0xc, 0x22, 0xb4, 0xc, 0x12, 0x78, 0xc, 0x13, 0x3c, 0xc, 0x14, 0, 0xc, 0x15,
	0xffffffc4, 0xc, 0x16, 0xffffff88, 0xc, 0x17, 0xffffff4c, 0xc, 0x18, 0xffffff2e, 0xc,
	0x19, 0xffffff10, 0xc, 0x1a, 0xfffffef2, 0xc, 0x1b, 0xfffffed4, 0xc, 0x1c, 0xfffffe98,
	0xc, 0x1d, 0xfffffe5c, 0xc, 0x1e, 0xfffffe20, 0xc, 0x1f, 0xfffffde4, 0xc, 0x20,
	0xfffffda8,
};

const struct eos_property eos1200d_properties[] = {
	/* AutoExposureMode */
	{ 0xd105, EOS_WORD, EOS_FORM_VALUE, EOS_WRITABLE, .word = 2, LIST(list_d105) },
	/* FocusMode */
	{ 0xd108, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0, LIST(list_d108) },
	/* DriveMode */
	{ 0xd106, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0, LIST(list_d106) },
	/* MeteringMode */
	{ 0xd107, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 3, LIST(list_d107) },
	/* WhiteBalance */
	{ 0xd109, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0, LIST(list_d109) },
	/* WhiteBalanceAdjustA */
	{ 0xd10b, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0, LIST(list_d10b) },
	/* WhiteBalanceAdjustB */
	{ 0xd10c, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0, LIST(list_d10b) },
	/* WhiteBalanceXA */
	{ 0xd10d, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0, LIST(list_d10d) },
	/* WhiteBalanceXB */
	{ 0xd10e, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0, LIST(list_d10d) },
	/* ColorSpace */
	{ 0xd10f, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 1, LIST(list_d10f) },
	/* AvailableShots */
	{ 0xd11b, EOS_WORD, EOS_FORM_VALUE, 0, .word = 0 },
	/* AutoPowerOff */
	{ 0xd114, EOS_WORD, EOS_FORM_VALUE, EOS_WRITABLE | EOS_ANY_WORD, .word = 0 },
	/* ModelID */
	{ 0xd116, EOS_WORD, EOS_FORM_VALUE, 0, .word = 0x80000327 },
	/* PTPExtensionVersion */
	{ 0xd119, EOS_WORD, EOS_FORM_VALUE, 0, .word = 0x100 },
	/* DPOFVersion */
	{ 0xd11a, EOS_NO_VALUE, EOS_FORM_VALUE, 0, .word = 0 },
	/* PictureStyle */
	{ 0xd110, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0x87, LIST(list_d110) },
	/* Owner */
	{ 0xd115, EOS_TEXT, EOS_FORM_OPAQUE, EOS_WRITABLE | EOS_ON_REQUEST, .word = 0, .size = 1 },
	/* Aperture */
	{ 0xd101, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0x30, LIST(list_d101) },
	/* ShutterSpeed */
	{ 0xd102, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0 },
	/* ISOSpeed */
	{ 0xd103, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0, LIST(list_d103) },
	/* ExpCompensation */
	{ 0xd104, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0, LIST(list_d104) },
	/* BracketMode */
	{ 0xd11d, EOS_WORD, EOS_FORM_VALUE, 0, .word = 0 },
	/* BatteryPower */
	{ 0xd111, EOS_WORD, EOS_FORM_VALUE, 0, .word = 2 },
	/* BatterySelect */
	{ 0xd112, EOS_WORD, EOS_FORM_VALUE, 0, .word = 0 },
	/* CameraTime */
	{ 0xd113, EOS_WORD, EOS_FORM_OPAQUE, EOS_WRITABLE | EOS_ANY_WORD, .word = 0x5373cb16 },
	/* ImageFormat */
	{ 0xd120, EOS_IMAGE_FORMAT, EOS_FORM_LIST, EOS_WRITABLE, .word = 0x300, LIST(list_d120) },
	/* ImageFormatSD */
	{ 0xd122, EOS_IMAGE_FORMAT, EOS_FORM_LIST, EOS_WRITABLE, .word = 0x300, LIST(list_d120) },
	/* PictureStyleAuto */
	{ 0xd156, EOS_BLOB, EOS_FORM_OPAQUE, 0, .word = 0, BYTES(bytes_d156) },
	/* PictureStyleStandard */
	{ 0xd150, EOS_BLOB, EOS_FORM_OPAQUE, 0, .word = 0, BYTES(bytes_d156) },
	/* PictureStylePortrait */
	{ 0xd151, EOS_BLOB, EOS_FORM_OPAQUE, 0, .word = 0, BYTES(bytes_d151) },
	/* PictureStyleLandscape */
	{ 0xd152, EOS_BLOB, EOS_FORM_OPAQUE, 0, .word = 0, BYTES(bytes_d152) },
	/* PictureStyleNeutral */
	{ 0xd153, EOS_BLOB, EOS_FORM_OPAQUE, 0, .word = 0, BYTES(bytes_d153) },
	/* PictureStyleFaithful */
	{ 0xd154, EOS_BLOB, EOS_FORM_OPAQUE, 0, .word = 0, BYTES(bytes_d153) },
	/* PictureStyleBlackWhite */
	{ 0xd155, EOS_BLOB, EOS_FORM_OPAQUE, 0, .word = 0, BYTES(bytes_d156) },
	/* PictureStyleUserSet1 */
	{ 0xd160, EOS_BLOB, EOS_FORM_OPAQUE, 0, .word = 0, BYTES(bytes_d160) },
	/* PictureStyleUserSet2 */
	{ 0xd161, EOS_BLOB, EOS_FORM_OPAQUE, 0, .word = 0, BYTES(bytes_d160) },
	/* PictureStyleUserSet3 */
	{ 0xd162, EOS_BLOB, EOS_FORM_OPAQUE, 0, .word = 0, BYTES(bytes_d160) },
	/* PictureStyleParam1 */
	{ 0xd170, EOS_NO_VALUE, EOS_FORM_OPAQUE, 0, .word = 0 },
	/* PictureStyleParam2 */
	{ 0xd171, EOS_NO_VALUE, EOS_FORM_OPAQUE, 0, .word = 0 },
	/* PictureStyleParam3 */
	{ 0xd172, EOS_NO_VALUE, EOS_FORM_OPAQUE, 0, .word = 0 },
	/* CaptureDestination */
	{ 0xd11c, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 2, LIST(list_d11c) },
	/* CustomFuncEx */
	{ 0xd1a0, EOS_BLOB, EOS_FORM_OPAQUE, EOS_WRITABLE, .word = 0, BYTES(bytes_d1a0) },
	/* MyMenu */
	{ 0xd1a1, EOS_BLOB, EOS_FORM_OPAQUE, 0, .word = 0, BYTES(bytes_d1a1) },
	/* MyMenuList */
	{ 0xd1a2, EOS_NO_VALUE, EOS_FORM_OPAQUE, 0, .word = 0 },
	/* HDDirectoryStructure */
	{ 0xd1a5, EOS_NO_VALUE, EOS_FORM_NONE, 0, .word = 0 },
	/* LensStatus */
	{ 0xd1a8, EOS_WORD, EOS_FORM_VALUE, 0, .word = 1 },
	/* TempStatus */
	{ 0xd1ab, EOS_WORD, EOS_FORM_VALUE, 0, .word = 0 },
	/* EVFOutputDevice */
	{ 0xd1b0, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0, LIST(list_d1b0) },
	/* EVFMode */
	{ 0xd1b1, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 1, LIST(list_d1b1) },
	/* DepthOfFieldPreview */
	{ 0xd1b2, EOS_WORD, EOS_FORM_OPAQUE, 0, .word = 0 },
	/* EVFSharpness */
	{ 0xd1b3, EOS_WORD, EOS_FORM_OPAQUE, 0, .word = 0 },
	/* EVFWBMode */
	{ 0xd1b4, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0, LIST(list_d1b4) },
	/* EVFClickWBCoeffs */
	{ 0xd1b5, EOS_BLOB, EOS_FORM_OPAQUE, 0, .word = 0, BYTES(bytes_d1b5) },
	/* QuickReviewTime */
	{ 0xd1a9, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE | EOS_ANY_WORD, .word = 0, LIST(list_d1a9) },
	/* MWhiteBalanceEx */
	{ 0xd146, EOS_BLOB, EOS_FORM_OPAQUE, 0, .word = 0, BYTES(bytes_d146) },
	/* ShutterCounter */
	{ 0xd1ac, EOS_WORD, EOS_FORM_VALUE, 0, .word = 0x5e0 },
	/* SpecialOption */
	{ 0xd1ad, EOS_NO_VALUE, EOS_FORM_VALUE, 0, .word = 0 },
	/* PhotoStudioMode */
	{ 0xd1ae, EOS_NO_VALUE, EOS_FORM_VALUE, 0, .word = 0 },
	/* CurrentStorage */
	{ 0xd11e, EOS_WORD, EOS_FORM_VALUE, 0, .word = 0x20001 },
	/* CurrentFolder */
	{ 0xd11f, EOS_WORD, EOS_FORM_VALUE, 0, .word = 0x91900000 },
	/* SerialNumber */
	{ 0xd1af, EOS_TEXT, EOS_FORM_VALUE, EOS_ON_REQUEST, .word = 0, .bytes = "013070014011" },
	/* Artist */
	{ 0xd1d0, EOS_TEXT, EOS_FORM_OPAQUE, EOS_WRITABLE | EOS_ON_REQUEST, .word = 0, .size = 64 },
	/* Copyright */
	{ 0xd1d1, EOS_TEXT, EOS_FORM_OPAQUE, EOS_WRITABLE | EOS_ON_REQUEST, .word = 0, .size = 64 },
	/* AEB */
	{ 0xd1d9, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0, LIST(list_d1d9) },
	/* LvAfSystem */
	{ 0xd1ba, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 1, LIST(list_d1ba) },
	/* MovieParam2 */
	{ 0xd1ca, EOS_BLOB, EOS_FORM_LIST, 0, .word = 0, BYTES(bytes_d1ca) },
	/* LvViewTypeSelect */
	{ 0xd1bc, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 1, LIST(list_d1bc) },
	/* EVFRecordStatus */
	{ 0xd1b8, EOS_WORD, EOS_FORM_LIST, 0, .word = 0 },
	/* FocusInfoEx */
	{ 0xd1d3, EOS_BLOB, EOS_FORM_OPAQUE, 0, .word = 0, BYTES(bytes_d1d3) },
	/* LensName */
	{ 0xd1d8, EOS_TEXT, EOS_FORM_VALUE, 0, .word = 0, .size = 64, .bytes = "EF-S18-55mm f/3.5-5.6 III" },
	/* FlavorLUTParams */
	{ 0xd17f, EOS_NO_VALUE, EOS_FORM_VALUE, 0, .word = 0 },
	/* ExposureSimMode */
	{ 0xd1b7, EOS_WORD, EOS_FORM_VALUE, 0, .word = 0 },
	{ 0xd1b9, EOS_BLOB, EOS_FORM_OPAQUE, 0, .word = 0, BYTES(bytes_d1b9) },
	/* StroboWirelessSetting */
	{ 0xd1db, EOS_BLOB, EOS_FORM_OPAQUE, 0, .word = 0, BYTES(bytes_d1db) },
	/* StroboFiring */
	{ 0xd1dc, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0, LIST(list_d1dc) },
	/* CADarkBright */
	{ 0xd1df, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0, LIST(list_d1df) },
	/* MirrorDownStatus */
	{ 0xd1bd, EOS_WORD, EOS_FORM_VALUE, 0, .word = 0 },
	/* AloMode */
	{ 0xd1c1, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0, LIST(list_d10d) },
	/* FlashChargingState */
	{ 0xd1c0, EOS_WORD, EOS_FORM_VALUE, 0, .word = 0 },
	/* MirrorLockupState */
	{ 0xd1bf, EOS_WORD, EOS_FORM_OPAQUE, 0, .word = 0 },
	/* ErrorForDisplay */
	{ 0xd1c4, EOS_WORD, EOS_FORM_VALUE, 0, .word = 0 },
	/* FixedMovie */
	{ 0xd1c2, EOS_WORD, EOS_FORM_VALUE, 0, .word = 0 },
	/* AEModeMovie */
	{ 0xd1c5, EOS_WORD, EOS_FORM_LIST, 0, .word = 0 },
	/* MultiAspect */
	{ 0xd194, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0, LIST(list_d194) },
	/* MovieSoundRecord */
	{ 0xd195, EOS_WORD, EOS_FORM_LIST, 0, .word = 2 },
	/* MovieRecordVolume */
	{ 0xd196, EOS_WORD, EOS_FORM_OPAQUE, 0, .word = 0x2f },
	/* WindCut */
	{ 0xd197, EOS_WORD, EOS_FORM_LIST, 0, .word = 0 },
	/* ExtenderType */
	{ 0xd198, EOS_WORD, EOS_FORM_VALUE, 0, .word = 0xff },
	/* BuiltinStroboMode */
	{ 0xd1c6, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0, LIST(list_d1dc) },
	/* StroboETTL2Metering */
	{ 0xd1c8, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 0, LIST(list_d1bc) },
	/* UTCTime */
	{ 0xd17c, EOS_WORD, EOS_FORM_OPAQUE, EOS_WRITABLE | EOS_ANY_WORD, .word = 0x5373bd06 },
	/* Timezone */
	{ 0xd17d, EOS_BLOB, EOS_FORM_LIST, 0, .word = 0, BYTES(bytes_d17d), LIST(list_d17d), .list_words = 3 },
	/* Summertime */
	{ 0xd17e, EOS_WORD, EOS_FORM_LIST, EOS_WRITABLE, .word = 1, LIST(list_d1bc) },
	/* UnknownPropD14D */
	{ 0xd14d, EOS_NO_VALUE, EOS_FORM_OPAQUE, 0, .word = 0 },
	/* UnknownPropD19D */
	{ 0xd19d, EOS_NO_VALUE, EOS_FORM_VALUE, 0, .word = 0 },
	/* AEModeDial */
	{ 0xd138, EOS_WORD, EOS_FORM_VALUE, 0, .word = 2 },
};
const size_t eos1200d_num_properties = ARRAY_LENGTH(eos1200d_properties);

/* Those without a function are listed by the body and refused by the simulator. */
static const struct ptp_operation operations[] = {
	{ 0x1014, PTP_GETS, 1, ptp_get_property_desc }, /* GetDevicePropDesc */
	{ 0x1015, PTP_GETS, 1, ptp_get_property_value }, /* GetDevicePropValue */
	{ 0x1016, PTP_SENDS, 1, ptp_set_property_value }, /* SetDevicePropValue */
	{ 0x1001, PTP_SESSIONLESS | PTP_GETS, 0, ptp_get_device_info }, /* GetDeviceInfo */
	{ 0x1002, PTP_SESSIONLESS, 1, ptp_open_session }, /* OpenSession */
	{ 0x1003, 0, 0, ptp_close_session }, /* CloseSession */
	{ 0x1006, 0, 1, ptp_get_num_objects }, /* GetNumObjects */
	{ 0x1004, PTP_GETS, 0, ptp_get_storage_ids }, /* GetStorageIDs */
	{ 0x9101, PTP_GETS, 0, ptp_get_storage_ids }, /* GetStorageIDs */
	{ 0x1005, PTP_GETS, 1, ptp_get_storage_info }, /* GetStorageInfo */
	{ 0x9102, PTP_GETS, 1, ptp_get_storage_info }, /* GetStorageInfo */
	{ 0x1007, PTP_GETS, 1, ptp_get_object_handles }, /* GetObjectHandles */
	{ 0x1008, PTP_GETS, 1, ptp_get_object_info }, /* GetObjectInfo */
	{ 0x9103, PTP_GETS, 1, ptp_get_object_info }, /* GetObjectInfo */
	{ 0x1009, PTP_GETS, 1, ptp_get_object }, /* GetObject */
	{ 0x9104, PTP_GETS, 1, ptp_get_object }, /* GetObject */
	{ 0x100a, PTP_GETS, 1, ptp_get_thumb }, /* GetThumb */
	{ 0x101b, PTP_GETS, 3, ptp_get_partial_object }, /* GetPartialObject */
	{ 0x9107, PTP_GETS, 3, ptp_get_partial_object }, /* GetPartialObject */
	{ 0x100c, PTP_SENDS, 1, ptp_send_object_info }, /* SendObjectInfo */
	{ 0x100d, PTP_SENDS, 0, ptp_send_object }, /* SendObject */
	{ 0x100b, 0, 1, ptp_delete_object }, /* DeleteObject */
	{ 0x9105, 0, 1, ptp_delete_object }, /* DeleteObject */
	{ .code = 0x100f }, /* FormatStore */
	{ .code = 0x9106 }, /* FormatStore */
	{ 0x9110, PTP_SENDS | PTP_REMOTE, 0, eos_set_property }, /* SetDevicePropValueEx */
	{ 0x9127, PTP_REMOTE, 1, eos_request_property }, /* RequestDevicePropValue */
	{ .code = 0x910b }, /* SendPartialObject */
	{ 0x9108, PTP_GETS, 0, eos_get_device_info_ex }, /* GetDeviceInfoEx */
	{ 0x9109, PTP_GETS, 2, eos_get_object_info_ex }, /* GetObjectInfoEx */
	{ 0x910c, 0, 2, eos_set_object_attributes }, /* SetObjectAttributes */
	{ .code = 0x910e }, /* SetObjectTime */
	{ 0x910f, PTP_REMOTE, 0, eos_release }, /* RemoteRelease */
	{ 0x9115, 0, 1, eos_set_event_mode }, /* SetEventMode */
	{ 0x9114, 0, 1, eos_set_remote_mode }, /* SetRemoteMode */
	{ 0x9113, 0, 0, eos_get_remote_mode }, /* GetRemoteMode */
	{ 0x9116, PTP_GETS | PTP_REMOTE, 0, eos_get_event }, /* GetEvent */
	{ 0x9117, 0, 1, eos_transfer_complete }, /* TransferComplete */
	{ .code = 0x9120 }, /* TransferCompleteDT */
	{ .code = 0x91f0 }, /* TransferCompleteFTP */
	{ 0x9118, 0, 1, eos_transfer_complete }, /* CancelTransfer */
	{ .code = 0x9121 }, /* CancelTransferDT */
	{ .code = 0x91f1 }, /* CancelTransferFTP */
	{ 0x911d, 0, 0, eos_nothing }, /* KeepDeviceOn */
	{ 0x910a, PTP_GETS, 1, ptp_get_thumb }, /* GetThumbEx */
	{ 0x911b, PTP_REMOTE, 0, eos_set_ui_lock }, /* SetUILock */
	{ 0x911c, PTP_REMOTE, 0, eos_reset_ui_lock }, /* ResetUILock */
	{ 0x911e, 0, 0, eos_nothing }, /* SetNullPacketMode */
	{ 0x911a, PTP_REMOTE, 3, eos_host_capacity }, /* PCHDDCapacity */
	{ 0x9153, PTP_GETS | PTP_REMOTE, 1, eos_view }, /* GetViewFinderData */
	{ 0x9154, PTP_REMOTE, 0, eos_af }, /* DoAf */
	{ 0x9160, PTP_REMOTE, 0, eos_af_cancel }, /* AfCancel */
	{ 0x9155, PTP_REMOTE, 1, eos_drive_lens }, /* DriveLens */
	{ .code = 0x9157 }, /* ClickWB */
	{ 0x9158, PTP_REMOTE, 1, eos_zoom }, /* Zoom */
	{ 0x9159, PTP_REMOTE, 2, eos_zoom_position }, /* ZoomPosition */
	{ .code = 0x915a }, /* SetLiveAfFrame */
	{ .code = 0x911f }, /* UpdateFirmware */
	{ .code = 0x91fe }, /* FAPIMessageTX */
	{ .code = 0x91ff }, /* FAPIMessageRX */
	{ 0x9128, PTP_REMOTE, 1, eos_release_on }, /* RemoteReleaseOn */
	{ 0x9129, PTP_REMOTE, 1, eos_release_off }, /* RemoteReleaseOff */
	{ .code = 0x912d },
	{ .code = 0x912e },
	{ .code = 0x912f },
	{ .code = 0x912c }, /* GetPartialObjectEx */
	{ 0x9130, PTP_REMOTE, 0, eos_nothing }, /* ResetMirrorLockupState */
	{ .code = 0x9131 }, /* PopupBuiltinFlash */
	{ .code = 0x9132 }, /* EndGetPartialObjectEx */
	{ .code = 0x9133 }, /* MovieSelectSWOn */
	{ .code = 0x9134 }, /* MovieSelectSWOff */
	{ .code = 0x912b }, /* ChangePhotoStudioMode */
	{ .code = 0x9135 }, /* GetCTGInfo */
	{ .code = 0x9136 }, /* GetLensAdjust */
	{ .code = 0x9137 }, /* SetLensAdjust */
	{ .code = 0x9138 }, /* ReadyToSendMusic */
	{ .code = 0x9139 }, /* CreateHandle */
	{ .code = 0x913a }, /* SendPartialObjectEx */
	{ .code = 0x913b }, /* EndSendPartialObjectEx */
	{ .code = 0x913c }, /* SetCTGInfo */
	{ .code = 0x91da },
	{ .code = 0x91db },
	{ .code = 0x91dc },
	{ .code = 0x91dd },
	{ .code = 0x91de },
	{ .code = 0x91d8 },
	{ .code = 0x91d9 },
	{ .code = 0x91d7 },
	{ .code = 0x91d5 },
	{ .code = 0x9801 },
	{ .code = 0x9802 },
	{ .code = 0x9803 },
	{ .code = 0x9804 },
	{ .code = 0x9805 },
	{ .code = 0x9052 },
	{ .code = 0x9053 },
	{ .code = 0x9057 },
	{ .code = 0x9058 },
	{ .code = 0x9059 },
	{ .code = 0x905a },
	{ .code = 0x905f },
	{ 0x9125, PTP_REMOTE, 0, eos_bulb_start }, /* BulbStart */
	{ 0x9126, PTP_REMOTE, 0, eos_bulb_end }, /* BulbEnd */
};

static const uint16_t events[] = { 0x4009, 0x4004, 0x4005, 0x4003, 0x4002, 0x4007, 0xc101 };
/* The few standard properties, apart from the EOS ones. */
static const int64_t battery_levels[] = { 100, 0, 75, 0, 50 };
static const struct ptp_property properties[] = {
	{ 0xd402, PTP_TEXT, .text = "Canon EOS 1200D" },
	{ 0xd407, PTP_UINT32, .number = 1 },
	{ 0xd406, PTP_TEXT, .writable = true, .text = "Unknown Initiator" },
	{ 0xd303, PTP_UINT8, .number = 1 },
	{ STANDARD_BATTERY, PTP_UINT8, .number = 100, .form = PTP_FORM_LIST, .list = battery_levels,
		.num_list = ARRAY_LENGTH(battery_levels) },
};
static const uint16_t capture_formats[] = { 0x3801 };
static const uint16_t image_formats[] = { 0x3001, 0x3002, 0x3006, 0x300a, 0x3008, 0x3801, 0xb101,
	0xb103, 0xbf02, 0x3800, 0xb104, 0xb105 };

/* clang-format on */
static int start(struct sim_camera *camera, struct orc_error *err)
{
	(void)err;
	eos_start(camera, eos1200d_properties, eos1200d_num_properties);
	return 0;
}

const struct sim_body body_eos1200d = {
	.name = "eos1200d",
	.vendor = 0x04a9,
	.product = 0x327f,
	.manufacturer = "Canon Inc.",
	.model = "Canon EOS 1200D",
	.version = "3-1.0.0",
	.serial = "53f444dfb783410c922e75d39ab76f23",
	.ptp_version = 100,
	.extension_id = 0xb,
	.extension_version = 100,
	.operations = operations,
	.num_operations = ARRAY_LENGTH(operations),
	.events = SIM_CODES(events),
	.properties = properties,
	.num_properties = ARRAY_LENGTH(properties),
	.capture_formats = SIM_CODES(capture_formats),
	.image_formats = SIM_CODES(image_formats),
	.card_size = 15923150848,
	.card_folder = "100CANON",
	.storage = EOS_STORAGE,
	.name_max = sizeof("IMG_0001.JPG") - 1, /* its own lists have room for no more */
	.picture_prefix = "IMG_",
	.raw_suffix = "CR2",
	.make_raw = picture_raw,
	.start = start,
	.stop = eos_stop,
	.session_closed = eos_session_closed,
	.switched_off = eos_switched_off,
	.meter = eos_meter,
	.describe = eos_describe,
	.bulb_opened = eos_bulb_opened,
	.exposed = eos_exposed,
	.file_stored = eos_tell_added,
	.file_waits = eos_tell_transfer,
	.shot_done = eos_shot_done,
	.frame_begin = eos_frame_begin,
	.frame_end = eos_frame_end,
	.no_frame = EOS_NOT_READY,
	.remote = eos_remote,
	.press = eos_press,
	.hold = eos_hold,
	.turn = eos_turn,
	.not_remote = EOS_REFUSED,
	.object_removed = eos_object_removed,
	.object_sent = eos_update_space,
};
