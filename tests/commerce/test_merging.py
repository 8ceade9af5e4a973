"""A burst becomes few changes, the newest of each product wins, and one that is refused harms no other."""

from __future__ import annotations

import asyncio

import pytest
from scripted_catalogs import ScriptedCatalogs
from until import until

from host_engine.access.who import Who
from host_engine.commerce.merging import AT_ONCE, Merging
from host_engine.swap.catalogs import NotDone

WHO = Who("webhook")


async def test_what_comes_together_is_one_change_and_the_newest_wins() -> None:
    catalogs = ScriptedCatalogs()
    merging = Merging(catalogs.change)
    first = merging.add("sencha", {"price": "14.00 EUR", "availability": "out_of_stock"}, WHO, "a")
    again = merging.add("sencha", {"price": "13.00 EUR"}, WHO, "b")
    other = merging.add("assam", {"price": "12.00 EUR"}, WHO, "c")
    assert merging.coming("sencha") == {"price": "13.00 EUR", "availability": "out_of_stock"}
    assert first is again
    assert (await first).n == (await other).n
    assert catalogs.calls == [
        {"sencha": {"price": "13.00 EUR", "availability": "out_of_stock"}, "assam": {"price": "12.00 EUR"}}
    ]
    await until(lambda: not merging.coming("sencha"))


async def test_two_hundred_in_a_flood_are_few_and_in_their_order() -> None:
    catalogs = ScriptedCatalogs(takes=0.05)
    merging = Merging(catalogs.change)
    waits = []
    for n in range(200):
        waits.append(merging.add("sencha", {"price": f"{100 + n}.00 EUR"}, WHO, str(n)))
        await asyncio.sleep(0.001)
        assert len(merging._tasks) <= AT_ONCE
    await asyncio.wait(waits)
    assert str(catalogs.catalog.product("sencha").price) == "299.00 EUR"
    prices = [float(call["sencha"]["price"].split()[0]) for call in catalogs.calls]
    assert prices == sorted(prices)
    assert len(prices) < 100
    assert merging.merged == 200 - len(set(map(id, waits)))


async def test_one_that_is_refused_harms_no_other() -> None:
    catalogs = ScriptedCatalogs(refuses=("assam",))
    merging = Merging(catalogs.change)
    good = merging.add("sencha", {"price": "14.00 EUR"}, WHO, "a")
    bad = merging.add("assam", {"price": "12.00 EUR"}, WHO, "b")
    with pytest.raises(NotDone, match="assam cannot be changed") as refused:
        await bad
    assert refused.value.status == 422
    assert (await good).products == ("sencha",)
    await until(lambda: not merging.coming("assam"))


async def test_a_fault_is_told_as_one_and_the_next_is_tried() -> None:
    catalogs = ScriptedCatalogs()
    real, catalogs_change = catalogs.change, []

    async def change(*arguments: object) -> object:
        catalogs_change.append(arguments)
        if len(catalogs_change) == 1:
            raise RuntimeError("a fault")
        return await real(*arguments)  # type: ignore[arg-type]

    merging = Merging(change)  # type: ignore[arg-type]
    with pytest.raises(NotDone, match="log") as refused:
        await merging.add("sencha", {"price": "14.00 EUR"}, WHO, "a")
    assert refused.value.status == 500
    await merging.add("sencha", {"price": "14.00 EUR"}, WHO, "b")
