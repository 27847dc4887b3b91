"""The folders of this machine and this user, and the command that is installed on it."""

import os
import shutil
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from diffava_foley.errors import InstallationError

COMMAND = "diffava-foley"


@dataclass(frozen=True)
class Machine:
    """What decides where an editor keeps its scripts."""

    system: str
    """As ``sys.platform`` has it: darwin, win32 or linux."""
    home: Path
    environment: Mapping[str, str]


def this_machine() -> Machine:
    """The machine and the user that this runs for."""
    return Machine(sys.platform, Path.home(), os.environ)


def installed_command() -> Path:
    """The absolute path of the ``diffava-foley`` that belongs to what is running."""
    name = f"{COMMAND}.exe" if sys.platform == "win32" else COMMAND
    user_scheme = sysconfig.get_preferred_scheme("user")
    folders = (sysconfig.get_path("scripts"), sysconfig.get_path("scripts", user_scheme))
    for folder in folders:
        if (path := Path(folder) / name).is_file():
            return path.absolute()
    found = shutil.which(COMMAND)
    if found is None:
        raise InstallationError(
            f"{folders[0]}: the command {COMMAND} is not there; install diffava-foley again"
        )
    return Path(found).absolute()
