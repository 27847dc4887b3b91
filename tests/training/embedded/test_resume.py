import pytest
import torch

from diffava_foley.training.embedded import resume


def test_a_run_that_has_not_begun_has_no_state(tmp_path):
    assert resume.load(tmp_path / "none.pt") is None


def test_state_comes_back_as_it_was_saved(tmp_path):
    path = tmp_path / "run.pt"

    resume.save(path, model={"weight": torch.arange(3)}, done=7)
    state = resume.load(path)

    assert state is not None
    assert state["done"] == 7
    assert torch.equal(state["model"]["weight"], torch.arange(3))
    assert [file.name for file in tmp_path.iterdir()] == ["run.pt"]


def test_a_checkpoint_with_code_in_it_is_not_run(tmp_path):
    path = tmp_path / "run.pt"
    torch.save({"model": print}, path)

    with pytest.raises(Exception, match=r"[Ww]eights"):
        resume.load(path)


def test_the_rate_warms_up_stays_and_falls_to_nothing():
    rates = [resume.trapezoid(step, 1000, warmup=100, falling=0.2) for step in range(1000)]

    assert rates[0] == pytest.approx(0.01)
    assert rates[100:800] == [1.0] * 700
    assert rates[900] == pytest.approx(0.5)
    assert 0 < rates[-1] <= 0.01


def test_a_longer_run_may_go_on_before_the_shorter_ones_fall():
    assert resume.trapezoid(700, 1000, 100, 0.2) == resume.trapezoid(700, 5000, 100, 0.2)
