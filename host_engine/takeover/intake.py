"""From what WebRTC brings to a voice fit for air: mono at 48 kHz, whole in time, level, and heard by the lips."""

from __future__ import annotations

from typing import NamedTuple

import av
import numpy as np
import soxr

from host_engine.host.mouths.heard import Ear
from host_engine.host.mouths.heard_bands import Floats
from host_engine.media import Samples
from host_engine.takeover.leveller import RATE, Leveller

WHOLE = {1: 128.0, 2: 32768.0, 4: 2147483648.0}  # by the bytes of an integer sample
FADE = RATE // 400  # samples in which a voice fades where packets were lost
LONGEST_GAP = RATE // 2  # samples of lost sound that are kept as silence; after more the voice just goes on
THIRD = 3  # the lips hear 16 kHz
TAPS = 31


class Heard(NamedTuple):
    """A piece of voice for air, and what the lips do: (steps, COLUMNS) of `host.mouths.heard`."""

    samples: Samples
    lips: Floats


class Intake:
    """Takes the frames of one microphone, in their order, on one thread.

    Lost packets become silence, with soft edges. The next piece is never ahead of what has come: some 10 ms are held.
    """

    def __init__(self) -> None:
        self.lost = 0  # samples that never came
        self._due: int | None = None  # time of the next frame, in samples of its rate
        self._rate = 0
        self._stream: soxr.ResampleStream | None = None
        self._held = np.zeros(0, np.float32)  # the last samples, which may have to fade
        self._rising = True
        self._leveller = Leveller()
        self._ear: Ear | None = None  # made where the sound is: its weights are read from a file
        self._before = np.zeros(TAPS - 1, np.float32)
        self._phase = 0

    def __call__(self, frame: av.AudioFrame) -> Heard:
        """A frame of any rate, format and number of channels. What is no number is silence."""
        samples, missing = mono(frame), self._missing(frame)
        ear = self._ear = self._ear or Ear()
        if missing is None:
            return Heard(np.zeros(0, np.float32), ear.hear(np.zeros(0, np.float32)))
        even = self._leveller(self._joined(self._at_48k(samples, frame.sample_rate), missing))
        return Heard(even, ear.hear(self._third(even)))

    def _missing(self, frame: av.AudioFrame) -> int | None:
        """Samples at 48 kHz that were lost before this frame; None where it comes too late itself."""
        rate = frame.sample_rate or RATE
        if frame.pts is None:
            return 0
        at = round(frame.pts * float(frame.time_base or 1 / rate) * rate)
        due, self._due = self._due, at + frame.samples
        gap = 0 if due is None else at - due
        if -rate < gap < 0:
            self._due = due
            return None
        missing = gap * RATE // rate
        if not 0 <= missing <= LONGEST_GAP:
            self._rising = True
            return 0
        self.lost += missing
        return missing

    def _at_48k(self, samples: Samples, rate: int) -> Samples:
        if rate == RATE:
            return samples
        if rate != self._rate or self._stream is None:
            self._rate = rate
            self._stream = soxr.ResampleStream(rate, RATE, 1, dtype="float32", quality="LQ")
        made: Samples = self._stream.resample_chunk(samples)
        return made

    def _joined(self, samples: Samples, missing: int) -> Samples:
        """What is held and what comes, with silence between where something was lost; the last samples are held."""
        held, samples = self._held, samples.copy()
        ramp = np.linspace(0, 1, FADE, dtype=np.float32)
        if (missing or self._rising) and len(samples):
            count = min(FADE, len(samples))
            samples[:count] *= ramp[:count]
            held, count = held.copy(), min(FADE, len(held))
            held[len(held) - count :] *= ramp[::-1][FADE - count :]
            self._rising = False
        whole = np.concatenate([held, np.zeros(missing, np.float32), samples])
        cut = max(0, len(whole) - FADE)
        self._held = whole[cut:]
        return whole[:cut]

    def _third(self, samples: Samples) -> Samples:
        """Every third sample, after what lies above 7 kHz has been taken out."""
        held = np.concatenate([self._before, samples])
        if len(held) < TAPS:
            self._before = held
            return np.zeros(0, np.float32)
        soft = np.convolve(held, LOW, "valid")
        taken: Samples = soft[self._phase :: THIRD].astype(np.float32)
        self._phase = (self._phase - len(soft)) % THIRD
        self._before = held[len(soft) :]
        return taken


def mono(frame: av.AudioFrame) -> Samples:
    """The mean of all channels as floats within -1..1; what is no number is 0."""
    samples = frame.to_ndarray()
    if not frame.format.is_planar:
        samples = samples.reshape(-1, len(frame.layout.channels)).T
    if samples.dtype.kind == "u":
        samples = samples.astype(np.float32) - 128.0
        scale = 1 / 128.0
    else:
        scale = 1.0 if samples.dtype.kind == "f" else 1.0 / WHOLE[samples.dtype.itemsize]
    mean = samples.mean(axis=0, dtype=np.float32) * np.float32(scale)
    found: Samples = np.clip(np.nan_to_num(mean, nan=0.0, posinf=0.0, neginf=0.0), -1, 1)
    return found


def _low(edge: float = 7000.0) -> Samples:
    at = np.arange(TAPS) - (TAPS - 1) / 2
    taps = np.sinc(2 * edge / RATE * at) * np.hamming(TAPS)
    return np.asarray(taps / taps.sum(), np.float32)


LOW = _low()
