"""The Lua of Resolve 21.1's free edition: real Lua, what is gone taken away.

What is gone and what is left is [yeet]'s list (see stand_in.py), confirmed there on a real install:
no io, os.execute, os.remove, os.rename, require, package, ffi, debug, and print is muted; loadfile,
setfenv, os.getenv, os.time and bmd.fileexists are left. ``dofile`` is not on either list, and is
taken away. The objects answer as userdata, and lists count from 1 and carry another key [hush].
"""

from pathlib import Path
from typing import Any

from lupa import lua51, luajit21
from plugins.resolve.stand_in import Resolve, Scripted

RUNTIMES = {"lua 5.1": lua51, "luajit": luajit21}
GONE = ("io", "require", "package", "ffi", "debug", "module", "dofile", "print", "python")
LEFT_OF_OS = ("getenv", "time", "clock", "date")


class Sandbox:
    """A Lua in which the scripts of the menu are run."""

    def __init__(self, resolve: Resolve | None, runtime: str = "luajit") -> None:
        self._lupa = RUNTIMES[runtime]
        self._lua = self._lupa.LuaRuntime(unpack_returned_tuples=True)
        names = self._lua.globals()
        names.os = self._lua.table(**{name: names.os[name] for name in LEFT_OF_OS})
        for name in GONE:
            names[name] = None
        names.bmd = self._lua.table(fileexists=lambda path: Path(path).is_file())
        names.resolve = self._face(resolve)

    def run(self, script: Path) -> None:
        """Runs a script as the menu does."""
        self._lua.execute(script.read_text(encoding="utf-8"))

    def _face(self, value: Any) -> Any:
        """A value of the stand-in as Lua sees it."""
        if isinstance(value, Scripted):
            return Face(self, value)
        if isinstance(value, list):
            table = self._lua.table(*map(self._face, value))
            table["__flags"] = 256
            return table
        return value

    def _back(self, value: Any) -> Any:
        """A value of Lua as the stand-in takes it."""
        if isinstance(value, Face):
            return value.inside
        if self._lupa.lua_type(value) != "table":
            return value
        if value[1] is not None:
            return [self._back(value[n]) for n in range(1, len(value) + 1)]
        return {key: self._back(item) for key, item in value.items()}


class Face:
    """One API object in Lua; a method is called on it with a colon."""

    def __init__(self, sandbox: Sandbox, inside: Scripted) -> None:
        self.sandbox, self.inside = sandbox, inside

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inside, name)
        if not callable(found):
            return self.sandbox._face(found)

        def method(_self: "Face", *arguments: Any) -> Any:
            assert _self is self, f"{name} was called with a dot"
            return self.sandbox._face(found(*map(self.sandbox._back, arguments)))

        return method
