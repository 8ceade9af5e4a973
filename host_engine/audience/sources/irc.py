"""IRC as it travels: bytes to lines, lines to commands with IRCv3 tags, and back; whatever a server sends.

By RFC 1459 and the IRCv3 message-tags specification.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

LONGEST = 16_384  # bytes of a line: 8191 of tags and 512 of message are usual, more is not heard
_UNESCAPED = {":": ";", "s": " ", "r": "\r", "n": "\n", "\\": "\\"}
_ESCAPED = {";": "\\:", " ": "\\s", "\r": "\\r", "\n": "\\n", "\\": "\\\\"}


class Line(NamedTuple):
    """One command of a server. `tags` without values are ""; `nick` is who it is from, "" for the server itself."""

    tags: Mapping[str, str]
    prefix: str
    command: str  # in capitals
    params: tuple[str, ...]

    @property
    def nick(self) -> str:
        nick, mark, _ = self.prefix.partition("!")
        return nick if mark else ""

    @property
    def last(self) -> str:
        """The last parameter, which is where texts are."""
        return self.params[-1] if self.params else ""


class Lines:
    """Puts what comes in pieces together to lines. One that is too long is counted and passed over, to its end."""

    def __init__(self, longest: int = LONGEST) -> None:
        self.too_long = 0
        self._longest = longest
        self._rest = b""
        self._passing = False  # over a line that is too long

    def feed(self, data: bytes) -> list[str]:
        """The lines that are complete now, without their ends and without empty ones. Invalid UTF-8 is replaced."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        if whole and self._passing:
            del whole[0]
            self._passing = False
        if len(self._rest) > self._longest or self._passing:
            self.too_long += not self._passing
            self._passing, self._rest = True, b""
        return [text for each in whole if (text := self._text(each))]

    def _text(self, line: bytes) -> str:
        if len(line) > self._longest:
            self.too_long += 1
            return ""
        return line.decode("utf-8", "replace").strip("\r\n\0 ")


def parse(line: str) -> Line | None:
    """The command in a line, or None where there is none. Never raises."""
    tags: dict[str, str] = {}
    prefix = ""
    if line.startswith("@"):
        raw, _, line = line[1:].partition(" ")
        tags = _tags(raw)
        line = line.lstrip(" ")
    if line.startswith(":"):
        prefix, _, line = line[1:].partition(" ")
    head, mark, trailing = line.lstrip(" ").partition(" :")
    words = [each for each in head.split(" ") if each]
    if not words:
        return None
    return Line(tags, prefix, words[0].upper(), (*words[1:], trailing) if mark else tuple(words[1:]))


def _tags(raw: str) -> dict[str, str]:
    found = {}
    for each in raw.split(";"):
        name, _, value = each.partition("=")
        if name:
            found[name] = _unescaped(value) if "\\" in value else value
    return found


def _unescaped(value: str) -> str:
    return re.sub(r"\\(.?)", lambda found: _UNESCAPED.get(found[1], found[1]), value, flags=re.DOTALL)


def compose(command: str, *params: str, tags: Mapping[str, str] | None = None) -> bytes:
    """A line to send; the last parameter may hold spaces. No parameter can begin a second line or command."""
    words = [_one_line(each) for each in params]
    if words:
        words[-1] = f":{words[-1]}"
    line = " ".join([command, *words])
    if tags:
        line = "@" + ";".join(f"{name}={_escaped(value)}" for name, value in tags.items()) + " " + line
    return line.encode("utf-8", "replace") + b"\r\n"


def _one_line(text: str) -> str:
    return re.sub(r"[\r\n\0]+", " ", text)


def _escaped(value: str) -> str:
    return "".join(_ESCAPED.get(each, each) for each in value.replace("\0", ""))
