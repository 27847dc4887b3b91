"""YAMNet, a judge of what a sound is: 521 AudioSet classes every half second.

The network is read from an ONNX file (input N x 1 x 96 x 64 log-mel patches, outputs logits and a
1024-d embedding) with the front end of tensorflow/models ``research/audioset/yamnet``: 16 kHz,
25 ms Hann windows every 10 ms, 64 HTK mel bands from 125 to 7500 Hz, log(x + 0.001), patches of
96 frames every 48. It judges only: nothing is ever trained on it.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import soxr
import torch
from numpy.typing import NDArray
from transformers.audio_utils import mel_filter_bank

SAMPLE_RATE = 16_000
WINDOW, HOP, N_FFT = 400, 160, 512
MELS = 64
PATCH, PATCH_HOP = 96, 48


@dataclass(frozen=True)
class Verdict:
    """What the judge heard in one sound."""

    scores: NDArray[np.float32]
    """(P, 521) class probabilities by patch, one patch every 0.48 s."""
    embeddings: NDArray[np.float32]
    """(P, 1024)."""

    def top(self, names: Sequence[str], count: int = 5) -> tuple[str, ...]:
        """The names of the classes with the highest mean score, best first."""
        best = np.argsort(self.scores.mean(axis=0))[::-1][:count]
        return tuple(names[index] for index in best)


class YamNet:
    """The judge, from its ONNX file and its class map."""

    def __init__(self, network: Path, class_map: Path) -> None:
        """Reads both files; nothing leaves the machine."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        self._session = onnxruntime.InferenceSession(
            str(network), options, providers=["CPUExecutionProvider"]
        )
        with class_map.open(newline="", encoding="utf-8") as rows:
            self.names = tuple(row["display_name"] for row in csv.DictReader(rows))

    def hear(self, wave: NDArray[np.float32], sample_rate: int) -> Verdict:
        """The verdict on one mono wave: (N,) samples, any rate; short ones are padded."""
        patches = _patches(soxr.resample(wave, sample_rate, SAMPLE_RATE).astype(np.float32))
        name = self._session.get_inputs()[0].name
        outputs = self._session.run(None, {name: patches})
        logits, embeddings = sorted(outputs, key=lambda output: output.shape[-1])
        return Verdict(
            scores=torch.sigmoid(torch.from_numpy(logits)).numpy(), embeddings=embeddings
        )


def _patches(wave: NDArray[np.float32]) -> NDArray[np.float32]:
    shortest = WINDOW + (PATCH - 1) * HOP
    wave = np.pad(wave, (0, max(shortest - len(wave), 0)))
    frames = np.lib.stride_tricks.sliding_window_view(wave, WINDOW)[::HOP]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    spectrum = np.abs(np.fft.rfft(frames * hann, N_FFT))  # (T, 257)
    bank = mel_filter_bank(
        N_FFT // 2 + 1, MELS, 125.0, 7500.0, SAMPLE_RATE, norm=None, mel_scale="htk"
    )
    log_mel = np.log(spectrum @ bank + 0.001)  # (T, 64)
    starts = range(0, len(log_mel) - PATCH + 1, PATCH_HOP)
    return np.stack([log_mel[at : at + PATCH] for at in starts])[:, None].astype(np.float32)
