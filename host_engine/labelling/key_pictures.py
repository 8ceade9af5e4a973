"""Decodes single key frames out of the packets that left; what comes between them is not needed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import av

from host_engine.labelling.view import View, view_of_frame

if TYPE_CHECKING:
    from av.video.codeccontext import VideoCodecContext

log = logging.getLogger(__name__)


class KeyPictures:
    """Belongs to one thread. A packet that cannot be decoded is no picture, and the next one is tried afresh."""

    def __init__(self) -> None:
        self._decoder = _decoder()

    def decode(self, key: av.Packet[Any] | bytes) -> View | None:
        """The picture of a key frame that brings its own SPS and PPS (H.264, Annex B); None where it cannot be had."""
        try:
            frames = self._decoder.decode(av.Packet(bytes(key)))
            return view_of_frame(frames[-1]) if frames else None
        except (av.FFmpegError, ValueError) as error:
            log.debug("a key frame could not be decoded: %s", error)
            self._decoder = _decoder()
            return None


def _decoder() -> VideoCodecContext:
    decoder = av.CodecContext.create("h264", "r")
    decoder.thread_count = 1
    decoder.flags |= 1 << 19  # AV_CODEC_FLAG_LOW_DELAY: each picture comes out at once
    return decoder
