"""Workspace > Scripts > DiffAVA Foley: makes the foley of the current timeline and places it.

``diffava-foley plugin install resolve`` puts this where Resolve looks, and the paths in.
"""

import sys

COMMAND = "@COMMAND@"  # the installed diffava-foley
FOLDER = "@FOLDER@"  # exports, sounds and the log
MODULES = "@MODULES@"  # the folder with the package foley_in_resolve


def main():
    """Loads the package as it is on the disk now, and starts it."""
    loaded = [name for name in sys.modules if name.split(".")[0] == "foley_in_resolve"]
    for name in loaded:  # Resolve may keep its interpreter across an upgrade of ours
        del sys.modules[name]
    writes_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, MODULES)
    try:
        from foley_in_resolve import action
    finally:
        sys.path.remove(MODULES)
        sys.dont_write_bytecode = writes_bytecode
    action.start(globals(), COMMAND, FOLDER)


if __name__ == "__main__":
    main()
