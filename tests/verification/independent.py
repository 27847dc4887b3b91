"""Prints, as JSON, what other people's code makes of the arrays; runs in an environment of its own.

``verify.py`` builds that environment and calls this. Nothing of ours but ``arrays`` is imported.
"""

import json
import sys
import types
from importlib.metadata import version

import arrays
import numpy as np
import scipy.linalg
import torch


def stand_in(*names):
    """Let a package be imported without a part of it that is not used here."""
    for name in names:
        module = types.ModuleType(name)
        module.__path__ = []
        module.__getattr__ = lambda member: type(member, (), {})
        sys.modules[name] = module
        parent, _, leaf = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], leaf, module)


def torch_fidelity():
    """IS, FID and KID of features, as torch-fidelity's own functions take them."""
    stand_in(
        "torchvision",
        "torchvision.datasets",
        "torchvision.transforms",
        "torchvision.transforms.functional",
    )
    from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
    from torch_fidelity.metric_isc import isc_features_to_metric
    from torch_fidelity.metric_kid import kid_features_to_metric

    isc = isc_features_to_metric(
        torch.from_numpy(arrays.logits()[1]), splits=10, shuffle=True, rng_seed=2020
    )
    made = {
        "IS mean": isc["inception_score_mean"],
        "IS std": isc["inception_score_std"],
    }
    for name, sets in (("N > D", arrays.many()), ("N < D", arrays.few())):
        first, second = (torch.from_numpy(one) for one in sets)
        statistics = [fid_features_to_statistics(one) for one in (first, second)]
        made[f"FID {name}"] = fid_statistics_to_metric(*statistics, verbose=False)[
            "frechet_inception_distance"
        ]
        kid = kid_features_to_metric(
            first, second, kid_subsets=100, kid_subset_size=40, rng_seed=2020, verbose=False
        )
        made[f"KID mean {name}"] = kid["kernel_inception_distance_mean"]
        made[f"KID std {name}"] = kid["kernel_inception_distance_std"]
    return made


def frechet_audio_distance():
    """FAD of embeddings, as the package of that name takes it."""
    stand_in("laion_clap", "encodec", "resampy")
    from frechet_audio_distance import FrechetAudioDistance

    fad = FrechetAudioDistance.__new__(FrechetAudioDistance)  # without its download
    return {
        f"FAD {name}": fad.calculate_frechet_distance(
            *fad.calculate_embd_statistics(first), *fad.calculate_embd_statistics(second)
        )
        for name, (first, second) in (("N > D", arrays.many()), ("N < D", arrays.few()))
    }


def scipy_root():
    """The Fréchet distance by its formula and scipy.linalg.sqrtm."""
    made = {}
    for name, (first, second) in (("N > D", arrays.many()), ("N < D", arrays.few())):
        gap = first.mean(axis=0) - second.mean(axis=0)
        one, other = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
        root = np.trace(scipy.linalg.sqrtm(one @ other)).real
        made[f"FD {name}"] = gap @ gap + np.trace(one) + np.trace(other) - 2 * root
    return made


def torch_kl():
    """KL as audioldm_eval and av-benchmark call torch.nn.functional.kl_div."""
    from torch.nn.functional import kl_div, log_softmax

    reference, generated = (torch.from_numpy(one) for one in arrays.logits())

    def audioldm_eval(activation, p, q):
        total = kl_div((activation(q) + 1e-6).log(), activation(p), reduction="sum")
        return float(total / len(p))

    def av_benchmark(p, q):
        p, q = log_softmax(p, dim=1), log_softmax(q, dim=1)
        return float(kl_div(q, p, reduction="sum", log_target=True) / len(p))

    def softmax(x):
        return x.softmax(dim=1)

    return {
        "KL-softmax(ref||gen), audioldm_eval": audioldm_eval(softmax, reference, generated),
        "KL-softmax(gen||ref), audioldm_eval": audioldm_eval(softmax, generated, reference),
        "KL-sigmoid(ref||gen), audioldm_eval": audioldm_eval(torch.sigmoid, reference, generated),
        "KL-softmax(ref||gen), av-benchmark": av_benchmark(reference, generated),
        "KL-softmax(gen||ref), av-benchmark": av_benchmark(generated, reference),
    }


def librosa_onsets():
    """The seconds of librosa's onsets, as TempoTokens asks for them."""
    import librosa

    strength = librosa.onset.onset_strength(y=arrays.sound(), sr=arrays.SAMPLE_RATE)
    found = librosa.onset.onset_detect(onset_envelope=strength, sr=arrays.SAMPLE_RATE)
    times = librosa.frames_to_time(found, sr=arrays.SAMPLE_RATE)
    return {
        "onset strength, sum": float(strength.sum()),
        "onset strength, largest": float(strength.max()),
        "onsets": [float(time) for time in times],
    }


def opencv_flow():
    """The mean lengths of OpenCV's flow and their local maxima, in plain loops."""
    import cv2

    grey = [cv2.cvtColor(one, cv2.COLOR_RGB2GRAY) for one in arrays.frames()]
    lengths = []
    for number in range(len(grey)):
        before, after = grey[max(number - 1, 0)], grey[max(number, 1)]
        flow = cv2.calcOpticalFlowFarneback(before, after, None, 0.5, 3, 15, 3, 5, 1.2, 0)
        lengths.append(float(np.sqrt(np.square(flow.astype(np.float64)).sum(axis=2)).mean()))
    peaks = [
        number / arrays.FRAME_RATE
        for number in range(1, len(lengths) - 1)
        if lengths[number - 1] < lengths[number] > lengths[number + 1]
    ]
    return {"motion, sum": sum(lengths), "motion peaks": peaks}


def av_align(onsets, peaks):
    """Intersection over union as TempoTokens counts it, in plain loops."""
    hits = 0
    for onset in onsets:
        for peak in peaks:
            if peak - 1 / arrays.FRAME_RATE < onset < peak + 1 / arrays.FRAME_RATE:
                hits += 1
                break
    return {"AV-Align": hits / (len(onsets) + len(peaks) - hits)}


def main():
    """Prints {package and version: {what: figure}}."""
    sounds, pictures = librosa_onsets(), opencv_flow()
    made = {
        "torch-fidelity": torch_fidelity(),
        "frechet-audio-distance": frechet_audio_distance(),
        "scipy": scipy_root(),
        "torch": torch_kl(),
        "librosa": sounds,
        "opencv-python-headless": pictures,
    }
    named = {f"{package} {version(package)}": figures for package, figures in made.items()}
    named["TempoTokens, plain loops"] = av_align(sounds["onsets"], pictures["motion peaks"])
    json.dump(named, sys.stdout, indent=2)


if __name__ == "__main__":
    main()
