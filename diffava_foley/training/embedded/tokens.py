"""The tokenizer of the embedded default: BERT's WordPiece with only the pieces captions use.

Single characters stay, so no word is unknown; it is only spelt in more pieces.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

MAX_TOKENS = 128
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
LEAST = 2  # times a piece must occur in the captions


def prune(tokenizer: Path, captions: Iterable[str]) -> tuple[PreTrainedTokenizerFast, list[int]]:
    """The pruned tokenizer, and for each of its ids the id in the full vocabulary."""
    full = Tokenizer.from_file(str(tokenizer))
    full.no_truncation()
    full.no_padding()
    counts: dict[str, int] = {}
    for encoding in full.encode_batch(list(captions), add_special_tokens=False):
        for piece in encoding.tokens:
            counts[piece] = counts.get(piece, 0) + 1
    vocabulary = full.get_vocab()
    kept = [piece for piece in SPECIAL if piece in vocabulary]
    kept += sorted(
        piece
        for piece in vocabulary
        if piece not in SPECIAL and (counts.get(piece, 0) >= LEAST or _is_letter(piece))
    )
    layout = json.loads(full.to_str())
    layout["model"]["vocab"] = {piece: number for number, piece in enumerate(kept)}
    layout["added_tokens"] = [
        {**token, "id": kept.index(token["content"])} for token in layout["added_tokens"]
    ]
    for name, special in layout["post_processor"].get("special_tokens", {}).items():
        special["ids"] = [kept.index(name)]
    layout["truncation"] = layout["padding"] = None
    fast = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(json.dumps(layout)),
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=MAX_TOKENS,
    )
    return fast, [vocabulary[piece] for piece in kept]


def _is_letter(piece: str) -> bool:
    letter = piece.removeprefix("##")
    return len(letter) == 1 and letter.isascii()
