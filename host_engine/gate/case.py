"""One text before the gate: which product each of its parts is about, which topics it has, what is quoted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property

from host_engine.gate import claims
from host_engine.gate.claim import Claim
from host_engine.gate.facts import BOUND, Page
from host_engine.gate.index import Index
from host_engine.gate.lists import Language, Mark, Rule
from host_engine.gate.names import Mention
from host_engine.gate.pages import FREE, free_ones, negated
from host_engine.gate.phrases import Hit
from host_engine.gate.verdict import Finding
from host_engine.gate.wording import SIGN, Wording, among, quote
from host_engine.show.catalog import Product
from host_engine.show.evidence import Evidence

# Words that begin a clause about what was spoken of, whatever else it names.
PRONOUNS = among(
    "it its this that they these es er sie das dieser diese dieses il elle c ce cette questo questa costa lo la "
    "costano esto este esta cuesta cuestan dit deze het ele ela custa 它 这 现 只"
)
MOST = 12  # findings of a text
JOINED = 12  # parts between commas that may be one sentence of the catalog


def _in_turn(named: Sequence[Mention], prices: Sequence[Claim]) -> bool:
    """All names before all prices, or each price before its name: "11 pounds for this one and 12 for that one"."""
    if named[-1].end <= prices[0].first:
        return True
    places = [place for price, name in zip(prices, named, strict=True) for place in (price.first, name.first)]
    return places == sorted(places)


class Case:
    """Collects what is found; `evidence` and `findings` grow as the rules go through the text."""

    def __init__(self, index: Index, wording: Wording, language: Language, product: str | None, now: datetime) -> None:
        self.index, self.wording, self.language, self.now = index, wording, language, now
        self.about = product if index.product(product) else None
        self.tokens = wording.tokens
        self.evidence: dict[Evidence, None] = {}
        self.findings: list[Finding] = []
        self.hits = language.book.find(self.tokens)
        self.mentions = index.names.find(wording)
        self.quoted = self._quoted()
        self.figures = claims.find(self.tokens, language.name, language.small, self.masked)
        self.free = free_ones(self.tokens, self.figures)
        self.pairs = self._pairs()

    # what counts as said by the catalog itself

    @cached_property
    def masked(self) -> frozenset[int]:
        """The tokens whose numbers are no claims: names of products, sentences of the catalog, idioms."""
        found = set(self.quoted)
        for mention in self.mentions:
            if mention.whole:
                found.update(range(mention.first, mention.end))
        for hit in self.hits:
            if isinstance(hit.owner, Mark) and hit.owner.section == "idioms":
                found.update(range(hit.first, hit.end))
        return frozenset(found)

    def _quoted(self) -> dict[int, Evidence]:
        """The tokens that are whole sentences of the catalog, word by word."""
        books = [self.index.page(id).verbatim for id in self.products] + [self.index.shop.verbatim]
        found: dict[int, Evidence] = {}
        parts = self._parts()
        at = 0
        while at < len(parts):
            for last in range(min(len(parts), at + JOINED), at, -1):
                first, end = parts[at][0], parts[last - 1][1]
                said = quote(self.said(first, end))
                known = next((book[said] for book in books if said in book), None)
                if known is None and self.about is None:
                    known = self._of_anything(said, first, found)
                if known is not None:
                    found.update(dict.fromkeys(range(first, end), known))
                    self.evidence.setdefault(known)
                    at = last - 1
                    break
            at += 1
        return found

    def _of_anything(self, said: str, first: int, found: dict[int, Evidence]) -> Evidence | None:
        """A sentence of any product, where the text speaks of none so far, or goes on with what that one says."""
        known = self.index.sentences.get(said)
        before = found.get(first - 1)
        goes_on = before is not None and known is not None and before.product == known.product
        return known if goes_on or not self._named_before(first) else None

    def _parts(self) -> list[tuple[int, int]]:
        """The first token of each clause, and the one behind its last."""
        parts: list[tuple[int, int]] = []
        for n, token in enumerate(self.tokens):
            if not parts or self.tokens[n - 1].clause != token.clause:
                parts.append((n, n + 1))
            else:
                parts[-1] = (parts[-1][0], n + 1)
        return parts

    # which product

    @cached_property
    def products(self) -> tuple[str, ...]:
        """Every product the text is about or names."""
        named = (id for mention in self.mentions for id in mention.products)
        return tuple(dict.fromkeys((*((self.about,) if self.about else ()), *named)))

    def subjects(self, at: int) -> tuple[str, ...]:
        """The products that a claim at a token is about: ids, of which several are called alike; () for the shop."""
        mention = self._mention(at)
        if mention is not None:
            return mention.products
        return (self.about,) if self.about else ()

    def together(self, at: int) -> tuple[str, ...]:
        """Everything that the clause of a token names: what is said of one is said of all; else its subjects."""
        clause = self.tokens[at].clause
        here = [id for each in self.mentions if self.tokens[each.first].clause == clause for id in each.products]
        return tuple(dict.fromkeys(here)) or self.subjects(at)

    def _mention(self, at: int) -> Mention | None:
        """The name that a claim belongs to: in its clause, else the last one before."""
        clause = self.tokens[at].clause
        first = next(n for n, token in enumerate(self.tokens) if token.clause == clause)
        here = [each for each in self.mentions if self.tokens[each.first].clause == clause]
        if before := [each for each in here if each.first <= at]:
            return before[-1]
        if self.about and self.tokens[first].text in PRONOUNS and not self._named_before(first):
            return None
        if here:
            return here[0]
        return self._named_before(first)

    def _named_before(self, at: int) -> Mention | None:
        before = [each for each in self.mentions if each.first < at]
        return before[-1] if before else None

    def _pairs(self) -> dict[int, tuple[str, ...]]:
        """Prices in the order of the products named before them: "the Assam and the Sencha cost 11 and 12 pounds"."""
        found: dict[int, tuple[str, ...]] = {}
        for sentence in {token.sentence for token in self.tokens}:
            named = [each for each in self.mentions if self.tokens[each.first].sentence == sentence]
            prices = [
                each for each in self.figures if each.kind == "money" and self.tokens[each.first].sentence == sentence
            ]
            if len(named) == len(prices) >= 2 and _in_turn(named, prices):
                found |= {price.first: name.products for price, name in zip(prices, named, strict=True)}
        return found

    def priced(self, claim: Claim) -> tuple[str, ...]:
        """The products whose price a price may be."""
        return self.pairs.get(claim.first) or self.subjects(claim.first)

    def catalog_products(self, ids: Iterable[str]) -> list[Product]:
        """The products of some ids."""
        return [self.index.catalog.product(id) for id in ids if self.index.catalog.has(id)]

    def pages(self, ids: Sequence[str]) -> list[Page]:
        """What these products say, and the shop."""
        return [*(self.index.page(id) for id in ids if self.index.catalog.has(id)), self.index.shop]

    # what it is about

    def marks(self, section: str, at: int, wide: bool = False, before: bool = False) -> list[Hit]:
        """The phrases of a section in the clause of a token, or in its sentence if `wide`; or those before it."""
        here = self.tokens[at]
        return [
            hit
            for hit in self._hits_of.get((section, here.sentence), ())
            if (wide or self.tokens[hit.first].clause == here.clause) and not (before and hit.first > at)
        ]

    @cached_property
    def _hits_of(self) -> dict[tuple[str, int], list[Hit]]:
        """The phrases of each section and sentence."""
        found: dict[tuple[str, int], list[Hit]] = {}
        for hit in self.hits:
            if isinstance(hit.owner, Mark):
                found.setdefault((hit.owner.section, self.tokens[hit.first].sentence), []).append(hit)
        return found

    def topics(self, at: int, wide: bool = False, before: bool = False) -> frozenset[str]:
        """The topics around a token."""
        return frozenset(
            hit.owner.name for hit in self.marks("topics", at, wide, before) if isinstance(hit.owner, Mark)
        )

    def bound(self, at: int) -> frozenset[str]:
        """The topics around a token whose figures say nothing about anything else."""
        here = (self.topics(at) & BOUND) or (self.topics(at, wide=True) & BOUND)
        before = [
            hit.owner.name
            for hit in self.hits
            if isinstance(hit.owner, Mark)
            and hit.owner.section == "topics"
            and hit.owner.name in BOUND
            and hit.first < at
        ]
        return here or frozenset(before[-1:])

    def asked(self, at: int) -> bool:
        """Whether nothing is claimed at a token: in a question, or behind "if"."""
        if self.tokens[at].sentence in self.wording.asks:
            return True
        return any(hit.first < at for hit in self.marks("conditions", at))

    def negated(self, hit: Hit) -> bool:
        return negated(hit, self.hits, self.tokens)

    def said(self, first: int, end: int) -> str:
        return self.wording.said(first, end)

    def folded(self, first: int, end: int) -> str:
        """The folded words of some tokens."""
        return " ".join(token.text for token in self.tokens[first:end] if token.kind != SIGN)

    def speaks_of_free(self, at: int) -> bool:
        """Whether the clause of a token says that something costs nothing."""
        return any(token.text in FREE for token in self.tokens if token.clause == self.tokens[at].clause)

    # what comes of it

    def backed(self, *evidence: Evidence) -> None:
        self.evidence.update(dict.fromkeys(evidence))

    @property
    def full(self) -> bool:
        """Enough is wrong: what else is wrong does not matter."""
        return len(self.findings) >= MOST

    def stop(self, rule: str, first: int, end: int, said: str) -> None:
        self.findings.append(Finding(rule, self.said(first, end), said))

    def rules(self) -> list[tuple[Rule, Hit]]:
        """What the lists stop, wherever it is not a sentence of the catalog."""
        return [
            (hit.owner, hit)
            for hit in self.hits
            if isinstance(hit.owner, Rule) and not all(n in self.quoted for n in range(hit.first, hit.end))
        ]
