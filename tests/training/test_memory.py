"""Training on many clips takes no more memory than training on few."""

import subprocess
import sys
from pathlib import Path

import pytest

from diffava_foley.training import features, stream
from diffava_foley.training.features import Folder, Made

from .synthetic import clip, planted

WIDE = Made("base", "clap", "eye", "ear", video_width=768, text_width=512)
FEW = 8  # shards, half of those that are mixed at a time
MANY = 4 * stream.MIXED

TRAIN = """
import re, sys
from pathlib import Path
from diffava_foley.training.align import align
from diffava_foley.training.features import open_folder
from diffava_foley.training.recipe import Recipe

path, run = map(Path, sys.argv[1:])
align(open_folder(path), run, Recipe(width=8, layers=1, heads=1, epochs=1), device="cpu")
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


def write(path: Path, shards: int) -> Folder:
    """So many full shards of ten-second clips, all with the same features."""
    same = planted(0, 10, 1, WIDE)
    folder = features.begin(path, WIDE)
    for shard in range(shards):
        first = shard * features.SHARD_CLIPS
        numbers = range(first, first + features.SHARD_CLIPS)
        folder = folder.add([(clip(number), same) for number in numbers])
    return folder


def need(folder: Folder) -> int:
    """The memory that an epoch needs, in bytes: the least of three peaks, for what the allocator
    happens to keep only adds to them, several shards from one run to the next."""
    return min(peak(folder, folder.path / f"run{number}") for number in range(3))


def peak(folder: Folder, run: Path) -> int:
    """The most memory that one epoch takes, in bytes."""
    command = [sys.executable, "-P", "-c", TRAIN, str(folder.path), str(run)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return int(done.stdout.split()[-1]) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak")
def test_eight_times_the_clips_take_no_more_than_the_shards_that_are_mixed(tmp_path: Path) -> None:
    few, many = write(tmp_path / "few", FEW), write(tmp_path / "many", MANY)
    shard = many.file(0).stat().st_size

    more = need(many) - need(few)

    # Half of MIXED more, and what the allocator keeps; all of them would be 56 shards more.
    assert more < 1.5 * stream.MIXED * shard
    assert 1.5 * stream.MIXED < (MANY - FEW) / 2
