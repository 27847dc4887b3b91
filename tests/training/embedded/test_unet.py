import numpy as np
import pytest
import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch.nn import functional as F

from diffava_foley.training.embedded import bank, mel, patches, resume, scenes, text, unet

CPU = torch.device("cpu")


class Hum:
    """A bank of one hum."""

    def draw(self, random, size):
        spectra = torch.from_numpy(random.normal(0, 1, (size, mel.CLIP_FRAMES, mel.N_MELS)))
        said = F.normalize(torch.ones(size, scenes.SECONDS, text.WIDTH), dim=-1)
        return bank.Batch(spectra.float(), said, 0.25)


def tiny():
    channels = (16, 16)
    return UNet2DConditionModel(
        sample_size=64,
        in_channels=patches.CHANNELS,
        out_channels=patches.CHANNELS,
        block_out_channels=channels,
        layers_per_block=1,
        norm_num_groups=4,
        dropout=unet.DROPOUT,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=channels,
        attention_head_dim=2,
        class_embed_type="simple_projection",
        class_embeddings_concat=True,
        projection_class_embeddings_input_dim=text.WIDTH,
    )


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch):
    noise = np.random.default_rng(0).normal(0, 1, (400, mel.N_MELS)).astype(np.float16)
    monkeypatch.setattr(
        unet, "open_banks", lambda run, lesson: (Hum(), Hum(), patches.fit([noise]))
    )
    monkeypatch.setattr(unet, "build", tiny)
    monkeypatch.setattr(unet, "EVERY", 1)


def test_a_training_that_was_stopped_ends_with_the_same_weights(tmp_path, monkeypatch):
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    whole.mkdir()
    stopped.mkdir()
    unet.train(whole, 3, CPU, batch=1)
    real = unet.Learner.loss

    def killed(self, batch, seed):
        if seed == 2:
            raise KeyboardInterrupt
        return real(self, batch, seed)

    monkeypatch.setattr(unet.Learner, "loss", killed)
    with pytest.raises(KeyboardInterrupt):
        unet.train(stopped, 3, CPU, batch=1)
    monkeypatch.setattr(unet.Learner, "loss", real)
    unet.train(stopped, 3, CPU, batch=1)

    one, other = (resume.load(run / "unet.pt") for run in (whole, stopped))
    assert one["done"] == other["done"] == 3
    for name, weight in one["model"].items():
        assert torch.equal(weight, other["model"][name]), name
    for name, weight in one["average"].items():
        assert torch.equal(weight, other["average"][name]), name


def test_a_training_can_begin_with_weights_that_are_there(tmp_path, monkeypatch):
    torch.manual_seed(5)
    tiny().save_pretrained(tmp_path / "trained")
    given = UNet2DConditionModel.from_pretrained(tmp_path / "trained").state_dict()
    monkeypatch.setattr(unet, "LEARNING_RATE", 0.0)

    unet.train(tmp_path, 1, CPU, tmp_path / "trained", batch=1)

    learnt = resume.load(tmp_path / "unet.pt")["model"]
    assert all(torch.equal(weight, given[name]) for name, weight in learnt.items())


def test_processes_that_draw_ahead_draw_the_same(tmp_path):
    for workers in (0, 2):
        (tmp_path / str(workers)).mkdir()
        unet.train(tmp_path / str(workers), 3, CPU, batch=1, workers=workers)

    alone, ahead = (resume.load(tmp_path / name / "unet.pt")["model"] for name in ("0", "2"))
    assert all(torch.equal(weight, ahead[name]) for name, weight in alone.items())


def test_the_average_soon_forgets_the_random_weights_and_then_moves_slowly():
    early, late = [torch.zeros(1)], [torch.zeros(1)]

    for seen in range(50):
        unet._follow(early, [torch.ones(1)], seen)
    unet._follow(late, [torch.ones(1)], 20_000)

    assert float(early[0]) > 0.999
    assert float(late[0]) == pytest.approx(1 - unet.EMA, rel=1e-3)


def test_the_untrained_network_takes_the_latents_and_captions_of_this_recipe(monkeypatch):
    monkeypatch.undo()
    model = unet.build()

    latents = torch.zeros(1, patches.CHANNELS, 8, mel.N_MELS // patches.SIDE)
    with torch.no_grad():
        guess = model(latents, 1, None, class_labels=torch.zeros(1, text.WIDTH)).sample

    assert guess.shape == latents.shape


def test_the_last_step_of_the_noise_is_noise_alone():
    assert unet.scheduler().alphas_cumprod[-1] == pytest.approx(0, abs=1e-6)


def test_the_times_of_a_batch_lie_evenly_and_any_of_them_comes_up():
    drawn = [unet._times(8, 1000, torch.Generator().manual_seed(seed)) for seed in range(500)]

    assert all((times.sort().values // 125).tolist() == list(range(8)) for times in drawn)
    assert len(torch.cat(drawn).unique()) > 900
    assert len({tuple((times // 125).tolist()) for times in drawn}) > 400  # in no fixed order
