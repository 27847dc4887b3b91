"""The timelines in ``tests/samples``, and copies of them in which every clip asks for a sound."""

import json
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "samples"
OTIO = (".otio", ".otioz", ".json")
FILES = sorted(path for path in SAMPLES.glob("*/*") if path.is_file() and path.suffix in OTIO)
NAMES = {f"{path.parent.name}/{path.name}" for path in FILES}


def captioned(name: str, folder: Path) -> Path:
    """A copy of a sample in which every clip has a marker, its media elsewhere."""
    content = json.loads((SAMPLES / name).read_text())
    mark = {"start_time": _time(0), "duration": _time(0), "OTIO_SCHEMA": "TimeRange.1"}
    waiting = [content]
    while waiting:
        value = waiting.pop()
        waiting += value.values() if isinstance(value, dict) else value
        waiting = [v for v in waiting if isinstance(v, dict | list)]
        if isinstance(value, dict) and str(value.get("OTIO_SCHEMA")).startswith("Clip."):
            marker = {"OTIO_SCHEMA": "Marker.2", "name": "x", "marked_range": mark}
            value["markers"] = [marker | {"metadata": {}, "color": "RED"}]
    path = folder / Path(name).name
    path.write_text(json.dumps(content))
    return path


def _time(value):
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": 24, "value": value}
