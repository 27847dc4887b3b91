"""Events as lines of JSON, for plugins and scripts; described in docs/events.md."""

import json
import re
from dataclasses import fields, is_dataclass
from fractions import Fraction
from pathlib import Path

import click

from diffava_foley.events import Event
from diffava_foley.store import JSON


def echo_event(event: Event) -> None:
    """Writes one event on a line of standard output, at once."""
    echo_line({"event": event_name(type(event))} | record(event))


def echo_error(message: str) -> None:
    """Writes the line that ends a run which could not go on."""
    echo_line({"event": "error", "message": message})


def event_name(kind: type) -> str:
    """The event's name in JSON: ``shot_done`` for ShotDone."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def record(event: object) -> dict[str, JSON]:
    """The event's fields as JSON has them: seconds as numbers, paths as text."""
    return {field.name: _plain(getattr(event, field.name)) for field in fields(event)}  # type: ignore[arg-type]


def echo_line(content: dict[str, JSON]) -> None:
    """Writes an object on one line, in ASCII so that any reader on any system can decode it."""
    click.echo(json.dumps(content))


def _plain(value: object) -> JSON:
    if isinstance(value, Fraction):
        return round(float(value), 6)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return record(value)
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"no JSON for {type(value).__name__}")
