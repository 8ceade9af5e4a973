"""Orders are counted once each, in their time, and a name needs its buyer's consent."""

from __future__ import annotations

from typing import Any

import pytest
from shop_desk import event

from host_engine.commerce.event import Order
from host_engine.commerce.orders import Burst, Orders


def order(**fields: Any) -> Order:
    found = event("order", **{"products": [{"product": "sencha"}], **fields})
    assert isinstance(found, Order)
    return found


def take(orders: Orders, at: float, *products: str, name: str = "", consent: bool = False, **fields: Any) -> str:
    return orders.take(order(consent=consent, **fields), at, at, frozenset(products), name)


def test_within_their_time_by_product_and_with_the_last_name_that_may_be_said() -> None:
    orders = Orders(60.0)
    take(orders, 0.0, "sencha", name="Ana", consent=True)
    take(orders, 30.0, "sencha", "pot", name="Ben")
    take(orders, 59.0, "assam", name="Cem", consent=True)
    assert orders.burst(59.0) == Burst(3, 60.0, None, "Cem")
    assert orders.burst_of_one(59.0) == Burst(2, 60.0, "sencha", "Ana"), "Ben did not agree"
    assert orders.burst(61.0).number == 2
    assert orders.burst(1000.0).number == 0
    assert orders.burst_of_one(1000.0).product is None


def test_an_order_that_comes_twice_or_late_does_not_count() -> None:
    orders = Orders(60.0)
    assert take(orders, 0.0, order="1001") == ""
    assert "already" in take(orders, 1.0, order="1001")
    assert "100 seconds old" in orders.take(order(order="1002"), 0.0, 100.0, frozenset(), "")
    assert orders.total == 1


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("host_engine.commerce.orders.MOST", 20)
    orders = Orders(1e9)
    for n in range(60):
        take(orders, float(n), order=str(n))
    assert orders.burst(60.0).number == len(orders._numbers) == 20
    assert orders.total == 60
