"""A human on the operator's lane: a cue that is not prepared, but comes from a microphone while it is on air."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import numpy as np

from host_engine.media import Beat, Picture
from host_engine.playout.cue import Cue
from host_engine.show.rundown import Card, Line
from host_engine.takeover.voice import Spoken

UNKNOWN = 10_000  # frames that are taken to come: nobody knows for how long a human speaks
STAYS = 8  # frames for which a card is seen that nothing backs any more, while its line is made anew
HUMAN = "human"  # the name of the voice in the as-run log


class Speaks(Protocol):
    """Whose frames are pulled."""

    def pull(self) -> Spoken: ...


class Relay(Cue):
    """Always brings a beat while it lasts, silence where nothing comes. It ends when it is told to, with a soft edge;
    or when it is cut, by a take, a skip or a mute. `card` is asked at every frame, as prices change meanwhile."""

    def __init__(
        self,
        line: Line,
        voice: Speaks,
        camera: Callable[[], Picture | None] = lambda: None,
        card: Callable[[], Card | None] = lambda: None,
    ) -> None:
        # Not Cue's own beginning: nothing is prepared here, so there is neither a task nor a queue.
        self.line = line
        self.failed = self.dropped = self.passed_over = False
        self._voice, self._camera, self._card = voice, camera, card
        self._begun = self._ending = self._over = False
        self._shown: Line = line
        self._without = 0  # frames since there was a card

    @property
    def over(self) -> bool:
        """Nothing more comes: it has ended, or was cut."""
        return self._over

    @property
    def ready(self) -> bool:
        """As in `Cue`."""
        return not self._over

    @property
    def done(self) -> bool:
        """As in `Cue`."""
        return self._over

    @property
    def begun(self) -> bool:
        """As in `Cue`."""
        return self._begun

    @property
    def stocked(self) -> bool:
        """As in `Cue`."""
        return not self._over

    def pausing(self, long: int) -> bool:
        """Never: no answer is given while a human speaks."""
        return False

    def border(self, long: int) -> int | None:
        """Nobody knows."""
        return None

    def peek(self) -> Beat | None:
        """Nothing can be seen ahead."""
        return None

    def pull(self) -> Beat | None:
        """The beat of this frame; None once it is over."""
        if self._over:
            return None
        self._begun = True
        spoken = self._voice.pull()
        samples = spoken.samples
        if self._ending:
            self._over = True
            samples = samples * np.linspace(1, 0, len(samples), dtype=np.float32)
        line, camera = self._with_card(), self._camera()
        return Beat(samples, spoken.face, line, voice=HUMAN, left=0 if self._over else UNKNOWN, camera=camera)

    def end(self) -> None:
        """Hand back after the next beat, or at once where it has not been on air."""
        self._ending = True
        if not self._begun:
            self._over = self.failed = self.passed_over = True

    def drop(self) -> None:
        """As in `Cue`."""
        self.dropped = self._over = True

    def _with_card(self) -> Line:
        card = self._card()
        self._without = 0 if card else self._without + 1
        if card != self._shown.card and (card or self._without > STAYS):
            self._shown = replace(self.line, card=card)
        return self._shown
