"""What training makes small: how far a painted face is from the right one, and a heard mouth from the spoken one."""

from __future__ import annotations

import torch
from torch import Tensor

from host_engine.neural.small.network import SHAPE, TOP

EDGES = 1.0  # weight of the edges against the colours
MOUTH = 6.0  # weight of what the mouth changes against the rest of the lower face
BOX = (0.34, 0.86, 0.22, 0.78)  # top, bottom, left, right of where a mouth may be, in sides of the face
NUMBERS = (3.0, 1.0, 1.5, 0.7, 0.5, 0.7)  # weights of a mouth's six numbers
APART = 4.0  # weight of whether the lips are parted at all
LARGE = 0.2  # weight of what is squared: large mistakes


def painted(face: Tensor, target: Tensor, reference: Tensor) -> Tensor:
    """Of faces (b, 3, h, w) against those that were meant: colours and edges, the mouth above all.

    Colours by their absolute difference, and edges by that of neighbouring pixels, so that lines stay lines.
    """
    top = int(TOP * face.shape[2])
    face, target, reference = face[:, :, top:], target[:, :, top:], reference[:, :, top:]
    weight = 1 + MOUTH * _changed(target, reference)
    weight = weight * _box(weight)
    colours = ((face - target).abs() * weight).mean()
    across = (_across(face) - _across(target)).abs() * weight[..., 1:]
    down = (_down(face) - _down(target)).abs() * weight[..., 1:, :]
    return colours + EDGES * (across.mean() + down.mean())


def heard(code: Tensor, shapes: Tensor) -> Tensor:
    """Of codes (n, CODE) against the mouths (n, 6) that speak: closed lips count most, for they are seen at once."""
    told = code[:, :SHAPE]
    numbers = torch.tensor(NUMBERS)
    away = (told - shapes).abs()
    closed = 1 + 4 * (shapes[:, :1] < 0.1).float()
    apart = (_apart(told[:, 0]) - _apart(shapes[:, 0])).abs()
    square = away.square().mean() * LARGE
    return (
        (away * numbers * torch.cat((closed, torch.ones_like(shapes[:, 1:])), 1)).mean()
        + APART / 6 * apart.mean()
        + square
    )


def _apart(opening: Tensor) -> Tensor:
    """How far lips look parted: they look so at once (see the mouth's shader); negative openings are shut lips."""
    opening = opening.clamp(min=0)
    return opening / (opening + 0.08)


def _changed(target: Tensor, reference: Tensor) -> Tensor:
    """(b, 1, h, w) in 0..1: where the target is another picture than the reference, and a little around."""
    away = (target - reference).abs().amax(1, keepdim=True)
    return torch.nn.functional.max_pool2d((away * 8).clamp(0, 1), 5, 1, 2)


def _box(weight: Tensor) -> Tensor:
    height, width = weight.shape[2:]
    side = width
    top, bottom, left, right = BOX
    box = torch.full((1, 1, height, width), 0.4)
    first = int(TOP * side)
    box[..., int(top * side) - first : int(bottom * side) - first, int(left * side) : int(right * side)] = 1
    return box


def _across(face: Tensor) -> Tensor:
    return face[..., 1:] - face[..., :-1]


def _down(face: Tensor) -> Tensor:
    return face[..., 1:, :] - face[..., :-1, :]
