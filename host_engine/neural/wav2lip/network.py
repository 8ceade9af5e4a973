"""Wav2Lip as a module whose parameters bear the names of the public checkpoints."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

from host_engine.neural.wav2lip.plan import AUDIO, Block, Kind, Layer, Variant

LAST = 80  # channels that reach the last cell: the decoder's picture beside the encoder's first


class Cell(nn.Module):
    """A convolution, its normalisation, and ReLU; a residual cell adds what came in before the ReLU."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.residual = layer.kind is Kind.again
        self.conv_block = nn.Sequential(_convolution(layer), nn.BatchNorm2d(layer.made))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        made: torch.Tensor = self.conv_block(x)
        return functional.relu(made.add_(x) if self.residual else made, inplace=True)

    def fold(self) -> None:
        """Put the normalisation into the convolution: exact, since both are linear."""
        convolution, normal = self.conv_block
        rising = isinstance(convolution, nn.ConvTranspose2d)
        assert isinstance(convolution, nn.Conv2d | nn.ConvTranspose2d)
        assert isinstance(normal, nn.BatchNorm2d)
        self.conv_block = nn.Sequential(fuse_conv_bn_eval(convolution, normal, transpose=rising))


def _convolution(layer: Layer) -> nn.Conv2d | nn.ConvTranspose2d:
    taken, made, kernel, stride, padding, kind, grown = layer
    if kind is Kind.rising:
        return nn.ConvTranspose2d(taken, made, kernel, stride, padding, output_padding=grown)
    return nn.Conv2d(taken, made, kernel, stride, padding)


def _cells(block: Block) -> nn.Sequential:
    return nn.Sequential(*(Cell(layer) for layer in block))


class Wav2Lip(nn.Module):
    """Lips for a face from 16 steps of mel: K R Prajwal et al., "A Lip Sync Expert Is All You Need", 2020.

    Built from the tables in `plan`; 352 and 380 tensors, 36.3 and 53.6 million parameters.
    """

    def __init__(self, variant: Variant) -> None:
        super().__init__()
        self.face_encoder_blocks = nn.ModuleList(_cells(block) for block in variant.encoder)
        self.audio_encoder = _cells(AUDIO)
        self.face_decoder_blocks = nn.ModuleList(_cells(block) for block in variant.decoder)
        self.output_block = nn.Sequential(Cell(Layer(LAST, 32, 3, 1, 1)), nn.Conv2d(32, 3, 1), nn.Sigmoid())

    def look(self, faces: torch.Tensor) -> list[torch.Tensor]:
        """What is seen of faces (b, 6, side, side) in 0..1 at each size, largest first; BGR, halves hidden first."""
        seen, x = [], faces
        for block in self.face_encoder_blocks:
            x = block(x)
            seen.append(x)
        return seen

    def speak(self, heard: torch.Tensor, seen: Sequence[torch.Tensor]) -> torch.Tensor:
        """Faces (b, 3, side, side) BGR in 0..1, for mel (b, 1, 80, 16) and what `look` saw."""
        x: torch.Tensor = self.audio_encoder(heard)
        for block, at_this_size in zip(self.face_decoder_blocks, reversed(seen), strict=True):
            x = torch.cat((block(x), at_this_size), 1)
        faces: torch.Tensor = self.output_block(x)
        return faces

    def forward(self, heard: torch.Tensor, faces: torch.Tensor) -> torch.Tensor:
        return self.speak(heard, self.look(faces))


def fold(network: Wav2Lip) -> Wav2Lip:
    """The same network, in place, without its normalisations: for pictures only, not for training or saving."""
    for module in network.modules():
        if isinstance(module, Cell):
            module.fold()
    return network


def in_rgb(network: Wav2Lip) -> Wav2Lip:
    """The same folded network, in place, for pictures in RGB: the first and last weights change places instead."""
    cell, last = next(iter(network.face_encoder_blocks[0].children())), network.output_block[1]
    assert isinstance(cell, Cell)
    first = cell.conv_block[0]
    assert isinstance(first, nn.Conv2d)
    assert isinstance(last, nn.Conv2d)
    assert last.bias is not None
    with torch.no_grad():
        first.weight.copy_(first.weight[:, [2, 1, 0, 5, 4, 3]].clone())
        last.weight.copy_(last.weight[[2, 1, 0]].clone())
        last.bias.copy_(last.bias[[2, 1, 0]].clone())
    return network
