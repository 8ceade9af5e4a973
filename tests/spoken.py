"""Questions spoken by flite, and recordings of people, at 16 kHz; a test without them says what is missing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.spoken import RATE, recorded, spoken, word_errors
from host_engine.host.voices.utterance import VoiceError

__all__ = ["RATE", "recording", "speaker", "word_errors"]


def speaker(voice: str = "slt") -> Callable[[str], NDArray[np.float32]]:
    """Says a text in a voice of flite; skips the test where flite is missing."""
    try:
        spoken("yes", voice)
    except VoiceError as missing:
        pytest.skip(str(missing))
    return partial(spoken, voice=voice)


def recording(name: str) -> NDArray[np.float32]:
    """A recording of HOST_ENGINE_RECORDINGS; skips the test where there is none."""
    samples = recorded(name)
    if samples is None:
        pytest.skip(f"HOST_ENGINE_RECORDINGS names no folder with speech/{name}")
    return samples
