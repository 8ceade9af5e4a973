"""The studio: every part between the catalog and the encoded frame, as they were built."""

from __future__ import annotations

from dataclasses import dataclass

from host_engine.channel.gate.gatekeeping import Gatekeeper
from host_engine.channel.hosts.presenting import Presenting
from host_engine.channel.policies.ruling import Ruling
from host_engine.host.compositor import Compositor
from host_engine.host.mouths.chain import Mouths
from host_engine.host.tongues import Tongues
from host_engine.host.voice import Voices
from host_engine.playout.ahead import Ahead
from host_engine.playout.lane import Lane
from host_engine.playout.playout import Playout
from host_engine.playout.prepare import Preparation
from host_engine.playout.program import Program
from host_engine.provenance.stamp import Stamp
from host_engine.show.script import Script, Show
from host_engine.timing import Timings
from host_engine.trace import Trace


@dataclass(frozen=True)
class Studio:
    """Everything between the catalog and the encoded frame: what `run` and `render` have in common."""

    show: Show
    script: Script
    voices: Voices
    mouths: Mouths
    operator: Lane  # what is added to it is said at once
    next: Lane  # what operators want said after the sentence on air
    mandatory: Lane  # what must be said again and again; fed by `scheduling`
    answers: Lane  # to viewers; nobody feeds it where the channel answers none
    rundown: Lane
    tongues: Tongues  # who speaks answers in other languages
    preparation: Preparation
    playout: Playout | Ahead
    program: Program
    timings: Timings
    trace: Trace
    picture: Compositor
    gatekeeper: Gatekeeper  # by whom each line is judged
    stamp: Stamp  # what each key frame says of itself
    ruling: Ruling  # how the channel stands to its policies
    presenting: Presenting | None = None  # where the host was filmed

    def close(self) -> None:
        self.program.close()
        self.preparation.close()
        if self.presenting is not None:
            self.presenting.close()
