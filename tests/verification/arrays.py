"""The seeded arrays on which our measures and others' are compared.

NumPy's RandomState keeps its stream for good, so that figures of other code stand as goldens.
"""

import numpy as np

SAMPLE_RATE = 22_050
FRAME_RATE = 25


def logits():
    """Paired logits (200, 50): what was said of references, and of clips somewhat like them."""
    draw = np.random.RandomState(1)
    reference = 4 * draw.standard_normal((200, 50))
    return reference, 0.7 * reference + 2 * draw.standard_normal((200, 50))


def many():
    """Two sets of embeddings, more clips than values: (300, 64) and (250, 64)."""
    draw = np.random.RandomState(2)
    mix = draw.standard_normal((64, 64)) / 8
    return draw.standard_normal((300, 64)), draw.standard_normal((250, 64)) @ mix + 0.3


def few():
    """Two sets of embeddings, fewer clips than values: (60, 128) and (50, 128)."""
    draw = np.random.RandomState(3)
    return draw.standard_normal((60, 128)), 1.2 * draw.standard_normal((50, 128)) + 0.1


def sound():
    """Five seconds with nine onsets of three kinds at SAMPLE_RATE: (N,) float32."""
    draw = np.random.RandomState(4)
    wave = 0.002 * draw.standard_normal(5 * SAMPLE_RATE)
    for number, start in enumerate((0.3, 0.82, 1.1, 1.75, 2.2, 2.9, 3.33, 4.0, 4.61)):
        at = int(start * SAMPLE_RATE)
        time = np.arange(SAMPLE_RATE // 3) / SAMPLE_RATE
        fade = np.exp(-time * (8, 20, 60)[number % 3])
        body = (
            np.sin(2 * np.pi * 440 * time),
            draw.standard_normal(len(time)),
            np.sign(np.sin(2 * np.pi * 1200 * time)),
        )[number % 3]
        end = min(at + len(time), len(wave))
        wave[at:end] += (0.4 * fade * body)[: end - at]
    return wave.astype(np.float32)


def frames():
    """Five seconds of a textured square that jumps now and then: (125, 72, 96, 3) uint8 RGB.

    With grain, or rounding alone would decide where a still picture moves most.
    """
    draw = np.random.RandomState(5)
    ground = draw.randint(0, 80, (72, 96, 3)).astype(np.uint8)
    square = draw.randint(120, 255, (20, 20, 3)).astype(np.uint8)
    jumps = {7: 3, 8: 6, 9: 2, 20: 5, 27: 4, 28: 2, 43: 6, 55: 3, 72: 5, 83: 7, 84: 3, 100: 4}
    left, pictures = 4, []
    for number in range(5 * FRAME_RATE):
        left += jumps.get(number, 0)
        picture = ground.copy()
        picture[26:46, left : left + 20] = square
        pictures.append(picture + draw.randint(0, 6, picture.shape).clip(0, 255 - picture))
    return np.stack(pictures).astype(np.uint8)
