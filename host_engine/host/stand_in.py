"""The presenter, and the drawn host who takes her place while she may not be shown."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from host_engine.host.avatar import NOTHING, Avatar
from host_engine.host.perform import Pose
from host_engine.host.rig import Box
from host_engine.media import Face, Picture


class StandIn:
    """An `Avatar` that is one of two; where there is no other, the place stays empty.

    The change comes with the next picture that is drawn: whoever may not be shown is in none after it.
    """

    def __init__(self, presenter: Avatar, other: Avatar | None, refused: Callable[[], object]) -> None:
        """`refused` is true while the presenter may not be shown; it must not wait."""
        self.size = presenter.size
        self._presenter, self._other, self._refused = presenter, other, refused
        self._background: Picture | None = None
        self._player: Avatar | None = presenter
        self._out: Picture | None = None  # in which nobody is seen

    @property
    def settled(self) -> bool:
        """As in `Avatar`."""
        return self._player is None or self._player.settled

    @property
    def halves(self) -> bool:
        """As in `Avatar`: whoever is to play now."""
        player = self._chosen()
        return player is not None and player.halves

    def halved(self) -> Avatar:
        """As in `Avatar`. Raises ValueError where nobody plays."""
        player = self._chosen()
        if player is None:
            raise ValueError("nobody is shown here")
        return player.halved()

    def _chosen(self) -> Avatar | None:
        return self._other if self._refused() else self._presenter

    def stand_before(self, background: Picture) -> None:
        """As in `Avatar`."""
        self._background, self._out = background, None
        if self._player is not None:
            self._player.stand_before(background)

    def draw(self, face: Face, pose: Pose, out: Picture) -> Box:
        """As in `Avatar`."""
        player = self._chosen()
        if player is not self._player:
            self._player, self._out = player, None
            if player is not None and self._background is not None:
                player.stand_before(self._background)
        if player is not None:
            return player.draw(face, pose, out)
        return self._emptied(out)

    def _emptied(self, out: Picture) -> Box:
        if out is self._out:
            return NOTHING
        self._out = out
        left = (self.size[0] - out.shape[1]) // 2
        if self._background is None:
            out[:] = 0
        else:
            np.copyto(out, self._background[: out.shape[0], left : left + out.shape[1]])
        return left // 2 * 2, 0, -(-(left + out.shape[1]) // 2) * 2, -(-out.shape[0] // 2) * 2
