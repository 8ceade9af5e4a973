"""A voice that raises, hangs, dawdles or speaks rubbish while a plan says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from host_engine.chaos.at_work import AtWork
from host_engine.chaos.plan import Voice
from host_engine.media import Speech


class Speaks(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def settings(self) -> str: ...
    def speak(self, text: str) -> Speech: ...


class BrokenVoice:
    """Speaks as the real voice does, but for the fault at work.

    Its settings are others while it is broken, so that no line comes from the cache then and none goes into it for
    later.
    """

    def __init__(self, real: Speaks, preferred: bool, faults: AtWork) -> None:
        self._real, self._faults = real, faults
        self._names = (real.name, "all", *([None] if preferred else []))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    @property
    def name(self) -> str:
        return self._real.name

    @property
    def settings(self) -> str:
        fault = self._faults.of(Voice, *self._names)
        return f"{self._real.settings} broken: {fault.how}" if fault else self._real.settings

    def speak(self, text: str) -> Speech:
        fault = self._faults.of(Voice, *self._names)
        if fault is None:
            return self._real.speak(text)
        if fault.how == "raises":
            raise RuntimeError("chaos: the voice raises")
        if fault.how == "hangs":
            self._faults.until_over(fault)
        speech = self._real.speak(text)
        if fault.how == "slow":
            self._faults.sleep(fault.factor * speech.seconds)
        if fault.how == "not-numbers":
            return replace(speech, samples=np.full_like(speech.samples, np.nan))
        if fault.how == "silent":
            return replace(speech, samples=np.zeros_like(speech.samples))
        if fault.how == "wrong-words":
            return replace(speech, words=speech.words[1:])
        return speech
