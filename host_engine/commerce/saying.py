"""A sentence that speaks of an event of the shop, and which of its claims the event backs."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

from host_engine.commerce.event import names
from host_engine.show.evidence import Evidence

COUNTED = frozenset({"quantity"})
"""Rules for whose claims counted orders are enough: never scarcity, reviews, prices or stock."""
GIVEN = frozenset({"quantity", "percentage", "price", "date", "promise", "delivery"})
"""Rules for whose claims a coupon is enough, in a sentence that names its code: what the code gives, and until when."""


class Saying(NamedTuple):
    """`figures`: only claims with one of these; `naming`: only in sentences with this. `until`: UNIX seconds."""

    text: str
    evidence: tuple[Evidence, ...]
    rules: frozenset[str]
    until: float
    product: str | None = None
    figures: tuple[str, ...] = ()
    naming: str = ""

    def backs(self, rule: str, claim: str, sentence: str) -> bool:
        """Whether the event is enough for a claim that the catalog does not back."""
        if rule not in self.rules or (self.naming and not names(sentence, self.naming)):
            return False
        return not self.figures or any(_holds(claim, each) for each in self.figures)


Say = Callable[[Saying, Saying | None], Coroutine[Any, Any, str]]
"""Has a saying said next: "" or the sentence that says why not. The second one must pass as well, and is not said."""
Judge = Callable[[Saying], Coroutine[Any, Any, str]]
"""Whether a saying may be shown: "" or the sentence that says why not."""


def _holds(claim: str, figure: str) -> bool:
    """Whether the claim has that figure, and no other digits."""
    digits = "".join(each for each in claim if each.isdigit())
    return bool(digits) and digits == "".join(each for each in figure if each.isdigit())
