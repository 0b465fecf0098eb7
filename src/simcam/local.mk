# The simulated camera.
