"""MuseTalk with weights drawn by chance: of full size to measure speed, tiny to try files and code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import nn

from host_engine.neural.musetalk import architecture
from host_engine.neural.musetalk.architecture import Settings
from host_engine.neural.musetalk.files import Decoder, Parts, assemble
from host_engine.neural.musetalk.musetalk import MuseTalk


class Sizes(NamedTuple):
    """The settings of the four networks, as their public JSON files have them."""

    unet: Settings
    vae: Settings
    whisper: Settings
    taesd: Settings


_UNET = {
    "act_fn": "silu", "attention_head_dim": 8, "block_out_channels": [320, 640, 1280, 1280],
    "center_input_sample": False, "cross_attention_dim": 384,
    "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
    "downsample_padding": 1, "flip_sin_to_cos": True, "freq_shift": 0, "in_channels": 8, "layers_per_block": 2,
    "mid_block_scale_factor": 1, "norm_eps": 1e-5, "norm_num_groups": 32, "out_channels": 4, "sample_size": 64,
    "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"],
}  # fmt: skip
_VAE = {
    "act_fn": "silu", "block_out_channels": [128, 256, 512, 512], "down_block_types": ["DownEncoderBlock2D"] * 4,
    "in_channels": 3, "latent_channels": 4, "layers_per_block": 2, "norm_num_groups": 32, "out_channels": 3,
    "sample_size": 256, "up_block_types": ["UpDecoderBlock2D"] * 4,
}  # fmt: skip
_WHISPER = {
    "d_model": 384, "encoder_layers": 4, "encoder_attention_heads": 6, "encoder_ffn_dim": 1536, "decoder_layers": 4,
    "decoder_attention_heads": 6, "decoder_ffn_dim": 1536, "num_mel_bins": 80, "max_source_positions": 1500,
}  # fmt: skip
_PREPROCESSOR = {"feature_size": 80, "sampling_rate": 16_000, "hop_length": 160, "chunk_length": 30, "n_fft": 400}

TRUE = Sizes(_UNET, _VAE, _WHISPER, {})
TINY = Sizes(
    _UNET | {
        "block_out_channels": [32, 32, 64, 64], "norm_num_groups": 8, "layers_per_block": 1, "attention_head_dim": 4,
        "cross_attention_dim": 24,
    },
    _VAE | {"block_out_channels": [8, 8, 16, 16], "norm_num_groups": 4, "layers_per_block": 1},
    _WHISPER | {"d_model": 24, "encoder_attention_heads": 2, "encoder_ffn_dim": 48},
    {"encoder_block_out_channels": [8] * 4, "decoder_block_out_channels": [8] * 4, "num_decoder_blocks": [1] * 4},
)  # fmt: skip
_OLD_NAMES = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}


def load_blank(
    decoder: Decoder = "sd-vae",
    device: torch.device | str = "cpu",
    dtype: torch.dtype = torch.float32,
    sizes: Sizes = TRUE,
    seed: int = 0,
) -> MuseTalk:
    """The network of full size without its weights: as fast as with them, and its faces are noise."""
    device = torch.device(device)
    whisper, unet, vae, tiny = _networks(sizes, device, seed)
    extractor = architecture.extractor(_PREPROCESSOR, Path("preprocessor_config.json"))
    parts = Parts(whisper, extractor, vae, unet, tiny if decoder == "taesd" else None)
    return assemble(parts, device, dtype)


def write_blank(folder: Path, sizes: Sizes = TINY, seed: int = 0) -> None:
    """The files of MuseTalk with weights drawn by chance, laid out and named as the public ones are."""
    whisper, unet, vae, tiny = _networks(sizes, torch.device("cpu"), seed)
    _write(folder / "musetalkV15", "musetalk.json", sizes.unet, "unet.pth", unet.state_dict())
    old = {_old_name(name): value for name, value in vae.state_dict().items()}
    _write(folder / "sd-vae", "config.json", sizes.vae, "diffusion_pytorch_model.bin", old)
    encoder = {f"model.encoder.{name}": value for name, value in whisper.state_dict().items()}
    _write(folder / "whisper", "config.json", sizes.whisper, "pytorch_model.bin", encoder)
    (folder / "whisper" / "preprocessor_config.json").write_text(json.dumps(_PREPROCESSOR))
    decoder = {f"decoder.{name}": value for name, value in tiny.state_dict().items()}
    _write(folder / "taesd", "config.json", sizes.taesd, "diffusion_pytorch_model.bin", decoder)


def _networks(sizes: Sizes, device: torch.device, seed: int) -> tuple[nn.Module, Any, Any, nn.Module]:
    made = (
        architecture.whisper(sizes.whisper, Path("whisper/config.json")),
        architecture.unet(sizes.unet, Path("musetalkV15/musetalk.json")),
        architecture.vae(sizes.vae, Path("sd-vae/config.json")),
        architecture.tiny_decoder(sizes.taesd, Path("taesd/config.json")),
    )
    chance = torch.Generator(device).manual_seed(seed)
    for network in made:
        fill(network.to_empty(device=device), chance)
    return made


@torch.no_grad()
def fill(network: nn.Module, chance: torch.Generator) -> None:
    """Weights that keep the size of what passes through: each output a mean of its inputs, all a little off centre."""
    for name, weight in network.named_parameters():
        if weight.dim() > 1:
            weight.normal_(0, weight[0].numel() ** -0.5, generator=chance)
        else:
            weight.normal_(1.0 if name.endswith("weight") else 0.0, 0.1, generator=chance)


def _old_name(name: str) -> str:
    before, found, after = name.partition("mid_block.attentions.0.")
    new, _, kind = after.rpartition(".")
    return f"{before}{found}{_OLD_NAMES.get(new, new)}.{kind}" if found else name


def _write(folder: Path, settings: str, config: Settings, weights: str, tensors: Mapping[str, torch.Tensor]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / settings).write_text(json.dumps(dict(config), indent=2))
    torch.save(dict(tensors), folder / weights)
