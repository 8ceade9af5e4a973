"""A little show that flashes and beeps once a second, on the same sample, and the measuring of when a file does."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np

from host_engine.media import Format, Frame, Unit
from host_engine.outputs.encoder import Encoder

SMALL = Format(320, 320, 25)


def flash_and_beep(format: Format, n: int) -> Frame:
    """Frame n of a show that flashes white and beeps for the first two frames of every second, on the same sample."""
    now = n % format.fps < 2
    picture = np.full((format.height * 3 // 2, format.width), 128, np.uint8)
    picture[: format.height] = 235 if now else 16
    stripe = n * 4 % format.width
    picture[: format.height // 4, stripe : stripe + 8] = 90
    tone = np.sin(2 * np.pi * 1000 / format.sample_rate * np.arange(format.samples)) * (0.5 if now else 0)
    return Frame(n, picture, np.stack([tone, tone]).astype(np.float32))


def encoded(numbers: range | list[int], format: Format = SMALL, flush: bool = False) -> list[Unit]:
    """The frames of these numbers, encoded."""
    encoder = Encoder(format, preset="ultrafast")
    units = [unit for n in numbers for unit in encoder.encode(flash_and_beep(format, n))]
    units += encoder.flush() if flush else []
    encoder.close()
    return units


def moved(unit: Unit, frames: int) -> Unit:
    """The unit as if it had been made so many frames later."""
    sound = []
    for packet in unit.aac:
        later: av.Packet[Any] = av.Packet(bytes(packet))
        later.pts = (packet.pts or 0) + frames * SMALL.samples
        sound.append(later)
    return unit._replace(n=unit.n + frames, aac=tuple(sound))


def pictures(file: Path) -> list[tuple[float, float]]:
    """(time in seconds, brightness of the lower half) of every picture of a file."""
    with av.open(str(file)) as container:
        frames = [(frame.time, frame.to_ndarray(format="gray")) for frame in container.decode(video=0)]
    return [(float(time), float(picture[picture.shape[0] // 2 :].mean())) for time, picture in frames]


def sound(file: Path) -> tuple[np.ndarray, np.ndarray]:
    """(time in seconds, value) of every sample of a file's first channel."""
    with av.open(str(file)) as container:
        frames = [(float(frame.time), frame.to_ndarray()[0]) for frame in container.decode(audio=0)]
    times = [start + np.arange(len(samples)) / 48_000 for start, samples in frames]
    return np.concatenate(times), np.concatenate([samples for _, samples in frames])


def flashes(file: Path) -> list[float]:
    """When the picture turns white."""
    bright = [(time, value > 128) for time, value in pictures(file)]
    return [time for (_, before), (time, now) in pairwise(bright) if now and not before]


def beeps(file: Path) -> list[float]:
    """When the sound begins after half a second of silence; as with flashes, one at the very start does not count."""
    times, values = sound(file)
    loud = times[np.abs(values) > 0.1]
    return [float(now) for before, now in pairwise(loud) if now - before > 0.5]
