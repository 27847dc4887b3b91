from dataclasses import replace

import numpy as np
from training.embedded.test_sounds import ROW

from diffava_foley.training.embedded import clips, mel


def test_clip_of_a_long_recording_is_a_crop_of_it():
    rows = [ROW]
    mels = {"a.flac": np.full((1000, mel.N_MELS), 1.0, dtype=np.float16)}

    clip = clips.draw(rows, mels, np.random.default_rng(0))

    assert clip.shape == (mel.CLIP_FRAMES, mel.N_MELS)
    assert clip.dtype == np.float32
    assert len(np.unique(clip)) == 1
    assert clips.SILENCE < clip.max() <= 1.0


def test_short_sounds_come_several_times_with_pauses():
    mels = {"a.flac": np.full((20, mel.N_MELS), 1.0, dtype=np.float16)}

    clip = clips.draw([ROW], mels, np.random.default_rng(0))

    loud = clip[:, 0] > clips.SILENCE
    onsets = int((loud[1:] & ~loud[:-1]).sum()) + int(loud[0])
    assert onsets >= 3
    assert not loud.all()


def test_takes_strung_together_are_of_one_recording():
    rows = [replace(ROW, file=f"{i}.flac", recording=f"walk/{i % 2}") for i in range(6)]
    mels = {
        row.file: np.full((20, mel.N_MELS), 1.0 + i % 2, dtype=np.float16)
        for i, row in enumerate(rows)
    }

    for seed in range(10):
        clip = clips.draw(rows, mels, np.random.default_rng(seed))
        assert len(np.unique(clip[clip > clips.SILENCE])) == 1


def test_nothing_falls_below_silence():
    mels = {"a.flac": np.full((1000, mel.N_MELS), clips.SILENCE, dtype=np.float16)}

    clip = clips.draw([ROW], mels, np.random.default_rng(0))

    assert clip.min() >= np.float32(clips.SILENCE)


def test_of_a_long_recording_the_louder_crops_are_preferred():
    spectrum = np.full((2560, mel.N_MELS), clips.SILENCE, dtype=np.float16)
    spectrum[1280:] = 1.0  # a bark in the second half

    loud = [
        clips.draw([ROW], {"a.flac": spectrum}, np.random.default_rng(seed)).max() > 0
        for seed in range(100)
    ]

    assert np.mean(loud) > 0.8  # one crop drawn blindly: little more than half
