"""Units -> one file on disk that can be played: a segment of a recording, or a rendered show."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, cast

import av
from av.container import OutputContainer
from av.stream import Stream

from host_engine.media import Format, Unit
from host_engine.outputs import flv, h264, marks
from host_engine.outputs.disk_room import Disk
from host_engine.outputs.whole_file import WholeFile

MUXERS = {".mp4": "mp4", ".m4v": "mp4", ".mkv": "matroska"}
LIVE = {
    # The timescale lets a sound that begins between two milliseconds stay there.
    # use_metadata_tags: fields of any name, in moov.udta.meta, where GB 45438-2025 has its own.
    "mp4": {
        "movflags": "frag_keyframe+delay_moov+default_base_moof+use_metadata_tags",
        "flush_packets": "1",
        "movie_timescale": "48000",
    },
    "matroska": {"cluster_time_limit": "1000", "flush_packets": "1"},
}
SEEKABLE = {"mp4": {"movflags": "faststart+use_metadata_tags"}}
BUFFER = 1 << 20  # bytes: a second of picture goes to the disk in one piece
LONG_JUMP = 2.0  # seconds of frames that do not exist; a shorter hole keeps its length in the file


class CannotWrite(OSError):
    """The disk does not take a file: a sentence, and `why`, an errno or None."""

    def __init__(self, path: Path, error: OSError | av.FFmpegError) -> None:
        self.path, self.why = path, error.errno
        super().__init__(f"{path} cannot be written: {error.strerror or error}")


class FileWriter:
    """Writes units into an MP4 or, by its suffix, an MKV. Blocks: not for the event loop.

    live: the file plays up to its last second however the process dies or the disk fails, and never replaces another
    file; else it is an ordinary, seekable file that takes its name, or another's place, once it is whole. The first
    unit must be a key frame: its picture is time 0. after: another file ends where this one starts, so the sound
    before time 0 is there and not here.
    Everything raises CannotWrite, an OSError, when the disk does not take it; a suffix that is none raises ValueError.
    """

    def __init__(
        self,
        path: Path,
        format: Format,
        live: bool = False,
        after: bool = False,
        tags: Mapping[str, str] | None = None,
        disk: Disk | None = None,
    ) -> None:
        if path.suffix.lower() not in MUXERS:
            raise ValueError(f"{path}: the name of a recording ends in {', '.join(MUXERS)}")
        self.path = path
        self.units = 0
        self._format = format
        self._origin: int | None = None  # the place of time 0, in samples
        self._last = 0
        self._header = 0
        self._prompt = live and path.suffix.lower() == ".mkv"
        # The sound that ends at time 0 lets the next one decode cleanly.
        self._heard = 0 if after or self._prompt else -flv.AAC_SAMPLES
        self._end: int | None = None
        self._sink: WholeFile | None = None
        self._part = path.with_name(f".{path.name}.part")
        self._disk = disk or Disk()
        with self._in_words():
            self._container = self._open(MUXERS[path.suffix.lower()], live)
            self._container.metadata.update(tags or {})

    def _open(self, muxer: str, live: bool) -> OutputContainer:
        if not live:
            if self.path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            self._part.open("wb").close()  # a bad path fails here, not at the first picture
            return av.open(self._part, "w", format=muxer, options=SEEKABLE.get(muxer, {}))
        self._sink = WholeFile(self.path, self._disk.open)
        return av.open(self._sink, "w", format=muxer, options=LIVE[muxer], buffer_size=BUFFER)

    @property
    def size(self) -> int:
        """Bytes of a live file that are on the disk, whole."""
        return self._sink.whole if self._sink else 0

    @property
    def plays(self) -> bool:
        """There is at least one picture in the live file, on the disk."""
        return self.size > self._header

    def write(self, unit: Unit) -> None:
        """Append one unit."""
        self.write_picture(unit)
        self.write_sound(unit)

    def write_picture(self, unit: Unit) -> None:
        """Append the picture of a unit, where it has one."""
        with self._in_words():
            if self._origin is None:
                self._begin(unit)
            self._place(unit.n)
            if data := bytes(unit.video):
                at = unit.n - cast(int, self._origin) // self._format.samples
                packet = _packet(h264.split(data).body, at, 1, self._format.fps)
                packet.is_keyframe = unit.key
                self._mux(packet, self._video)
            if not self.units and self._sink:
                self._header = self._sink.whole
        self.units += 1

    def write_sound(self, unit: Unit) -> None:
        """Append the sound that came with a unit; what is here already or lies beyond `end_at` is left out."""
        with self._in_words():
            for sound in unit.aac:
                at = (sound.pts or 0) - cast(int, self._origin)
                if at < self._heard or (self._end is not None and at >= self._end - cast(int, self._origin)):
                    continue
                self._heard = at + flv.AAC_SAMPLES
                end = self._heard if self._end is None else min(self._heard, self._end - cast(int, self._origin))
                self._mux(_packet(bytes(sound), at, end - at, self._format.sample_rate), self._sound)

    def end_at(self, n: int) -> None:
        """Frame `n` is not in this file any more: its sound ends there as well, to the sample."""
        self._end = n * self._format.samples

    def close(self, whole: bool = True) -> None:
        """Finish the file; a live one in which there is no picture yet is removed, and another that is not whole."""
        try:
            with self._in_words():
                self._container.close()
                if self._sink:
                    self._sink.settle()
                elif whole:
                    self._part.replace(self.path)
        finally:
            if self._sink:
                self._sink.close(keep=self.plays)
            else:
                self._part.unlink(missing_ok=True)

    def __enter__(self) -> FileWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: BaseException | TracebackType | None) -> None:
        with contextlib.suppress(*[OSError] if kind else []):  # the first error is the one to tell
            self.close(whole=kind is None)

    @contextlib.contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except (OSError, av.FFmpegError) as error:
            raise CannotWrite(self.path, error) from error

    def _begin(self, unit: Unit) -> None:
        if not unit.key:
            raise ValueError("a recording starts with a key frame")
        self._origin = unit.n * self._format.samples
        self._last = unit.n - 1
        self._container.metadata.update(marks.tags(bytes(unit.video)))
        # A stream for packets that are encoded already needs another stream as its model: here that of a tiny FLV.
        with av.open(BytesIO(flv.file(flv.opening(unit))), "r", format="flv") as source:
            self._video: Stream = self._container.add_stream_from_template(source.streams.video[0], opaque=True)
        rate = self._format.sample_rate
        if self._prompt:
            with av.open(BytesIO(_prompt_sound(rate)), "r", format="mp4") as source:
                self._sound: Stream = self._container.add_stream_from_template(source.streams.audio[0], opaque=True)
        else:
            self._sound = self._container.add_stream("aac", rate=rate, layout="stereo")

    def _place(self, n: int) -> None:
        """Leave a long hole in the frames out: no picture stands still for an hour because a machine slept."""
        hole = n - self._last - 1
        if hole > LONG_JUMP * self._format.fps:
            self._origin = cast(int, self._origin) + hole * self._format.samples
        self._last = n

    def _mux(self, packet: av.Packet[Any], stream: Stream) -> None:
        packet.stream = stream
        self._container.mux(packet)
        if self._sink:
            self._sink.settle()


@cache
def _prompt_sound(rate: int) -> bytes:
    """A tiny MP4 with an AAC stream that promises no delay at its start, as the muxer's own one does.

    With that promise an MKV would say that it is longer than it is, and joined segments would drift apart.
    """
    file = BytesIO()
    with av.open(file, "w", format="mp4") as container:
        packet = _packet(b"\0", 0, flv.AAC_SAMPLES, rate)
        packet.stream = container.add_stream("aac", rate=rate, layout="stereo")
        container.mux(packet)
    return file.getvalue()


def _packet(data: bytes, at: int, duration: int, rate: int) -> av.Packet[Any]:
    """A new packet: those of a unit belong to every output, and muxing changes them."""
    packet: av.Packet[Any] = av.Packet(data)
    packet.time_base = Fraction(1, rate)
    packet.pts = packet.dts = at
    packet.duration = duration
    return packet
