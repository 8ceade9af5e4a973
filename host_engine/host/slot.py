"""How things come into the picture and go: a short slide and fade."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from host_engine.host.canvas import Placed, Sprite


class Slot:
    """One place of the picture. A new thing slides up while the old one fades; the same thing is just replaced."""

    def __init__(self, frames: int, rise: int) -> None:
        """A change takes `frames` frames, in which the new thing rises by `rise` pixels."""
        self._frames, self._rise = frames, rise
        self._key: Hashable = None
        self._sprite: Sprite | None = None
        self._since = 0
        self._leaving: Sprite | None = None

    @property
    def key(self) -> Hashable:
        """Of what is here; None where nothing is."""
        return self._key

    def show(self, n: int, key: Hashable, sprite: Sprite | None) -> None:
        """From frame `n` on, `sprite` is here, or nothing. With the `key` of before it changes without motion."""
        if sprite is None:
            key = None
        if key != self._key:
            self._leaving, self._since, self._key = self._sprite, n, key
        self._sprite = sprite

    def settle(self) -> None:
        """End all motion at once."""
        self._leaving, self._since = None, self._since - self._frames

    def placed(self, n: int) -> Iterator[Placed]:
        """What is seen in frame `n`, the lowest first."""
        progress = (n - self._since + 1) / self._frames
        if progress >= 1 or progress <= 0:
            if self._sprite is not None:
                yield Placed(self._sprite)
            return
        eased = 1 - (1 - progress) ** 3
        if self._leaving is not None:
            yield Placed(self._leaving, fade=1 - progress)
        if self._sprite is not None:
            yield Placed(self._sprite, dy=round(self._rise * (1 - eased)), fade=min(1.0, eased * 1.1))
