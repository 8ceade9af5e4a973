"""Which products somebody may mean; and prices without a currency."""

from __future__ import annotations

from pathlib import Path

import pytest
from shop_on_air import ANNA, TEA, TEA_LINES, Shop, shelves, write
from virtual import run

from host_engine.swap.candidates import MOST, candidates
from host_engine.swap.catalogs import NotDone, WhichOne

MANY = "".join(
    f"- {{id: p{n}, title: 'Öolong {n} tea', description: A tea., price: 15.00 EUR}}\n" for n in range(MOST + 5)
)
MORE = """\
- {id: oo, title: Oolong, description: A tea., price: 15.00 EUR}
- {id: cup2, title: cup, description: A large cup., price: 12.00 EUR}
"""


def shop(folder: Path, more: str = MORE) -> Shop:
    shelves(folder)
    write(folder / "tea", TEA + more, TEA_LINES)
    return Shop(folder)


def test_a_part_of_a_title_recalls_nothing_and_offers_what_fits(tmp_path: Path) -> None:
    async def scene() -> None:
        at = shop(tmp_path, MORE + MANY)
        with pytest.raises(WhichOne, match="One product fits 'clay', and nothing was recalled") as which:
            await at.catalogs.recall("clay", ANNA)
        assert which.value.candidates == ({"id": "pot", "title": "Clay Pot", "price": "40.00 EUR"},)
        with pytest.raises(WhichOne, match=r"2 products fit 'CUP'.*by its id: 'Cup' is cup"):
            await at.catalogs.recall("CUP", ANNA)  # two have this very title
        with pytest.raises(WhichOne) as which:
            await at.catalogs.recall("oolong tea", ANNA)
        assert len(which.value.candidates) == MOST
        for nothing in ("kettle", "  ", "...", "p*"):
            with pytest.raises(NotDone, match="There is no product"):
                await at.catalogs.recall(nothing, ANNA)
        assert at.catalogs.recalled() == []
        assert {each[:2] for each in at.audited} == {("anna", "recall")}

    run(scene())


@pytest.mark.parametrize(("said", "id"), [("oo", "oo"), ("oolong", "oo"), (" Clay  pot ", "pot"), ("cup", "cup")])
def test_an_id_or_a_whole_title_is_enough(tmp_path: Path, said: str, id: str) -> None:
    async def scene() -> None:
        at = shop(tmp_path)
        swapped = await at.do(at.catalogs.recall(said, ANNA))
        assert swapped.products == (id,)
        assert [each["id"] for each in at.catalogs.recalled()] == [id]

    run(scene())


def test_the_likeliest_come_first(tmp_path: Path) -> None:
    products = shop(tmp_path, MORE + MANY).catalogs.show.catalog.products
    found = candidates("oolong", products)
    assert (found.total, found.products[0].id) == (MOST + 6, "oo")
    assert found.meant is found.products[0]
    assert [each.id for each in candidates("up", products).products] == ["cup", "cup2"]  # within a word, too
    assert [each.id for each in candidates("pot cl", products).products] == ["pot"]


@pytest.mark.parametrize(
    ("written", "taken"), [("15.00", "15.00 EUR"), (" 15,5 ", "15.5 EUR"), (15, "15 EUR"), (12.5, "12.5 EUR")]
)
def test_a_price_without_a_currency_is_in_the_only_one(tmp_path: Path, written: object, taken: str) -> None:
    async def scene() -> None:
        at = shop(tmp_path)
        done = await at.do(at.catalogs.change({"pot": {"price": written}}, ANNA))
        assert done.note == f"{str(written).strip()} was taken as {taken}, as that is the catalog's only currency."
        assert str(at.catalogs.show.catalog.product("pot").price) == taken
        done = await at.do(at.catalogs.change({"pot": {"price": "39.00 EUR", "sale_price": None}}, ANNA))
        assert done.note == ""

    run(scene())


@pytest.mark.parametrize("written", ["1.500", "15 00", "-3", "", "1e3", True, None, "٣"])
def test_what_is_no_such_price_stays_refused(tmp_path: Path, written: object) -> None:
    async def scene() -> None:
        at = shop(tmp_path)
        with pytest.raises(NotDone, match="The product 'pot' stays as it is"):
            await at.catalogs.change({"pot": {"price": written}}, ANNA)

    run(scene())


def test_it_is_refused_where_there_are_several_currencies(tmp_path: Path) -> None:
    async def scene() -> None:
        at = shop(tmp_path, "- {id: oo, title: Oolong, description: A tea., price: 15.00 GBP}\n")
        with pytest.raises(NotDone, match=r"'15.00' has no currency, and this catalog has several \(EUR, GBP\)") as no:
            await at.catalogs.change({"pot": {"price": "15.00"}}, ANNA)
        assert no.value.status == 422
        assert str(at.catalogs.show.catalog.product("pot").price) == "40.00 EUR"

    run(scene())
