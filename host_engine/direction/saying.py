"""The operator's own words: checked, judged beside the loop, and made into lines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from functools import partial

from host_engine.direction.directed import Directed
from host_engine.direction.orders import MOST, Order, Orders, When
from host_engine.direction.refusals import NotDone
from host_engine.direction.sayable import Spoken, checked, spoken
from host_engine.gate.verdict import Verdict
from host_engine.show.rundown import Line
from host_engine.show.script import make_card


class Saying:
    """Words that the fact gate lets pass are judged again on their way to the air, as those of the script are; words
    that it does not, and that are said anyway, are not. At most `MOST` orders wait."""

    def __init__(self, directed: Directed, orders: Orders, threads: Executor) -> None:
        self._on, self._orders, self._threads = directed, orders, threads
        self._weighed = 0  # orders whose words are being judged

    async def order(
        self, text: str, when: When, who: str, language: str | None, product: str | None, anyway: bool
    ) -> tuple[Order, Verdict]:
        """Have words said. Raises NotDone: 422 where they cannot or may not be said, 429 where too many wait, 409 where
        they name a recalled product, which nothing on air does."""
        words = checked(text)
        if (product_out := self._on.recalled(words)) is not None:
            raise NotDone(f"The product '{product_out}' is recalled: its name is not said until it is restored.", 409)
        tongue = language or self._on.script.show.catalog.language
        if len(self._orders) + self._weighed >= MOST:
            raise NotDone(f"{MOST} orders wait to be said already; withdraw some of them, or wait.", 429)
        self._weighed += 1
        try:
            weigh = partial(self._weigh, words, tongue, product)
            parts, verdict = await asyncio.get_running_loop().run_in_executor(self._threads, weigh)
        finally:
            self._weighed -= 1
        if verdict.findings and not anyway:
            told = " ".join(f"'{each.claim}': {each.said}" for each in verdict.findings)
            raise NotDone(told, 422, verdict.findings)
        make: Callable[[str, Spoken], Line] = partial(self._line, tongue, product, verdict)
        return self._orders.add(words, parts, when, who, tongue, make), verdict

    def _weigh(self, words: str, language: str, product: str | None) -> tuple[list[Spoken], Verdict]:
        """Cut into parts and judged, each and all together. On a thread. Raises NotDone."""
        if not self._on.tongues.sayable(language):
            catalog = self._on.script.show.catalog
            raise NotDone(f"No voice here speaks '{language}'; say it in {catalog.language}.", 422)
        parts = spoken(words, language, self._pronunciations(language, product))
        now, judge = self._on.now(), self._on.judge()
        texts = dict.fromkeys([words, *(part.text for part in parts)])
        found = [judge.check(each, language, product, now) for each in texts]
        evidence = dict.fromkeys(each for verdict in found for each in verdict.evidence)
        findings = dict.fromkeys(each for verdict in found for each in verdict.findings)
        return parts, Verdict(tuple(evidence), tuple(findings))

    def _pronunciations(self, language: str, product: str | None) -> Mapping[str, str]:
        catalog = self._on.script.show.catalog
        if language.split("-")[0].lower() != catalog.language.split("-")[0].lower():
            return {}
        known = catalog.product(product).pronunciations if product and catalog.has(product) else {}
        return {**catalog.pronunciations, **known}

    def _line(self, language: str, product: str | None, verdict: Verdict, id: str, part: Spoken) -> Line:
        """A part of an order as a line, with the card as it is now. One with evidence is judged again."""
        show, now = self._on.script.show, self._on.now()
        about = show.catalog.product(product) if product and show.catalog.has(product) else None
        return Line(
            id=id,
            text=part.text,
            tokens=part.tokens,
            language=language,
            segment="operator",
            product=about.id if about else None,
            card=make_card(show.catalog, about, now) if about else None,
            basis=show.basis(about, now),
            evidence=() if verdict.findings else verdict.evidence,
        )
