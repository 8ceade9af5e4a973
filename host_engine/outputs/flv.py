"""Units -> FLV tags in order of time: what RTMP sends, and what describes the streams to a file's muxer."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import NamedTuple

from host_engine.media import Format, Unit
from host_engine.outputs import amf, h264, marks

AUDIO, VIDEO, DATA = 8, 9, 18
AAC_SAMPLES = 1024
AAC_STEREO = 0xAF  # AAC, and the three further fields that the FLV specification fixes for it
RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000)
LONGEST_WAIT = 8  # pictures kept back while their sound has not come
HEAD = b"FLV\1\5\0\0\0\x09\0\0\0\0"  # of a file with sound and pictures


class Tag(NamedTuple):
    """One message: kind, time in ms from the first picture (it does not wrap), and its body."""

    kind: int
    time: int
    body: bytes


class Tags:
    """Turns units into tags. The first unit must be a key frame: its picture is time 0.

    The sound of an instant becomes ready a little after its picture, and receivers that order by time wait for it; so
    pictures are kept back here until no earlier sound can follow, and sound goes before the picture of the same time.
    """

    def __init__(self, format: Format) -> None:
        self._format = format
        self._start: int | None = None  # place of time 0, in samples
        self._parameters: tuple[bytes, ...] = ()
        self._next_sound = 0  # place of the sound that has not come yet
        self._waiting: deque[tuple[int, Tag]] = deque()  # pictures, with their place

    def push(self, unit: Unit) -> list[Tag]:
        """The tags that can go now. Raises ValueError if the first unit is no key frame."""
        out: list[Tag] = []
        at = unit.n * self._format.samples
        if self._start is None:
            out += self._begin(unit, at)
        if data := bytes(unit.video):
            self._waiting += [(at, tag) for tag in self._pictures(at, data, unit.key)]
        for packet in unit.aac:
            place = packet.pts or 0
            if place < self._next_sound:  # from before time 0, or a second time from a new encoder
                continue
            self._next_sound = place + AAC_SAMPLES
            out += self._ready(place)
            out.append(Tag(AUDIO, self._time(place), bytes([AAC_STEREO, 1]) + bytes(packet)))
        return out + self._ready(self._next_sound)

    def _begin(self, unit: Unit, at: int) -> list[Tag]:
        if not unit.key:
            raise ValueError("a stream of tags starts with a key frame")
        self._start = self._next_sound = at
        picture = bytes(unit.video)
        self._parameters, _ = h264.split(picture)
        told = metadata(self._format, marks.tags(picture))
        return [told, video_configuration(0, self._parameters), audio_configuration(self._format)]

    def flush(self) -> list[Tag]:
        """The pictures still kept back."""
        return [self._waiting.popleft()[1] for _ in range(len(self._waiting))]

    def _ready(self, sound: int) -> list[Tag]:
        """The pictures before place `sound`, or more if so many wait that no sound seems to come."""
        out = []
        while self._waiting and (self._waiting[0][0] < sound or len(self._waiting) > LONGEST_WAIT):
            out.append(self._waiting.popleft()[1])
        return out

    def _pictures(self, at: int, data: bytes, key: bool) -> list[Tag]:
        parameters, body = h264.split(data)
        time, tags = self._time(at), []
        if key and parameters != self._parameters:
            self._parameters = parameters
            tags.append(video_configuration(time, parameters))
        return [*tags, video(time, body, key)]

    def _time(self, place: int) -> int:
        """Milliseconds, rounded from the exact place so that no error adds up."""
        rate = self._format.sample_rate
        return ((place - (self._start or 0)) * 2000 + rate) // (2 * rate)


def opening(unit: Unit) -> list[Tag]:
    """The tags that describe the pictures of a stream, from a unit with a key frame."""
    parameters, body = h264.split(bytes(unit.video))
    return [video_configuration(0, parameters), video(0, body, key=True)]


def video_configuration(time: int, parameters: tuple[bytes, ...]) -> Tag:
    """SPS and PPS, before the first picture that needs them."""
    return Tag(VIDEO, time, b"\x17\0\0\0\0" + h264.configuration(parameters))


def video(time: int, body: bytes, key: bool) -> Tag:
    """One picture, of length-prefixed NAL units."""
    return Tag(VIDEO, time, (b"\x17" if key else b"\x27") + b"\1\0\0\0" + body)


def metadata(format: Format, tags: Mapping[str, str] | None = None) -> Tag:
    """The onMetaData tag. `tags`: what else it says of the stream."""
    members = amf.Array(
        width=format.width,
        height=format.height,
        framerate=format.fps,
        videocodecid=7,
        audiocodecid=10,
        audiosamplerate=format.sample_rate,
        audiosamplesize=16,
        audiochannels=2,
        stereo=True,
        encoder="host-engine",
        **(tags or {}),
    )
    return Tag(DATA, 0, amf.encode("onMetaData", members))


def audio_configuration(format: Format) -> Tag:
    """The tag that tells what the sound is."""
    return Tag(AUDIO, 0, bytes([AAC_STEREO, 0]) + audio_specific_config(format.sample_rate))


def audio_specific_config(rate: int) -> bytes:
    """The AudioSpecificConfig of AAC-LC in stereo."""
    return (2 << 11 | RATES.index(rate) << 7 | 2 << 3).to_bytes(2, "big")


def file(tags: list[Tag]) -> bytes:
    """An FLV file of these tags."""
    return HEAD + written(tags)


def written(tags: list[Tag]) -> bytes:
    """The tags as they stand in an FLV file, behind its head."""
    parts = []
    for tag in tags:
        time = tag.time & 0xFFFFFFFF
        size = len(tag.body).to_bytes(3, "big")
        head = bytes([tag.kind]) + size + (time & 0xFFFFFF).to_bytes(3, "big") + bytes([time >> 24, 0, 0, 0])
        parts += [head, tag.body, (len(head) + len(tag.body)).to_bytes(4, "big")]
    return b"".join(parts)
