"""Answers in writing: to whoever asks over HTTP, and back to the chat that a question came from."""

from __future__ import annotations

from collections.abc import Callable

from host_engine.audience.airing import Reply
from host_engine.audience.answer import Answer, Asking
from host_engine.audience.counsel import Counsel
from host_engine.audience.message import Message
from host_engine.audience.programme import Programme
from host_engine.audience.replying import Replying
from host_engine.audience.wording import team
from host_engine.gate.verdict import Verdict
from host_engine.show.evidence import Evidence

MOST = 5  # viewers of one answer who are written to


class InWriting:
    """Only what the gate passes is written, as it is with what is said."""

    def __init__(
        self,
        programme: Programme,
        replying: Replying,
        send: Callable[[Message, str], object] = lambda message, text: None,
    ) -> None:
        """`send`: sends a text to where a message came from; it does not wait."""
        self._programme, self._replying, self._send = programme, replying, send

    async def answer(
        self, counsel: Counsel, text: str, language: str | None, viewer: str = ""
    ) -> tuple[Answer, Verdict]:
        """The answer to a text that the firewall has passed; it may be in a language that no voice speaks. `viewer`:
        who asks, "" where nobody tells; what was asked before is known by it."""
        here, before = self._programme, self._replying.conversations
        key = ("in writing", viewer) if viewer else None
        asking = Asking(text, language, (), here.product, here.next_product, earlier=before.earlier(key, text))
        draft = await self._replying.worded(counsel, asking).draft()
        if key:
            before.note(key, text, draft)
        evidence = await self._passed(counsel, draft)
        if evidence is None:
            return team(counsel, draft.language), Verdict()
        return draft, Verdict(evidence)

    async def send(self, counsel: Counsel, reply: Reply) -> None:
        """Write what is being said to those who asked it first."""
        text = reply.text
        if reply.written is not reply.answer:
            passed = await self._passed(counsel, reply.written)
            text = (reply.written if passed is not None else team(counsel, reply.written.language)).text
        who = {message.viewer.id: message for message in reversed(reply.cluster.messages)}
        for message in list(reversed(who.values()))[:MOST]:
            self._send(message, text)

    async def _passed(self, counsel: Counsel, answer: Answer) -> tuple[Evidence, ...] | None:
        """What backs an answer; None where not all of it passes."""
        wording = self._replying.given(counsel, answer)
        sentences = [each async for each in wording.sentences()]
        return None if wording.findings else tuple(found for each in sentences for found in each.evidence)
