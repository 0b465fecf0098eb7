# JPEG frames, on libjpeg.
