"""The frames of a scene: a background that may move, and the cut-outs in front of it."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from diffava_foley.training.embedded.pictures import Collections

from .scenes import RATE, SLIDE, Scene, Stay

WIDTH, HEIGHT = 320, 240
Frame = NDArray[np.uint8]
Backdrop = Callable[[int], Image.Image]


def frames(scene: Scene, collections: Collections) -> Iterator[Frame]:
    """The frames of the scene, (HEIGHT, WIDTH, 3) in RGB, in their order."""
    behind = BACKDROPS[scene.backdrop](np.random.default_rng(scene.seed))
    cutouts = [_cutout(stay, collections) for stay in scene.stays]
    for number in range(int(scene.seconds * RATE)):
        frame = behind(number)
        for stay, cutout in zip(scene.stays, cutouts, strict=True):
            if (place := _place(stay, cutout, number)) is not None:
                frame.paste(cutout, place, cutout)
        yield np.asarray(frame, dtype=np.uint8)


def _cutout(stay: Stay, collections: Collections) -> Image.Image:
    cutout = collections.open(stay.picture)
    if stay.mirrored:
        cutout = cutout.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    scale = stay.size * HEIGHT / max(cutout.size)
    return cutout.resize(
        (max(round(cutout.width * scale), 1), max(round(cutout.height * scale), 1))
    )


def _place(stay: Stay, cutout: Image.Image, number: int) -> tuple[int, int] | None:
    """The left upper corner of the cut-out in this frame, or None where it is not seen at all."""
    begin, end = int(stay.begin * RATE), int(stay.end * RATE)
    left = round(WIDTH / 2 + (stay.place[0] - 0.5) * HEIGHT - cutout.width / 2)
    top = round(stay.place[1] * HEIGHT - cutout.height / 2)
    if stay.entrance == "cut":
        return (left, top) if begin <= number < end else None
    # Half of its width is beyond the edge at ``begin``, and again at ``end``.
    half = SLIDE // 2
    if not begin - half <= number < end + half:
        return None
    outside = -cutout.width  # just out of sight on the left
    edge = -cutout.width / 2
    passed = min(number - begin, end - 1 - number)  # frames within the stay, at the nearer border
    if passed >= half:
        return left, top
    share = passed / half  # from -1 through 0 at the border to 1
    where = edge + share * (left - edge) if share > 0 else edge + share * (edge - outside)
    return round(where), top


def _colours(random: np.random.Generator) -> Backdrop:
    still = _enlarged(random.integers(0, 256, (3, 4, 3)))
    return lambda _: still.copy()


def _texture(random: np.random.Generator) -> Backdrop:
    still = _clouds(random, WIDTH)
    return lambda _: still.copy()


def _stripes(random: np.random.Generator) -> Backdrop:
    one, other = random.integers(30, 226, (2, 3))
    period, pace = random.integers(30, 90), random.uniform(0.5, 3)
    slope = random.uniform(-1, 1)
    across, down = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))

    def at(number: int) -> Image.Image:
        wave = 0.5 + 0.5 * np.sin((across + slope * down + pace * number) * (2 * np.pi / period))
        mixed = one + wave[..., None] * (other - one)
        return Image.fromarray(mixed.astype(np.uint8))

    return at


def _drift(random: np.random.Generator) -> Backdrop:
    pace = random.uniform(0.5, 2)
    wide = _clouds(random, 2 * WIDTH)
    return lambda number: wide.crop(
        (round(pace * number) % WIDTH, 0, round(pace * number) % WIDTH + WIDTH, HEIGHT)
    )


def _flicker(random: np.random.Generator) -> Backdrop:
    still = _enlarged(random.integers(0, 256, (2, 3, 3)))
    dark = Image.new("RGB", still.size)
    period, depth = random.uniform(12, 48), random.uniform(0.1, 0.4)

    def at(number: int) -> Image.Image:
        return Image.blend(still, dark, depth * (0.5 + 0.5 * np.sin(2 * np.pi * number / period)))

    return at


BACKDROPS: dict[str, Callable[[np.random.Generator], Backdrop]] = {
    "colours": _colours,
    "texture": _texture,
    "stripes": _stripes,
    "drift": _drift,
    "flicker": _flicker,
}


def _clouds(random: np.random.Generator, width: int) -> Image.Image:
    """Noise of several sizes, as clouds, sand or leaves are."""
    tint = random.uniform(0.3, 1, 3)
    summed = np.zeros((HEIGHT, width))
    for octave in range(2, 8):
        few = random.random((2**octave * HEIGHT // 240 + 1, 2**octave * width // 240 + 1))
        image = Image.fromarray(few.astype(np.float32))
        summed += np.asarray(image.resize((width, HEIGHT), Image.Resampling.BICUBIC)) / octave
    scaled = (summed - summed.min()) / (np.ptp(summed) or 1)
    return Image.fromarray((255 * scaled[..., None] * tint).astype(np.uint8))


def _enlarged(few: NDArray[np.int64]) -> Image.Image:
    few_pixels = Image.fromarray(few.astype(np.uint8))
    return few_pixels.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
