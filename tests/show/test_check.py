"""Every mistake in a catalog or rundown gets its sentence at its line, all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from host_engine.show.check import check_catalog

LONG = "word " * 60


def said_about(folder: Path, **more: object) -> list[str]:
    return [str(problem).removeprefix(f"{folder}/") for problem in check_catalog(folder, **more)]  # type: ignore[arg-type]


def test_a_good_shop_has_no_problems(shop: Callable[..., Path]) -> None:
    assert said_about(shop(), scenes={"studio-wide"}) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("price: 15.00 EUR", "price: 15,00 EUR",
         "catalog.yaml:10: products[0].price: '15,00 EUR' is not an amount; write it like '15.00 EUR'"),
        ("price: 15.00 EUR", "price: -15.00 EUR", "catalog.yaml:10: products[0].price: '-15.00 EUR' is below zero"),
        ("price: 15.00 EUR", "price: 15.00 EUX",
         "catalog.yaml:10: products[0].price: 'EUX' is not a currency (ISO 4217); did you mean 'EUR'?"),
        ("price: 15.00 EUR", "price: 15", "catalog.yaml:10: products[0].price: '15' has no currency"),
        ("price: 15.00 EUR", "price: 15.005 EUR", "catalog.yaml:10: products[0].price: '15.005 EUR' has more than"),
        ("sale_price: 12.00 EUR", "sale_price: 15.00 EUR",
         "catalog.yaml:11: products[0].sale_price: 15.00 EUR is not lower than the price, 15.00 EUR"),
        ("sale_price: 12.00 EUR", "sale_price: 12.00 USD",
         "catalog.yaml:11: products[0].sale_price: 12.00 USD is in another currency than the price, 15.00 EUR"),
        ("id: pot\n    title", "id: sencha\n    title",
         "catalog.yaml:16: products[1].id: the id 'sencha' is taken already, by 'Sencha'"),
        ("gtin: 4006381333931", "gtin: 4006381333932",
         "catalog.yaml:14: products[0].gtin: '4006381333932' is not a GTIN: its last digit should be 1"),
        ("title: Pot", "titel: Pot",
         "catalog.yaml:17: products[1].titel: there is no field 'titel' here; did you mean 'title'?"),
        ("title: Pot", "title: Pot\n    availability: instock",
         "catalog.yaml:18: products[1].availability: 'instock' is not one of in_stock, out_of_stock, preorder"),
        ("image_link: sencha.png", "image_link: nothing.png",
         "catalog.yaml:13: products[0].image_link: 'nothing.png': there is no such picture"),
        ("image_link: sencha.png", "image_link: catalog.yaml",
         "catalog.yaml:13: products[0].image_link: 'catalog.yaml': the file is not a picture"),
        ("image_link: sencha.png", "image_link: ../sencha.png",
         "catalog.yaml:13: products[0].image_link: '../sencha.png' must lie inside the catalog's folder"),
        ("language: en", "language: xx", "catalog.yaml:3: language: 'xx' is not a language that can be spoken here"),
        ("language: en", "language: en\ncurrency: USD",
         "catalog.yaml:11: products[0].price: 15.00 EUR is not in USD, the currency of this catalog"),
        ("2026-01-01T00:00Z/", "2026-01-01/",
         "catalog.yaml:12: products[0].sale_price_effective_date: '2026-01-01' has no time zone"),
        ("product: pot", "product: pots",
         "rundown.yaml:15: segments[2].product: there is no product 'pots' in the catalog; did you mean 'pot'?"),
        ("for {price}", "for {prize}",
         "rundown.yaml:17: segments[2].lines[0].text: there is no field {prize}; did you mean 'price'?"),
        ("for {price}", "in {color}",
         "rundown.yaml:17: segments[2].lines[0].text: {color} says nothing: the product 'pot' has no color"),
        ("Welcome to {shop}", "Welcome to {title}",
         "rundown.yaml:5: segments[0].lines[0].text: there is no field {title}"),
        ("Welcome to {shop}!", LONG, "rundown.yaml:5: segments[0].lines[0].text: 60 words, about "),
        ("gesture: point", "gesture: pont",
         "rundown.yaml:10: segments[1].lines[0].cues.gesture: 'pont' is not one of wave, point, present"),
        ("gesture: point", "scene: studo",
         "rundown.yaml:10: segments[1].lines[0].cues.scene: no such scene: 'studo'"),
        ("gesture: point", "clip: film.mp4",
         "rundown.yaml:10: segments[1].lines[0].cues.clip: 'film.mp4': there is no such clip"),
        ("gesture: point", "clip: product", "rundown.yaml:10: segments[1].lines[0].cues.clip: there is no clip"),
        ("- Welcome to {shop}!", "- {text: a, variants: [b]}",
         "rundown.yaml:5: segments[0].lines[0]: a line needs either a 'text' or 'variants'"),
        ("id: pot\n    product", "id: tea\n    product",
         "rundown.yaml:14: segments[2].id: there is a segment 'tea' already"),
        ("{shop}: {shipping}", "{shop}: {price}", "rundown.yaml:1: ticker[0]: there is no field {price}"),
        ("- Welcome to {shop}!", "-", "rundown.yaml:5: segments[0].lines[0]: there is nothing here"),
    ],
)  # fmt: skip
def test_a_mistake_gets_its_sentence(shop: Callable[..., Path], old: str, new: str, sentence: str) -> None:
    found = said_about(shop((old, new)), scenes={"studio-wide"})
    assert [each for each in found if each.startswith(sentence)], found
    assert len(found) <= 2


def test_all_mistakes_of_both_files_come_at_once(shop: Callable[..., Path]) -> None:
    folder = shop(
        ("price: 15.00 EUR", "price: cheap"), ("id: pot\n    title", "id: sencha\n    title"),
        ("gesture: point", "gesture: jump"), ("for {price}", "for {prize}"), ("product: pot", "product: sencha"),
    )  # fmt: skip
    files = [each.split(":")[:2] for each in said_about(folder)]
    assert files == [["catalog.yaml", "10"], ["rundown.yaml", "10"], ["rundown.yaml", "17"]]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    found = said_about(tmp_path / "none")
    assert [each.split(": ")[-1] for each in found] == ["there is no such file"] * 2


def test_a_show_only_of_sales_is_refused(shop: Callable[..., Path]) -> None:
    rundown = "segments: [{id: a, product: sencha, lines: ['{sale_price}!']}]"
    assert "every line speaks of a sale" in said_about(shop(rundown=rundown))[0]
