"""Addresses in a message, written out or in disguise: "www.x.com", "x dot com", "x[.]com"."""

from __future__ import annotations

import re
from collections.abc import Collection

_SURE = (
    "com net org info biz io co ru cn xyz ly gg tv club online website site vip ws cc xxx example test jp kr br "
    "fr ch pl nl se dk"
)
_ALSO_WORDS = "it de es at be me to is in so us uk eu ca app dev top link shop store live page one la no my am id ai sh"
_TLD = "|".join(sorted({*_SURE.split(), *_ALSO_WORDS.split()}, key=len, reverse=True))
_CERTAIN = "|".join(sorted(_SURE.split(), key=len, reverse=True))

_SCHEME = re.compile(r"\bh(?:tt|xx)ps?\s*:\s*/|\b(?:ftp|tg|magnet|mailto|discord)\s*:\s*/?\S|\bwww\s*\.\s*\w")
_LABEL = r"(?<![\w@.])(?=[\w-]*[a-z])[a-z0-9][a-z0-9-]{1,62}"
_HOST = re.compile(rf"{_LABEL}(?:\.[a-z0-9-]{{1,63}}){{0,4}}\.(?:{_CERTAIN})(?![\w-])")
_PERHAPS = re.compile(rf"{_LABEL}(?:\.[a-z0-9-]{{1,63}}){{0,4}}\.(?:{_TLD})(?=/\w|[\s.!?,;)\"']*$)")
_SHORT = re.compile(rf"(?<![\w@.])[a-z]{{1,3}}\.(?:{_TLD})/\w")
_POINTED_AT = re.compile(
    rf"\b(?:go to|visit|see|check|at|on|from|buy|via|su|sul sito|vai su|auf|bei|besuch\w*|sur|visite\w*|chez|en|"
    rf"visita|entra)\s+[a-z0-9][a-z0-9-]*\.(?:{_TLD})(?![\w-])"
)
_NUMBERS = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_BRACKETED = re.compile(r"\s*[(\[{<]\s*(?:dot|punkt|punto|point|点|點|\.)\s*[)\]}>]\s*")
_SPELT = re.compile(
    r"\w\s*(?:(?<=\s)(?:dot|d0t)\s+(?:com|net|org|shop|store|io|co|uk|de|fr|it|es|info|xyz|ly|gg|me|tv|biz|live|site|"
    r"online|link|ru|cn|eu|app)"
    r"|(?<=\s)punkt\s+(?:com|net|org|de|at|ch|eu|info|shop|io)|(?<=\s)punto\s+(?:com|net|org|it|info|eu)"
    r"|(?<=\s)point\s+(?:com|net|org|fr|be|info)|[点點]\s*(?:com|cn|net|org|top|xyz))\b"
)
_SPACED = re.compile(r"\w\s+\.\s*(?:com|net|org|info|shop)\b|\w\s*\.\s+(?:com|net|org)\b")


_MAYBE = re.compile(r"[.:点點]|\b(?:dot|d0t|punkt|punto|point)\b")


def linked(seen: str, own: Collection[str] = ()) -> bool:
    """Whether a visible text leads somewhere else than to the hosts in `own`, such as "leaf-and-kettle.example"."""
    text = seen.casefold()
    if not _MAYBE.search(text):
        return False
    text = _BRACKETED.sub(".", text)
    for host in own:
        text = re.sub(rf"(?:https?://)?(?:www\.)?{re.escape(host.casefold())}(?:/\S*)?(?![\w.-])", " ", text)
    return any(
        pattern.search(text) for pattern in (_SCHEME, _HOST, _PERHAPS, _SHORT, _POINTED_AT, _NUMBERS, _SPELT, _SPACED)
    )
