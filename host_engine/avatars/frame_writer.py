"""Writes an avatar's frames as a video: H.264 in short closed groups, without B-frames or sound."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import cv2
import numpy as np

from host_engine.media import Picture

GOP = 8  # frames: one of 1080p takes some 100 ms to decode, so any frame is there within a few ticks
QUALITY = 16  # x264's constant rate factor: a person's eye sees no difference
FINE = 18  # up to here the file is made quick to decode, above it small
BT601 = 6  # as OpenCV converts, in the numbers of ITU-T H.273


class FrameWriter:
    """Writes frames of one size in order; the file is whole when the block ends without an exception."""

    def __init__(self, path: Path, size: tuple[int, int], fps: int, gop: int = GOP, quality: float = QUALITY) -> None:
        """`size` is (width, height), both even; a lower `quality` is a better picture and a larger file."""
        self.count = 0
        self._container = av.open(str(path), "w", options={"movflags": "+faststart"})
        options = {
            "preset": "medium",
            "crf": str(quality),
            "x264-params": f"keyint={gop}:min-keyint={gop}:scenecut=0:bframes=0:open-gop=0:force-cfr=1",
        }
        if quality <= FINE:
            options["tune"] = "fastdecode"  # half the time to decode, at a fifth more bytes
        stream = self._container.add_stream("libx264", rate=fps, options=options)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = Fraction(1, fps)
        stream.codec_context.color_range = 1
        for what in ("colorspace", "color_primaries", "color_trc"):
            setattr(stream.codec_context, what, BT601)
        self._stream = stream

    def __enter__(self) -> FrameWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._container.mux(self._stream.encode(None))
        self._container.close()

    def write(self, picture: Picture) -> None:
        """The next frame, (height, width, 3) RGB."""
        planes = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420), np.uint8)
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts = self.count
        self.count += 1
        self._container.mux(self._stream.encode(frame))
