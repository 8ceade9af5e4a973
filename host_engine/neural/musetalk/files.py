"""MuseTalk 1.5 from the public files, laid out as its makers lay them out."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, NamedTuple

import torch
from torch import nn

from host_engine.neural import weights
from host_engine.neural.musetalk import architecture
from host_engine.neural.musetalk.ears import Ears
from host_engine.neural.musetalk.eyes import Eyes
from host_engine.neural.musetalk.lips import Lips
from host_engine.neural.musetalk.musetalk import FaceMaker, MuseTalk
from host_engine.neural.musetalk.painter import SdPainter, TinyPainter
from host_engine.neural.net import NetError

Decoder = Literal["sd-vae", "taesd"]

_OLD_NAMES = {"query": "to_q", "key": "to_k", "value": "to_v", "proj_attn": "to_out.0"}  # of diffusers before 0.15
_SOURCES = {
    "musetalkV15": "huggingface.co/TMElyralab/MuseTalk",
    "sd-vae": "huggingface.co/stabilityai/sd-vae-ft-mse",
    "whisper": "huggingface.co/openai/whisper-tiny",
    "taesd": "huggingface.co/madebyollin/taesd",
}
_VAE_WEIGHTS = ("diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.bin")


class Parts(NamedTuple):
    """The networks with their weights, before they are put to work on a device."""

    whisper: Any
    extractor: Any
    vae: Any
    unet: Any = None  # without it, lips are not moved
    tiny: nn.Module | None = None  # TAESD's decoder, instead of the VAE's


def load(
    folder: Path,
    decoder: Decoder = "sd-vae",
    device: torch.device | str = "cpu",
    dtype: torch.dtype = torch.float32,
    audio_offset_ms: int = 0,
    moves: bool = True,
) -> MuseTalk:
    """MuseTalk from a folder with musetalkV15/, sd-vae/, whisper/ and, for the small decoder, taesd/.

    `audio_offset_ms` > 0 hears later sound: 80 is what LiveTalking does. `moves=False` leaves out the 3.4 GB that only
    moving lips needs. Raises NetError with the file and the reason.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise NetError(f"{folder}: there is no such folder; it should hold musetalkV15, sd-vae and whisper")
    ears, extractor = _whisper(_part(folder, "whisper"))
    vae = _vae(_part(folder, "sd-vae", "sd-vae-ft-mse"))
    tiny = _tiny(_part(folder, "taesd")) if moves and decoder == "taesd" else None
    unet = _unet(_part(folder, "musetalkV15")) if moves else None
    return assemble(Parts(ears, extractor, vae, unet, tiny), torch.device(device), dtype, audio_offset_ms)


def assemble(parts: Parts, device: torch.device, dtype: torch.dtype, audio_offset_ms: int = 0) -> MuseTalk:
    """The Net of its parts, in float32 where they lie: folds, moves and rounds them."""
    eyes = Eyes(parts.vae).to(device, torch.float32)
    ears = Ears(parts.whisper.eval().requires_grad_(False).to(device), parts.extractor, device, audio_offset_ms)
    face = _face(parts, device, dtype) if parts.unet is not None else None
    return MuseTalk(ears, eyes, face, dtype)


def _face(parts: Parts, device: torch.device, dtype: torch.dtype) -> FaceMaker:
    heard, spoken = parts.unet.config.cross_attention_dim, parts.whisper.config.d_model
    if heard != spoken:
        raise NetError(
            f"MuseTalk's UNet hears {heard} values a step and this Whisper gives {spoken}; it takes whisper-tiny"
        )
    lips = Lips(parts.unet)
    painter = TinyPainter(parts.tiny) if parts.tiny is not None else SdPainter(parts.vae)
    _place(lips, device, dtype)
    _place(painter, device, _paint_dtype(painter, device, dtype))
    return FaceMaker(lips, painter)


def _place(module: Any, device: torch.device, dtype: torch.dtype) -> None:
    module.to(device, dtype, memory_format=torch.channels_last)


def _paint_dtype(painter: nn.Module, device: torch.device, dtype: torch.dtype) -> torch.dtype:
    """The VAE's activations can leave the range of float16; cards from 2020 on have bfloat16 at the same speed."""
    tight = dtype == torch.float16 and isinstance(painter, SdPainter) and device.type == "cuda"
    return torch.bfloat16 if tight and torch.cuda.get_device_capability(device) >= (8, 0) else dtype


def _unet(folder: Path) -> Any:
    settings = folder / "musetalk.json"
    built = architecture.unet(architecture.settings(settings), settings)
    path = _file(folder, "unet.pth", "unet.safetensors")
    weights.fit(built, weights.read(path), path, "MuseTalk's UNet")
    return built


def _vae(folder: Path) -> Any:
    settings = folder / "config.json"
    built = architecture.vae(architecture.settings(settings), settings)
    path = _file(folder, *_VAE_WEIGHTS)
    tensors = dict(_renamed(name, value) for name, value in weights.read(path).items())
    weights.fit(built, tensors, path, "the VAE of Stable Diffusion 1")
    return built


def _renamed(name: str, value: torch.Tensor) -> tuple[str, torch.Tensor]:
    """An attention's tensor by its present name; the oldest files hold the matrix as a convolution of one pixel."""
    before, found, after = name.partition("mid_block.attentions.0.")
    old, _, kind = after.partition(".")
    if not found or old not in _OLD_NAMES:
        return name, value
    return f"{before}{found}{_OLD_NAMES[old]}.{kind}", value[:, :, 0, 0] if value.dim() == 4 else value


def _tiny(folder: Path) -> nn.Module:
    settings = folder / "config.json"
    built = architecture.tiny_decoder(architecture.settings(settings) if settings.exists() else {}, settings)
    path = _file(folder, *_VAE_WEIGHTS, "taesd_decoder.safetensors", "taesd_decoder.pth")
    weights.fit(built, _decoder_tensors(weights.read(path)), path, "the decoder of TAESD")
    return built


def _decoder_tensors(tensors: weights.Tensors) -> weights.Tensors:
    """The decoder's tensors as diffusers calls them, from its own file or from that of TAESD's makers, who count a
    clamp before the first convolution as layer 0."""
    if "decoder.layers.0.weight" in tensors:
        return _under("decoder.", tensors)
    if "1.weight" in tensors and all(name.partition(".")[0].isdigit() for name in tensors):
        numbered = [(name.partition("."), value) for name, value in tensors.items()]
        return {f"layers.{int(number) - 1}.{rest}": value for (number, _, rest), value in numbered}
    return tensors


def _whisper(folder: Path) -> tuple[nn.Module, Any]:
    settings, preprocessor = folder / "config.json", folder / "preprocessor_config.json"
    built = architecture.whisper(architecture.settings(settings), settings)
    extractor = architecture.extractor(architecture.settings(preprocessor), preprocessor)
    path = _file(folder, "model.safetensors", "pytorch_model.bin")
    tensors = weights.read(path)
    for prefix in ("model.encoder.", "encoder."):
        if f"{prefix}embed_positions.weight" in tensors:
            tensors = _under(prefix, tensors)
            break
    weights.fit(built, tensors, path, "the encoder of whisper-tiny")
    return built, extractor


def _under(prefix: str, tensors: weights.Tensors) -> weights.Tensors:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def _part(folder: Path, *names: str) -> Path:
    for name in names:
        if (folder / name).is_dir():
            return folder / name
    raise NetError(f"{folder}: has no folder {names[0]}; its files are those of {_SOURCES[names[0]]}")


def _file(folder: Path, *names: str) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise NetError(f"{folder}: holds no weights; expected {' or '.join(names)}")
