"""Speech at one loudness by EBU R128, -16 LUFS and at most -1 dBTP; measured and limited by FFmpeg's filters."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import NamedTuple

import av
import numpy as np
from av.filter import Graph

from host_engine.media import Samples

RATE = 48_000
TARGET = -16.0  # LUFS
CEILING = -1.0  # dBTP
_SHORT = 0.5  # s; R128 gates in blocks of 400 ms, so anything shorter is measured said over and over
_NEAR = 0.3  # LU
_MARGIN = 0.2  # dB by which true peaks usually stand above the samples
_PASSES = 6


class Loudness(NamedTuple):
    """Integrated loudness in LUFS (-70 or less: nothing to hear) and true peak in dBTP."""

    lufs: float
    peak: float


def normalise(samples: Samples) -> Samples:
    """Mono samples at 48 kHz at -16 LUFS and at most -1 dBTP: same length, no delay. Silence stays silence.

    The ceiling wins where both cannot be had (clicks and little else). A limiter takes peaks between samples for less
    than they are and makes speech softer, so measured and corrected until both are right.
    """
    loudest = float(np.max(np.abs(samples), initial=0.0))
    if loudest < 1e-6:
        return samples
    source = (samples * (0.5 / loudest)).astype(np.float32)  # else R128's absolute gate would drop very soft speech
    gain, limit = TARGET - measure(source).lufs, CEILING - _MARGIN
    out = source
    for _ in range(_PASSES):
        out = _limited(source * np.float32(_linear(gain)), limit)
        heard = measure(out)
        if abs(TARGET - heard.lufs) <= _NEAR and heard.peak <= CEILING:
            return out
        gain += min(1.3 * (TARGET - heard.lufs), 6.0)  # what the limiter takes grows with the gain
        limit -= max(0.0, heard.peak - CEILING + 0.02)
    over = measure(out).peak - CEILING
    return out * np.float32(_linear(-over)) if over > 0 else out


def measure(samples: Samples) -> Loudness:
    """Loudness of mono samples at 48 kHz, as they sound in the program: the same on both channels (3 LU above one)."""
    if len(samples) < _SHORT * RATE:
        samples = np.tile(samples, -(-3 * RATE // max(1, len(samples))))
    samples = np.pad(samples, (0, -len(samples) % (RATE // 10)))  # ebur128 says nothing about the last, broken 100 ms
    last = _filtered(samples, [("ebur128", "peak=true:dualmono=true:metadata=1:framelog=quiet")])[-1].metadata
    peak = float(last["lavfi.r128.true_peak"])
    return Loudness(float(last["lavfi.r128.I"]), 20 * math.log10(max(peak, 1e-9)))


def _limited(samples: Samples, limit: float) -> Samples:
    """Samples with no one above `limit` dBFS."""
    if np.max(np.abs(samples), initial=0.0) <= _linear(limit):
        return samples
    # Without level=false it would turn all up to full scale; latency=true takes its look-ahead back out.
    options = f"limit={_linear(limit):.6f}:attack=4:release=60:level=false:latency=true"
    frames = _filtered(samples, [("alimiter", options), ("aformat", "sample_fmts=flt")])
    out = np.concatenate([frame.to_ndarray()[0] for frame in frames])
    return np.pad(out, (0, max(0, len(samples) - len(out))))[: len(samples)]


def _filtered(samples: Samples, filters: list[tuple[str, str]]) -> list[av.AudioFrame]:
    graph = Graph()
    nodes = [graph.add_abuffer(format="flt", sample_rate=RATE, layout="mono", time_base=Fraction(1, RATE))]
    nodes += [graph.add(name, options) for name, options in filters]
    nodes.append(graph.add("abuffersink"))
    graph.link_nodes(*nodes).configure()
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples, np.float32)[None], format="flt", layout="mono")
    frame.sample_rate, frame.pts = RATE, 0
    graph.push(frame)
    graph.push(None)
    out: list[av.AudioFrame] = []
    while True:
        try:
            pulled = graph.pull()
        except (av.error.EOFError, av.error.BlockingIOError):
            return out
        if isinstance(pulled, av.AudioFrame):
            out.append(pulled)


def _linear(decibels: float) -> float:
    return float(10 ** (decibels / 20))
