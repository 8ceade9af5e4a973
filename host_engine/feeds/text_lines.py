"""The text of a feed and its lines, whatever encoding it is in: UTF-8, UTF-16, UTF-32 or Windows-1252."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from host_engine.feeds.refusal import Refused

LONGEST = 4_000_000  # signs of one line; a description takes some thousand
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_END = re.compile(r"\r\n|\n|\r")
_WINDOWS = "host_engine.windows"


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """What is not UTF-8 is read as Windows-1252, which spreadsheets write; where that has no sign, nothing is."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "ignore"), error.end


codecs.register_error(_WINDOWS, _as_windows)


def encoding_of(start: bytes) -> tuple[str, int]:
    """The encoding of a text by its first bytes, and how many of them are its mark."""
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name, len(mark)
    sample = start[:400]
    if len(sample) >= 4 and sample.count(0) >= len(sample) // 4:  # UTF-16 without its mark
        return ("utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"), 0
    return "utf-8", 0


def texts(chunks: Iterable[bytes]) -> Iterator[str]:
    """The text in pieces, without its mark and without NULs."""
    source = iter(chunks)
    start = b""
    for piece in source:
        start += piece
        if len(start) >= 4:
            break
    name, skip = encoding_of(start)
    decoder = codecs.getincrementaldecoder(name)(_WINDOWS if name == "utf-8" else "ignore")
    yield decoder.decode(start[skip:]).replace("\0", "")
    for piece in source:
        yield decoder.decode(piece).replace("\0", "")
    yield decoder.decode(b"", True).replace("\0", "")


def lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """The lines with their ends: LF, CR LF or CR. Raises Refused where a line does not end."""
    number, rest = 1, ""
    for piece in texts(chunks):
        text = rest + piece
        held = len(text) - 1 if text.endswith("\r") else len(text)  # its line feed may come with the next piece
        at = 0
        for end in _END.finditer(text, 0, held):
            yield text[at : end.end()]
            at, number = end.end(), number + 1
        rest = text[at:]
        if len(rest) > LONGEST:
            raise Refused(f"this line has more than {LONGEST / 1e6:.0f} MB: this is no product feed", number)
    if rest:
        yield rest
