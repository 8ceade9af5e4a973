"""The networks that MuseTalk is made of, built from their public settings without memory (on the meta device)."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from host_engine.neural.net import NetError
from host_engine.neural.torchaudio_cpu import import_torchaudio

if TYPE_CHECKING:
    from transformers import WhisperFeatureExtractor

Settings = Mapping[str, Any]

# What the public libraries raise for settings that are not theirs.
_UNFIT = (TypeError, ValueError, LookupError, AttributeError, ZeroDivisionError, RuntimeError)


def settings(path: Path) -> Settings:
    """A model's JSON file, without its private keys. Raises NetError."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NetError(f"{path}: is missing; it belongs to the weights beside it") from None
    except (OSError, ValueError) as error:
        raise NetError(f"{path}: cannot be read as JSON: {error}") from error
    if not isinstance(held, dict):
        raise NetError(f"{path}: holds a {type(held).__name__}; a model's settings are names and values")
    return {name: value for name, value in held.items() if not name.startswith("_")}


def unet(config: Settings, path: Path) -> nn.Module:
    """MuseTalk's UNet: a latent, a covered latent and what is heard in; a latent out."""
    _spare_torchaudio()
    from diffusers import UNet2DConditionModel

    with _built(path, "MuseTalk's UNet"):
        built: nn.Module = _untyped(UNet2DConditionModel)(**config)
    if (config.get("in_channels"), config.get("out_channels")) != (8, 4):
        raise NetError(f"{path}: in_channels and out_channels must be 8 and 4; this is another model's UNet")
    return built


def vae(config: Settings, path: Path) -> nn.Module:
    """The autoencoder of Stable Diffusion 1: 8 x 8 pixels are a latent of four channels."""
    _spare_torchaudio()
    from diffusers import AutoencoderKL

    with _built(path, "a Stable Diffusion VAE"):
        built: nn.Module = _untyped(AutoencoderKL)(**config)
    known: Any = built.config
    if (known.latent_channels, len(known.block_out_channels)) != (4, 4):
        raise NetError(f"{path}: must have 4 latent channels and 4 blocks; this is another model's VAE")
    return built


def tiny_decoder(config: Settings, path: Path) -> nn.Module:
    """TAESD's decoder."""
    _spare_torchaudio()
    from diffusers import AutoencoderTiny

    with _built(path, "TAESD"):
        built: nn.Module = _untyped(AutoencoderTiny)(**config).decoder
    return built


def whisper(config: Settings, path: Path) -> nn.Module:
    """The encoder of Whisper."""
    _spare_torchaudio()
    from transformers import WhisperConfig
    from transformers.models.whisper.modeling_whisper import WhisperEncoder

    with _built(path, "Whisper"):
        return WhisperEncoder(WhisperConfig.from_dict(dict(config)))


def extractor(config: Settings, path: Path) -> WhisperFeatureExtractor:
    """What turns samples at 16 kHz into the mel spectrogram that Whisper takes."""
    _spare_torchaudio()
    from transformers import WhisperFeatureExtractor

    with _built(path, "Whisper's preprocessor", "cpu"):
        made: WhisperFeatureExtractor = _untyped(WhisperFeatureExtractor).from_dict(dict(config))
    return made


def _untyped(kind: Any) -> Any:
    """The libraries tell a type checker less than their classes are."""
    return kind


def _spare_torchaudio() -> None:
    """Import torchaudio before the libraries do, which would fall with it beside a torch without CUDA."""
    with contextlib.suppress(ModuleNotFoundError):
        import_torchaudio()


@contextlib.contextmanager
def _built(path: Path, what: str, where: str = "meta") -> Iterator[None]:
    try:
        with torch.device(where):
            yield
    except _UNFIT as error:
        raise NetError(f"{path}: does not describe {what}: {error}") from error
