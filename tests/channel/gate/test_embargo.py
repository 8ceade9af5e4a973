"""What is barred, and what of a line on air makes it stale."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shop_on_air import TEA, TEA_LINES, write

from host_engine.channel.catalogs.catalog_air import shown
from host_engine.channel.gate.embargo import Embargo, speaks_of, touches
from host_engine.show.change import changed, changed_product
from host_engine.show.evidence import Evidence
from host_engine.show.rundown import Line, Variant
from host_engine.show.script import Show, load_show, make_card

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def show(tmp_path: Path) -> Show:
    return load_show(write(tmp_path / "tea", TEA, TEA_LINES))


def line(show: Show, segment: str, n: int = 0) -> tuple[Line, Variant]:
    entry = [each for each in show.rundown.entries if each.segment == segment][n]
    return show.line(entry, entry.variants[0], 0, 0, NOW), entry.variants[0]


def test_lines_of_a_barred_product_are_barred_until_it_is_lifted(show: Show) -> None:
    embargo, (sencha, _), (pot, _) = Embargo(), line(show, "sencha"), line(show, "pot")
    assert not embargo.bars(sencha)
    embargo.bar(["sencha", "cup"])
    assert embargo.bars(sencha)
    assert not embargo.bars(pot)
    assert embargo.bars(pot, [Evidence("cup", "price", "9.00 EUR")])
    assert embargo.bars(pot, [Evidence(None, "products", "3")])  # it speaks of the whole catalog
    embargo.lift(["sencha"])
    assert not embargo.bars(sencha)
    assert embargo.barred == {"cup"}


def test_a_recalled_product_is_barred_by_its_name_too(show: Show) -> None:
    embargo, (hello, _) = Embargo(), line(show, "hello")
    embargo.recall("pot", "Clay Pot")
    assert not embargo.bars(hello)
    assert embargo.bars(replace(hello, text="It goes well with our clay pot."))
    assert not embargo.bars(replace(hello, text="It goes well with a pot of clay."))
    embargo.lift(["pot"])
    assert embargo.barred == {"pot"}
    embargo.restore("pot")
    assert not embargo.barred


def test_what_a_line_touches(show: Show) -> None:
    sencha, _ = line(show, "sencha")
    assert touches(sencha) == {"sencha"}
    answer = replace(sencha, product=None, evidence=(Evidence("cup", "price", "9.00 EUR"),))
    assert touches(answer) == {"sencha", "cup"}  # its card is that of the tea


def test_a_line_on_air_is_stale_only_where_it_says_or_shows_what_changes(show: Show) -> None:
    (plain, first), (price, second) = line(show, "sencha"), line(show, "sencha", 1)
    bare, evidence = replace(plain, card=None), [Evidence("sencha", "size", "100 g")]
    assert speaks_of(plain, "sencha", frozenset({"price"}), first)  # on its card
    assert not speaks_of(bare, "sencha", frozenset({"price"}), first)
    assert speaks_of(bare, "sencha", frozenset({"title"}), first)
    assert speaks_of(replace(price, card=None), "sencha", frozenset({"sale_price"}), second)
    assert not speaks_of(plain, "sencha", frozenset({"mpn"}), first)
    assert not speaks_of(plain, "pot", frozenset({"price"}), first)
    assert speaks_of(bare, "sencha", frozenset({"size"}), first, evidence)
    assert speaks_of(bare, "sencha", None, first)
    assert not speaks_of(bare, "pot", None, first)


def test_a_card_is_stale_while_its_product_is_barred_and_when_it_says_something_else(show: Show) -> None:
    embargo = Embargo()
    card = make_card(show.catalog, show.catalog.product("sencha"), NOW)
    assert not embargo.stale(card)
    embargo.bar(["sencha"])
    assert embargo.stale(card)
    made = changed_product(show.catalog, "sencha", {"price": "16.00 EUR"})
    other = changed(show, {"sencha": made}, "v+1")
    embargo.in_force({"sencha": shown(other.catalog, "sencha", NOW)})
    embargo.lift(["sencha"])
    assert embargo.stale(card)
    assert not embargo.stale(make_card(other.catalog, made, NOW))
    embargo.forget()
    assert not embargo.stale(card)
