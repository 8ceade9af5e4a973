"""What a product, or the shop itself, says: every figure and every promise of its fields, ready to be compared."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from host_engine.gate import claims
from host_engine.gate.claim import Claim
from host_engine.gate.facts import OF_DELIVERY, STRICT, Fact, Limits, Marked, Only, Page
from host_engine.gate.fields import SHOWN, quotes
from host_engine.gate.lists import Language, Mark
from host_engine.gate.names import Names
from host_engine.gate.phrases import Hit
from host_engine.gate.wording import SIGN, WORD, Token, Wording, among, read, stem
from host_engine.show.evidence import Evidence

FREE = among(
    "free kostenlos kostenlose kostenloser gratis frei umsonst kostenfrei gratuit gratuite gratuita gratuito gratuiti "
    "gratuites gratuits gratuitement gratuitamente offert offerte offerts offertes versandkostenfrei portofrei 免 包"
)
EXCEPT = among("except excluding ausser ausgenommen tranne eccetto sauf excepto salvo exceto behalve 除")
ELSE = among("else other others andere anderes anderen altro altri autre autres otro otros outro outros anders 其")
YES = among("yes ja si oui sim 是 可 能 对")
NO = among("no nein non nee nao 不 没")
NEAR = 6  # words between a negation and what it negates
BESIDE = 2  # the same for those that negate a noun: "no", "without"
OF_NOUNS = ("kein", "nessun", "aucun", "ningun", "nenhum", "geen", "without", "ohne", "senza", "sans", "sin", "sem")


class Reader:
    """Makes pages of texts in the language of a catalog."""

    def __init__(
        self, language: Language, limits: Collection[tuple[str, frozenset[str]]] = (), names: Names | None = None
    ) -> None:
        """`limits`: words, and `names`: products, that limit what the shop says to some products."""
        self._language, self._names = language, names
        self._limits = dict(limits)
        self._mentions: dict[int, frozenset[str]] = {}  # products that the text names, by the start of their name

    def page(self, product: str | None, texts: Iterator[tuple[str, str, str]]) -> Page:
        """The page of a product, or of the shop."""
        facts: list[Fact] = []
        marks: dict[Mark, list[Marked]] = {}
        verbatim: dict[str, Evidence] = {}
        words: list[str] = []
        for field, asked, text in texts:
            wording = read(text)
            if product is None and self._names is not None:
                found_names = self._names.find(wording)
                self._mentions = {wording.tokens[each.first].start: frozenset(each.products) for each in found_names}
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
        idle = {n for hit in hits if _is_idiom(hit) for n in range(hit.first, hit.end)}
        figures = claims.find(tokens, self._language.name, self._language.small, idle)
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
                    figure.first in free, figure.day, figure.code, figure.low, value / figure.factor, limits,
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
                about = topics_of(each for each in hits if tokens[each.first].sentence == tokens[hit.first].sentence)
                if hit.owner.name in OF_DELIVERY and "delivery" not in about | _topic_of_field(field):
                    continue  # "we answer on the same day"
                evidence = Evidence(product, field, shown(wording, row))
                limits = self._limited(row) if product is None else None
                said = key(tokens[hit.first : hit.end])
                entry = Marked(negated(hit, hits, tokens), evidence, limits, _threshold(facts, evidence), said)
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
        named += [self._mentions[token.start] for token in row if token.start in self._mentions]
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
            found.add(min(same, key=lambda each: _distance(each, at)).first)
    return frozenset(found)


def _distance(figure: Claim, at: int) -> int:
    """From a word to a price; "free from £40" is more usual than "from £40 free"."""
    return figure.first - at if figure.first > at else at - figure.end + BESIDE + 1


def _is_idiom(hit: Hit) -> bool:
    return isinstance(hit.owner, Mark) and hit.owner.section == "idioms"


def _negates(hit: Hit) -> bool:
    return isinstance(hit.owner, Mark) and hit.owner.section == "negations"


def negated(hit: Hit, hits: Sequence[Hit], tokens: Sequence[Token]) -> bool:
    """Whether a negation stands close to a phrase, in its clause and not inside it."""
    clause = tokens[hit.first].clause
    return any(
        _negates(each)
        and tokens[each.first].clause == clause
        and not hit.first <= each.first < hit.end
        and abs(each.first - hit.first) <= (BESIDE if _of_a_noun(tokens[each.first].text) else NEAR)
        for each in hits
    )


def _of_a_noun(word: str) -> bool:
    return word == "no" or word.startswith(OF_NOUNS)


def key(tokens: Sequence[Token]) -> str:
    """The folded words of some tokens."""
    return " ".join(token.text for token in tokens if token.kind != SIGN)


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
