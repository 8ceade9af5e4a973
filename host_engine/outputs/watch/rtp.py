"""RTP packets, as a WebRTC viewer gets them, into pictures and packets of sound on one time line."""

from __future__ import annotations

from collections.abc import Iterator

from aiortc.codecs.h264 import H264PayloadDescriptor
from aiortc.rtp import RtcpSrPacket, RtpPacket

from host_engine.outputs import h264
from host_engine.outputs.watch.came import Came, Picture, Sound

RATES = {"video": 90_000, "audio": 48_000}
LARGEST = 4 << 20  # bytes of a picture
WRAP = 1 << 32


class Line:
    """The time line of one stream: RTP time stamps into seconds of its sender's clock, once that has reported."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._report: tuple[float, int] | None = None

    def reported(self, ntp: int, stamp: int) -> None:
        """A sender report: at this time of its clock, in NTP's notation, the stream was at this time stamp."""
        if ntp:
            self._report = ntp / WRAP, stamp

    @property
    def known(self) -> bool:
        """Whether there was a report."""
        return self._report is not None

    def seconds(self, stamp: int) -> float | None:
        """When something with that time stamp is due, None before the first report."""
        if self._report is None:
            return None
        at, reported = self._report
        ahead = (stamp - reported + WRAP // 2) % WRAP - WRAP // 2
        return at + ahead / self._rate


class RtpReader:
    """Puts pictures together; one of which something was lost is left out, and comes as none.

    kinds: "video" or "audio" for the payload types that were agreed on. Before the first reports, which come within
    seconds, nothing has a place on the common time line.
    """

    def __init__(self, kinds: dict[int, str]) -> None:
        self._kinds = kinds
        self._lines = {kind: Line(rate) for kind, rate in RATES.items()}
        self._of: dict[int, str] = {}  # what a source sends
        self._picture = bytearray()
        self._stamp: int | None = None
        self._next: int | None = None
        self._whole = False

    def report(self, packet: RtcpSrPacket) -> None:
        """A sender report."""
        if kind := self._of.get(packet.ssrc):
            self._lines[kind].reported(packet.sender_info.ntp_timestamp, packet.sender_info.rtp_timestamp)

    def read(self, packet: RtpPacket) -> Iterator[Came]:
        """What is whole with this packet."""
        kind = self._kinds.get(packet.payload_type)
        if kind is None or not packet.payload:
            return
        self._of[packet.ssrc] = kind
        if kind == "audio":
            yield Sound(packet.payload, self._due("audio", packet.timestamp))
        else:
            yield from self._part(packet)

    def _part(self, packet: RtpPacket) -> Iterator[Came]:
        lost = self._next is not None and packet.sequence_number != self._next
        self._next = (packet.sequence_number + 1) & 0xFFFF
        if packet.timestamp != self._stamp:
            self._picture.clear()
            self._stamp, self._whole = packet.timestamp, True
            lost = False  # what is missing was the one before
        try:
            _, data = H264PayloadDescriptor.parse(packet.payload)
        except ValueError:
            data, lost = b"", True
        self._whole = self._whole and not lost and len(self._picture) < LARGEST
        if self._whole:
            self._picture += data
        if packet.marker and self._whole:
            units = h264.units(bytes(self._picture))
            if h264.first_slice(units):
                yield Picture(units, self._due("video", packet.timestamp))
            self._picture.clear()

    def _due(self, kind: str, stamp: int) -> float | None:
        common = all(line.known for line in self._lines.values())
        return self._lines[kind].seconds(stamp) if common else None
