"""Ids for products: those of the feed where they can be kept, so that stock and price messages find them again."""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST = 50
_VALID = re.compile(rf"[\w.-]{{1,{LONGEST}}}")


def identifier(written: str) -> str:
    """The id itself where it is one, else one made of it; "" where nothing can be made of it."""
    text = unicodedata.normalize("NFC", written.strip())
    if _VALID.fullmatch(text) and text.isprintable():
        return text
    made = re.sub(r"[^\w.-]+", "-", text).strip("-.")
    made = "".join(sign for sign in made if sign.isprintable())
    if len(made) > LONGEST:
        made = f"{made[: LONGEST - 9].rstrip('-.')}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    return made


def name_of_segment(id: str) -> str:
    """A product's id as the name of a segment, in which a colon or a slash would mean something else."""
    return re.sub(r"[:/]", "-", id)
