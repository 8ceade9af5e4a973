"""Whatever changes, and whenever: half a second later no sentence and no card has a price that was another one before.

The real script, gate, embargo, lanes, playout and catalog changes, in virtual time; voice and pictures are scripted.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shop_desk import NOON, ShopDesk, event

from benchmarks.virtual import run
from host_engine.channel.catalogs.catalog_air import CatalogAir
from host_engine.channel.catalogs.catalog_parts import GatePart, ScriptPart
from host_engine.channel.gate.gatekeeping import Gatekeeper
from host_engine.media import Beat, Face, Format, Speech, Word
from host_engine.playout.idle import Idle
from host_engine.playout.lane import Cut, Lane
from host_engine.playout.playout import Playout
from host_engine.playout.prepare import Preparation
from host_engine.show.rundown import Card
from host_engine.show.script import Script
from host_engine.swap.catalogs import NotDone, Swapped
from host_engine.swap.library import Library
from host_engine.swap.opening import open_in_force
from host_engine.swap.products import Products
from host_engine.swap.store import Store

LONGEST = 0.5  # seconds that an old price may still be said and shown
TICK = 0.04
CARD_STAYS = 100  # frames that the last card is seen while nobody speaks
IDS = ("sencha", "assam", "pot")
CATALOG = """\
name: tea
shop: Leaf
language: en
products:
  - {id: sencha, title: Sencha, description: A green tea., price: 500.01 EUR}
  - {id: assam, title: Assam, description: A black tea., price: 500.02 EUR}
  - {id: pot, title: Clay Pot, description: A pot., price: 500.03 EUR}
"""
LINES = """\
  - id: {id}
    product: {id}
    lines:
      - "The {{title}} costs {{price}} today."
      - "A word that names no price at all, but has the card beside it while it is said."
      - "For {{price}} it is yours, and that is what it costs at our shop, today as on any day."
      - {{text: "It is here.", cues: {{show-card: false}}}}
"""


class Told(NamedTuple):
    """An event, so many seconds after the one before."""

    gap: float
    product: str
    type: str


class Voice:
    """Says each word in a third of a second."""

    name, settings = "scripted", ""

    def speak(self, text: str) -> Speech:
        words = text.split()
        said = tuple(Word(word, k / 3, (k + 1) / 3) for k, word in enumerate(words))
        return Speech(text, np.zeros(len(words) * 16_000, np.float32), said, (), self.name)


class Mouth:
    def faces(self, speech: Speech, fps: int) -> list[Face]:
        return [Face(speaking=True)] * (-(-len(speech.samples) * fps // 48_000))


class Truth:
    """What each product's amounts and availability have been, as they were told."""

    def __init__(self) -> None:
        self._known: dict[str, list[tuple[float, frozenset[str]]]] = {
            id: [(0.0, frozenset({f"€500.0{n}", "in stock"}))] for n, id in enumerate(IDS, 1)
        }
        self.price = {id: f"500.0{n}" for n, id in enumerate(IDS, 1)}
        self.sale: dict[str, str | None] = dict.fromkeys(IDS)
        self.there = dict.fromkeys(IDS, True)

    def put(self, product: str, at: float) -> None:
        amounts = {f"€{each}" for each in (self.price[product], self.sale[product]) if each}
        self._known[product].append((at, frozenset({*amounts, "in stock" if self.there[product] else "sold out"})))

    def allowed(self, product: str, at: float) -> frozenset[str]:
        """What may be said and shown at a time: what is so, and what was half a second before."""
        known = self._known[product]
        until = [after[0] for after in known[1:]] + [float("inf")]
        return frozenset().union(*(each for (_, each), end in zip(known, until, strict=True) if end > at - LONGEST))


class OnAir:
    """A show on air in virtual time, with commerce before it."""

    def __init__(self, folder: Path) -> None:
        self.loop = asyncio.get_running_loop()
        (folder / "catalog.yaml").write_text(CATALOG)
        (folder / "rundown.yaml").write_text("segments:\n" + "".join(LINES.format(id=each) for each in IDS))
        opened = open_in_force(Store(folder / "kept"), Library(folder.parent, folder))
        format, show = Format(fps=25), opened.show
        self.script, keeper = Script(show, self.now), Gatekeeper(show, now=self.now)
        preparation = Preparation(Voice(), Mouth(), format)
        preparation.judge = keeper.judged
        rundown = Lane("rundown", preparation.make, self.script.next, fps=25)
        rundown.refused = lambda line: (rundown.clear(), self.script.back(line))
        lanes = [Lane(name, preparation.make, cut=Cut.NOW) for name in ("operator", "answers")]
        self.playout = Playout([*lanes, rundown], Idle(format))
        self.playout.backed = keeper.backed
        self.doubts: Callable[[Card], bool] = lambda card: False
        picture = SimpleNamespace(doubt=lambda stale: setattr(self, "doubts", stale))
        studio: Any = SimpleNamespace(
            show=show, script=self.script, gatekeeper=keeper, playout=self.playout, rundown=rundown, picture=picture,
            operator=lanes[0], answers=lanes[1],
        )  # fmt: skip
        self.air = CatalogAir(studio, None, lambda: self.n, self.now)
        parts = [GatePart(studio, self.air), ScriptPart(studio, self.air)]
        told = lambda what, who, ids, why: Swapped(1, "tea", "v", self.n, what, ids)  # noqa: E731
        threads: Any = Executor()
        self.products = Products(opened, parts, self.air, threads, told, self._save)
        self.n, self.frames = 0, list[tuple[float, Beat, Card | None]]()
        self._card: Card | None = None
        self._card_until = 0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=asyncio.get_running_loop().time())

    @property
    def catalog(self) -> Any:
        return self.script.show.catalog

    async def change(self, *arguments: Any) -> Swapped:
        return await self.products.change(*arguments)

    async def recall(self, *arguments: Any) -> Swapped:
        raise AssertionError("nobody recalls here")

    async def _save(self) -> None:
        """Nothing is kept."""

    def tick(self) -> None:
        """A frame, with the card as the picture keeps it."""
        before = self.playout.now.line
        beat = self.playout.pull()
        if self.playout.now.line is not before:
            self.air.changed()
        if beat.line is not None:
            self._card, self._card_until = beat.line.card, self.n + CARD_STAYS
        elif self.n >= self._card_until:
            self._card = None
        if self._card is not None and self.doubts(self._card):
            self._card = None
        self.frames.append((self.loop.time(), beat, self._card))
        self.n += 1


async def played(folder: Path, events: list[Told]) -> tuple[OnAir, Truth]:
    """A show of some seconds, in which the shop tells all this."""
    on_air, truth = OnAir(folder), Truth()
    desk = ShopDesk(on_air, None)  # type: ignore[arg-type]
    tasks, due = [], 2.0
    moments = [(due := due + each.gap, n, each) for n, each in enumerate(events)]
    while on_air.loop.time() < due + 4:
        while moments and moments[0][0] <= on_air.loop.time():
            _, n, each = moments.pop(0)
            desk.now = on_air.now()
            tasks.append(asyncio.create_task(tell(desk, truth, each, n)))
        on_air.tick()
        await asyncio.sleep(TICK)
    for each in tasks:
        assert each.done()
        each.result()
    return on_air, truth


async def tell(desk: ShopDesk, truth: Truth, told: Told, n: int) -> None:
    """Tell the shop's news, each amount another one; the truth changes as the request comes."""
    product, at = told.product, asyncio.get_running_loop().time()
    fields: dict[str, Any] = {}
    if told.type == "price":
        fields["price"] = f"{100 + n}.01 EUR"
        truth.price[product] = f"{100 + n}.01"
    elif told.type == "sale":
        fields["sale_price"] = f"{10 + n}.02 EUR"
        truth.sale[product] = f"{10 + n}.02"
    elif told.type == "over":
        fields["sale_price"] = truth.sale[product] = None
    else:
        truth.there[product] = told.type == "back_in_stock"
    truth.put(product, at)
    try:
        await desk.commerce.take(event("sale" if told.type == "over" else told.type, product=product, **fields))
    except NotDone as refused:
        raise AssertionError(str(refused)) from refused


def stale(on_air: OnAir, truth: Truth) -> list[str]:
    """What was said or shown that had been otherwise for longer than it may."""
    found = []
    for at, beat, card in on_air.frames:
        if beat.line is not None and beat.line.product:
            said = set(re.findall(r"€\d+\.\d\d", beat.line.text))
            found += [f"{at:.2f}: said {each}" for each in said - truth.allowed(beat.line.product, at)]
        if card is not None:
            shown = {card.price, card.sale_price or card.price, card.availability}
            found += [f"{at:.2f}: shown {each}" for each in shown - truth.allowed(card.product, at)]
    return found


TYPES = ("price", "price", "price", "sale", "over", "sold_out", "back_in_stock")
EVENTS = st.lists(
    st.builds(Told, st.floats(0, 2.5).map(lambda gap: round(gap, 3)), st.sampled_from(IDS), st.sampled_from(TYPES)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(EVENTS, st.floats(0.02, 0.25), st.floats(0.05, 0.6))
def test_no_old_price_is_said_or_shown(events: list[Told], preparing: float, speaking: float) -> None:
    def takes(job: Callable[..., Any]) -> float:
        name = getattr(getattr(job, "func", job), "__name__", "")
        return preparing if name == "_prepared" else speaking if name == "_speak" else 0.0

    with tempfile.TemporaryDirectory() as folder:
        on_air, truth = run(played(Path(folder), events), takes)
    assert stale(on_air, truth) == []
    assert any(beat.line for _, beat, _ in on_air.frames), "somebody speaks"


def test_the_test_would_see_it() -> None:
    """Where nothing is changed on air, each told price is stale."""
    with tempfile.TemporaryDirectory() as folder:

        async def deaf() -> tuple[OnAir, Truth]:
            on_air, truth = OnAir(Path(folder)), Truth()
            truth.price["sencha"] = "100.01"
            truth.put("sencha", 1.0)
            while on_air.loop.time() < 4:
                on_air.tick()
                await asyncio.sleep(TICK)
            return on_air, truth

        assert stale(*run(deaf()))
