"""Messages that only fill the chat: the same letter, the same word, over and over."""

from __future__ import annotations

import re
from collections import Counter

LONGEST_WORD = 80  # characters; addresses are shorter


def floods(seen: str) -> bool:
    """Whether a visible text only repeats itself."""
    text = seen.casefold()
    letters = [each for each in text if each.isalnum()]
    if len(letters) >= 24 and len(set(letters)) <= 3:
        return True
    words = re.findall(r"[^\W_]+", text)
    if any(len(word) > LONGEST_WORD and word.isascii() for word in words):
        return True
    if len(words) < 8:
        return False
    (_, most), *_ = Counter(words).most_common(1)
    return most > 0.6 * len(words) or (len(words) >= 16 and len(set(words)) < len(words) / 4)
