"""Where to compute, and how exactly: what is fast and safe on this machine."""

import torch

from diffava_foley.errors import FoleyError

DEVICES = ("auto", "cuda", "mps", "cpu")
PRECISIONS = ("auto", "float32", "float16", "bfloat16")


def choose(device: str = "auto", precision: str = "auto") -> tuple[torch.device, torch.dtype]:
    """The device, and the precision of the U-Net; encoders, VAE and vocoder stay in float32."""
    for name, value, allowed in (
        ("device", device, DEVICES),
        ("precision", precision, PRECISIONS),
    ):
        if value not in allowed:
            raise FoleyError(f"no {name} {value!r}: choose one of {', '.join(allowed)}")
    chosen = torch.device(_choose_device(device))
    if precision == "auto":
        return chosen, _fast_and_safe(chosen)
    dtype: torch.dtype = getattr(torch, precision)
    return chosen, dtype


def mixed(device: torch.device) -> torch.autocast:
    """Matrix products in bfloat16 where the hardware has it, for training."""
    half = torch.bfloat16
    return torch.autocast(device.type, half, enabled=_fast_and_safe(device) == half)


def _choose_device(device: str) -> str:
    here = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if device == "auto":
        return next(name for name, available in here.items() if available)
    if not here[device]:
        raise FoleyError(f"this machine has no {device}: choose another device, or auto")
    return device


def _fast_and_safe(device: torch.device) -> torch.dtype:
    """Half precision only where the hardware has it; on MPS it is not safe yet."""
    if device.type == "cuda":
        major, _ = torch.cuda.get_device_capability(device)
        return torch.bfloat16 if major >= 8 else torch.float16 if major >= 7 else torch.float32
    if device.type == "cpu" and cpu_has_bfloat16():
        return torch.bfloat16
    return torch.float32


def cpu_has_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 itself; emulated, it is slower than float32."""
    # Private names of torch, which come and go: without them, float32 is right if slow.
    probes = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(bool(getattr(torch.cpu, name, lambda: False)()) for name in probes)
