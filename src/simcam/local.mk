# The simulated camera.
include src/simcam/scene.mk
