"""A show with other products: only what touches them is made anew, and nothing is said that has no value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from shop_on_air import TEA, TEA_LINES, write

from host_engine.gate.readings import readings
from host_engine.show.catalog import Product
from host_engine.show.change import NOTHING, WrongChange, changed, changed_product, differences, only, written
from host_engine.show.script import Show, load_show

SALE = "sale_price: 12.00 EUR, sale_price_effective_date: 2026-03-01T00:00Z/2026-04-01T00:00Z, "
NOW = datetime(2026, 3, 9, tzinfo=UTC)


@pytest.fixture
def show(tmp_path: Path) -> Show:
    catalog = TEA.replace("{id: sencha, ", "{id: sencha, " + SALE)
    return load_show(write(tmp_path / "tea", catalog, TEA_LINES))


def test_fields_are_written_as_a_file_writes_them_and_make_the_same_product(show: Show) -> None:
    product = show.catalog.product("sencha")
    fields = written(product)
    assert fields["price"] == "15.00 EUR"
    assert fields["sale_price_effective_date"] == "2026-03-01T00:00:00+00:00/2026-04-01T00:00:00+00:00"
    assert Product.model_validate(fields) == product


def test_a_changed_product_has_the_new_value_and_all_others(show: Show) -> None:
    before = show.catalog.product("sencha")
    made = changed_product(show.catalog, "sencha", {"price": "16.50 EUR", "material": None})
    assert str(made.price) == "16.50 EUR"
    assert made.material is None
    assert set(differences(before, made)) == {"price", "material"}
    assert made.sale_price == before.sale_price


def test_a_sale_that_is_none_any_more_is_over(show: Show) -> None:
    made = changed_product(show.catalog, "sencha", {"price": "11.00 EUR"})
    assert (made.sale_price, made.sale_price_effective_date) == (None, None)
    made = changed_product(show.catalog, "sencha", {"sale_price": None})
    assert made.sale_price_effective_date is None
    with pytest.raises(WrongChange, match="not lower"):
        changed_product(show.catalog, "sencha", {"price": "11.00 EUR", "sale_price": "12.00 EUR"})
    with pytest.raises(WrongChange, match="availability_date"):
        changed_product(show.catalog, "sencha", {"availability": "preorder"})


def test_a_price_leaves_the_rundown_as_it_is(show: Show) -> None:
    made = changed_product(show.catalog, "sencha", {"price": "16.50 EUR"})
    other = changed(show, {"sencha": made}, "v+1")
    assert other.rundown is show.rundown
    assert other.version == "v+1"
    assert other.catalog.product("sencha") is made
    assert other.catalog.product("pot") is show.catalog.product("pot")
    assert show.catalog.product("sencha") is not made
    assert [each.id for each in other.catalog.products] == [each.id for each in show.catalog.products]


def test_lines_that_cannot_be_said_any_more_go_and_those_that_can_stay(show: Show) -> None:
    made = changed_product(show.catalog, "sencha", {"material": None})
    other = changed(show, {"sencha": made}, "v+1")
    texts = [entry.variants[0].parts[0] for entry in other.rundown.entries if entry.segment == "sencha"]
    assert texts == ["This is the {title}.", "It costs {price} at our shop."]


def test_prose_is_filled_in_anew(tmp_path: Path) -> None:
    lines = "segments: [{id: a, product: pot, lines: ['{description}', 'It costs {price}.']}]"
    show = load_show(write(tmp_path / "tea", TEA, lines))
    made = changed_product(show.catalog, "pot", {"description": "A blue pot."})
    other = changed(show, {"pot": made}, "v+1")
    entry, same = other.rundown.entries
    assert entry.id == show.rundown.entries[0].id
    assert other.line(entry, entry.variants[0], 0, 0, NOW).text == "A blue pot."
    assert same == show.rundown.entries[1]


def test_without_a_product_its_segments_go_and_without_any_nothing_is_left(show: Show) -> None:
    other = changed(show, {"pot": None}, "v+1")
    assert not other.catalog.has("pot")
    assert {entry.segment for entry in other.rundown.entries} == {"hello", "sencha", "cup"}
    assert changed(show, {"no such": None}, "v+2").rundown is show.rundown
    lines = "segments: [{id: a, product: pot, lines: [Look.]}]"
    alone = load_show(write(show.catalog.root.parent / "alone", TEA, lines))
    assert changed(alone, {"pot": None}, "v+1").rundown.entries == (NOTHING,)


def test_a_part_of_a_catalog(show: Show) -> None:
    few = only(show.catalog, ["pot", "moon"])
    assert [each.id for each in few.products] == ["pot"]
    assert few.has("pot")
    assert not few.has("sencha")
    assert few.shop == show.catalog.shop


def test_never_and_always_as_shops_write_them_can_be_reckoned_with_in_every_zone(show: Show) -> None:
    far = "0001-01-01T00:00:00+14:00/9999-12-31T23:59:59-12:00"
    sold = changed_product(show.catalog, "sencha", {"sale_price_effective_date": far})
    period = sold.sale_price_effective_date
    assert period is not None
    assert all(each.astimezone(timezone(timedelta(hours=hours))) == each for each in period for hours in (-12, 14))
    assert sold.on_sale(NOW)
    assert {moment for _, moment in readings("{sale_price}", show.catalog, sold, NOW)} == {NOW}
