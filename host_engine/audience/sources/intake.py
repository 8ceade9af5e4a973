"""What a chat says on its way to the desk: made harmless in size and kind, and a flood of it held back."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Any, get_args

from host_engine.audience.message import Kind
from host_engine.audience.source import Heard

log = logging.getLogger(__name__)

MOST = 500  # messages that wait for the desk
PAUSE = 0.002  # seconds after each: at most 500 a second, and the loop's other work goes first
TEXT, NAME, ID, REPLY = 4000, 200, 200, 1000  # characters that are kept
LATEST = 1e12  # UNIX seconds; beyond that, or nothing to compare, it is no time
KINDS = frozenset(get_args(Kind))


class Intake:
    """Hands on what was heard, in order, in its own time. Full, the oldest is dropped and counted.

    `hand` is called on the loop and may raise: that is logged and counted, and the next one follows.
    """

    def __init__(self, name: str, hand: Callable[[Heard], object], most: int = MOST) -> None:
        self.dropped = self.failed = 0
        self._name, self._hand = name, hand
        self._waiting: deque[Heard] = deque(maxlen=most)
        self._news = asyncio.Event()

    def put(self, heard: Heard) -> None:
        if len(self._waiting) == self._waiting.maxlen:
            if not self.dropped:
                log.warning("chat %s: more is said than can be read; the oldest messages are dropped", self._name)
            self.dropped += 1
        self._waiting.append(heard)
        self._news.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._waiting:
                self._pass_on(self._waiting.popleft())
                await asyncio.sleep(PAUSE)

    def _pass_on(self, heard: Heard) -> None:
        try:
            self._hand(heard)
        except Exception:
            self.failed += 1
            if self.failed == 1:
                log.exception("chat %s: a message could not be handed on", self._name)


def harmless(heard: Any) -> Heard | None:
    """The message cut to a size and of the right kinds, or None where it is none: sources are written by anybody."""
    if not isinstance(heard, Heard) or not isinstance(heard.text, str):
        return None
    if not isinstance(heard.kind, str) or heard.kind not in KINDS:
        return None
    sent = float(heard.sent) if isinstance(heard.sent, int | float) and abs(heard.sent) < LATEST else None
    language = _clean(heard.language, 35) if heard.language else None
    text, name, viewer = _clean(heard.text, TEXT), _clean(heard.viewer_name, NAME), _clean(heard.viewer_id, ID)
    if heard.kind != "question" and not any(sign.isalnum() for sign in text):
        text = heard.kind  # that it happened is all there is to say: the desk refuses what holds no word
    reply_to, id = _clean(heard.reply_to, REPLY), _clean(heard.id, ID)
    return Heard(text, viewer or name, name, heard.kind, heard.buyer is True, language, sent, reply_to, id)


def _clean(text: Any, most: int) -> str:
    """At most so many characters, none of them half a character: those cannot be written anywhere."""
    return str(text)[:most].encode("utf-8", "replace").decode() if text else ""
