"""Makes ``reference.safetensors`` again, from the sounds themselves.

    python -m diffava_foley.evaluation.card.build RUN SOUNDS WEIGHTS [--judge yamnet]

RUN and SOUNDS are those of the recipe (``training/embedded``), WEIGHTS the folder it exported.
"""

import argparse
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from diffava_foley.evaluation.judges import open_judge
from diffava_foley.model.claps import open_clap
from diffava_foley.pipeline import FoleyPipeline
from diffava_foley.training.embedded import clips, mel, patches, sounds

from . import recordings, reference
from .heard import Clip, hear

HELD_OUT = 4  # clips of each sound
TAUGHT = 4  # parts of each recording, at most
COPIES = 100


def main() -> None:
    """Writes the reference."""
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=Path)
    parser.add_argument("sounds", type=Path)
    parser.add_argument("weights")
    parser.add_argument("--judge", default="yamnet")
    parser.add_argument("--output", type=Path, default=reference.SHIPPED)
    options = parser.parse_args()
    rows, _ = sounds.load(options.run)
    judge = open_judge(options.judge)
    pipeline = FoleyPipeline.from_weights(options.weights, device="cpu", precision="float32")
    held_out = [
        clip
        for group in clips.by_sound(rows, held_out=True).values()
        for clip in recordings.of_sound(group, options.sounds, HELD_OUT, np.random.default_rng(0))
    ]
    taught = [
        clip
        for row in rows
        if not row.held_out
        for clip in recordings.parts(row, options.sounds, TAUGHT)
    ]
    some = islice(taught, 0, None, max(len(taught) // COPIES, 1))
    clap = open_clap(options.weights)
    heard = np.concatenate(
        [
            clap.embed_audio(torch.from_numpy(clip.wave)[None], clip.sample_rate).cpu().numpy()
            for clip in taught
        ]
    )
    reference.save(
        reference.Reference(
            held_out=hear(judge, held_out),
            resynthesised=hear(judge, resynthesised(pipeline, held_out)),
            taught=hear(judge, taught),
            copies=hear(judge, resynthesised(pipeline, some)),
            taught_audio=heard,
        ),
        options.output,
    )


@torch.no_grad()
def resynthesised(pipeline: FoleyPipeline, originals: Iterable[Clip]) -> Iterator[Clip]:
    """The same clips through mel, autoencoder and vocoder."""
    models = pipeline.models
    for clip in originals:
        spectrum = mel.log_mel(torch.from_numpy(clip.wave))
        spectrum = spectrum[: len(spectrum) // patches.SIDE * patches.SIDE][None, None]
        rebuilt = models.vae.decode(models.vae.encode(spectrum).latent).sample
        yield Clip(clip.sound, models.vocoder(rebuilt[0, 0]).numpy(), clip.sample_rate)


if __name__ == "__main__":
    main()
