"""From a line's samples being ready to its first audible sample arriving: over RTMP, and over WebRTC.

An operator has lines said that were never said before, into a silence without music; receivers in processes of their
own write down when each packet of sound came, and what is audible in it is found afterwards. The silence that the
voice itself begins with counts.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext

from benchmarks.crowd import Crowd
from benchmarks.kept import keep, spread
from benchmarks.lines import ROOT
from benchmarks.onair import OnAir, live
from benchmarks.probe import AUDIBLE, ORDER

ORDERS, SHORT = 40, 8
QUIET = 0.7  # seconds of silence that end a line
LONGEST = 2.0  # seconds in which a line must be heard


def run(orders: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tags, packets = folder / "tags", folder / "packets"
        with listener(tags) as port:
            output = {
                "kind": "rtmp",
                "name": "listener",
                "url": f"rtmp://127.0.0.1:{port}/live",
                "key_env": "STREAM_KEY",
            }
            with OnAir(folder, [output], {"orders": orders}, voice={"music": False}) as channel:
                channel.wait(lambda: live(channel, "listener"), 30)
                with Crowd(channel.address, 1, sound=packets):
                    time.sleep(20 + orders * (ORDER + 0.1))  # 20: until the line on air has been said
        said = channel.notes["orders"]
        rtmp = latencies(said, onsets(tags, AacSound()))
        whep = latencies(said, onsets(packets, OpusSound()))
    silences = [order["silence_ms"] for order in said]
    figures = spread(rtmp, "rtmp_ms") | spread(whep, "whep_ms") | {"lead_silence_ms": float(np.median(silences))}
    keep("first_sound", figures | {"lines": min(len(rtmp), len(whep))}, orders=orders)


@contextmanager
def listener(file: Path) -> Iterator[int]:
    """The port of an RTMP server that writes down what sound came when."""
    command = [sys.executable, "-m", "benchmarks.listening", str(file)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield int(process.stdout.readline())
    finally:
        process.communicate("", 20)


class AacSound:
    """The packets of an RTMP stream's sound, decoded."""

    def __init__(self) -> None:
        self._codec: AudioCodecContext | None = None

    def decode(self, body: bytes) -> np.ndarray:
        if body[1] == 0:  # the configuration
            self._codec = AudioCodecContext.create("aac", "r")
            self._codec.extradata = body[2:]
        elif self._codec:
            return decoded(self._codec, body[2:])
        return np.zeros(0)


class OpusSound:
    """The packets of a viewer's sound, decoded."""

    def __init__(self) -> None:
        self._codec = AudioCodecContext.create("libopus", "r")
        self._codec.sample_rate = 48_000

    def decode(self, body: bytes) -> np.ndarray:
        return decoded(self._codec, body)


def decoded(codec: AudioCodecContext, data: bytes) -> np.ndarray:
    """The samples of one packet, in -1 .. 1, all channels in a row."""
    parts = [frame.to_ndarray() for frame in codec.decode(av.Packet(data))]
    floats = [part / 32768 if part.dtype == np.int16 else part for part in parts]
    return np.concatenate([part.ravel() for part in floats]) if floats else np.zeros(0)


def onsets(file: Path, sound: AacSound | OpusSound) -> list[float]:
    """When packets came that are audible after a silence."""
    found, last = [], 0.0
    for line in file.read_text().splitlines():
        at, data = line.split()
        samples = sound.decode(bytes.fromhex(data)) if data else np.zeros(0)
        if samples.size and np.abs(samples).max() > AUDIBLE:
            if float(at) - last > QUIET:
                found.append(float(at))
            last = float(at)
    return found


def latencies(said: list[dict[str, float]], heard: list[float]) -> list[float]:
    """Milliseconds from each line's samples to the onset that follows. Raises RuntimeError for lines never heard."""
    taken = []
    for order in said:
        at = next((onset for onset in heard if order["ready"] <= onset <= order["ready"] + LONGEST), None)
        if at is not None:
            taken.append((at - order["ready"]) * 1000)
    if len(taken) < 0.9 * len(said) or not taken:
        raise RuntimeError(f"only {len(taken)} of {len(said)} lines were heard within {LONGEST:g} s")
    return taken


if __name__ == "__main__":
    run(SHORT if "--short" in sys.argv else ORDERS)
