"""Pictures that carry the number of their frame, for whoever looks at them far away, such as behind OBS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from host_engine import frame_code
from host_engine.media import Beat, Picture
from host_engine.playout.program import Draws, Program


class Numbered:
    """What draws the pictures, whose pictures are numbered. `hooks` are called with each number just before."""

    def __init__(self, picture: Draws) -> None:
        self._picture = picture
        self.hooks: list[Callable[[int], object]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._picture, name)

    def draw(self, n: int, beat: Beat) -> Picture:
        """Frame `n`."""
        return self._numbered(n, self._picture.draw(n, beat))

    def draw_slate(self, n: int, at_once: bool = False) -> Picture:
        """Frame `n` of the slate."""
        return self._numbered(n, self._picture.draw_slate(n, at_once))

    def _numbered(self, n: int, picture: Picture) -> Picture:
        for hook in self.hooks:
            hook(n)
        frame_code.write(picture, n)
        return picture


def number(program: Program, *hooks: Callable[[int], object]) -> None:
    """Have the pictures of a programme numbered, from the next one on; twice is once. `hooks`: as those of Numbered."""
    if not isinstance(program.picture, Numbered):
        program.picture = Numbered(program.picture)
    program.picture.hooks += hooks
