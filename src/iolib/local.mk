# The libgphoto2 port driver.
