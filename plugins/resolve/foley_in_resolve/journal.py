"""A log file that tells what happened, for when nobody saw the window."""

import io
import os
import time

NAME = "resolve.log"


class Journal:
    """Lines in a file, each with its time. Where none can be written, the action goes on."""

    def __init__(self, folder):
        self.path = os.path.join(folder, NAME)

    def write(self, text):
        """Adds the text to the file."""
        stamp = time.strftime("%Y-%m-%d %H:%M:%S")
        try:
            with io.open(self.path, "a", encoding="utf-8") as file:
                file.writelines("{} {}\n".format(stamp, line) for line in text.splitlines())
        except OSError:
            pass
