"""The demo catalogs: they load, their pictures open, and everything in them is said."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import cv2
import pytest

from host_engine.show.rundown import Line
from host_engine.show.script import Script, Show, load_show

ROOT = Path(__file__).resolve().parent.parent
CATALOGS = ("tea", "skincare", "kueche")
SCENES = {path.stem for path in (ROOT / "scenes").glob("*.yaml")}
SALE, NO_SALE = datetime(2027, 3, 1, 12, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)


@pytest.fixture(params=CATALOGS)
def show(request: pytest.FixtureRequest) -> Show:
    return load_show(ROOT / "product_catalogs" / request.param, scenes=SCENES)


def rounds(show: Show, count: int, now: datetime = SALE) -> list[list[Line]]:
    """The first rounds of the show, as said at an instant."""
    script = Script(show, lambda: now)
    found: list[list[Line]] = []
    first = None
    while len(found) <= count:
        line = script.next()
        first = first or line.id
        if line.id == first:
            found.append([])
        found[-1].append(line)
    return found[:count]


def test_shops_are_complete(show: Show) -> None:
    catalog = show.catalog
    assert 6 <= len(catalog.products) <= 10
    assert all((catalog.policies.shipping, catalog.policies.returns, catalog.policies.warranty, catalog.faq))
    assert any(product.on_sale(SALE) for product in catalog.products)
    assert any(product.availability != "in_stock" for product in catalog.products)
    for product in catalog.products:
        assert product.gtin
        assert product.gtin.startswith("2")  # the range for use inside a shop: it can never be somebody's product
        assert 3 <= len(product.selling_points) <= 5
        assert 3 <= len(product.faq) <= 5
        assert all(4 <= len(entry.questions) <= 8 for entry in product.faq)


def test_pictures_are_square_and_large(show: Show) -> None:
    for product in show.catalog.products:
        path = show.catalog.file(product.image_link)
        assert path is not None
        height, width, _ = cv2.imread(str(path)).shape
        assert width == height >= 800, path


@pytest.fixture(scope="module")
def redrawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every picture, drawn again from its code, 50 pixels wide."""
    folder = tmp_path_factory.mktemp("redrawn")
    program = ROOT / "product_catalogs" / "drawing" / "draw.py"
    subprocess.run([sys.executable, program, "--pixels", "50", "--out", folder], check=True, capture_output=True)
    return folder


def test_pictures_are_what_the_code_draws(show: Show, redrawn: Path) -> None:
    kept, drawn = [], []
    for product in show.catalog.products:
        path = show.catalog.file(product.image_link)
        assert path is not None
        small = cv2.resize(cv2.imread(str(path)), (50, 50), interpolation=cv2.INTER_AREA)
        kept.append(small.astype(int))
        drawn.append(cv2.imread(str(redrawn / path.relative_to(ROOT / "product_catalogs"))).astype(int))
    for n, picture in enumerate(drawn):
        distances = [abs(picture - other).mean() for other in kept]
        assert min(distances) == distances[n] < 8, show.catalog.products[n].id


def test_logo_is_transparent(show: Show) -> None:
    logo = cv2.imread(str(show.catalog.logo_path), cv2.IMREAD_UNCHANGED)
    assert logo.shape[2] == 4
    assert logo[..., 3].min() == 0
    assert logo[..., 3].max() == 255


def test_every_product_is_presented(show: Show) -> None:
    (only,) = rounds(show, 1)
    assert {line.product for line in only} - {None} == {product.id for product in show.catalog.products}


def test_prices_are_said_of_every_product(show: Show) -> None:
    (only,) = rounds(show, 1)
    for product in show.catalog.products:
        said = " ".join(line.text for line in only if line.product == product.id)
        assert product.price_at(SALE).shown(show.catalog.language) in said


def test_rounds_differ(show: Show) -> None:
    first, second = rounds(show, 2)
    assert [line.text for line in first] != [line.text for line in second]


def test_opening_says_that_the_host_is_artificial(show: Show) -> None:
    for one in rounds(show, 4):
        opening = " ".join(line.text for line in one if line.segment == one[0].segment)
        assert "AI" in opening or "KI" in opening


@pytest.mark.parametrize("now", [SALE, NO_SALE])
def test_captions_are_filled(show: Show, now: datetime) -> None:
    for one in rounds(show, 4, now):
        for line in one:
            caption = " ".join(token.shown for token in line.tokens)
            assert caption
            assert not set("{}") & set(caption + line.said + line.text)
    assert not any(set("{}") & set(text) for text in show.ticker)


def test_no_sale_is_announced_after_its_end(show: Show) -> None:
    products, language = show.catalog.products, show.catalog.language
    reduced = {product.sale_price.shown(language) for product in products if product.sale_price}
    ordinary = {product.price.shown(language) for product in products}
    (only,) = rounds(show, 1, NO_SALE)
    assert not any(price in line.text for line in only for price in reduced - ordinary)
