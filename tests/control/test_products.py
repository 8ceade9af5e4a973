"""The tray's products: in pages, found by words, as the catalog in force has them."""

from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from host_engine.control.api import make_app
from host_engine.control.now import Now
from host_engine.control.products import Shelf
from host_engine.show.catalog import Catalog, Product
from host_engine.show.money import Money

ROOT = Path(__file__).parents[2]


def product(n: int, **fields: Any) -> dict[str, Any]:
    return {"id": f"p{n}", "title": f"Cup number {n}", "description": "A cup.", "price": "15.00 EUR"} | fields


def catalog(products: list[dict[str, Any]], folder: Path = Path(".")) -> Catalog:
    fields = {"name": "cups", "shop": "Cups", "language": "de", "products": products}
    return Catalog.model_validate(fields, context={"folder": folder})


class Shop:
    def __init__(self, now: Catalog) -> None:
        self.catalog = now
        whep: Any = None
        shelf = Shelf(lambda: self.catalog)
        self.app = make_app(dict, lambda: True, lambda: [b""], whep, lambda: Now("Cups"), shelf=shelf)
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://channel")

    async def ask(self, **query: Any) -> dict[str, Any]:
        answer = await self.http.get("/api/products", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
async def open_shop() -> AsyncIterator[Callable[[Catalog], Shop]]:
    shops: list[Shop] = []

    def make(now: Catalog) -> Shop:
        shops.append(Shop(now))
        return shops[-1]

    yield make
    for each in shops:
        await each.http.aclose()


async def test_a_product_is_told_as_shoppers_see_it(open_shop, tmp_path: Path) -> None:
    picture = (ROOT / "product_catalogs/tea/pictures/logo.png").read_bytes()
    (tmp_path / "cup.png").write_bytes(picture)
    sale = {"sale_price": "12.00 EUR", "image_link": "cup.png", "link": "https://shop.example/cup", "brand": "Lume"}
    shop = open_shop(catalog([product(1, **sale), product(2, availability="out_of_stock")], tmp_path))
    page = await shop.ask()
    cup, other = page["products"]
    assert (cup["price"], cup["sale_price"], cup["saving"]) == ("15,00 €", "12,00 €", "-20\xa0%")
    assert (cup["id"], cup["brand"], cup["link"]) == ("p1", "Lume", "https://shop.example/cup")
    assert (await shop.http.get(cup["picture"])).content == picture
    assert (other["availability"], other["picture"], other["sale_price"]) == ("out_of_stock", None, None)
    assert (page["total"], page["next"]) == (2, None)


async def test_ten_thousand_products_come_in_pages_and_are_found(open_shop) -> None:
    shop = open_shop(catalog([product(n, color="Rot" if n % 100 == 7 else None) for n in range(10_000)]))
    first = await shop.ask()
    assert (first["total"], first["next"], len(first["products"])) == (10_000, 50, 50)
    last = await shop.ask(offset=9_990)
    assert ([each["id"] for each in last["products"]][-1], last["next"]) == ("p9999", None)
    assert (await shop.ask(offset=10_000))["products"] == []
    red = await shop.ask(q=" CUP rot ")
    assert (red["total"], red["products"][0]["id"], red["next"]) == (100, "p7", 50)
    assert (await shop.ask(q="number 4321"))["products"][0]["title"] == "Cup number 4321"
    assert (await shop.ask(q="up"))["total"] == 0  # words are found from their beginning
    assert (await shop.ask(q="<script>"))["total"] == 0


async def test_what_has_not_changed_is_not_sent_again_and_a_swap_is(open_shop) -> None:
    shop = open_shop(catalog([product(1)]))
    tag = (await shop.http.get("/api/products")).headers["ETag"]
    again = await shop.http.get("/api/products", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    shop.catalog = catalog([product(1, price="14.00 EUR"), product(2, title="Pot")])
    later = await shop.http.get("/api/products", headers={"If-None-Match": tag})
    assert [each["price"] for each in later.json()["products"]] == ["14,00 €", "15,00 €"]
    assert (await shop.ask(q="pot"))["total"] == 1


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"q": "x" * 101}, "'q' may have 100 characters."),
        ({"offset": "-1"}, "'offset' must be a number, 0 or more."),
        ({"offset": "9" * 5000}, "'offset' must be a number, 0 or more."),
        ({"offset": "１"}, "'offset' must be a number, 0 or more."),
    ],
)
async def test_nonsense_gets_a_sentence(open_shop, query: dict[str, str], sentence: str) -> None:
    answer = await open_shop(catalog([product(1)])).http.get("/api/products", params=query)
    assert (answer.status_code, answer.json()["detail"]) == (422, sentence)


def test_the_chat_names_a_product_only_while_it_is_there() -> None:
    now = catalog([product(1)])
    shelf = Shelf(lambda: now)
    assert shelf.title("p1") == {"id": "p1", "title": "Cup number 1"}
    assert shelf.title("gone") is None
    assert isinstance(now.products[0], Product)
    assert now.products[0].price == Money(Decimal("15.00"), "EUR")
