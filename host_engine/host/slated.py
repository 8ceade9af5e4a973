"""The picture of a channel that has no drawn host: while the presenter may not be shown, the slate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from host_engine.host.compositor import Compositor
from host_engine.media import Beat, Picture


class Slated:
    """A `Compositor` that shows its slate instead of the host; the sound goes on. A human who takes over is seen."""

    def __init__(self, picture: Compositor, refused: Callable[[], object]) -> None:
        self._picture, self._refused = picture, refused

    def __getattr__(self, name: str) -> Any:
        return getattr(self._picture, name)

    def draw(self, n: int, beat: Beat) -> Picture:
        """Frame `n`."""
        human = beat.camera is not None and self._picture.human_alone
        return self._picture.draw(n, beat) if human or not self._refused() else self._picture.draw_slate(n)
