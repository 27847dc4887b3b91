"""Values as Lua writes them, in plain ASCII: any text is safe in them and survives as it is."""

from collections.abc import Mapping, Sequence

from diffava_foley.store import JSON


def lua(value: JSON) -> str:
    """A value as Lua writes it."""
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + "".join(_byte(byte) for byte in value.encode()) + '"'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"[{lua(key)}] = {lua(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence):
        return "{" + ", ".join(map(lua, value)) + "}"
    return repr(value)


def _byte(byte: int) -> str:
    plain = 0x20 <= byte < 0x7F and byte not in b'"\\'
    return chr(byte) if plain else f"\\{byte:03d}"
