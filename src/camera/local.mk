# Cameras, on libgphoto2.
