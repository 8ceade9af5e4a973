"""The stream of a chat completion, read from bytes: server-sent events, bounded, whatever a server sends.

The wire format is that of https://html.spec.whatwg.org/multipage/server-sent-events.html: lines end in LF, CR LF or CR,
"data:" lines of one event are joined, comments begin with a colon, an event ends at an empty line.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, AsyncIterable, Iterator
from contextlib import aclosing
from typing import Any, NamedTuple

from host_engine.audience.answer import WriterError

MOST_BYTES = 2_000_000  # of one answer; 400 tokens take some 100 kB
LONGEST = 200_000  # bytes of one line
_LINE_END = re.compile(rb"\r\n|\r|\n")
_MARK = b"\xef\xbb\xbf"  # of UTF-8, where a stream begins with it
_DONE = b"[DONE]"
_OTHER = (b":", b"event:", b"id:", b"retry:")  # lines that say nothing here


class Delta(NamedTuple):
    """What one event adds to the answer."""

    text: str = ""
    ended: str = ""  # why the model stopped, where it did: "stop", "length", "tool_calls", ...


class Lines:
    """Cuts bytes into lines, as they come; a line, its end, or a letter may be split over chunks."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._after_cr = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        if self._after_cr and chunk[:1] == b"\n":
            chunk, self._after_cr = chunk[1:], False
        if not chunk:
            return
        self._after_cr = chunk.endswith(b"\r")
        first, *others = _LINE_END.split(chunk)
        self._rest += first
        for each in others:
            yield bytes(self._rest)
            self._rest = bytearray(each)
        if len(self._rest) > LONGEST:
            raise WriterError("the model's server sends a line that does not end")

    def end(self) -> Iterator[bytes]:
        """What came after the last line's end, and an empty line that ends its event."""
        yield bytes(self._rest)
        yield b""


async def deltas(chunks: AsyncIterable[bytes]) -> AsyncGenerator[Delta, None]:
    """What the events of a response add to the answer, up to [DONE].

    A server that does not stream, but answers in one JSON document, is understood too. Raises WriterError where it
    sends an error, garbage, too much, or ends before the answer does.
    """
    data: list[bytes] = []
    strays = bytearray()
    ended = False
    async with aclosing(_lines(chunks)) as lines:
        async for line in lines:
            if line.startswith(b"data:"):
                data.append(line[5:].removeprefix(b" "))
            elif line and not line.startswith(_OTHER):
                strays += line
            elif not line and data:
                event, data = b"\n".join(data), []
                if event.strip() == _DONE:
                    return
                delta = read_event(event)
                ended = ended or bool(delta.ended)
                yield delta
    if strays and not ended:
        yield read_event(bytes(strays))
    elif not ended:
        raise WriterError("the model's server broke off in the middle of the answer")


async def _lines(chunks: AsyncIterable[bytes]) -> AsyncGenerator[bytes, None]:
    lines, taken = Lines(), 0
    async for chunk in chunks:
        if taken == 0:
            chunk = chunk.removeprefix(_MARK)
        taken += len(chunk)
        if taken > MOST_BYTES:
            raise WriterError("the model's server sends without end")
        for line in lines.feed(chunk):
            yield line
    for line in lines.end():
        yield line


def read_event(event: bytes) -> Delta:
    """The text of an event. Tool calls, reasoning and whatever else it holds are left aside. Raises WriterError."""
    try:
        read = json.loads(event)
    except (ValueError, RecursionError):  # broken UTF-8 among them
        shown = event[:60].decode("utf-8", "replace")
        raise WriterError(f"the model's server sends what is no answer: {shown!r}") from None
    if not isinstance(read, dict):
        raise WriterError("the model's server sends what is no answer")
    if error := read.get("error"):
        said = error.get("message") if isinstance(error, dict) else error
        raise WriterError(f"the model's server says: {str(said)[:200]}")
    first = _first(read.get("choices"))
    part = first.get("delta") or first.get("message") or {}
    text = part.get("content") if isinstance(part, dict) else None
    ended = first.get("finish_reason")
    return Delta(text if isinstance(text, str) else "", ended if isinstance(ended, str) else "")


def _first(choices: Any) -> dict[str, Any]:
    return choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
