"""The gate of a changed catalog is the one that would be made of it anew."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shop_on_air import TEA, TEA_LINES, write

from host_engine.gate.gate import Gate
from host_engine.show.change import changed, changed_product
from host_engine.show.script import load_show

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SAID = (
    "The Sencha costs 15 euros.",
    "The Sencha costs 12 euros.",
    "It is made of leaves.",
    "We have three things in our shop.",
    "We have two things in our shop.",
    "The Clay Pot costs 40 euros.",
    "A brown pot.",
    "The Mug costs 9 euros.",
    "The Cup is the cheapest thing we have.",
    "Everything is on sale.",
)
CHANGES = st.sampled_from(
    [
        {"price": "12.00 EUR"},
        {"price": "41.00 EUR", "sale_price": "12.00 EUR"},
        {"title": "Mug"},
        {"description": "A brown pot."},
        {"availability": "out_of_stock"},
        {"material": "clay"},
        None,
    ]
)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(["sencha", "pot", "cup"]), CHANGES), min_size=1, max_size=3))
def test_a_successor_judges_as_a_new_gate_does(tmp_path: Path, steps: list[tuple[str, dict[str, str] | None]]) -> None:
    base = load_show(write(tmp_path / "tea", TEA, TEA_LINES))
    gate, products = Gate(base.catalog), {}
    for said in SAID:
        gate.check(said, "en", None, NOW)  # what it learns when it is asked must not stay
    for id, fields in steps:
        products[id] = changed_product(base.catalog, id, fields) if fields else None
        show = changed(base, products, "v")
        gate = gate.successor(show.catalog, {id})
        anew = Gate(show.catalog)
        for said in SAID:
            for product in (None, "sencha", "pot"):
                one, other = (each.check(said, "en", product, NOW) for each in (gate, anew))
                assert one.passed == other.passed, (said, product, one.findings, other.findings)
