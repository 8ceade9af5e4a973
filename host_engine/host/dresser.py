"""Puts on a stage what a beat shows: card, caption, countdown, question, video and ticker."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from host_engine.host.canvas import Sprite
from host_engine.host.caption import Caption
from host_engine.host.card import card
from host_engine.host.overlay import countdown, question
from host_engine.host.stage import Stage
from host_engine.host.ticker import Ticker
from host_engine.host.wording import time_left
from host_engine.host.workshop import Workshop
from host_engine.media import Beat
from host_engine.show.rundown import Card, Line

CARD_STAYS = 4.0  # seconds that the last card is seen when the host falls silent
SCROLL = 64  # units of design that the ticker moves in a second

Order = tuple[str, Hashable, Callable[[], Any]]  # place, what is shown there, and how it is made


class Dresser:
    """Has things made ahead in the workshop; what is not ready yet does not change what is seen."""

    def __init__(self, workshop: Workshop, fps: int, now: Callable[[], datetime]) -> None:
        self._workshop, self._fps, self._now = workshop, fps, now
        self.items: tuple[str, ...] = ()  # of the ticker
        self.stale: Callable[[Card], bool] = lambda card: False  # whether what a card says is not so any more
        self._card: Card | None = None
        self._card_until = 0
        self._tickers: dict[str, Ticker] = {}  # scene -> the one it shows

    def ready(self, stage: Stage, line: Line | None) -> bool:
        """Whether all that `line` shows on this stage is made; what is not is ordered."""
        orders = [*(self._orders(stage, line) if line else ()), *self._ticker_order(stage)]
        return all([self._workshop.made((stage.scene.name, *order[:2]), order[2]) for order in orders])

    def dress(self, n: int, stage: Stage, beat: Beat) -> None:
        """Let the stage show what belongs to `beat` from frame `n` on."""
        shown = {name: (key, make) for name, key, make in self._orders(stage, beat.line)} if beat.line else {}
        playing = self._play(n, stage, beat)
        self._show_card(n, stage, beat.line, hidden=playing)
        self._show_countdown(n, stage)
        if "question" in shown:
            self._put(n, stage, "question", *shown["question"])
        else:
            stage.slots["question"].show(n, None, None)
        caption = self._made(stage, "caption", *shown["caption"]) if "caption" in shown else None
        stage.slots["caption"].show(n, beat.line and beat.line.id, caption and caption.at(beat.word))

    def ticker(self, n: int, stage: Stage) -> Sprite | None:
        """The ticker of the stage in frame `n`."""
        for name, key, make in self._ticker_order(stage):
            ready = self._made(stage, name, key, make)
            if ready is not None:
                self._tickers[stage.scene.name] = ready
        running = self._tickers.get(stage.scene.name)
        return running.at(n) if running else None

    def _orders(self, stage: Stage, line: Line) -> Iterator[Order]:
        scene, look = stage.scene, stage.look
        if scene.caption:
            yield "caption", (line.id, line.text), partial(Caption, line, scene.caption, look)
        if scene.card and line.card:
            yield "card", line.card, partial(card, line.card, scene.card, look)
        if scene.question and line.question:
            yield "question", line.question, partial(question, scene.question, line.question, look)

    def _ticker_order(self, stage: Stage) -> Sequence[Order]:
        if stage.scene.ticker is None:
            return ()
        step = max(1, round(SCROLL * stage.look.unit / self._fps))
        return [("ticker", self.items, partial(Ticker, stage.scene.ticker, self.items, stage.look, step))]

    def _made(self, stage: Stage, name: str, key: Hashable, make: Callable[[], Any]) -> Any:
        return self._workshop.get((stage.scene.name, name, key), make)

    def _put(self, n: int, stage: Stage, name: str, key: Hashable, make: Callable[[], Sprite]) -> None:
        """Show it once it is made; until then what is there stays."""
        made = self._workshop.made((stage.scene.name, name, key), make)
        if made is not None:
            stage.slots[name].show(n, key, made.what)

    def _play(self, n: int, stage: Stage, beat: Beat) -> bool:
        """Show the frame of the product video. Returns whether it lies where the card would be."""
        window = stage.window
        if window is None or beat.clip is None:
            stage.slots["clip"].show(n, None, None)
            return False
        stage.slots["clip"].show(n, "clip", window.at(beat.clip))
        return stage.scene.card is not None and window.box.common(stage.scene.card) is not None

    def _show_card(self, n: int, stage: Stage, line: Line | None, hidden: bool) -> None:
        if line is not None:
            self._card, self._card_until = line.card, n + round(CARD_STAYS * self._fps)
        elif n >= self._card_until:
            self._card = None
        if self._card is not None and self.stale(self._card):
            self._card = None
        slot = stage.slots["card"]
        if isinstance(slot.key, Card) and self.stale(slot.key):
            slot.show(n, None, None)
            slot.settle()
        box, shown = stage.scene.card, self._card
        if box is None or shown is None or hidden:
            stage.slots["card"].show(n, None, None)
        else:
            self._put(n, stage, "card", shown, partial(card, shown, box, stage.look))

    def _show_countdown(self, n: int, stage: Stage) -> None:
        box, ends = stage.scene.countdown, self._card.ends if self._card else None
        left = time_left(ends - self._now(), stage.look.language) if ends else ""
        if box is None or not left:
            stage.slots["countdown"].show(n, None, None)
            return
        made = self._made(stage, "countdown", left, partial(countdown, box, left, stage.look))
        if made is not None:
            stage.slots["countdown"].show(n, "countdown", made)
