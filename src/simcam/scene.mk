# The pictures of the simulated camera: live view frames, stills, CR2.
noinst_LTLIBRARIES += src/simcam/libscene.la
src_simcam_libscene_la_SOURCES = \
	src/simcam/buffer.c src/simcam/buffer.h \
	src/simcam/canvas.c src/simcam/canvas.h \
	src/simcam/exif.c src/simcam/exif.h \
	src/simcam/font.c src/simcam/font.h \
	src/simcam/jpeg-write.c src/simcam/jpeg-write.h \
	src/simcam/landscape.c src/simcam/landscape.h \
	src/simcam/ljpeg.c src/simcam/ljpeg.h \
	src/simcam/movers.c \
	src/simcam/picture.c src/simcam/picture.h src/simcam/picture-parts.h \
	src/simcam/raw.c src/simcam/raw-sensor.c src/simcam/raw.h \
	src/simcam/scene.c src/simcam/scene.h src/simcam/scene-parts.h \
	src/simcam/source.c src/simcam/source-rows.c src/simcam/source.h \
	src/simcam/strip.c src/simcam/strip.h \
	src/simcam/tiff.c src/simcam/tiff.h \
	src/simcam/tone.c src/simcam/tone.h
# Every pixel of 18 million passes through here: worth the vectoriser.
src_simcam_libscene_la_CFLAGS = $(STRICT_CFLAGS) $(JPEG_CFLAGS) -O3
src_simcam_libscene_la_LIBADD = src/base/libbase.la $(JPEG_LIBS) -lpthread -lm
