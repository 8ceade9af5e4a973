"""Each event is taken once, none that is older than what is in force, and each is answered, told and kept."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from scripted_catalogs import ScriptedCatalogs
from shop_desk import NOON, ShopDesk, event
from until import until

from host_engine.swap.catalogs import NotDone

LATER = "2026-11-23T00:00Z"


async def refused(desk: ShopDesk, type: str, **fields: Any) -> tuple[int, str]:
    with pytest.raises(NotDone) as error:
        await desk.take(type, **fields)
    assert desk.rows[-1] == (f"commerce {type}", str(error.value)), "each refusal has its row"
    return error.value.status, str(error.value)


async def test_a_price_is_in_force_told_and_kept() -> None:
    desk = ShopDesk()
    receipt = await desk.take("price", product="sencha", price="12.00 EUR")
    assert (receipt.state, receipt.frame, receipt.products) == ("in_force", 101, ("sencha",))
    assert receipt.detail == "'Sencha': price 12.00 EUR"
    assert str(desk.catalogs.catalog.product("sencha").price) == "12.00 EUR"
    assert desk.rows == [("commerce price", "in_force")]
    assert desk.told[0]["products"] == ["sencha"]
    again = await desk.take("price", product="sencha", price="12.00 EUR")
    assert (again.state, len(desk.catalogs.calls)) == ("unchanged", 1)


async def test_one_that_takes_long_is_answered_before_it_is_in_force() -> None:
    desk = ShopDesk(ScriptedCatalogs(takes=0.5))
    receipt = await desk.take("sold_out", product="sencha")
    assert (receipt.state, len(desk.catalogs.calls)) == ("accepted", 1), "but it is handed over"
    await until(lambda: ("commerce sold_out", "in_force") in desk.rows)
    assert [each.state for each in desk.commerce.receipts] == ["accepted", "in_force"]
    assert desk.commerce.status()["taken"] == {"sold_out": 1}


async def test_one_that_is_refused_later_is_told_and_may_come_again() -> None:
    desk = ShopDesk(ScriptedCatalogs(takes=0.6, refuses=("sencha",)))
    told = event("price", product="sencha", price="12.00 EUR", sequence=5)
    assert (await desk.commerce.take(told)).state == "accepted"
    await until(lambda: ("commerce price", "sencha cannot be changed") in desk.rows)
    desk.catalogs.refuses, desk.catalogs.takes = (), 0.0
    assert (await desk.commerce.take(told)).state == "in_force", "neither its id nor its number is used up"


async def test_the_same_event_twice() -> None:
    desk = ShopDesk()
    told = event("price", product="sencha", price="12.00 EUR")
    await desk.commerce.take(told)
    with pytest.raises(NotDone, match="taken already") as error:
        await desk.commerce.take(told)
    assert error.value.status == 409
    assert len(desk.catalogs.calls) == 1


async def test_out_of_order_by_number_and_by_time() -> None:
    desk = ShopDesk()
    await desk.take("price", product="sencha", price="12.00 EUR", sequence=7)
    status, said = await refused(desk, "price", product="sencha", price="14.00 EUR", sequence=6)
    assert (status, said) == (
        409,
        "It is older than what is known of sencha/price: this is number 6, that is number 7.",
    )
    early = (NOON - timedelta(seconds=30)).isoformat()
    await desk.take("stock", product="sencha", quantity=0)
    assert (await refused(desk, "back_in_stock", product="sencha", at=early))[0] == 409
    await desk.take("price", product="assam", price="12.00 EUR", at=early)
    assert str(desk.catalogs.catalog.product("sencha").price) == "12.00 EUR"
    assert desk.catalogs.catalog.product("sencha").availability == "out_of_stock"


@pytest.mark.parametrize(
    ("status", "type", "fields"),
    [
        (404, "price", {"product": "nothing", "price": "1.00 EUR"}),
        (422, "price", {"product": "sencha", "price": "1.00 USD"}),
        (422, "stock", {"product": "sencha", "quantity": 0, "at": "2026-11-22T13:00Z"}),
        (404, "flash_sale", {"products": ["sencha"], "sale_price": "9.00 EUR", "until": LATER,
                             "segment": "nowhere"}),
        (404, "flash_sale", {"products": ["sencha", "nothing"], "sale_price": "9.00 EUR", "until": LATER}),
        (422, "flash_sale", {"products": ["sencha", "assam"], "sale_price": "12.00 EUR", "until": LATER}),
        (422, "coupon", {"code": "TEA10", "text": "TEA10", "until": "2026-11-22T11:59Z"}),
        (422, "coupon", {"code": "TEA10", "text": "TEA10", "until": "2028-11-22T11:59Z"}),
    ],
)  # fmt: skip
async def test_what_cannot_come_true_changes_nothing(status: int, type: str, fields: dict[str, Any]) -> None:
    desk = ShopDesk()
    assert (await refused(desk, type, **fields))[0] == status
    assert desk.catalogs.calls == []
    assert (desk.said, desk.shown, desk.gone) == ([], [], [])
    assert desk.commerce.status()["refused"] == {str(status): 1}


async def test_a_flash_sale_goes_to_its_segment_when_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("host_engine.commerce.commerce.QUICK", 20.0)  # a machine that is busy takes its time
    desk = ShopDesk()
    end = (NOON + timedelta(hours=1)).isoformat()
    sale = {"products": ["sencha", "pot"], "sale_price": "9.99 EUR", "until": end}
    receipt = await desk.take("flash_sale", segment="green", **sale)
    assert (receipt.state, receipt.products) == ("in_force", ("sencha", "pot"))
    assert desk.catalogs.catalog.product("pot").on_sale(NOON)
    assert desk.catalogs.calls[0].keys() == {"sencha", "pot"}
    await until(lambda: desk.gone == ["green"])
    start = (NOON + timedelta(seconds=0.3)).isoformat()
    await desk.take("flash_sale", segment="black", **{**sale, "sale_price": "8.00 EUR", "from": start})
    assert desk.gone == ["green"]
    await until(lambda: desk.gone == ["green", "black"])


async def test_a_coupon_is_in_the_ticker_and_said_until_its_end() -> None:
    desk = ShopDesk()
    job = asyncio.create_task(desk.commerce.run())
    until_one = (NOON + timedelta(minutes=30)).isoformat()
    receipt = await desk.take("coupon", code="TEA10", text="TEA10 saves 10 %.", until=until_one, every=10)
    assert receipt.state == "on_air"
    assert desk.shown == desk.said == ["TEA10 saves 10 %."]
    assert desk.sayings[0].backs("percentage", "10 %", "TEA10 saves 10 %.")
    assert not desk.sayings[0].backs("percentage", "10 %", "All for 10 % less."), "without its code it is no coupon"
    assert not desk.sayings[0].backs("scarcity", "last chance", "TEA10: last chance")
    await desk.take("coupon", code="QUIET", text="QUIET is a code.", until=until_one, say=False)
    assert desk.shown == ["TEA10 saves 10 %.", "QUIET is a code."]
    desk.later(601)
    desk.commerce._news.set()
    await until(lambda: len(desk.said) == 2)
    await desk.take("coupon_over", code="QUIET")
    assert desk.shown == ["TEA10 saves 10 %."]
    assert (await desk.take("coupon_over", code="QUIET")).state == "unchanged"
    desk.later(1800)
    desk.commerce._news.set()
    await until(lambda: desk.shown == [])
    job.cancel()


async def test_a_coupon_that_the_gate_stops_is_nowhere() -> None:
    desk = ShopDesk()
    desk.wrong = "'last chance': made up"
    status, said = await refused(desk, "coupon", code="TEA10", text="TEA10: last chance!", until="2026-11-23T00:00Z")
    assert status == 422
    assert "may not be said" in said
    assert (desk.shown, desk.said, desk.commerce.plain()["coupons"]) == ([], [], [])


async def test_no_more_coupons_than_can_be_read() -> None:
    desk = ShopDesk()
    for n in range(20):
        await desk.take("coupon", code=f"TEA{n}", text=f"TEA{n}", until="2026-11-23T00:00Z")
    status, said = await refused(desk, "coupon", code="MORE", text="MORE", until="2026-11-23T00:00Z")
    assert (status, "coupon_over" in said) == (409, True)
    await desk.take("coupon", code="TEA3", text="TEA3 again", until="2026-11-23T00:00Z")


async def test_two_hundred_events_at_once_become_few_changes_and_each_is_answered() -> None:
    desk = ShopDesk(ScriptedCatalogs(takes=0.02))
    prices = [f"{20 + n}.00 EUR" for n in range(200)]
    receipts = await asyncio.gather(
        *(desk.take("price", product="sencha", price=each, sequence=n) for n, each in enumerate(prices))
    )
    assert {each.state for each in receipts} <= {"in_force", "accepted"}
    await until(lambda: str(desk.catalogs.catalog.product("sencha").price) == prices[-1])
    assert len(desk.catalogs.calls) < 20
