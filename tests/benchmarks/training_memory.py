"""Peak memory of training on 1,000 and on 10,000 clips: it should be the same.

    python tests/benchmarks/training_memory.py
    python tests/benchmarks/training_memory.py --clips 1000 --width 768 --layers 4 --heads 8

Writes synthetic features as ``train prepare`` would (10 seconds of 768 for the picture and 512 for
the sound, 512 for a caption) and trains on them for an epoch, each in a process of its own.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import torch
from torch.nn import functional as F

from diffava_foley.training import features
from diffava_foley.training.align import align
from diffava_foley.training.events import Stepped
from diffava_foley.training.features import Features, Folder, Made
from diffava_foley.training.manifests import Clip
from diffava_foley.training.recipe import Recipe

SECONDS, VIDEO, CLAP = 10, 768, 512


def write(path: Path, clips: int) -> Folder:
    """Features of so many clips."""
    folder = features.begin(path, Made("base", "clap", "eye", "ear", VIDEO, CLAP))
    random = torch.Generator().manual_seed(0)

    def unit(*shape: int) -> torch.Tensor:
        return F.normalize(torch.randn(*shape, generator=random), dim=-1)

    for first in range(0, clips, features.SHARD_CLIPS):
        entries = [
            (
                Clip(f"clip {number}", Path(), Fraction(0), None, ("a caption",)),
                Features(unit(SECONDS, VIDEO), unit(SECONDS, CLAP), unit(CLAP), unit(1, CLAP)),
            )
            for number in range(first, min(first + features.SHARD_CLIPS, clips))
        ]
        folder = folder.add(entries)
    return folder


def peak() -> float:
    """The most memory this process ever had, in MiB; not its parent's, as getrusage tells."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


def train(path: Path, recipe: Recipe) -> None:
    """One epoch, and what it took."""
    steps = []
    before, began = peak(), time.perf_counter()
    align(
        features.open_folder(path),
        path / "run",
        recipe,
        device="cpu",
        listen=lambda event: steps.append(event) if isinstance(event, Stepped) else None,
    )
    seconds = time.perf_counter() - began
    print(
        f"{len(steps)} steps in {seconds:.0f} s; peak {peak():.0f} MiB"
        f" ({before:.0f} MiB before training)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clips", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--layers", type=int, default=1)
    parser.add_argument("--heads", type=int, default=2)
    parser.add_argument("--train", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    shape = {name: getattr(options, name) for name in ("width", "layers", "heads")}
    if options.train:
        train(options.train, Recipe(**shape, epochs=1))
        return
    for clips in options.clips:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), clips)
            size = sum(file.stat().st_size for file in Path(folder).iterdir()) / 2**20
            print(f"{clips} clips, {size:.0f} MiB of features: ", end="", flush=True)
            arguments = [f"--{name}={value}" for name, value in shape.items()]
            command = [sys.executable, __file__, "--train", folder, *arguments]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
