/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Nikon D750: its operations and properties, as the real body lists them. */
#include "simcam/nikon.h"

/*
 * Facts of the real body, in its own order, in program P with the 24-85 mm lens on it. Four
 * departures: one card slot, JPEG alone instead of what the body was left at, nobody's name, and a NEF
 * of 5184x3456, which is the other body's sensor.
 */
/* Tables read by their rows. */
/* clang-format off */
#define RW                  .writable = true
#define RO                  .writable = false
#define LIST(name)       .form = PTP_FORM_LIST, .list = name, .num_list = ARRAY_LENGTH(name)
#define TEXTS(name)      .form = PTP_FORM_LIST, .texts = name, .num_list = ARRAY_LENGTH(name)
#define RANGE(from, to, by) .form = PTP_FORM_RANGE, .minimum = from, .maximum = to, .step = by
#define BLANK            "                                    "

static const char *const sizes[] = { "6016x4016", "4512x3008", "3008x2008" };
static const int64_t list_5004[] = {
	0, 1, 2, 4, 5, 6, 7,
};
static const int64_t list_5005[] = {
	2, 4, 5, 6, 7, 32784, 32785, 32786, 32787,
};
static const int64_t list_5007[] = {
	350, 400, 450, 500, 560, 630, 710, 800, 900, 1000, 1100, 1300, 1400, 1600, 1800, 2000,
	2200,
};
static const int64_t list_500a[] = {
	1, 32784, 32785, 32786, 32787,
};
static const int64_t list_500b[] = {
	2, 3, 4, 32784,
};
static const int64_t list_500c[] = {
	2, 4, 32784, 32785, 32786, 32787,
};
static const int64_t list_500d[] = {
	2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 31, 40, 50, 62, 80, 100, 125, 166, 200, 250, 333,
	400,
};
static const int64_t list_500e[] = {
	1, 2, 3, 4, 32784, 32790, 32792, 32793, 32848, 32849,
};
static const int64_t list_500f[] = {
	50, 64, 80, 100, 125, 160, 200, 250, 320, 400, 500, 640, 800, 1000, 1250, 1600, 2000,
	2500, 3200, 4000, 5000, 6400, 8000, 10000, 12800, 16000, 20000, 25600, 51200,
};
static const int64_t list_5010[] = {
	-5000, -4666, -4333, -4000, -3666, -3333, -3000, -2666, -2333, -2000, -1666, -1333,
	-1000, -666, -333, 0, 333, 666, 1000, 1333, 1666, 2000, 2333, 2666, 3000, 3333, 3666,
	4000, 4333, 4666, 5000,
};
static const int64_t list_5013[] = {
	1, 2, 32784, 32785, 32786, 32790, 32792,
};
static const int64_t list_501c[] = {
	2, 32784, 32785, 32786, 32787, 32788, 32789,
};
static const int64_t list_d061[] = {
	0, 2, 3, 4,
};
static const int64_t list_d100[] = {
	69536, 68736, 68036, 67536, 67136, 66786, 66536, 66336, 66176, 66036, 65936, 65856,
	65786, 65736, 65696, 65661, 65636, 65616, 65596, 65586, 65576, 65566, 65561,
};
static const int64_t list_d197[] = {
	0, 1,
};
static const int64_t list_d1a8[] = {
	69536, 68736, 68036, 67536, 67136, 66786, 66536, 66336, 66176, 66036, 65936, 65856,
	65786, 65736, 65696, 65661, 65636, 65616, 65596,
};
static const int64_t list_d1aa[] = {
	100, 125, 160, 200, 250, 320, 400, 500, 640, 800, 1000, 1250, 1600, 2000, 2500, 3200,
	4000, 5000, 6400, 8000, 10000, 12800, 16000, 20000, 25600, 51200,
};
static const int64_t list_d1ab[] = {
	-3000, -2666, -2333, -2000, -1666, -1333, -1000, -666, -333, 0, 333, 666, 1000, 1333,
	1666, 2000, 2333, 2666, 3000,
};
static const int64_t list_d1ac[] = {
	1, 2,
};
static const int64_t list_d1af[] = {
	2, 3, 32784,
};
static const int64_t list_d200[] = {
	1, 2, 3, 4, 5, 6, 7, 201, 202, 203, 204, 205, 206, 207, 208, 209,
};
static const int64_t list_d237[] = {
	1, 2, 3, 4, 5, 6, 7, 100, 201, 202, 203, 204, 205, 206, 207, 208, 209,
};
static const int64_t list_d23a[] = {
	2, 4, 5, 6, 32784, 32785, 32786, 32787, 32789,
};

static const struct ptp_property properties[] = {
	{ STANDARD_BATTERY, PTP_UINT8, RANGE(1, 100, 1), .number = 60 }, /* BatteryLevel */
	{ 0x5003, PTP_TEXT, RW, .text = "6016x4016", TEXTS(sizes) }, /* ImageSize */
	{ 0x5004, PTP_UINT8, RW, LIST(list_5004), .number = 2 }, /* CompressionSetting */
	{ 0x5005, PTP_UINT16, RW, LIST(list_5005), .number = 2 }, /* WhiteBalance */
	{ 0x5007, PTP_UINT16, LIST(list_5007), .number = 350 }, /* FNumber */
	{ 0x5008, PTP_UINT32, RANGE(2400, 8500, 1), .number = 2400 }, /* FocalLength */
	{ 0x500a, PTP_UINT16, LIST(list_500a), .number = 32786 }, /* FocusMode */
	{ 0x500b, PTP_UINT16, RW, LIST(list_500b), .number = 3 }, /* ExposureMeteringMode */
	{ 0x500c, PTP_UINT16, RW, LIST(list_500c), .number = 32784 }, /* FlashMode */
	{ 0x500d, PTP_UINT32, LIST(list_500d), .number = 400 }, /* ExposureTime */
	{ 0x500e, PTP_UINT16, LIST(list_500e), .number = 2 }, /* ExposureProgramMode */
	{ 0x500f, PTP_UINT16, RW, LIST(list_500f), .number = 200 }, /* ExposureIndex */
	{ 0x5010, PTP_INT16, RW, LIST(list_5010) }, /* ExposureBiasCompensation */
	{ 0x5011, PTP_TEXT, RW }, /* DateTime */
	{ 0x5013, PTP_UINT16, LIST(list_5013), .number = 1 }, /* StillCaptureMode */
	{ 0x5018, PTP_UINT16, RW, RANGE(1, 100, 1), .number = 1 }, /* BurstNumber */
	{ 0x501c, PTP_UINT16, RW, LIST(list_501c), .number = 32785 }, /* FocusMeteringMode */
	{ 0x501e, PTP_TEXT, RO }, /* Artist */
	{ 0x501f, PTP_TEXT, RO }, /* CopyrightInfo */
	{ 0xd303, PTP_UINT8, .number = 1 }, /* UseDeviceStageFlag */
	{ 0xd406, PTP_TEXT, RW, .text = "Windows/6.0.5330.0 MTPClassDriver/6.0.5330.0" },
		/* MTP_SessionInitiatorInfo */
	{ 0xd407, PTP_UINT32, .number = 1 }, /* MTP_PerceivedDeviceType */
	{ 0xd015, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* ResetBank0 */
	{ 0xd016, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* RawCompression */
	{ 0xd017, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* WhiteBalanceAutoBias */
	{ 0xd018, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* WhiteBalanceTungstenBias */
	{ 0xd019, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 },
		/* WhiteBalanceFluorescentBias */
	{ 0xd01a, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* WhiteBalanceDaylightBias */
	{ 0xd01b, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* WhiteBalanceFlashBias */
	{ 0xd01c, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* WhiteBalanceCloudyBias */
	{ 0xd01d, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* WhiteBalanceShadeBias */
	{ 0xd01e, PTP_UINT16, RW, RANGE(2500, 10000, 10), .number = 5000 },
		/* WhiteBalanceColorTemperature */
	{ 0xd01f, PTP_UINT8, RW, RANGE(1, 6, 1), .number = 1 }, /* WhiteBalancePresetNo */
	{ 0xd021, PTP_TEXT, RW, .text = BLANK }, /* WhiteBalancePresetName1 */
	{ 0xd022, PTP_TEXT, RW, .text = BLANK }, /* WhiteBalancePresetName2 */
	{ 0xd023, PTP_TEXT, RW, .text = BLANK }, /* WhiteBalancePresetName3 */
	{ 0xd024, PTP_TEXT, RW, .text = BLANK }, /* WhiteBalancePresetName4 */
	{ 0xd026, PTP_UINT32, .number = 32702807 }, /* WhiteBalancePresetVal1 */
	{ 0xd027, PTP_UINT32, .number = 32702807 }, /* WhiteBalancePresetVal2 */
	{ 0xd028, PTP_UINT32, .number = 32702807 }, /* WhiteBalancePresetVal3 */
	{ 0xd029, PTP_UINT32, .number = 32702807 }, /* WhiteBalancePresetVal4 */
	{ 0xd02e, PTP_UINT8, RW, RANGE(0, 40, 1) }, /* NonCPULensDataFocalLength */
	{ 0xd02f, PTP_UINT8, RW, RANGE(0, 22, 1) }, /* NonCPULensDataMaximumAperture */
	{ 0xd030, PTP_UINT8, RW, RANGE(0, 3, 1) }, /* ShootingMode */
	{ 0xd031, PTP_UINT8, RW, RANGE(0, 1, 1), .number = 1 }, /* JPEG_Compression_Policy */
	{ 0xd032, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* ColorSpace */
	{ 0xd033, PTP_UINT8, RW, RANGE(0, 1, 1), .number = 1 }, /* AutoDXCrop */
	{ 0xd034, PTP_UINT8, RW, RANGE(0, 2, 1), .number = 2 }, /* FlickerReduction */
	{ 0xd037, PTP_UINT8, RW, RANGE(0, 6, 1), .number = 255 }, /* EffectMode */
	{ 0xd038, PTP_TEXT, RW, .text = BLANK }, /* WhiteBalancePresetName5 */
	{ 0xd039, PTP_TEXT, RW, .text = BLANK }, /* WhiteBalancePresetName6 */
	{ 0xd03a, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* WhiteBalanceTunePreset5 */
	{ 0xd03b, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* WhiteBalanceTunePreset6 */
	{ 0xd03c, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* WhiteBalancePresetProtect5 */
	{ 0xd03d, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* WhiteBalancePresetProtect6 */
	{ 0xd03e, PTP_UINT32, .number = 32702807 }, /* WhiteBalancePresetValue5 */
	{ 0xd03f, PTP_UINT32, .number = 32702807 }, /* WhiteBalancePresetValue6 */
	{ 0xd045, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* ResetBank */
	{ 0xd048, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* A1AFCModePriority */
	{ 0xd049, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* A2AFSModePriority */
	{ 0xd04f, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* FocusAreaWrap */
	{ 0xd051, PTP_UINT8, RW, RANGE(0, 5, 1), .number = 2 }, /* AFLockOn */
	{ 0xd053, PTP_UINT8, RW, RANGE(0, 1, 1), .number = 1 }, /* EnableCopyright */
	{ 0xd054, PTP_UINT8, RW, RANGE(0, 1, 1), .number = 1 }, /* ISOAuto */
	{ 0xd055, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* EVISOStep */
	{ 0xd056, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* EVStep */
	{ 0xd059, PTP_UINT8, RW, RANGE(0, 4, 1), .number = 1 }, /* CenterWeightArea */
	{ 0xd05a, PTP_INT8, RW, RANGE(-6, 6, 1) }, /* ExposureBaseMatrix */
	{ 0xd05b, PTP_INT8, RW, RANGE(-6, 6, 1) }, /* ExposureBaseCenter */
	{ 0xd05c, PTP_INT8, RW, RANGE(-6, 6, 1) }, /* ExposureBaseSpot */
	{ 0xd05d, PTP_UINT8, RW, RANGE(0, 3, 1), .number = 1 }, /* LiveViewAFArea */
	{ 0xd061, PTP_UINT8, RW, LIST(list_d061) }, /* LiveViewAFFocus */
	{ 0xd067, PTP_INT32, .number = 4521080 }, /* AngleLevel */
	{ 0xd068, PTP_UINT8, RW, RANGE(0, 5, 1), .number = 3 }, /* D1ShootingSpeed */
	{ 0xd069, PTP_UINT8, RW, RANGE(1, 100, 1), .number = 100 }, /* D2MaximumShots */
	{ 0xd06a, PTP_UINT8, RW, RANGE(0, 3, 1), .number = 3 }, /* ExposureDelayMode */
	{ 0xd06b, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* LongExposureNoiseReduction */
	{ 0xd06c, PTP_UINT8, RW, RANGE(0, 2, 1), .number = 1 }, /* FileNumberSequence */
	{ 0xd070, PTP_UINT8, RW, RANGE(0, 3, 1), .number = 2 }, /* NrHighISO */
	{ 0xd072, PTP_TEXT, RW }, /* ArtistName */
	{ 0xd073, PTP_TEXT, RW }, /* CopyrightInfo */
	{ 0xd074, PTP_UINT8, RW, RANGE(0, 7, 1), .number = 2 }, /* FlashSyncSpeed */
	{ 0xd075, PTP_UINT8, RW, RANGE(0, 11, 1) }, /* FlashShutterSpeed */
	{ 0xd078, PTP_UINT8, RW, RANGE(0, 4, 1) }, /* BracketSet */
	{ 0xd07a, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* BracketOrder */
	{ 0xd07d, PTP_INT32, .number = -1 }, /* AngleLevelPitching */
	{ 0xd07e, PTP_INT32, .number = -1 }, /* AngleLevelYawing */
	{ 0xd087, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* ApertureSetting */
	{ 0xd08a, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* NoCFCard */
	{ 0xd08d, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* AFAreaPoint */
	{ 0xd08f, PTP_UINT8, RW, RANGE(0, 3, 1), .number = 3 }, /* CleanImageSensor */
	{ 0xd090, PTP_TEXT, RW, .text = BLANK }, /* ImageCommentString */
	{ 0xd091, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* ImageCommentEnable */
	{ 0xd092, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* ImageRotation */
	{ 0xd093, PTP_UINT8, RW, RANGE(0, 8, 1) }, /* ManualSetLensNo */
	{ 0xd09c, PTP_UINT8, RANGE(0, 1, 1) }, /* RetractableLensWarning */
	{ 0xd0a0, PTP_UINT8, RW, RANGE(0, 6, 1) }, /* MovScreenSize */
	{ 0xd0a2, PTP_UINT8, RW, RANGE(0, 5, 1) }, /* MovMicrophone */
	{ 0xd0a3, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* MovFileSlot */
	{ 0xd0a4, PTP_UINT32, RO }, /* MovRecProhibitCondition */
	{ 0xd0a7, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* MovQuality */
	{ 0xd0a8, PTP_UINT8, RW, RANGE(1, 20, 1), .number = 15 },
		/* MovRecordMicrophoneLevelValue */
	{ 0xd0aa, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* MovWindNoiseReduction */
	{ 0xd0ab, PTP_UINT16, .number = 32894 },
	{ 0xd0ac, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* MovRecordingZone */
	{ 0xd0ad, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* MovISOAutoControl */
	{ 0xd0ae, PTP_UINT8, RW, RANGE(0, 29, 1), .number = 24 }, /* MovISOAutoHighLimit */
	{ 0xd0b5, PTP_UINT32, .number = 5000 }, /* ISOControlSensitivity */
	{ 0xd0c0, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* Bracketing */
	{ 0xd0c1, PTP_UINT8, RANGE(0, 5, 1), .number = 3 }, /* AutoExposureBracketStep */
	{ 0xd0c2, PTP_UINT8, RANGE(0, 7, 1) }, /* AutoExposureBracketProgram */
	{ 0xd0c3, PTP_UINT8, RANGE(1, 1, 1), .number = 1 }, /* AutoExposureBracketCount */
	{ 0xd0c4, PTP_UINT8, RANGE(0, 2, 1) }, /* WhiteBalanceBracketStep */
	{ 0xd0c5, PTP_UINT8, RANGE(0, 2, 1), .number = 2 }, /* WhiteBalanceBracketProgram */
	{ 0xd0c6, PTP_UINT8, RANGE(0, 3, 1) }, /* ADLBracketingPattern */
	{ 0xd0c7, PTP_UINT8, RANGE(0, 4, 1) }, /* ADLBracketingStep */
	{ 0xd0e0, PTP_UINT16, .number = 180 }, /* LensID */
	{ 0xd0e1, PTP_UINT8, RANGE(0, 1, 1), .number = 1 }, /* LensSort */
	{ 0xd0e2, PTP_UINT8, .number = 39 }, /* LensType */
	{ 0xd0e3, PTP_UINT32, .number = 2400 }, /* FocalLengthMin */
	{ 0xd0e4, PTP_UINT32, .number = 8500 }, /* FocalLengthMax */
	{ 0xd0e5, PTP_UINT16, .number = 350 }, /* MaxApAtMinFocalLength */
	{ 0xd0e6, PTP_UINT16, .number = 450 }, /* MaxApAtMaxFocalLength */
	{ 0xd0f7, PTP_UINT8, RW, RANGE(0, 3, 1), .number = 1 }, /* VignetteCtrl */
	{ 0xd0f8, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* AutoDistortionControl */
	{ 0xd0f9, PTP_UINT8, RW, RANGE(0, 18, 1), .number = 255 }, /* SceneMode */
	{ 0xd0fc, PTP_UINT8, RANGE(0, 28, 1), .number = 19 }, /* UserMode */
	{ 0xd0fd, PTP_UINT8, RANGE(0, 28, 1), .number = 19 }, /* SceneMode2 */
	{ 0xd100, PTP_UINT32, LIST(list_d100), .number = 65561 }, /* ExposureTime */
	{ 0xd101, PTP_UINT8, RANGE(0, 1, 1) }, /* ACPower */
	{ 0xd102, PTP_UINT8, RO }, /* WarningStatus */
	{ 0xd104, PTP_UINT8, RANGE(0, 1, 1) }, /* AFLockStatus */
	{ 0xd105, PTP_UINT8, RANGE(0, 1, 1) }, /* AELockStatus */
	{ 0xd106, PTP_UINT8, RANGE(0, 1, 1) }, /* FVLockStatus */
	{ 0xd108, PTP_UINT8, RW, RANGE(0, 51, 1) }, /* AutofocusArea */
	{ 0xd109, PTP_INT8, RW, RANGE(-30, 30, 2) }, /* FlexibleProgram */
	{ 0xd10b, PTP_UINT8, RW, RANGE(0, 2, 1) }, /* RecordingMedia */
	{ 0xd10e, PTP_UINT8, RANGE(0, 3, 1), .number = 1 }, /* CameraOrientation */
	{ 0xd120, PTP_UINT8, RANGE(0, 1, 1) }, /* ExternalFlashAttached */
	{ 0xd121, PTP_UINT8, RANGE(0, 1, 1) }, /* ExternalFlashStatus */
	{ 0xd122, PTP_UINT8, RANGE(0, 3, 1) }, /* ExternalFlashSort */
	{ 0xd124, PTP_INT8, RANGE(-18, 18, 1) }, /* ExternalFlashCompensation */
	{ 0xd125, PTP_UINT8, RANGE(0, 7, 1) }, /* NewExternalFlashMode */
	{ 0xd126, PTP_INT8, RW, RANGE(-18, 6, 2) }, /* FlashExposureCompensation */
	{ 0xd12d, PTP_UINT8, RANGE(0, 1, 1) }, /* ExternalFlashMultiFlashMode */
	{ 0xd130, PTP_UINT8, RW, RANGE(0, 2, 1) }, /* HDRMode */
	{ 0xd132, PTP_UINT8, RW, RANGE(0, 4, 1), .number = 3 }, /* MTP_ZUNE_UNKNOWN2 */
	{ 0xd141, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* WBAutoType */
	{ 0xd148, PTP_UINT8, RW, RANGE(0, 2, 1), .number = 2 }, /* Slot2SaveMode */
	{ 0xd149, PTP_UINT8, RW, RANGE(0, 1, 1), .number = 1 }, /* RawBitMode */
	{ 0xd14e, PTP_UINT8, RW, RANGE(0, 5, 1), .number = 4 }, /* ActiveDLighting */
	{ 0xd14f, PTP_UINT8, RW, RANGE(0, 6, 1), .number = 3 }, /* FlourescentType */
	{ 0xd150, PTP_UINT8, RW, RANGE(0, 48, 1), .number = 24 }, /* TuneColourTemperature */
	{ 0xd152, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* TunePreset1 */
	{ 0xd153, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* TunePreset2 */
	{ 0xd154, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* TunePreset3 */
	{ 0xd155, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* TunePreset4 */
	{ 0xd158, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* WBPresetProtect1 */
	{ 0xd159, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* WBPresetProtect2 */
	{ 0xd15a, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* WBPresetProtect3 */
	{ 0xd15b, PTP_UINT16, RANGE(100, 999, 1), .number = 100 }, /* ActiveFolder */
	{ 0xd15c, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* WBPresetProtect4 */
	{ 0xd15d, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* WhiteBalanceReset */
	{ 0xd161, PTP_UINT8, RW, RANGE(0, 4, 1), .number = 2 }, /* AutofocusMode */
	{ 0xd163, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* AFAssist */
	{ 0xd164, PTP_UINT8, RW, RANGE(0, 29, 1), .number = 29 }, /* PADVPMode */
	{ 0xd167, PTP_UINT8, RW, RANGE(0, 3, 1) }, /* FlashMode */
	{ 0xd16a, PTP_UINT8, RW, RANGE(0, 1, 1), .number = 1 }, /* ISO_Auto */
	{ 0xd183, PTP_UINT8, RW, RANGE(0, 29, 1), .number = 24 }, /* ISOAutoHiLimit */
	{ 0xd197, PTP_UINT8, RW, LIST(list_d197) }, /* MovieReleaseButton */
	{ 0xd1a2, PTP_UINT8, RANGE(0, 1, 1) }, /* LiveViewStatus */
	{ 0xd1a3, PTP_UINT8, RW, RANGE(0, 7, 1) }, /* LiveViewImageZoomRatio */
	{ 0xd1a4, PTP_UINT32, RO }, /* LiveViewProhibitCondition */
	{ 0xd1a5, PTP_UINT8, LIST(list_d197) }, /* LiveViewExposurePreview */
	{ 0xd1a6, PTP_UINT8, LIST(list_d197) }, /* LiveViewSelector */
	{ 0xd1a8, PTP_UINT32, LIST(list_d1a8), .number = 69536 }, /* MovieShutterSpeed */
	{ 0xd1a9, PTP_UINT16, LIST(list_5007), .number = 350 }, /* MovieFNumber */
	{ 0xd1aa, PTP_UINT32, RW, LIST(list_d1aa), .number = 100 }, /* MovieISO */
	{ 0xd1ab, PTP_INT16, LIST(list_d1ab) }, /* MovieExposureBiasCompensation */
	{ 0xd1ac, PTP_UINT8, RW, LIST(list_d1ac), .number = 2 }, /* LiveViewMovieMode */
	{ 0xd1af, PTP_UINT16, LIST(list_d1af), .number = 3 }, /* MovieExposureMeteringMode */
	{ 0xd1b0, PTP_UINT8, RANGE(0, 3, 1) }, /* ExposureDisplayStatus */
	{ 0xd1b1, PTP_INT8, RANGE(-60, 60, 1) }, /* ExposureIndicateStatus */
	{ 0xd1b2, PTP_UINT8, RANGE(0, 1, 1) }, /* InfoDispErrStatus */
	{ 0xd1b3, PTP_UINT8, RANGE(0, 1, 1), .number = 1 }, /* ExposureIndicateLightup */
	{ 0xd1b4, PTP_UINT8, RANGE(0, 100, 1), .number = 10 }, /* ContinousShootingCount */
	{ 0xd1c0, PTP_UINT8, RANGE(0, 1, 1) }, /* FlashOpen */
	{ 0xd1c1, PTP_UINT8, RANGE(0, 1, 1) }, /* FlashCharged */
	{ 0xd1f0, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* ApplicationMode */
	{ 0xd1f1, PTP_UINT16, RANGE(0, 65535, 1), .number = 553 }, /* ExposureRemaining */
	{ 0xd1f2, PTP_UINT8, RANGE(0, 3, 1), .number = 3 }, /* ActiveSlot */
	{ 0xd1f4, PTP_INT8, RW, RANGE(-2, 2, 1) }, /* ISOAutoShutterCorrectionTime */
	{ 0xd200, PTP_UINT16, RW, LIST(list_d200), .number = 1 }, /* ActivePicCtrlItem */
	{ 0xd201, PTP_UINT16, .form = PTP_FORM_LIST }, /* ChangePicCtrlItem */
	{ 0xd20e, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* MovieResetShootingMenu */
	{ 0xd20f, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* MovieCaptureAreaCrop */
	{ 0xd210, PTP_UINT8, RW, RANGE(0, 1, 1), .number = 1 }, /* MovieAutoDxCrop */
	{ 0xd211, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* MovieWbAutoType */
	{ 0xd212, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* MovieWbTuneAuto */
	{ 0xd213, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* MovieWbTuneIncandescent */
	{ 0xd214, PTP_UINT8, RW, RANGE(0, 6, 1), .number = 3 }, /* MovieWbFlourescentType */
	{ 0xd215, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* MTP_ZUNE_UNKNOWN3 */
	{ 0xd216, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* MTP_ZUNE_UNKNOWN4 */
	{ 0xd217, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 },
	{ 0xd218, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* MovieWbTuneCloudy */
	{ 0xd219, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* MovieWbTuneShade */
	{ 0xd21a, PTP_UINT16, RW, RANGE(2500, 10000, 10), .number = 5000 }, /* MovieWbColorTemp */
	{ 0xd21b, PTP_UINT8, RW, RANGE(0, 48, 1), .number = 24 }, /* MovieWbTuneColorTemp */
	{ 0xd21c, PTP_UINT8, RW, RANGE(1, 6, 1), .number = 1 }, /* MovieWbPresetData0 */
	{ 0xd21d, PTP_TEXT, RW, .text = BLANK }, /* MovieWbPresetDataComment1 */
	{ 0xd21e, PTP_TEXT, RW, .text = BLANK }, /* MovieWbPresetDataComment2 */
	{ 0xd21f, PTP_TEXT, RW, .text = BLANK }, /* MovieWbPresetDataComment3 */
	{ 0xd220, PTP_TEXT, RW, .text = BLANK }, /* MovieWbPresetDataComment4 */
	{ 0xd221, PTP_TEXT, RW, .text = BLANK }, /* MovieWbPresetDataComment5 */
	{ 0xd222, PTP_TEXT, RW, .text = BLANK }, /* MovieWbPresetDataComment6 */
	{ 0xd223, PTP_UINT32, .number = 32702807 }, /* MovieWbPresetDataValue1 */
	{ 0xd224, PTP_UINT32, .number = 32702807 }, /* MovieWbPresetDataValue2 */
	{ 0xd225, PTP_UINT32, .number = 32702807 }, /* MovieWbPresetDataValue3 */
	{ 0xd226, PTP_UINT32, .number = 32702807 }, /* MovieWbPresetDataValue4 */
	{ 0xd227, PTP_UINT32, .number = 32702807 }, /* MovieWbPresetDataValue5 */
	{ 0xd228, PTP_UINT32, .number = 32702807 }, /* MovieWbPresetDataValue6 */
	{ 0xd229, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* MovieWbTunePreset1 */
	{ 0xd22a, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* MovieWbTunePreset2 */
	{ 0xd22b, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* MovieWbTunePreset3 */
	{ 0xd22c, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* MovieWbTunePreset4 */
	{ 0xd22d, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* MovieWbTunePreset5 */
	{ 0xd22e, PTP_UINT16, RW, RANGE(0, 1224, 1), .number = 612 }, /* MovieWbTunePreset6 */
	{ 0xd22f, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* MovieWbPresetProtect1 */
	{ 0xd230, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* MovieWbPresetProtect2 */
	{ 0xd231, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* MovieWbPresetProtect3 */
	{ 0xd232, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* MovieWbPresetProtect4 */
	{ 0xd233, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* MovieWbPresetProtect5 */
	{ 0xd234, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* MovieWbPresetProtect6 */
	{ 0xd235, PTP_UINT8, RW, RANGE(0, 1, 1) }, /* MovieWhiteBalanceReset */
	{ 0xd236, PTP_UINT8, RW, RANGE(0, 3, 1), .number = 2 }, /* MovieNrHighISO */
	{ 0xd237, PTP_UINT16, RW, LIST(list_d237), .number = 100 }, /* MovieActivePicCtrlItem */
	{ 0xd238, PTP_UINT16, .form = PTP_FORM_LIST }, /* MovieChangePicCtrlItem */
	{ 0xd239, PTP_INT8, RW, RANGE(-6, 6, 1) }, /* ExposureBaseCompHighlight */
	{ 0xd23a, PTP_UINT16, RW, LIST(list_d23a), .number = 32789 }, /* MovieWhiteBalance */
};

/* Those without a function are listed by the body and refused by the simulator. */
static const struct ptp_operation operations[] = {
	{ 0x1001, PTP_SESSIONLESS | PTP_GETS, 0, ptp_get_device_info }, /* GetDeviceInfo */
	{ 0x1002, PTP_SESSIONLESS, 1, ptp_open_session }, /* OpenSession */
	{ 0x1003, 0, 0, ptp_close_session }, /* CloseSession */
	{ 0x1004, PTP_GETS, 0, ptp_get_storage_ids }, /* GetStorageIDs */
	{ 0x1005, PTP_GETS, 1, ptp_get_storage_info }, /* GetStorageInfo */
	{ 0x1006, 0, 1, ptp_get_num_objects }, /* GetNumObjects */
	{ 0x1007, PTP_GETS, 1, ptp_get_object_handles }, /* GetObjectHandles */
	{ 0x1008, PTP_GETS, 1, ptp_get_object_info }, /* GetObjectInfo */
	{ 0x1009, PTP_GETS | PTP_WHEN_READY, 1, nikon_get_object }, /* GetObject */
	{ 0x100a, PTP_GETS, 1, ptp_get_thumb }, /* GetThumb */
	{ 0x100b, PTP_WHEN_READY, 1, ptp_delete_object }, /* DeleteObject */
	{ 0x100c, PTP_SENDS | PTP_WHEN_READY, 1, ptp_send_object_info }, /* SendObjectInfo */
	{ 0x100d, PTP_SENDS, 0, ptp_send_object }, /* SendObject */
	{ 0x100e, PTP_WHEN_READY, 0, nikon_initiate_capture }, /* InitiateCapture */
	{ .code = 0x100f }, /* FormatStore */
	{ 0x1014, PTP_GETS, 1, ptp_get_property_desc }, /* GetDevicePropDesc */
	{ 0x1015, PTP_GETS, 1, ptp_get_property_value }, /* GetDevicePropValue */
	{ 0x1016, PTP_SENDS | PTP_WHEN_READY, 1, ptp_set_property_value }, /* SetDevicePropValue */
	{ 0x101b, PTP_GETS | PTP_WHEN_READY, 3, ptp_get_partial_object }, /* GetPartialObject */
	{ 0x90c0, PTP_WHEN_READY, 0, nikon_capture_sdram }, /* InitiateCaptureRecInSdram */
	{ 0x90c1, PTP_WHEN_READY, 0, nikon_af }, /* AfDrive */
	{ 0x90c2, PTP_WHEN_READY, 1, nikon_set_mode }, /* ChangeCameraMode */
	{ 0x90c3, 0, 1, nikon_delete_sdram }, /* DelImageSDRAM */
	{ 0x90c4, PTP_GETS, 1, ptp_get_thumb }, /* GetLargeThumb */
	{ 0x90c7, PTP_GETS, 0, nikon_get_event }, /* GetEvent */
	{ 0x90c8, 0, 0, nikon_device_ready }, /* DeviceReady */
	{ .code = 0x90c9 }, /* SetPreWBData */
	{ 0x90ca, PTP_GETS, 0, nikon_get_vendor_codes }, /* GetVendorPropCodes */
	{ 0x90cb, PTP_WHEN_READY, 0, nikon_af_capture_sdram }, /* AfAndCaptureRecInSdram */
	{ .code = 0x90cc }, /* GetPictCtrlData */
	{ .code = 0x90cd }, /* SetPictCtrlData */
	{ .code = 0x90ce }, /* DelCstPicCtrl */
	{ .code = 0x90cf }, /* GetPicCtrlCapability */
	{ 0x9201, PTP_WHEN_READY, 0, nikon_start_view }, /* StartLiveView */
	{ 0x9202, PTP_WHEN_READY, 0, nikon_end_view }, /* EndLiveView */
	{ 0x9203, PTP_GETS, 0, nikon_view_image }, /* GetLiveViewImg */
	{ 0x9204, PTP_WHEN_READY, 2, nikon_drive_lens }, /* MfDrive */
	{ 0x9205, PTP_WHEN_READY, 2, nikon_af_area }, /* ChangeAfArea */
	{ 0x9206, 0, 0, nikon_af_cancel }, /* AfDriveCancel */
	{ 0x9207, PTP_WHEN_READY, 2, nikon_capture_media }, /* InitiateCaptureRecInMedia */
	{ 0x9209, PTP_GETS, 0, ptp_get_storage_ids }, /* GetVendorStorageIDs */
	{ .code = 0x920a }, /* StartMovieRecInCard */
	{ .code = 0x920b }, /* EndMovieRec */
	{ 0x920c, 0, 2, nikon_terminate }, /* TerminateCapture */
	{ .code = 0x9400 },
	{ .code = 0x9402 },
	{ .code = 0x9403 },
	{ .code = 0x9404 },
	{ .code = 0x9405 },
	{ .code = 0x9406 },
	{ .code = 0x9407 },
	{ .code = 0x9408 },
	{ .code = 0x9409 },
	{ .code = 0x940a },
	{ .code = 0x940b },
	{ 0x940c, 0, 0, nikon_delete_sdram }, /* CancelImagesInSDRAM */
	{ .code = 0x940d },
	{ .code = 0x940e },
	{ .code = 0x940f },
	{ .code = 0x9410 },
};

static const uint16_t events[] = { 0x4001, 0x4002, 0x4003, 0x4004, 0x4005, 0x4006, 0x4007, 0x4008,
	0x4009, 0x400a, 0x400c, 0x400d, 0xc101, 0xc102, 0xc105 };
static const uint16_t capture_formats[] = { 0x3801, 0x3000 };
static const uint16_t image_formats[] = { 0x3801, 0x3000, 0x3001, 0x3008, 0x380d, 0x3006, 0x3002,
	0x300d };
/* clang-format on */

const struct sim_body body_d750 = {
	.name = "d750",
	.vendor = 0x04b0,
	.product = 0x0437,
	.manufacturer = "Nikon Corporation",
	.model = "D750",
	.version = "V1.00f",
	.serial = "00000000000000000000000006012345",
	.ptp_version = 100,
	.extension_id = 0xa,
	.extension_version = 100,
	.extension_text = "Microsoft.com/DeviceServices: ",
	.operations = operations,
	.num_operations = ARRAY_LENGTH(operations),
	.events = SIM_CODES(events),
	.capture_formats = SIM_CODES(capture_formats),
	.image_formats = SIM_CODES(image_formats),
	.properties = properties,
	.num_properties = ARRAY_LENGTH(properties),
	.num_hidden = 217, /* from ResetBank0 on */
	.card_size = 31625052160,
	.card_folder = "100D750_",
	.storage = NIKON_STORAGE,
	.storage_label = "NIKON D750  [Slot 1]",
	.storage_access = 2, /* nothing but deleting */
	.picture_prefix = "DSC_",
	.raw_suffix = "NEF",
	.make_raw = picture_nef,
	.start = nikon_start,
	.stop = nikon_stop,
	.session_closed = nikon_session_closed,
	.switched_off = nikon_session_closed,
	.property_now = nikon_property_now,
	.property_read = nikon_property_read,
	.property_changed = nikon_property_changed,
	.meter = standard_meter,
	.describe = nikon_describe,
	.exposed = nikon_go_on,
	.file_stored = nikon_file_stored,
	.file_waits = nikon_file_waits,
	.shot_done = nikon_shot_done,
	.frame_begin = nikon_frame_begin,
	.no_frame = PTP_DEVICE_BUSY,
	.ready = nikon_ready,
	.press = nikon_press,
	.turn = nikon_turn,
	.object_removed = nikon_object_removed,
};
