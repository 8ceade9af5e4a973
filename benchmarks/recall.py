"""Products of a catalog of 10 000 are recalled while they are on air: until each is gone from everything."""

from __future__ import annotations

import sys
import tempfile
import time
import urllib.error
from pathlib import Path
from typing import Any

from benchmarks.kept import keep, spread
from benchmarks.onair import OnAir
from benchmarks.swap import Operator, catalog, late, token_of

PRODUCTS, SHORT = 10_000, 500
WARM = 20.0  # seconds until the catalog is learnt
TIMES, FEW = 20, 4
LOOK = 0.05  # seconds between two looks


def run(products: int, times: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fields: dict[str, Any] = {"catalog": str(catalog(folder / "catalogs" / "big", products))}
        with OnAir(folder, [], {"seconds": 120 + 20 * times}, **fields, operator={"console": False}) as channel:
            operator = Operator(channel.address, token_of(folder))
            channel.wait(lambda: channel.status()["audience"]["state"] == "open", 60)
            time.sleep(WARM)
            began, took, answered = time.monotonic(), [], []
            for _ in range(times):
                id = channel.wait(lambda: channel.status()["on_air"]["product"], 30)
                asked = time.monotonic()
                operator.ask("POST", "/api/recall", {"product": id})
                answered.append(time.monotonic() - asked)
                while any(_there(channel, operator, id)):
                    time.sleep(LOOK)
                took.append(time.monotonic() - asked)
                time.sleep(1)
            ended, status = time.monotonic(), channel.status()
        frames = late(channel.notes["late"], began, ended)
    figures = {
        **spread(took, "gone_s"),
        "gone_s_max": max(took),
        **spread(answered, "answered_s"),
        **spread(frames, "late_ms"),
        "jumps": float(status["clock"]["jumps"]),
    }
    keep("recall", figures, products=products, recalls=times)


def _there(channel: OnAir, operator: Operator, id: str) -> list[bool]:
    """Whether a product is still on air, in the page, in its tray, or in the catalog that lines and answers are of."""
    now = operator.ask("GET", "/api/now")["product"]
    tray = operator.ask("GET", f"/api/products?q={id}")["products"]
    return [
        channel.status()["on_air"]["product"] == id,
        now is not None and now["id"] == id,
        any(each["id"] == id for each in tray),
        _known(operator, id),
    ]


def _known(operator: Operator, id: str) -> bool:
    try:
        operator.ask("GET", f"/api/catalog/products/{id}")
    except urllib.error.HTTPError as refused:
        return refused.code != 404
    return True


if __name__ == "__main__":
    short = "--short" in sys.argv
    run(SHORT if short else PRODUCTS, FEW if short else TIMES)
