"""One answer, from the question to the lines on their way to the air: worded, with a bridge where it is late."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from datetime import datetime
from functools import partial

from host_engine.audience.airing import Airing, Reply
from host_engine.audience.answer import Answer, Asking
from host_engine.audience.bridges import Bridges
from host_engine.audience.conversations import Conversations
from host_engine.audience.counsel import Counsel
from host_engine.audience.message import Cluster
from host_engine.audience.programme import Programme
from host_engine.audience.spoken import bubble, lines_of, listed
from host_engine.audience.waiting import who
from host_engine.audience.wording import DEADLINES, Deadlines, Sentence, Wording
from host_engine.show.rundown import Line

log = logging.getLogger(__name__)

NEAR = 0.3  # seconds before a border at which an answer that is not ready is bridged
SOON = 1.6  # seconds before it at which a bridge with the viewer's name is made ready
LOOK = 0.04
QUOTED = 4  # words that are a sentence of the catalog


class Replying:
    """Words answers and makes lines of them. What takes long is done on `threads`."""

    def __init__(
        self,
        programme: Programme,
        bridges: Bridges,
        threads: Executor,
        now: Callable[[], datetime],
        sayable: Callable[[str], bool] = lambda language: True,
        deadlines: Deadlines = DEADLINES,
        conversations: Conversations | None = None,
    ) -> None:
        """`sayable`: whether the voices speak a language. `conversations`: what viewers asked before."""
        self.conversations = conversations or Conversations(time.monotonic)
        self._programme, self.bridges, self._threads, self._now = programme, bridges, threads, now
        self._sayable, self._deadlines = sayable, deadlines

    def asking(self, cluster: Cluster, language: str | None = None) -> Asking:
        """The question with all that its answer depends on; in a language, else in that of the question."""
        first, here = cluster.first, self._programme
        product = next((each.product for each in cluster.messages if each.product), None)
        earlier = self.conversations.earlier(who(first), first.text)
        language = language or first.language
        return Asking(first.text, language, cluster.names, here.product, here.next_product, product, earlier)

    async def wording(self, counsel: Counsel, cluster: Cluster) -> tuple[Wording, Answer]:
        """The wording of an answer in a language that the voices speak, and what the templates say in the viewer's.

        What would mix that language with sentences of the catalog, no voice can say.
        """
        asking = self.asking(cluster)
        wording = self.worded(counsel, asking)
        draft = await wording.draft()
        self.conversations.answered(cluster, draft)
        if await self._spoken(draft.language) and not quotes(draft, counsel.show.catalog.language):
            return wording, draft
        spoken = self.worded(counsel, asking._replace(language=counsel.show.catalog.language))
        await spoken.draft()
        return spoken, draft

    async def courtesy(self, counsel: Counsel, cluster: Cluster) -> Answer:
        """What is said to greetings, thanks and follows."""
        language = cluster.first.language or counsel.show.catalog.language
        language = language if await self._spoken(language) else counsel.show.catalog.language
        return await counsel.answers.courtesy(cluster.first.kind, self.asking(cluster, language))

    async def lines(
        self, counsel: Counsel, reply: Reply, sentences: Sequence[Sentence], number: int, show_question: bool = True
    ) -> list[Line]:
        """The lines of some sentences; `number` tells this piece of the answer from the others."""
        asked = bubble(reply.cluster) if show_question else None
        id, segment = f"answer/{reply.id}:{number}", self._programme.segment
        work = partial(lines_of, id, sentences, reply.answer, asked, counsel.show, segment, self._now())
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def say(self, counsel: Counsel, reply: Reply, wording: Wording, airing: Airing) -> None:
        """Have the sentences said as they come, bridged where the first is late; returns when all are worded."""
        airing.open(reply)
        bridging = asyncio.create_task(self._bridged(counsel, reply, airing))
        try:
            number = 1
            async for sentence in self._opened(counsel, reply, wording):
                airing.say(reply, await self.lines(counsel, reply, [sentence], number))
                number += 1
        finally:
            airing.end(reply)
            if reply.first is None:
                bridging.cancel()
        try:  # by `wait`: whoever awaits a task that it has cancelled does not see that it is cancelled itself
            await asyncio.wait({bridging})
        finally:
            bridging.cancel()
        if not bridging.cancelled():
            bridging.result()

    async def _opened(self, counsel: Counsel, reply: Reply, wording: Wording) -> AsyncIterator[Sentence]:
        """The sentences; where several asked, the first says who."""
        first = True
        async for sentence in wording.sentences():
            reply.answer = replace(reply.answer, by=wording.by)
            if first and len(reply.cluster.names) > 1 and not any(n in sentence.text for n in reply.cluster.names):
                phrase = counsel.talk.phrase("names", reply.answer.language)[0]
                yield Sentence(phrase.replace("{names}", listed(reply.cluster.names)))
            first = False
            yield sentence

    async def _bridged(self, counsel: Counsel, reply: Reply, airing: Airing) -> None:
        """Wait until the answer is ready; where a border comes first, say a bridge there."""
        name, language, prepared = next(iter(reply.cluster.names), ""), reply.answer.language, False
        clock = asyncio.get_running_loop().time
        began = clock()
        while not self._ready(reply):
            border = self._programme.border
            idle = self._programme.line is None and clock() - began < NEAR  # nobody waits for a border: it may yet come
            near = border is not None and border <= NEAR and not idle
            if near and await self._bridge(counsel, reply, airing, name):
                return
            if name and not prepared and border is not None and border <= SOON:
                prepared = True
                self.bridges.prepare(counsel.talk, language, name)
            await asyncio.sleep(LOOK)

    async def _bridge(self, counsel: Counsel, reply: Reply, airing: Airing, name: str) -> bool:
        """Say a bridge; whether one is said, or needed no more."""
        phrase = self.bridges.phrase(counsel.talk, reply.answer.language, name)
        if phrase is None:
            return False
        line = (await self.lines(counsel, reply, [Sentence(phrase)], 0))[0]
        return self._ready(reply) or airing.bridge(reply, line)

    async def _spoken(self, language: str) -> bool:
        """Whether the voices speak a language; asked on a thread, as voices may have to be opened."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._sayable, language)

    def _ready(self, reply: Reply) -> bool:
        """Whether nothing more need be waited for: the answer can go on air, or there is none."""
        if reply.first is None:
            return reply.whole
        return reply.first not in reply.waiting and self._programme.prepared(reply.first)

    def worded(self, counsel: Counsel, asking: Asking) -> Wording:
        """The wording of a question."""
        return Wording(counsel, asking, self._threads, self._now, self._deadlines)

    def given(self, counsel: Counsel, answer: Answer) -> Wording:
        """The wording of an answer that is there already: only the gate looks at it."""
        return Wording(
            counsel._replace(writer=None), Asking("", answer.language), self._threads, self._now, answer=answer
        )


def quotes(answer: Answer, language: str) -> bool:
    """Whether an answer in another language than the catalog's repeats sentences of it."""
    if answer.language.split("-")[0] == language.split("-")[0]:
        return False
    said = (each.value for each in answer.evidence if each.field != "title")
    return any(len(text.split()) >= QUOTED and text in answer.text for text in said)
