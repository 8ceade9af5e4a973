"""The presenter: which frame of her footage each face is shown with, and who is asked in time to move its lips."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, Literal, NamedTuple, Protocol

from numpy.typing import NDArray

from host_engine.avatars.route import Place, Route
from host_engine.host.footage_cut import cut
from host_engine.host.footage_pace import Pace
from host_engine.media import Face, Picture
from host_engine.neural.net import Crop
from host_engine.neural.order import Lips, Order

LOOK = 16  # frames of the route that are decoded ahead
MARGIN = 0.003  # seconds before its frame begins by which a picture must be there
PATIENCE = 3600.0  # seconds in which the lips of a rendered picture may come

Seen = Literal["fresh", "warped", "shut", "silent", "held"]


class Frames(Protocol):
    """The decoded footage."""

    def expect(self, indices: Sequence[int]) -> None:
        """These frames are asked for next, in this order."""
        ...

    def frame(self, index: int) -> Picture:
        """(h, w, 3) RGB, which nobody writes to. Raises LookupError when it is not decoded yet."""
        ...


class Shot(NamedTuple):
    """The frame of footage for one face; `lips` come later, as the picture of the crop, where they were ordered."""

    frame: int
    picture: Picture  # (h, w, 3) RGB; nobody writes to it
    crop: Crop = (0, 0, 0, 0)  # where the lips go
    lips: Future[Picture] | None = None
    held: bool = False  # the frame before, as the one that was due could not be had


class Crew(NamedTuple):
    """Who makes the lips of a presenter: the worker, her number there, the crop of each frame of her footage."""

    lips: Lips
    avatar: int
    crops: Sequence[Crop]
    window: tuple[int, ...]  # the shape of what the network hears for a frame


class Presenter:
    """Shoots one frame of footage for each beat, in order; `shoot` is the tick's, so it waits for nothing.

    Lips are ordered where something is heard, but for the time in which there is no crew or its network rests. While
    she may not be shown (`refused`), nothing is shot at all. `due` is in how many seconds the shot will be drawn.
    """

    def __init__(
        self,
        channel: str,
        frames: Frames,
        route: Route,
        pace: Pace,
        *,
        rate: float = 1.0,
        due: Callable[[], float] = lambda: 0.2,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`rate`: frames of the footage for one of the channel's. The frame of the start must be decoded."""
        self.pace, self.due = pace, due
        self.hurried = True  # False: pictures wait for their lips, as they do when a file is rendered
        self.refused: str | None = None  # why she may not be shown
        self.crew: Crew | None = None
        self.seen: Counter[Seen] = (
            Counter()
        )  # pictures drawn: lips in time, warped, shut by visemes, none needed, frame not there
        self._channel, self._frames, self._route, self._clock = channel, frames, route, clock
        self._rate, self._phase = rate, 0.0
        start = route.start()
        self._plan: deque[Place] = deque()
        place = start
        while len(self._plan) < LOOK:
            place = route.next(place, False)
            self._plan.append(place)
        self.still = Shot(start.frame, frames.frame(start.frame))  # what is shown before any other
        self._last = self.still
        self._expect()

    def shoot(self, face: Face) -> Shot | None:
        """The next frame, and its lips on order; None while she may not be shown."""
        if self.refused:
            return None
        self._last = self._next(face.speaking)
        crew, heard = self.crew, face.heard
        if heard is None or crew is None or not self.pace.ordering or heard.shape != crew.window:
            return self._last
        return self._with_lips(self._last, crew, heard)

    def close(self) -> None:
        """No more lips are ordered."""
        crew, self.crew = self.crew, None
        if crew is not None:
            crew.lips.leave(crew.avatar)

    def _next(self, speaking: bool) -> Shot:
        self._phase += self._rate
        steps = int(self._phase)
        self._phase -= steps
        frame = self._last.frame
        for _ in range(steps):
            frame = self._plan.popleft().frame
            self._plan.append(self._route.next(self._plan[-1], speaking))
        if steps:
            self._expect()
        if frame == self._last.frame and not self._last.held:
            return self._last
        try:
            return Shot(frame, self._frames.frame(frame))
        except LookupError:
            return self._last._replace(held=True)

    def _expect(self) -> None:
        self._frames.expect([place.frame for place in self._plan])

    def _with_lips(self, shot: Shot, crew: Crew, heard: NDArray[Any]) -> Shot:
        crop = crew.crops[shot.frame]
        under = cut(shot.picture, crop)
        wait = self.due() - MARGIN if self.hurried else PATIENCE
        order = Order(self._channel, crew.avatar, shot.frame, heard, under, self._clock() + wait)
        return shot._replace(crop=crop, lips=crew.lips.order(order))
