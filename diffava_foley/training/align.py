"""The paper's training: what is seen each second moves a caption to what is heard each second."""

import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from diffava_foley.errors import TrainingError
from diffava_foley.store import writing_to

from . import split, stream
from .events import Began, Listener, Measured, Stepped
from .features import Folder
from .recipe import PRECISIONS, Recipe
from .retrieval import Retrieval, retrieve
from .runs import LOGS, Run, State
from .split import Split
from .stream import Batch
from .trainee import Trainee

if TYPE_CHECKING:
    from accelerate import Accelerator

log = logging.getLogger(__name__)

SAVE_SECONDS = 300.0


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    alignment: Path
    epoch: int
    """that the alignment is of"""


@dataclass(frozen=True)
class Course:
    """What the epochs of a run are made of."""

    features: Folder
    split: Split
    counts: list[int] = field(repr=False)
    """clips of each shard that are learned from"""
    size: int
    """clips in a batch"""
    seed: int

    @property
    def steps(self) -> int:
        """Batches in an epoch; the few clips that fill no batch are others each time."""
        return sum(self.counts) // self.size

    def batches(self, step: int) -> Iterator[Batch]:
        """What is left of the epoch that a step is in."""
        epoch, skip = divmod(step, self.steps)
        return stream.batches(
            self.features, self.split.learned, self.counts, self.size, self.seed, epoch, skip
        )


def align(
    features: Folder,
    folder: Path,
    recipe: Recipe,
    *,
    held_out: Folder | None = None,
    device: str = "auto",
    save_seconds: float = SAVE_SECONDS,
    listen: Listener = lambda _: None,
) -> Outcome | None:
    """The alignment that was best on what was held out; None in all processes but the first.

    A run that was stopped, however that was, goes on from where it was last kept.
    """
    accelerator = _accelerator(recipe, device)
    sides = _sides(features, held_out, recipe)
    course = _course(features, sides, recipe, accelerator.num_processes)
    run = Run(folder, recipe, features.made, features.identity, sides.held_out.identity)
    trainee = Trainee(accelerator, recipe, features.made)
    state = run.load() or State()
    if state.step:
        trainee.restore(state)
    if accelerator.is_main_process:
        _lead(run, course, trainee, state, save_seconds, listen)
    else:
        _follow(course, trainee, state, recipe.epochs)
    accelerator.wait_for_everyone()
    return Outcome(run.alignment, state.best_epoch) if accelerator.is_main_process else None


def _sides(features: Folder, held_out: Folder | None, recipe: Recipe) -> Split:
    if held_out is None:
        return split.by_share(features, recipe.held_out_share)
    return split.by_folder(features, held_out)


def _lead(
    run: Run, course: Course, trainee: Trainee, state: State, save_seconds: float, listen: Listener
) -> None:
    """The epochs that are left, in the process that measures, keeps and tells."""
    measured = split.measuring(course.split)
    epochs = run.recipe.epochs
    listen(_began(course, trainee.processes, state, epochs, measured))
    with _logs(run.folder / LOGS, state.step) as note:
        while state.step < epochs * course.steps:
            loss, saved = math.nan, time.monotonic()
            for batch in course.batches(state.step):
                loss = trainee.learn(batch)
                state.step += 1
                note({"loss": loss}, state.step)
                listen(Stepped(state.step, loss))
                # Not at the end of an epoch: a run that goes on from there has to measure first.
                if time.monotonic() - saved >= save_seconds and state.step % course.steps:
                    run.save(trainee.capture(state))
                    saved = time.monotonic()
            event = _end_epoch(run, trainee, state, state.step // course.steps, loss, measured)
            note(_numbers(event.retrieval), state.step)
            listen(event)


def _end_epoch(
    run: Run, trainee: Trainee, state: State, epoch: int, loss: float, measured: Batch | None
) -> Measured:
    """What the epoch was worth; its alignment is kept if it is the best so far."""
    found = _measure(trainee, measured) if measured else None
    best = found is None or state.best is None or found.worth > state.best
    if best:
        state.best, state.best_epoch = found.worth if found else None, epoch
        run.keep(trainee.module, epoch, found)
    run.save(trainee.capture(state))
    return Measured(epoch, loss, found, best)


def _follow(course: Course, trainee: Trainee, state: State, epochs: int) -> None:
    """The same epochs in a process that only learns."""
    while state.step < epochs * course.steps:
        for batch in course.batches(state.step):
            trainee.learn(batch)
            state.step += 1


def _course(features: Folder, sides: Split, recipe: Recipe, processes: int) -> Course:
    if recipe.batch % processes:
        raise TrainingError(
            f"a batch of {recipe.batch} cannot be spread over {processes} processes evenly; choose"
            f" another --batch"
        )
    counts = stream.count(features, sides.learned)
    clips = sum(counts)
    size = min(recipe.batch, clips - clips % processes)
    if size < 2:
        raise TrainingError(
            f"{features.path}: {clips} clips are too few to learn from; prepare more, or hold out"
            " fewer"
        )
    return Course(features, sides, counts, size, recipe.seed)


def _began(
    course: Course, processes: int, state: State, epochs: int, measured: Batch | None
) -> Began:
    if measured is None:
        log.warning("nothing is held out to measure with; the last epoch's alignment is kept")
        alone = None
    else:
        words = measured.text[:, None].expand_as(measured.audio)
        alone = retrieve(measured.audio, words, measured.mask)
    steps = epochs * course.steps
    return Began(sum(course.counts), course.size, processes, state.step, steps, alone)


def _measure(trainee: Trainee, measured: Batch) -> Retrieval:
    return retrieve(measured.audio, trainee.align(measured), measured.mask)


def _numbers(found: Retrieval | None) -> dict[str, float]:
    if found is None:
        return {}
    return {
        "recall at 1": found.recall_1,
        "recall at 5": found.recall_5,
        "median rank": found.median_rank,
    }


@contextmanager
def _logs(folder: Path, step: int) -> Iterator[Callable[[dict[str, float], int], None]]:
    """What writes numbers down for TensorBoard; those after ``step`` of an earlier try go."""
    from torch.utils.tensorboard import SummaryWriter  # needs the extra [training]

    with writing_to(folder), SummaryWriter(folder, purge_step=step + 1) as writer:

        def note(numbers: dict[str, float], step: int) -> None:
            for name, number in numbers.items():
                writer.add_scalar(name, number, step)

        yield note


def _accelerator(recipe: Recipe, device: str) -> "Accelerator":
    try:
        import tensorboard  # noqa: F401
        from accelerate import Accelerator
    except ImportError as error:
        raise TrainingError(
            f"training needs {error.name}: pip install 'diffava-foley[training]'"
        ) from error
    try:
        return Accelerator(cpu=device == "cpu", mixed_precision=PRECISIONS[recipe.precision])
    except ValueError as error:
        raise TrainingError(
            f"precision {recipe.precision} is not possible here; choose another: {error}"
        ) from error
