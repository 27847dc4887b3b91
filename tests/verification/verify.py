"""Holds our measures and judges against other people's code, and prints both side by side.

    python tests/verification/verify.py ENVIRONMENT [--write]

builds a virtual environment there (once; about 2 GB) with what the requirements name, lets that
code take its figures on the seeded arrays, takes ours, and fails where they differ by more than one
part in a million. ``--write`` keeps the others' figures as the goldens of the ordinary tests.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
GOLDENS = HERE / "goldens.json"
NEAR = 1e-6
"""Of one another, relative; float32 kernels of the onsets, flow and networks apart."""
FLOAT32 = 1e-4
LOOSE = ("onset", "motion", "PANNs", "VGGish")


def main() -> int:
    """Prints the table; 1 where something differs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("environment", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    python = environment(options.environment)
    theirs = json.loads(subprocess.check_output([python, HERE / "independent.py"], text=True))
    if options.write:
        GOLDENS.write_text(json.dumps(theirs, indent=1) + "\n", encoding="utf-8")
    import ours

    made = ours.figures()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.check_call([python, HERE / "networks.py", folder])
        networks, heard = ours_heard(Path(folder))
    wrong = 0
    for package, figures in [*theirs.items(), *networks.items()]:
        for what, figure in figures.items():
            mine = (made | heard)[what]
            good = close(what, figure, mine)
            wrong += not good
            print(f"{package:32} {what:36} {short(figure):>24} {short(mine):>24} {mark(good)}")
    return 1 if wrong else 0


def environment(folder: Path) -> Path:
    """The Python of the environment, which is built if it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        install = [python, "-m", "pip", "install", "--quiet"]
        subprocess.check_call([*install, "-r", HERE / "requirements.txt"])
        subprocess.check_call([*install, "--no-deps", "-r", HERE / "requirements-alone.txt"])
    return python


def ours_heard(folder: Path) -> tuple[dict[str, dict[str, object]], dict[str, object]]:
    """What the authors' networks gave in a folder, by package; and what our judges give."""
    from diffava_foley.evaluation.judges import open_judge

    wave = np.load(folder / "wave.npy")
    theirs: dict[str, dict[str, object]] = {}
    heard: dict[str, object] = {}
    for kind, name in (("panns", "PANNs"), ("vggish", "VGGish")):
        verdict = open_judge(f"{kind}:{folder / kind}.pth", device="cpu").hear(wave, 16_000)
        with np.load(folder / f"{kind}.npz") as saved:
            for what in ("logits", "embeddings"):
                if what in saved:
                    figures = theirs.setdefault(str(saved["package"]), {})
                    figures[f"{name} {what}"] = saved[what].ravel().tolist()
                    heard[f"{name} {what}"] = getattr(verdict, what).ravel().tolist()
    return theirs, heard


def close(what: str, figure: object, mine: object) -> bool:
    """Whether two figures, or lists of them, are the same but for rounding."""
    theirs, ours = np.array(figure), np.array(mine)
    if theirs.shape != ours.shape:
        return False
    allowed = FLOAT32 if what.startswith(LOOSE) else NEAR
    return bool(np.abs(theirs - ours).max() <= allowed * max(np.abs(theirs).max(), 1e-12))


def short(figure: object) -> str:
    """A figure, or how long a list is and what it adds up to."""
    if isinstance(figure, list):
        return f"{len(figure)} adding up to {sum(figure):.6g}"
    return f"{figure:.12g}"


def mark(good: bool) -> str:
    """How the comparison went."""
    return "same" if good else "DIFFERS"


if __name__ == "__main__":
    sys.exit(main())
