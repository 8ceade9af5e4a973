"""Writes what was judged into a file, so that whoever reads the figures can look and listen."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import av
import numpy as np

from host_engine.media import Picture, Samples

RATE = 48_000


class Film:
    """A video with sound, written as frames come; whole when the block ends."""

    def __init__(self, path: Path, size: tuple[int, int], fps: int) -> None:
        """`size` is (width, height), both even. Raises OSError where the file cannot be written."""
        try:
            self._file = av.open(str(path), "w")
        except (av.FFmpegError, ValueError) as error:
            raise OSError(f"{path}: cannot be written ({error}); name a file that ends in .mp4 or .mkv") from None
        self._picture = self._file.add_stream("libx264", fps, options={"crf": "14", "preset": "veryfast"})
        self._picture.width, self._picture.height = size
        self._picture.pix_fmt = "yuv420p"
        self._sound = self._file.add_stream("aac", RATE, layout="mono")
        self._samples = 0

    def __enter__(self) -> Film:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for stream in (self._picture, self._sound):
            self._file.mux(stream.encode(None))
        self._file.close()

    def add(self, picture: Picture, samples: Samples) -> None:
        """A frame (h, w, 3) RGB, and the mono samples (n,) at 48 kHz that are heard meanwhile."""
        self._file.mux(self._picture.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples, np.float32)[None], "flt", "mono")
        frame.sample_rate, frame.pts = RATE, self._samples
        self._samples += len(samples)
        self._file.mux(self._sound.encode(frame))
