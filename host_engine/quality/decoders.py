"""How far MuseTalk's quick decoder is from its full one, on the lips of the avatar that is judged."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from host_engine.media import Picture, Samples
from host_engine.neural.hearing import at_16k
from host_engine.neural.net import Net, NetError
from host_engine.quality.likeness import Agreement, agreement
from host_engine.quality.lips_at_work import AtWork
from host_engine.quality.reading import Reading
from host_engine.quality.rehearse import FPS

FRAMES = 4  # on a processor one takes ten seconds
NAMES = ("TAESD from SD-VAE", "TAESD against SD-VAE")


def compared(moved: AtWork, samples: Samples) -> list[Reading]:
    """Readings of the two decoders, where the lips are MuseTalk's; of others there are none."""
    if moved.wanted is None or moved.wanted.kind != "musetalk" or moved.net is None or moved.studied is None:
        return []
    from host_engine.neural.worker.nets import loader

    options = json.loads(moved.wanted.options)
    options["decoder"] = "sd-vae" if options.get("decoder") == "taesd" else "taesd"
    try:
        second = loader(moved.wanted._replace(options=json.dumps(options)))(moved.net.device, moved.net.dtype)
    except NetError as missing:
        return [Reading(name, None, why=str(missing)) for name in NAMES]
    windows = moved.net.hear(at_16k(samples), FPS)
    spread = np.linspace(0, len(windows) - 1, FRAMES + 2).astype(int)[1:-1]
    frames = np.linspace(0, len(moved.studied.kept) - 1, FRAMES).astype(int)
    one, two = (pictures(net, moved.studied.kept[frames], windows[spread]) for net in (moved.net, second))
    return readings(agreement(two, one, moved.studied.masks[frames[0]]))


def pictures(net: Net, kept: NDArray[Any], windows: NDArray[Any]) -> Picture:
    """(n, side, side, 3) RGB that a network makes, one at a time."""
    import torch

    made = []
    with torch.inference_mode():
        for known, heard in zip(kept, windows, strict=True):
            given = torch.from_numpy(known[None]).to(net.device), torch.from_numpy(heard[None]).to(net.device)
            face = net.move(*given).float().clamp(0, 1)[0] * 255
            made.append(face.round().byte().permute(1, 2, 0).cpu().numpy())
    return np.stack(made)


def readings(found: Agreement) -> list[Reading]:
    """How far the quick decoder (TAESD) may be from the full one (SD-VAE)."""
    return [
        Reading(NAMES[0], found.mae, high=0.016, digits=4),
        Reading(NAMES[1], found.psnr, "dB", low=38, digits=1),
    ]
