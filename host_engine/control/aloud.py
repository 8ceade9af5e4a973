"""Questions asked aloud on the page: what a microphone brings goes to the ears, what they understand to the desk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

from host_engine.audience.message import Receipt
from host_engine.audience.transcript import RATE, DeafError, Heard16, Transcript

log = logging.getLogger(__name__)

EARLY = 5 * RATE  # samples that are kept while an ear is being opened
AFTER = 1.0  # seconds after the button was let go in which the last utterance must have come
NOTHING, DEAF, FULL, FAULT = "silence", "deaf", "full", "fault"


class Utterance(Protocol):
    """What somebody said between two pauses."""

    @property
    def samples(self) -> Heard16: ...


class Ear(Protocol):
    """Cuts what one microphone brings into utterances. Its methods return at once."""

    def feed(self, samples: Heard16) -> None: ...
    def release(self) -> None: ...
    def close(self) -> None: ...


class Talker(Protocol):
    """Who speaks."""

    @property
    def viewer(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def language(self) -> str | None: ...


OpenEar = Callable[[Callable[[Any], None]], Ear]  # blocks; what it is given, called with utterances on a thread
Hear = Callable[[Heard16, str, str, str, str | None], Awaitable[tuple[Transcript, Receipt | None]]]
Tell = Callable[[str, str, Receipt | None, str], None]  # viewer, text, receipt, why it is no question


class Aloud:
    """Listens to talks; who spoke is always told what became of it.

    open: opens an ear; raises where there are too many. hear: the desk's. tell: tells the page of the viewer.
    """

    def __init__(self, open: OpenEar, hear: Hear, tell: Tell) -> None:
        self.open, self._hear, self._tell = open, hear, tell
        self._tasks: set[asyncio.Task[None]] = set()

    def __call__(self, talk: Talker) -> Hearing:
        """A viewer begins to speak."""
        hearing = Hearing(self, talk)
        self.start(hearing.run())
        return hearing

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def tell(self, talk: Talker, reason: str) -> None:
        """Say why there is no question."""
        self._tell(talk.viewer, "", None, reason)

    async def understand(self, talk: Talker, samples: Heard16) -> None:
        """One utterance, from its sound to what its viewer is told."""
        try:
            heard, receipt = await self._hear(samples, talk.viewer, talk.name, "page", talk.language)
        except DeafError as error:
            log.info("a viewer was not heard: %s", error)
            return self.tell(talk, DEAF)
        except Exception:
            log.exception("what a viewer said could not be heard")
            return self.tell(talk, FAULT)
        return self._tell(talk.viewer, heard.text, receipt, heard.refused)


class Hearing:
    """One talk, from the press of the button to its last utterance."""

    def __init__(self, aloud: Aloud, talk: Talker) -> None:
        self._aloud, self._talk = aloud, talk
        self._loop = asyncio.get_running_loop()
        self._ear: Ear | None = None
        self._early: list[Heard16] = []
        self._kept, self._heard = 0, 0
        self._over = asyncio.Event()

    def __call__(self, samples: Heard16) -> None:
        """Samples at 16 kHz, as they come."""
        if self._ear is not None:
            self._ear.feed(samples)
        elif self._kept + len(samples) <= EARLY:
            self._early.append(samples)
            self._kept += len(samples)

    def end(self) -> None:
        """The button was let go."""
        self._over.set()

    async def run(self) -> None:
        """Opens the ear, waits for the end, and a little longer for what was said last."""
        try:
            ear = await asyncio.to_thread(self._aloud.open, self._said)
        except Exception as error:
            log.info("a viewer cannot be listened to: %s", error)
            return self._aloud.tell(self._talk, FULL)
        try:
            for each in self._early:
                ear.feed(each)
            self._early.clear()
            self._ear = ear
            await self._over.wait()
            ear.release()
            await asyncio.sleep(AFTER)
        finally:
            ear.close()
        if not self._heard:
            self._aloud.tell(self._talk, NOTHING)
        return None

    def _said(self, utterance: Utterance) -> None:
        """On a thread of the ears."""
        self._loop.call_soon_threadsafe(self._take, utterance.samples)

    def _take(self, samples: Heard16) -> None:
        self._heard += 1
        self._aloud.start(self._aloud.understand(self._talk, samples))
