"""Does the sound follow the picture? A test bench whose every moment is known."""
