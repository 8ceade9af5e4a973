"""LSE-D and LSE-C: how far SyncNet finds the lips from the sound, and how sure it is when they fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch

from host_engine.media import Picture, Samples
from host_engine.quality.cepstra import PER_SECOND, cepstra
from host_engine.quality.syncnet import FRAMES, STEPS, SyncNet

FPS = 25  # SyncNet knows no other
FURTHEST = 15  # frames of shift, as Wav2Lip's evaluation
AT_ONCE = 8


class Sync(NamedTuple):
    """SyncNet's judgement: a real clip has a distance of 6 to 8, a confidence of 6 to 9, an offset of 0."""

    distance: float  # LSE-D, less is better
    confidence: float  # LSE-C, more is better
    frames: int  # by which the sound comes late (positive), at 25 a second


def lse(network: SyncNet, faces: Picture, samples: Samples, device: str = "cpu") -> Sync:
    """Of faces (n, 224, 224, 3) RGB, 25 a second, and the mono samples at 16 kHz that go with them.

    K R Prajwal et al. 2020: mean distances between what is seen and what is heard, at shifts of up to 15 frames; D is
    the least, C by how much it is less than the median. Raises ValueError for less than a second.
    """
    count = min(len(faces), len(samples) * FPS // 16_000) - FRAMES
    if count < FPS - FRAMES:
        raise ValueError("SyncNet needs at least a second of picture and sound")
    heard = torch.from_numpy(cepstra(samples)).float()
    a_frame = PER_SECOND // FPS
    sounds = torch.stack([_cut(heard, k * a_frame) for k in range(count)])[:, None]
    network = network.to(device).eval()
    with torch.inference_mode():
        seen = torch.cat([network.see(part.to(device)).cpu() for part in _clips(faces, count)])
        said = torch.cat([network.hear(part.to(device)).cpu() for part in torch.split(sounds, AT_ONCE)])
    return judged(seen, said)


def judged(seen: torch.Tensor, heard: torch.Tensor, furthest: int = FURTHEST) -> Sync:
    """From the points (n, 1024) of pictures and of sound, one a frame."""
    padded = torch.nn.functional.pad(heard, (0, 0, furthest, furthest))
    away = [
        torch.nn.functional.pairwise_distance(seen, padded[shift : shift + len(seen)]).mean()
        for shift in range(2 * furthest + 1)
    ]
    distances = torch.stack(away)
    least = int(distances.argmin())
    return Sync(float(distances[least]), float(distances.median() - distances[least]), furthest - least)


def _cut(heard: torch.Tensor, start: int) -> torch.Tensor:
    part = heard[:, start : start + STEPS]
    return torch.nn.functional.pad(part, (0, STEPS - part.shape[1]))


def _clips(faces: Picture, count: int) -> Iterator[torch.Tensor]:
    """(b, 3, 5, 224, 224) BGR in 0..255, for each frame the five from it on."""
    for start in range(0, count, AT_ONCE):
        some = range(start, min(start + AT_ONCE, count))
        stacked = np.stack([faces[k : k + FRAMES, ..., ::-1] for k in some])
        yield torch.from_numpy(np.ascontiguousarray(stacked.transpose(0, 4, 1, 2, 3))).float()
