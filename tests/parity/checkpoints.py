"""Weights that mean nothing, at full size, as each house keeps its own."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from parity.conversion import config, convert
from tokenizers import ByteLevelBPETokenizer
from torch import Tensor, nn
from transformers import ClapFeatureExtractor, ClapModel, PreTrainedTokenizerFast

CAPTIONS = (
    "rain",
    "a dog barks twice in the distance",
    "Someone saws wood, then hammers; a door slams and a train passes by outside.",
    "",
)
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")


def tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    """A tokenizer of RoBERTa's kind with few words, written into ``folder``."""
    learned = ByteLevelBPETokenizer()
    learned.train_from_iterator(CAPTIONS, vocab_size=400, special_tokens=list(SPECIAL))
    raw = learned._tokenizer
    from tokenizers.processors import RobertaProcessing

    raw.post_processor = RobertaProcessing(("</s>", 2), ("<s>", 0))
    made = PreTrainedTokenizerFast(
        tokenizer_object=raw,
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
        mask_token="<mask>",
        model_max_length=512,
    )
    made.save_pretrained(folder)
    return made


def disturb(model: nn.Module, seed: int) -> None:
    """Weights large enough that what goes in matters to what comes out."""
    random = torch.Generator().manual_seed(seed)
    fixed = ("spectrogram_extractor", "logmel_extractor")
    for name, parameter in model.named_parameters():
        if any(part in name for part in fixed) or parameter.ndim == 0:
            continue
        noise = torch.randn(parameter.shape, generator=random)
        if parameter.ndim > 1:
            wide = parameter[0].numel() if "embeddings" not in name else 1
            parameter.data = noise / wide**0.5
        elif name.endswith("weight"):
            parameter.data = 1 + 0.2 * noise
        else:
            parameter.data = 0.1 * noise
    for module in model.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            count = module.num_features
            loud = count == 64 and isinstance(module, nn.BatchNorm2d)  # of log mels, in decibels
            mean = torch.randn(count, generator=random)
            module.running_mean = mean * 5 - 40 if loud else mean * 0.1
            spread = torch.rand(count, generator=random)
            module.running_var = 200 + 200 * spread if loud else 0.5 + spread


def make(folder: Path, build: Callable[[], nn.Module], *, fused: bool, width: int) -> None:
    """LAION's model as ``laion.pt`` and as transformers' folder ``whole``, tokenizer in each."""
    model = build()
    disturb(model, seed=3)
    tensors = {name: tensor.detach() for name, tensor in model.state_dict().items()}
    _save_as_laion(folder / "laion.pt", tensors)
    tokenizer(folder / "tokenizer")

    whole = ClapModel(config(width, fused))
    missing, unknown = whole.load_state_dict(convert(tensors), strict=False)
    # The temperatures stay behind; positions and kinds of token, both houses count anew.
    anew = {"logit_scale_a", "logit_scale_t", "position_ids", "token_type_ids"}
    assert {name.rpartition(".")[2] for name in missing} <= anew
    assert not unknown
    whole.save_pretrained(folder / "whole")
    tokenizer(folder / "whole")
    ClapFeatureExtractor(
        frequency_min=50, truncation="fusion" if fused else "rand_trunc"
    ).save_pretrained(folder / "whole")


def _save_as_laion(path: Path, tensors: dict[str, Tensor]) -> None:
    """As their training writes it: on many GPUs, with what newer transformers count anew."""
    parallel = {f"module.{name}": tensor for name, tensor in tensors.items()}
    parallel["module.text_branch.embeddings.position_ids"] = torch.arange(514)[None]
    noted = {"epoch": 3, "name": "random", "optimizer": {"state": {}}, "score": np.float64(0.5)}
    torch.save({**noted, "state_dict": parallel}, path)
