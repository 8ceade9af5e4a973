"""Messages that only fill the chat: the same letter, the same word, over and over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from host_engine.audience.firewall.plain import SIGNS


def floods(seen: str, said: Sequence[str]) -> bool:
    """Whether a visible text, and its words, are a flood."""
    letters = [each for each in seen.casefold() if each.isalnum()]
    if len(letters) >= 24 and len(set(letters)) <= 3:
        return True
    words = [word for word in said if word not in SIGNS]
    if any(len(word) > 60 for word in words):
        return True
    if len(words) < 8:
        return False
    (_, most), *_ = Counter(words).most_common(1)
    chinese = sum(word > "\u3000" for word in words) > len(words) / 2
    return most > 0.6 * len(words) >= (12 if chinese else 0) or (len(words) >= 16 and len(set(words)) < len(words) / 4)
