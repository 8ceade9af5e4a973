"""The gate over the demo catalogs: the true passes with its evidence, the false is stopped, in six languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from host_engine.gate.gate import Gate
from host_engine.gate.verdict import Verdict
from host_engine.show.catalog import load_catalog
from host_engine.show.evidence import Evidence

ROOT = Path(__file__).resolve().parents[2] / "product_catalogs"
SALE, NO_SALE = datetime(2027, 1, 6, 12, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)


@cache
def gate(name: str) -> Gate:
    return Gate(load_catalog(ROOT / name))


def verdict(name: str, language: str, product: str | None, text: str, now: datetime = SALE) -> Verdict:
    return gate(name).check(text, language, product, now)


TRUE = [
    # prices, in figures and in words, with signs on either side
    ("tea", "en", "teapot", "The teapot costs £34.00."),
    ("tea", "en", "teapot", "It costs 34 pounds."),
    ("tea", "en", "teapot", "It is thirty-four pounds today."),
    ("tea", "en", "teapot", "Thirty four pounds, instead of forty-two."),
    ("tea", "en", "teapot", "You pay GBP 34 instead of GBP 42, so you save £8.00."),
    ("tea", "en", "teapot", "It is on offer at £34.00, and the usual price is £42.00."),
    ("tea", "en", "teapot", "It's yours for 34."),
    ("tea", "en", "teapot", "You save 19 percent."),
    ("tea", "en", None, "The Assam Second Flush costs £11.50."),
    ("tea", "en", "sencha", "The Assam costs £11.50, and the Sencha £11.90."),
    ("tea", "en", None, "The Assam Second Flush and the Sencha Green Tea cost £11.50 and £11.90."),
    ("tea", "en", None, "The Assam Second Flush is 40 pence cheaper than the Sencha Green Tea."),
    ("tea", "en", None, "Two Pair of Double-Wall Glasses cost £48."),
    ("tea", "de", "teapot", "Die Kanne kostet vierunddreißig Pfund."),
    ("tea", "de", "assam", "Das macht elf Pfund fünfzig."),
    ("tea", "de", "assam", "Sie kostet 11,50 £."),
    ("tea", "it", "teapot", "Costa trentaquattro sterline."),
    ("tea", "it", "assam", "Il tè costa 11,50 sterline."),
    ("tea", "fr", "teapot", "Elle coûte trente-quatre livres."),
    ("tea", "fr", "assam", "Il coûte onze livres cinquante."),
    ("tea", "es", "teapot", "Cuesta treinta y cuatro libras."),
    ("tea", "zh", "teapot", "这把茶壶现在三十四英镑。"),
    ("tea", "zh", "assam", "这款茶11.50英镑。"),
    ("kueche", "de", "gusseisenpfanne", "Die Pfanne kostet neununddreißig Euro neunzig."),
    ("kueche", "de", "gusseisenpfanne", "Sie zahlen zurzeit 39,90 € statt 49,90 € und sparen 10,00 €."),
    ("kueche", "de", "gusseisenpfanne", "Sie sparen zwanzig Prozent."),
    ("kueche", "de", "schmortopf", "Der Topf kostet 95 Euro, sonst 119 Euro."),
    ("kueche", "it", "gusseisenpfanne", "La padella costa 39,90 euro, in offerta."),
    ("kueche", "fr", "gusseisenpfanne", "La poêle coûte trente-neuf euros quatre-vingt-dix."),
    ("kueche", "es", "gusseisenpfanne", "La sartén cuesta treinta y nueve euros con noventa."),
    ("kueche", "zh", "schmortopf", "这口锅现在九十五欧元，原价一百一十九欧元。"),
    ("kueche", "nl", "schmortopf", "De pan kost 95 euro."),
    ("kueche", "pt", "schmortopf", "A panela custa noventa e cinco euros."),
    # sizes, numbers of things, times
    ("tea", "en", "teapot", "It holds 1.1 litres, which is four large cups."),
    ("tea", "en", "teapot", "It holds 1,100 ml."),
    ("tea", "de", "teapot", "Sie fasst 1,1 Liter, also vier Tassen."),
    ("tea", "it", "teapot", "Contiene 1,1 litri, quattro tazze."),
    ("tea", "fr", "sencha", "L'eau doit être à soixante-dix degrés."),
    ("tea", "es", "assam", "La lata tiene 125 gramos."),
    ("tea", "zh", "assam", "一罐有125克。"),
    ("tea", "en", "matcha-set", "The whisk has eighty tines."),
    ("tea", "en", "sampler", "There are six teas, 20 g of each."),
    ("skincare", "en", "serum", "It has five percent niacinamide."),
    ("skincare", "en", "sunscreen", "It has SPF 30."),
    ("skincare", "en", "sunscreen", "Put it on again every two hours."),
    ("kueche", "de", "kochmesser", "Die Klinge ist zwanzig Zentimeter lang."),
    ("kueche", "de", "schneidebrett", "Es misst 45 × 28 cm."),
    ("kueche", "de", "vorratsglaeser", "Sie fassen 0,7 l, 1,1 l und 1,6 l."),
    # shop: delivery, returns, guarantee
    ("tea", "en", None, "Delivery costs £3.90, and it is free from £40."),
    ("tea", "en", None, "Shipping is free for orders from £40."),
    ("tea", "en", None, "You have 30 days to return it."),
    ("tea", "en", "kettle", "The kettle has a two-year warranty."),
    ("tea", "de", None, "Der Versand kostet 3,90 £, ab 40 £ ist er kostenlos."),
    ("tea", "it", None, "Avete 30 giorni per restituire tutto."),
    ("tea", "es", None, "Tiene treinta días para devolverlo."),
    ("tea", "fr", None, "Vous avez 30 jours pour tout renvoyer."),
    ("tea", "zh", None, "您有三十天可以退货。"),
    ("skincare", "en", None, "You have sixty days, and we refund the full price."),
    ("kueche", "de", "gusseisenpfanne", "Wir geben 25 Jahre Garantie."),
    ("kueche", "de", None, "Wir liefern nach Österreich."),
    ("kueche", "en", None, "We ship to Germany and Austria."),
    ("kueche", "de", None, "In die Schweiz liefern wir nicht."),
    # stock and days
    ("tea", "en", "kettle", "Right now it is sold out."),
    ("tea", "en", "teapot", "The teapot is in stock."),
    ("tea", "de", "kettle", "Er ist leider ausverkauft."),
    ("tea", "it", "kettle", "Purtroppo non è disponibile."),
    ("tea", "fr", "kettle", "Elle est en rupture de stock."),
    ("tea", "es", "kettle", "Está agotada."),
    ("tea", "zh", "kettle", "现在没有货。"),
    ("skincare", "en", "first-days-set", "It is on preorder, and it ships from the middle of February 2027."),
    ("skincare", "de", "first-days-set", "Es ist vorbestellbar, ab dem 15. Februar 2027."),
    ("tea", "en", "teapot", "The offer ends on December 31, 2030."),
    # no claims at all
    ("tea", "en", "teapot", "Let me look at this pot with you."),
    ("tea", "en", None, "Good question, Ana! I will check with the team."),
    ("tea", "en", None, "I'm an AI host, so I do not drink tea."),
    ("tea", "it", None, "Bella domanda! Sono un'IA e chiedo al team."),
    ("tea", "zh", None, "好问题！我去问一下团队。"),
    ("tea", "en", "kettle", "Shall I tell you when it is back in stock?"),
]

FALSE = [
    # prices
    ("tea", "en", "teapot", "It costs £33.99.", "price"),
    ("tea", "en", "teapot", "The teapot costs £42.00.", "price"),  # it is on sale
    ("tea", "en", "teapot", "It costs thirty-five pounds.", "price"),
    ("tea", "en", "teapot", "It costs fifteen euros.", "price"),
    ("tea", "en", "teapot", "It costs 34 euros.", "price"),
    ("tea", "en", "teapot", "It costs $34.", "price"),
    ("tea", "en", "teapot", "Just thirty, and it is yours!", "price"),
    ("tea", "en", "teapot", "It's yours for 29.", "price"),
    ("tea", "en", "teapot", "Between 30 and 34 pounds.", "price"),
    ("tea", "en", "teapot", "£30-34 for the pot.", "price"),
    ("tea", "en", "teapot", "Save a few euros!", "price"),
    ("tea", "en", "teapot", "Half price, only here!", "percentage"),
    ("tea", "en", "teapot", "It is half off.", "percentage"),
    ("tea", "en", "teapot", "You save twenty percent.", "percentage"),
    ("tea", "en", "teapot", "20% off!", "percentage"),
    ("tea", "en", "teapot", "It costs £３３.", "price"),
    ("tea", "en", "teapot", "It costs £3\u200b3.", "price"),
    ("tea", "en", "teapot", "It costs thirty\u00adthree pounds.", "price"),
    ("tea", "en", "teapot", "It costs 1️⃣5️⃣ pounds.", "price"),
    ("tea", "en", "teapot", "It costs 1,034 pounds.", "price"),
    ("tea", "en", "sencha", "The Assam costs £11.90.", "price"),  # that is the other one
    ("tea", "en", None, "The Assam costs £11.90, and the Sencha £11.50.", "price"),
    ("tea", "en", None, "The Sencha is cheaper than the Assam.", "price"),
    ("tea", "en", "teapot", "It costs £3.90.", "price"),  # that is the delivery
    ("tea", "en", "assam", "It is on sale now.", "price"),
    ("tea", "en", None, "Delivery costs £2.90.", "price"),
    ("tea", "en", None, "Delivery costs £40.", "price"),
    ("tea", "de", "teapot", "Sie kostet fünfzehn Euro.", "price"),
    ("tea", "de", "teapot", "Zwanzig Prozent Rabatt!", "percentage"),
    ("tea", "de", "teapot", "Zum halben Preis!", "percentage"),
    ("tea", "it", "teapot", "Costa solo quindici euro.", "price"),
    ("tea", "it", "teapot", "A metà prezzo!", "percentage"),
    ("tea", "fr", "teapot", "Elle coûte quinze euros.", "price"),
    ("tea", "fr", "teapot", "Vingt pour cent de remise.", "percentage"),
    ("tea", "es", "teapot", "Cuesta quince euros.", "price"),
    ("tea", "es", "teapot", "A mitad de precio.", "percentage"),
    ("tea", "zh", "teapot", "只要二十元。", "price"),
    ("tea", "zh", "teapot", "现在打八折。", "percentage"),
    ("tea", "zh", "teapot", "半价出售。", "percentage"),
    ("tea", "de", "teapot", "Nur fifteen euros für Sie, and it is the best pot of them all.", "price"),  # not German
    ("kueche", "de", "gusseisenpfanne", "Die Pfanne kostet 29,90 €.", "price"),
    ("kueche", "de", "gusseisenpfanne", "Die Pfanne kostet neununddreißig Euro fünfzig.", "price"),
    ("kueche", "en", "gusseisenpfanne", "The pan is 3,990 euros.", "price"),
    # quantities
    ("tea", "en", "teapot", "It holds 1.5 litres.", "quantity"),
    ("tea", "en", "teapot", "It holds six large cups.", "quantity"),
    ("tea", "de", "teapot", "Sie fasst zwei Liter.", "quantity"),
    ("tea", "it", "teapot", "Contiene due litri.", "quantity"),
    ("tea", "zh", "assam", "一罐有五百克。", "quantity"),
    ("skincare", "en", "sunscreen", "It has SPF 50.", "quantity"),
    ("skincare", "en", "serum", "It has ten percent niacinamide.", "percentage"),
    ("skincare", "en", "serum", "With vitamin B12.", "quantity"),
    # days, stock, delivery, promises
    ("tea", "en", "teapot", "The offer ends on December 24.", "date"),
    ("tea", "en", "teapot", "Only until Sunday!", "date"),
    ("tea", "en", "teapot", "Today only!", "date"),
    ("tea", "de", "teapot", "Nur noch heute!", "date"),
    ("tea", "en", "kettle", "The kettle is in stock.", "stock"),
    ("tea", "en", "kettle", "Good news, it is available now.", "stock"),
    ("tea", "en", "teapot", "It is sold out.", "stock"),
    ("tea", "it", "kettle", "È disponibile.", "stock"),
    ("tea", "zh", "kettle", "现在有货。", "stock"),
    ("tea", "en", "kettle", "It is back next week.", "date"),
    ("tea", "en", None, "Free shipping on everything!", "delivery"),
    ("tea", "de", None, "Kostenloser Versand für alle!", "delivery"),
    ("tea", "it", None, "Spedizione gratuita!", "delivery"),
    ("tea", "fr", None, "Livraison gratuite !", "delivery"),
    ("tea", "es", None, "¡Envío gratis!", "delivery"),
    ("tea", "zh", None, "全场包邮。", "delivery"),
    ("tea", "en", None, "It arrives tomorrow.", "delivery"),
    ("tea", "en", None, "We deliver within 24 hours.", "delivery"),
    ("tea", "en", None, "You have 60 days to return it.", "quantity"),
    ("tea", "en", None, "We ship worldwide.", "delivery"),
    ("tea", "en", "sencha", "It comes with a lifetime guarantee.", "promise"),
    ("tea", "en", "sencha", "The Sencha has a two-year warranty.", "promise"),
    ("tea", "en", None, "There is a money-back guarantee.", "promise"),
    ("tea", "en", None, "A free gift with every order.", "promise"),
    ("tea", "en", "assam", "It is organic.", "promise"),
    ("kueche", "de", None, "Wir liefern in die Schweiz.", "delivery"),
    ("kueche", "en", None, "We ship to Switzerland.", "delivery"),
    ("kueche", "de", "gusseisenpfanne", "Sie hat drei Jahre Garantie.", "quantity"),
    # lists
    ("tea", "en", "teapot", "I use it daily.", "experience"),
    ("tea", "en", "teapot", "I love this pot, it is my favourite.", "experience"),
    ("tea", "de", "teapot", "Ich benutze sie jeden Tag.", "experience"),
    ("tea", "it", "teapot", "La uso ogni giorno.", "experience"),
    ("tea", "fr", "teapot", "Je l'utilise tous les jours.", "experience"),
    ("tea", "es", "teapot", "La uso todos los días.", "experience"),
    ("tea", "zh", "teapot", "我每天都用它。", "experience"),
    ("tea", "en", "teapot", "Only 3 left!", "scarcity"),
    ("tea", "en", "teapot", "This is your last chance, it is almost gone.", "scarcity"),
    ("tea", "de", "teapot", "Nur noch drei Stück da!", "scarcity"),
    ("tea", "it", "teapot", "Ultimi pezzi, affrettatevi!", "scarcity"),
    ("tea", "fr", "teapot", "Dernière chance, presque épuisé.", "scarcity"),
    ("tea", "es", "teapot", "Última oportunidad.", "scarcity"),
    ("tea", "zh", "teapot", "最后机会，快没了。", "scarcity"),
    ("tea", "en", "teapot", "Everyone loves it.", "review"),
    ("tea", "en", "teapot", "It has 5 stars.", "review"),
    ("tea", "en", "teapot", "It has five-star reviews.", "review"),
    ("tea", "de", "teapot", "Alle lieben sie, fünf Sterne.", "review"),
    ("tea", "zh", "teapot", "大家都喜欢，五星好评。", "review"),
    ("tea", "en", "teapot", "It is the best teapot in the world.", "superlative"),
    ("tea", "de", "teapot", "Das ist die beste Kanne der Welt.", "superlative"),
    ("tea", "it", "teapot", "È la migliore teiera del mondo.", "superlative"),
    ("tea", "fr", "teapot", "C'est la meilleure théière du monde.", "superlative"),
    ("tea", "es", "teapot", "Es la mejor tetera del mundo.", "superlative"),
    ("tea", "zh", "teapot", "这是最好的茶壶。", "superlative"),
    ("skincare", "en", "serum", "It cures acne.", "medical"),
    ("skincare", "en", "cream", "It is anti-aging and removes wrinkles.", "medical"),
    ("skincare", "de", "cream", "Sie heilt Ekzeme.", "medical"),
    ("skincare", "it", "cream", "È una crema antirughe.", "medical"),
    ("skincare", "fr", "cream", "Elle guérit l'acné.", "medical"),
    ("skincare", "es", "cream", "Cura el acné.", "medical"),
    ("skincare", "zh", "cream", "它可以治疗湿疹。", "medical"),
    ("tea", "en", "rooibos", "It lowers your blood pressure.", "medical"),
    ("tea", "en", "rooibos", "It is healthy and lets you sleep.", "medical"),
]


@pytest.mark.parametrize(("name", "language", "product", "text"), TRUE)
def test_what_the_catalog_backs_passes(name: str, language: str, product: str | None, text: str) -> None:
    found = verdict(name, language, product, text)
    assert found.passed, found.findings


@pytest.mark.parametrize(("name", "language", "product", "text", "rule"), FALSE)
def test_what_the_catalog_does_not_back_is_stopped(
    name: str, language: str, product: str | None, text: str, rule: str
) -> None:
    found = verdict(name, language, product, text)
    assert rule in {each.rule for each in found.findings}, found
    assert all(each.claim and each.said.endswith(".") for each in found.findings)


def test_each_claim_has_its_evidence() -> None:
    found = verdict("tea", "en", "teapot", "You pay £34.00 instead of £42.00, and it holds 1.1 l.")
    assert set(found.evidence) == {
        Evidence("teapot", "sale_price", "34.00 GBP"),
        Evidence("teapot", "price", "42.00 GBP"),
        Evidence("teapot", "size", "1.1 l"),
    }
    shop = verdict("tea", "en", None, "Delivery costs £3.90.")
    assert [each.field for each in shop.evidence] == ["policies.shipping"]
    stock = verdict("tea", "en", "kettle", "It is sold out.")
    assert stock.evidence == (Evidence("kettle", "availability", "out_of_stock"),)


def test_a_price_is_true_as_long_as_the_sale_is() -> None:
    on, off = "The teapot costs £34.00.", "The teapot costs £42.00."
    assert [verdict("tea", "en", "teapot", on, now).passed for now in (SALE, NO_SALE)] == [True, False]
    assert [verdict("tea", "en", "teapot", off, now).passed for now in (SALE, NO_SALE)] == [False, True]
    end = datetime(2030, 12, 31, 23, 59, tzinfo=UTC)
    assert verdict("tea", "en", "teapot", on, end - timedelta(seconds=1)).passed
    assert not verdict("tea", "en", "teapot", on, end).passed
    assert gate("tea").epoch(SALE)[0] != gate("tea").epoch(NO_SALE)[0]


def test_the_end_of_a_sale_may_be_named_on_its_last_days() -> None:
    last = datetime(2030, 12, 31, 12, tzinfo=UTC)
    for text, now in (("Today only!", last), ("Only until tomorrow.", last - timedelta(days=1))):
        assert verdict("tea", "en", "teapot", text, now).passed
        assert not verdict("tea", "en", "teapot", text, now - timedelta(days=3)).passed


@pytest.mark.parametrize("language", ["ja", "", "klingon", "xx-YY"])
def test_a_language_that_nobody_can_judge_does_not_pass(language: str) -> None:
    found = verdict("tea", language, "teapot", "It costs £34.00.")
    assert [each.rule for each in found.findings] == ["banned"]


def test_a_text_without_end_does_not_pass_and_nothing_is_nothing() -> None:
    assert not verdict("tea", "en", "teapot", "tea " * 250_000).passed
    assert verdict("tea", "en", "teapot", "").passed
    assert verdict("tea", "en", "teapot", "🫖🍵 ✨").passed


def test_the_finding_tells_the_operator_what_the_catalog_says() -> None:
    (price,) = verdict("tea", "en", "teapot", "It costs £20.").findings
    assert price.claim == "£20"
    assert price.said == (
        "The catalog does not back this price: 'Harrow Stoneware Teapot' costs 34.00 GBP now, "
        "42.00 GBP without the sale."
    )
