"""Which judge listens, as one writes it on a command line."""

from pathlib import Path

from diffava_foley.errors import EvaluationError

from .verdict import Judge

SPECS = "yamnet, yamnet:PATH.onnx, panns:PATH.pth, vggish:PATH.pth, clap:FOLDER-OR-ID"


def open_judge(spec: str, *, offline: bool = False, device: str = "auto") -> Judge:
    """The judge that a spec names; its weights are read here.

    ``yamnet`` from the installed extra, or ``yamnet:PATH.onnx`` with its ``*class_map.csv`` beside
    it; ``panns:PATH`` for Cnn14_16k's ``.pth``; ``vggish:PATH``; ``clap:SPEC`` for whatever
    `open_clap` opens.
    """
    kind, _, where = spec.partition(":")
    match kind:
        case "yamnet" if not where:
            from .yamnet import YamNet

            return YamNet.installed()
        case "yamnet":
            from .yamnet import YamNet

            return YamNet.open(Path(where))
        case "panns" if where:
            from .panns import Panns

            return Panns.load(Path(where), device=device)
        case "vggish" if where:
            from .vggish import Vggish

            return Vggish.load(Path(where), device=device)
        case "clap" if where:
            from .clap import ClapJudge

            return ClapJudge.open(where, offline=offline, device=device)
    raise EvaluationError(f"judge {spec}: there is none of this name; there are {SPECS}")
