"""Whose weights these are: what a folder or a hub card says, or what we know of a repository."""

import re

# The cards of these say so; kept here for copies that come without their card.
KNOWN = {
    "cvssp/audioldm": "CC-BY-NC-SA-4.0",
    "laion/clap": "Apache-2.0",
    "microsoft/xclip": "MIT",
}
UNKNOWN = "unknown"

_FRONT_MATTER = re.compile(r"\A---\s*\n(.*?)\n---", re.DOTALL)
_LICENCE = re.compile(r"^licen[sc]e:\s*['\"]?([\w.+-]+)", re.MULTILINE)


def of_card(card: str) -> str | None:
    """The licence in a model card's front matter, in SPDX's capitals."""
    front = _FRONT_MATTER.match(card)
    found = _LICENCE.search(front.group(1)) if front else None
    return _spdx(found.group(1)) if found else None


def of_repository(repository: str) -> str | None:
    """The licence that we know a hub repository to have."""
    return next((name for prefix, name in KNOWN.items() if repository.startswith(prefix)), None)


def is_non_commercial(licence: str) -> bool:
    """Whether sounds made with such weights must not be used in paid work."""
    return "-NC" in licence.upper()


def _spdx(name: str) -> str:
    if name.lower() == "apache-2.0":
        return "Apache-2.0"
    return name.upper()
