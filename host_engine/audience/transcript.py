"""What the ears understood, and who has ears."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

RATE = 16_000  # samples a second that all ears take

Heard16 = NDArray[np.float32]  # (samples,) mono, -1..1


class Transcript(NamedTuple):
    """The words of one utterance. `refused` says why it is not a question after all, as a key: "silence", "noise",
    "repeated", "echo", "too-short", "unsure"; then `text` is what was heard nevertheless."""

    text: str
    language: str | None
    by: str  # such as "whisper:tiny", "pocketsphinx"
    seconds: float  # of speech
    took: float  # seconds of work
    refused: str = ""


class Ears(Protocol):
    """Transcribes utterances in a process of its own. Raises DeafError with a sentence when it cannot at all."""

    async def hear(self, samples: Heard16, language: str | None = None) -> Transcript: ...

    def status(self) -> dict[str, object]: ...


class DeafError(Exception):
    """Nothing can be transcribed now; the sentence says why."""
