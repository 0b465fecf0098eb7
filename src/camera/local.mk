# Cameras, on libgphoto2.
noinst_LTLIBRARIES += src/camera/libcamera.la
src_camera_libcamera_la_SOURCES = \
	src/camera/camera.h src/camera/files.h src/camera/settings.h src/camera/shoot.h \
	src/camera/drivers.c src/camera/drivers.h
src_camera_libcamera_la_CFLAGS = $(AM_CFLAGS) $(GPHOTO2_CFLAGS) $(GPHOTO2_PORT_CFLAGS)
src_camera_libcamera_la_LIBADD = src/base/libbase.la src/usbip/libusbip.la \
	$(GPHOTO2_LIBS) $(GPHOTO2_PORT_LIBS)
