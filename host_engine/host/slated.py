"""The picture of a channel that has no drawn host: while the presenter may not be shown, the slate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from host_engine.host.compositor import Compositor
from host_engine.media import Beat, Picture


class Slated:
    """A `Compositor` that shows its slate instead of the host; the sound goes on."""

    def __init__(self, picture: Compositor, refused: Callable[[], object]) -> None:
        self._picture, self._refused = picture, refused

    def __getattr__(self, name: str) -> Any:
        return getattr(self._picture, name)

    def draw(self, n: int, beat: Beat) -> Picture:
        """Frame `n`."""
        return self._picture.draw_slate(n) if self._refused() else self._picture.draw(n, beat)
