"""What shoppers ask crosswise: limits in other money, parcels to other countries, two at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from benchmarks.answers import ROOT, false_prices
from host_engine.audience.answer import Answer, Asking
from host_engine.audience.answers.amounts import bound
from host_engine.audience.answers.answers import TemplateAnswers
from host_engine.audience.answers.countries import ABROAD, countries
from host_engine.audience.answers.tongue import language_of
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

    def ask(shop: str, text: str, on_air: str | None = None) -> Answer:
        answer = answers[shop].answer_now(Asking(text, on_air=on_air))
        assert gates[shop].check(answer.text, answer.language, answer.product, NOW).findings == (), answer
        assert not false_prices(answer, catalogs[shop], NOW), answer
        return answer

    yield ask
    for each in answers.values():
        each.close()


@pytest.mark.parametrize(
    ("shop", "text", "most"),
    [
        ("tea", "a present below 25 dollars please", 25),
        ("tea", "cerco un regalo sotto i 15 euro", 15),
        ("tea", "je voudrais un cadeau à moins de 12 francs", 12),
        ("tea", "busco algo por menos de 12 dólares", 12),
        ("tea", "有没有30块以下的礼物", 30),
        ("kueche", "ein geschenk für 3 freunde unter 38 franken", 38),
        ("skincare", "two gifts for my sisters, 12 pounds at most", 12),
    ],
)
def test_a_limit_in_other_money_is_one_of_the_shop_s(shops: Shops, shop: str, text: str, most: int) -> None:
    answer = shops(shop, text)
    prices = [Decimal(each.value.split()[0]) for each in answer.evidence if each.field.endswith("price")]
    assert answer.kind == "recommend"
    assert prices
    assert max(prices) < most


def test_under_a_price_leaves_the_price_itself_out(shops: Shops) -> None:
    under, at_most = bound("under 15"), bound("up to 15")
    assert under is not None
    assert at_most is not None
    assert (under.holds(Decimal(15)), at_most.holds(Decimal(15))) == (False, True)
    assert "$15" not in shops("skincare", "something under 15 dollars").text
    assert "$15" in shops("skincare", "a cleanser for up to 15 dollars").text


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2 gifts under 20", 20),
        ("for 3 people, 40 euros at most", 40),
        ("unter 35 Franken für 2", 35),
        ("100元以下", 100),
    ],
)
def test_of_several_numbers_the_one_that_is_money_is_the_limit(text: str, amount: int) -> None:
    limit = bound(text)
    assert limit is not None
    assert limit.amount == amount


@pytest.mark.parametrize(
    ("text", "language", "codes"),
    [
        ("do you ship to New Zealand or the UK", "en", {"NZ", "GB"}),
        ("spedite a Roma?", "it", {"IT"}),
        ("Versand nach Wien", "de", {"AT"}),
        ("livraison à l'étranger", "fr", {ABROAD}),
        ("可以寄到法国吗", "zh", {"FR"}),
        ("do you send it to the US", "en", {"US"}),
        ("do you send us the parcel, is it dishwasher safe", "en", set()),
    ],
)
def test_countries_are_known_by_name_and_by_city(text: str, language: str, codes: set[str]) -> None:
    assert countries(text, language) == codes


@pytest.mark.parametrize(
    ("shop", "text", "language", "said"),
    [
        ("tea", "how long is delivery to Austria?", "en", "within the UK only"),
        ("tea", "potete spedire in Austria?", "it", "within the UK only"),
        ("tea", "hacen envíos a Portugal?", "es", "within the UK only"),
        ("tea", "vous livrez au Canada ?", "fr", "within the UK only"),
        ("tea", "能寄到日本吗，要几天到", "zh", "within the UK only"),
        (
            "kueche",
            "was kostet das, und liefert ihr in die Schweiz?",
            "de",
            "In die Schweiz liefern wir leider noch nicht",
        ),
        ("kueche", "Wie lange dauert die Lieferung nach Wien?", "de", "ein bis drei Tage"),
    ],
)
def test_the_shop_says_where_it_delivers(shops: Shops, shop: str, text: str, language: str, said: str) -> None:
    answer = shops(shop, text)
    assert said in answer.text
    assert answer.language == language


def test_a_country_that_the_catalog_is_silent_about_is_left_to_the_team(shops: Shops) -> None:
    answer = shops("skincare", "do you deliver to Portugal?")
    assert answer.kind == "unknown"
    assert "not in the catalog" in answer.text
    assert shops("skincare", "what does delivery cost?").kind in ("faq", "shipping")


def test_price_and_country_are_both_answered(shops: Shops) -> None:
    answer = shops("tea", "What does the teapot cost and do you ship to Norway?")
    assert "£34.00" in answer.text
    assert "UK only" in answer.text


@pytest.mark.parametrize("text", ["may I return the kettle?", "can I send the kettle back if it is too small"])
def test_what_is_sold_out_can_still_be_sent_back(shops: Shops, text: str) -> None:
    assert shops("tea", text).kind == "returns"


@pytest.mark.parametrize(
    ("shop", "text", "said"),
    [
        ("skincare", "when will the set arrive?", "February 15, 2027"),
        ("tea", "quando arriva il bollitore?", "esaurito"),
        ("kueche", "wann wird die French Press geliefert?", "ausverkauft"),
    ],
)
def test_what_cannot_be_sent_yet_is_not_promised_like_other_parcels(
    shops: Shops, shop: str, text: str, said: str
) -> None:
    answer = shops(shop, text)
    assert answer.kind == "stock"
    assert said in answer.text


def test_the_cost_of_its_parcel_is_told_even_so(shops: Shops) -> None:
    assert "£3.90" in shops("tea", "how much is shipping for the kettle?").text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("laquelle est la moins chère, la théière ou la bouilloire ?", "Harrow Stoneware Teapot coûte moins"),
        ("costa meno la teiera o il bollitore?", "Harrow Stoneware Teapot costa meno"),
        ("¿cuál es más barata, la tetera o el hervidor?", "Harrow Stoneware Teapot cuesta menos"),
    ],
)
def test_which_of_two_costs_less(shops: Shops, text: str, said: str) -> None:
    assert said in shops("tea", text).text


@pytest.mark.parametrize(
    ("shop", "on_air", "text", "product"),
    [
        ("skincare", "lip-balm", "how many grams", "lip-balm"),
        ("skincare", "serum", "how long will a bottle last", "serum"),
    ],
)
def test_a_question_that_names_nothing_is_about_what_is_shown(
    shops: Shops, shop: str, on_air: str, text: str, product: str
) -> None:
    assert shops(shop, text, on_air).product == product


def test_an_amount_is_no_article_number(shops: Shops) -> None:
    assert shops("tea", "do 250 grams fit in?", "caddy").product == "caddy"


@pytest.mark.parametrize(
    ("shop", "on_air", "text", "said"),
    [
        ("kueche", "kuechenwaage", "Wie lange hält denn der Akku?", "Der Akku hält etwa ein halbes Jahr"),
        ("kueche", "vorratsglaeser", "Kann man damit einkochen?", "Zum Einkochen sind sie nicht gemacht."),
        ("tea", "assam", "is the assam from India", "It comes from the Assam valley in India."),
    ],
)
def test_what_is_told_in_passing_is_found(shops: Shops, shop: str, on_air: str, text: str, said: str) -> None:
    answer = shops(shop, text, on_air)
    assert said in answer.text
    assert answer.evidence


def test_the_cheapest_of_a_kind_is_of_that_kind(shops: Shops) -> None:
    cups = shops("tea", "what is the cheapest cup?")
    assert (cups.product, "start at" in cups.text) == ("glass-cups", False)
    assert "£9.80" in shops("tea", "what is the cheapest product?").text


def test_a_reason_is_a_sentence_not_a_title(shops: Shops) -> None:
    answer = shops("tea", "something nice under 40: a teapot?")
    assert answer.text.count("Teapot") == 1, answer


def test_a_place_is_no_thing_that_a_shop_may_lack(shops: Shops) -> None:
    assert shops("tea", "avez-vous une boutique à Lyon ou à Paris ?").kind == "unknown"
    assert shops("tea", "I am in the US, is there a way to order?").kind == "unknown"
    assert shops("tea", "anything from Japan?").product == "sencha"


@pytest.mark.parametrize("text", ["is the glaze free of lead", "is the rooibos gluten free", "is the sencha vegan?"])
def test_what_no_sentence_tells_is_not_told(shops: Shops, text: str) -> None:
    assert shops("tea", text).kind == "unknown"


@pytest.mark.parametrize(
    "text", ["something for my gran, she hates caffeine", "what would you suggest for the evening"]
)
def test_a_dislike_is_a_wish_too(shops: Shops, text: str) -> None:
    assert shops("tea", text).product == "rooibos"


def test_people_are_no_things_that_a_shop_may_lack(shops: Shops) -> None:
    assert shops("kueche", "Was habt ihr für Linkshänder?").product == "kochmesser"
    assert shops("kueche", "Habt ihr auch Toaster?").kind == "absent"
    assert shops("tea", "quelle est la matière du couvercle ?", "caddy").product == "caddy"


@pytest.mark.parametrize(
    ("shop", "text"),
    [
        ("tea", "my parcel arrived damaged, what now?"),
        ("kueche", "meine Lieferung ist nie angekommen!"),
        ("tea", "il mio pacco non è arrivato"),
        ("tea", "mon colis n'est jamais arrivé"),
        ("tea", "mi paquete no ha llegado"),
    ],
)
def test_a_complaint_is_told_whom_to_write_to(shops: Shops, shop: str, text: str) -> None:
    answer = shops(shop, text)
    assert answer.kind == "contact"
    assert any(answer.text.startswith(each) for each in ("I am sorry", "Das tut", "Mi dispiace", "C'est", "Lo siento"))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("puoi spedire in Italia?", "it"),
        ("hacen envíos a México?", "es"),
        ("spedite in Svizzera?", "it"),
        ("price?", "en"),
    ],
)
def test_words_of_shopping_and_countries_tell_a_language(text: str, language: str) -> None:
    assert language_of(text, "en") == language
