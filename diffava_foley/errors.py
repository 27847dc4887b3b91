"""Everything that can go wrong, as the reader of the message should understand it.

::

    FoleyError
    ├── MediaError
    │   ├── MissingMedia
    │   ├── UnreadableMedia
    │   └── NoPicture
    ├── TimelineError
    ├── CaptionError
    ├── WeightsError
    │   └── CheckpointMismatch
    ├── OutputError
    ├── BadTake
    ├── TrainingError
    ├── EvaluationError
    └── InstallationError

Every message is one line: what is wrong, where, and what to do about it.
"""


class FoleyError(Exception):
    """Any failure that the user can understand and do something about."""


class MediaError(FoleyError):
    """A picture or sound file cannot be used."""


class MissingMedia(MediaError):
    """There is no such media file."""


class UnreadableMedia(MediaError):
    """The file is there, but it is not media or it is damaged."""


class NoPicture(MediaError):
    """The file has no video stream, or no frame where one was asked for."""


class TimelineError(FoleyError):
    """A timeline cannot be read, or cannot be written."""


class CaptionError(FoleyError):
    """A caption is empty."""


class WeightsError(FoleyError):
    """Weights are unknown, incomplete, not here, or in a format that is refused."""


class CheckpointMismatch(WeightsError):
    """An alignment checkpoint was trained for another AudioLDM or CLAP."""


class OutputError(FoleyError):
    """A result cannot be written: it exists, the folder cannot be written to, the disk is full."""


class BadTake(FoleyError):
    """The model made a sound that must not be delivered: silent, clipped, or not a number."""


class TrainingError(FoleyError):
    """Training cannot begin or go on: no clips, features or settings that do not fit together."""


class EvaluationError(FoleyError):
    """A measure cannot be taken: too few clips, no pairs, or something to judge with is missing."""


class InstallationError(FoleyError):
    """A plugin cannot be put into an editor, or the command that it would run is not there."""
