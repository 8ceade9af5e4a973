"""What comes on air and what goes off it, seen from the tick, for those who keep a record."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from host_engine.media import Beat
from host_engine.playout.cue import Cue
from host_engine.playout.lane import Lane
from host_engine.show.rundown import Line, Place
from host_engine.show.utterance import Cut, Utterance

log = logging.getLogger(__name__)


def _utc() -> datetime:
    return datetime.now(UTC)


class OnAir(Protocol):
    """What is on air: a `Playout`, or one that is seen some frames later."""

    @property
    def cue(self) -> Cue | None: ...
    @property
    def lane(self) -> Lane | None: ...
    def coming(self, line: Line) -> bool: ...


class Report:
    """Looks at each frame and keeps two facts: the utterance on air, and the place to go on from after a restart.

    It never waits and never raises. `told` is given each utterance that has gone off the air, at the frame after its
    last one. Everything here happens on the event loop.
    """

    def __init__(
        self,
        playout: OnAir,
        told: Callable[[Utterance], None] = lambda said: None,
        now: Callable[[], datetime] = _utc,
    ) -> None:
        self.told = told
        self.changed: Callable[[], None] = lambda: None  # something else is on air now
        self.word: Callable[[Line, int], None] = lambda line, word: None  # a token of the line begins to be said
        self.place: Place | None = None
        self.n = -1  # the last frame seen
        self._playout, self._now = playout, now
        self._cue: Cue | None = None
        self._lane = ""
        self._first = 0
        self._began = now()
        self._beat: Beat | None = None  # the last one of the line on air
        self._start = 0  # token that the utterance on air began with
        self._word = -1  # the last one that was told
        self._goes_on: tuple[Cue, int] | None = None  # a line interrupted in a pause, and its next token
        self._over = False

    def frame(self, n: int, beat: Beat) -> None:
        """Frame `n` is made of `beat`, which the playout has just handed out."""
        if self._playout.cue is not self._cue and not self._over:
            try:
                self._change(n)
            except Exception:
                self._cue = self._playout.cue
                log.exception("frame %d: what came on air could not be noted", n)
        self.n = n
        if beat.line is not None:
            self._beat = beat
            if beat.word != self._word:
                self._tell_words(beat)

    @property
    def utterance(self) -> Utterance | None:
        """What is on air, as far as it has been said; None while the host idles."""
        return self._until_now(self._now()) if self._cue else None

    def end(self) -> None:
        """Nothing more goes on air: what is on it is cut here."""
        if not self._over:
            self._over = True
            self._tell(self._now(), "end")

    def _change(self, n: int) -> None:
        now, old, cue, lane = self._now(), self._cue, self._playout.cue, self._playout.lane
        if old:
            cut = self._ending(old)
            if place := old.line.place:
                self.place = place._replace(said=not (cut and self._playout.coming(old.line)))
            self._tell(now, cut)
        self._cue, self._lane, self._first, self._began, self._beat = cue, lane.name if lane else "", n, now, None
        self._start = self._goes_on[1] if self._goes_on and self._goes_on[0] is cue else 0
        self._word = self._start - 1
        if cue and cue.line.place:
            self.place = cue.line.place
        self.changed()

    def _tell_words(self, beat: Beat) -> None:
        """Tell of each token that has begun; several may in one frame."""
        before, self._word = self._word, beat.word
        try:
            for word in range(max(0, before + 1), beat.word + 1):
                self.word(beat.line, word)
        except Exception:
            log.exception("a word that is said could not be told")

    def _ending(self, old: Cue) -> Cut:
        """What took a line off the air."""
        if old.dropped:
            return "cut"
        if old.failed:
            return "fault"
        if self._beat is None or not self._beat.left or old.done:
            return ""
        self._goes_on = old, self._beat.word + 1
        return "pause"

    def _tell(self, now: datetime, cut: Cut) -> None:
        if self._cue is not None:
            said = self._until_now(now)
            self.told(replace(said, cut=cut, whole=said.whole or cut == "pause"))

    def _until_now(self, now: datetime) -> Utterance:
        assert self._cue
        beat = self._beat
        word, whole = (beat.word, not beat.face.speaking) if beat else (-1, False)
        voice = beat.voice if beat else ""
        last = max(self.n, self._first)
        line = (beat and beat.line) or self._cue.line  # that of the beats has its evidence
        return Utterance(line, self._lane, voice, self._first, last, self._began, now, word, whole, start=self._start)
