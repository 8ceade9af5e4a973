"""What an operator has said to a question, instead of the host or after her."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from host_engine.audience.airing import Reply
from host_engine.audience.counsel import Counsel
from host_engine.audience.register import Register
from host_engine.audience.replying import Replying
from host_engine.audience.review import Review
from host_engine.audience.wording import Sentence
from host_engine.gate.verdict import Verdict

LONGEST = 1000  # signs
LAST = 9  # attempt: what an operator wrote is not made anew by templates


class ByHand:
    """Takes a question off the answers that wait, or off the list for the team, once the words passed the gate."""

    def __init__(self, review: Review, register: Register, replying: Replying) -> None:
        self._review, self._register, self._replying = review, register, replying

    async def reply(self, counsel: Counsel, id: str, text: str) -> tuple[Reply, Sequence[Sentence], Verdict]:
        """The answer with its sentences, and what the gate says of them: where it stops one, all stays as it was.

        Raises KeyError where there is no such question, ValueError with a sentence for a text that is none.
        """
        asked = self._asked(id)
        if not any(sign.isalnum() for sign in text) or len(text) > LONGEST:
            raise ValueError(f"Write what is to be said, in at most {LONGEST} characters.")
        reply = Reply(asked.cluster, replace(asked.answer, text=text, by="operator", evidence=()), attempt=LAST)
        wording = self._replying.given(counsel, reply.answer)
        sentences = [each async for each in wording.sentences()]
        if wording.findings:
            return reply, (), Verdict((), tuple(wording.findings))
        self._review.take(id)
        for each in [each for each in self._register.todo if each.cluster.first.id == id]:
            self._register.todo.remove(each)
        return reply, sentences, Verdict(tuple(found for each in sentences for found in each.evidence))

    def _asked(self, id: str) -> Reply:
        """The answer to the question of that id, as it is without these words. Raises KeyError."""
        if held := self._review.find(id):
            return held.reply
        for each in self._register.todo:
            if each.cluster.first.id == id:
                return Reply(each.cluster, each.answer)
        raise KeyError(id)
