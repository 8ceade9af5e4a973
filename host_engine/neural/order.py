"""What a channel asks of the worker: lips for one frame until a time; and what it gets."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from host_engine.media import Picture
from host_engine.neural.net import Half


class Resident(NamedTuple):
    """What the worker keeps of an avatar for as long as it is on air."""

    name: str
    kept: NDArray[Any]  # (frames, *Net.kept), as `Net.study` made it
    masks: NDArray[np.uint8]  # (frames or 1, side, side): 0 the footage stays .. 255 the network's picture


class Order(NamedTuple):
    """The lips of one frame of one channel."""

    channel: str
    avatar: int  # the number that `Lips.settle` gave
    frame: int  # of the avatar's footage
    window: Half  # of Net.window's shape: what is heard in this frame
    under: Picture  # (h, w, 3) RGB: what the footage shows inside the crop
    deadline: float  # seconds of time.monotonic(): later it is of no use


class Missed(Exception):
    """The lips of a frame are not there: too late, not a picture, or the worker is gone."""


class Lips(Protocol):
    """Who makes lips: a worker in this process, or one that all channels of the machine share."""

    def settle(self, resident: Resident) -> int:
        """Take an avatar in; its number. Asked again for the same name and arrays, the same number."""
        ...

    def leave(self, avatar: int) -> None:
        """The avatar is no longer needed here."""
        ...

    def order(self, order: Order) -> Future[Picture]:
        """Returns at once. The result is `under` with the new lips in it, (h, w, 3) RGB; or it raises `Missed`."""
        ...

    def status(self) -> dict[str, Any]:
        """What /status says: device, dtype, network, rung, orders, missed, batches, queue age."""
        ...

    def close(self) -> None: ...
