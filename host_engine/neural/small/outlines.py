"""Where lips, teeth and tongue of a mouth lie as a rule, as maps that the painter is shown: a hint, not the picture."""

from __future__ import annotations

import torch
from torch import Tensor

from host_engine.neural.small.geometry import MOUTH

MAPS = 5
UNITS = 270.0  # of the drawn mouth's design in the side of a face
NEAR = 8.0  # units; distances are told up to twice as far


def outlines(code: Tensor, width: int) -> Tensor:
    """(b, MAPS, width * 3 // 4, width) for codes (b, 6 or more): the painted part of a face, `width` pixels wide.

    Distances, positive inwards, from the upper lip, the lower lip and the corners; from the teeth's lower edge and from
    the tongue's upper edge downwards. In float32, for a face that looks straight ahead.
    """
    at = (torch.arange(width, device=code.device) + 0.5) / width
    x, y = ((at - 0.5) * UNITS).abs(), ((at - MOUTH) * UNITS)[width // 4 :, None]
    opened, wide, rounded, teeth, tongue, smile = code[:, :6].float()[..., None].unbind(1)
    opened, rounded = opened.clamp(0, 1), rounded.clamp(0, 1)
    apart = opened / (opened + 0.05)
    half = (42 + 13 * wide) * (1 - 0.5 * rounded) + 6 * smile
    arch = (1 - (x / half).square()).clamp(1e-4, 1)
    middle = 6 * (1 - apart) * arch - 9 * smile * (1 - rounded) * (1 - arch)
    up = (4 + 9 * opened * (0.6 + 0.4 * rounded) + 5 * rounded) * (1 - 0.4 * smile) * apart
    down = (4 + 56 * opened * (1 - 0.15 * rounded)) * apart
    top, bottom = middle - up * arch.pow(0.6), middle + down * arch.pow(0.55)
    bite = (5 + 15 * opened).clamp(max=15) * (1.4 * teeth - 0.4).clamp(0, 1)
    crown = down * (1 - (0.3 + 0.3 * opened) * tongue)
    edges = torch.stack((top, bottom, top + bite, middle + crown), 1)[:, :, None]
    upper, lower, tooth, flesh = (y - edges).unbind(1)
    corners = (half - x)[:, None].expand_as(upper)
    return (torch.stack((upper, -lower, corners, tooth, flesh), 1) / NEAR).clamp(-2, 2)
