from fractions import Fraction

import av
import numpy as np
import pytest
from media.disks import small_disk

from diffava_foley.errors import MissingMedia, OutputError, UnreadableMedia
from diffava_foley.media.audio import Shape, read_audio, resample, write_audio, write_blocks
from diffava_foley.media.windows import sample_count

FORMATS = [(".wav", 16), (".wav", 24), (".wav", 32), (".flac", 16), (".flac", 24)]


def noise(channels, length, level=0.9):
    samples = np.random.default_rng(length).uniform(-level, level, (channels, length))
    return samples.astype(np.float32)


def sine(frequency, rate, seconds, level=0.5):
    time = np.arange(int(rate * seconds)) / rate
    return (level * np.sin(2 * np.pi * frequency * time)).astype(np.float32)[None]


@pytest.mark.parametrize(("suffix", "bits"), FORMATS)
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("length", [1, 4607, 4609, 70_001])
def test_a_file_holds_exactly_what_was_written(tmp_path, suffix, bits, channels, length):
    samples = noise(channels, length)

    write_audio(tmp_path / f"a{suffix}", samples, 48000, bits=bits)
    sound = read_audio(tmp_path / f"a{suffix}")

    assert (sound.sample_rate, sound.samples.shape) == (48000, (channels, length))
    assert sound.samples.dtype == np.float32
    step = 0 if bits == 32 else 2.0 ** (1 - bits)
    assert np.abs(sound.samples - samples).max() <= step / 2 * 1.001


@pytest.mark.parametrize(
    ("start", "duration"),
    [(Fraction(0), None), (Fraction(1, 3), Fraction(1)), (Fraction(3, 2), Fraction(9))],
)
def test_a_stretch_of_a_file_is_cut_from_the_whole(tmp_path, start, duration):
    write_audio(tmp_path / "a.wav", noise(2, 96_000), 48_000)
    whole = read_audio(tmp_path / "a.wav").samples

    part = read_audio(tmp_path / "a.wav", start=start, duration=duration).samples

    first = sample_count(start, 48_000)
    end = None if duration is None else first + sample_count(duration, 48_000)
    assert np.array_equal(part, whole[:, first:end])


def test_a_stretch_past_the_end_is_refused(tmp_path):
    write_audio(tmp_path / "a.wav", noise(1, 48_000), 48_000)

    with pytest.raises(UnreadableMedia, match="not one sample of sound in this file from 2 s on"):
        read_audio(tmp_path / "a.wav", start=Fraction(2))


@pytest.mark.parametrize(("suffix", "bits"), FORMATS)
def test_the_file_has_the_format_asked_for(tmp_path, suffix, bits):
    write_audio(tmp_path / f"a{suffix}", noise(2, 480), 44100, bits=bits)

    with av.open(str(tmp_path / f"a{suffix}")) as container:
        context = container.streams.audio[0].codec_context
    codec = {16: "pcm_s16le", 24: "pcm_s24le", 32: "pcm_f32le"}[bits]
    assert context.name == ("flac" if suffix == ".flac" else codec)
    assert (context.sample_rate, context.channels) == (44100, 2)


@pytest.mark.parametrize(("suffix", "bits"), FORMATS)
def test_the_same_samples_are_the_same_bytes(tmp_path, suffix, bits):
    for name in ("a", "b"):
        write_audio(tmp_path / f"{name}{suffix}", noise(1, 5000), 48000, bits=bits)

    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


@pytest.mark.parametrize("bits", [16, 24])
def test_full_scale_is_held_and_does_not_wrap(tmp_path, bits):
    samples = np.array([[1, -1, 1.5, -1.5]], np.float32)

    write_audio(tmp_path / "a.wav", samples, 48000, bits=bits)

    top = 1 - 2.0 ** (1 - bits)
    np.testing.assert_allclose(read_audio(tmp_path / "a.wav").samples[0], [top, -1, top, -1])


def test_strided_and_wide_arrays_are_written_as_they_read(tmp_path):
    samples = noise(2, 4000)[:, ::-2]

    write_audio(tmp_path / "a.wav", samples, 48000, bits=32)

    np.testing.assert_array_equal(read_audio(tmp_path / "a.wav").samples, samples)


@pytest.mark.parametrize(
    ("name", "bits", "samples"),
    [
        ("a.mp3", 24, noise(1, 10)),
        ("a.flac", 32, noise(1, 10)),
        ("a.wav", 24, noise(3, 10)),
        ("a.wav", 24, np.zeros((1, 0), np.float32)),
        ("a.wav", 24, np.zeros(10, np.float32)),
        ("a.wav", 24, np.array([[0, np.nan]], np.float32)),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path, name, bits, samples):
    with pytest.raises(OutputError, match=name):
        write_audio(tmp_path / name, samples, 48000, bits=bits)

    assert list(tmp_path.iterdir()) == []


def test_a_sound_that_is_there_is_not_overwritten_unless_wanted(tmp_path):
    write_audio(tmp_path / "a.wav", noise(1, 10), 48000)

    with pytest.raises(OutputError, match="already"):
        write_audio(tmp_path / "a.wav", noise(1, 20), 48000)
    assert read_audio(tmp_path / "a.wav").samples.shape == (1, 10)

    write_audio(tmp_path / "a.wav", noise(1, 20), 48000, overwrite=True)
    assert read_audio(tmp_path / "a.wav").samples.shape == (1, 20)


@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_a_full_disk_leaves_nothing_and_says_so(tmp_path, suffix):
    with small_disk(20_000), pytest.raises(OutputError, match="File too large"):
        write_audio(tmp_path / f"a{suffix}", noise(2, 100_000), 48000)

    assert list(tmp_path.iterdir()) == []


def test_reading_takes_the_rate_and_channels_asked_for(tmp_path):
    write_audio(tmp_path / "a.wav", noise(2, 44_100), 44_100)

    sound = read_audio(tmp_path / "a.wav", sample_rate=16_000, channels=1)

    assert (sound.sample_rate, sound.samples.shape, sound.duration) == (16_000, (1, 16_000), 1)


def test_stereo_to_mono_is_the_mean_and_back_is_a_copy(tmp_path):
    samples = np.array([[0.5, 0.5], [0.25, -0.5]], np.float32)
    write_audio(tmp_path / "a.wav", samples, 48000, bits=32)
    write_audio(tmp_path / "b.wav", samples[:1], 48000, bits=32)

    np.testing.assert_allclose(read_audio(tmp_path / "a.wav", channels=1).samples, [[0.375, 0]])
    np.testing.assert_allclose(read_audio(tmp_path / "b.wav", channels=2).samples, [[0.5, 0.5]] * 2)


def test_surround_is_mixed_down(tmp_path):
    with av.open(str(tmp_path / "a.wav"), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=48000, layout="5.1")
        frame = av.AudioFrame.from_ndarray(np.full((1, 6 * 100), 8000, np.int16), "s16", "5.1")
        frame.sample_rate = 48000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))

    assert read_audio(tmp_path / "a.wav").samples.shape == (2, 100)
    assert read_audio(tmp_path / "a.wav", channels=1).samples.shape == (1, 100)


def test_the_sound_of_a_movie_can_be_read(movie):
    sound = read_audio(movie("a.mp4", tone=True, frames=24))

    assert abs(sound.duration - 1) < Fraction(1, 20)


def test_files_without_sound_are_refused(tmp_path, movie):
    (tmp_path / "a.wav").write_bytes(b"no sound at all")

    with pytest.raises(UnreadableMedia, match="no sound in this file"):
        read_audio(movie("a.mp4"))
    with pytest.raises(UnreadableMedia, match=r"a\.wav"):
        read_audio(tmp_path / "a.wav")
    with pytest.raises(MissingMedia, match=r"gone\.wav"):
        read_audio(tmp_path / "gone.wav")


def test_a_sound_cut_short_is_read_as_far_as_it_goes(tmp_path):
    write_audio(tmp_path / "a.wav", noise(1, 48_000), 48_000)
    data = (tmp_path / "a.wav").read_bytes()
    (tmp_path / "a.wav").write_bytes(data[: len(data) // 2])

    assert 20_000 < read_audio(tmp_path / "a.wav").samples.shape[1] < 25_000


def test_resampling_keeps_a_tone_in_place_and_leaves_nothing_above_the_band():
    there = resample(sine(1000, 16_000, 1), 16_000, 48_000, 48_000)

    expected = sine(1000, 48_000, 1)
    assert np.abs(there - expected)[:, 500:-500].max() < 1e-4
    spectrum = np.abs(np.fft.rfft(there[0] * np.hanning(48_000)))
    assert spectrum[8000:].max() < 1e-4 * spectrum.max()


@pytest.mark.parametrize("length", [0, 1, 47_999, 48_000, 60_000])
def test_resampling_gives_the_length_asked_for(length):
    assert resample(noise(2, 16_000), 16_000, 48_000, length).shape == (2, length)


@pytest.mark.parametrize(("suffix", "bits"), FORMATS)
def test_blocks_make_the_same_file_as_the_whole(tmp_path, suffix, bits):
    samples = noise(2, 150_001)
    write_audio(tmp_path / f"whole{suffix}", samples, 48000, bits=bits)

    blocks = (samples[:, start : start + 40_000] for start in range(0, 150_001, 40_000))
    write_blocks(tmp_path / f"blocks{suffix}", blocks, Shape(2, 150_001, 48000, bits))

    whole, parts = (read_audio(tmp_path / f"{n}{suffix}").samples for n in ("whole", "blocks"))
    np.testing.assert_array_equal(parts, whole)
    if suffix == ".wav":
        files = [(tmp_path / f"{n}{suffix}").read_bytes() for n in ("whole", "blocks")]
        assert files[0] == files[1]


def test_a_wav_that_no_header_could_count_is_refused_before_it_is_begun(tmp_path):
    with pytest.raises(OutputError, match="over 4 GiB"):
        write_blocks(tmp_path / "a.wav", iter(()), Shape(2, 2**30, 48000, 24))

    assert list(tmp_path.iterdir()) == []
