import pytest

from diffava_foley.errors import EvaluationError, WeightsError
from diffava_foley.evaluation.judges import open_judge


@pytest.mark.parametrize("spec", ["", "ear", "panns", "vggish:", "clap:"])
def test_a_judge_that_there_is_not_is_answered_with_those_there_are(spec):
    with pytest.raises(EvaluationError, match="yamnet, yamnet:PATH"):
        open_judge(spec)


@pytest.mark.parametrize("kind", ["yamnet", "panns", "vggish"])
def test_weights_that_are_not_there_are_named(kind, tmp_path):
    with pytest.raises(WeightsError, match=str(tmp_path)):
        open_judge(f"{kind}:{tmp_path / 'gone.pth'}")
