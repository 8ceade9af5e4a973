"""The script hands out true lines for ever: prices of the moment, cards, parts, and a swap in the middle."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from host_engine.document import Problems
from host_engine.show.rundown import Basis, Line, Place, Token
from host_engine.show.script import Script, load_show

SALE, LATER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
Shop = Callable[..., Path]


def texts(script: Script, count: int) -> list[str]:
    return [script.next().text for _ in range(count)]


def test_a_round_during_the_sale_and_one_after_it(shop: Shop) -> None:
    now = SALE
    script = Script(load_show(shop()), lambda: now)
    assert texts(script, 5)[2:] == [
        "Only €12.00 instead of €15.00.", "It costs €12.00.", "Look at the pot for €40.00.",
    ]  # fmt: skip
    now = LATER
    assert texts(script, 4)[2:] == ["It costs €15.00.", "Look at the pot for €40.00."]


def test_rounds_differ(shop: Shop) -> None:
    script = Script(load_show(shop()), lambda: LATER)
    rounds = [texts(script, 4) for _ in range(4)]
    assert {rounds[0][1], rounds[1][1]} == {"Here is Sencha.", "Now comes Sencha."}
    assert rounds[0] == rounds[2] != rounds[1] == rounds[3]


def test_a_line_brings_its_card_cues_and_words(shop: Shop) -> None:
    folder = shop()
    script = Script(load_show(folder), lambda: SALE)
    hello, _, sale = (script.next() for _ in range(3))
    assert (hello.card, hello.product, hello.segment) == (None, None, "hello")
    assert sale.tokens[:2] == (Token("Only", "Only"), Token("€12.00", "twelve euros"))
    assert sale.said == "Only twelve euros instead of fifteen euros."
    card = sale.card
    assert card is not None
    assert (card.title, card.price, card.sale_price, card.saving) == ("Sencha", "€15.00", "€12.00", "-20%")
    assert (card.picture, card.ends) == (folder / "sencha.png", datetime(2026, 2, 1, tzinfo=UTC))
    assert card.availability == "in stock"


def test_the_card_can_be_hidden(shop: Shop) -> None:
    script = Script(load_show(shop(("gesture: point", "gesture: point, show-card: false"))))
    lines = [script.next() for _ in range(3)]
    assert (lines[1].gesture, lines[1].card) == ("point", None)
    assert lines[2].card is not None


def test_a_long_text_comes_in_parts_with_ids_of_their_own(shop: Shop) -> None:
    long = "This pot is made of clay from the hills, and it is fired for three whole days. " * 3
    script = Script(load_show(shop(("A small pot.", long), ("Look at the pot for {price}.", '"{description}"'))))
    pot = [line for line in (script.next() for _ in range(20)) if line.segment == "pot"][:3]
    assert len({line.id for line in pot}) == 3
    assert " ".join(line.text for line in pot) == long.strip()


def test_a_swap_goes_on_after_the_line_on_air_with_the_new_price(shop: Shop) -> None:
    script = Script(load_show(shop()), lambda: LATER)
    on_air, prepared = [script.next() for _ in range(2)][1], script.next()
    script.swap(load_show(shop(("price: 15.00 EUR", "price: 16.00 EUR"))), on_air)
    again = script.next()
    assert (again.id, again.text, prepared.text) == (prepared.id, "It costs €16.00.", "It costs €15.00.")


def test_a_swap_in_the_middle_of_a_long_line_says_its_end(shop: Shop) -> None:
    long = ("A small pot.", "This pot is made of clay from the hills, and it is fired for three whole days. " * 3)
    changes = (long, ("Look at the pot for {price}.", '"{description}"'))
    script = Script(load_show(shop(*changes)), lambda: LATER)
    line: Line = script.next()
    while line.segment != "pot":
        line = script.next()
    script.next()
    script.swap(load_show(shop(*changes, ("Welcome", "Hello"))), line)
    assert script.next().id == f"{line.id}:1"


LONG = (
    ("A small pot.", "This pot is made of clay from the hills, and it is fired for three whole days. " * 3),
    ("Look at the pot for {price}.", '"{description}"'),
)


@pytest.mark.parametrize("said", range(1, 16))
def test_another_process_says_the_cut_line_anew_and_goes_on(shop: Shop, said: int) -> None:
    show = load_show(shop(*LONG))
    script = Script(show, lambda: SALE)
    cut = [script.next() for _ in range(said)][-1]
    place = Place(*json.loads(json.dumps(cut.place)))
    again = Script(show, lambda: SALE)
    again.resume(place)
    after = Script(show, lambda: SALE)
    after.resume(place._replace(said=True))
    assert again.next() == cut
    for _ in range(12):
        line = script.next()
        assert (line, line.place) == (found := again.next(), found.place) == (found := after.next(), found.place)


@pytest.mark.parametrize("said", range(1, 9))
@pytest.mark.parametrize(
    "edit",
    [
        ("Only {sale_price} instead of {regular_price}.", "It is cheap."),
        ("      - It costs {price}.\n", ""),
        ("  - id: hello\n    lines:\n      - Welcome to {shop}!\n", ""),
        ("- Welcome to {shop}!", "- One.\n      - Two."),
        ('"Here is {title}.", "Now comes {title}."', '"It is {title}."'),
    ],
)
def test_in_an_edited_rundown_it_goes_on_as_after_a_swap(shop: Shop, said: int, edit: tuple[str, str]) -> None:
    old = load_show(shop(*LONG))
    script = Script(old, lambda: SALE)
    last = [script.next() for _ in range(said)][-1]
    new = load_show(shop(*LONG, edit))
    script.swap(new, last)
    anew = Script(new, lambda: SALE)
    assert last.place is not None
    anew.resume(last.place._replace(said=True), old.rundown.outline)
    for _ in range(12):
        assert anew.next() == script.next()


def test_a_cut_line_that_is_no_longer_true_or_was_written_anew_is_begun_anew(shop: Shop) -> None:
    script = Script(load_show(shop()), lambda: SALE)
    sale = [script.next() for _ in range(3)][-1]
    later = Script(load_show(shop()), lambda: LATER)
    assert sale.place is not None
    later.resume(sale.place)
    assert later.next().text == "It costs €15.00."
    edited = Script(load_show(shop(("Only {sale_price} instead", "Just {sale_price} instead"))), lambda: SALE)
    edited.resume(sale.place)
    assert edited.next().text == "Just €12.00 instead of €15.00."


def test_a_place_in_a_show_that_is_wholly_another_is_no_trouble(shop: Shop) -> None:
    script = Script(load_show(shop()))
    script.resume(Place("gone/1", 7, 99, 99, 1), ("gone/0", "gone/1"))
    assert script.next().text == "Welcome to Leaf & Kettle!"
    script.resume(Place("hello/nothing", 7, 99, 99, 1, said=True))
    assert script.next().text == "Welcome to Leaf & Kettle!"


def test_a_line_brings_what_backs_it(shop: Shop) -> None:
    folder = shop()
    lines = [line for script in [Script(load_show(folder), lambda: SALE)] for line in (script.next() for _ in range(5))]
    version = hashlib.sha256((folder / "catalog.yaml").read_bytes()).hexdigest()[:12]
    assert lines[0].basis == Basis("tea", version)
    assert lines[2].basis == Basis("tea", version, "15.00 EUR", "12.00 EUR")
    assert lines[4].basis == Basis("tea", version, "40.00 EUR")


def test_before_anything_is_said_a_swap_begins_at_the_start(shop: Shop) -> None:
    script = Script(load_show(shop()))
    script.swap(load_show(shop(("Welcome", "Hello"))), None)
    assert script.next().text == "Hello to Leaf & Kettle!"


def test_the_ticker_is_filled(shop: Shop) -> None:
    assert load_show(shop()).ticker == ("Leaf & Kettle: We ship within two days.",)


def test_a_faulty_show_is_refused_with_all_its_problems(shop: Shop) -> None:
    with pytest.raises(Problems) as caught:
        load_show(shop(("price: 40.00 EUR", "price: 40"), ("{shop}!", "{shopp}!")))
    assert len(caught.value.problems) == 2
