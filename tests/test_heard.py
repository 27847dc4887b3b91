"""Every take is heard on its picture's frame, by engines that nobody here wrote.

FFmpeg comes with the extra ``dev``; MLT has to be on the machine (Debian: apt install melt).
"""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import heard
import numpy as np
import opentimelineio as otio
import projects
import pytest
from timeline.cutting import FILM, clip, cut, gap, marker, save, span, track

from diffava_foley import batch
from diffava_foley.batch import BatchOptions
from diffava_foley.media.audio import read_audio, write_audio
from diffava_foley.media.windows import sample_count
from diffava_foley.outputs import default_output
from diffava_foley.rendering import Handles, RenderOptions
from diffava_foley.timeline.read import read
from diffava_foley.timeline.write import FoleyClip, TakeFile, write

RATES = {24: Fraction(24), 25: Fraction(25), 29.97: Fraction(30000, 1001), 23.976: FILM}
RATE = heard.RATE
TAIL = 5
"""Frames of handles after a shot."""
HALF = Fraction(1, 2)
# MLT seeks into a sound only roughly, up to some milliseconds off, always by the same in all of a
# timeline; a sound that it plays from its beginning is exact.
PLAYED = [("mlt", 0, Fraction(0)), ("mlt", 7, HALF), ("ffmpeg", 0, Fraction(0))]
PLAYED += [("ffmpeg", 7, Fraction(0))]
"""Engine, frames of handles before each shot, and how many frames the engine may be off."""


def takes_in_noise(plan, handle: int, folder: Path) -> list[FoleyClip]:
    """A burst of noise of its own for every shot, with handles of other noise around it."""
    clips = []
    for number, shot in enumerate(plan.shots):
        head, tail = handle / plan.rate, TAIL / plan.rate
        length = sample_count(head + shot.duration + tail, RATE)
        noise = np.random.default_rng(number).uniform(-0.4, 0.4, (1, length))
        path = folder / f"take{number}.wav"
        write_audio(path, noise.astype(np.float32), RATE)
        take = TakeFile(path, shot.caption, number, {}, "none", "CC0", None)
        clips.append(
            replace(
                FoleyClip(shot.id, shot.caption, shot.start, shot.duration, (take,)),
                head=head,
                tail=tail,
                timecode=plan.timecode + shot.start - head,
            )
        )
    return clips


def a_cut(folder: Path, rate: float) -> Path:
    """Shots at odd frames, one split by two markers, two that overlap, an hour into the day."""
    pictures = track(
        *(gap(13, rate=rate), clip("a", span(3, 41, rate), [marker("one", 3, 1, rate)])),
        *(gap(101, rate=rate), clip("b", span(0, 29, rate), [marker("two", 0, 1, rate)])),
        clip("c", span(5, 67, rate), [marker("three", 5, 1, rate), marker("four", 30, 20, rate)]),
    )
    hour = otio.opentime.RationalTime(round(rate) * 3600, rate)
    return save(cut(pictures, timecode=hour), folder)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(("engine", "handle", "slack"), PLAYED)
def test_every_take_is_heard_from_its_pictures_first_frame_to_its_last(
    tmp_path, engine, handle, slack, rate
):
    if not heard.is_here(engine):
        pytest.skip(f"{engine} is not on this machine")
    source = a_cut(tmp_path, rate)
    plan = read(source)
    output = tmp_path / "cut-foley.otio"
    write(source, output, takes_in_noise(plan, handle, tmp_path))

    written = otio.adapters.read_from_file(str(output))
    clips = list(heard.audio_clips(written, tmp_path))
    sound = heard.ENGINES[engine](clips, RATES[rate], tmp_path)
    pictures = {
        found.name: found.range_in_parent().start_time.value
        for found in written.video_tracks()[0].find_clips()
    }
    starts = [pictures["a"], pictures["b"], pictures["c"], pictures["c"] + 25]
    assert len(clips) == len(starts) == 4
    for number, frame in enumerate(starts):
        expected = frame * RATE / RATES[rate]
        take = read_audio(tmp_path / f"take{number}.wav").samples[0]
        under = take[round(handle * RATE / RATES[rate]) : -round(TAIL * RATE / RATES[rate])]
        at, alike = heard.found_at(under.astype(np.float64), sound)
        off = abs(at - expected)
        assert off <= max(1, slack * RATE / RATES[rate]), f"take {number} is {off} samples off"
        assert alike > (0.6 if number >= 2 else 0.99)  # the last two sound together


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(("handle", "slack"), [(0, Fraction(0)), (7, HALF)])
def test_a_project_of_kdenlives_is_heard_the_same(tmp_path, handle, slack, rate):
    """MLT, which is Kdenlive's engine, reads the project that the adapter wrote."""
    if not heard.is_here("mlt"):
        pytest.skip("mlt is not on this machine")
    source = a_cut(tmp_path, rate)
    plan = read(source)
    output = tmp_path / "cut-foley.kdenlive"
    write(source, output, takes_in_noise(plan, handle, tmp_path))

    frames = round(plan.duration * plan.rate)
    sound = heard.played_by_mlt(output, RATES[rate], frames, tmp_path)
    for number, shot in enumerate(plan.shots):
        take = read_audio(tmp_path / f"take{number}.wav").samples[0]
        under = take[round(handle * RATE / RATES[rate]) : -round(TAIL * RATE / RATES[rate])]
        at, alike = heard.found_at(under.astype(np.float64), sound)
        off = abs(at - shot.start * RATE)
        assert off <= max(1, slack * RATE / RATES[rate]), f"take {number} is {off} samples off"
        assert alike > (0.6 if number >= 2 else 0.99)


@pytest.mark.parametrize("engine", heard.ENGINES)
def test_what_the_model_made_is_heard_where_its_picture_is(tmp_path, tiny_weights, engine):
    if not heard.is_here(engine):
        pytest.skip(f"{engine} is not on this machine")
    source = projects.make_project(tmp_path)
    rendering = RenderOptions(weights=str(tiny_weights), handles=Handles(Fraction(2), True))
    output = default_output(source)
    result = batch.render(source, output, BatchOptions(rendering=rendering, stem=True))

    clips = list(heard.audio_clips(otio.adapters.read_from_file(str(output)), tmp_path))
    sound = heard.ENGINES[engine](clips, Fraction(24), tmp_path)
    stem = read_audio(result.stem).samples[0]
    for found, start in zip(clips, projects.starts(), strict=True):
        take = read_audio(found.file).samples[0].astype(np.float64)
        under = take[found.first * 2000 : (found.first + found.frames) * 2000]
        assert heard.found_at(under, sound)[0] == start * RATE
        assert heard.found_at(under, stem)[0] == start * RATE
