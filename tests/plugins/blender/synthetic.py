"""A command like ``diffava-foley batch --json`` that reads the cut as it does and makes noise.

It needs no weights and no torch: every take is white noise as long as its picture to the sample.
"""

import json
import sys
from pathlib import Path

import numpy as np
import soundfile

from diffava_foley.cli.events import echo_error, echo_line
from diffava_foley.media.windows import sample_count
from diffava_foley.timeline.read import read

SAMPLE_RATE = 48_000


def main() -> None:
    cut, arguments = Path(sys.argv[2]), sys.argv[3:]
    output = Path(arguments[arguments.index("-o") + 1])
    takes = int(arguments[arguments.index("--takes") + 1])
    output.with_suffix(".arguments").write_text(json.dumps(arguments))
    if "--fail" in arguments:
        echo_error("no such weights; check --weights")
        sys.exit(1)
    if "--break" in arguments:
        sys.exit("Segmentation fault, in a way")
    folder = output.with_suffix(".takes")
    folder.mkdir(exist_ok=True)
    shots = read(cut).shots
    echo_line({"event": "weights_chosen", "licence": "CC0-1.0"})
    planned = [
        {
            "id": shot.id,
            "clip": shot.clip,
            "caption": shot.caption,
            "start": round(float(shot.start), 6),
            "duration": round(float(shot.duration), 6),
        }
        for shot in shots
    ]
    echo_line({"event": "planned", "shots": planned})
    for number, shot in enumerate(shots):
        told = {"id": shot.id, "clip": shot.clip, "caption": shot.caption}
        if shot.problem or "silent" in shot.caption:
            echo_line({"event": "shot_failed", **told, "reason": shot.problem or "it is silent"})
            continue
        echo_line({"event": "shot_started", **told})
        echo_line({"event": "step_done", "id": shot.id, "step": 1, "steps": 1})
        paths = [folder / f"{shot.id}-{shot.caption}-{take}.wav" for take in range(takes)]
        for take, path in enumerate(paths):
            noise = np.random.default_rng([number, take]).uniform(
                -0.5, 0.5, sample_count(shot.duration, SAMPLE_RATE)
            )
            soundfile.write(path, noise, SAMPLE_RATE, subtype="PCM_24")
        made = [{"path": str(path)} for path in paths]
        echo_line({"event": "shot_done", **told, "takes": made, "warnings": []})
    echo_line({"event": "finished"})


if __name__ == "__main__":
    main()
