"""Does what the label watchdog asks for: the label over everything, and in the end the slate."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any, Protocol

from host_engine.access.who import Who
from host_engine.direction.refusals import NotDone
from host_engine.host.label import LabelLook
from host_engine.labelling.expecting import Expecting
from host_engine.labelling.forced_label import ForcedLabel, elsewhere, in_place, patch_of, seen_from
from host_engine.labelling.judging import judge
from host_engine.labelling.remedy import Remedy, Step

if TYPE_CHECKING:
    from host_engine.channel.studio.studio import Studio

log = logging.getLogger(__name__)

NAME, PROGRAMME = "label", "programme"
ITSELF = Who("the label watchdog")
SAID = {
    Step.NONE: "The AI label is on the picture by itself again.",
    Step.IN_PLACE: "The AI label was not seen in the pictures of '{of}'; it is forced over everything.",
    Step.ELSEWHERE: "The AI label is forced at another place, for the pictures of '{of}'.",
    Step.SLATE: "The slate is shown, as the AI label is not seen in the pictures of '{of}' whatever is done.",
}

Told = Callable[..., object]


class Mutes(Protocol):
    """The director: shows the slate and lets nothing be heard, audits and tells it."""

    def mute(self, on: bool, who: Who = ...) -> dict[str, Any]: ...


class Forcing:
    """Belongs to the loop, but for `beneath`. The forced label goes to the program, so that it lies over whatever is
    drawn; the slate comes by the director, as if an operator had ordered it, and whoever ends it is not overruled."""

    def __init__(
        self,
        studio: Studio,
        director: Mutes,
        fact: Told,
        tell: Told,
        expecting: Expecting,
        remedy: Remedy,
        now: Callable[[], float],
        threads: Executor,
    ) -> None:
        """`fact`: keeps in the as-run log what is done; `tell`: tells those who listen. `threads`: where labels are
        drawn. `now`: the seconds that the remedy is told."""
        self._studio, self._director, self._fact, self._tell = studio, director, fact, tell
        self._expecting, self._remedy, self._now, self._threads = expecting, remedy, now, threads
        self._step, self._slated = Step.NONE, False
        self._of = ""  # whose label it was about the last time
        self._looks: dict[str, LabelLook] = {}  # what the forced labels were made of
        self._lock = asyncio.Lock()

    async def follow(self) -> None:
        """Do what has to be done now."""
        async with self._lock:
            wanted = self._wanted()
            if wanted != self._step:
                before, self._step = self._step, wanted
                cause = self._of = self._remedy.cause or self._of
                log.warning("the AI label of '%s': from %s to %s", cause, before.name, wanted.name)
                self._fact(NAME, SAID[wanted].format(of=cause), step=wanted.name.lower(), of=cause)
                self._tell(NAME, step=wanted.name.lower(), of=cause, text=SAID[wanted].format(of=cause))
                await self._force(wanted)
            elif wanted and self._looks != self._studio.picture.plan.labels():  # another language, another demand
                await self._force(wanted)
            self._slate(wanted == Step.SLATE)

    def beneath(self) -> bool:
        """Whether the scene's own label is there, below the one that is laid over it."""
        forced = self._studio.program.over
        laid = forced.beneath if isinstance(forced, ForcedLabel) else None
        if laid is None:
            return True
        box, view = laid
        expected = [each for each in self._expecting.expected(PROGRAMME, None) or () if not each.forced]
        moved = [each._replace(into=None, size=(box.w, box.h), look=seen_from(each.look, box)) for each in expected]
        return bool(moved) and judge(view, moved).ok

    def _wanted(self) -> Step:
        """How far to go. Somebody may have put the show on again meanwhile."""
        if self._slated and not self._studio.program.muted:
            self._slated = False
            if self._remedy.step == Step.SLATE:
                self._remedy.ended_by_hand(self._now())
        return self._remedy.step

    async def _force(self, step: Step) -> None:
        """Lay the label over everything, or take it off. It stays on the slate."""
        if step == Step.NONE:
            self._studio.program.over, self._expecting.forced = None, {}
            return
        self._looks = self._studio.picture.plan.labels()
        away = step != Step.IN_PLACE
        made = await asyncio.get_running_loop().run_in_executor(self._threads, self._made, self._looks, away)
        self._studio.program.over = made

    def _made(self, looks: dict[str, LabelLook], away: bool) -> ForcedLabel:
        """On the thread: the label for every scene."""
        picture, plan = self._studio.picture, self._studio.picture.plan
        if away:
            looks = {name: elsewhere(plan.scene(name), look, plan.demand) for name, look in looks.items()}
        else:
            looks = {name: in_place(look) for name, look in looks.items()}
        self._expecting.forced = looks if away else {}
        return ForcedLabel({name: patch_of(look) for name, look in looks.items()}, lambda: picture.shown[0])

    def _slate(self, on: bool) -> None:
        muted = self._studio.program.muted
        if on == self._slated or (on and muted):
            return  # an operator's mute is a slate as well, and is the operator's to end
        try:
            self._director.mute(on, ITSELF)
            self._slated = on
        except NotDone as error:
            log.warning("the slate could not be %s: %s", "shown" if on else "ended", error)
