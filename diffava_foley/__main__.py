"""``python -m diffava_foley``: the same command, found through the installed entry point.

The core never imports ``diffava_foley.cli`` (it is another folder of the source tree), hence the
detour.
"""

import sys
from importlib.metadata import entry_points

if __name__ == "__main__":
    (command,) = entry_points(group="console_scripts", name="diffava-foley")
    sys.exit(command.load()())
