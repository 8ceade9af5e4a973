"""What a product, or the shop itself, says: every figure and every promise of its fields, ready to be compared."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from host_engine.gate import claims
from host_engine.gate.claim import Claim, Kind
from host_engine.gate.dates import Day
from host_engine.gate.lists import Language, Mark
from host_engine.gate.phrases import Hit
from host_engine.gate.wording import SIGN, WORD, Token, Wording, among, quote, read, split, stem
from host_engine.show.catalog import Catalog, Faq, Product
from host_engine.show.evidence import Evidence

PRODUCT_FIELDS = (
    "title", "description", "brand", "color", "size", "material", "pattern", "unit_pricing_measure",
    "product_length", "product_width", "product_height", "product_weight", "shipping_weight",
    "energy_efficiency_class",
)  # fmt: skip
LISTED = ("product_highlight", "product_detail", "selling_points")
BOUND = frozenset({"delivery", "returns", "warranty"})  # topics whose figures say nothing about anything else
FREE = among(
    "free kostenlos kostenlose kostenloser gratis frei umsonst kostenfrei gratuit gratuite gratuita gratuito gratuiti "
    "gratuites gratuits gratuitement gratuitamente offert offerte offerts offertes versandkostenfrei portofrei 免 包"
)
EXCEPT = among("except excluding ausser ausgenommen tranne eccetto sauf excepto salvo exceto behalve 除")
ELSE = among("else other others andere anderes anderen altro altri autre autres otro otros outro outros anders 其")
YES = among("yes ja si oui sim 是 可 能 对")
NO = among("no nein non nee nao 不 没")
# Promises that cost the shop money: only its own sentence backs them, and only its own sentence denies them.
STRICT = frozenset({"free_shipping", "free_returns", "returns", "refund", "warranty", "lifetime", "express", "gift"})
NEAR = 6  # words between a negation and what it negates
SHOWN = 160  # letters of a sentence that are kept as evidence


class Only(NamedTuple):
    """The products that a sentence of the shop holds for: these, or all but these."""

    products: frozenset[str]
    but: bool = False

    def holds(self, product: str | None) -> bool:
        return product is None or (product in self.products) != self.but


Limits = Only | None


class Fact(NamedTuple):
    """A figure of the catalog, and where it stands."""

    kind: Kind
    unit: str
    value: Decimal
    evidence: Evidence
    topics: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()  # stems of its sentence
    counted: frozenset[str] = frozenset()  # stems of what it counts
    coins: frozenset[str] | None = None
    free: bool = False  # from this amount on, something costs nothing
    day: Day | None = None
    code: str = ""
    raw: Decimal | None = None  # the number as it is written
    limits: Limits = None  # the products that it holds for


class Marked(NamedTuple):
    """A promise or statement of the catalog's own words."""

    negated: bool
    evidence: Evidence
    limits: Limits = None  # the products that it holds for
    threshold: Decimal | None = None  # the amount from which on it holds


class Page(NamedTuple):
    """Everything that one product says, or the shop."""

    facts: tuple[Fact, ...]
    marks: dict[Mark, list[Marked]]
    verbatim: dict[str, Evidence]  # its sentences, as `key` writes them
    text: str  # its folded words, to find a phrase in


def texts_of_product(product: Product) -> Iterator[tuple[str, str, str]]:
    """The fields of a product that are texts: the field's name, what it is asked about, the text."""
    for field in PRODUCT_FIELDS:
        if value := getattr(product, field):
            yield field, "", value
    for field in LISTED:
        yield from ((field, "", value) for value in getattr(product, field))
    yield from _faq(product.faq)


def texts_of_shop(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    """The texts of the shop's own fields."""
    yield "shop", "", catalog.shop
    for field, value in catalog.policies:
        if value:
            yield f"policies.{field}", "", value
    yield from _faq(catalog.faq)


def _faq(entries: Sequence[Faq]) -> Iterator[tuple[str, str, str]]:
    for entry in entries:
        yield "faq", " ".join(entry.questions), entry.answer


class Reader:
    """Makes pages of texts in the language of a catalog."""

    def __init__(self, language: Language, names: Collection[tuple[str, frozenset[str]]] = ()) -> None:
        """`names`: words that limit what the shop says to some products, and these."""
        self._language = language
        self._limits = dict(names)

    def page(self, product: str | None, texts: Iterator[tuple[str, str, str]]) -> Page:
        """The page of a product, or of the shop."""
        facts: list[Fact] = []
        marks: dict[Mark, list[Marked]] = {}
        verbatim: dict[str, Evidence] = {}
        words: list[str] = []
        for field, asked, text in texts:
            wording = read(text)
            hits = self._language.book.find(wording.tokens)
            about = topics_of(self._language.book.find(read(asked).tokens)) if asked else frozenset()
            about |= _topic_of_field(field)
            found = list(self._facts(product, field, wording, hits, about))
            facts += found
            self._mark(product, field, wording, hits, found, marks)
            if asked:
                self._answer(product, wording, asked, marks)
            for said, evidence in quotes(product, field, wording.text):
                verbatim.setdefault(said, evidence)
            words += [token.text for token in wording.tokens if token.kind != SIGN] + ["|"]
        return Page(tuple(facts), marks, verbatim, f" {' '.join(words)} ")

    def _facts(
        self, product: str | None, field: str, wording: Wording, hits: Sequence[Hit], about: frozenset[str]
    ) -> Iterator[Fact]:
        tokens = wording.tokens
        figures = claims.find(tokens, self._language.name, self._language.small)
        free = free_ones(tokens, figures)
        for figure in figures:
            sentence = tokens[figure.first].sentence
            topics = about | topics_of(hit for hit in hits if tokens[hit.first].sentence == sentence)
            row = [token for token in tokens if token.sentence == sentence]
            evidence = Evidence(product, field, shown(wording, row))
            clause = [token for token in row if token.clause == tokens[figure.first].clause]
            limits = self._limited(clause) if product is None else None
            stems = frozenset(
                stem(each.text) for each in row if each.kind == WORD and each.text not in self._language.small
            )
            for unit, value in figure.readings or ((("", Decimal(0))),):
                yield Fact(
                    figure.kind, unit, value, evidence, topics, stems, figure.words, figure.coins,
                    figure.first in free, figure.day, figure.code, value / figure.factor, limits,
                )  # fmt: skip

    def _mark(
        self, product: str | None, field: str, wording: Wording, hits: Sequence[Hit], facts: Sequence[Fact],
        marks: dict[Mark, list[Marked]],
    ) -> None:  # fmt: skip
        tokens = wording.tokens
        for hit in hits:
            if isinstance(hit.owner, Mark) and hit.owner.section in ("promises", "days", "states", "sale"):
                row = [token for token in tokens if token.sentence == tokens[hit.first].sentence]
                if product is not None and any(token.text in ELSE for token in row):
                    continue  # "everything else is vegan" does not speak of this product
                evidence = Evidence(product, field, shown(wording, row))
                limits = self._limited(row) if product is None else None
                entry = Marked(negated(hit, hits, tokens), evidence, limits, _threshold(facts, evidence))
                marks.setdefault(hit.owner, []).append(entry)
        for sentence in sentences(tokens):
            if any(token.text in FREE for token in sentence) and "delivery" in topics_of(
                hit for hit in hits if tokens[hit.first].sentence == sentence[0].sentence
            ) | _topic_of_field(field):
                evidence = Evidence(product, field, shown(wording, sentence))
                entry = Marked(False, evidence, None, _threshold(facts, evidence))
                if not any(hit for hit in hits if _negates(hit) and tokens[hit.first].sentence == sentence[0].sentence):
                    marks.setdefault(Mark("promises", "free_shipping"), []).append(entry)
        for name in ("returns", "warranty"):
            if field == f"policies.{name}":
                whole = Marked(False, Evidence(None, field, wording.text[:SHOWN]), self._limited(tokens))
                marks.setdefault(Mark("promises", name), []).append(whole)

    def _answer(self, product: str | None, wording: Wording, asked: str, marks: dict[Mark, list[Marked]]) -> None:
        """A plain yes or no is said of what was asked: "Is it dishwasher safe? No, please wash it by hand."."""
        tokens = wording.tokens
        if len(tokens) < 2 or tokens[1].kind != SIGN or tokens[0].text not in YES | NO:
            return
        answer = Evidence(product, "faq", wording.text[:SHOWN])
        denied = tokens[0].text in NO
        for hit in self._language.book.find(read(asked).tokens):
            if (
                isinstance(hit.owner, Mark)
                and hit.owner.section == "promises"
                and (denied or hit.owner.name not in STRICT)
            ):
                entries = marks.setdefault(hit.owner, [])
                if denied:
                    entries[:] = [each for each in entries if each.evidence.field != "faq" or each.negated]
                entries.append(Marked(denied, answer))

    def _limited(self, row: Sequence[Token]) -> Limits:
        """The products that a part of the shop's texts speaks of, where it names some."""
        named = [self._limits[token.text] for token in row if token.text in self._limits]
        if not named or any(token.text in ELSE for token in row):
            return None
        return Only(frozenset().union(*named), any(token.text in EXCEPT for token in row))


def _topic_of_field(field: str) -> frozenset[str]:
    topic = {"policies.shipping": "delivery", "policies.returns": "returns", "policies.warranty": "warranty"}.get(field)
    return frozenset({topic}) if topic else frozenset()


def _threshold(facts: Sequence[Fact], evidence: Evidence) -> Decimal | None:
    return next(
        (fact.value for fact in facts if fact.free and fact.kind == "money" and fact.evidence == evidence), None
    )


def topics_of(hits: Iterator[Hit] | Sequence[Hit]) -> frozenset[str]:
    """The topics that some phrases tell."""
    return frozenset(hit.owner.name for hit in hits if isinstance(hit.owner, Mark) and hit.owner.section == "topics")


def free_ones(tokens: Sequence[Token], figures: Sequence[Claim]) -> frozenset[int]:
    """The prices from which on something is free: each word such as "free" belongs to the nearest one."""
    found = set()
    for at, token in enumerate(tokens):
        if token.text not in FREE:
            continue
        near = [each for each in figures if each.kind == "money" and tokens[each.first].sentence == token.sentence]
        same = [each for each in near if tokens[each.first].clause == token.clause] or near
        if same:
            found.add(min(same, key=lambda each: (min(abs(each.first - at), abs(at - each.end)), -each.first)).first)
    return frozenset(found)


def _negates(hit: Hit) -> bool:
    return isinstance(hit.owner, Mark) and hit.owner.section == "negations"


def negated(hit: Hit, hits: Sequence[Hit], tokens: Sequence[Token]) -> bool:
    """Whether a negation stands close to a phrase, in its clause and not inside it."""
    clause = tokens[hit.first].clause
    return any(
        _negates(each)
        and tokens[each.first].clause == clause
        and not hit.first <= each.first < hit.end
        and -NEAR <= each.first - hit.first <= NEAR
        for each in hits
    )


def sentences(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each sentence."""
    row: list[Token] = []
    for token in tokens:
        if row and token.sentence != row[0].sentence:
            yield row
            row = []
        row.append(token)
    if row:
        yield row


def shown(wording: Wording, row: Sequence[Token]) -> str:
    """Some tokens as they are written."""
    return wording.text[row[0].start : row[-1].end][:SHOWN] if row else ""


def days_of(product: Product) -> Iterator[tuple[date, str, str]]:
    """The days in the fields of a product: the day, its field, its value."""
    for field in ("availability_date", "expiration_date"):
        if when := getattr(product, field):
            yield when.date(), field, when.isoformat()


def quotes(product: str | None, field: str, text: str) -> Iterator[tuple[str, Evidence]]:
    """The sentences of a cleaned text of more than one word, as `quote` writes them, and the whole text."""
    parts = split(text)
    for part in parts if len(parts) == 1 else [*parts, text]:
        if " " in (said := quote(part)):
            yield said, Evidence(product, field, part.strip()[:SHOWN])
