"""1 000 signed price changes at random moments while on air: how long an old price is still said or shown.

A channel in a process of its own, in real time. Each frame that leaves the encoder is noted with the sentence that is
being said and the card that is drawn in it; the page's product, its tray and the answers are asked for half a second
after each change. Stale is what has a price that was another one 500 ms before. The latency of a change is from the
request to the last frame with the old price, 0 where none was seen after it.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import shutil
import sys
import tempfile
import time
from bisect import bisect_right
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np

from benchmarks.kept import Figures, keep
from benchmarks.lines import ROOT
from benchmarks.onair import OnAir
from host_engine.commerce.signatures import SIGNATURE, TIMESTAMP, sign
from host_engine.show.catalog import Catalog, load_catalog
from host_engine.show.money import parse_money

CHANGES, SHORT = 1000, 50
LONGEST = 0.5  # seconds that an old price may still be said and shown
GAP = 0.5  # seconds from one change to the next, on average
ASKED = 5  # every so many changes the host is asked for the price
ON_AIR = 0.4  # share of the changes that are of the product on air
SECRET = "the secret of a benchmark"
LINES = (
    "The {title} costs {price} today.",
    "For {price} the {title} is yours.",
    "This is the {title}. It costs {price}, and there is more of it than one might think.",
)


class Price(NamedTuple):
    """A price from one moment on; `asked` is when the request was begun, in UNIX seconds."""

    asked: float
    shown: str


class Prices:
    """The prices of each product, as they were told to the channel."""

    def __init__(self, catalog: Catalog) -> None:
        self.language = catalog.language
        self._known = {each.id: [Price(0.0, each.price.shown(catalog.language))] for each in catalog.products}

    def put(self, product: str, asked: float, written: str) -> None:
        self._known[product].append(Price(asked, parse_money(written).shown(self.language)))

    def stale(self, product: str, text: str, at: float) -> str:
        """The price in a text that had been another one for longer than it may; "" for none."""
        prices = self._known.get(product, [])
        now = bisect_right([each.asked for each in prices], at - LONGEST) - 1
        return next((each.shown for each in prices[: max(0, now)] if holds(text, each.shown)), "")

    def changes(self) -> list[tuple[str, Price, Price]]:
        """Each change: the product, its price before and after."""
        return [(id, *pair) for id, each in self._known.items() for pair in pairwise(each)]


def holds(text: str, price: str) -> bool:
    return re.search(rf"(?<![\d.,]){re.escape(price)}(?![\d]|[.,]\d)", text) is not None


class Channel:
    """The channel on air, over HTTP."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._http = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)

    def change(self, n: int, product: str, price: str) -> tuple[float, int]:
        """When the request was begun, and its status."""
        body = json.dumps({"id": f"b-{n}", "type": "price", "product": product, "price": price, "sequence": n}).encode()
        asked = time.time()
        signed = {TIMESTAMP: str(int(asked)), SIGNATURE: sign(SECRET, int(asked), body)}
        return asked, self._ask("POST", "/api/commerce", body, signed)[0]

    def get(self, path: str) -> Any:
        return self._ask("GET", path, None, {})[1]

    def answer(self, question: str) -> str:
        status, found = self._ask("POST", "/api/ask", json.dumps({"text": question, "viewer": "Ana"}).encode(), {})
        return str(found.get("answer", "")) if status == 200 else ""

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, Any]:
        self._http.request(method, path, body, {"Content-Type": "application/json", **headers})
        answer = self._http.getresponse()
        return answer.status, json.loads(answer.read() or b"{}")


def run(count: int) -> None:
    os.environ["SHOP_SECRET"] = SECRET
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        catalog = write_catalog(folder / "shop")
        seen = folder / "seen.jsonl"
        wanted = {"prices": str(seen), "seconds": count * GAP * 2 + 300}
        operator = {"commerce": {"secret_env": "SHOP_SECRET"}, "console": False}
        fields = {"catalog": str(folder / "shop"), "voice": {"music": False}, "operator": operator}
        with OnAir(folder, [], wanted, **fields) as on_air:
            time.sleep(15)  # until the catalog is learnt
            began = time.monotonic()
            prices, elsewhere, statuses = tell(Channel(on_air.address), catalog, count)
            ended = time.monotonic()
            time.sleep(2)
            commerce = on_air.status()["operator"]["commerce"]
        late = [value for at, value in on_air.notes["late"] if began <= at <= ended]
        frames = [json.loads(line) for line in seen.read_text().splitlines()]
    assert set(statuses) <= {200, 202}, f"some changes were refused: {statuses}"
    figures = judged(prices, frames) | elsewhere
    figures["late_ms_p99"] = float(np.percentile(late, 99))
    figures["told_in_force"] = statuses.get(200, 0) / count
    figures["catalog_changes"] = commerce["changes"]
    keep("price", figures, changes=count)


def write_catalog(folder: Path) -> Catalog:
    """The demo's products, in a show that names a price in each sentence."""
    shutil.copytree(ROOT / "product_catalogs" / "tea", folder)
    catalog = load_catalog(folder)
    segments = [{"id": each.id, "product": each.id, "lines": list(LINES)} for each in catalog.products]
    (folder / "rundown.yaml").write_text(json.dumps({"segments": segments}))
    return catalog


def tell(channel: Channel, catalog: Catalog, count: int) -> tuple[Prices, Figures, dict[int, int]]:
    """Change prices, and look half a second later at what the page and the answers say."""
    prices, dice = Prices(catalog), random.Random(7)
    elsewhere = {"stale_now": 0.0, "stale_tray": 0.0, "stale_answers": 0.0, "answers_asked": 0.0}
    statuses: dict[int, int] = {}
    due: list[tuple[float, str, bool]] = []  # what is to be looked at, and when
    next_change, told = time.time(), 0
    while told < count or due:
        if told < count and time.time() >= next_change:
            product = choose(channel, catalog, dice)
            currency = catalog.product(product).price.currency
            price = f"{(10_000 + told) / 100:.2f} {currency}"
            told += 1
            asked, status = channel.change(told, product, price)
            prices.put(product, asked, price)
            statuses[status] = statuses.get(status, 0) + 1
            due.append((asked + LONGEST, product, told % ASKED == 0))
            next_change = time.time() + dice.expovariate(1 / GAP)
        elif due and time.time() >= due[0][0]:
            look(channel, catalog, prices, elsewhere, *due.pop(0)[1:])
        else:
            time.sleep(0.002)
    return prices, elsewhere, statuses


def choose(channel: Channel, catalog: Catalog, dice: random.Random) -> str:
    """The product on air, or any."""
    product = channel.get("/api/now").get("product") if dice.random() < ON_AIR else None
    return str(product["id"]) if product else dice.choice(catalog.products).id


def look(channel: Channel, catalog: Catalog, prices: Prices, elsewhere: Figures, product: str, answers: bool) -> None:
    """Count what is stale in what the page shows, in its tray and in an answer."""
    at = time.time()
    if now := channel.get("/api/now").get("product"):
        elsewhere["stale_now"] += bool(prices.stale(now["id"], f"{now['price']} {now['sale_price'] or ''}", at))
    at = time.time()
    for each in channel.get("/api/products")["products"]:
        elsewhere["stale_tray"] += bool(prices.stale(each["id"], f"{each['price']} {each['sale_price'] or ''}", at))
    if answers:
        at = time.time()
        answer = channel.answer(f"how much is the {catalog.product(product).title}?")
        elsewhere["answers_asked"] += bool(answer)
        elsewhere["stale_answers"] += bool(prices.stale(product, answer, at))


def judged(prices: Prices, frames: list[list[Any]]) -> Figures:
    """What of the frames is stale, and until when each old price was said or shown."""
    spans = [(*frame, after[0]) for frame, after in zip(frames, [*frames[1:], frames[-1]], strict=True)]
    stale_said = stale_cards = 0
    for _, _, text, product, card, price, sale, until in spans:
        last = until - 0.04  # the last frame of the span
        stale_said += bool(prices.stale(product, text, last))
        stale_cards += bool(prices.stale(card, f"{price} {sale}", last))
    took = []
    for product, before, after in prices.changes():
        old = [
            until
            for at, _, text, said, card, price, sale, until in spans
            if until > after.asked
            and ((said == product and holds(text, before.shown)) or (card == product and before.shown in (price, sale)))
        ]
        took.append(max(0.0, max(old) - after.asked) * 1000 if old else 0.0)
    touched = [each for each in took if each > 0]
    return {
        "stale_said": stale_said,
        "stale_cards": stale_cards,
        "old_ms_p50": float(np.percentile(touched, 50)) if touched else 0.0,
        "old_ms_p95": float(np.percentile(touched, 95)) if touched else 0.0,
        "old_ms_max": max(took, default=0.0),
        "of_what_was_on_air": len(touched),
        "sentences": len({(frame[1], frame[2]) for frame in frames if frame[2]}),
    }


if __name__ == "__main__":
    run(SHORT if "--short" in sys.argv else CHANGES)
