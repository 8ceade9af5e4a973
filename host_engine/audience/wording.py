"""How one question becomes sentences that may be said: the templates' answer, a model's words, and the gate."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor
from datetime import datetime
from typing import Literal, NamedTuple

from host_engine.audience.answer import Answer, Asking, WriterError
from host_engine.audience.counsel import Counsel
from host_engine.audience.writer.sentences import SentenceCutter
from host_engine.gate.verdict import Finding, Verdict
from host_engine.show.evidence import Evidence

log = logging.getLogger(__name__)

By = Literal["template", "model", "fallback", "operator"]
PATIENCE = 10.0  # seconds that the templates get, which need a few hundredths


class Sentence(NamedTuple):
    """What may be said, and what backs it."""

    text: str
    evidence: tuple[Evidence, ...] = ()


class Deadlines(NamedTuple):
    """Seconds that a model has for its first sentence, and for all of them."""

    first: float = 1.5
    whole: float = 6.0


DEADLINES = Deadlines()


class Wording:
    """The answer to one question. Never raises for anything that a viewer wrote or a model made up.

    `sentences()` gives what the gate has passed, one after another: a model's as they come, with a deadline; where it
    says something wrong, or nothing in time, those of the templates; where these do not pass, that the team is asked.
    """

    def __init__(
        self,
        counsel: Counsel,
        asking: Asking,
        threads: Executor,
        now: Callable[[], datetime],
        deadlines: Deadlines = DEADLINES,
        answer: Answer | None = None,
    ) -> None:
        """`threads` does the gate's work, off the loop. `answer`: what the templates say, where that is known."""
        self.findings: list[Finding] = []
        self.by: By = "template"
        self.trouble = ""  # what kept the model from wording it
        self.answer = answer
        self._counsel, self._asking, self._threads, self._now, self._deadlines = (
            counsel, asking, threads, now, deadlines,
        )  # fmt: skip

    async def draft(self) -> Answer:
        """What the templates say; they are asked once."""
        if self.answer is not None:
            return self.answer
        try:
            async with asyncio.timeout(PATIENCE):
                self.answer = await self._counsel.answers.answer(self._asking)
        except Exception:
            log.exception("a question could not be answered; the team is asked")
            self.answer = self._team()
        return self.answer

    async def sentences(self) -> AsyncIterator[Sentence]:
        """What is said, in order; at least one sentence."""
        draft = await self.draft()
        said = 0
        if self._counsel.writer is not None and draft.kind != "human":  # that she is an AI is nobody's to reword
            async for sentence in self._written(draft):
                self.by = "model"
                said += 1
                yield sentence
            if said and not self.findings and not self.trouble:
                return
        passed = await self._judged(sentences_of(draft.text, draft.language), draft)
        if passed:
            self.by = self.by if said else draft.by
        elif not said:
            self.by = "fallback"
            passed = [Sentence(self._team().text)]
        for sentence in passed:
            yield sentence

    async def _written(self, draft: Answer) -> AsyncIterator[Sentence]:
        """The model's sentences, up to the first that does not pass."""
        assert self._counsel.writer
        loop = asyncio.get_running_loop()
        end = loop.time() + self._deadlines.whole
        limit = min(end, loop.time() + self._deadlines.first)
        words: AsyncIterator[str] | None = None
        try:
            async with asyncio.timeout_at(limit):
                facts = await self._counsel.answers.facts(self._asking)
            words = self._counsel.writer.sentences(self._asking, facts, draft)
            while True:
                async with asyncio.timeout_at(limit):
                    text = await anext(words)
                limit = end
                passed = await self._judged([text], draft)
                if not passed:
                    return
                yield passed[0]
        except StopAsyncIteration:
            pass
        except (WriterError, TimeoutError) as problem:
            self.trouble = str(problem) or "it did not answer in time"
        except Exception as problem:
            log.exception("the model could not word an answer")
            self.trouble = type(problem).__name__
        finally:
            if aclose := getattr(words, "aclose", None):
                await aclose()

    async def _judged(self, texts: Sequence[str], draft: Answer) -> list[Sentence]:
        """The sentences with their evidence, if all of them pass; else none, and the findings are kept."""
        verdicts = await asyncio.get_running_loop().run_in_executor(self._threads, self._verdicts, texts, draft)
        findings = [finding for verdict in verdicts for finding in verdict.findings]
        self.findings += findings
        if findings:
            return []
        return [Sentence(text, verdict.evidence) for text, verdict in zip(texts, verdicts, strict=True)]

    def _verdicts(self, texts: Sequence[str], draft: Answer) -> list[Verdict]:
        return [judged(self._counsel, text, draft.language, draft.product, self._now()) for text in texts]

    def _team(self) -> Answer:
        return team(self._counsel, self._asking.language)


def judged(counsel: Counsel, text: str, language: str, product: str | None, now: datetime) -> Verdict:
    """What the gate says of a sentence, and the persona of its words."""
    verdict = counsel.judge.check(text, language, product, now)
    said = [Finding("never", words, f"this host never says '{words}'") for words in counsel.talk.forbids(text)]
    return Verdict((), (*verdict.findings, *said)) if said else verdict


def team(counsel: Counsel, language: str | None) -> Answer:
    """That the team is asked: what is said where nothing else may be."""
    catalog = counsel.show.catalog
    language = (language or catalog.language).split("-")[0]
    text = counsel.talk.phrase("team", language)[0].replace("{shop}", catalog.shop)
    return Answer(text, language, "unknown", by="fallback", score=0.0)


def sentences_of(text: str, language: str) -> list[str]:
    """The sentences of a text that is whole."""
    cutter = SentenceCutter(language)
    found = [*cutter.feed(text + " "), cutter.end()]
    return [each for each in found if each] or [text]
