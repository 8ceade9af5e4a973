"""The words of an AI label, as somebody writes them: they must be there to be read."""

from __future__ import annotations

UNSEEN = "\u115f\u1160\u3164\uffa0"  # letters by name, which are shown as nothing at all
JOINERS = "\u00a0\u202f\u200c\u200d"  # spaces that do not break, and what scripts such as Persian are joined with


def label_words(text: str) -> str:
    """The words themselves. Raises ValueError, with a sentence, where nobody could read them on the picture."""
    if sum(sign.isalnum() and sign not in UNSEEN for sign in text) < 2:
        raise ValueError("the words of a label need at least two letters that are seen")
    if any(not (sign.isprintable() or sign in JOINERS) or sign in UNSEEN for sign in text):
        raise ValueError("the words of a label must not hold signs that nobody sees, such as line breaks")
    return text
