"""The command as a process beside Blender, which tells what happens in lines of JSON."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

Event = dict[str, Any]

LAST_WORDS = 4
"""Lines of the log that are shown when the command ends without saying why."""
NOT_FOR_OTHER_PYTHONS = ("PYTHONHOME", "PYTHONPATH")


class Job:
    """A command that was started; ``ended`` says when, ``events`` what it told since last asked."""

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self.log = log
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w", encoding="utf-8") as file:
            file.write(subprocess.list2cmdline(command) + "\n")
        with log.open("ab") as file:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=file,
                env=_environment(),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        assert self._process.stdout is not None
        # A thread reads, for pipes that do not block are another thing on every system.
        self._reader = threading.Thread(
            target=_read, args=(self._process.stdout, self._events), daemon=True
        )
        self._reader.start()

    @property
    def ended(self) -> bool:
        """Whether it has ended and told everything."""
        return self._process.poll() is not None and not self._reader.is_alive()

    @property
    def exit_code(self) -> int:
        """0 if all is well; only after it ended."""
        return self._process.wait()

    def events(self) -> Iterator[Event]:
        """What it told since last asked; does not wait."""
        while True:
            try:
                yield self._events.get_nowait()
            except queue.Empty:
                return

    def wait(self) -> None:
        """Waits until it has ended."""
        self._process.wait()
        self._reader.join()

    def stop(self) -> None:
        """Asks it to end; finished takes are kept. Asked again, it is ended for good."""
        if self._process.poll() is not None:
            return
        asked, self._asked = getattr(self, "_asked", False), True
        if asked:
            self._process.kill()
        elif sys.platform == "win32":
            self._process.terminate()
        else:
            self._process.send_signal(signal.SIGINT)

    def last_words(self) -> str:
        """The last lines that it wrote to its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[1:]
        return " / ".join(line.strip() for line in lines[-LAST_WORDS:] if line.strip())


def _read(stdout: IO[bytes], events: "queue.SimpleQueue[Event]") -> None:
    with stdout:
        for line in stdout:
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict) and "event" in event:
                events.put(event)


def _environment() -> dict[str, str]:
    """Blender's environment without what it may hold for Blender's own Python."""
    return {name: value for name, value in os.environ.items() if name not in NOT_FOR_OTHER_PYTHONS}
