"""Where the shop delivers: a country that is named beside a delivery must be named so in the catalog."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale

from host_engine.gate.case import Case
from host_engine.gate.lists import Mark
from host_engine.gate.wording import SIGN, Token, read, words
from host_engine.show.evidence import Evidence

LONGEST = 4  # words of a country's name


def judge(case: Case) -> None:
    """Stop a delivery to a country that the catalog does not name, or denies."""
    for at, code, end in _named(case.tokens, case.language.name):
        if "delivery" not in case.topics(at) or case.asked(at) or at in case.quoted:
            continue
        denied = _denied(case, at)
        known = _of_shop(case)
        if code in known and known[code][0] == denied:
            case.backed(known[code][1])
        elif not denied or code in known:
            case.stop("delivery", at, end, "The catalog does not say that the shop delivers there.")


def _denied(case: Case, at: int) -> bool:
    return any(
        isinstance(hit.owner, Mark) and hit.owner.section == "negations" for hit in case.hits
        if case.tokens[hit.first].clause == case.tokens[at].clause
    )  # fmt: skip


def _of_shop(case: Case) -> dict[str, tuple[bool, Evidence]]:
    """The countries in the shop's own texts: whether they are denied, and where that stands."""
    language, catalog = case.index.language, case.index.catalog
    found: dict[str, tuple[bool, Evidence]] = {}
    texts = [(f"policies.{field}", value) for field, value in catalog.policies if value]
    texts += [("faq", entry.answer) for entry in catalog.faq]
    for field, text in texts:
        wording = read(text)
        hits = case.index.book.find(wording.tokens)
        for at, code, _ in _named(wording.tokens, language):
            sentence = wording.tokens[at].sentence
            denied = any(
                isinstance(hit.owner, Mark)
                and hit.owner.section == "negations"
                and wording.tokens[hit.first].sentence == sentence
                for hit in hits
            )
            found.setdefault(code, (denied, Evidence(None, field, text[:160])))
    return found


def _named(tokens: tuple[Token, ...], language: str) -> list[tuple[int, str, int]]:
    """The countries that a text names: first token, code, end."""
    known = _countries(language)
    spoken = [n for n, token in enumerate(tokens) if token.kind != SIGN]
    found = []
    for at in range(len(spoken)):
        for length in range(min(LONGEST, len(spoken) - at), 0, -1):
            code = known.get(" ".join(tokens[n].text for n in spoken[at : at + length]))
            if code:
                found.append((spoken[at], code, spoken[at + length - 1] + 1))
                break
    return found


@lru_cache
def _countries(language: str) -> dict[str, str]:
    """The names of countries in a language, folded, and their codes."""
    found = {}
    for code, name in Locale.parse(language).territories.items():
        if len(code) == 2 and code.isalpha() and code not in ("ZZ", "XA", "XB", "EZ", "UN"):
            found[" ".join(words(name))] = code
    extra = {"en": {"uk": "GB", "usa": "US", "us": "", "eu": "EU", "america": "US"}, "de": {"deutschlands": "DE"}}
    found |= extra.get(language, {})
    return {name: code for name, code in found.items() if code and (len(name) > 1)}
