"""SyncNet v2, the judge of lips that the literature quotes: its network, with the names of the public file."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from host_engine.neural import weights

FEATURES = 1024
FRAMES = 5  # of pictures
COEFFICIENTS, STEPS = 13, 20  # of sound


class SyncNet(nn.Module):
    """Pictures and sound of 200 ms, each to a point; the nearer the points, the better the lips.

    J. S. Chung and A. Zisserman, "Out of time: automated lip sync in the wild", 2016; the layers of syncnet_v2.model.
    """

    def __init__(self) -> None:
        super().__init__()
        self.netcnnaud = nn.Sequential(
            *_heard(1, 64, 3, 1),
            nn.MaxPool2d(1, 1),
            *_heard(64, 192, 3, 1),
            nn.MaxPool2d(3, (1, 2)),
            *_heard(192, 384, 3, 1),
            *_heard(384, 256, 3, 1),
            *_heard(256, 256, 3, 1),
            nn.MaxPool2d(3, 2),
            *_heard(256, 512, (5, 4), 0),
        )
        self.netfcaud = _point()
        self.netfclip = _point()
        self.netcnnlip = nn.Sequential(
            *_seen(3, 96, (5, 7, 7), 2, 0),
            nn.MaxPool3d((1, 3, 3), (1, 2, 2)),
            *_seen(96, 256, (1, 5, 5), 2, 1),
            nn.MaxPool3d((1, 3, 3), (1, 2, 2), (0, 1, 1)),
            *_seen(256, 256, (1, 3, 3), 1, 1),
            *_seen(256, 256, (1, 3, 3), 1, 1),
            *_seen(256, 256, (1, 3, 3), 1, 1),
            nn.MaxPool3d((1, 3, 3), (1, 2, 2)),
            *_seen(256, 512, (1, 6, 6), 1, 0),
        )

    def hear(self, sound: torch.Tensor) -> torch.Tensor:
        """(b, 1024) of cepstra (b, 1, 13, 20)."""
        point: torch.Tensor = self.netfcaud(self.netcnnaud(sound).flatten(1))
        return point

    def see(self, pictures: torch.Tensor) -> torch.Tensor:
        """(b, 1024) of pictures (b, 3, 5, 224, 224), BGR in 0..255."""
        point: torch.Tensor = self.netfclip(self.netcnnlip(pictures).flatten(1))
        return point


def load_syncnet(path: Path) -> SyncNet:
    """The network of syncnet_v2.model. Raises NetError with a sentence where the file cannot be used."""
    with torch.device("meta"):
        network = SyncNet()
    weights.fit(network, weights.read(path), path, "SyncNet v2")
    return network.eval().requires_grad_(False)


def _heard(taken: int, made: int, kernel: int | tuple[int, int], padding: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(taken, made, kernel, padding=padding), nn.BatchNorm2d(made), nn.ReLU(inplace=True)


def _seen(taken: int, made: int, kernel: tuple[int, int, int], stride: int, padding: int) -> tuple[nn.Module, ...]:
    convolution = nn.Conv3d(taken, made, kernel, (1, stride, stride), (0, padding, padding))
    return convolution, nn.BatchNorm3d(made), nn.ReLU(inplace=True)


def _point() -> nn.Sequential:
    return nn.Sequential(nn.Linear(512, 512), nn.BatchNorm1d(512), nn.ReLU(), nn.Linear(512, FEATURES))
