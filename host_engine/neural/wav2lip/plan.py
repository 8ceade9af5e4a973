"""The layer tables of Wav2Lip's two sizes, as published: which cells, in which order."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    plain = "plain"
    again = "again"  # adds what came in before its ReLU
    rising = "rising"  # a transposed convolution: the picture grows


class Layer(NamedTuple):
    """One cell: channels in and out, and how its convolution goes over the picture."""

    taken: int
    made: int
    kernel: int
    stride: int | tuple[int, int] = 1
    padding: int = 0
    kind: Kind = Kind.plain
    grown: int = 0  # output padding of a rising one


Block = tuple[Layer, ...]


class Variant(NamedTuple):
    """One size of Wav2Lip. After each decoder block the encoder's picture of the same size is laid beside it."""

    name: str
    side: int
    encoder: tuple[Block, ...]
    decoder: tuple[Block, ...]


def _again(channels: int, times: int) -> Block:
    return (Layer(channels, channels, 3, 1, 1, Kind.again),) * times


def _down(taken: int, made: int, times: int) -> Block:
    """Half the size, then `times` residual cells."""
    return Layer(taken, made, 3, 2, 1), *_again(made, times)


def _up(taken: int, made: int, times: int) -> Block:
    """Twice the size, then `times` residual cells."""
    return Layer(taken, made, 3, 2, 1, Kind.rising, 1), *_again(made, times)


def _from_one(kernel: int) -> Block:
    """From one pixel to `kernel` by `kernel`."""
    return Layer(1024, 512, kernel, 1, 0, Kind.rising), *_again(512, 1)


AUDIO: Block = (
    Layer(1, 32, 3, 1, 1),
    *_again(32, 2),
    Layer(32, 64, 3, (3, 1), 1),
    *_again(64, 2),
    Layer(64, 128, 3, 3, 1),
    *_again(128, 2),
    Layer(128, 256, 3, (3, 2), 1),
    *_again(256, 1),
    Layer(256, 512, 3),
    Layer(512, 512, 1),
)
_ENCODER: tuple[Block, ...] = (
    (Layer(6, 16, 7, 1, 3),),
    _down(16, 32, 2),
    _down(32, 64, 3),
    _down(64, 128, 2),
    _down(128, 256, 2),
    _down(256, 512, 1),
)
_TO_ONE: Layer = Layer(512, 512, 1)
_RISE: tuple[Block, ...] = (_up(768, 384, 2), _up(512, 256, 2), _up(320, 128, 2), _up(160, 64, 2))

WAV2LIP_96 = Variant(
    "wav2lip-96",
    96,
    (*_ENCODER, (Layer(512, 512, 3), _TO_ONE)),
    ((_TO_ONE,), _from_one(3), _up(1024, 512, 2), *_RISE),
)
WAV2LIP_256 = Variant(
    "wav2lip-256",
    256,
    (*_ENCODER, _down(512, 512, 1), (Layer(512, 512, 4), _TO_ONE)),
    ((_TO_ONE,), _from_one(4), _up(1024, 512, 1), _up(1024, 512, 2), *_RISE),
)
VARIANTS = (WAV2LIP_96, WAV2LIP_256)
