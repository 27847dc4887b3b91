"""What sound files are called: a template such as ``{timeline}_{track}_{clip}_{take}``.

A name holds letters of any language, digits, and ``. _ -``, which every system takes.
"""

import re
import unicodedata
from collections.abc import Mapping
from string import Formatter

from diffava_foley.errors import FoleyError

FIELDS = ("timeline", "track", "clip", "caption", "shot", "take", "seed")
"""What a template may speak of; take and seed are numbers, and the first take is 1."""
LONGEST_FIELD = 60
LONGEST_NAME = 160  # bytes; most systems take 255, some of them in all
UNSAFE = re.compile(r"[^\w.-]+")
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for itself."""
EXAMPLE: Mapping[str, str | int] = {name: name for name in FIELDS} | {"take": 1, "seed": 0}


def check_template(template: str) -> None:
    """Refuses a template that names no file."""
    try:
        unknown = [field for _, field, _, _ in Formatter().parse(template) if _is_unknown(field)]
        if not unknown:
            file_name(template, EXAMPLE)
    except (ValueError, IndexError, KeyError, AttributeError) as error:
        raise FoleyError(f"the name {template!r} cannot be read ({error})") from error
    if unknown:
        known = " ".join(f"{{{name}}}" for name in FIELDS)
        raise FoleyError(f"the name {template!r} speaks of {{{unknown[0]}}}; there is {known}")


def file_name(template: str, fields: Mapping[str, str | int]) -> str:
    """The name that a template makes of these fields, safe on every system."""
    values = {key: _safe(v) if isinstance(v, str) else v for key, v in fields.items()}
    name = UNSAFE.sub("-", template.format_map(values))
    name = name.encode()[:LONGEST_NAME].decode(errors="ignore").strip("._-")
    return f"_{name}" if RESERVED.fullmatch(name) else name or "foley"


def _is_unknown(field: str | None) -> bool:
    return field is not None and field not in FIELDS


def _safe(text: str) -> str:
    return UNSAFE.sub("-", unicodedata.normalize("NFC", text)).strip("-")[:LONGEST_FIELD]
