"""What a viewer says into the microphone, and who listens to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

RATE = 16_000  # samples a second that listeners take

Samples = NDArray[np.float32]  # (samples,) mono, -1..1


class Talk(NamedTuple):
    """One time that a viewer holds the button: who, in which language where they chose one."""

    viewer: str  # an id; never shown
    name: str = ""
    language: str | None = None


class Listener(Protocol):
    """Is given what is said, some 60 ms at a time, on the event loop; both calls must come back at once."""

    def __call__(self, samples: Samples, /) -> None: ...

    def end(self) -> None:
        """The button was let go, the time is over, or the viewer is gone: nothing more comes."""
        ...


Listen = Callable[[Talk], Listener]
