"""Taxes, other shops' prices, what is to be left out, what is lightest, several at once, questions that hang on one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from benchmarks.answers import ROOT, false_prices
from host_engine.audience.answer import Answer, Asking, Earlier
from host_engine.audience.answers.answers import TemplateAnswers
from host_engine.gate.gate import Gate
from host_engine.show.catalog import load_catalog

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
Shops = Callable[..., Answer]


@pytest.fixture(scope="module")
def shops() -> Iterator[Shops]:
    """Answers of the three shops by words alone; each passes the gate, and none has a false price."""
    catalogs = {name: load_catalog(ROOT / "product_catalogs" / name) for name in ("tea", "skincare", "kueche")}
    answers = {name: TemplateAnswers(catalog, now=lambda: NOW) for name, catalog in catalogs.items()}
    gates = {name: Gate(catalog) for name, catalog in catalogs.items()}

    def ask(shop: str, text: str, on_air: str | None = None, earlier: Earlier | None = None) -> Answer:
        answer = answers[shop].answer_now(Asking(text, on_air=on_air, earlier=earlier))
        assert gates[shop].check(answer.text, answer.language, answer.product, NOW).findings == (), answer
        assert not false_prices(answer, catalogs[shop], NOW), answer
        return answer

    yield ask
    for each in answers.values():
        each.close()


@pytest.mark.parametrize(
    ("shop", "text", "language"),
    [
        ("tea", "is VAT included?", "en"),
        ("kueche", "ist die Mehrwertsteuer enthalten?", "de"),
        ("tea", "l'IVA è inclusa?", "it"),
        ("tea", "la TVA est comprise dans le prix ?", "fr"),
        ("tea", "¿el precio lleva IVA?", "es"),
        ("tea", "价格含税吗", "zh"),
    ],
)
def test_of_taxes_nothing_is_said_that_the_catalog_does_not_say(
    shops: Shops, shop: str, text: str, language: str
) -> None:
    answer = shops(shop, text, "teapot")
    assert (answer.kind, answer.language) == ("unknown", language)
    assert not any(sign.isdigit() for sign in answer.text)


def test_what_the_shop_says_of_taxes_is_said(shop: Callable[..., TemplateAnswers]) -> None:
    from audience.answers.small_shop import catalog

    taxed = catalog(policies={"shipping": "We post within two days. All prices include VAT."})
    answer = shop(taxed).answer_now(Asking("is VAT included?"))
    assert (answer.kind, answer.text) == ("tax", "All prices include VAT.")
    assert answer.evidence[0].field == "policies.shipping"


@pytest.mark.parametrize(
    ("shop", "text", "price"),
    [
        ("tea", "that kettle is cheaper on amazon", "£59.00"),
        ("kueche", "das messer ist woanders billiger", "79,00"),
        ("tea", "su amazon la teiera costa meno", "34,00"),
    ],
)
def test_of_other_shops_only_the_own_price_is_told(shops: Shops, shop: str, text: str, price: str) -> None:
    answer = shops(shop, text)
    assert answer.kind == "unknown"
    assert price in answer.text


@pytest.mark.parametrize("text", ["is there a box without green tea?", "¿hay alguna caja sin té verde?"])
def test_a_box_without_green_tea_is_no_green_tea(shops: Shops, text: str) -> None:
    assert shops("tea", text, "teapot").product == "sampler"


@pytest.mark.parametrize(
    ("shop", "text", "never"),
    [
        ("tea", "which of your teas is not black", {"assam"}),
        ("kueche", "habt ihr auch was ohne holz", {"kochmesser", "schneidebrett", "pfeffermuehle", "vorratsglaeser"}),
        ("tea", "something that isn't tea?", {"assam", "sencha", "rooibos", "sampler"}),
    ],
)
def test_what_is_to_be_left_out_is_not_offered(shops: Shops, shop: str, text: str, never: set[str]) -> None:
    answer = shops(shop, text)
    assert answer.kind == "recommend"
    assert answer.product
    assert not never & {each.product for each in answer.evidence}


def test_what_is_not_said_to_be_free_of_something_is_not_offered_for_it(shops: Shops) -> None:
    assert "Have a look" not in shops("tea", "do you have anything without nickel?").text


@pytest.mark.parametrize(
    ("shop", "text", "product", "said"),
    [
        ("kueche", "was ist am leichtesten?", "kochmesser", "0,21 kg"),
        ("kueche", "quel est l'article le plus lourd ?", "schmortopf", "5,1 kg"),
        ("tea", "which tea is the dearest?", "sampler", "£21.00"),
        ("tea", "哪个茶最便宜？", "rooibos", "9.80"),
        ("skincare", "which is your smallest product", "serum", "15 g"),
    ],
)
def test_the_least_and_the_most_follow_from_the_catalog(
    shops: Shops, shop: str, text: str, product: str, said: str
) -> None:
    answer = shops(shop, text)
    assert answer.product == product
    assert said in answer.text


def test_of_two_the_one_that_is_asked_for_comes_first(shops: Shops) -> None:
    lighter = shops("tea", "which one is lighter, the teapot or the kettle?")
    assert lighter.text.index("0.8 kg") < lighter.text.index("0.9 kg")
    assert "£" not in lighter.text
    silent = shops("skincare", "which one is heavier, serum or cream")
    assert silent.kind == "unknown"
    assert "compare" in silent.text


def test_a_cheaper_price_is_no_comparison(shops: Shops) -> None:
    assert shops("kueche", "ist das schneidebrett gerade günstiger", "gusseisenpfanne").kind == "sale"


def test_each_of_several_products_is_answered(shops: Shops) -> None:
    stock = shops("tea", "are the teapot and the kettle both in stock?")
    assert "Teapot is in stock" in stock.text
    assert "Kettle is sold out" in stock.text
    prices = shops("tea", "price of the glasses, the caddy and the matcha set please")
    assert all(price in prices.text for price in ("£24.00", "£28.00", "£32.00"))
    caffeine = shops("tea", "which has more caffeine, assam or sencha?")
    assert "less than our Assam" in caffeine.text


@pytest.mark.parametrize(
    ("text", "earlier", "kind", "product"),
    [
        ("and how much is that one?", Earlier("tell me about the sencha", "about", "sencha"), "price", "sencha"),
        ("and the kettle?", Earlier("is the teapot in stock?", "stock", "teapot"), "stock", "kettle"),
        ("what about the rooibos?", Earlier("does the assam have caffeine?", "faq", "assam"), "faq", "rooibos"),
        ("und was kostet der?", Earlier("hat der rooibos koffein?", "faq", "rooibos"), "price", "rooibos"),
        ("那个多少钱", Earlier("茶叶罐是什么材料的", "material", "caddy"), "price", "caddy"),
        ("how much is this?", Earlier("tell me about the sencha", "about", "sencha"), "price", "teapot"),
        ("how much is it?", Earlier("is the mug blue?", "color", "gone-meanwhile"), "price", "teapot"),
        ("how much is the caddy?", Earlier("tell me about the sencha", "about", "sencha"), "price", "caddy"),
    ],
)
def test_a_question_may_hang_on_the_one_before(
    shops: Shops, text: str, earlier: Earlier, kind: str, product: str
) -> None:
    answer = shops("tea", text, "teapot", earlier)
    assert (answer.kind, answer.product) == (kind, product)


@pytest.mark.parametrize("text", ["能寄到北京吗", "可以寄到上海吗"])
def test_a_parcel_to_a_chinese_city_is_not_told_how_fast_parcels_are(shops: Shops, text: str) -> None:
    assert "within the UK only" in shops("tea", text, "teapot").text


def test_a_german_question_with_a_name_in_it_is_german(shops: Shops) -> None:
    assert shops("tea", "Mira, was trinkst du selbst?").language == "de"
