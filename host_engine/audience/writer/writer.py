"""A language model words the answers: streamed by sentence, cancelled when it is late, left alone when it is down."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress
from typing import Any, Protocol

from host_engine.audience.answer import Answer, Asking, WriterError
from host_engine.audience.persona.knowledge import Knowledge
from host_engine.audience.writer.beside import Beside
from host_engine.audience.writer.prompt import messages
from host_engine.audience.writer.record import Record
from host_engine.audience.writer.server import Server, ServerDown
from host_engine.audience.writer.wording import Wording
from host_engine.rests import Rests
from host_engine.show.evidence import Evidence

log = logging.getLogger(__name__)

AT_ONCE = 4  # calls; more would only make each of them late
STRIKES = 3  # failures in a row after which a server that can be reached is left alone too
_MODEL = "model"
Put = Callable[[str | WriterError | None], None]


class Wanted(Protocol):
    """Which model, as the channel file's `audience.model` says."""

    @property
    def url(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def key_env(self) -> str | None: ...
    @property
    def first(self) -> float: ...
    @property
    def whole(self) -> float: ...


class Speaker(Protocol):
    """Whose words they are: a Persona, or the one in force."""

    @property
    def name(self) -> str: ...
    @property
    def knowledge(self) -> Knowledge: ...
    def forbids(self, text: str) -> tuple[str, ...]: ...
    def brief(self, language: str) -> str: ...


class _Late(WriterError):
    """Its time is over."""


class OpenAIWriter:
    """Implements `Writer`. Whatever the model's server does, `sentences` ends within `wanted.whole` seconds.

    Calls run on a loop beside that of the tick. A server that is down rests (30 s, doubled up to ten minutes), and is
    then tried by one question at a time; meanwhile WriterError is raised at once, so that no question waits for it.
    """

    def __init__(
        self,
        wanted: Wanted,
        speaker: Speaker,
        environment: Mapping[str, str] = os.environ,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """The key is looked for in the environment, and nowhere else; nothing is imported or opened yet."""
        self._wanted, self._speaker = wanted, speaker
        key = environment.get(wanted.key_env) if wanted.key_env else None
        self._unset = wanted.key_env if wanted.key_env and not key else None
        self._server = Server(wanted.url, wanted.model, key, wanted.key_env, wanted.whole)
        self._beside, self._rests, self._record = Beside("model"), Rests(clock), Record()
        self._running = self._strikes = 0

    def warm(self) -> None:
        """Begin to import the client, so that the first question does not wait for it."""

        async def opened() -> None:
            self._server.open()

        self._beside.run(opened())

    async def sentences(self, asking: Asking, facts: tuple[Evidence, ...], draft: Answer) -> AsyncGenerator[str, None]:
        """The answer in sentences as they come: plain words in `draft.language`. Raises WriterError.

        Sentences that were given before an error stand for themselves; the rest of the answer is missing. Closing the
        generator, or cancelling who waits for it, closes the connection.
        """
        self._admit()
        loop = asyncio.get_running_loop()
        box: asyncio.Queue[str | WriterError | None] = asyncio.Queue()

        def put(item: str | WriterError | None) -> None:
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(box.put_nowait, item)

        began, spoken, done = loop.time(), 0, False
        try:
            job = self._beside.run(self._write(asking, facts, draft, put))
        except RuntimeError:
            raise WriterError("the model is asked no more, as the channel ends") from None
        self._running += 1
        self._record.calls += 1
        try:
            while (said := await self._next(box, began, spoken)) is not None:
                if not spoken:
                    self._record.spoke(loop.time() - began)
                spoken += 1
                yield said
            done = True
            self._well()
        except WriterError as error:
            done = True
            self._fell(error)
            raise
        finally:
            self._running -= 1
            self._record.left += not done
            job.cancel()

    def status(self) -> dict[str, Any]:
        """For /status."""
        return {
            "model": self._wanted.model,
            "at": self._server.where,
            "key": f"{self._unset} is not set" if self._unset else "set" if self._wanted.key_env else "none",
            "resting": self._rests.reasons.get(_MODEL, "") if self._rests.resting(_MODEL) else "",
            "running": self._running,
            **self._record.status(),
        }

    async def aclose(self) -> None:
        """Cancel all calls and close their connections."""
        with suppress(Exception):
            async with asyncio.timeout(1):
                await asyncio.wrap_future(self._beside.run(self._server.close()))
        self._beside.close()

    def _admit(self) -> None:
        """Raises WriterError where the model is not even to be asked."""
        suspect = _MODEL in self._rests.reasons
        why = ""
        if self._unset:
            why = f"the environment variable {self._unset} with the model's key is not set"
        elif self._rests.resting(_MODEL) or (suspect and self._running):
            why = f"the model is left alone for a while: {self._rests.reasons.get(_MODEL, '')}"
        elif self._running >= AT_ONCE:
            why = f"the model is busy with {AT_ONCE} other questions"
        if why:
            self._record.refused += 1
            raise WriterError(why)

    async def _next(self, box: asyncio.Queue[str | WriterError | None], began: float, spoken: int) -> str | None:
        """The next sentence, None after the last. Raises WriterError, also when it is late."""
        seconds = self._wanted.whole if spoken else min(self._wanted.first, self._wanted.whole)
        try:
            async with asyncio.timeout_at(None if box.qsize() else began + seconds):
                item = await box.get()
        except TimeoutError:
            what = "has not finished" if spoken else "has not begun"
            raise _Late(f"the model {what} after {seconds:g} s") from None
        if isinstance(item, WriterError):
            raise item
        return item

    async def _write(self, asking: Asking, facts: tuple[Evidence, ...], draft: Answer, put: Put) -> None:
        """Ask the model and put its sentences, then None or an error. Runs on the loop beside."""
        try:
            async with asyncio.timeout(self._wanted.whole):
                async with aclosing(self._worded(asking, facts, draft)) as said:
                    async for sentence in said:
                        put(sentence)
            put(None)
        except WriterError as error:
            put(error)
        except TimeoutError:
            put(_Late(f"the model has not finished after {self._wanted.whole:g} s"))
        except Exception as error:  # whatever it is, the question gets another answer
            log.exception("The model's answer could not be made")
            put(WriterError(f"the model's answer could not be made ({type(error).__name__})"))

    async def _worded(self, asking: Asking, facts: tuple[Evidence, ...], draft: Answer) -> AsyncGenerator[str, None]:
        told = messages(
            asking,
            facts,
            draft,
            name=self._speaker.name,
            brief=self._speaker.brief(draft.language),
            known=self._speaker.knowledge.find(asking.text[:500]),
        )
        wording, ended = Wording(draft.language, self._speaker.name, self._speaker.forbids), ""
        async with aclosing(self._server.deltas(told)) as answer:
            async for delta in answer:
                for sentence in wording.feed(delta.text):
                    yield sentence
                if delta.ended:
                    ended = delta.ended
                    for sentence in wording.end(ended):
                        yield sentence
                if wording.full:
                    return
        if not ended:
            for sentence in wording.end("stop"):
                yield sentence

    def _well(self) -> None:
        self._record.answered += 1
        self._strikes = 0
        if self._rests.well(_MODEL):
            log.info("The model '%s' answers again", self._wanted.model)

    def _fell(self, error: WriterError) -> None:
        self._record.last_error = str(error)
        self._record.late += isinstance(error, _Late)
        self._record.failed += not isinstance(error, _Late)
        self._strikes += 1
        if isinstance(error, ServerDown) or self._strikes >= STRIKES or _MODEL in self._rests.reasons:
            seconds = self._rests.fell(_MODEL, str(error))
            log.warning("The model is left alone for %.0f s: %s; templates answer", seconds, error)
