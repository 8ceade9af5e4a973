"""Which field of the catalog backs what is said."""

from __future__ import annotations

from typing import NamedTuple


class Evidence(NamedTuple):
    """A field of the catalog, and its value when the sentence was made: what the as-run log keeps of each claim."""

    product: str | None  # id; None for the shop's own fields, such as policies.shipping
    field: str  # as in the catalog file: price, sale_price, availability, policies.returns, faq
    value: str  # such as "15.00 EUR"
