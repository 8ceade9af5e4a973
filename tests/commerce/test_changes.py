"""Which fields an event changes, and what the catalog cannot hold."""

from __future__ import annotations

from typing import Any

import pytest
from scripted_catalogs import catalog
from shop_desk import NOON, event

from host_engine.commerce.changes import NO_SALE, fields_of, find
from host_engine.swap.catalogs import NotDone


def fields(type: str, coming: dict[str, Any] | None = None, **given: Any) -> Any:
    told: Any = event(type, **given)
    id = told.products[0] if type == "flash_sale" else told.product
    return fields_of(told, find(catalog(), id), coming or {}, NOON)


def test_a_price_and_the_sale_price_that_it_ends() -> None:
    assert fields("price", product="sencha", price="12.50 EUR") == {"price": "12.50 EUR"}
    assert fields("price", product="sencha", price="15 EUR") == {}, "it is so already"
    assert fields("price", product="assam", price="10.00 EUR") == {"price": "10.00 EUR"}
    assert fields("price", product="assam", price="9.00 EUR") == {"price": "9.00 EUR", "sale_price": None}


def test_a_sale_with_and_without_its_period() -> None:
    period = {"from": "2026-11-23T00:00Z", "until": "2026-11-24T00:00Z"}
    assert fields("sale", product="sencha", sale_price="9.99 EUR", **period) == {
        "sale_price": "9.99 EUR",
        "sale_price_effective_date": "2026-11-23T00:00:00+00:00/2026-11-24T00:00:00+00:00",
    }
    assert fields("sale", product="sencha", sale_price="9.99 EUR") == {"sale_price": "9.99 EUR"}
    assert fields("sale", product="assam", sale_price=None) == {"sale_price": None}
    assert fields("sale", product="sencha", sale_price=None) == {}


def test_stock_is_availability_and_a_preorder_stays_one() -> None:
    assert fields("stock", product="sencha", quantity=0) == {"availability": "out_of_stock"}
    assert fields("stock", product="sencha", quantity=-3) == {"availability": "out_of_stock"}
    assert fields("stock", product="sencha", quantity=5) == {}
    assert fields("stock", product="pot", quantity=5) == {}
    assert fields("stock", product="pot", quantity=0) == {"availability": "out_of_stock"}
    assert fields("sold_out", product="sencha") == {"availability": "out_of_stock"}
    assert fields("back_in_stock", product="sencha", coming={"availability": "out_of_stock"}) == {
        "availability": "in_stock"
    }


def test_what_is_on_its_way_counts_as_so() -> None:
    coming = {"price": "20.00 EUR"}
    assert fields("price", coming, product="sencha", price="20.00 EUR") == {}
    assert fields("sale", coming, product="sencha", sale_price="17.00 EUR") == {"sale_price": "17.00 EUR"}


@pytest.mark.parametrize(
    ("type", "given", "said"),
    [
        ("price", {"price": "12.00 USD"}, "is not in EUR"),
        ("sale", {"sale_price": "15.00 EUR"}, "not lower than the price"),
        ("sale", {"sale_price": "9.00 EUR", "until": "2026-01-01T00:00Z"}, "is past"),
        ("sale", {"sale_price": "9.00 EUR", "from": "2027-01-01T00:00Z"}, "needs an end"),
    ],
)
def test_what_the_catalog_cannot_hold(type: str, given: dict[str, Any], said: str) -> None:
    with pytest.raises(NotDone, match=said) as refused:
        fields(type, product="sencha", **given)
    assert refused.value.status == 422


def test_of_a_recalled_product_news_are_kept_as_they_are() -> None:
    assert find(catalog(), "gone", {"gone"}) is None
    for told, kept in (
        (event("price", product="gone", price="3.00 EUR"), {"price": "3.00 EUR"}),
        (event("sale", product="gone", sale_price=None), NO_SALE),
        (event("sale", product="gone", sale_price="2.00 EUR"), NO_SALE | {"sale_price": "2.00 EUR"}),
        (event("stock", product="gone", quantity=0), {"availability": "out_of_stock"}),
        (event("back_in_stock", product="gone"), {"availability": "in_stock"}),
    ):
        assert fields_of(told, None, {}, NOON) == kept  # type: ignore[arg-type]


def test_no_such_product() -> None:
    with pytest.raises(NotDone, match="no product 'nothing'") as refused:
        find(catalog(), "nothing")
    assert refused.value.status == 404
