"""XML as shops send it, with the slips that would stop a reader mended: names of HTML, wrong bytes, control signs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.entities import name2codepoint

from host_engine.feeds.text_lines import encoding_of, texts

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_OURS = frozenset({"utf-8", "utf8", "utf-16", "utf16", "us-ascii", "ascii"})
_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_REFERENCE = re.compile(r"&(?:([A-Za-z][A-Za-z0-9]{1,10})|#0*([0-9]{1,2})|#[xX]0*([0-9A-Fa-f]{1,2}));")
_BARE = re.compile(r"&(?![A-Za-z#])")
_CONTROL = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}
_LONGEST = 14  # signs of a reference


def mended(chunks: Iterable[bytes]) -> Iterator[str | bytes]:
    """The document in pieces: text, or bytes where it names an encoding that its reader has to know."""
    source = iter(chunks)
    start = next(source, b"")
    declared = _DECLARED.match(start)
    pieces = _with(start, source)
    if declared and declared[1].decode().lower() not in _OURS and encoding_of(start) == ("utf-8", 0):
        yield from pieces
        return
    rest = ""
    for text in texts(pieces):
        text = rest + text.translate(_CONTROL)
        cut = text.rfind("&", max(0, len(text) - _LONGEST))  # a reference may end in the next piece
        rest = "" if cut < 0 else text[cut:]
        yield _mended(text if cut < 0 else text[:cut])
    yield _mended(rest)


def _with(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _mended(text: str) -> str:
    return _REFERENCE.sub(_known, _BARE.sub("&amp;", text)) if "&" in text else text


def _known(reference: re.Match[str]) -> str:
    name, decimal, other = reference.groups()
    if name:
        return f"&#{name2codepoint[name]};" if name in name2codepoint and name not in _XML else reference[0]
    code = int(decimal) if decimal else int(other, 16)
    return "" if code in _CONTROL else reference[0]
