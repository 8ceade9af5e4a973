"""The label watchdog at work: key frames of what left are decoded and read, and what is wrong is put right."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from host_engine.access.who import Who
from host_engine.alarms import Alarms
from host_engine.direction.refusals import NotDone
from host_engine.host.deadline import DaemonThreads
from host_engine.labelling.expecting import AS_DRAWN, Expecting, Pictures
from host_engine.labelling.finding import Finding
from host_engine.labelling.forced_label import ForcedLabel, elsewhere, in_place, patch_of, seen_from
from host_engine.labelling.judging import judge
from host_engine.labelling.key_pictures import KeyPictures
from host_engine.labelling.remedy import Step
from host_engine.labelling.watchdog import Watchdog
from host_engine.outputs.reframing import Reframing
from host_engine.show.scene import Box

if TYPE_CHECKING:
    from host_engine.build import Studio
    from host_engine.media import Unit
    from host_engine.operator_at_work import OperatorAtWork
    from host_engine.outputs.fanout import Fanout
    from host_engine.renditions_at_work import Renditions

log = logging.getLogger(__name__)

NAME = "label"
PROGRAMME = "programme"
EVERY = 1.9  # seconds of frames between two looks at the same pictures: every second key frame
BLIND = 10.0  # seconds of frames without one that can be decoded
QUEUE = 100  # units
Told = Callable[..., object]
TALLY = 3600.0  # seconds between two entries in the as-run log that say how often the label was seen
ITSELF = Who("the label watchdog")
SAID = {
    Step.NONE: "The AI label is on the picture by itself again.",
    Step.IN_PLACE: "The AI label was not seen in the pictures of '{of}'; it is forced over everything.",
    Step.ELSEWHERE: "The AI label is forced at another place, for the pictures of '{of}'.",
    Step.SLATE: "The slate is shown, as the AI label is not seen in the pictures of '{of}' whatever is done.",
}


class Mutes(Protocol):
    """The director: shows the slate and lets nothing be heard, audits and tells it."""

    def mute(self, on: bool, who: Who = ...) -> dict[str, Any]: ...


def make_label(
    studio: Studio, fanout: Fanout, renditions: Renditions, operator: OperatorAtWork, alarms: Alarms, fact: Told
) -> LabelAtWork:
    """The watchdog of a channel: of its programme, and of all renditions that are sent."""
    director, tell = operator.directing.director, operator.happenings.tell
    made = LabelAtWork(studio, alarms, director, fact, tell, lambda: _pictures(studio, renditions))
    made.follow(fanout)
    return made


def _pictures(studio: Studio, renditions: Renditions) -> dict[str, tuple[Fanout, Pictures]]:
    """What else is sent, and how its pictures differ."""
    format = studio.picture.format
    found: dict[str, tuple[Fanout, Pictures]] = {}
    for name, source, wish in renditions.encoded:
        to = source.format.width, source.format.height
        into = Box(*Reframing((format.width, format.height), to).place)
        found[name] = source.fanout, Pictures(wish.label, wish.language, into)
    return found


class LabelAtWork:
    """Reads the label back from the packets, on a thread that stands back, and never on the way to the viewer.

    `follow` and `leave` may be called while on air, for renditions; pictures from elsewhere are given to
    `watchdog.look`, on any thread but the loop's. What has to be done is done on the loop: the forced label goes to the
    program, the slate comes by the director, as if an operator had ordered it.
    """

    def __init__(
        self,
        studio: Studio,
        alarms: Alarms,
        director: Mutes,
        fact: Told,
        tell: Told,
        others: Callable[[], Mapping[str, tuple[Fanout, Pictures]]] = dict,
    ) -> None:
        """`fact`: keeps in the as-run log what happens; `tell`: tells those who listen; `others`: what is followed
        besides, as it is now."""
        self._studio, self._director, self._fact, self._tell = studio, director, fact, tell
        self._others, self._other = others, set[str]()
        self._fps = studio.picture.format.fps
        self.expecting = Expecting(studio.picture.plan)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.watchdog = Watchdog(alarms, self.expecting.expected, self._now)
        self._threads = DaemonThreads(1, NAME)
        self._followed: dict[str, Fanout] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._step, self._slated = Step.NONE, False
        self._acting = asyncio.Lock()
        self.looked: dict[str, int] = {}  # the last frame of each that was looked at, and acted upon
        self._counted: dict[str, list[int]] = {}  # looks, and those without a label, since the last entry

    @property
    def jobs(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """What is to be kept running while the channel is on air."""
        return {NAME: self.run}

    def follow(self, fanout: Fanout, of: str = PROGRAMME, pictures: Pictures = AS_DRAWN) -> None:
        """Look at the pictures of this fan-out from now on. On the loop, or before it runs."""
        self.leave(of)
        self._followed[of] = fanout
        self.expecting.pictures[of] = pictures
        if self._loop is not None:
            self._begin(of)

    def leave(self, of: str) -> None:
        """Look at them no more."""
        self._followed.pop(of, None)
        self.expecting.pictures.pop(of, None)
        if task := self._tasks.pop(of, None):
            task.cancel()
        self.watchdog.rest(of)

    async def run(self) -> None:
        """Look at all that is followed, until cancelled."""
        self._loop = asyncio.get_running_loop()
        try:
            for of in list(self._followed):
                self._begin(of)
            while True:
                before = self._loop.time()
                while self._loop.time() - before < TALLY:
                    await asyncio.sleep(1.0)
                    self._follow_others()
                    self._look_after_tasks()
                    await self._act()
                self._keep_tally()
        finally:
            self._loop = None
            for task in self._tasks.values():
                task.cancel()
            self._tasks.clear()

    def status(self) -> dict[str, Any]:
        """For /status."""
        return self.watchdog.status()

    # --- looking ---

    def _begin(self, of: str) -> None:
        if task := self._tasks.pop(of, None):
            task.cancel()
        self._tasks[of] = asyncio.get_running_loop().create_task(self._watch(of), name=f"{NAME}/{of}")

    def _follow_others(self) -> None:
        """Begin with what is sent now, leave what is sent no more."""
        others = self._others()
        for of in self._other - set(others):
            self.leave(of)
        for of, (fanout, pictures) in others.items():
            if self._followed.get(of) is not fanout or self.expecting.pictures.get(of) != pictures:
                self.follow(fanout, of, pictures)
        self._other = set(others)

    def _look_after_tasks(self) -> None:
        """One that failed is said and begun again."""
        for of, task in list(self._tasks.items()):
            if task.done() and not task.cancelled():
                log.error("the label of '%s' could not be looked at; it is tried again", of, exc_info=task.exception())
                self._begin(of)

    async def _watch(self, of: str) -> None:
        """Decode and read a key frame of these pictures every other second."""
        loop, decoder, fps = asyncio.get_running_loop(), KeyPictures(), self._fps
        looked = seen = None
        with self._followed[of].reader(f"{NAME}/{of}", QUEUE, told=False) as reader:
            while True:
                unit = await reader.get()
                if not unit.key or (looked is not None and unit.n - looked < EVERY * fps):
                    continue
                looked, seen = unit.n, unit.n if seen is None else seen
                if await loop.run_in_executor(self._threads, self._look, of, decoder, unit):
                    seen = unit.n
                blind = (unit.n - seen) / fps
                said = f"The AI label of '{of}' cannot be checked: for {blind:.0f} s no picture can be decoded."
                self.watchdog.unseen(of, said if blind > BLIND else None)
                await self._act()
                self.looked[of] = unit.n

    def _look(self, of: str, decoder: KeyPictures, unit: Unit) -> bool:
        """On the thread. Whether the picture could be decoded."""
        view = decoder.decode(unit.video)
        if view is None:
            return False
        beneath = self._beneath if of == PROGRAMME else None
        found = self.watchdog.look(view, of, unit.n, muted=self._studio.program.muted, beneath=beneath)
        if found is not None:
            self._count(of, found)
        return True

    def _beneath(self) -> bool:
        """Whether the scene's own label is there, below the one that is laid over it."""
        forced = self._studio.program.over
        laid = forced.beneath if isinstance(forced, ForcedLabel) else None
        if laid is None:
            return True
        box, view = laid
        expected = [each for each in self.expecting.expected(PROGRAMME, None) or () if not each.forced]
        moved = [each._replace(into=None, size=(box.w, box.h), look=seen_from(each.look, box)) for each in expected]
        return bool(moved) and judge(view, moved).ok

    # --- doing ---

    async def _act(self) -> None:
        """Do what has to be done about what was seen."""
        async with self._acting:
            await self._follow_remedy()

    async def _follow_remedy(self) -> None:
        program, wanted = self._studio.program, self.watchdog.remedy.step
        if self._slated and not program.muted:  # somebody has put the show on again
            self._slated = False
            if wanted == Step.SLATE:
                self.watchdog.remedy.ended_by_hand(self._now())
                wanted = self.watchdog.remedy.step
        if wanted == self._step:
            return
        before, self._step = self._step, wanted
        cause = self.watchdog.remedy.cause
        log.warning("the AI label of '%s': from %s to %s", cause, before.name, wanted.name)
        self._fact(NAME, SAID[wanted].format(of=cause), step=wanted.name.lower(), of=cause)
        self._tell(NAME, step=wanted.name.lower(), of=cause)
        await self._force(wanted)
        self._slate(wanted == Step.SLATE)

    async def _force(self, step: Step) -> None:
        """Lay the label over everything, or take it off. It stays on the slate."""
        if step == Step.NONE:
            self._studio.program.over = None
            self.expecting.forced = {}
            return
        made = await asyncio.get_running_loop().run_in_executor(self._threads, self._made, step != Step.IN_PLACE)
        self._studio.program.over = made

    def _made(self, away: bool) -> ForcedLabel:
        """On the thread: the label for every scene."""
        picture, plan = self._studio.picture, self._studio.picture.plan
        looks = plan.labels()
        if away:
            looks = {name: elsewhere(plan.scene(name), look, plan.demand) for name, look in looks.items()}
            self.expecting.forced = looks
        else:
            looks = {name: in_place(look) for name, look in looks.items()}
            self.expecting.forced = {}
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

    # --- keeping ---

    def _count(self, of: str, finding: Finding) -> None:
        counts = self._counted.setdefault(of, [0, 0])
        counts[0] += 1
        counts[1] += not finding.ok

    def _keep_tally(self) -> None:
        """Say in the as-run log how often the label was seen: who is asked for a proof has one."""
        counted, self._counted = self._counted, {}
        for of, (looks, without) in counted.items():
            self._fact(NAME, f"In {looks - without} of {looks} pictures of '{of}' the label was seen.", of=of)

    def _now(self) -> float:
        """Seconds of the show: the number of the newest frame is the only time."""
        programme = self._followed.get(PROGRAMME)
        return programme.n / self._fps if programme else 0.0
