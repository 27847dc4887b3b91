"""What a run has told so far."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Event = dict[str, Any]


@dataclass
class Progress:
    """What is known of a run, as its events come in."""

    shots: dict[str, Event] = field(default_factory=dict)
    """The shots that were planned, by id."""
    takes: dict[str, Sequence[Event]] = field(default_factory=dict)
    """The takes of the shots that are done, the best first."""
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    weights: Event = field(default_factory=dict)
    error: str = ""
    """Why the run could not go on."""
    finished: bool = False
    text: str = "reading the cut"
    failed: set[str] = field(default_factory=set)
    _share: float = 0.0
    """How much of the shot at hand is done."""

    @property
    def fraction(self) -> float:
        """How much is done, from 0 to 1."""
        done = len(self.takes) + len(self.failed)
        return min(1.0, (done + self._share) / len(self.shots)) if self.shots else 0.0

    def hear(self, event: Event) -> None:
        """Takes in an event; kinds that are not known are passed over."""
        kind = event["event"]
        if hearer := getattr(self, f"_{kind}", None):
            hearer(event)

    def _downloading(self, event: Event) -> None:
        done, total = event.get("done_bytes") or 0, event.get("total_bytes") or 0
        self.text = f"downloading the weights, {done >> 20} of {total >> 20} MiB"

    def _weights_chosen(self, event: Event) -> None:
        self.weights = event

    def _planned(self, event: Event) -> None:
        self.shots = {shot["id"]: shot for shot in event["shots"]}

    def _shot_started(self, event: Event) -> None:
        self._share = 0.0
        self._tell(event["id"])

    def _step_done(self, event: Event) -> None:
        self._share = event["step"] / max(1, event["steps"])
        self._tell(event["id"], f", step {event['step']} of {event['steps']}")

    def _shot_done(self, event: Event) -> None:
        self._share = 0.0
        self.takes[event["id"]] = event["takes"]
        self.warnings += [f"{event['clip']}: {warning}" for warning in event.get("warnings", ())]
        self._tell(event["id"])

    def _shot_failed(self, event: Event) -> None:
        self._share = 0.0
        self.failed.add(event["id"])
        self.problems.append(f"{event['clip']} “{event['caption']}”: {event['reason']}")

    def _finished(self, _: Event) -> None:
        self.finished = True

    def _error(self, event: Event) -> None:
        self.error = event["message"]

    def _tell(self, shot: str, more: str = "") -> None:
        number = list(self.shots).index(shot) + 1 if shot in self.shots else 1
        caption = self.shots.get(shot, {}).get("caption", "")
        self.text = f"{number} of {len(self.shots)}: “{caption}”{more}"
