"""The figures of what shops tell: events taken and refused, what is changed by them, how long the shop is silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client.core import Metric

from host_engine.control.exposition import counter, gauge

REASONS = {
    "400": "unreadable", "401": "signature", "403": "another shop", "404": "unknown", "408": "too slow",
    "409": "repeated or older", "413": "too long", "415": "unreadable", "422": "wrong", "429": "too many",
    "503": "too many",
}  # fmt: skip


def shop_figures(operator: Mapping[str, Any]) -> Iterable[Metric]:
    """From the section `operator` of /status; nothing where the channel listens to no shop."""
    commerce, catalog = operator.get("commerce") or {}, operator.get("catalog") or {}
    changed = float(catalog.get("changed", 0))
    yield gauge("products_changed", "Products that are otherwise than in the files, by shop or operator.",
                changed)  # fmt: skip
    if "taken" not in commerce:
        return
    refused = Counter[str]()
    for status, count in commerce["refused"].items():
        refused[REASONS.get(status, status)] += count
    yield counter("commerce_events", "Events of the shop that were taken, by their type.", commerce["taken"], "event")
    yield counter("commerce_refused", "Events of the shop that were refused, and why.", dict(refused), "reason")
    yield counter("commerce_changes", "Changes of products that were handed to the catalog.", commerce["changes"])
    yield counter("commerce_orders", "Orders that were counted.", commerce["orders"])
    yield counter("commerce_thanks", "Thanks for orders that were said.", commerce["thanks"])
    yield gauge("commerce_coupons", "Coupons in force.", commerce["coupons"])
    if (age := commerce.get("last_event_s")) is not None:
        yield gauge("commerce_last_event_age_seconds", "Since the last event that was taken; none since the start: no"
                    " figure.", age)  # fmt: skip
