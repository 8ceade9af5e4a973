"""Whether a text may stand in a script: its fields say something, it is short enough, the gate lets it pass."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from host_engine.gate.readings import readings
from host_engine.gate.verdict import Judge
from host_engine.show.catalog import Catalog, Product
from host_engine.show.fields import fill, names, product_fields, shop_fields
from host_engine.show.lines import seconds
from host_engine.show.rehearsal import variant
from host_engine.show.spoken import tokens

NO_FIELD = "says nothing"
NEVER = "it must not be said"
PAUSE = 0.5  # seconds between two lines
Forbids = Callable[[str], tuple[str, ...]]


class Judging:
    """Judges for one catalog. What it lets pass, `host-engine check` has nothing to say against."""

    def __init__(self, catalog: Catalog, gate: Judge, now: datetime, forbids: Forbids = lambda text: ()) -> None:
        """`forbids`: the words of a text that a brief or a persona never says."""
        self.catalog, self._gate, self._now, self._forbids = catalog, gate, now, forbids
        self._known: dict[tuple[str | None, ...], str] = {}  # verdicts on texts that come again and again

    def stops(self, text: str, product: Product | None) -> str:
        """Why a text may not be said, in a sentence; "" where it may."""
        key: tuple[str | None, ...] = (text,)
        if product is not None:
            if "{" in text or any(map(str.isdigit, text)):
                return self._stops(text, product)
            key = (text, product.availability, product.google_product_category, product.product_type)
        if key not in self._known:
            self._known[key] = self._stops(text, product)
        return self._known[key]

    def seconds(self, text: str, product: Product | None) -> float:
        """How long a text takes that may be said, with the pause after it."""
        fields = shop_fields(self.catalog)
        if product is not None:
            fields = product_fields(self.catalog, product, product.sale_price is not None, 0)
        said = {**self.catalog.pronunciations, **(product.pronunciations if product else {})}
        words = " ".join(each.said for each in tokens(fill(text, fields), self.catalog.language, said))
        return seconds(words, self.catalog.language) + PAUSE

    def _stops(self, text: str, product: Product | None) -> str:
        if lacking := self._lacking(text, product):
            return lacking
        try:
            variant(text, self.catalog, product)
        except ValueError as too_long:
            return str(too_long)
        for said, moment in readings(text, self.catalog, product, self._now):
            if never := self._forbids(said):
                return f"{NEVER}: {', '.join(never)}"
            verdict = self._gate.check(said, self.catalog.language, product.id if product else None, moment)
            if not verdict.passed:
                return "; ".join(f"'{each.claim}': {each.said}" for each in verdict.findings[:3])
        return ""

    def _lacking(self, text: str, product: Product | None) -> str:
        """Which field a text has that says nothing here; braces that are no field count as one."""
        fields = shop_fields(self.catalog)
        if product is not None:
            fields = product_fields(self.catalog, product, product.sale_price is not None, 0)
        for name in names(text):
            if name not in fields:
                return f"there is no field {{{name}}}"
            if fields[name] is None:
                return f"{{{name}}} {NO_FIELD}"
        left = fill(text, {name: "" for name in names(text)})
        return "braces may only stand around the name of a field" if set(left) & {"{", "}"} else ""
