"""What counted orders and coupons back before the real gate, and what they do not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from scripted_catalogs import catalog
from shop_desk import NOON, event

from host_engine.channel.gate.vouching import Vouching, judged
from host_engine.commerce.coupons import saying
from host_engine.commerce.orders import Orders
from host_engine.commerce.saying import Saying
from host_engine.commerce.thanks import Thanks, When
from host_engine.gate.gate import Gate
from host_engine.show.evidence import Evidence

GATE = Gate(catalog(policies={"shipping": "Delivery is 4.00 EUR."}))
GERMAN = Gate(catalog(language="de"))
NOW = NOON.timestamp()


async def thanks(text: str, orders: int = 12, gate: Gate = GATE, language: str = "en", name: str = "") -> str:
    """What is said of so many orders of Sencha in ten minutes; "" where the gate stops it."""
    counted, said = Orders(600.0), list[str]()
    for _ in range(orders):
        order = event("order", products=[{"product": "sencha"}], name=name, consent=bool(name))
        counted.take(order, NOW, NOW, frozenset({"sencha"}), name)  # type: ignore[arg-type]

    async def say(saying: Saying, trial: Saying | None) -> str:
        wrong = [found for each in (saying, trial) if each for found in judged(gate, each, language, NOON).findings]
        said.extend([] if wrong else [saying.text])
        return "; ".join(f"{each.rule}: {each.claim}" for each in wrong)

    shop = catalog(language=language)
    await Thanks(When(2, 60.0, [text]), counted, lambda: shop, say).thank(NOW)
    return said[0] if said else ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{count} orders in the last {within}: thank you!", "12 orders in the last 10 minutes: thank you!"),
        ("We count {count} orders of the {product}. Thank you!", "We count 12 orders of the Sencha. Thank you!"),
        ("Thank you for {count} orders at {shop}!", "Thank you for 12 orders at The Tea Shop!"),
        ("Thank you all for your orders!", "Thank you all for your orders!"),
        ("Thank you, {name}, and all who ordered!", "Thank you, Ana, and all who ordered!"),
    ],
)
async def test_what_was_counted_may_be_said(text: str, said: str) -> None:
    assert await thanks(text, name="Ana") == said


async def test_in_german_too() -> None:
    text = "{count} Bestellungen in den letzten {within}, vielen Dank!"
    assert await thanks(text, gate=GERMAN, language="de") == "12 Bestellungen in den letzten 10 Minuten, vielen Dank!"


@pytest.mark.parametrize(
    "text",
    [
        "{count} orders, only a few left!",
        "{count} orders: hurry, last chance!",
        "Only {count} left to order!",
        "{count} orders, and 12 pouches in each box.",
        "{count} orders: now 50 % off!",
        "{count} orders at 9.99 EUR each!",
        "{count} orders from our happy customers: it is a bestseller!",
        "{count} orders! Free shipping for all.",
        "{count} orders in the last 3 hours.",
    ],
)
async def test_what_nobody_counted_may_not(text: str) -> None:
    assert await thanks(text) == ""


def coupon(text: str) -> Saying:
    made = event("coupon", code="TEA10", text=text, until="2026-11-29T23:00Z")
    return saying(made)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "With TEA10 you get 10 % off, until Sunday.",
        "TEA10 takes 5 EUR off your order.",
        "Free shipping with TEA10!",
        "The Sencha costs 15.00 EUR. TEA10 takes 10 % off that.",
    ],
)
def test_a_coupon_backs_what_its_own_sentence_says(text: str) -> None:
    verdict = judged(GATE, coupon(text), "en", NOON)
    assert verdict.findings == ()
    assert verdict.evidence[0].field == "coupon"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("TEA10 is a code. The Sencha costs 9.99 EUR.", "price"),
        ("TEA10: last chance, only a few left!", "scarcity"),
        ("TEA10 for the best tea in the world.", "superlative"),
        ("TEA10 for our bestseller.", "review"),
        ("TEA10! Everything is 50 % cheaper.", "percentage"),
        ("TEA10, as the Sencha is sold out.", "stock"),
    ],
)
def test_a_coupon_backs_nothing_else(text: str, rule: str) -> None:
    assert rule in {each.rule for each in judged(GATE, coupon(text), "en", NOON).findings}


def test_it_holds_for_its_text_only_and_until_its_end() -> None:
    vouching, text = Vouching(), "With TEA10 you get 10 % off."
    gate = vouching.beside(GATE)
    assert not gate.check(text, "en", None, NOON).passed
    vouching.put(coupon(text), NOW)
    passed = gate.check(text, "en", None, NOON)
    assert passed.passed
    assert passed.evidence[0].product is None
    assert not gate.check("You get 10 % off.", "en", None, NOON).passed
    assert not gate.check("With TEA10 you get 20 % off.", "en", None, NOON).passed
    assert not gate.check(text, "en", None, datetime(2026, 11, 30, tzinfo=UTC)).passed
    assert (
        gate.check("Delivery is 4.00 EUR.", "en", None, NOON).evidence
        == GATE.check("Delivery is 4.00 EUR.", "en", None, NOON).evidence
    )


def test_memory_is_bounded() -> None:
    vouching = Vouching()
    for n in range(300):
        vouching.put(Saying(f"text {n}", (Evidence(None, "coupon", "x"),), frozenset(), NOW + 60), NOW)
    assert len(vouching._sayings) == 100
