"""The audience of a channel at work: built from its file, joined to what is on air, learnt late and beside the show."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from host_engine.alarms import Alarms
from host_engine.audience.answers.answers import TemplateAnswers
from host_engine.audience.answers.lists import read_ahead
from host_engine.audience.answers.tongue import LANGUAGES, language_of
from host_engine.audience.bridges import Bridges
from host_engine.audience.conversations import Conversations
from host_engine.audience.counsel import Counsel
from host_engine.audience.desk import Desk, Parts
from host_engine.audience.ears.transcriber import TranscriberProcess
from host_engine.audience.firewall.firewall import Firewall
from host_engine.audience.in_writing import InWriting
from host_engine.audience.inbox import Inbox
from host_engine.audience.kinds import kind_of
from host_engine.audience.ledger import Fact, Ledger
from host_engine.audience.likeness import Likeness
from host_engine.audience.meaning import Meaning
from host_engine.audience.message import Message
from host_engine.audience.names import clean_name
from host_engine.audience.persona.in_character import InCharacter
from host_engine.audience.persona.in_force import PersonaInForce
from host_engine.audience.persona.noted import Noted
from host_engine.audience.persona.persona import Persona
from host_engine.audience.personal import redacted
from host_engine.audience.register import Register
from host_engine.audience.replying import Replying
from host_engine.audience.review import Review, Rules
from host_engine.audience.sources.chats import Chats
from host_engine.audience.spoken import pieces
from host_engine.audience.taking import Filters, Taking
from host_engine.audience.wording import Deadlines
from host_engine.audience.writer.writer import OpenAIWriter
from host_engine.channel.audience.names_kept import NamesKept
from host_engine.channel_file.casting import NOBODY
from host_engine.channel_file.config import Channel
from host_engine.gate.verdict import Judge
from host_engine.host.deadline import DaemonThreads
from host_engine.media import Speech
from host_engine.playout.seen import Seen
from host_engine.show.catalog import Catalog
from host_engine.show.script import Show
from host_engine.show.utterance import Utterance
from host_engine.swap.part import Change

if TYPE_CHECKING:
    from host_engine.channel.studio.studio import Studio

log = logging.getLogger(__name__)

SAID = 12  # texts on air of which an echo is known
LATER = 1.0  # seconds that the first frames have the processor to themselves
SLACK = 0.3  # seconds more than a model has by itself
Job = Callable[[], Awaitable[None]]


class AudienceAtWork:
    """One channel's audience. What takes long is learnt by its job, on threads: the show is on air before that, and
    until then questions wait."""

    def __init__(
        self,
        channel: Channel,
        keys: Mapping[str, str],
        studio: Studio,
        fact: Fact,
        alarms: Alarms,
        now: Callable[[], datetime],
    ) -> None:
        """`keys`: as `config.stream_keys` gives them. `fact`: keeps a fact in the as-run log."""
        self._wanted, self._channel, self._studio, self._now = channel.audience, channel, studio, now
        self._threads = DaemonThreads(2, "audience")
        self._meaning = Meaning()  # one for all who ask for it: to read it holds every thread for a frame
        self._said: deque[str] = deque(maxlen=SAID)
        self._products: tuple[str | None, str | None] = (None, None)  # that the host is at, and comes to
        self._answers: TemplateAnswers | None = None
        self._names = NamesKept(self._passes, lambda: studio.gatekeeper.gate)
        self._in_character: InCharacter | None = None  # the same answers, as the host would end them
        self.talk = self._persona()
        studio.gatekeeper.noted = lambda gate: Noted(gate, self.talk)
        self.writer = OpenAIWriter(self._wanted.model, self.talk) if self._wanted.model else None
        self.ears = self._make_ears()
        self.seen = Seen(studio.playout, studio.answers, lambda: studio.script.show.rundown)
        self.chats = self._make_chats(keys, alarms)
        self.desk = self._make_desk(fact)
        lane, airing = studio.answers, self.desk.airing
        lane.feed, lane.follows = airing.feed, airing.follows
        lane.refused = lane.passed_over = self.desk.refused

    @property
    def jobs(self) -> dict[str, Job]:
        """What is to be kept running while the channel is on air."""
        watched = {"persona": self.talk.watch} if isinstance(self.talk, PersonaInForce) else {}
        ears = {"ears": self.ears.run} if self.ears else {}
        return {"audience": self._run, **ears, **watched, **self.chats.jobs}

    def said(self, utterance: Utterance) -> None:
        """A line has gone off the air."""
        self.desk.said(utterance)

    def changed(self) -> None:
        """Something else is on air now."""
        line = self._studio.playout.now.line
        if line is not None:
            self._said += [line.text, line.said]
        self.desk.airing.on_air(line)
        products = self.seen.product, self.seen.next_product
        if self._answers and products != self._products:
            self._products = products
            self._answers.attend([each for each in products if each])

    async def swap(self, show: Show) -> None:
        """Answer from another show's catalog from now on. Takes as long as learning it; the loop is free meanwhile."""
        self.desk.swap(await self._counsel(show))
        if self.ears:
            self.ears.words(show.catalog)

    def prepare(self, change: Change) -> Callable[[], None]:
        """Learn another show's catalog, off the loop; what is given back answers from it at once."""
        answers, show = self._answers, change.show
        if answers is None:  # the first catalog is being learnt: the next one follows then
            return lambda: None
        learnt = answers.prepare(show.catalog, change.products)

        def commit() -> None:
            learnt()
            if self.desk.counsel is None:
                return
            before = self.desk.counsel.show.catalog
            counsel = self.desk.counsel._replace(show=show, judge=self._studio.gatekeeper.judge)
            if change.products is None:
                self.desk.swap(counsel)
            else:
                self.desk.renew(counsel)
            if self.ears and (change.products is None or _called_otherwise(before, show.catalog, change.products)):
                self.ears.words(show.catalog)

        return commit

    def status(self) -> dict[str, Any]:
        """For /status."""
        persona = self.talk.status() if isinstance(self.talk, PersonaInForce) else {"name": self.talk.name}
        return {
            **self.desk.status(),
            "chats": self.chats.status(),
            "persona": persona,
            **({"model": self.writer.status()} if self.writer else {}),
            **({"answers": self._answers.status()} if self._answers else {}),
        }

    async def _run(self) -> None:
        """Learn the catalog, then answer until cancelled."""
        try:
            if self.desk.counsel is None:
                await asyncio.sleep(LATER)
            while not self._up_to_date:
                await self.swap(self._studio.script.show)
            if self.writer:
                self.writer.warm()
            tongues = asyncio.get_running_loop().run_in_executor(self._threads, self._read_tongues)
            await asyncio.gather(self.desk.run(), tongues)
        except asyncio.CancelledError:
            if self.writer:
                await self.writer.aclose()
            raise

    @property
    def _up_to_date(self) -> bool:
        """Whether what is answered from is the catalog in force."""
        counsel = self.desk.counsel
        return counsel is not None and counsel.show.catalog is self._studio.script.show.catalog

    async def _counsel(self, show: Show) -> Counsel:
        """All of a show that answers are made from."""
        loop = asyncio.get_running_loop()
        if self._answers is None:
            self._answers = await loop.run_in_executor(self._threads, self._learn, show)
        elif self._answers.catalog is not show.catalog:
            await self._answers.swap(show.catalog)
        gate = await loop.run_in_executor(self._threads, self._gate, show)
        if self._in_character is None:
            self._in_character = InCharacter(self._answers, self.talk, self._passes)
        return Counsel(show, self._in_character, gate, self.talk, self.writer)

    def _learn(self, show: Show) -> TemplateAnswers:
        folder = self._channel.path(self._channel.cache) / "meaning"
        return TemplateAnswers(show.catalog, self.talk, self._meaning, cache=folder, now=self._now)

    def _gate(self, show: Show) -> Judge:
        """The gate of the channel, for this show, its lists read. Blocks."""
        keeper = self._studio.gatekeeper
        for each in ("This is said to have it ready.", "张伟 pounds."):  # currencies and another script take longest
            keeper.gate.check(each, show.catalog.language, None, self._now())
        return keeper.judge

    def _read_tongues(self) -> None:
        """Read what each other language of answers takes, before a viewer asks in it: some tenths of a second each, in
        which the thread rests as long as it works. Blocks."""
        try:
            for language in LANGUAGES:
                self._passes("This is said to have it ready: 15.00 €.", language)
                pieces("15.00 €", language, {})
        except Exception:  # then the first who asks in it waits for it
            log.exception("the lists of a language could not be read ahead")

    def _name(self, raw: str) -> str:
        """A viewer's name as it may be said; "" for one such as "Sold Out", with which the gate would stop the whole
        answer, and until the gate has read its lists."""
        counsel = self.desk.counsel
        return self._names.name(raw, counsel.show.catalog.language) if counsel else ""

    def _passes(self, text: str, language: str) -> bool:
        return self._studio.gatekeeper.judge.check(text, language, None, self._now()).passed

    def _persona(self) -> Persona | PersonaInForce:
        if self._wanted.persona is None:
            host = self._channel.avatar.host
            return Persona.plain(self._studio.show.catalog.shop if host == NOBODY else host.capitalize())
        return PersonaInForce(self._channel.path(self._wanted.persona), self._meaning.vectors)

    def _make_chats(self, keys: Mapping[str, str], alarms: Alarms) -> Chats:
        if not self._wanted.chats:
            return Chats()
        from host_engine.channel.audience.chat_sources import make_chats  # its libraries take a while to load

        return make_chats(self._channel, keys, lambda heard, name: self.desk.take(heard, name), alarms)

    def _make_ears(self) -> TranscriberProcess | None:
        wanted = self._wanted.ears
        if wanted.use == "none":
            return None
        folder, said = self._channel.path(Path()), self._said
        return TranscriberProcess(wanted.use, wanted.language, folder, lambda: tuple(said), longest=wanted.longest)

    def _make_desk(self, fact: Fact) -> Desk:
        wanted, tongues = self._wanted, self._studio.tongues
        ledger = Ledger(fact, time.monotonic)
        conversations = Conversations(time.monotonic, lambda: self.seen.product)
        filters = Filters(Firewall().rule, self._name, kind_of, redacted)
        taking = Taking(filters, ledger, time.monotonic, self._has, conversations)
        register = Register(ledger, taking.shown)
        kind_of(clean_name("Ana"))  # with the next two: has all lists read now, and not when the first viewer writes
        read_ahead()
        language_of("What does it cost?", "en")
        likeness = Likeness(self._meaning.vectors, DaemonThreads(1, "likeness"))
        register.hooks.append(likeness.heard)
        model = Deadlines(wanted.model.first + SLACK, wanted.model.whole + SLACK) if wanted.model else Deadlines()
        bridges = Bridges(self._speak, self._threads)
        replying = Replying(self.seen, bridges, self._threads, self._now, tongues.sayable, model, conversations)
        review = wanted.review
        rules = Rules(review.mode, review.hold, review.topics, wanted.limits.patience)
        parts = Parts(
            taking,
            Inbox(wanted.limits, time.monotonic, likeness.near, ended=partial(_ended, register)),
            self.seen,
            replying,
            InWriting(self.seen, replying, self._reply),
            Review(rules),
            register,
            self.ears,
        )
        return Desk(parts, time.monotonic)

    def _has(self, product: str) -> bool:
        return self._studio.script.show.catalog.has(product)

    def _reply(self, message: Message, text: str) -> None:
        self.chats.reply(message, text)

    def _speak(self, language: str, text: str) -> Speech:
        """Have a text spoken as the cue of its line will be."""
        catalog = self._studio.script.show.catalog
        own = language.split("-")[0] == catalog.language.split("-")[0]
        said = pieces(text, language, dict(catalog.pronunciations) if own else {})
        return self._studio.tongues.speak(language, " ".join(each.said for each in said if each.said))


def _called_otherwise(before: Catalog, after: Catalog, products: Iterable[str]) -> bool:
    """Whether one of these products has another name, has come or is gone."""
    ids = list(products)
    names = [[each.has(id) and each.product(id).title for id in ids] for each in (before, after)]
    return names[0] != names[1]


def _ended(register: Register, message: Message, how: str, reason: str) -> None:
    """A message of the inbox has ended in its one way."""
    if how == "expired":
        register.expired(message)
