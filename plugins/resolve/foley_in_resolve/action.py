"""What the menu entry does: the cut goes out, its foley comes in."""

import os
import traceback

from . import app, report, tracks, window
from .command import Command
from .export import export, picture
from .journal import Journal
from .placing import place
from .problems import Problem, Stopped
from .sheet import read

PASSED_OVER = "passed over: {clip} on {track}: {reason}"


def start(names, command, folder):
    """Runs the action with what Resolve gives a menu script; whatever goes wrong is told."""
    journal = Journal(folder)
    journal.write("started")
    try:
        resolve = app.reach(names)
    except Problem as problem:
        journal.write(str(problem))
        print("{}: {}".format(window.TITLE, problem))
        return
    dialog = _dialog(names, resolve)
    try:
        text, is_good = foley(app.open_cut(resolve), dialog, journal, command, folder)
    except Stopped:
        text, is_good = "Stopped. What was finished is kept; start it again to go on.", True
    except Problem as problem:
        text, is_good = str(problem), False
    except Exception as error:
        journal.write(traceback.format_exc())
        text = "{}: {}. The log {} says more.".format(type(error).__name__, error, journal.path)
        is_good = False
    journal.write(text)
    dialog.tell(text, is_good)
    dialog.close()


def foley(cut, dialog, journal, command, folder):
    """What is to be told at the end, and whether it is good news."""
    report.remove(cut.timeline)
    exported, seen = export(cut, folder), picture(cut)
    finished = _make(exported, dialog, journal, command)
    for clip in finished["passed_over"]:
        journal.write(PASSED_OVER.format(**clip))
    if finished["output"] is None:
        reasons = ["{}: {}".format(f["clip"], f["reason"]) for f in finished["failed"]]
        raise Problem("No sound could be made. " + " ".join(reasons))
    sheet = read(_sheet_path(exported))
    app.bring_back(cut)
    _check(cut, sheet, seen)
    at = cut.timeline.GetCurrentTimecode()
    outcome = place(cut, sheet, folder, dialog.show)
    cut.timeline.SetCurrentTimecode(at)
    text = report.words(cut, outcome, finished["failed"], finished["passed_over"])
    for name in tracks.switched_off(cut):
        text += "\nThe track {} is switched off and not heard.".format(name)
    if outcome.dropped:
        text += "\n" + _import(cut, sheet.output, dialog, text)
    return text, not (outcome.dropped or finished["failed"])


def _dialog(names, resolve):
    """A window in Studio; elsewhere a marker, since asking for windows opens a sales notice."""
    found = window.windows_of(names, resolve) if app.is_studio(resolve) else None
    if found is not None:
        return window.Window(*found)

    def leave(text, is_good):
        project = resolve.GetProjectManager().GetCurrentProject()
        timeline = project.GetCurrentTimeline() if project is not None else None
        if timeline is not None:
            report.leave(timeline, text, is_good)

    return window.NoWindow(leave)


def _make(exported, dialog, journal, command):
    """The command's last event, after its sounds are made."""
    output, shots, done = os.path.splitext(exported)[0] + "-foley.otio", 0, 0
    arguments = [command, "batch", exported, "-o", output, "--overwrite", "--json"]
    arguments += ["--track-name", tracks.NAME, "--cue-sheet", _sheet_path(exported)]
    journal.write(" ".join(arguments))
    last = {}
    dialog.show("Reading the timeline", 0, 0)
    with Command(arguments) as running:
        while running.running():
            for last in running.events():
                kind = last["event"]
                shots = len(last["shots"]) if kind == "planned" else shots
                done += kind in ("shot_done", "shot_failed")
                if kind not in ("downloading", "step_done"):
                    journal.write(kind + " " + last.get("caption", ""))
                if kind == "weights_chosen":
                    dialog.show("Loading " + last["title"], done, shots)
                elif kind == "downloading":
                    dialog.show("Fetching weights", last["done_bytes"], last["total_bytes"] or 0)
                elif kind in ("shot_started", "shot_done"):
                    dialog.show("Making " + last["caption"], done, shots)
            dialog.breathe()
        running.code()
        if last.get("event") != "finished":
            said = last.get("message") if last.get("event") == "error" else running.last_words()
            raise Problem("diffava-foley: " + (said or "it ended without a word"))
    return last


def _sheet_path(exported):
    return os.path.splitext(exported)[0] + "-foley.json"


def _check(cut, sheet, seen):
    """Refuses a cut that is another one than the sounds were made for."""
    if picture(cut) != seen:
        raise Problem(
            "The picture was cut while the sounds were made; start this again. Only what changed is"
            " made anew."
        )
    if sheet.rate != cut.rate:
        raise Problem(
            "The timeline runs at {:.3f} frames a second and its export at {:.3f}; import {} by"
            " File > Import > Timeline.".format(float(cut.rate), float(sheet.rate), sheet.output)
        )


def _import(cut, path, dialog, text):
    """What became of the offer to import the new timeline instead."""
    by_hand = "File > Import > Timeline brings all of it: {}".format(path)
    if not dialog.ask(text + "\n\nImport the new timeline, with all sounds?", "Import", "No"):
        return by_hand
    count = cut.project.GetTimelineCount() or 0
    names = [cut.project.GetTimelineByIndex(n).GetName() for n in range(1, count + 1)]
    name, number = cut.name + " foley", 1
    while name in names:  # Resolve imports nothing under a name that is taken, and says nothing
        number += 1
        name = "{} foley {}".format(cut.name, number)
    options = {"timelineName": name, "importSourceClips": True}
    if cut.pool.ImportTimelineFromFile(path, options) is None:
        return "Resolve did not import it; save the project first. " + by_hand
    return "The timeline {} was imported, with all sounds.".format(name)
