"""What strangers write, made plain: what is seen of it, what is shown of it, and the words under any disguise."""

from __future__ import annotations

import re
import unicodedata

from host_engine.audience.firewall.lookalikes import latin

LONGEST = 400  # characters of a message; what follows is cut
_RAW = 4 * LONGEST  # of what is looked at at all, as some characters are invisible

_PIECE = 250

_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_STACKED = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_BREAKS = re.compile("[\r\n\u000b\u000c\u0085\u2028\u2029]+")
_EMOJI = re.compile(
    "[\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u2500-\u27bf\u2900-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]+"
)
_FRACTIONS = str.maketrans({"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3", "⅛": " 1/8"})
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})
_SIGN_RUNS = re.compile(r"([^\w\s])\1{3,}")
_LETTER_RUNS = re.compile(r"([^\W\d_])\1{4,}")

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_SIGNS = r"""[:"$.!?;,\n()\[\]{}|…—–«»“”„。、「」『』€£¥₹]|(?<!\w)'|'(?!\w)"""
_TOKEN = re.compile(rf"[{_CJK}]|(?:(?![{_CJK}])[^\W_])+|{_SIGNS}")
_ASCII_TOKEN = re.compile(r"""[a-z0-9]+|[:"$.!?;,\n()\[\]{}|]|(?<!\w)'|'(?!\w)""")
_NAMED = {":": ":", "?": "?"} | dict.fromkeys("\"'«»“”„「」『』", '"') | dict.fromkeys("$€£¥₹", "$")
SIGNS = frozenset('.?:"$')  # what `tokens` makes of all signs


def visible(raw: str) -> str:
    """What a reader sees of a text, in its plainest characters, at most LONGEST of them.

    Compatibility forms are folded (NFKC), what is invisible, turns the direction or is stacked on letters is taken
    out. Line breaks stay. However long the text is, this looks at its beginning only.
    """
    text = raw[:_RAW]
    if not text.isascii():
        text = text.translate(_FRACTIONS).translate(_QUOTES)
        text = _STACKED.sub("", _folded(text))
    text = _BREAKS.sub("\n", text)
    return _INVISIBLE.sub("", text)[:LONGEST]


def _folded(text: str) -> str:
    """Compatibility forms folded, piece by piece, as one character may become eighteen."""
    found = ""
    for at in range(0, len(text), _PIECE):
        found += unicodedata.normalize("NFKC", text[at : at + _PIECE])
        if len(found) >= _RAW:
            break
    return found[:_RAW]


def cleaned(seen: str) -> str:
    """What may be shown and read on of a visible text: one line, no emoji, no runs of the same sign."""
    if not seen.isascii():
        seen = _EMOJI.sub(" ", seen)
    text = _SIGN_RUNS.sub(r"\1\1\1", " ".join(seen.split()))
    return _LETTER_RUNS.sub(r"\1\1\1", text)


def skeleton(seen: str) -> str:
    """A visible text in small Latin letters without accents, where it looks like such: to compare, not to show."""
    if seen.isascii():
        return seen.lower()
    text = unicodedata.normalize("NFKD", seen.translate(latin()).casefold())
    return "".join(each for each in text if not unicodedata.combining(each))


def tokens(bare: str) -> list[str]:
    """The words of a skeleton; each Chinese character is one. Signs are those of SIGNS, never twice in a row."""
    found: list[str] = []
    for match in (_ASCII_TOKEN if bare.isascii() else _TOKEN).finditer(bare):
        word = match[0]
        if not word.isalnum():
            word = _NAMED.get(word, ".")
            if found and found[-1] == word:
                continue
        found.append(word)
    return found


def words(text: str) -> list[str]:
    """The words of any text, without signs."""
    return [each for each in tokens(skeleton(visible(text))) if each not in SIGNS]
