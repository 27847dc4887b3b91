"""Progress, questions and the report, where the edition has windows, and where it has none.

The window is kept alive by our own loop: a timer does not fire for a Python script in Resolve 21.
"""

import time

from .problems import Stopped

TITLE = "DiffAVA Foley"
BAR = 30
PAUSE = 0.05


class Window:
    """A small window with words, a bar and up to two buttons."""

    def __init__(self, ui, dispatcher):
        self._ui = ui
        self._dispatcher = dispatcher
        self._pressed = None
        self._window = None

    def show(self, text, done, total):
        """Shows how far it is; raises Stopped once Stop was pressed."""
        if self._window is None:
            self._open("Progress", "", ("Stop",))
        part = int(BAR * done / total) if total else 0
        self._items["Text"].Text = text
        self._items["Bar"].Text = "\u25ae" * part + "\u25af" * (BAR - part)
        self.breathe()

    def breathe(self):
        """Lets the window answer; raises Stopped once Stop was pressed."""
        self._step()
        if self._pressed is not None:
            raise Stopped()

    def ask(self, text, yes, no):
        """Whether the user pressed ``yes``."""
        self._open("Question", text, (yes, no))
        return self._answer() == yes

    def tell(self, text, _is_good=True):
        """Shows a text until the user closes it."""
        self._open("Report", text, ("Close",))
        self._answer()

    def close(self):
        """Takes the window away."""
        if self._window is not None:
            self._window.Hide()
            self._window = None

    def _answer(self):
        while self._pressed is None:
            self._step()
        self.close()
        return self._pressed

    def _open(self, name, text, buttons):
        self.close()
        ui, self._pressed = self._ui, None
        window_id = "DiffAVAFoley" + name
        row = [ui.Button({"ID": "B{}".format(n), "Text": b}) for n, b in enumerate(buttons)]
        self._window = self._dispatcher.AddWindow(
            {"ID": window_id, "WindowTitle": TITLE, "Geometry": [300, 200, 560, 240]},
            ui.VGroup(
                [
                    ui.TextEdit({"ID": "Long", "PlainText": text, "ReadOnly": True})
                    if text
                    else ui.Label({"ID": "Text", "Text": "", "WordWrap": True}),
                    ui.Label({"ID": "Bar", "Text": "", "Weight": 0}),
                    ui.HGroup({"Weight": 0}, row),
                ]
            ),
        )
        self._items = self._window.GetItems()
        for number, label in enumerate(buttons):
            self._on("B{}".format(number)).Clicked = self._press(label)
        self._on(window_id).Close = self._press(buttons[-1])
        self._window.Show()

    def _on(self, name):
        return getattr(self._window.On, name)

    def _press(self, label):
        def pressed(_event=None):
            self._pressed = label

        return pressed

    def _step(self):
        try:
            self._dispatcher.StepLoop()
        except Exception:  # Fusion raises KeyError for events that nobody listens to
            pass
        time.sleep(PAUSE)


class NoWindow:
    """The same where the edition has no windows: it asks nothing, and leaves a report."""

    def __init__(self, leave_report):
        self._leave_report = leave_report

    def show(self, text, done, total):
        """Prints how far it is, for the console."""
        print("{}: {} ({} of {})".format(TITLE, text, done, total))

    def breathe(self):
        """Waits a moment."""
        time.sleep(PAUSE)

    def ask(self, _text, _yes, _no):
        """False: nobody can be asked."""
        return False

    def tell(self, text, is_good=True):
        """Prints the text and leaves it on the timeline."""
        print("{}: {}".format(TITLE, text))
        self._leave_report(text, is_good)

    def close(self):
        """Nothing is open."""


def windows_of(names, resolve):
    """Fusion's user interface and its dispatcher, or None if this edition has none."""
    given = (names[key] for key in ("fusion", "fu") if names.get(key) is not None)
    fusion = next(given, None)
    if fusion is None:
        fusion = resolve.Fusion()
    bmd = names.get("bmd")
    ui = getattr(fusion, "UIManager", None)
    if bmd is None or ui is None:
        return None
    dispatcher = bmd.UIDispatcher(ui)
    return (ui, dispatcher) if dispatcher is not None else None
