"""The human-voice mode: the show goes on with pictures, cards and captions, and only people are heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from host_engine.media import Beat
from host_engine.policies.unspoken import Unspoken
from host_engine.show.rundown import Line
from host_engine.takeover.relay import HUMAN, Relay

if TYPE_CHECKING:
    from host_engine.channel.studio.studio import Studio
    from host_engine.playout.prepare import Preparation
    from host_engine.playout.program import Program

LINES = "takeover/"  # begins the ids of lines that people speak


def of_people(beat: Beat) -> bool:
    """Whether what is heard in a beat was spoken into a microphone just now."""
    return beat.voice == HUMAN and isinstance(beat.line, Line) and beat.line.id.startswith(LINES)


def everybody(beat: Beat) -> bool:
    return True


def let_speak(preparation: Preparation, program: Program, only_people: bool) -> None:
    """Set who speaks from now on: lines are made ready without a voice, and, whatever was made before, the program lets
    nobody be heard but people, from the next frame on that is mixed."""
    preparation.unspoken = Unspoken() if only_people else None
    program.hears = of_people if only_people else everybody


class HumanVoice:
    """Turned on and off between two frames, on the event loop. What waits on any lane is made ready anew: rundown,
    answers, thanks, mandatory lines and what operators have written alike. A human who speaks goes on speaking."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    @property
    def on(self) -> bool:
        """Whether only people are heard."""
        return self._studio.preparation.unspoken is not None

    def turn(self, on: bool) -> bool:
        """Whether anything changed. The line on air, if a machine says it, is cut and comes again, to be read."""
        if on == self.on:
            return False
        let_speak(self._studio.preparation, self._studio.program, on)
        for lane in self._studio.playout.lanes:
            waiting = list(lane.cues)
            lane.cues.clear()
            for cue in waiting:
                if isinstance(cue, Relay):
                    lane.cues.append(cue)
                else:
                    cue.drop()
                    lane.add(cue.line)
        if on:
            self._cut()
        return True

    def _cut(self) -> None:
        playout = self._studio.playout
        lane, line = playout.lane, playout.now.line
        cut = playout.cut_if(lambda each: not each.id.startswith(LINES))
        if cut is not None and lane is not None and cut is line:
            lane.again(cut)
