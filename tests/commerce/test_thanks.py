"""Thanks are said for real orders only, with figures that were counted, and not too often."""

from __future__ import annotations

from typing import Any

import pytest
from shop_desk import NOON, ShopDesk
from until import until

from host_engine.commerce.thanks import When, duration


async def buy(desk: ShopDesk, *products: str, **fields: Any) -> Any:
    return await desk.take("order", products=[{"product": each} for each in products or ("sencha",)], **fields)


def of(*texts: str, orders: int = 2) -> ShopDesk:
    return ShopDesk(when=When(orders, 600.0, texts))


async def test_a_burst_is_thanked_for_once_and_again_after_the_pause() -> None:
    desk = of("{count} orders in {within}: thank you!")
    await buy(desk)
    assert desk.said == []
    assert (await buy(desk)).state == "counted"
    await until(lambda: desk.said)
    assert desk.said == ["2 orders in 60 seconds: thank you!"]
    assert desk.sayings[0].evidence[0].value == "2 within 60 s"
    await buy(desk)
    desk.later(599)
    await buy(desk)
    await buy(desk)
    assert len(desk.said) == 1
    desk.later(2)
    await buy(desk)
    await until(lambda: len(desk.said) == 2)
    assert desk.said[1] == "3 orders in 60 seconds: thank you!"


async def test_the_rest_of_the_text_is_judged_with_another_number() -> None:
    desk = of("{count} orders, and 87 in the box.")
    await buy(desk)
    await buy(desk)
    await until(lambda: desk.said)
    assert desk.trials == ["64 orders, and 87 in the box."]


async def test_a_product_is_named_where_enough_orders_have_it() -> None:
    desk = of("{count} orders of the {product}: thank you!", "Thank you all, from {shop}!")
    await buy(desk, "assam")
    await buy(desk, "pot")
    await until(lambda: desk.said)
    assert desk.said == ["Thank you all, from The Tea Shop!"]
    desk.later(601)
    for _ in range(2):
        await buy(desk, "assam", "assam")
    await until(lambda: len(desk.said) == 2)
    desk.later(601)
    for _ in range(2):
        await buy(desk, "assam")
    await until(lambda: len(desk.said) == 3)
    assert "2 orders of the Assam: thank you!" in desk.said


async def test_a_name_is_said_with_consent_only() -> None:
    desk = of("Thank you, {name}!", "Thank you!")
    await buy(desk, name="ana", consent=False)
    await buy(desk, name="ben")
    await until(lambda: desk.said)
    assert desk.said == ["Thank you!"]
    desk = of("Thank you, {name}!", "Thank you!")
    await buy(desk, name="ana", consent=True)
    await buy(desk)
    await until(lambda: desk.said)
    assert desk.said == ["Thank you, Ana!"]


async def test_what_the_gate_stops_is_not_said_and_is_told() -> None:
    desk = of("{count} orders: only a few left!")
    desk.wrong = "'only a few left': nobody knows"
    await buy(desk)
    await buy(desk)
    await until(lambda: ("commerce thanks", desk.wrong) in desk.rows)
    assert desk.said == []
    assert desk.commerce.refused[422] == 1


async def test_orders_of_what_the_catalog_does_not_have_count_and_an_old_one_does_not() -> None:
    desk = of("{count} orders of the {product}", "{count} orders")
    await buy(desk, "something else")
    receipt = await buy(desk, "another thing")
    assert (receipt.state, receipt.products) == ("counted", ())
    await until(lambda: desk.said == ["2 orders"])
    old = await buy(desk, at=NOON.replace(hour=11).isoformat())
    assert (old.state, "3600 seconds old" in old.detail) == ("unchanged", True)


@pytest.mark.parametrize(
    ("seconds", "language", "said"),
    [
        (60.0, "en", "60 seconds"),
        (600.0, "de", "10 Minuten"),
        (90.0, "fr", "90 secondes"),
        (3600.0, "es", "60 minutos"),
    ],
)
def test_times_as_people_say_them(seconds: float, language: str, said: str) -> None:
    assert duration(seconds, language) == said
