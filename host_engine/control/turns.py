"""Work of which only so much is done at once; who comes when all turns are taken is refused, not kept waiting."""

from __future__ import annotations

from types import TracebackType

from fastapi import HTTPException


class Turns:
    """Taken by `with`. Raises HTTPException 503 while all are taken."""

    def __init__(self, most: int) -> None:
        self._most, self._taken = most, 0

    def __enter__(self) -> None:
        if self._taken >= self._most:
            raise HTTPException(503, "Too many ask at once. Please try again in a moment.", {"Retry-After": "2"})
        self._taken += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._taken -= 1
