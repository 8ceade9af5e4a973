"""Opens a Wav2Lip checkpoint as it was published, once whoever runs the channel has read its licence."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch

from host_engine.neural import weights
from host_engine.neural.checkpoint_origin import recognise
from host_engine.neural.net import NetError
from host_engine.neural.wav2lip.network import Wav2Lip, fold, in_rgb
from host_engine.neural.wav2lip.plan import VARIANTS, WAV2LIP_96, WAV2LIP_256, Variant
from host_engine.neural.wav2lip.wav2lip import UPSTREAM, Pads, Wav2LipNet

LICENCE = (
    "The public Wav2Lip weights were trained on LRS2 and are for research only: any commercial use is prohibited. "
    "Write license_acknowledged: true under avatar in the channel file if you may use them, or use another network: "
    "MuseTalk's weights, and the small network that comes with host_engine, may be used commercially."
)
_ENTRY = "face_decoder_blocks.1.0.conv_block.0.weight"  # its kernel tells the sizes apart


def load(
    path: Path,
    device: torch.device | str = "cpu",
    dtype: torch.dtype | None = None,
    *,
    license_acknowledged: bool = False,
    mel_offset_frames: float = 0.0,
    pads: Pads = UPSTREAM,
    cached: bool = False,
) -> Wav2LipNet:
    """The network of wav2lip.pth, wav2lip_gan.pth or wav2lip256.pth; which size it is, its tensors say.

    `mel_offset_frames` moves what is heard: 0 is [t, t+200) ms as upstream's inference, -1 as its training at 25 fps.
    Raises NetError with a sentence where the file cannot be used, and where its licence was not acknowledged.
    """
    if not license_acknowledged:
        raise NetError(f"{path}: {LICENCE}")
    tensors = weights.read(path)
    variant = variant_of(tensors, path)
    with torch.device("meta"):
        network = Wav2Lip(variant)
    weights.fit(network, tensors, path)
    where, kind = torch.device(device), dtype or usual(torch.device(device))
    return Wav2LipNet(
        ready(network), variant, where, kind, mel_offset_frames=mel_offset_frames, pads=pads, cached=cached
    )


def load_blank(
    side: int = 96,
    device: torch.device | str = "cpu",
    dtype: torch.dtype | None = None,
    *,
    seed: int = 0,
    cached: bool = False,
) -> Wav2LipNet:
    """A network of full size with weights drawn by chance: as fast as a trained one, for benchmarks."""
    variant = {96: WAV2LIP_96, 256: WAV2LIP_256}[side]
    where = torch.device(device)
    return Wav2LipNet(ready(blank(variant, seed)), variant, where, dtype or usual(where), cached=cached)


def blank(variant: Variant, seed: int = 0) -> Wav2Lip:
    """A network that treats its values as a trained one does: each normalisation knows what comes to it, no channel is
    mostly off (else every rounding grows from layer to layer), and what comes out varies as a picture does.
    """
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(seed)
        network = Wav2Lip(variant)
        normals = [module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)]
        for normal in normals:
            normal.momentum = 1.0
            normal.weight.uniform_(0.3, 0.7)
            normal.bias.uniform_(0.2, 0.8)
        made = network.train()(torch.randn(2, 1, 80, 16) * 2 - 1, torch.rand(2, 6, variant.side, variant.side))
        for normal in normals:
            normal.momentum = 0.1
            assert normal.running_var is not None
            normal.running_var.clamp_(min=1e-2)  # two faces may agree by chance
        last, before = network.output_block[1], torch.logit(made, 1e-6)
        assert isinstance(last, torch.nn.Conv2d)
        assert last.bias is not None
        last.weight.div_(before.std())
        last.bias.sub_(before.mean()).div_(before.std())
    return network.eval()


def ready(network: Wav2Lip) -> Wav2Lip:
    """The network, in place, folded, in RGB, and not to be trained."""
    return in_rgb(fold(network.eval())).requires_grad_(False)


def variant_of(tensors: Mapping[str, torch.Tensor], path: Path) -> Variant:
    """Which Wav2Lip the tensors are of; raises NetError where they are of none."""
    known = recognise({name: tuple(tensor.shape) for name, tensor in tensors.items()})
    entry = tensors.get(_ENTRY)
    if entry is None or entry.ndim != 4:
        other = known or "another model"
        raise NetError(f"{path}: is no Wav2Lip network ({_ENTRY} is not in it), but probably {other}.")
    if any(key.startswith("sam.") for key in tensors):
        raise NetError(
            f"{path}: this is a Wav2Lip of the 192 and 384 family (it holds sam.*), which host_engine does not know. "
            "Give it wav2lip.pth, wav2lip_gan.pth or wav2lip256.pth."
        )
    blocks = len({key.split(".")[1] for key in tensors if key.startswith("face_encoder_blocks.")})
    found = (blocks, entry.shape[-1])
    for variant in VARIANTS:
        if found == (len(variant.encoder), variant.decoder[1][0].kernel):
            return variant
    raise NetError(
        f"{path}: this Wav2Lip has {blocks} encoder blocks and begins with {found[1]} by {found[1]} pixels; "
        "host_engine knows those of 96 pixels (7 blocks, 3 by 3) and of 256 (8 blocks, 4 by 4)."
    )


def usual(device: torch.device) -> torch.dtype:
    """bfloat16 where the device computes in it, else float16 on a GPU and float32 on a processor."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.get_device_capability(device) >= (9, 0) else torch.float16
    return torch.bfloat16 if torch.cpu._is_avx512_bf16_supported() else torch.float32
