"""The text tower of the embedded default, distilled from a sentence encoder.

    python -m diffava_foley.training.embedded.text RUN CAPTIONS MINILM [--steps N] [--device auto]

The student is a ``ClapTextModelWithProjection`` of three layers whose weights begin as layers
0, 2 and 5 of all-MiniLM-L6-v2 (Apache-2.0); it learns to give MiniLM's sentence embedding of
AudioCaps captions (text only, MIT) and of our own captions. Writes ``RUN/text_encoder`` and
``RUN/tokenizer``.
"""

import argparse
import csv
import logging
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import (
    BertConfig,
    BertModel,
    ClapTextConfig,
    ClapTextModelWithProjection,
    PreTrainedTokenizerFast,
)

from diffava_foley.model import devices

from . import classes, resume, tokens

log = logging.getLogger(__name__)

LAYERS = (0, 2, 5)  # of the teacher's six
WIDTH = 384
BATCH = 64
LEARNING_RATE = 3e-4
OURS = 16  # of a batch; the rest is AudioCaps
EVERY = 100


def main() -> None:
    """Distils, or goes on distilling, the text tower of a run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=Path)
    parser.add_argument("captions", type=Path, help="folder with AudioCaps' train.csv and val.csv")
    parser.add_argument("minilm", type=Path, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--device", default="auto", choices=devices.DEVICES)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.manual_seed(0)
    device, _ = devices.choose(options.device)
    audiocaps, ours = read(options.captions / "train.csv"), _ours()
    tokenizer, kept = tokens.prune(options.minilm / "tokenizer.json", [*audiocaps, *ours * 2])
    teacher = _teacher(options.minilm)
    full = PreTrainedTokenizerFast(
        tokenizer_file=str(options.minilm / "tokenizer.json"), pad_token="[PAD]"
    )
    student = _student(teacher, kept)
    for model in (teacher, student):
        nn.Module.to(model, device)
    optimizer = torch.optim.AdamW(student.parameters(), LEARNING_RATE, weight_decay=0.01)
    rate = torch.optim.lr_scheduler.LambdaLR(optimizer, resume.schedule(options.steps, 50))
    done = 0
    if state := resume.load(options.run / "text.pt"):
        student.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        rate.load_state_dict(state["rate"])
        done = state["done"]
    held_out = read(options.captions / "val.csv")[:256]
    began = time.monotonic()
    for step in range(done, options.steps):
        random = np.random.default_rng((2, step))
        batch = [*random.choice(audiocaps, BATCH - OURS), *random.choice(ours, OURS)]
        loss = _loss(embed(student, tokenizer, batch), _teach(teacher, full, batch))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        rate.step()
        if (step + 1) % EVERY == 0 or step + 1 == options.steps:
            with torch.no_grad():
                likeness = F.cosine_similarity(
                    embed(student, tokenizer, held_out), _teach(teacher, full, held_out)
                ).mean()
            pace = (time.monotonic() - began) / (step + 1 - done)
            log.info(f"{step + 1} held-out cosine {likeness:.4f}, {pace:.2f} s a step")
            resume.save(
                options.run / "text.pt",
                model=student.state_dict(),
                optimizer=optimizer.state_dict(),
                rate=rate.state_dict(),
                done=step + 1,
            )
    student.save_pretrained(options.run / "text_encoder")
    tokenizer.save_pretrained(options.run / "tokenizer")


def read(table: Path) -> list[str]:
    """The captions of one of AudioCaps' tables."""
    with table.open(newline="", encoding="utf-8") as lines:
        return [row["caption"] for row in csv.DictReader(lines)]


def embed(
    model: ClapTextModelWithProjection, tokenizer: PreTrainedTokenizerFast, captions: list[str]
) -> Tensor:
    """The unit-length text embeddings: (B, 384)."""
    inputs = tokenizer(list(captions), padding=True, truncation=True, return_tensors="pt")
    inputs = inputs.to(model.device)
    with devices.mixed(model.device):
        embeds = model(inputs["input_ids"], attention_mask=inputs["attention_mask"]).text_embeds
    return F.normalize(embeds.float(), dim=-1)


def _ours() -> list[str]:
    return [caption for sound in classes.SOUNDS for caption in (sound.name, *sound.captions)]


def _loss(student: Tensor, teacher: Tensor) -> Tensor:
    """Cosine distance to the teacher, and to its pairwise likenesses."""
    apart = 1 - (student * teacher).sum(dim=-1).mean()
    return apart + 2 * F.mse_loss(student @ student.T, teacher @ teacher.T)


def _teacher(folder: Path) -> BertModel:
    model = BertModel(BertConfig.from_json_file(folder / "config.json"), add_pooling_layer=False)
    state = load_file(folder / "model.safetensors")
    model.load_state_dict(
        {name: weight for name, weight in state.items() if not name.startswith("pooler")},
        strict=False,
    )
    frozen: BertModel = model.eval().requires_grad_(False)
    return frozen


@torch.no_grad()
def _teach(model: BertModel, tokenizer: PreTrainedTokenizerFast, captions: list[str]) -> Tensor:
    """all-MiniLM-L6-v2's sentence embedding: mean over the tokens, unit length. (B, 384)."""
    inputs = tokenizer(list(captions), padding="longest", truncation=True, return_tensors="pt")
    inputs = inputs.to(model.device)
    with devices.mixed(model.device):
        hidden = model(
            inputs["input_ids"], attention_mask=inputs["attention_mask"]
        ).last_hidden_state
    mask = inputs["attention_mask"][..., None]
    return F.normalize((hidden.float() * mask).sum(1) / mask.sum(1), dim=-1)


def _student(teacher: BertModel, kept: list[int]) -> ClapTextModelWithProjection:
    config = ClapTextConfig(
        vocab_size=len(kept),
        hidden_size=WIDTH,
        num_hidden_layers=len(LAYERS),
        num_attention_heads=12,
        intermediate_size=1536,
        max_position_embeddings=tokens.MAX_TOKENS + 1,
        type_vocab_size=1,
        pad_token_id=0,
        bos_token_id=2,
        eos_token_id=3,
        projection_dim=WIDTH,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        layer_norm_eps=1e-12,
    )
    student = ClapTextModelWithProjection(config)
    theirs, ours = teacher.embeddings, student.text_model.embeddings
    with torch.no_grad():
        ours.word_embeddings.weight.copy_(theirs.word_embeddings.weight[kept])
        # RoBERTa counts positions from the padding id + 1.
        ours.position_embeddings.weight[1:].copy_(
            theirs.position_embeddings.weight[: tokens.MAX_TOKENS]
        )
        ours.token_type_embeddings.weight.copy_(theirs.token_type_embeddings.weight[:1])
        ours.LayerNorm.load_state_dict(theirs.LayerNorm.state_dict())
        for layer, number in zip(student.text_model.encoder.layer, LAYERS, strict=True):
            layer.load_state_dict(teacher.encoder.layer[number].state_dict())
    return student


if __name__ == "__main__":
    main()
