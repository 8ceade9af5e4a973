"""The programme's pictures encoded a second time: in another size, at another bitrate, or with another AI label."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import av

from host_engine.media import Coding, Format, Picture
from host_engine.outputs.marks import Mark
from host_engine.outputs.picture_encoder import PictureEncoder
from host_engine.outputs.reframing import Reframing

log = logging.getLogger(__name__)

LAST_RESORT = Coding("libx264", "ultrafast")

Scenes = Sequence[tuple[Any, float]]  # what is in a picture, for whoever paints over it, each with its share
Paint = Callable[[Picture, Scenes], None]  # changes an I420 picture in place


class Shot(NamedTuple):
    """A finished picture of the programme, and what it shows."""

    n: int
    picture: Picture  # I420, nobody's to change
    scenes: Scenes


class RenditionEncoder:
    """Belongs to one thread, but for `force_key`. A picture that cannot be painted raises: one with the label of
    another target is worse than none."""

    def __init__(
        self,
        format: Format,
        to: Format,
        coding: Coding,
        bitrate: int,
        paint: Paint | None = None,
        mark: Mark | None = None,
    ) -> None:
        """Pictures of `format` become those of `to`. `mark`: what key frames say of themselves.

        Opens the codec; where it does not open, the plainest one.
        """
        self._paint, self._format = paint, to
        self._reframe = Reframing((format.width, format.height), (to.width, to.height))
        try:
            self._pictures = PictureEncoder(to, coding, bitrate, mark=mark)
        except ValueError as error:
            log.warning("a rendition is encoded by %s: %s", LAST_RESORT.codec, error)
            self._pictures = PictureEncoder(to, LAST_RESORT, bitrate, mark=mark)
        self._key_wanted = threading.Event()
        self._last_key = -to.fps

    def force_key(self) -> None:
        """Make a key frame soon: at once, or half a second after the last one. From any thread."""
        self._key_wanted.set()

    def encode(self, shot: Shot) -> av.Packet[Any]:
        """The packet of a picture, with a key frame every second. Numbers must rise."""
        picture = shot.picture
        if self._paint is not None:
            picture = picture.copy()
            self._paint(picture, shot.scenes)
        since, fps = shot.n - self._last_key, self._format.fps
        key = since >= (fps // 2 if self._key_wanted.is_set() else fps)
        packets = self._pictures.encode(shot.n, self._reframe(picture), key)
        if key:
            self._key_wanted.clear()
            self._last_key = shot.n
        return packets[0] if packets else empty(shot.n, fps)


def empty(n: int, fps: int) -> av.Packet[Any]:
    """No picture: the one before it stays."""
    packet: av.Packet[Any] = av.Packet(b"")
    packet.pts = packet.dts = n
    packet.time_base = Fraction(1, fps)
    return packet
