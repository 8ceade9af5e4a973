"""The host drawn at half her size and enlarged: softer to look at, and a good deal cheaper."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future

import cv2
import numpy as np

from host_engine.host.avatar import NOTHING, Avatar
from host_engine.host.perform import Pose
from host_engine.host.rig import Box, common
from host_engine.media import Face, Picture

log = logging.getLogger(__name__)

EDGE = 2  # small pixels around a changed box from which its enlargement takes its colours


class Understudy:
    """An `Avatar` of half the size in a window of the full size, background included."""

    settled = True
    halves = False

    def __init__(self, lead: Avatar) -> None:
        """`lead` is whose place she takes; she is made of her. Raises ValueError where that cannot be."""
        self.size = lead.size
        half = -(-self.size[0] // 2), -(-self.size[1] // 2)
        self._avatar = lead.halved()
        if self._avatar.size != half:
            raise ValueError(f"the host is {self._avatar.size}, not {half}")
        self._small: Picture = np.zeros((0, 0, 3), np.uint8)
        self._out: Picture | None = None

    def halved(self) -> Avatar:
        """As in `Avatar`."""
        return self._avatar

    def stand_before(self, background: Picture) -> None:
        """As in `Avatar`."""
        small = cv2.resize(background, self._avatar.size, interpolation=cv2.INTER_AREA)
        self._avatar.stand_before(np.asarray(small, np.uint8))
        self._out = None

    def draw(self, face: Face, pose: Pose, out: Picture) -> Box:
        """As in `Avatar`."""
        if out is not self._out:
            self._small = np.zeros((-(-out.shape[0] // 2), -(-out.shape[1] // 2), 3), np.uint8)
            self._out = out
        box = self._avatar.draw(face, pose, self._small)
        if box == NOTHING:
            return NOTHING
        rows, columns = self._small.shape[:2]
        left = (self._avatar.size[0] - columns) // 2
        place = common(
            (box[0] - left - EDGE, box[1] - EDGE, box[2] - left + EDGE, box[3] + EDGE), (0, 0, columns, rows)
        )
        return self._enlarge(place, out)

    def _enlarge(self, place: Box, out: Picture) -> Box:
        """Fill a place of the small picture into the large one; returns where it changed, in the large window."""
        x0, y0, x1, y1 = place
        size = 2 * (x1 - x0), 2 * (y1 - y0)
        part = cv2.resize(self._small[y0:y1, x0:x1], size, interpolation=cv2.INTER_LINEAR)
        # Its outermost pixels have no neighbours to lean to; where the picture goes on, those there are right already.
        a, b = 2 * x0 + 2 * (x0 > 0), 2 * y0 + 2 * (y0 > 0)
        rows, columns = self._small.shape[:2]
        right, bottom = 2 * x1 - 2 * (x1 < columns), 2 * y1 - 2 * (y1 < rows)
        right, bottom = min(right, out.shape[1]), min(bottom, out.shape[0])
        out[b:bottom, a:right] = part[b - 2 * y0 : bottom - 2 * y0, a - 2 * x0 : right - 2 * x0]
        left = (self.size[0] - out.shape[1]) // 2
        return a + left, b, right + left, bottom


class Role:
    """An `Avatar` played by the host herself or by her understudy, who is drawn when she is needed and let go after.

    Drawing is the render thread's; `halve` and `settled` may be called from any thread.
    """

    halves = False

    def __init__(self, avatar: Avatar, threads: Executor) -> None:
        """The understudy is made on one of the `threads`."""
        self.size = avatar.size
        self._avatar, self._threads = avatar, threads
        self._halved = False
        self._understudy: Future[Avatar] | None = None
        self._player: Avatar = avatar
        self._coming: Avatar | None = None
        self._background: Picture | None = None

    def rehearse(self, make_avatar: Callable[[int, int], Avatar]) -> Callable[[], None]:
        """Make another host ready to play; what is given back has her play from the next picture on. Takes long.

        Raises ValueError where she does not fit the window.
        """
        avatar = make_avatar(*self.size)
        if avatar.size != self.size:
            raise ValueError(f"the host is {avatar.size}, not {self.size}")
        if self._background is not None:
            avatar.stand_before(self._background)
            avatar.draw(Face(), Pose(), np.zeros_like(self._background))  # her first picture takes the longest

        def play() -> None:
            self._coming = avatar

        return play

    def halved(self) -> Avatar:
        """As in `Avatar`."""
        return self._avatar.halved()

    def halve(self, halved: bool) -> None:
        """Let the understudy play from when she is ready, or the host herself again from the next picture on."""
        self._halved = halved

    @property
    def settled(self) -> bool:
        """Whether who ought to play plays, or cannot."""
        order = self._understudy
        if self._wanted:
            return order is not None and order.done() and self._player is self._ready(order)
        return self._player is self._avatar

    def stand_before(self, background: Picture) -> None:
        """As in `Avatar`."""
        self._background = background
        self._player.stand_before(background)

    def draw(self, face: Face, pose: Pose, out: Picture) -> Box:
        """As in `Avatar`."""
        player = self._cast()
        if player is not self._player:
            if self._background is not None:
                player.stand_before(self._background)
            self._player = player
        return player.draw(face, pose, out)

    @property
    def _wanted(self) -> bool:
        """Whether the understudy is to play; a host who was filmed is cheaper at her full size."""
        return self._halved and self._avatar.halves

    def _cast(self) -> Avatar:
        if (coming := self._coming) is not None:
            self._avatar = coming
            self._coming = self._understudy = None
        if not self._wanted:
            self._understudy = None
            return self._avatar
        order = self._understudy
        if order is None:
            order = self._understudy = self._threads.submit(self._rehearsed, self._avatar)
        return self._ready(order)

    def _ready(self, order: Future[Avatar]) -> Avatar:
        if not order.done() or order.cancelled() or order.exception():
            return self._avatar
        return order.result()

    def _rehearsed(self, lead: Avatar) -> Avatar:
        try:
            return Understudy(lead)
        except Exception:
            log.exception("the host could not be drawn at half her size; she stays as she is")
            raise
