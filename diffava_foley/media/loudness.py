"""How loud a sound is: integrated loudness in LUFS and true peak in dBTP (ITU-R BS.1770, EBU R128).

The meter is FFmpeg's, which PyAV carries. It measures in blocks of 0.4 seconds: of a sound that is
shorter, or that lies between two blocks, the loudness is that of the sound repeated.
"""

from math import ceil, log10

import av
import numpy as np
import soxr

from diffava_foley.media.encoding import LAYOUTS, Samples

OVERSAMPLING = 4  # BS.1770, annex 2
SILENCE = -70.0
"""LUFS; what is no louder does not count."""
REPEATED_SECONDS = 2
EDGE = 64
"""Samples of silence around a sound, so that its ends are interpolated, too."""


def loudness(samples: Samples, sample_rate: int) -> float | None:
    """The integrated loudness in LUFS of samples (C, N); None for silence."""
    if not samples.shape[1]:
        return None
    measured = _integrated(samples, sample_rate)
    if measured is not None:
        return measured
    times = ceil(REPEATED_SECONDS * sample_rate / samples.shape[1])
    return _integrated(np.tile(samples, (1, times)), sample_rate) if times > 1 else None


def true_peak(samples: Samples, sample_rate: int) -> float:
    """The highest level in dBTP between the samples (C, N) as well as on them; -inf for silence."""
    between = soxr.resample(
        np.pad(samples, ((0, 0), (EDGE, EDGE))).T, sample_rate, OVERSAMPLING * sample_rate, "HQ"
    )
    return decibels(max(_largest(samples), _largest(between)))


def decibels(ratio: float) -> float:
    """A ratio of amplitudes in dB."""
    return 20 * log10(ratio) if ratio > 0 else float("-inf")


def ratio(decibels: float) -> float:
    """The ratio of amplitudes that so many dB are."""
    return float(10 ** (decibels / 20))


def _largest(samples: Samples) -> float:
    return float(np.abs(samples).max(initial=0.0))


def _integrated(samples: Samples, sample_rate: int) -> float | None:
    frame = av.AudioFrame.from_ndarray(
        np.ascontiguousarray(samples, np.float32), "fltp", LAYOUTS[samples.shape[0]]
    )
    frame.sample_rate, frame.pts = sample_rate, 0
    graph = av.filter.Graph()
    source = graph.add_abuffer(
        sample_rate=sample_rate,
        format="fltp",
        layout=LAYOUTS[samples.shape[0]],
        time_base=None,
    )
    graph.link_nodes(source, graph.add("ebur128", "metadata=1"), graph.add("abuffersink"))
    graph.configure()
    graph.push(frame)
    graph.push(None)
    measured = SILENCE
    try:
        while True:
            heard = graph.pull().metadata  # none where a block of 0.1 seconds is not full
            measured = float(heard.get("lavfi.r128.I", measured))
    except (av.error.EOFError, av.error.BlockingIOError):
        return measured if measured > SILENCE else None
