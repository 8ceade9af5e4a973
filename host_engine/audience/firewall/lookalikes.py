"""Which characters are taken for Latin letters."""

from __future__ import annotations

from functools import cache

from host_engine.audience.firewall.lists import Lookalikes, shipped
from host_engine.document import read

_ENCLOSED = (0x1F150, 0x1F170, 0x1F1E6)  # where white letters in black circles, in black squares, and of flags begin


@cache
def latin() -> dict[int, str]:
    """For str.translate: each look-alike to what it looks like."""
    letters = read(shipped("lookalikes"), Lookalikes).letters
    table = {ord(each): letter for letter, alike in letters.items() for each in alike}
    for first in _ENCLOSED:
        table |= {first + k: chr(ord("a") + k) for k in range(26)}
    return table
