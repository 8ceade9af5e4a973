"""A desk on a real playout in virtual time, with scripted answers, gate, model and inbox."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor, Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np

from host_engine.audience.answer import Answer, Asking, WriterError
from host_engine.audience.bridges import Bridges
from host_engine.audience.counsel import Counsel
from host_engine.audience.desk import Desk, Parts
from host_engine.audience.event import Event
from host_engine.audience.in_writing import InWriting
from host_engine.audience.ledger import Ledger
from host_engine.audience.message import Cluster, Kind, Message, Receipt
from host_engine.audience.register import Register
from host_engine.audience.replying import Replying
from host_engine.audience.review import Review, Rules
from host_engine.audience.source import Heard
from host_engine.audience.taking import Filters, Taking
from host_engine.gate.verdict import Finding, Verdict
from host_engine.media import Beat, Face, Format
from host_engine.playout.idle import Idle
from host_engine.playout.lane import Cut, Lane
from host_engine.playout.playout import Playout
from host_engine.playout.report import Report
from host_engine.playout.seen import Seen
from host_engine.show.evidence import Evidence
from host_engine.show.rundown import Line
from host_engine.show.script import Script, Show, load_show
from host_engine.show.utterance import Utterance

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FORMAT = Format(fps=25)
WORD = 8  # frames
CATALOG = """\
name: tea
shop: Leaf
language: en
products:
  - {id: sencha, title: Sencha, description: A green tea., price: 15.00 EUR}
  - {id: pot, title: Pot, description: A pot., price: 40.00 EUR}
"""
RUNDOWN = """\
segments:
  - id: tea
    product: sencha
    lines:
      - This is a tea, green and fresh, that comes from Japan, and it is picked by hand, early in the year.
      - It costs {price} at our shop.
  - id: pot
    product: pot
    lines:
      - And here is a pot, round and brown, which holds enough for four of you, or for one with time.
"""


class Inline(Executor):
    """Does the work at once, so that virtual time stands still for it."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


class ScriptedAnswers:
    """Says the price in force; knows nothing of "moon", fails for "crash"."""

    def __init__(self, show: Show) -> None:
        self.show, self.asked, self.takes = show, list[Asking](), 0.05

    async def answer(self, asking: Asking) -> Answer:
        self.asked.append(asking)
        await asyncio.sleep(self.takes)
        if "crash" in asking.text:
            raise RuntimeError("a fault of the test")
        if "moon" in asking.text:
            return Answer("I will check with the team.", asking.language or "en", "unknown", score=0.1)
        if "human" in asking.text:
            return Answer("I am an AI host.", "en", "human")
        product = asking.product or "sencha"
        price = str(self.show.catalog.product(product).price)
        if "lie" in asking.text:
            price = "3.00 EUR"
        text = f"It costs {price} today. That is all I know of it."
        language = asking.language or "en"
        return Answer(text, language, "price", product, (Evidence(product, "price", price),))

    async def courtesy(self, kind: Kind, asking: Asking) -> Answer:
        return Answer(f"Hello {', '.join(asking.names)}!", "en", kind)

    async def facts(self, asking: Asking) -> tuple[Evidence, ...]:
        return (Evidence("sencha", "price", "15.00 EUR"),)


class ScriptedGate:
    """Only the prices of the catalog pass."""

    def __init__(self, show: Show) -> None:
        self.prices = {str(each.price) for each in show.catalog.products}

    def check(self, text: str, language: str, product: str | None, now: datetime) -> Verdict:
        words = text.split()
        prices = [f"{words[n - 1]} EUR" for n, word in enumerate(words) if word.startswith("EUR")]
        if wrong := [each for each in prices if each not in self.prices]:
            return Verdict((), (Finding("price", wrong[0], f"the catalog does not say {wrong[0]}"),))
        return Verdict(tuple(Evidence(product, "price", each) for each in prices))


class Talk:
    PHRASES: ClassVar = {
        "bridge": ("Good question, {name}!", "Good question!"), "team": ("I will check with the team.",),
        "names": ("{names} ask.",),
    }  # fmt: skip

    def phrase(self, key: str, language: str) -> tuple[str, ...]:
        return self.PHRASES[key]

    def forbids(self, text: str) -> tuple[str, ...]:
        return ("cheap",) if "cheap" in text else ()


class ScriptedModel:
    """Says sentences, each after so many seconds; then raises, if it is to."""

    def __init__(self, *said: str, after: float = 0.1, error: Exception | None = None) -> None:
        self.said, self.after, self.error = said, after, error
        self.closed = 0

    async def sentences(self, asking: Asking, facts: tuple[Evidence, ...], draft: Answer) -> AsyncIterator[str]:
        try:
            for text in self.said:
                await asyncio.sleep(self.after)
                yield text
            if self.error:
                raise self.error
        finally:
            self.closed += 1


class Queue:
    """An inbox that joins equal texts and forgets nothing."""

    def __init__(self) -> None:
        self.waiting: deque[list[Message]] = deque()
        self.done: list[Cluster] = []

    def offer(self, message: Message, on_air: str | None = None) -> Receipt:
        if "often" in message.text:
            return Receipt("", "refused", "rate", "Not so fast.")
        for each in self.waiting:
            if each[0].text == message.text:
                each.append(message)
                return Receipt(message.id, "joined")
        self.waiting.append([message])
        return Receipt(message.id, "taken")

    def next(self, on_air: str | None = None) -> Cluster | None:
        return Cluster(tuple(self.waiting.popleft())) if self.waiting else None

    def answered(self, cluster: Cluster) -> None:
        self.done.append(cluster)

    def dropped(self, cluster: Cluster, reason: str) -> None:
        self.done.append(cluster)

    def renewed(self) -> None:
        pass

    def status(self) -> dict[str, Any]:
        return {"waiting": len(self.waiting)}


class Ruled(NamedTuple):
    reason: str
    text: str
    said: str


def rule(text: str, language: str | None) -> Ruled:
    return Ruled("abuse", text, "Please be kind.") if "idiot" in text else Ruled("", " ".join(text.split()), "")


def kind_of(text: str) -> Kind:
    return "greeting" if text.lower().startswith("hello") else "question"


def shop(folder: Path, catalog: str = CATALOG) -> Show:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "catalog.yaml").write_text(catalog)
    (folder / "rundown.yaml").write_text(RUNDOWN)
    return load_show(folder)


class Stage:
    """The whole way from what a viewer says to what is heard, frame by frame."""

    def __init__(
        self, show: Show, rules: Rules | None = None, model: ScriptedModel | None = None, late: float = 0.1
    ) -> None:
        self.late = late  # seconds that a line takes to be spoken, unless it was spoken ahead
        self.spoken: set[str] = set()
        self.events: list[Event] = []
        self.facts: list[tuple[str, str]] = []
        self.told: list[Utterance] = []
        self.beats: list[Beat] = []
        self.written: list[tuple[str, str]] = []
        self.n = 0
        loop = asyncio.get_running_loop()
        self.script = Script(show, lambda: NOW)
        self.operator = Lane("operator", self.make, cut=Cut.NOW)
        self.answers = Lane("answers", self.make, cut=Cut.PAUSE)
        self.rundown = Lane("rundown", self.make, self.script.next)
        self.playout = Playout([self.operator, self.answers, self.rundown], Idle(FORMAT), 50)
        seen = Seen(self.playout, self.answers, lambda: self.script.show.rundown)
        register = Register(Ledger(lambda kind, text, **more: self.facts.append((kind, text)), loop.time), str)
        taking = Taking(Filters(rule, str.strip, kind_of, str), register.ledger, loop.time, show.catalog.has)
        self.bridges = Bridges(lambda language, text: self.spoken.add(text), Inline())
        replying = Replying(seen, self.bridges, Inline(), lambda: NOW, lambda language: language in ("en", "de"))
        writing = InWriting(seen, replying, lambda message, text: self.written.append((message.viewer.id, text)))
        self.queue, self.gate, self.replies = Queue(), ScriptedGate(show), ScriptedAnswers(show)
        parts = Parts(taking, self.queue, seen, replying, writing, Review(rules or Rules()), register)
        self.desk = Desk(parts, loop.time)
        self.desk.hooks.append(self.events.append)
        self.answers.feed, self.answers.follows = self.desk.airing.feed, self.desk.airing.follows
        self.answers.refused = self.desk.refused
        self.report = Report(self.playout, self.said, lambda: NOW)
        self.report.changed = lambda: self.desk.airing.on_air(self.playout.now.line)
        self.counsel = Counsel(show, self.replies, self.gate, Talk(), model)
        self.running = loop.create_task(self.desk.run())

    def said(self, utterance: Utterance) -> None:
        self.told.append(utterance)
        self.desk.said(utterance)

    async def make(self, line: Line) -> AsyncIterator[Beat]:
        await asyncio.sleep(0.01 if line.text in self.spoken else self.late)
        count = WORD * max(1, len(line.tokens))
        for k in range(count):
            word = k // WORD
            pause = line.tokens[word].shown.endswith(",") and k % WORD in (5, 6)
            yield Beat(
                np.zeros(FORMAT.samples, np.float32), Face(speaking=True), line, word, None, "v", pause, count - 1 - k
            )

    def learn(self, counsel: Counsel | None = None) -> None:
        self.desk.swap(counsel or self.counsel)

    def ask(self, text: str, viewer: str = "Ana", **about: Any) -> Receipt:
        return self.desk.take(Heard(text, viewer, viewer), "page", **about)

    async def play(self, seconds: float) -> list[str]:
        """Let so much of the show pass; the texts of all that was said until now, in order."""
        for _ in range(round(seconds * 25)):
            beat = self.playout.pull()
            self.report.frame(self.n, beat)
            self.beats.append(beat)
            self.n += 1
            await asyncio.sleep(1 / 25)
        return [each.text for each in self.told]

    async def until(self, what: Callable[[], object], seconds: float = 60.0) -> None:
        """Let the show pass until something is so."""
        for _ in range(round(seconds * 25)):
            if what():
                return
            await self.play(1 / 25)
        raise AssertionError("it never was")

    def lines(self, lane: str = "answers") -> list[Line]:
        return [each.line for each in self.told if each.lane == lane]

    async def end(self) -> None:
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)


def fails(*said: str) -> ScriptedModel:
    return ScriptedModel(*said, error=WriterError("the model died"))


def cheaper(counsel: Counsel, show: Show) -> Counsel:
    """The same counsel with another show."""
    return counsel._replace(show=show, answers=ScriptedAnswers(show), judge=ScriptedGate(show))
