"""A stand-in for Fusion's UIManager and UIDispatcher, as scripts in public repositories use them.

``StepLoop`` returns at once and may raise KeyError for an event nobody listens to (Kaitoi's panel,
Resolve 21). No Resolve was run for it.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

PATIENCE = 200
"""Steps without an answer to a question after which a test is taken to be stuck."""


class Stuck(BaseException):
    """Nobody presses anything any more; not an Exception, since the window passes those over."""


class Widgets:
    """Fusion's UIManager: every name is a kind of widget."""

    def __getattr__(self, kind: str) -> Callable[..., SimpleNamespace]:
        def made(*arguments: Any) -> SimpleNamespace:
            fields = next((a for a in arguments if isinstance(a, dict)), {})
            children = next((a for a in arguments if isinstance(a, list)), [])
            return SimpleNamespace(kind=kind, children=children, **fields)

        return made


class Handlers:
    """``window.On``: a place for handlers under every name."""

    def __init__(self) -> None:
        self.by_id: dict[str, SimpleNamespace] = {}

    def __getattr__(self, name: str) -> SimpleNamespace:
        return self.by_id.setdefault(name, SimpleNamespace())


class Shown:
    """A window."""

    def __init__(self, fields: dict[str, Any], root: SimpleNamespace) -> None:
        self.id, self.On, self.visible = fields["ID"], Handlers(), False
        self.widgets = list(_all(root))

    def GetItems(self) -> dict[str, SimpleNamespace]:
        return {widget.ID: widget for widget in self.widgets if hasattr(widget, "ID")}

    def Show(self) -> None:
        self.visible = True

    def Hide(self) -> None:
        self.visible = False

    @property
    def words(self) -> str:
        return " ".join(str(getattr(w, "PlainText", getattr(w, "Text", ""))) for w in self.widgets)


class Dispatcher:
    """Fusion's UIDispatcher, with a user who presses these buttons as they appear."""

    def __init__(self, presses: list[str], on_step: Callable[[], None] = lambda: None) -> None:
        self.presses, self.on_step = list(presses), on_step
        self.windows: list[Shown] = []
        self.seen: list[str] = []
        self.unanswered = 0

    def AddWindow(self, fields: dict[str, Any], root: SimpleNamespace) -> Shown:
        self.windows.append(Shown(fields, root))
        return self.windows[-1]

    def StepLoop(self) -> None:
        self.on_step()
        shown = next((window for window in self.windows if window.visible), None)
        if shown is None:
            raise KeyError("On")
        self.seen.append(shown.words)
        labels = {w.Text: w.ID for w in shown.widgets if w.kind == "Button"}
        self.unanswered += "Stop" not in labels
        if self.unanswered > PATIENCE:
            raise Stuck(shown.words)
        if self.presses and self.presses[0] in labels:
            shown.On.by_id[labels[self.presses.pop(0)]].Clicked({})
        elif not self.presses and "Stop" not in labels:
            shown.On.by_id[shown.id].Close({})  # nothing more is planned: the user closes it

    @property
    def open_windows(self) -> int:
        return sum(window.visible for window in self.windows)


def _all(widget: SimpleNamespace) -> list[SimpleNamespace]:
    return [widget, *(inner for child in widget.children for inner in _all(child))]
