"""Questions spoken by flite, and recordings of people, at 16 kHz."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

RATE = 16_000


def speaker(name: str = "slt") -> Callable[[str], NDArray[np.float32]]:
    """Says a text in a voice of flite; skips the test where flite is missing (Debian: libflite1)."""
    from host_engine.host.voices.flite import FliteVoice
    from host_engine.host.voices.utterance import VoiceError

    try:
        voice = FliteVoice(name)
    except VoiceError as missing:
        pytest.skip(str(missing))

    def say(text: str) -> NDArray[np.float32]:
        said = voice.utter(text)
        assert said.rate == RATE
        quiet = np.zeros(RATE // 5, np.float32)
        return np.concatenate([quiet, said.samples, quiet])

    return say


def recording(name: str) -> NDArray[np.float32]:
    """A recording of HOST_ENGINE_RECORDINGS/speech; skips the test where there is none."""
    folder = os.environ.get("HOST_ENGINE_RECORDINGS", "")
    path = Path(folder) / "speech" / name
    if not folder or not path.is_file():
        pytest.skip(f"HOST_ENGINE_RECORDINGS names no folder with speech/{name}")
    resampler = av.AudioResampler("s16", "mono", RATE)
    with av.open(str(path)) as container:
        frames = [made for frame in container.decode(audio=0) for made in resampler.resample(frame)]
    frames += resampler.resample(None)
    pcm = np.concatenate([frame.to_ndarray().ravel() for frame in frames])
    return pcm.astype(np.float32) / np.float32(32768)


def word_errors(wanted: str, heard: str) -> tuple[int, int]:
    """(words wrong, missing or too many, words wanted): the numerator and denominator of the word error rate."""
    left, right = (re.findall(r"[a-z0-9']+", text.lower()) for text in (wanted, heard))
    row = list(range(len(right) + 1))
    for n, word in enumerate(left, 1):
        before, row[0] = row[0], n
        for m, other in enumerate(right, 1):
            before, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, before + (word != other))
    return row[-1], len(left)
