"""From what WebRTC brings to what ears take: 48 kHz of 16 bits to 16 kHz of floats, on a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import av
import numpy as np
import soxr

from host_engine.microphones.talk import RATE, Samples
from host_engine.priority import stand_back

WHOLE = {2: 32768.0, 4: 2147483648.0}  # by the bytes of an integer sample


class Resampler:
    """Keeps its place between two pieces of one sound. Not for two threads at once."""

    def __init__(self) -> None:
        self._rate = 0
        self._stream: soxr.ResampleStream | None = None

    def __call__(self, frames: Sequence[av.AudioFrame]) -> Samples:
        """Frames of one rate, 16 bits or floats, of any number of channels, as (samples,) at 16 kHz."""
        mono = np.concatenate([_mono(each) for each in frames])
        if frames[0].sample_rate != self._rate or self._stream is None:
            self._rate = frames[0].sample_rate
            self._stream = soxr.ResampleStream(self._rate, RATE, 1, dtype="float32", quality="HQ")
        made: Samples = self._stream.resample_chunk(mono)
        return made


class Resampling:
    """The thread that does it for all microphones; 60 ms of sound cost some 0.1 ms."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "microphones", initializer=stand_back)

    async def __call__(self, resampler: Resampler, frames: Sequence[av.AudioFrame]) -> Samples:
        return await asyncio.get_running_loop().run_in_executor(self._thread, resampler, frames)

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)


def _mono(frame: av.AudioFrame) -> Samples:
    """The mean of all channels, as floats."""
    samples = frame.to_ndarray()
    if not frame.format.is_planar:
        samples = samples.reshape(-1, len(frame.layout.channels)).T
    scale = 1.0 if samples.dtype.kind == "f" else 1.0 / WHOLE[samples.dtype.itemsize]
    mean: Samples = (samples.mean(axis=0) * scale).astype(np.float32)
    return mean
