"""What the store promises: equal inputs find the same take, and a take is whole or not there."""

import errno
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffava_foley import store
from diffava_foley.errors import OutputError
from diffava_foley.store import Entry, Store

KEY = store.key({"caption": "glass breaks", "seed": 1})


def a_sound(path: Path) -> None:
    path.write_bytes(b"sound")


def published(root: Path, key: str = KEY, name: str = "Glass breaks!") -> Entry:
    return Store(root).publish(key, name, ".wav", a_sound, {"caption": "glass breaks"})


def test_a_published_take_is_found_by_its_key(tmp_path: Path) -> None:
    entry = published(tmp_path)

    assert Store(tmp_path).find(KEY) == entry
    assert entry.sound is not None
    assert entry.sound.read_bytes() == b"sound"


def test_a_take_is_named_by_its_caption(tmp_path: Path) -> None:
    entry = published(tmp_path)

    assert entry.sound is not None
    assert entry.sound.name == f"glass-breaks.{KEY[:16]}.wav"


def test_another_key_finds_nothing(tmp_path: Path) -> None:
    published(tmp_path)

    assert Store(tmp_path).find(store.key({"caption": "glass breaks", "seed": 2})) is None


def test_looking_creates_no_folder(tmp_path: Path) -> None:
    assert Store(tmp_path / "takes").find(KEY) is None

    assert not (tmp_path / "takes").exists()


def test_a_take_whose_sound_was_deleted_is_made_again(tmp_path: Path) -> None:
    entry = published(tmp_path)
    assert entry.sound is not None

    entry.sound.unlink()

    assert Store(tmp_path).find(KEY) is None


def test_a_damaged_record_is_as_good_as_none(tmp_path: Path) -> None:
    published(tmp_path)
    next(tmp_path.glob("*.json")).write_text('{"key": ')

    assert Store(tmp_path).find(KEY) is None


def test_a_record_naming_a_sound_elsewhere_cannot_reach_it(tmp_path: Path) -> None:
    (tmp_path / "outside.wav").write_bytes(b"outside")
    published(tmp_path / "takes")
    path = next((tmp_path / "takes").glob("*.json"))
    path.write_text(json.dumps({**json.loads(path.read_text()), "sound": "../outside.wav"}))

    assert Store(tmp_path / "takes").find(KEY) is None


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), OSError(errno.ENOSPC, "full")])
def test_an_unfinished_take_leaves_nothing(tmp_path: Path, failure: BaseException) -> None:
    def half_a_sound(path: Path) -> None:
        path.write_bytes(b"so")
        raise failure

    with pytest.raises((KeyboardInterrupt, OutputError)):
        Store(tmp_path).publish(KEY, "glass", ".wav", half_a_sound, {})

    assert list(tmp_path.iterdir()) == []


def test_a_bad_take_is_remembered_without_a_sound(tmp_path: Path) -> None:
    Store(tmp_path).publish_bad(KEY, "glass", {"bad": "silent"})

    assert Store(tmp_path).find(KEY) == Entry(None, {"bad": "silent"})


def test_a_bad_take_that_turned_out_well_replaces_the_memory(tmp_path: Path) -> None:
    Store(tmp_path).publish_bad(KEY, "Glass breaks!", {"bad": "silent"})

    entry = published(tmp_path)

    assert entry.sound is not None
    assert Store(tmp_path).find(KEY) == entry


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OutputError, match="the disk is full"):
        Store(tmp_path).publish(KEY, "glass", ".wav", full, {})


def test_a_file_in_the_way_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "takes").write_text("a file")

    with pytest.raises(OutputError, match="in the way"):
        published(tmp_path / "takes")


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.booleans() | st.none()))
def test_the_order_of_the_inputs_does_not_change_the_key(inputs: dict[str, store.JSON]) -> None:
    assert store.key(inputs) == store.key(dict(reversed(inputs.items())))


def test_equal_files_have_equal_fingerprints_wherever_they_lie(tmp_path: Path) -> None:
    (tmp_path / "a.mov").write_bytes(b"picture")
    (tmp_path / "b.mov").write_bytes(b"picture")
    (tmp_path / "c.mov").write_bytes(b"picturE")

    same = {store.fingerprint(tmp_path / name) for name in ("a.mov", "b.mov")}

    assert len(same) == 1
    assert store.fingerprint(tmp_path / "c.mov") not in same


@pytest.mark.parametrize("place", [0, -1])
def test_a_large_file_changed_at_either_end_has_another_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    monkeypatch.setattr(store, "SAMPLED_BYTES", 8)
    content = bytearray(5_000)
    (tmp_path / "a.mov").write_bytes(content)
    content[place] = 1
    (tmp_path / "b.mov").write_bytes(content)

    assert store.fingerprint(tmp_path / "a.mov") != store.fingerprint(tmp_path / "b.mov")


def test_a_sound_can_have_a_name_of_its_own_and_is_numbered_where_it_is_taken(
    tmp_path: Path,
) -> None:
    keys = [store.key(number) for number in range(3)]
    for key in keys:
        Store(tmp_path).publish(key, "glass", ".wav", a_sound, {"n": key}, stem="reel-1_V1")

    sounds = [Store(tmp_path).find(key) for key in keys]
    names = [entry.sound.name for entry in sounds if entry and entry.sound]
    assert names == ["reel-1_V1.wav", "reel-1_V1-2.wav", "reel-1_V1-3.wav"]


def test_a_sound_named_by_its_key_takes_no_name_of_another(tmp_path: Path) -> None:
    published(tmp_path)

    entry = Store(tmp_path).publish(store.key(2), "x", ".wav", a_sound, {}, stem="glass-breaks")

    assert entry.sound == tmp_path / "glass-breaks.wav"


def test_the_name_of_a_sound_that_was_deleted_is_not_given_to_another(tmp_path: Path) -> None:
    first, second = store.key(1), store.key(2)
    Store(tmp_path).publish(first, "glass", ".wav", a_sound, {}, stem="x")
    (tmp_path / "x.wav").unlink()

    Store(tmp_path).publish(second, "glass", ".wav", a_sound, {}, stem="x")

    assert Store(tmp_path).find(first) is None
    assert (tmp_path / "x-2.wav").is_file()


def test_what_writing_found_out_is_in_the_record(tmp_path: Path) -> None:
    def write(path: Path) -> dict[str, store.JSON]:
        path.write_bytes(b"sound")
        return {"peak": -1}

    Store(tmp_path).publish(KEY, "glass", ".wav", write, {"seed": 1})

    found = Store(tmp_path).find(KEY)
    assert found is not None
    assert found.record == {"seed": 1, "peak": -1}
