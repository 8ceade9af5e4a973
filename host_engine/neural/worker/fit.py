"""What an avatar or an order must be like, for a network to work on it; said in sentences where it is not."""

from __future__ import annotations

from collections.abc import Sequence

from host_engine.neural.net import Net
from host_engine.neural.order import Order, Resident

LARGEST = 4096  # pixels of a crop's side


def avatar_misfit(net: Net, resident: Resident) -> str | None:
    """Why an avatar is not one for this network; None where it is."""
    kept, masks = resident.kept, resident.masks
    if len(kept) == 0 or kept.shape[1:] != tuple(net.kept):
        return f"the avatar {resident.name} was studied as {kept.shape}, {net.name} needs (frames, {_said(net.kept)})"
    if masks.shape[1:] != (net.side, net.side) or len(masks) not in (1, len(kept)):
        wanted = f"1 or {len(kept)} of {net.side}x{net.side}"
        return f"the masks of the avatar {resident.name} are {masks.shape}; {net.name} needs {wanted}"
    return None


def order_misfit(net: Net, order: Order, frames: int, even: bool = False) -> str | None:
    """Why an order cannot be done for an avatar of so many frames; `even`: whether its crop's sides must be."""
    if not 0 <= order.frame < frames:
        return f"the avatar has {frames} frames, there is no frame {order.frame}"
    if order.window.shape != tuple(net.window):
        return f"what is heard is {order.window.shape}, {net.name} needs ({_said(net.window)})"
    return crop_misfit(order.under.shape, even)


def crop_misfit(shape: Sequence[int], even: bool = False) -> str | None:
    """Why a crop of the footage cannot be worked on."""
    if len(shape) != 3 or shape[2] != 3 or min(shape) < 1 or max(shape) > LARGEST:
        return f"the crop is ({_said(shape)}): it must be (h, w, 3), at most {LARGEST} a side"
    if even and (shape[0] % 2 or shape[1] % 2):
        return f"the crop is {shape[1]}x{shape[0]}: both must be even"
    return None


def _said(shape: Sequence[int]) -> str:
    return ", ".join(map(str, shape))
