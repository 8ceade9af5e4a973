"""Which characters are taken for Latin letters."""

from __future__ import annotations

from functools import cache
from unicodedata import name

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


@cache
def styled() -> dict[int, str]:
    """For str.translate: Latin letters of another style, such as small capitals; no other script's, and no flags."""
    drawn = range(_ENCLOSED[0], _ENCLOSED[1] + 26)
    return {each: letter for each, letter in latin().items() if each in drawn or "SMALL CAPITAL" in name(chr(each), "")}
