"""Personal data in what viewers write: found before it is shown, and taken out of every log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from host_engine.audience.firewall.lists import wordings
from host_engine.audience.firewall.plain import skeleton, tokens, visible
from host_engine.audience.numbers import is_card, is_iban, is_phone

LOGGED = 200  # characters of a message in a log


class Found(NamedTuple):
    """A piece of personal data in a text: what it is, and from where to where."""

    what: str  # "mail", "phone", "iban", "card", "address", "id"
    start: int
    end: int


_AT = (
    r"(?:@|\(\s*(?:at|@)\s*\)|\[\s*(?:at|@)\s*\]|\{\s*at\s*\}"
    r"|(?<=\s)(?:at|arroba|chiocciola|arobase|klammeraffe)(?=\s)|艾特)"
)
_DOT = r"(?:\.|\(\s*(?:dot|\.)\s*\)|\[\s*(?:dot|\.)\s*\]|(?<=\s)(?:dot|punto|punkt|point)(?=\s)|点)"
_HAS_AT = re.compile(r"@|\bat\b|arroba|chiocciola|arobase|klammeraffe|艾特", re.IGNORECASE)
_MAIL = re.compile(
    rf"(?<![\w.+-])[\w.+-]{{1,64}}\s?{_AT}\s?[\w-]{{1,63}}(?:\s?{_DOT}\s?[\w-]{{1,63}}){{0,3}}\s?{_DOT}\s?[a-z]{{2,}}\b",
    re.IGNORECASE,
)
_PLAIN_AT = re.compile(r"\bat\b[^@]*\.[^@]*$", re.IGNORECASE)  # "I saw it at shop.com" is no address of a person

_DATE = re.compile(r"\b(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d{2}|(?:19|20)\d{2}-\d{2}-\d{2})\b")
_DIGITS = re.compile(r"(?<![0-9A-Za-zÀ-ÿ.,#])\(?\+?\(?\d(?:[\s().\-/–]{0,3}\d){5,24}(?![\d])")
_CARD = re.compile(r"(?<![\d.,])\d(?:[ -]?\d){13,18}(?!\d)")
_IBAN = re.compile(r"(?<![0-9A-Za-z])[a-z]{2}\s?\d{2}(?:[ -]?[a-z0-9]){10,30}(?![0-9A-Za-z])", re.IGNORECASE)
_ID = re.compile(
    r"(?<![\dA-Za-z-])\d{3}-\d{2}-\d{4}(?![\d-])|(?<![0-9A-Za-z])[a-z]{6}\d{2}[abcdehlmprst]\d{2}[a-z]\d{3}[a-z](?![0-9A-Za-z])"
    r"|(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])\d{2}\d{3}[\dx](?![\da-z])",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"""\b\d{1,5}[a-z]?\s+(?:[a-z'.-]+\s+){1,3}(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|
        close|terrace|way|square|crescent|gardens|grove|hill)\b
    |\b[\w.-]*(?:straße|strasse|str\.|gasse|allee|platz|weg|ring|ufer|damm)\s+\d{1,4}\s?[a-z]?\b
    |\b(?:via|viale|piazza|corso|vicolo|largo|strada|calle|c/|avenida|avda\.?|plaza|paseo|camino)\s+
        [\w'. ]{2,40}?,?\s*(?:n\.?\s*|numero\s+|número\s+)?\d{1,4}\b
    |\b\d{1,4}\s?(?:bis|ter)?,?\s+(?:rue|avenue|boulevard|place|chemin|allée|impasse|quai|route)\s+\w
    |[\u4e00-\u9fff]{2,8}[路街道巷弄]\s?\d{1,5}\s?[号號]""",
    re.IGNORECASE | re.VERBOSE,
)
_LIVES = re.compile(
    r"\b(?:i\s+live|i'm\s+at|my\s+address|my\s+home|my\s+house|send\s+(?:it|them|this)?\s*to|deliver\s+(?:it\s+)?to|"
    r"ship\s+(?:it\s+)?to|wohne|wohnt|meine\s+adresse|meine\s+anschrift|schick\w*\s+\w*\s*(?:an|in|nach)|abito|"
    r"vivo|indirizzo|sped\w+\s+(?:a|in)|habite|adresse|envoyez|livrez|dirección|direccion|envía\w*|envia\w*)\b"
    r"|我住|住在|地址|寄到|送到",
    re.IGNORECASE,
)
_LINK = re.compile(r"\b(?:https?|ftp)://\S+|\bwww\.\S+", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d(?:[\s().\-/–]{0,3}\d){6,}")
FEWEST = 6  # digits of a number that is looked at
SPELT = 7  # digits in words that are a number of a person


def found(seen: str) -> list[Found]:
    """The personal data in a visible text, in its order."""
    pieces = [Found(what, *span) for what, span in _pieces(seen)]
    if _LIVES.search(seen):
        pieces += [Found("address", *match.span()) for match in _STREET.finditer(seen)]
    return sorted(pieces, key=lambda each: each.start)


def _pieces(seen: str) -> Iterator[tuple[str, tuple[int, int]]]:
    for match in _MAIL.finditer(seen) if _HAS_AT.search(seen) else ():
        if not _PLAIN_AT.search(match[0]):
            yield "mail", match.span()
    if sum(each.isdecimal() for each in seen) < FEWEST:
        return
    for match in _IBAN.finditer(seen):
        if length := is_iban(match[0]):
            yield "iban", (match.start(), match.start() + length)
    for match in _ID.finditer(seen):
        yield "id", match.span()
    for match in _CARD.finditer(seen):
        if is_card(match[0]):
            yield "card", match.span()
    dateless = _DATE.sub(lambda match: "x" * len(match[0]), seen)
    for match in _DIGITS.finditer(dateless):
        if is_phone(match[0], dateless[: match.start()], dateless[match.end() :]):
            yield "phone", match.span()


def spelt_out(said: list[str]) -> bool:
    """Whether digits follow one another in words, in any of the languages, as nobody says a size or a price."""
    run = 0
    for word in said:
        run = run + 1 if word in _digit_words() else 0
        if run >= SPELT:
            return True
    return False


def _digit_words() -> frozenset[str]:
    global _digits
    if not _digits:
        every = (word for wording in wordings() for word in wording.digits)
        _digits = frozenset(token for word in every for token in tokens(skeleton(word)))
    return _digits


_digits: frozenset[str] = frozenset()


def redacted(text: str, longest: int = LOGGED) -> str:
    """A text of a viewer as it may be written into a log: one line, cut, without personal data, addresses and long
    numbers; in their place stands what they were, such as [mail]."""
    seen = " ".join(visible(text).split())
    pieces = found(seen)
    pieces += [Found("address", *match.span()) for match in _STREET.finditer(seen)]
    pieces += [Found("link", *match.span()) for match in _LINK.finditer(seen)]
    pieces += [Found("mail", *match.span()) for match in _MAIL.finditer(seen)]
    pieces += [Found("number", *match.span()) for match in _LONG_NUMBER.finditer(seen)]
    kept, at = [], 0
    for piece in sorted(pieces, key=lambda each: (each.start, -each.end)):
        if piece.start >= at:
            kept += [seen[at : piece.start], f"[{piece.what}]"]
        at = max(at, piece.end)
    whole = "".join([*kept, seen[at:]])
    return whole if len(whole) <= longest else whole[: longest - 1] + "…"
