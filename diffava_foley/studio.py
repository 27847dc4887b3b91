"""The model behind its door: chosen at once, loaded only when the first take is to be made."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diffava_foley.events import Downloading, Listener, WeightsChosen
from diffava_foley.media.video import VideoReader, open_video
from diffava_foley.media.windows import cut_windows
from diffava_foley.model import weights
from diffava_foley.model.settings import TEXT_ONLY, WAY, Settings
from diffava_foley.rendering import Picture, RenderOptions, Request
from diffava_foley.store import JSON

if TYPE_CHECKING:
    from diffava_foley.model.hub import Progress
    from diffava_foley.model.video_encoders import VideoEncoder
    from diffava_foley.pipeline import FoleyPipeline, Take


class Studio:
    """Makes takes as the options say. Opening it costs nothing; the first take loads the model."""

    def __init__(
        self, options: RenderOptions, listen: Listener, *, sharing: "Studio | None" = None
    ) -> None:
        self.options = options
        self._listen = listen
        self._sharing = sharing

    def asked_for(self, *, seed: int, settings: Settings) -> "Studio":
        """The same weights, loaded once for both, asked for other takes."""
        options = replace(self.options, seed=seed, settings=settings)
        return Studio(options, self._listen, sharing=self)

    @cached_property
    def weights(self) -> weights.Weights:
        """The weights that were chosen, on this machine; says whose they are."""
        if self._sharing is not None:
            return self._sharing.weights
        chosen = weights.resolve(
            self.options.weights,
            offline=self.options.offline,
            progress=lambda done, total: self._listen(Downloading(done, total)),
        )
        self._listen(
            WeightsChosen(
                chosen.id, chosen.revision, chosen.title, chosen.licence, chosen.attribution
            )
        )
        return chosen

    @cached_property
    def pipeline(self) -> "FoleyPipeline":
        """The loaded model."""
        if self._sharing is not None:
            return self._sharing.pipeline
        from diffava_foley.model import models
        from diffava_foley.pipeline import FoleyPipeline

        options = self.options
        return FoleyPipeline(
            models.load(
                self.weights,
                device=options.device,
                precision=options.precision,
                video_encoder=options.video_encoder,
                audio_encoder=options.audio_encoder,
                alignment=options.alignment,
                offline=options.offline,
            )
        )

    def make(self, request: Request, seeds: range, progress: "Progress") -> "tuple[Take, ...]":
        """The takes of these seeds that can be delivered, best first."""
        with self._frames(request.picture) as frames:
            return self.pipeline(
                frames,
                request.caption,
                request.picture.duration,
                settings=self.options.settings,
                seed=seeds.start,
                takes=len(seeds),
                progress=progress,
            )

    def identity(self) -> JSON:
        """Everything about the model that changes a take; loads nothing."""
        options, chosen = self.options, self.weights
        alignment = options.alignment
        return {
            "way": WAY,
            "weights": [chosen.id, chosen.revision],
            "alignment": weights.fingerprint(alignment) if alignment else None,
            "encoders": [options.video_encoder, options.audio_encoder],
            "precision": options.precision,
            "settings": asdict(options.settings.resolve(chosen)),
        }

    @contextmanager
    def _frames(self, picture: Picture) -> Iterator[Iterator[NDArray[np.uint8]]]:
        """The picture's windows of frames, decoded one by one; no window if the model is blind."""
        looks = self.options.settings.conditioning != TEXT_ONLY
        eye = self.pipeline.eye if looks else None
        with open_video(picture.source) as reader:
            yield iter(()) if eye is None else _windows(reader, picture, eye)


def _windows(
    reader: VideoReader, picture: Picture, eye: "VideoEncoder"
) -> Iterator[NDArray[np.uint8]]:
    for window in cut_windows(picture.duration, eye.frames_per_window):
        yield reader.frames(picture.media_moments(window.moments), eye.short_side)
