from pathlib import Path

import pytest

from host_engine.audience.ears.question_lines import LINES, lines, spoken_names, vocabulary, words
from host_engine.audience.ears.shop_words import ShopWords, Ware, shop_words, unpacked
from host_engine.show.catalog import load_catalog

TEAPOT = Ware("Harrow Stoneware Teapot", "Leaf & Kettle", "Teapots", ("celadon green", "1.1 l", "stoneware"))


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Sencha Green Tea, 100 g", "sencha green tea one hundred grams"),
        ("1.1 l", "one point one liters"),
        ("Don't go!", "don't go"),
        ("don’t", "don't"),
        ("R&B 50% + €", "r and b fifty percent plus euros"),
        ("Küchenwaage Feder", "küchenwaage feder"),
        ("<b>🫖</b> \u202e", "b b"),
        ("1234567890123456", "one two three four five six seven eight nine zero one two"),
        ("125", "one hundred and twenty five"),
        ("", ""),
    ],
)
def test_a_text_is_put_into_spoken_words(written, spoken):
    assert words(written) == spoken


def test_people_call_a_product_by_parts_of_its_name():
    assert spoken_names(TEAPOT) == [
        "harrow stoneware teapot",
        "harrow stoneware",
        "stoneware teapot",
        "harrow",
        "teapot",
        "teapots",
    ]
    assert "with" not in " ".join(spoken_names(Ware("Clay Bar with Dish"))[1:3]).split()
    assert spoken_names(Ware("🫖🫖")) == []


def test_the_lines_hold_the_questions_of_the_shop():
    found = lines(ShopWords("en", "Leaf & Kettle", (TEAPOT,), ("Is it stovetop safe?",)))
    for asked in ("how much is the harrow stoneware teapot", "is it stovetop safe", "how much is shipping"):
        assert asked in found
    assert "do you have it in celadon green" in found
    assert len(found) == len(set(found))


def test_a_german_catalog_gives_english_questions_about_german_names():
    found = lines(ShopWords("de", "Herd & Hobel", (Ware("Küchenwaage Feder"),), ("Wie teuer ist der Versand?",)))
    assert "how much is the küchenwaage feder" in found
    assert "wie teuer ist der versand" not in found


def test_thousands_of_products_give_no_more_lines_than_can_be_learnt():
    wares = tuple(Ware(f"Thing number {n}", "Maker", "Things", ("red", "large")) for n in range(3000))
    found = lines(ShopWords("en", "Shop", wares))
    assert len(found) <= LINES
    assert "how much is it" in found


def test_the_words_of_a_catalog_travel():
    catalog = load_catalog(Path(__file__).parents[3] / "product_catalogs" / "tea")
    shop = shop_words(catalog)
    assert unpacked(shop.packed()) == shop
    assert shop.said["Rooibos"] == "roy-boss"
    assert "celadon green" in shop.wares[0].attributes
    assert {"rooibos", "kettle", "dishwasher"} <= vocabulary(lines(shop))


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"wares": [1]}', b"\xff"])
def test_nonsense_is_no_shop(body):
    with pytest.raises((ValueError, TypeError, KeyError)):
        unpacked(body)
