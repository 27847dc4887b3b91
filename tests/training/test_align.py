"""Training learns, goes on exactly where it was stopped, and is the same in many processes."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from diffava_foley.errors import CheckpointMismatch, TrainingError
from diffava_foley.model import variants
from diffava_foley.model.alignment import load_alignment
from diffava_foley.training.align import align
from diffava_foley.training.events import Began, Measured, Stepped
from diffava_foley.training.features import Folder
from diffava_foley.training.recipe import Recipe

from .synthetic import MADE, write

SMALL = Recipe(
    width=16, layers=1, heads=2, epochs=3, batch=16, learning_rate=3e-3, held_out_share=0.2
)


class Told:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[Began | Stepped | Measured] = []

    def __call__(self, event: Began | Stepped | Measured) -> None:
        self.events.append(event)

    @property
    def measured(self) -> list[Measured]:
        return [event for event in self.events if isinstance(event, Measured)]

    @property
    def losses(self) -> list[float]:
        return [event.loss for event in self.events if isinstance(event, Stepped)]


def train(folder: Folder, run: Path, recipe: Recipe = SMALL, **options: object) -> Told:
    told = Told()
    align(folder, run, recipe, device="cpu", listen=told, **options)  # type: ignore[arg-type]
    return told


def weights(run: Path) -> dict[str, torch.Tensor]:
    state = torch.load(run / "checkpoint.pt", weights_only=True)
    return dict(state["module"])


def equal(one: Path, other: Path) -> bool:
    mine, theirs = weights(one), weights(other)
    return all(torch.equal(mine[name], theirs[name]) for name in mine) and set(mine) == set(theirs)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Clips of two, three and four seconds, two captions each."""
    path = tmp_path_factory.mktemp("features")
    return write(path, 240, seconds=(4, 2, 3), captions=2)


def test_a_planted_relation_is_learned_and_found_again_where_it_was_not_seen(
    tmp_path: Path, folder: Folder
) -> None:
    told = train(folder, tmp_path, replace(SMALL, epochs=20))

    began, last = told.events[0], told.measured[-1].retrieval
    assert isinstance(began, Began)
    assert began.words_alone is not None
    assert last is not None
    assert last.clips > 30
    assert began.words_alone.recall_1 < 0.15  # chance is 1 in as many as there are clips
    assert last.recall_1 > 0.7
    assert last.median_rank == 1


def test_a_picture_that_is_not_looked_at_teaches_nothing(tmp_path: Path, folder: Folder) -> None:
    told = train(folder, tmp_path, replace(SMALL, epochs=8, picture=variants.UNSEEN))

    last = told.measured[-1].retrieval
    assert last is not None
    assert last.recall_1 < 0.15


def test_the_best_alignment_is_kept_and_loads_for_its_models_alone(
    tmp_path: Path, folder: Folder
) -> None:
    told = train(folder, tmp_path)

    best = [event for event in told.measured if event.best][-1]
    assert best.retrieval is not None
    assert best.retrieval.worth == max(e.retrieval.worth for e in told.measured if e.retrieval)
    module = load_alignment(tmp_path / "alignment", "base", "clap")
    assert module.config.video_width == MADE.video_width
    with pytest.raises(CheckpointMismatch, match="was trained for"):
        load_alignment(tmp_path / "alignment", "another base", "clap")


def test_training_opens_the_gate(tmp_path: Path, folder: Folder) -> None:
    train(folder, tmp_path / "papers", replace(SMALL, epochs=1))
    train(folder, tmp_path / "half", replace(SMALL, epochs=1, gate=0.5))

    assert (weights(tmp_path / "papers")["gate"] - 1).abs().max() < 0.2
    assert (weights(tmp_path / "half")["gate"] - 0.5).abs().max() < 0.2
    assert weights(tmp_path / "half")["gate"].std() > 0


class Stop(Exception):
    """What a test stops a run with."""


def test_a_run_stopped_in_the_middle_of_an_epoch_ends_as_if_it_never_was(
    tmp_path: Path, folder: Folder
) -> None:
    def stop(event: object) -> None:
        if isinstance(event, Stepped) and event.step == 17:
            raise Stop

    whole = train(folder, tmp_path / "whole")
    with pytest.raises(Stop):
        align(folder, tmp_path / "cut", SMALL, device="cpu", save_seconds=0, listen=stop)
    rest = train(folder, tmp_path / "cut")

    assert len(whole.losses) % 3 == 0
    assert len(whole.losses) // 3 < 17  # in the second epoch
    assert rest.losses == whole.losses[16:]  # what was learned at the stop itself was not kept
    assert rest.measured == whole.measured[1:]
    assert equal(tmp_path / "whole", tmp_path / "cut")
    kept = [load_file(tmp_path / run / "alignment/model.safetensors") for run in ("whole", "cut")]
    assert all(torch.equal(kept[0][name], kept[1][name]) for name in kept[0])


ALIGN = """
import sys
from pathlib import Path
from diffava_foley.training.align import align
from diffava_foley.training.features import open_folder
from diffava_foley.training.recipe import Recipe

def tell(event):
    print(event, flush=True)

recipe = Recipe(width=16, layers=1, heads=2, epochs=3, batch=16, learning_rate=3e-3,
                held_out_share=0.2)
align(open_folder(Path(sys.argv[1])), Path(sys.argv[2]), recipe, device="cpu", save_seconds=0,
      listen=tell)
"""


def test_a_run_killed_outright_ends_with_the_same_bits(tmp_path: Path, folder: Folder) -> None:
    command = [sys.executable, "-P", "-c", ALIGN, str(folder.path), str(tmp_path / "killed")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as victim:
        assert victim.stdout is not None
        for line in victim.stdout:
            if line.startswith("Stepped(step=15,"):
                os.kill(victim.pid, signal.SIGKILL)
                break
    assert victim.wait() == -signal.SIGKILL
    left = torch.load(tmp_path / "killed/checkpoint.pt", weights_only=True)["step"]

    train(folder, tmp_path / "killed")
    train(folder, tmp_path / "whole")

    assert 12 <= left <= 30  # it was in the middle
    assert equal(tmp_path / "whole", tmp_path / "killed")


def test_a_finished_run_is_left_as_it_is_and_a_longer_one_goes_on(
    tmp_path: Path, folder: Folder
) -> None:
    train(folder, tmp_path / "short")
    again = train(folder, tmp_path / "short")
    longer = train(folder, tmp_path / "short", replace(SMALL, epochs=4))
    train(folder, tmp_path / "long", replace(SMALL, epochs=4))

    assert again.losses == []
    assert [event.epoch for event in longer.measured] == [4]
    assert equal(tmp_path / "short", tmp_path / "long")


def test_a_run_of_another_kind_is_not_gone_on_with(tmp_path: Path, folder: Folder) -> None:
    train(folder, tmp_path / "run", replace(SMALL, epochs=1))
    grown = write(tmp_path / "other", 100)

    with pytest.raises(TrainingError, match="begun with batch 16, not 8"):
        train(folder, tmp_path / "run", replace(SMALL, epochs=1, batch=8))
    with pytest.raises(TrainingError, match="begun with features"):
        train(grown, tmp_path / "run", replace(SMALL, epochs=1))


def losses(told: str) -> list[float]:
    """What a run in another process printed of its steps."""
    steps = [line for line in told.splitlines() if line.startswith("Stepped")]
    return [float(line.removesuffix(")").split("loss=")[1]) for line in steps]


def test_two_processes_learn_what_one_learns(tmp_path: Path, folder: Folder) -> None:
    (tmp_path / "align.py").write_text(ALIGN)
    launch = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", "2"]
    port = ["--master_port", str(29_500 + os.getpid() % 1000)]
    arguments = [str(tmp_path / "align.py"), str(folder.path), str(tmp_path / "two")]

    done = subprocess.run([*launch, *port, *arguments], capture_output=True, text=True, timeout=300)
    one = train(folder, tmp_path / "one")

    assert done.returncode == 0, done.stderr[-2000:]
    assert "processes=2" in done.stdout.splitlines()[0]
    assert losses(done.stdout) == pytest.approx(one.losses, rel=1e-4)
    last = [line for line in done.stdout.splitlines() if line.startswith("Measured(epoch=3")]
    assert f"{one.measured[-1].retrieval}" in last[0]
    mine, theirs = (
        torch.load(tmp_path / run / "checkpoint.pt", weights_only=True) for run in ("one", "two")
    )
    for number, name in enumerate(mine["module"]):
        rows = slice(None)
        if name.endswith("qkv.bias"):  # a key's bias changes nothing: its gradient is rounding
            rows = [*range(SMALL.width), *range(2 * SMALL.width, 3 * SMALL.width)]
        for one_, two in (
            (mine["module"][name], theirs["module"][name]),
            *(
                (mine["optimizer"]["state"][number][moment], state[moment])
                for state in (theirs["optimizer"]["state"][number],)
                for moment in ("exp_avg", "exp_avg_sq")  # of the gradients
            ),
        ):
            torch.testing.assert_close(two[rows], one_[rows], rtol=1e-3, atol=1e-5)


def test_half_precision_learns_too(tmp_path: Path, folder: Folder) -> None:
    script = ALIGN.replace("held_out_share=0.2", 'held_out_share=0.2, precision="bfloat16"')
    command = [sys.executable, "-P", "-c", script, str(folder.path), str(tmp_path)]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-2000:]
    told = losses(done.stdout)
    assert sum(told[-5:]) < 0.8 * sum(told[:5])
    assert weights(tmp_path)["gate"].dtype == torch.float32


def test_features_of_other_encoders_are_not_measured_with(tmp_path: Path, folder: Folder) -> None:
    other = write(tmp_path / "other", 10, made=replace(MADE, video="another eye"))

    with pytest.raises(TrainingError, match="video 'another eye', not 'eye'"):
        train(folder, tmp_path / "run", held_out=other)


def test_a_clip_held_out_in_a_folder_of_its_own_is_not_learned_from(
    tmp_path: Path, folder: Folder
) -> None:
    overlapping = write(tmp_path / "held out", 30, first=220)

    told = train(folder, tmp_path / "run", replace(SMALL, epochs=1), held_out=overlapping)

    began = told.events[0]
    assert isinstance(began, Began)
    assert began.clips == 220
    assert began.words_alone is not None
    assert began.words_alone.clips == 30


def test_too_few_clips_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="too few to learn from"):
        train(write(tmp_path / "f", 1), tmp_path / "run", replace(SMALL, held_out_share=0.0))


def test_tensorboard_can_read_the_logs(tmp_path: Path, folder: Folder) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    told = train(folder, tmp_path, replace(SMALL, epochs=1))

    logs = EventAccumulator(str(tmp_path / "logs")).Reload()
    assert [event.value for event in logs.Scalars("loss")] == pytest.approx(told.losses)
    assert set(logs.Tags()["scalars"]) == {"loss", "recall at 1", "recall at 5", "median rank"}
