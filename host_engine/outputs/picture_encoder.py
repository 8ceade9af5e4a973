"""Pictures -> H.264 packets: one codec, opened once with its settings, and given up for another rather than changed.

Whatever its preset and its pace, x264 writes the same SPS and PPS for one size of picture, so a stream goes on from one
codec to the next at a key frame without a new header: one reference frame, one offset of the colours, one level.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, cast

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from host_engine.media import Coding, Format, Picture
from host_engine.outputs.marks import Mark, stamped

CODECS = ("h264_nvenc", "libx264")  # in the order of preference of "auto"
BT709, BT601, LIMITED = 1, 5, 1  # as H.264 numbers them
# These alone look at what a picture is like to the eye, for which x264 moves the colours by two steps: taken back here.
PSYCHIC = ("fast", "medium", "slow")


class PictureEncoder:
    """Encodes pictures on one thread; opening it takes some milliseconds and may be done on any.

    bitrate: bits a second. level: that of H.264 times ten, where a stream has one already. mark: what a key frame says
    of itself, by its number. Raises ValueError for settings that the codec refuses.
    """

    def __init__(
        self, format: Format, coding: Coding, bitrate: int, level: int | None = None, mark: Mark | None = None
    ) -> None:
        self.coding = coding
        self._format, self._mark = format, mark
        self._context = _open(format, coding, bitrate, level)

    def encode(self, n: int, picture: Picture, key: bool = False) -> list[av.Packet[Any]]:
        """The packets of frame `n`, (height * 3 // 2, width) I420."""
        shape = (self._format.height * 3 // 2, self._format.width)
        if picture.shape != shape:
            raise ValueError(f"the picture is {picture.shape}, the encoder was opened for {shape}")
        # Not a copy: the codec copies the planes into its own memory before encode() returns.
        frame = av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(picture), format="yuv420p")
        frame.pts = n
        frame.time_base = Fraction(1, self._format.fps)
        if key:
            frame.pict_type = PictureType.I
        return self._marked(self._context.encode(frame))

    def flush(self) -> list[av.Packet[Any]]:
        """What is still inside; takes no more pictures."""
        return self._marked(self._context.encode(None))

    def _marked(self, packets: Iterable[av.Packet[Any]]) -> list[av.Packet[Any]]:
        if self._mark is None:
            return list(packets)
        mark = self._mark
        return [stamped(each, mark(each.pts or 0)) if each.is_keyframe else each for each in packets]


def choose_codec(wanted: str) -> str:
    """The codec to use for "auto" or a name of `CODECS`. Raises ValueError for another name."""
    if wanted == "auto":
        return next(codec for codec in CODECS if codec == CODECS[-1] or _opens(codec))
    if wanted not in CODECS:
        raise ValueError(f"no video encoder {wanted!r}; choose auto, {' or '.join(CODECS)}")
    return wanted


def usable_encoders() -> list[str]:
    """The H.264 encoders that really encode on this machine, best first."""
    return [codec for codec in CODECS if _opens(codec)]


def _opens(codec: str) -> bool:
    try:
        encoder = PictureEncoder(Format(320, 320), Coding(codec), 500_000)
        return bool(encoder.encode(0, np.zeros((480, 320), np.uint8)) or encoder.flush())
    except (ValueError, av.FFmpegError):
        return False


def _open(format: Format, coding: Coding, bitrate: int, level: int | None) -> VideoCodecContext:
    codec = coding.codec
    context = cast(VideoCodecContext, av.CodecContext.create(codec, "w"))
    context.width, context.height, context.pix_fmt = format.width, format.height, "yuv420p"
    context.time_base, context.framerate = Fraction(1, format.fps), Fraction(format.fps)
    # What OpenCV's RGB to I420 makes: the matrix of BT.601 in limited range, of sRGB's colours. Unsaid, players guess.
    context.colorspace, context.color_range = BT601, LIMITED
    context.color_primaries = context.color_trc = BT709
    # A codec that gets every second picture is told of the full rate, which is in the SPS, and of twice the bits.
    rate, second = bitrate * coding.every, max(1, format.fps // coding.every)
    context.bit_rate, context.gop_size, context.max_b_frames = rate, second, 0
    context.thread_count = coding.threads
    options = {"maxrate": str(rate), "bufsize": str(bitrate // 2), "profile": "baseline", "forced-idr": "1"}
    context.options = options | (_x264 if codec == "libx264" else _nvenc)(coding.preset, second, level)
    try:
        context.open()
    except av.FFmpegError as error:
        size = f"{format.width}x{format.height}"
        raise ValueError(f"{codec} does not open for {size}, preset {coding.preset}: {error.strerror}") from error
    return context


def _x264(preset: str | None, second: int, level: int | None) -> dict[str, str]:
    params = f"keyint={second}:min-keyint=1:scenecut=0:repeat-headers=1:ref=1"
    params += ":chroma-qp-offset=2" if preset in PSYCHIC else ""
    params += f":level={level}" if level else ""
    return {"preset": preset or "veryfast", "tune": "zerolatency", "x264-params": params}


def _nvenc(preset: str | None, second: int, level: int | None) -> dict[str, str]:
    # Its level is left to itself: it does not open at all with one that its limits do not fit. Another SPS is no harm.
    return {"preset": preset or "p4", "tune": "ull", "rc": "cbr", "zerolatency": "1", "delay": "0", "no-scenecut": "1"}
