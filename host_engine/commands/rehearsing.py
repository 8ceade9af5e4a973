"""A rehearsal put together from a channel file: the show, its gate, its desk and an audience, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from host_engine.audience.answer import Answer, Asking
from host_engine.audience.answers.answers import TemplateAnswers
from host_engine.audience.bridges import Bridges
from host_engine.audience.counsel import Counsel
from host_engine.audience.desk import Desk, Parts
from host_engine.audience.firewall.firewall import Firewall
from host_engine.audience.in_writing import InWriting
from host_engine.audience.inbox import Inbox
from host_engine.audience.kinds import kind_of
from host_engine.audience.ledger import Ledger
from host_engine.audience.likeness import Likeness
from host_engine.audience.meaning import Meaning
from host_engine.audience.message import Kind, Message
from host_engine.audience.names import clean_name
from host_engine.audience.persona.in_character import InCharacter
from host_engine.audience.persona.noted import Noted
from host_engine.audience.persona.persona import Persona
from host_engine.audience.personal import redacted
from host_engine.audience.register import Register
from host_engine.audience.replying import Replying
from host_engine.audience.review import Review, Rules
from host_engine.audience.taking import Filters, Taking
from host_engine.audience.tally import End
from host_engine.channel.gate.gatekeeping import Gatekeeper
from host_engine.channel_file.casting import NOBODY
from host_engine.channel_file.config import Channel
from host_engine.gate.lists import load_more
from host_engine.host.voice import open_voices
from host_engine.playout.cue import PassedOver
from host_engine.rehearsal import durations
from host_engine.rehearsal.audience import Watching
from host_engine.rehearsal.heard import Rehearsed
from host_engine.rehearsal.stage import Stage
from host_engine.rehearsal.viewers import Viewers
from host_engine.rehearsal.virtual_time import AtOnce, VirtualClock, run_virtually
from host_engine.show.evidence import Evidence
from host_engine.show.rundown import Line
from host_engine.show.scene import load_scenes, names
from host_engine.show.script import Script, Show, load_show


class Wanted(NamedTuple):
    """What is to be rehearsed."""

    begin: datetime
    seconds: float
    an_hour: float = 40.0  # messages of the audience
    seed: int = 0
    catalog: Path | None = None  # another one than the channel's
    spoken: bool = False  # with real voices, which takes as long as they take to speak
    by_meaning: bool = True  # with the network that tells what questions mean; without it words alone decide


class Told(NamedTuple):
    """What came of it: the show that was rehearsed, and all that happened."""

    show: Show
    rehearsed: Rehearsed
    why: dict[str, str]  # entry -> the rule that kept it from being said last


class AnswersAtOnce(TemplateAnswers):
    """The same answers, made where they are asked for, once all is learnt that they depend on."""

    async def answer(self, asking: Asking) -> Answer:
        found = self.answer_now(asking)
        if self._wanted or self._learning:
            while self._wanted or self._learning:
                self._building.submit(lambda: None).result()
            found = self.answer_now(asking)
        return found

    async def courtesy(self, kind: Kind, asking: Asking) -> Answer:
        return self._courtesy(kind, asking)

    async def facts(self, asking: Asking) -> tuple[Evidence, ...]:
        return self._facts(asking)


def rehearse(channel: Channel, wanted: Wanted, progress: Callable[[float], None] = lambda seconds: None) -> Told:
    """Run the show of a channel. `progress` is told of the virtual seconds that have gone by.

    Raises Problems for what is wrong in the files, VoiceError for a voice that is not there.
    """
    scenes = names(load_scenes(channel.path(channel.scenes)))
    show = load_show(wanted.catalog or channel.path(channel.catalog), scenes=scenes)
    begin = wanted.begin.astimezone(show.rundown.zone)
    clock = VirtualClock(begin.astimezone(UTC))
    rehearsed = Rehearsed(begin, wanted.seconds, wanted.seed, spoken=wanted.spoken)
    keeper = Gatekeeper(show, load_more(map(channel.path, channel.audience.lists)), None, clock)
    meaning = Meaning() if wanted.by_meaning and wanted.an_hour else None
    talk = _persona(channel, show, meaning)
    keeper.noted = lambda gate: Noted(gate, talk)
    answers = AnswersAtOnce(show.catalog, talk, meaning, cache=channel.path(channel.cache) / "meaning", now=clock)
    asyncio.run(answers.ready())
    script = Script(show, clock)
    takes = _voices(channel, show) if wanted.spoken else durations.seconds
    stage = Stage(script, rehearsed, clock, takes, _Judged(keeper, clock).judge, channel.audience.pause)
    try:
        run_virtually(_run(channel, wanted, stage, keeper, talk, answers, clock, meaning, progress))
    finally:
        answers.close()
    return Told(show, rehearsed, dict(script.rulings.latest))


async def _run(
    channel: Channel,
    wanted: Wanted,
    stage: Stage,
    keeper: Gatekeeper,
    talk: Persona,
    answers: AnswersAtOnce,
    clock: VirtualClock,
    meaning: Meaning | None,
    progress: Callable[[float], None],
) -> None:
    show, loop = stage.script.show, asyncio.get_running_loop()
    watching = Watching(stage.rehearsed, clock)
    desk = _desk(channel, stage, keeper, clock, meaning, watching.ended)
    watching.watch(desk)
    passes = partial(_passes, keeper, clock)
    desk.swap(Counsel(show, InCharacter(answers, talk, passes), keeper.judge, talk))
    stage.airing, stage.told = desk.airing, desk.said
    messages = Viewers(show.catalog, wanted.an_hour if channel.audience.answers else 0.0, wanted.seed)
    jobs = [
        asyncio.create_task(desk.run()),
        asyncio.create_task(watching.ask(messages.messages(wanted.seconds))),
        asyncio.create_task(_tell(progress, loop.time)),
    ]
    try:
        await stage.run()
    finally:
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)


async def _tell(progress: Callable[[float], None], time: Callable[[], float]) -> None:
    while True:
        progress(time())
        await asyncio.sleep(60)


def _desk(
    channel: Channel,
    stage: Stage,
    keeper: Gatekeeper,
    clock: VirtualClock,
    meaning: Meaning | None,
    told: Callable[[Message, End, str], object],
) -> Desk:
    """The channel's desk, with nobody who looks at answers and no model that words them. `told`: of each message's
    end."""
    wanted, threads, time = channel.audience, AtOnce(), asyncio.get_running_loop().time
    ledger = Ledger(lambda kind, text, **details: None, time)
    catalog = stage.script.show.catalog

    def name(raw: str) -> str:
        clean = clean_name(raw)
        return clean if clean and _passes(keeper, clock, f"{clean}.", catalog.language) else ""

    taking = Taking(Filters(Firewall().rule, name, kind_of, redacted), ledger, time, catalog.has)
    register = Register(ledger, taking.shown)
    likeness = Likeness(meaning.vectors, threads, time) if meaning else None
    if likeness:
        register.hooks.append(likeness.heard)
    bridges = Bridges(lambda language, text: None, threads)
    replying = Replying(stage, bridges, threads, clock)

    def ended(message: Message, how: End, reason: str) -> None:
        if how == "expired":
            register.expired(message)
        told(message, how, reason)

    parts = Parts(
        taking,
        Inbox(wanted.limits, time, likeness.near if likeness else None, ended=ended),
        stage,
        replying,
        InWriting(stage, replying),
        Review(Rules("auto", wanted.review.hold, {}, wanted.limits.patience)),
        register,
        None,
    )
    return Desk(parts, time)


def _passes(keeper: Gatekeeper, clock: VirtualClock, text: str, language: str) -> bool:
    return keeper.judge.check(text, language, None, clock()).passed


def _persona(channel: Channel, show: Show, meaning: Meaning | None) -> Persona:
    if channel.audience.persona is None:
        host = channel.avatar.host
        return Persona.plain(show.catalog.shop if host == NOBODY else host.capitalize())
    return Persona.read(channel.path(channel.audience.persona), meaning.vectors if meaning else None)


def _voices(channel: Channel, show: Show) -> Callable[[Line], float]:
    """How long the channel's own voices take."""
    cache = channel.path(channel.cache) / "speech"
    gender = "man" if channel.avatar.host == "leo" else "woman"
    voices = open_voices(channel.voice.use, show.catalog.language, cache, gender)
    known: dict[str, float] = {}

    def takes(line: Line) -> float:
        if line.said not in known:
            known[line.said] = voices.speak(line.said).seconds
        return known[line.said]

    return takes


class _Judged:
    """The gate, asked once for the same line as long as nothing of what it depends on has changed."""

    def __init__(self, keeper: Gatekeeper, clock: VirtualClock) -> None:
        self._keeper, self._clock = keeper, clock
        self._known: dict[object, str] = {}

    def judge(self, line: Line) -> None:
        """Raises PassedOver."""
        now = self._clock()
        if line.until is not None and now >= line.until:
            raise PassedOver("it is not true any more")
        key = line.id, line.text, self._keeper.gate.epoch(now)
        if key not in self._known:
            try:
                self._keeper.judged(line)
                self._known[key] = ""
            except PassedOver as refused:
                self._known[key] = str(refused)
        if why := self._known[key]:
            raise PassedOver(why)
