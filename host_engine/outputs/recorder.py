"""Units -> a file on disk: the running channel as a recording, or a rendered show."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from io import BytesIO
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, cast

import av
from av.container import OutputContainer
from av.stream import Stream

from host_engine.media import Format, Unit
from host_engine.outputs import flv, h264
from host_engine.outputs.fanout import Fanout

QUEUE = 250  # units: ten seconds of a disk that does nothing
GOODBYE = 5.0  # seconds for the end of the file
MUXERS = {".mp4": "mp4", ".m4v": "mp4", ".mkv": "matroska"}
LIVE = {
    "mp4": {"movflags": "frag_keyframe+delay_moov+default_base_moof", "flush_packets": "1"},
    "matroska": {"cluster_time_limit": "1000", "flush_packets": "1"},
}
SEEKABLE = {"mp4": {"movflags": "faststart"}}


class FileWriter:
    """Writes units into an MP4 or, by its suffix, an MKV. Blocks: not for the event loop.

    live: the file plays up to its last second however the process dies; else it is an ordinary, seekable file once it
    is closed. The first unit must be a key frame: its picture is time 0. Everything raises OSError with a sentence
    when the disk does not take it; a suffix that is none raises ValueError.
    """

    def __init__(self, path: Path, format: Format, live: bool = False) -> None:
        if path.suffix.lower() not in MUXERS:
            raise ValueError(f"{path}: the name of a recording ends in {', '.join(MUXERS)}")
        self.path = path
        self.units = 0
        self._format = format
        self._start: int | None = None
        self._heard = -flv.AAC_SAMPLES  # the sound that ends at time 0 lets the next one decode cleanly
        with self._in_words():
            path.open("wb").close()  # a bad path fails here, not at the first picture
            muxer = MUXERS[path.suffix.lower()]
            options = (LIVE if live else SEEKABLE).get(muxer, {})
            self._container: OutputContainer = av.open(path, "w", format=muxer, options=options)

    def write(self, unit: Unit) -> None:
        """Append one unit."""
        with self._in_words():
            if self._start is None:
                self._begin(unit)
            self._write(unit, cast(int, self._start))
        self.units += 1

    def close(self) -> None:
        """Finish the file."""
        with self._in_words():
            self._container.close()

    def __enter__(self) -> FileWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: BaseException | TracebackType | None) -> None:
        with contextlib.suppress(*[OSError] if kind else []):  # the first error is the one to tell
            self.close()

    @contextlib.contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except (OSError, av.FFmpegError) as error:
            raise OSError(f"{self.path} cannot be written: {error.strerror or error}") from error

    def _begin(self, unit: Unit) -> None:
        if not unit.key:
            raise ValueError("a recording starts with a key frame")
        self._start = unit.n
        # A stream for packets that are encoded already needs another stream as its model: here that of a tiny FLV.
        with av.open(BytesIO(flv.file(flv.opening(unit))), "r", format="flv") as source:
            self._video: Stream = self._container.add_stream_from_template(source.streams.video[0], opaque=True)
        self._sound: Stream = self._container.add_stream("aac", rate=self._format.sample_rate, layout="stereo")

    def _write(self, unit: Unit, start: int) -> None:
        if data := bytes(unit.video):
            packet = _packet(h264.split(data).body, unit.n - start, 1, self._format.fps)
            packet.is_keyframe = unit.key
            packet.stream = self._video
            self._container.mux(packet)
        for sound in unit.aac:
            at = (sound.pts or 0) - start * self._format.samples
            if at >= self._heard:
                self._heard = at + flv.AAC_SAMPLES
                packet = _packet(bytes(sound), at, flv.AAC_SAMPLES, self._format.sample_rate)
                packet.stream = self._sound
                self._container.mux(packet)


def _packet(data: bytes, at: int, duration: int, rate: int) -> av.Packet[Any]:
    """A new packet: those of a unit belong to every output, and muxing changes them."""
    packet: av.Packet[Any] = av.Packet(data)
    packet.time_base = Fraction(1, rate)
    packet.pts = packet.dts = at
    packet.duration = duration
    return packet


class Recorder:
    """The running channel into a file that plays even if the engine dies; the muxer has a thread of its own.

    state: "waiting" or "recording". `file` is what is being written: `path`, or path-2, path-3 where earlier
    recordings lie. A disk that is too slow loses units up to the next key frame, counted in `dropped`.
    """

    def __init__(self, path: Path, fanout: Fanout, format: Format, name: str = "recording") -> None:
        self.name = name
        self.state = "waiting"
        self.error: str | None = None
        self.file: Path | None = None
        self.dropped = 0
        self._path, self._fanout, self._format = path, fanout, format

    async def run(self) -> None:
        """Record until it fails or is cancelled. Raises OSError and ValueError with a sentence."""
        try:
            await self._record()
        except (OSError, ValueError) as error:
            self.error = str(error)
            raise
        finally:
            self.state = "waiting"

    async def _record(self) -> None:
        loop = asyncio.get_running_loop()
        thread = ThreadPoolExecutor(1, "recorder")
        try:
            writer = await loop.run_in_executor(thread, self._open)
            try:
                await self._copy(loop, thread, writer)
            finally:
                with contextlib.suppress(OSError):  # TimeoutError among them: a disk that hangs gets no longer
                    await asyncio.wait_for(loop.run_in_executor(thread, writer.close), GOODBYE)
        finally:
            thread.shutdown(wait=False)

    async def _copy(self, loop: asyncio.AbstractEventLoop, thread: ThreadPoolExecutor, writer: FileWriter) -> None:
        before = self.dropped
        with self._fanout.reader(self.name, QUEUE) as reader:
            self.state, self.error, self.file = "recording", None, writer.path
            while True:
                await loop.run_in_executor(thread, writer.write, await reader.get())
                self.dropped = before + reader.dropped

    def _open(self) -> FileWriter:
        names = (self._path.with_stem(f"{self._path.stem}-{n}" if n > 1 else self._path.stem) for n in count(1))
        return FileWriter(next(path for path in names if not path.exists()), self._format, live=True)
