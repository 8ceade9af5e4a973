"""A swap that is given up while it is read or made ready: nothing changes, and the next one can begin."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from shop_on_air import ANNA, Shop, shelves
from until import until

from host_engine.access.who import Who
from host_engine.swap import apart
from host_engine.swap.apart import Child
from host_engine.swap.catalogs import NotDone
from host_engine.swap.last_read import LastRead
from host_engine.swap.part import Change
from host_engine.swap.under_way import GivenUp

BOB = Who("bob")


class Held(Executor):
    """Does its work on threads, each piece when it is let go."""

    def __init__(self) -> None:
        self.go, self.pool = threading.Event(), ThreadPoolExecutor(3)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        def held() -> Any:
            assert self.go.wait(60)
            return fn(*args, **kwargs)

        return self.pool.submit(held)


def left_over(folder: Path) -> list[Path]:
    return list(folder.rglob("reading-*"))


async def test_while_it_is_read(tmp_path: Path) -> None:
    shop, threads = Shop(shelves(tmp_path)), Held()
    shop.catalogs._read = LastRead(shop.catalogs._keeping, threads)
    swap = asyncio.ensure_future(shop.catalogs.swap("skin", ANNA))
    await until(lambda: shop.catalogs.status()["under_way"] is not None)
    assert shop.catalogs.status()["under_way"] == {
        "what": "swap", "name": "skin", "border": "sentence", "state": "reading",
    }  # fmt: skip
    shop.catalogs.give_up(BOB)
    with pytest.raises(GivenUp, match="given up, and nothing was changed"):  # while the disk still hangs
        await swap
    assert shop.catalogs.status()["under_way"] is None
    assert ("bob", "give up swap", "done") in shop.audited
    assert ("anna", "swap", "The swap was given up, and nothing was changed.") in shop.audited
    with pytest.raises(NotDone, match="No swap is under way"):
        shop.catalogs.give_up(BOB)
    threads.go.set()
    threads.pool.shutdown()
    assert left_over(tmp_path) == []  # of the copies that were read for it
    assert shop.catalogs.status()["name"] == "tea"


async def test_while_a_part_makes_itself_ready(tmp_path: Path) -> None:
    shop, threads = Shop(shelves(tmp_path)), Held()
    threads.go.set()
    begun, go = threading.Event(), threading.Event()

    class Slow:
        name = "slow"

        def prepare(self, change: Change) -> Callable[[], None]:
            begun.set()
            assert go.wait(60)
            return lambda: pytest.fail("it must not come in force")

    shop.catalogs._threads, shop.catalogs._parts = threads, (Slow(), *shop.catalogs._parts)
    swap = asyncio.ensure_future(shop.catalogs.swap("skin", ANNA, "now"))
    await until(begun.is_set)
    assert shop.catalogs.status()["under_way"]["state"] == "preparing"
    shop.catalogs.give_up(BOB)
    go.set()
    with pytest.raises(GivenUp):
        await swap
    assert shop.catalogs.status()["name"] == "tea"
    threads.pool.shutdown()


def test_the_process_that_reads_ends_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LARGE", 0)
    folder = shelves(tmp_path) / "skin"
    child = Child()
    child.end()  # given up before it has begun
    with pytest.raises(OSError, match="ended too soon"):
        apart.examine(folder, None, folder, child)
    show, problems = apart.examine(folder, None, folder, Child())
    assert (show is not None, problems) == (True, [])
