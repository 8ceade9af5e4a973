"""The ladder of mouths: the first that works and keeps pace moves the lips; where none does, they rest."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from host_engine.host.deadline import Caller
from host_engine.host.mouth import Mouth, frames_of
from host_engine.media import Face, Speech
from host_engine.rests import Rests

log = logging.getLogger(__name__)

LOW, HIGH = np.array([0, -1, 0, 0, 0, 0, 0.0]), np.ones(7)  # of the six numbers of a mouth's shape, and of the energy
SLACK = 0.01  # by which a number may be out of its range
PACE = 0.5  # of a line's length: a mouth that takes longer twice running is too slow
LEAST = 1.0  # seconds that a mouth is given for a line, however short
IDLE = "at rest"


class MouthError(Exception):
    """What is wrong with a mouth, in words."""


class Mouths:
    """A `Mouth` made of several, best first. It never fails: at worst the host speaks with her lips at rest.

    A mouth falls when it raises, returns rubbish, needs longer for a line than the line lasts, or needs more than half
    of that twice running: it rests, and the next one makes the faces of the same line. It comes back by itself.
    `told` is given a sentence when a mouth falls and when it is back, on whichever thread that was found out.
    """

    name = "the mouth"

    def __init__(
        self,
        mouths: Sequence[Mouth],
        told: Callable[[str], None] = lambda text: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.told = told
        self.hurried = True  # False: a slow mouth is as good as a quick one, as it is when a file is rendered
        self._mouths, self._clock, self._rests = tuple(mouths), clock, Rests(clock)
        self._callers = {mouth.name: Caller(f"the mouth {mouth.name}") for mouth in mouths}
        self._slow: set[str] = set()  # those that took too long for their last line

    def lead(self, mouth: Mouth) -> None:
        """From the next line on this mouth is the first, as it was made ready only now."""
        self._callers[mouth.name] = Caller(f"the mouth {mouth.name}")
        self._mouths = (mouth, *self._mouths)

    @property
    def used(self) -> str:
        """The mouth in use: the first that has not fallen."""
        fallen = self.fallen
        return next((mouth.name for mouth in self._mouths if mouth.name not in fallen), IDLE)

    @property
    def fallen(self) -> dict[str, str]:
        """Mouths that have failed and not worked since: name -> why."""
        return self._rests.reasons

    @property
    def trouble(self) -> str | None:
        """A sentence while the lips are not moved by the first mouth."""
        used = self.used
        if not self._mouths or used == self._mouths[0].name:
            return None
        how = "the lips do not move" if used == IDLE else f"the lips are moved by '{used}'"
        reasons = "; ".join(f"'{name}': {reason}" for name, reason in self.fallen.items())
        return f"{how} ({reasons})"

    def faces(self, speech: Speech, fps: int) -> list[Face]:
        """As in `Mouth`."""
        for mouth in self._mouths:
            if self._rests.resting(mouth.name):
                continue
            try:
                return self._made(mouth, speech, fps)
            except Exception as problem:
                self._fell(mouth.name, str(problem) or type(problem).__name__)
        return [Face(speaking=True)] * frames_of(speech, fps)

    def _made(self, mouth: Mouth, speech: Speech, fps: int) -> list[Face]:
        patience = max(LEAST, speech.seconds) if self.hurried else 3600.0
        start = self._clock()
        faces = self._callers[mouth.name].call(patience, mouth.faces, speech, fps)
        taken = self._clock() - start
        faces = checked(faces, frames_of(speech, fps))
        self._pace(mouth.name, taken, speech.seconds)
        return faces

    def _pace(self, name: str, taken: float, seconds: float) -> None:
        """Take note of how long a line took: its faces are good, but the next may come too late."""
        if not self.hurried or taken <= PACE * max(LEAST, seconds):
            self._slow.discard(name)
            if self._rests.well(name):
                log.info("The mouth %s works again", name)
                self.told(f"the mouth '{name}' works again")
        elif name in self._slow:
            self._slow.discard(name)
            self._fell(name, f"it takes {taken:.1f} s for {seconds:.1f} s of speech")
        else:
            self._slow.add(name)

    def _fell(self, name: str, reason: str) -> None:
        rest = self._rests.fell(name, reason)
        log.warning("The mouth %s failed and rests for %.0f s: %s", name, rest, reason)
        self.told(f"the mouth '{name}' failed and rests for {rest:.0f} s: {reason}")


def checked(faces: list[Face], frames: int) -> list[Face]:
    """The faces, without the windows that are none. Raises MouthError where they cannot be shown at all."""
    if len(faces) != frames:
        raise MouthError(f"it made {len(faces)} faces for {frames} frames")
    if not frames:
        return faces
    numbers = np.array([(*face.mouth, face.energy) for face in faces], float)
    if not np.isfinite(numbers).all():
        raise MouthError("it made shapes that are not numbers")
    if (numbers < LOW - SLACK).any() or (numbers > HIGH + SLACK).any():
        raise MouthError("it made shapes that no mouth can take")
    return _hearing(faces)


def _hearing(faces: list[Face]) -> list[Face]:
    """The faces, each without its window where that is broken. Raises MouthError where half of them are."""
    windows = [face.heard for face in faces if face.heard is not None]
    if not windows:
        return faces
    shapes = [window.shape for window in windows if is_window(window)]
    usual = max(set(shapes), key=shapes.count, default=None)
    kept = [face if _fits(face.heard, usual) else face._replace(heard=None) for face in faces]
    broken = len(windows) - sum(face.heard is not None for face in kept)
    if 2 * broken > len(windows):
        raise MouthError(f"{broken} of the {len(windows)} windows it heard are broken")
    if broken:
        log.warning("%d of %d windows of a mouth are broken and left out", broken, len(windows))
    return kept


def is_window(window: NDArray[Any]) -> bool:
    """Whether this is something that a network may be given: numbers, all of them finite."""
    return isinstance(window, np.ndarray) and window.size > 0 and bool(np.isfinite(window).all())


def _fits(window: NDArray[Any] | None, shape: tuple[int, ...] | None) -> bool:
    return window is None or (is_window(window) and window.shape == shape)
