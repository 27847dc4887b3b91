"""What must not happen when a file from a stranger is opened."""

import socket
import threading
from pathlib import Path

import pytest
from media.drawing import draw_image, number_picture

from diffava_foley.errors import MediaError, MissingMedia, UnreadableMedia
from diffava_foley.media.audio import read_audio
from diffava_foley.media.containers import open_image, open_media
from diffava_foley.media.probe import probe
from diffava_foley.media.sources import MovieSource, StillSource, source_from_path
from diffava_foley.media.video import open_video


@pytest.fixture
def secret(movie):
    """A movie that the file under test wants to have read."""
    return movie("secret.mp4", tone=True)


def playlists(secret: Path) -> dict[str, str]:
    segment = f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{secret}\n#EXT-X-ENDLIST\n"
    return {
        "a.m3u8": segment,
        "a.mp4": segment,
        "a.ffconcat": f"ffconcat version 1.0\nfile {secret}\n",
        "b.mp4": f"ffconcat version 1.0\nfile '{secret}'\n",
        "a.mpd": '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet>'
        f"<Representation><BaseURL>{secret}</BaseURL></Representation></AdaptationSet></Period>"
        "</MPD>",
        "a.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n",
        "a.ism": '<?xml version="1.0"?><SmoothStreamingMedia></SmoothStreamingMedia>',
    }


@pytest.mark.parametrize("name", playlists(Path()))
def test_a_playlist_reads_no_other_file(tmp_path, secret, name):
    path = tmp_path / name
    path.write_text(playlists(secret)[name])

    with pytest.raises(UnreadableMedia):
        probe(MovieSource(path))
    with pytest.raises(UnreadableMedia):
        read_audio(path)


def test_a_playlist_reaches_no_network(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(1)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        reached = threading.Event()

        def listen():
            try:
                server.accept()[0].close()
                reached.set()
            except TimeoutError:
                pass

        listener = threading.Thread(target=listen)
        listener.start()
        path = tmp_path / "a.m3u8"
        path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{address}\n")
        with pytest.raises(UnreadableMedia):
            probe(MovieSource(path))
        with pytest.raises(MissingMedia):
            probe(MovieSource(Path(address)))
        listener.join()

    assert not reached.is_set()


@pytest.mark.parametrize("name", ["%d.png", "a*.png", "a%04d.png", "[a].png", "a{1,2}.png"])
def test_the_name_of_an_image_is_not_a_pattern(tmp_path, name):
    draw_image(tmp_path / "1.png", number_picture(1))
    (tmp_path / "1.png").rename(tmp_path / "a0001.png")
    draw_image(tmp_path / "2.png", number_picture(2)).rename(tmp_path / name)

    with open_image(tmp_path / name) as container:
        frame = next(container.decode(video=0))

    assert frame.to_ndarray(format="rgb24")[0, 18].mean() > 127  # bit 1: the number 2


def test_a_name_that_looks_like_an_address_is_read_if_it_is_a_file(movie, monkeypatch, tmp_path):
    movie("shot.mp4").rename(tmp_path / "concat:shot.mp4")
    monkeypatch.chdir(tmp_path)

    assert probe(source_from_path(Path("concat:shot.mp4"))).frame_count == 48


@pytest.mark.parametrize("name", ["Schöner Schuß 1.mp4", "影.mp4", "a b'c\"d.mp4", "-i.mp4"])
def test_names_of_all_kinds_are_read(movie, name):
    assert probe(source_from_path(movie(name, frames=2))).frame_count == 2


def test_a_pipe_or_a_device_is_not_opened(tmp_path):
    for path in (tmp_path, Path("/dev/zero")):
        with pytest.raises(MissingMedia), open_media(path):
            pass


def test_a_movie_posing_as_an_image_is_refused(secret, tmp_path):
    path = secret.rename(tmp_path / "a.png")

    with pytest.raises(MediaError), open_video(StillSource(path)):
        pass


def test_a_file_that_may_not_be_read_is_reported(movie, monkeypatch):
    path = movie("a.mp4")

    def refuse(*args, **options):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("av.open", refuse)
    with pytest.raises(UnreadableMedia, match="Permission denied"):
        probe(MovieSource(path))
