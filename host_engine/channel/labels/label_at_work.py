"""The label watchdog at work: key frames of what left are decoded and read, and what is wrong is put right."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from host_engine.alarms import Alarms
from host_engine.channel.labels.label_forcing import NAME, PROGRAMME, Forcing, Mutes, Told
from host_engine.channel.obs.obs_label import OF as OBS
from host_engine.channel.obs.obs_label import ObsLabel
from host_engine.host.deadline import DaemonThreads
from host_engine.labelling.expecting import AS_DRAWN, Expecting, Pictures
from host_engine.labelling.finding import Finding
from host_engine.labelling.key_pictures import KeyPictures
from host_engine.labelling.watchdog import Watchdog
from host_engine.outputs.reframing import Reframing
from host_engine.show.scene import Box

if TYPE_CHECKING:
    from host_engine.channel.obs.obs_at_work import ObsAtWork
    from host_engine.channel.operators.operator_at_work import OperatorAtWork
    from host_engine.channel.outputs.renditions_at_work import Renditions
    from host_engine.channel.studio.studio import Studio
    from host_engine.media import Unit
    from host_engine.outputs.fanout import Fanout

log = logging.getLogger(__name__)

EVERY = 1.9  # seconds of frames between two looks at the same pictures: every second key frame
BLIND = 10.0  # seconds of frames without one that can be decoded
QUEUE = 100  # units
TALLY = 3600.0  # seconds between two entries in the as-run log that say how often the label was seen


def make_label(
    studio: Studio, fanout: Fanout, renditions: Renditions, operator: OperatorAtWork, alarms: Alarms, fact: Told
) -> LabelAtWork:
    """The watchdog of a channel: of its programme, and of all renditions that are sent."""
    director, tell = operator.directing.director, operator.happenings.tell
    made = LabelAtWork(studio, alarms, director, fact, tell, lambda: _pictures(studio, renditions))
    made.follow(fanout)
    if operator.obs is not None:
        made.look_at_obs(operator.obs)
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
        self._studio, self._fact = studio, fact
        self._obs: ObsLabel | None = None
        self._others, self._other = others, set[str]()
        self._fps = studio.picture.format.fps
        self.expecting = Expecting(studio.picture.plan)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.watchdog = Watchdog(alarms, self.expecting.expected, self._now)
        self._threads = DaemonThreads(1, NAME)
        self._followed: dict[str, Fanout] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        parts = self.expecting, self.watchdog.remedy, self._now, self._threads
        self._forcing = Forcing(studio, director, fact, tell, *parts)
        self.looked: dict[str, int] = {}  # the last frame of each that was looked at, and acted upon
        self._counted: dict[str, list[int]] = {}  # looks, and those without a label, since the last entry

    @property
    def jobs(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """What is to be kept running while the channel is on air."""
        return {NAME: self.run, **({"label obs": self._obs.run} if self._obs else {})}

    def look_at_obs(self, obs: ObsAtWork) -> None:
        """Look at what OBS sends, too."""
        self.expecting.pictures[OBS] = Pictures(anywhere=True)
        look, rest = partial(self.watchdog.look, of=OBS), partial(self.watchdog.rest, OBS)
        self._obs = ObsLabel(obs.ask, obs.feed_name, look, rest, self._threads)

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
                    await self._forcing.follow()
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
                seen = unit.n if seen is None else seen
                judged = await loop.run_in_executor(self._threads, self._look, of, decoder, unit)
                looked = looked if judged is False else unit.n  # in the middle of a change: the next one is looked at
                seen = seen if judged is None else unit.n
                blind = (unit.n - seen) / fps
                said = f"The AI label of '{of}' cannot be checked: for {blind:.0f} s no picture can be decoded."
                self.watchdog.unseen(of, said if blind > BLIND else None)
                await self._forcing.follow()
                self.looked[of] = unit.n

    def _look(self, of: str, decoder: KeyPictures, unit: Unit) -> bool | None:
        """On the thread. Whether a label could be expected in the picture; None where it could not be decoded."""
        view = decoder.decode(unit.video)
        if view is None:
            return None
        beneath = self._forcing.beneath if of == PROGRAMME else None
        found = self.watchdog.look(view, of, unit.n, muted=self._studio.program.muted, beneath=beneath)
        if found is not None:
            self._count(of, found)
        return found is not None

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
