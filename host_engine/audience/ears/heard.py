"""What a recogniser makes of an utterance, with all that tells whether it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Heard(NamedTuple):
    """The words, and how sure they are. What a recogniser does not measure is left as it is here."""

    text: str
    language: str | None = None
    no_speech: float = 0.0  # probability that nobody spoke at all, 0..1
    logprob: float = 0.0  # mean log probability of the tokens, at most 0
    compression: float = 1.0  # how much shorter the text becomes when it is packed
    sure: float = 1.0  # how sure it is that this was asked, 0..1

    def said(self) -> dict[str, Any]:
        """As it travels."""
        return self._asdict()

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Heard:
        """What came. Raises ValueError, TypeError or KeyError for anything else."""
        language = said["language"]
        numbers = {key: float(said[key]) for key in ("no_speech", "logprob", "compression", "sure")}
        return cls(text=str(said["text"])[:2000], language=str(language)[:20] if language else None, **numbers)
