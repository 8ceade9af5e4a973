"""The programme as FLV over HTTP, which OBS and players on this machine fetch: muxed for each, encoded for none."""

from __future__ import annotations

from collections.abc import AsyncIterator

from host_engine.outputs import flv
from host_engine.outputs.source import Source

MOST = 8  # at once
QUEUE = 50  # units; who is slower loses pictures up to a key frame


class HttpFlv:
    """Whoever fetches it begins with the next key frame, and holds up nobody. Lives on the event loop."""

    def __init__(self, source: Source, most: int = MOST) -> None:
        self.fetching = 0
        self._source, self._most = source, most

    @property
    def full(self) -> bool:
        """Whether nobody more is let in."""
        return self.fetching >= self._most

    async def stream(self) -> AsyncIterator[bytes]:
        """The file that never ends, piece by piece: each as soon as its picture may go."""
        source, tags, head = self._source, flv.Tags(self._source.format), flv.HEAD
        self.fetching += 1
        try:
            with source.fanout.reader("flv fetched", QUEUE) as reader:
                source.force_key()
                while True:
                    unit = await reader.get()
                    if piece := head + flv.written(tags.push(unit)):
                        yield piece
                        head = b""
                    reader.left(unit)
        finally:
            self.fetching -= 1
