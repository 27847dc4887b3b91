"""Plays so many frames of an MLT project's sound into a file of 16-bit samples.

    python play_with_mlt.py PROJECT SOUND RATE FRAMES

Through MLT's own library rather than ``melt``, whose threads may hang where there is no screen.
"""

import ctypes
import ctypes.util
import sys

SAMPLES, MONO, SIXTEEN_BITS = 48_000, 1, 1


def play(project: str, output: str, rate: float, frames: int) -> None:
    """Writes frame after frame of sound as MLT's services give it."""
    mlt = ctypes.CDLL(ctypes.util.find_library("mlt-7"))
    for name in ("mlt_profile_init", "mlt_factory_producer", "mlt_factory_init"):
        getattr(mlt, name).restype = ctypes.c_void_p
    pointer = ctypes.c_void_p
    mlt.mlt_factory_producer.argtypes = [pointer, ctypes.c_char_p, ctypes.c_char_p]
    mlt.mlt_audio_calculate_frame_samples.argtypes = [ctypes.c_float, ctypes.c_int, ctypes.c_int64]
    mlt.mlt_factory_init(None)
    profile = mlt.mlt_profile_init(None)
    producer = pointer(mlt.mlt_factory_producer(profile, b"xml", project.encode()))
    with open(output, "wb") as file:
        for number in range(min(frames, mlt.mlt_producer_get_playtime(producer))):
            frame, buffer = pointer(), pointer()
            mlt.mlt_service_get_frame(producer, ctypes.byref(frame), 0)
            count = mlt.mlt_audio_calculate_frame_samples(rate, SAMPLES, number)
            asked = [ctypes.c_int(value) for value in (SIXTEEN_BITS, SAMPLES, MONO, count)]
            mlt.mlt_frame_get_audio(frame, ctypes.byref(buffer), *map(ctypes.byref, asked))
            file.write(ctypes.string_at(buffer, 2 * asked[2].value * asked[3].value))
            mlt.mlt_frame_close(frame)


if __name__ == "__main__":
    play(sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4]))
