"""diffava-foley, run as a process whose lines are read as they come."""

import collections
import json
import os
import queue
import signal
import subprocess
import sys
import threading

from .problems import Problem

OF_RESOLVE = ("PYTHON", "LD_", "DYLD_", "QT_", "__PYVENV")
"""What Resolve sets for itself, and what makes another program load Resolve's libraries."""
PATIENCE = 10
"""Seconds for a command to end by itself."""
LAST_LINES = 5


def environment():
    """The environment for another program's process."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(OF_RESOLVE)}
    kept["PYTHONIOENCODING"] = "utf-8"
    return kept


class Command:
    """A running command: its events as they come, and a way to stop it."""

    def __init__(self, arguments):
        self._errors = collections.deque(maxlen=LAST_LINES)
        self._lines = queue.Queue()
        try:
            self._process = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment(),
                **_without_a_console(),
            )
        except OSError as error:
            raise Problem(
                "{} cannot be started ({}); run `diffava-foley plugin install resolve` again, and"
                " then this.".format(arguments[0], error.strerror)
            )
        readers = (
            (self._process.stdout, self._lines.put),
            (self._process.stderr, self._errors.append),
        )
        self._threads = [threading.Thread(target=_read, args=reader) for reader in readers]
        for thread in self._threads:
            thread.daemon = True
            thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        for stream in (self._process.stdout, self._process.stderr):
            stream.close()

    def running(self):
        """Whether more events may come."""
        return any(thread.is_alive() for thread in self._threads) or not self._lines.empty()

    def events(self):
        """The events that came since the last call."""
        while not self._lines.empty():
            event = _event(self._lines.get())
            if event is not None:
                yield event

    def stop(self):
        """Ends the process as Ctrl-C would, so that finished takes are kept."""
        if self._process.poll() is None:
            _interrupt(self._process)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for thread in self._threads:
            thread.join(PATIENCE)

    def last_words(self):
        """What it said last on its error stream."""
        return " ".join(self._errors)

    def code(self):
        """Its exit code, once it has ended."""
        return self._process.wait(PATIENCE)


def _interrupt(process):
    if sys.platform == "win32":
        process.terminate()
    else:
        process.send_signal(signal.SIGINT)


def _read(stream, take):
    for line in iter(stream.readline, b""):
        text = line.decode("utf-8", "replace").strip()
        if text:
            take(text)


def _event(line):
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and "event" in event else None


def _without_a_console():
    if sys.platform != "win32":
        return {}
    return {"creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0x08000000)}
