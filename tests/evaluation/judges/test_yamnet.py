import numpy as np
import pytest

from diffava_foley.evaluation.judges import patches, yamnet


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
