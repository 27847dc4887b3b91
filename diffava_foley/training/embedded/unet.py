"""The U-Net of the embedded default.

    python -m diffava_foley.training.embedded.unet RUN [--steps N]

AudioLDM's U-Net, smaller: the text embedding enters with the time step in every residual block,
attention is to itself. Predicts v (arXiv 2202.00512); one caption in ten is left empty for
classifier-free guidance; the delivered weights are an exponential moving average. In some of the
clips the sound comes, goes or gives way to another (``scenes.py``), and the condition with it, as
it will when it follows a picture. The learning rate stays constant until the last fifth, so a
longer run may go on from a shorter one's checkpoint saved before its decay.
"""

import argparse
import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers.models.attention_processor import AttnProcessor
from diffusers.models.autoencoders.autoencoder_dc import AutoencoderDC
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from torch import Tensor
from torch.nn import functional as F
from transformers import ClapTextModelWithProjection, PreTrainedTokenizerFast

from diffava_foley.model import conditioning

from . import classes, clips, mel, patches, resume, scenes, sounds, text

log = logging.getLogger(__name__)

BATCH = 8
LEARNING_RATE = 4e-4
EMA = 0.998
LOUDER = 10.0  # times the usual first weights, and learning rate, of the captions' way in
UNGUIDED = 0.1  # share of empty captions
HAZE = 0.02  # noise on each number of the unit-length text embedding, so that near captions work
EVERY = 250


@dataclass(frozen=True)
class Bank:
    """What the training draws from: recordings, their mels, and the captions' embeddings."""

    groups: dict[str, list[sounds.Recording]]
    mels: dict[str, np.ndarray]
    captions: dict[str, Tensor]
    """(K, 384) by sound; "" holds the empty caption's, ``scenes.NOTHING`` silence's."""
    autoencoder: AutoencoderDC

    def draw(self, random: np.random.Generator, size: int) -> tuple[Tensor, Tensor, float]:
        """Latents (B, 16, T / 4, 20), embeddings by second (B, S, 384), and the clips' start.

        The clips begin ``start`` seconds, less than one, after the first of the seconds does.
        """
        start = float(random.random())
        drawn = [scenes.draw(sorted(self.groups), random) for _ in range(size)]
        spectra = [scenes.play(one, start, self.groups, self.mels, random) for one in drawn]
        with torch.no_grad():
            latents = self.autoencoder.encode(torch.from_numpy(np.stack(spectra))[:, None]).latent
        conditions = torch.stack([self._condition(one, random) for one in drawn])
        return latents * self.autoencoder.config["scaling_factor"], conditions, start

    def _condition(self, scene: scenes.Scene, random: np.random.Generator) -> Tensor:
        """One embedding a second, the same wherever the same is heard: (S, 384)."""
        if random.random() < UNGUIDED:
            return self.captions[""].expand(len(scene), -1)
        rows = {}
        for name in dict.fromkeys(scene):
            row = self.captions[name][random.integers(len(self.captions[name]))]
            haze = torch.from_numpy(random.normal(0, HAZE, row.shape).astype(np.float32))
            rows[name] = F.normalize(row + haze, dim=-1)
        return torch.stack([rows[name] for name in scene])


def build() -> UNet2DConditionModel:
    """The untrained U-Net: latents (B, 16, T / 4, 20), embeddings (B, 384) -> v, like latents."""
    channels = (96, 144, 208)
    model: UNet2DConditionModel = UNet2DConditionModel(
        sample_size=mel.CLIP_FRAMES // patches.SIDE,
        in_channels=patches.CHANNELS,
        out_channels=patches.CHANNELS,
        block_out_channels=channels,
        layers_per_block=1,
        norm_num_groups=16,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=channels,
        attention_head_dim=8,
        class_embed_type="simple_projection",
        class_embeddings_concat=True,
        projection_class_embeddings_input_dim=text.WIDTH,
    )
    with torch.no_grad():
        model.class_embedding.weight.mul_(LOUDER)  # its inputs, of unit length, are so small
    return model


def scheduler() -> DDIMScheduler:
    """The noise schedule: AudioLDM's betas, rescaled to end in noise alone (2305.08891)."""
    schedule: DDIMScheduler = DDIMScheduler(
        beta_start=0.0015,
        beta_end=0.0195,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
        prediction_type="v_prediction",
        timestep_spacing="trailing",
        rescale_betas_zero_snr=True,  # or a sound's level would show through the last noise
    )
    return schedule


def open_bank(run: Path) -> Bank:
    """The bank of a run whose sounds and text tower are done."""
    rows, mels = sounds.load(run)
    encoder = ClapTextModelWithProjection.from_pretrained(run / "text_encoder").eval()
    tokenizer = PreTrainedTokenizerFast.from_pretrained(run / "tokenizer")
    with torch.no_grad():
        captions = {name: text.embed(encoder, tokenizer, [name]) for name in ("", scenes.NOTHING)}
        for sound in classes.SOUNDS:
            captions[sound.name] = text.embed(encoder, tokenizer, [sound.name, *sound.captions])
    groups = clips.by_sound(rows, held_out=False)
    training = [mels[row.file] for group in groups.values() for row in group]
    return Bank(groups, mels, captions, patches.fit(training))


def main() -> None:
    """Trains, or goes on training, the U-Net of a run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=Path)
    parser.add_argument("--steps", type=int, default=14000)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.manual_seed(0)
    bank = open_bank(options.run)
    model = build()
    model.to(memory_format=torch.channels_last)  # type: ignore[call-arg]
    model.set_attn_processor(AttnProcessor())  # a quarter faster here than the fused one
    average = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(EMA)
    )
    optimizer = _optimizer(model)
    done = 0
    if state := resume.load(options.run / "unet.pt"):
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimizer.load_state_dict(state["optimizer"])
        done = state["done"]
    noising = scheduler()
    began, losses = time.monotonic(), []
    for step in range(done, options.steps):
        for group in optimizer.param_groups:
            group["lr"] = (
                LEARNING_RATE * group["haste"] * resume.trapezoid(step, options.steps, warmup=200)
            )
        latents, seconds, start = bank.draw(np.random.default_rng((3, step)), BATCH)
        generator = torch.Generator().manual_seed(step)
        loss = _loss(model, noising, latents, seconds, start, generator)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        average.update_parameters(model)
        losses.append(loss.item())
        if (step + 1) % EVERY == 0 or step + 1 == options.steps:
            pace = (time.monotonic() - began) / (step + 1 - done)
            log.info(f"{step + 1} loss {np.mean(losses):.4f}, {pace:.2f} s a step")
            losses.clear()
            resume.save(
                options.run / "unet.pt",
                model=model.state_dict(),
                average=average.state_dict(),
                optimizer=optimizer.state_dict(),
                done=step + 1,
            )


def _optimizer(model: UNet2DConditionModel) -> torch.optim.AdamW:
    way_in = [weight for name, weight in model.named_parameters() if "class_embedding" in name]
    others = [weight for name, weight in model.named_parameters() if "class_embedding" not in name]
    groups = [{"params": others, "haste": 1}, {"params": way_in, "haste": LOUDER}]
    return torch.optim.AdamW(groups, LEARNING_RATE, weight_decay=1e-3, fused=True)


def _loss(
    model: UNet2DConditionModel,
    noising: DDIMScheduler,
    latents: Tensor,
    seconds: Tensor,
    start: float,
    generator: torch.Generator,
) -> Tensor:
    noise = torch.randn(latents.shape, generator=generator)
    times: Any = torch.randint(
        noising.config["num_train_timesteps"], (len(latents),), generator=generator
    )
    noisy = noising.add_noise(latents, noise, times).to(memory_format=torch.channels_last)
    stop = start + mel.CLIP_FRAMES * mel.HOP / mel.SAMPLE_RATE
    with (
        torch.autocast("cpu", torch.bfloat16),
        conditioning.varying(model, seconds, start, stop) as first,
    ):
        guess = model(noisy, times, None, class_labels=first).sample
    return F.mse_loss(guess.float(), noising.get_velocity(latents, noise, times))


if __name__ == "__main__":
    main()
