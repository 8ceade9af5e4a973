"""The audience's desk: takes what viewers say, has it answered from the catalog, and hands the answers to the air."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Sequence, Set
from dataclasses import replace
from typing import Any

from host_engine.audience.airing import Airing, Reply
from host_engine.audience.answer import Answer
from host_engine.audience.by_hand import ByHand
from host_engine.audience.counsel import Counsel
from host_engine.audience.event import Event
from host_engine.audience.message import Cluster, Receipt
from host_engine.audience.parts import Parts
from host_engine.audience.source import Heard
from host_engine.audience.transcript import DeafError, Heard16, Transcript
from host_engine.audience.wording import Sentence, Wording
from host_engine.gate.verdict import Verdict
from host_engine.show.rundown import Line
from host_engine.show.utterance import Utterance

__all__ = ["Desk", "Parts"]

log = logging.getLogger(__name__)

LOOK = 0.5  # seconds between two looks at an inbox in which nothing new came
ATTEMPTS = 3  # times that a question is answered anew because what was true has changed
OFTEN = 20  # times because a product it is about was changed by the shop meanwhile
READY = 15.0  # seconds that a question in writing waits for the catalog to be learnt


class Desk:
    """Whatever a viewer says ends in exactly one of: refused, for a reason that is counted; answered; vetoed; expired;
    or on the operator's list. `run` answers one question after another; `airing` feeds the answers lane.

    All of its methods belong on the event loop. What takes long is done on threads.
    """

    def __init__(self, parts: Parts, clock: Callable[[], float]) -> None:
        """`clock`: the loop's."""
        self.counsel: Counsel | None = None  # None until the catalog has been learnt: until then questions wait
        self.parts, self.review = parts, parts.review
        self.airing = Airing(parts.programme, self._begun, self._ended, clock)
        self._clock = clock
        self._anew: deque[tuple[Cluster, int]] = deque()  # to be answered again: the how manieth time that is
        self._news, self._learnt = asyncio.Event(), asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._paused = False
        self._swaps = 0

    @property
    def hooks(self) -> list[Callable[[Event], None]]:
        """Told of all that happens between the audience and the host."""
        return self.parts.register.hooks

    @property
    def todo(self) -> list[dict[str, Any]]:
        """What the team is to answer, oldest first."""
        return [each.shown() for each in self.parts.register.todo]

    def take(
        self, heard: Heard, source: str, *, spoken: bool = False, product: str | None = None, viewer_seen: str = ""
    ) -> Receipt:
        """Take what a viewer said. Never waits and never raises. `viewer_seen`: who it is, where that is known better
        than the viewer says."""
        self.parts.register.ledger.counts["heard"] += 1
        message = self.parts.taking.message(heard, source, spoken, product, viewer_seen)
        if isinstance(message, Receipt):
            return message
        receipt = self.parts.inbox.offer(message, self.parts.programme.product)
        if receipt.state == "refused":
            return replace(self.parts.taking.refuse(receipt.reason, receipt.said, message.text), id=message.id)
        self.parts.register.asked(message, receipt)
        self._news.set()
        return receipt

    async def ask(self, text: str, viewer: str, language: str | None = None) -> tuple[Answer, Verdict]:
        """The answer in writing, and what backs it; nothing is said on air. Raises nothing for what a viewer wrote."""
        self.parts.register.ledger.counts["asked in writing"] += 1
        ruling = self.parts.taking.ruling(text, language)
        if isinstance(ruling, Receipt):
            return Answer(ruling.said, language or "en", "refused", by="fallback", score=0.0), Verdict()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(READY):
                await self._learnt.wait()
        if self.counsel is None:
            return Answer("One moment please, the shop is just opening.", "en", "unknown", by="fallback"), Verdict()
        return await self.parts.writing.answer(self.counsel, ruling.text, language, viewer)

    async def hear(
        self, samples16k: Heard16, viewer_id: str, viewer_name: str, source: str, language: str | None = None
    ) -> tuple[Transcript, Receipt | None]:
        """Understand an utterance and take it; no receipt where it is no question. Raises DeafError."""
        if self.parts.ears is None:
            raise DeafError("This channel hears no questions; please ask in writing.")
        heard = await self.parts.ears.hear(samples16k, language)
        if heard.refused:
            self.parts.register.ledger.refused[f"heard: {heard.refused}"] += 1
            return heard, None
        said = Heard(heard.text, viewer_id, viewer_name, language=heard.language or language)
        return heard, self.take(said, source, spoken=True)

    def waiting(self) -> list[dict[str, Any]]:
        """The answers that wait for somebody to look at them."""
        return self.review.status(self._clock())

    def approve(self, id: str) -> bool:
        """Have it said; whether it was waiting."""
        return self.review.approve(id)

    def veto(self, id: str) -> bool:
        """Do not have it said; whether it was waiting."""
        return self.review.veto(id)

    async def by_hand(self, id: str, text: str) -> Verdict:
        """Have the operator's own words said to a question that waits or is on the list, if the gate lets them pass.

        Raises KeyError where there is no such question, ValueError with a sentence for a text that is none.
        """
        if self.counsel is None:
            raise KeyError(id)
        words = ByHand(self.review, self.parts.register, self.parts.replying)
        reply, sentences, verdict = await words.reply(self.counsel, id, text)
        if verdict.passed:
            await self._said_whole(self.counsel, reply, sentences)
        return verdict

    def swap(self, counsel: Counsel) -> None:
        """Another catalog is in force: what is not on air yet is answered anew from it."""
        self.counsel = counsel
        self._swaps += 1
        self._learnt.set()
        for reply in self.airing.waiting:
            self.airing.drop(reply)
            self._again(reply, "the catalog changed")
        self.review.anew()
        self.parts.inbox.renewed()
        self.parts.replying.bridges.prepare(counsel.talk, counsel.show.catalog.language)
        self._news.set()

    def renew(self, counsel: Counsel) -> None:
        """The same catalog, in which some products are others: what was said of them has been withdrawn already."""
        self.counsel = counsel
        self.parts.inbox.renewed()
        self._news.set()

    def withdraw(self, products: Set[str]) -> None:
        """Say nothing more of these products: what is to be said of them is made anew, when `pause` is over."""
        for reply in self.airing.all:
            if _about(reply.answer, products):
                self.airing.drop(reply)
                self._again(reply, "what was true has changed", OFTEN)
        self.review.anew(lambda reply: _about(reply.answer, products))

    def pause(self, on: bool) -> None:
        """Begin no answer, as what is known is being changed; or go on."""
        self._paused = on
        self._news.set()

    def refused(self, line: Line) -> None:
        """A line of an answer was not backed any more when its turn on air came: the answer is made anew."""
        if reply := self.airing.of(line):
            self.airing.drop(reply)
            self._again(reply, "what was true has changed")

    def said(self, utterance: Utterance) -> None:
        """A line has gone off the air."""
        self.airing.said(utterance)
        self._news.set()

    async def run(self) -> None:
        """Answer what comes, until cancelled."""
        try:
            await self._learnt.wait()
            while True:
                self.parts.register.ledger.sum_up()
                if not self._paused and self.airing.room and await self._answered_one():
                    continue
                self._news.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK):
                        await self._news.wait()
        finally:
            for task in self._tasks:
                task.cancel()

    def status(self) -> dict[str, Any]:
        """For /status, which anybody may read: no more of what waits than how much it is."""
        parts = self.parts
        return {
            "state": "open" if self.counsel else "learning the catalog",
            **parts.register.ledger.status(),
            "inbox": parts.inbox.status(),
            "waiting": len(self.waiting()),
            "todo": len(self.todo),
            "ears": parts.ears.status() if parts.ears else None,
        }

    async def _answered_one(self) -> bool:
        """Answer the next question; whether there was one."""
        if self._anew:
            cluster, attempt = self._anew.popleft()
        elif found := self.parts.inbox.next(self.parts.programme.product):
            cluster, attempt = found, 1
        else:
            return False
        try:
            await self._answer(cluster, attempt)
        except Exception:
            log.exception("a question could not be answered")
            self.parts.register.ledger.counts["failed"] += 1
            self.parts.inbox.dropped(cluster, "fault")
        return True

    async def _answer(self, cluster: Cluster, attempt: int) -> None:
        counsel, replying, swaps = self.counsel, self.parts.replying, self._swaps
        assert counsel
        if cluster.first.kind != "question":
            answer = await replying.courtesy(counsel, cluster)
            sentences = [each async for each in replying.given(counsel, answer).sentences()]
            return await self._said_whole(counsel, Reply(cluster, answer, attempt=attempt), sentences)
        wording, written = await replying.wording(counsel, cluster)
        reply = Reply(cluster, await wording.draft(), written, attempt)
        if self.review.rules.of(reply.answer.kind) == "auto":
            await replying.say(counsel, reply, wording, self.airing)
            self.parts.register.worded(reply, wording)
        else:
            self._work(self._reviewed(counsel, reply, wording, swaps))
        return None

    async def _reviewed(self, counsel: Counsel, reply: Reply, wording: Wording, swaps: int) -> None:
        """Word it whole, wait for whoever looks at it, and have it said if it may be."""
        sentences = [each async for each in wording.sentences()]
        text = " ".join(each.text for each in sentences)
        self.parts.register.waits(reply, text)
        fate = await self.review.passed(reply, text)
        if fate == "said" and swaps == self._swaps:
            await self._said_whole(counsel, reply, sentences)
            self.parts.register.worded(reply, wording)
        elif fate in ("said", "anew"):
            self._again(reply, "the catalog changed")
        elif fate in ("vetoed", "expired"):
            self.parts.register.fell(fate, reply, text)
            self.parts.inbox.dropped(reply.cluster, fate)

    async def _said_whole(self, counsel: Counsel, reply: Reply, sentences: Sequence[Sentence]) -> None:
        """Have an answer said of which all sentences are there."""
        asked = reply.cluster.first.kind == "question"
        lines = await self.parts.replying.lines(counsel, reply, sentences, 1, asked)
        self.airing.open(reply)
        self.airing.say(reply, lines)
        self.airing.end(reply)

    def _begun(self, reply: Reply) -> None:
        """An answer has come on air."""
        self.parts.inbox.answered(reply.cluster)
        self.parts.register.begun(reply)
        if self.counsel and reply.cluster.first.kind == "question":
            self._work(self.parts.writing.send(self.counsel, reply))

    def _ended(self, reply: Reply) -> None:
        """All of an answer has been said, or never will be."""
        if reply.begun is None:
            self.parts.inbox.dropped(reply.cluster, "not said")
        self.parts.register.ended(reply)

    def _again(self, reply: Reply, why: str, most: int = ATTEMPTS) -> None:
        """Answer it anew, unless that has been tried often enough."""
        attempt = int(reply.id.partition("~")[2] or 1) + 1
        self.parts.register.ledger.counts["made anew"] += 1
        if attempt > most:
            self.parts.register.given_up(reply, why)
            self.parts.inbox.dropped(reply.cluster, "changed")
            return
        self._anew.append((reply.cluster, attempt))
        self._news.set()

    def _work(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it beside the loop of `run`; what it raises is logged."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("a question could not be answered", exc_info=error)
            self.parts.register.ledger.counts["failed"] += 1


def _about(answer: Answer, products: Set[str]) -> bool:
    """Whether an answer speaks of one of these products, or shows its card."""
    return answer.product in products or any(each.product in products for each in answer.evidence)
