"""The U-Net of the embedded default.

    python -m diffava_foley.training.embedded.unet RUN [--steps N] [--batch B] [--workers N]
        [--start FOLDER] [--without NAME …] [--often NAME …] [--device auto]

AudioLDM's U-Net, smaller: the text embedding enters with the time step in every residual block,
attention is to itself. Predicts v (arXiv 2202.00512); one caption in ten is left empty for
classifier-free guidance; the delivered weights are an exponential moving average. In some of the
clips the sound comes, goes or gives way to another (``scenes.py``), and the condition with it, as
it will when it follows a picture. The learning rate stays constant until the last third, so a
longer run may go on from a shorter one's checkpoint saved before its decay; ``--start`` begins with
the weights of a U-Net in diffusers' format instead of random ones, ``--often`` names the sounds
that it has still to learn, drawn several times as often as the others. What a step draws depends on
its number alone, so a run that goes on draws what it would have; ``--workers`` draw it ahead.
"""

import argparse
import logging
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers.models.attention_processor import AttnProcessor
from diffusers.models.autoencoders.autoencoder_dc import AutoencoderDC
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel
from torch.utils.data import DataLoader, Dataset

from diffava_foley.model import conditioning, devices

from . import mel, patches, resume, text
from .bank import EVERYTHING, Bank, Batch, Lesson, open_banks

log = logging.getLogger(__name__)

BATCH = 128
LEARNING_RATE = 6e-4
WARMUP, FALLING = 400, 0.35  # steps; share of the steps
EMA = 0.9995
LOUDER = 10.0  # times the usual first weights, and learning rate, of the captions' way in
CHANNELS = (96, 144, 208)
DROPOUT = 0.1
EVERY = 250


def build() -> UNet2DConditionModel:
    """The untrained U-Net: latents (B, 16, T / 4, 20), embeddings (B, 384) -> v, like latents."""
    model: UNet2DConditionModel = UNet2DConditionModel(
        sample_size=mel.CLIP_FRAMES // patches.SIDE,
        in_channels=patches.CHANNELS,
        out_channels=patches.CHANNELS,
        block_out_channels=CHANNELS,
        layers_per_block=1,
        norm_num_groups=16,
        dropout=DROPOUT,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=CHANNELS,
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


def main() -> None:
    """Trains, or goes on training, the U-Net of a run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=Path)
    parser.add_argument("--steps", type=int, default=7166)
    parser.add_argument("--batch", type=int, default=BATCH, help="clips a step")
    parser.add_argument("--workers", type=int, default=0, help="processes that draw them")
    parser.add_argument("--start", type=Path, help="folder of a trained U-Net to begin with")
    parser.add_argument("--without", nargs="+", default=[], metavar="NAME", help="not taught")
    parser.add_argument("--often", nargs="+", default=[], metavar="NAME", help="taught more often")
    parser.add_argument("--device", default="auto", choices=devices.DEVICES)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    device = devices.choose(options.device)[0]
    lesson = Lesson(frozenset(options.without), frozenset(options.often))
    train(
        options.run,
        options.steps,
        device,
        options.start,
        lesson,
        batch=options.batch,
        workers=options.workers,
    )


def train(
    run: Path,
    steps: int,
    device: torch.device,
    start: Path | None = None,
    lesson: Lesson = EVERYTHING,
    *,
    batch: int = BATCH,
    workers: int = 0,
) -> None:
    """Trains until ``steps`` are done, writing ``RUN/unet.pt`` as it goes."""
    torch.manual_seed(0)
    taught, held_out, autoencoder = open_banks(run, lesson)
    model = build() if start is None else UNet2DConditionModel.from_pretrained(start).float()
    nn.Module.to(model, device)
    model.to(memory_format=torch.channels_last)  # type: ignore[call-arg]
    if device.type == "cpu":
        model.set_attn_processor(AttnProcessor())  # a quarter faster here than the fused one
    nn.Module.to(autoencoder, device)
    learner = Learner(model, autoencoder)
    average = AveragedModel(model, multi_avg_fn=_follow)
    optimizer = _optimizer(model)
    done = 0
    if state := resume.load(run / "unet.pt"):
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimizer.load_state_dict(state["optimizer"])
        done = state["done"]
    unheard = held_out.draw(np.random.default_rng(7), batch)
    ahead = DataLoader(_Drawn(taught, batch), None, sampler=range(done, steps), num_workers=workers)
    began, losses = time.monotonic(), []
    for step, drawn in enumerate(ahead, start=done):
        for group in optimizer.param_groups:
            share = resume.trapezoid(step, steps, WARMUP, FALLING)
            group["lr"] = LEARNING_RATE * group["haste"] * share
        torch.manual_seed(step)  # the dropout's
        loss = learner.loss(drawn, seed=step)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        average.update_parameters(model)
        losses.append(loss.detach())
        if (step + 1) % EVERY == 0 or step + 1 == steps:
            pace = (time.monotonic() - began) / (step + 1 - done)
            heard, other = torch.stack(losses).mean(), learner.measure(unheard)
            log.info(f"{step + 1} loss {heard:.4f}, held out {other:.4f}, {pace:.3f} s a step")
            losses.clear()
            resume.save(
                run / "unet.pt",
                model=model.state_dict(),
                average=average.state_dict(),
                optimizer=optimizer.state_dict(),
                done=step + 1,
            )


class _Drawn(Dataset[Batch]):
    """The batch of each step."""

    def __init__(self, bank: Bank, size: int) -> None:
        self._bank, self._size = bank, size

    def __getitem__(self, step: int) -> Batch:
        return self._bank.draw(np.random.default_rng((11, step)), self._size)


class Learner:
    """A U-Net and what its loss is made with."""

    def __init__(self, model: UNet2DConditionModel, autoencoder: AutoencoderDC) -> None:
        self._model, self._autoencoder = model, autoencoder
        self._noising = scheduler()

    @torch.no_grad()
    def measure(self, batch: Batch) -> Tensor:
        """The loss on a batch that is not learnt from, always with the same noise."""
        self._model.eval()
        loss = self.loss(batch, seed=0)
        self._model.train()
        return loss

    def loss(self, batch: Batch, seed: int) -> Tensor:
        """The mean squared error of the predicted v; the seed gives noise and times."""
        device = self._model.device
        generator = torch.Generator(device).manual_seed(seed)
        with torch.no_grad():
            latents = self._autoencoder.encode(batch.spectra[:, None].to(device)).latent
            latents = latents * self._autoencoder.config["scaling_factor"]
        noise = torch.randn(latents.shape, generator=generator, device=device)
        times: Any = _times(len(latents), self._noising.config["num_train_timesteps"], generator)
        noisy = self._noising.add_noise(latents, noise, times)
        stop = batch.start + mel.CLIP_FRAMES * mel.HOP / mel.SAMPLE_RATE
        seconds = batch.seconds.to(device)
        with (
            devices.mixed(device),
            conditioning.varying(self._model, seconds, batch.start, stop) as first,
        ):
            noisy = noisy.to(memory_format=torch.channels_last)
            guess = self._model(noisy, times, None, class_labels=first).sample
        return F.mse_loss(guess.float(), self._noising.get_velocity(latents, noise, times))


def _follow(average: Any, weights: Any, seen: Tensor | int) -> None:
    """The moving average's step; at first it follows faster, to forget where it began."""
    decay = min(EMA, (int(seen) + 1) / (int(seen) + 10))
    torch._foreach_lerp_(average, weights, 1 - decay)


def _times(count: int, steps: int, generator: torch.Generator) -> Tensor:
    """Random times, (count,), spread evenly over a batch: less noise at no cost (2107.00630)."""
    device = generator.device
    order = torch.randperm(count, generator=generator, device=device)
    within = torch.rand(count, generator=generator, device=device)
    return ((order + within) * (steps / count)).long().clamp(max=steps - 1)


def _optimizer(model: UNet2DConditionModel) -> torch.optim.AdamW:
    way_in = [weight for name, weight in model.named_parameters() if "class_embedding" in name]
    others = [weight for name, weight in model.named_parameters() if "class_embedding" not in name]
    groups = [{"params": others, "haste": 1}, {"params": way_in, "haste": LOUDER}]
    return torch.optim.AdamW(groups, LEARNING_RATE, weight_decay=1e-3, fused=True)


if __name__ == "__main__":
    main()
