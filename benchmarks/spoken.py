"""Questions spoken by flite, recordings of people, and how many of their words were heard wrongly."""

from __future__ import annotations

import os
import re
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from host_engine.host.voices.flite import FliteVoice

RATE = 16_000
AROUND = 0.2  # seconds of silence before and behind


def spoken(text: str, voice: str = "slt") -> NDArray[np.float32]:
    """A text in a voice of flite, 16 kHz. Raises VoiceError where flite is missing (Debian: libflite1)."""
    said = FliteVoice(voice).utter(text)
    assert said.rate == RATE, f"{voice} speaks at {said.rate} Hz"
    quiet = np.zeros(int(AROUND * RATE), np.float32)
    return np.concatenate([quiet, said.samples, quiet])


def recorded(name: str) -> NDArray[np.float32] | None:
    """A recording in HOST_ENGINE_RECORDINGS/speech, 16 kHz; None where there is none."""
    folder = os.environ.get("HOST_ENGINE_RECORDINGS", "")
    path = Path(folder) / "speech" / name
    if not folder or not path.is_file():
        return None
    resampler = av.AudioResampler("s16", "mono", RATE)
    with av.open(str(path)) as container:
        frames = [made for frame in container.decode(audio=0) for made in resampler.resample(frame)]
    frames += resampler.resample(None)
    pcm = np.concatenate([frame.to_ndarray().ravel() for frame in frames])
    return pcm.astype(np.float32) / np.float32(32768)


def word_errors(wanted: str, heard: str) -> tuple[int, int]:
    """(words wrong, missing or too many, words wanted): the two parts of the word error rate."""
    left, right = (re.findall(r"[a-z0-9']+", text.lower()) for text in (wanted, heard))
    row = list(range(len(right) + 1))
    for n, word in enumerate(left, 1):
        before, row[0] = row[0], n
        for m, other in enumerate(right, 1):
            before, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, before + (word != other))
    return row[-1], len(left)
