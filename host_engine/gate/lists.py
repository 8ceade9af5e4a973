"""The lists of the gate: what nobody may say, and the words that make a claim, in a file for each language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, field_validator

from host_engine import document
from host_engine.document import Problem, Problems
from host_engine.document.events import load as load_yaml
from host_engine.gate.phrases import Phrase, Phrasebook, parse
from host_engine.gate.tongues import LANGUAGES
from host_engine.gate.wording import words
from host_engine.priority import gently

FOLDER = Path(__file__).parent / "lists"
CATEGORIES = FOLDER / "categories.yaml"

Kind = Literal["experience", "scarcity", "review", "superlative", "medical", "promise", "delivery", "banned"]
State = Literal["in_stock", "out_of_stock", "preorder", "backorder"]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def _phrases(written: object) -> object:
    """A list of phrases, of which several may stand in one entry, parted by commas."""
    if isinstance(written, str):
        written = [written]
    if not isinstance(written, list):
        return written
    return [piece.strip() for each in written for piece in str(each).replace("，", ",").split(",") if piece.strip()]


def _readable(phrases: tuple[str, ...]) -> tuple[str, ...]:
    for each in gently(phrases):
        parse(each)
    return phrases


Written = Annotated[tuple[str, ...], BeforeValidator(_phrases)]


class Rule(Part):
    """Something that no sentence may say, unless the catalog says it where `backed` allows that."""

    rule: Kind
    """Which kind of claim it is: what the operator is told, and what is counted."""
    why: Annotated[str, Field(min_length=8)]
    """A sentence for the operator."""
    phrases: Annotated[Written, Field(min_length=1)]
    """Words as they are said; * ends any word, ? makes one optional, | parts words of which any fits, ... is a gap."""
    unless: Written = ()
    """Phrases around it that excuse it, such as "I would" where "I" is stopped."""
    categories: tuple[str, ...] = ()
    """Only about products of these categories, the names of categories.yaml or words of the product's own category."""
    backed: bool = False
    """Whether the catalog may say it: then it passes where a text of the product or the shop has the same phrase."""

    @field_validator("phrases", "unless")
    @classmethod
    def _checked(cls, written: tuple[str, ...]) -> tuple[str, ...]:
        return _readable(written)


Table = dict[str, Written]


class Lists(Part):
    """The lists of one language. A brand's own file needs the language and `rules` only."""

    language: str
    """Such as en: the two letters of the language."""
    small: Written = ()
    """Words that say nothing by themselves."""
    negations: Written = ()
    """Words that turn a statement round."""
    conditions: Written = ()
    """Words behind which nothing is claimed: if, whether, when."""
    idioms: Written = ()
    """Phrases whose numbers count nothing."""
    deadlines: Written = ()
    """Words before the end of an offer: until, by."""
    topics: Table = Field(default_factory=dict)
    """Words that tell what a number is about: delivery, returns, warranty, saving, price."""
    states: dict[State, Written] = Field(default_factory=dict)
    """What says that something can be bought, or not."""
    sale: Written = ()
    """What says that something is on offer now."""
    regular: Written = ()
    """Words beside a price that is not the one in force: usually, instead of."""
    promises: Table = Field(default_factory=dict)
    """What the shop would have to keep, by its name: free_shipping, warranty, ..."""
    shares: Table = Field(default_factory=dict)
    """Discounts in words: half, third, quarter."""
    prices: Table = Field(default_factory=dict)
    """Comparisons of prices: cheaper, dearer, cheapest, dearest."""
    days: Table = Field(default_factory=dict)
    """Days that are named from today: today, tomorrow, weekend, ..., and monday to sunday."""
    rules: tuple[Rule, ...] = ()
    """What no sentence may say."""
    _book: Phrasebook | None = PrivateAttr(default=None)

    @field_validator("language")
    @classmethod
    def _known(cls, language: str) -> str:
        if language not in LANGUAGES:
            raise ValueError(f"'{language}' is not a language that the gate can read: {', '.join(LANGUAGES)}")
        return language

    @field_validator("negations", "conditions", "idioms", "deadlines", "sale", "regular")
    @classmethod
    def _checked(cls, written: tuple[str, ...]) -> tuple[str, ...]:
        return _readable(written)

    @field_validator("topics", "states", "promises", "shares", "prices", "days")
    @classmethod
    def _all_checked(cls, table: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
        for written in table.values():
            _readable(written)
        return table


class Mark(NamedTuple):
    """What a phrase of the lists means: its section, and its name there."""

    section: str
    name: str


class Language(NamedTuple):
    """One language, ready to be matched."""

    name: str
    small: frozenset[str]
    book: Phrasebook  # of every phrase; owners are `Mark`s and `Rule`s
    unless: Mapping[Rule, Phrasebook]


TABLES = ("topics", "states", "promises", "shares", "prices", "days")
ROWS = ("negations", "conditions", "idioms", "deadlines", "sale", "regular")


def load(path: Path) -> Lists:
    """The lists of a file. Raises Problems with everything that is wrong in it."""
    return document.read(path, Lists)


def load_more(paths: Iterable[Path]) -> tuple[Lists, ...]:
    """A brand's own lists. Raises Problems with everything that is wrong in all of them."""
    found, problems = [], []
    for path in paths:
        lists, wrong = document.examine(path, Lists)
        problems += wrong
        if lists is not None and not wrong:
            found.append(lists)
    if problems:
        raise Problems(problems)
    return tuple(found)


def problems_of(paths: Iterable[Path]) -> list[Problem]:
    """What is wrong in a brand's own lists."""
    return [problem for path in paths for problem in document.examine(path, Lists).problems]


@lru_cache
def shipped(language: str) -> Lists:
    """The lists that come with the engine, for one of LANGUAGES."""
    return load(FOLDER / f"{language}.yaml")


@lru_cache
def small(language: str) -> frozenset[str]:
    """The small words of a shipped language, without the work that its lists take."""
    table = load_yaml((FOLDER / f"{language}.yaml").read_bytes())
    return frozenset(word for row in table["small"] for each in row.split(",") for word in words(each))


@lru_cache
def ready(language: str, more: tuple[str, ...] = ()) -> Language:
    """A language with its shipped lists, and a brand's own as JSON texts."""
    own = [Lists.model_validate_json(text) for text in more]
    lists = [shipped(language), *(each for each in own if each.language == language)]
    rules = tuple(rule for each in lists for rule in each.rules)
    small = frozenset(word for each in lists for written in each.small for word in words(written))
    unless = {rule: Phrasebook((rule, parse(each)) for each in rule.unless) for rule in rules if rule.unless}
    return Language(language, small, Phrasebook(entry for each in lists for entry in gently(_entries(each))), unless)


def _entries(lists: Lists) -> Iterator[tuple[object, Phrase]]:
    for section in TABLES:
        for name, written in getattr(lists, section).items():
            yield from ((Mark(section, name), parse(each)) for each in written)
    for section in ROWS:
        yield from ((Mark(section, ""), parse(each)) for each in getattr(lists, section))
    for rule in lists.rules:
        yield from ((rule, parse(each)) for each in rule.phrases)


class Categories(Part):
    """Product categories: the words by which a product's own category is recognised."""

    categories: dict[str, Written]


@lru_cache
def categories() -> Mapping[str, tuple[str, ...]]:
    """The names of categories, and their words in lower case."""
    table = document.read(CATEGORIES, Categories).categories
    return {name: tuple(word.casefold() for word in written) for name, written in table.items()}
