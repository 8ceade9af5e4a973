"""The small network itself: an ear that hears what the mouth does, and a painter that paints it into a face."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as f

from host_engine.neural.small.mel import BANDS, STEPS
from host_engine.neural.small.outlines import MAPS, outlines

SIDE = 128  # pixels of the face, a multiple of 64
SHAPE = 6  # numbers of a mouth, as in media.MouthShape
CODE = 16  # what the ear tells the painter: the six numbers of the mouth, then ten that footage may give a meaning
STYLE = 128
WIDE = 1  # of the six numbers, the one that may be negative
FREE = 8.0  # the ten others are within -FREE..FREE
TOP = 0.25  # of the face: nothing above this is painted
HIDDEN = 0.33  # of the face: below this the painter does not see the picture that it is to complete
SEAM = (0.28, 0.36)  # of the face: between these rows the picture goes over into what is painted


class Cell(nn.Module):
    """A dense 3x3 convolution and ReLU. While it is trained it is normed, and folding leaves the convolution alone.

    `style` is the length of the vector that scales and shifts its channels; 0 is none. With `adds` it adds to what
    comes in.
    """

    def __init__(
        self,
        i: int,
        o: int,
        stride: int | tuple[int, int] = 1,
        normed: bool = False,
        style: int = 0,
        adds: bool = False,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(i, o, 3, stride, 1)
        self.norm = nn.BatchNorm2d(o) if normed else nn.Identity()
        self.style = nn.Linear(style, 2 * o) if style else None
        self.adds = adds

    def forward(self, x: Tensor, style: Tensor | None = None) -> Tensor:
        y: Tensor = self.norm(self.conv(x))
        if self.style is not None and style is not None:
            scale, shift = self.style(style)[:, :, None, None].chunk(2, 1)
            y = torch.addcmul(y + shift, y, scale)
        return f.relu(y + x if self.adds else y)


class Ear(nn.Module):
    """From windows (b, STEPS, BANDS) to codes (b, CODE)."""

    def __init__(self, normed: bool = False) -> None:
        super().__init__()
        self.cells = nn.Sequential(
            Cell(1, 32, (1, 2), normed), Cell(32, 64, 2, normed), Cell(64, 96, 2, normed), Cell(96, 128, 2, normed)
        )  # fmt: skip
        self.gathered = nn.Linear(128 * (STEPS // 8) * (BANDS // 16), 192)
        self.code = nn.Linear(192, CODE)

    def forward(self, windows: Tensor) -> Tensor:
        heard = self.cells(windows[:, None]).flatten(1)
        code: Tensor = self.code(f.relu(self.gathered(heard)))
        return code


class Painter(nn.Module):
    """From faces (b, 3, side, side) in 0..1 and codes (b, CODE) to the same faces with the mouths of the codes.

    Besides the code it is shown where the lips of such a mouth lie as a rule (`outlines`); the face itself, its turns
    and all that is not told by six numbers it has to learn.
    """

    region: Tensor
    seen: Tensor
    places: Tensor

    def __init__(self, side: int = SIDE, normed: bool = False) -> None:
        super().__init__()
        self.side = side
        self.styles = nn.Sequential(nn.Linear(CODE, STYLE), nn.ReLU(), nn.Linear(STYLE, STYLE), nn.ReLU())
        self.first = Cell(26, 32, normed=normed)
        widths = ((32, 64), (64, 96), (96, 128))
        self.down = nn.ModuleList(
            nn.Sequential(Cell(i, o, 2, normed), Cell(o, o, normed=normed, adds=True)) for i, o in widths
        )
        self.middle = Cell(128, 128, normed=normed, style=STYLE, adds=True)
        joined = ((o + i + (MAPS if i < 96 else 0), i) for i, o in widths[::-1])
        self.join = nn.ModuleList(Cell(i, o, normed=normed, style=STYLE) for i, o in joined)
        self.shape = nn.ModuleList(Cell(i, i, normed=normed, style=STYLE, adds=True) for i, _ in widths[::-1])
        self.last = nn.Conv2d(32, 16, 3, 1, 1)
        for name, value in _masks(side).items():
            self.register_buffer(name, value, persistent=False)

    def forward(self, reference: Tensor, current: Tensor, code: Tensor) -> Tensor:
        """`reference` is whole; of `current`, which the result is to match, only the upper part is looked at.

        On air both are the same picture; footage trains with a reference from elsewhere in it. Result in float32.
        """
        kind = self.last.weight.dtype
        style = self.styles(code)
        pictures = torch.cat((reference, current * self.seen), 1).to(kind)
        x = torch.cat((_quartered(pictures), self.places.to(kind).expand(len(pictures), -1, -1, -1)), 1)
        x = self.first(x.contiguous(memory_format=torch.channels_last))
        kept = []
        for down in self.down:
            kept.append(x)
            x = down(x)
        x = self.middle(_lower(x), style)
        for join, shape, skip in zip(self.join, self.shape, kept[::-1], strict=True):
            parts = [f.interpolate(x, scale_factor=2.0), _lower(skip)]
            if skip.shape[1] < 96:
                parts.append(outlines(code, skip.shape[3]).to(x.dtype))
            x = shape(join(torch.cat(parts, 1).contiguous(memory_format=torch.channels_last), style), style)
        painted = f.pixel_shuffle(self.last(x), 2).float().sigmoid()
        whole, top = reference.float(), self.side // 4
        lower = torch.lerp(whole[:, :, top:], painted[:, :3], painted[:, 3:] * self.region)
        return torch.cat((whole[:, :, :top], lower), 2)


class Lips(nn.Module):
    """Ear and painter. Between them a mouth stays within what a mouth can do, whatever is heard."""

    low: Tensor
    high: Tensor

    def __init__(self, side: int = SIDE, normed: bool = False) -> None:
        super().__init__()
        self.ear = Ear(normed)
        self.painter = Painter(side, normed)
        free = CODE - SHAPE
        low = torch.tensor([-1.0 if k == WIDE else 0.0 for k in range(SHAPE)] + [-FREE] * free)
        self.register_buffer("low", low, persistent=False)
        self.register_buffer("high", torch.tensor([1.0] * SHAPE + [FREE] * free), persistent=False)

    def forward(self, faces: Tensor, windows: Tensor) -> Tensor:
        """Faces (b, 3, side, side) in 0..1 saying windows (b, STEPS, BANDS)."""
        painted: Tensor = self.painter(faces, faces, self.ear(windows).clamp(self.low, self.high))
        return painted


def _quartered(x: Tensor) -> Tensor:
    """As `pixel_unshuffle(x, 2)`, in a quarter of the time on a processor."""
    count, channels, height, width = x.shape
    cells = x.reshape(count, channels, height // 2, 2, width // 2, 2).permute(0, 1, 3, 5, 2, 4)
    return cells.reshape(count, 4 * channels, height // 2, width // 2)


def _lower(x: Tensor) -> Tensor:
    """Without the rows in which nothing is painted."""
    return x[:, :, x.shape[2] // 4 :]


def _masks(side: int) -> dict[str, Tensor]:
    """`region` (1, 1, rows from TOP, side): where is painted; `seen`: which rows are looked at; `places`: x and y."""
    at = (torch.arange(side) + 0.5) / side
    rise = ((at - SEAM[0]) / (SEAM[1] - SEAM[0])).clamp(0, 1)
    rows = rise * rise * (3 - 2 * rise) * ((1 - at) / 0.05).clamp(0, 1)
    columns = (torch.minimum(at, 1 - at) / 0.05).clamp(0, 1)
    region = rows[:, None] * columns
    half = (torch.arange(side // 2) + 0.5) / (side // 2) * 2 - 1
    y, x = torch.meshgrid(half, half, indexing="ij")
    return {
        "region": region[None, None, int(TOP * side) :],
        "seen": (at < HIDDEN).float()[None, None, :, None],
        "places": torch.stack((x, y))[None],
    }
