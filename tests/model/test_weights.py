import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from diffava_foley.errors import WeightsError
from diffava_foley.model import hub, licences, weights
from diffava_foley.model.weights import read_folder, resolve


@pytest.fixture
def folder(tiny_weights: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_weights, tmp_path / "mine"))


def test_a_folder_says_what_it_is(tiny_weights: Path) -> None:
    found = resolve(str(tiny_weights))

    assert (found.id, found.licence, found.knows) == ("tiny", "CC0-1.0", ("noise",))
    assert (found.steps, found.guidance, found.window_seconds) == (2, 2.0, 10.24)
    assert found.clap == "tiny"


def test_a_folder_that_says_nothing_goes_by_its_name(folder: Path) -> None:
    (folder / "foley.json").unlink()

    found = read_folder(folder)

    assert (found.id, found.title, found.licence) == ("mine", "mine", "unknown")
    assert (found.steps, found.guidance, found.window_seconds) == (50, 2.5, 10.24)


def test_the_cards_licence_counts_where_the_folder_has_no_other(folder: Path) -> None:
    (folder / "foley.json").unlink()
    (folder / "README.md").write_text("---\ntags: [a]\nlicense: cc-by-nc-sa-4.0\n---\n# AudioLDM\n")

    assert read_folder(folder).licence == "CC-BY-NC-SA-4.0"
    assert licences.is_non_commercial(read_folder(folder).licence)


def test_audioldms_licence_is_known_without_its_card(folder: Path) -> None:
    (folder / "foley.json").unlink()

    assert read_folder(folder, id="cvssp/audioldm-m-full").licence == "CC-BY-NC-SA-4.0"


def test_weights_go_by_the_name_they_give_themselves_wherever_they_lie(folder: Path) -> None:
    assert read_folder(folder, id="someone/copy").id == "tiny"


def test_the_revision_of_a_folder_changes_with_its_content(folder: Path) -> None:
    before = read_folder(folder).revision
    assert read_folder(folder).revision == before

    tensors = folder / "unet" / "diffusion_pytorch_model.safetensors"
    content = bytearray(tensors.read_bytes())
    content[-1] ^= 1
    tensors.write_bytes(content)

    assert read_folder(folder).revision != before


@pytest.mark.parametrize("part", ["unet", "vae", "vocoder", "text_encoder"])
def test_a_folder_with_only_pickles_is_refused(folder: Path, part: str) -> None:
    for file in (folder / part).glob("*.safetensors"):
        file.rename(file.with_suffix(".bin"))

    with pytest.raises(WeightsError, match=f"{part} has only pickled tensors") as refusal:
        read_folder(folder)

    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("part", ["unet", "tokenizer", "scheduler"])
def test_an_incomplete_folder_is_refused(folder: Path, part: str) -> None:
    shutil.rmtree(folder / part)

    with pytest.raises(WeightsError, match=f"not a complete AudioLDM: {part}/"):
        read_folder(folder)


@pytest.mark.parametrize(
    "text",
    [
        *("nonsense", "[]", '{"knows": 3}', '{"steps": "many"}'),
        *('{"rescale": "much"}', '{"rescale": 1.5}', '{"guided": null}'),
    ],
)
def test_a_damaged_description_is_refused(folder: Path, text: str) -> None:
    (folder / "foley.json").write_text(text)

    with pytest.raises(WeightsError, match="correct it"):
        read_folder(folder)


def test_a_description_may_say_more_than_we_know(folder: Path) -> None:
    about = json.loads((folder / "foley.json").read_text())
    (folder / "foley.json").write_text(json.dumps({**about, "mood": "grim"}))

    assert read_folder(folder).id == "tiny"


def test_unknown_weights_are_refused_in_one_line() -> None:
    with pytest.raises(WeightsError, match="no weights 'nowhere'") as refusal:
        resolve("nowhere")

    assert "\n" not in str(refusal.value)


def test_an_installation_without_embedded_weights_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(weights, "EMBEDDED_FOLDER", tmp_path / "none")

    with pytest.raises(WeightsError, match="no embedded weights"):
        resolve("embedded")


def test_hub_weights_that_are_not_here_are_refused_offline() -> None:
    with pytest.raises(WeightsError, match="run `diffava-foley weights pull some/thing` once"):
        resolve("some/thing", offline=True)


def test_naming_weights_loads_no_torch() -> None:
    code = (
        "import sys; from diffava_foley.model import weights, settings;"
        "assert not {'torch', 'diffusers', 'transformers', 'huggingface_hub'} & set(sys.modules)"
    )

    subprocess.run([sys.executable, "-c", code], check=True)


def test_ids_are_told_from_names() -> None:
    assert hub.is_id("cvssp/audioldm-s-full-v2")
    assert hub.is_id("cvssp/audioldm-s-full-v2@refs/pr/1")
    assert not any(map(hub.is_id, ("embedded", "/a/b", "../a", "a/b/c", "a/", "https://a/b")))
