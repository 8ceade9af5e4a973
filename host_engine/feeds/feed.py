"""A feed read: its products as a catalog writes them, and of every other row the line and the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from host_engine.document import Problem
from host_engine.feeds import jsonld, merchant_table, merchant_xml, shopify
from host_engine.feeds.kinds import Format, Kind, format_of
from host_engine.feeds.offer import Found, Terms, made
from host_engine.feeds.refusal import LeftOut, NotForSale, Refused
from host_engine.feeds.shop import Shop
from host_engine.feeds.tables import Broken, rows
from host_engine.feeds.text_lines import lines
from host_engine.feeds.unpacking import pieces

MOST_PRODUCTS = 20_000
MOST_SIGNS = 40_000_000  # of all products: a catalog's file is read up to 64 MB
MOST_TOLD = 1000  # rows that are told one by one

Entry = Found | Broken | NotForSale


class Wanted(NamedTuple):
    """What somebody who brings a feed in says about it."""

    kind: Kind | None = None
    currency: str | None = None
    limit: int | None = None  # products
    base: str = ""  # address that the file came from
    now: datetime | None = None


NOTHING_SAID = Wanted()


@dataclass
class Feed:
    """What was taken of a feed. Counts go on where the lists of what was not taken end."""

    name: str
    format: Format
    shop: Shop = field(default_factory=Shop)
    products: list[dict[str, Any]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)  # of the products
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    not_for_sale: list[str] = field(default_factory=list)
    left_out: int = 0
    noted: int = 0
    unoffered: int = 0
    ended: str = ""  # why not all of it was looked at

    def refuse(self, line: int | None, where: str, what: str) -> None:
        """A row cannot be taken."""
        self.left_out += 1
        if len(self.problems) < MOST_TOLD:
            self.problems.append(Problem(self.name, line, where, what))

    def note(self, line: int | None, where: str, what: str) -> None:
        """Something of a row was changed or left out."""
        self.noted += 1
        if len(self.notes) < MOST_TOLD:
            self.notes.append(Problem(self.name, line, where, what))

    def unoffer(self, what: str) -> None:
        """The shop itself does not offer it."""
        self.unoffered += 1
        if len(self.not_for_sale) < MOST_TOLD:
            self.not_for_sale.append(what)


def read_feed(path: Path, wanted: Wanted = NOTHING_SAID, name: str | None = None) -> Feed:
    """The products of a file, in bounded memory. Raises Refused where nothing at all can be taken.

    What goes wrong in the middle of the file ends it there: what was read before it stays.
    """
    format = format_of(pieces(path), wanted.kind)
    feed = Feed(name or str(path), format)
    terms = Terms(wanted.currency, wanted.base, wanted.now or datetime.now(UTC))
    try:
        _take(feed, _entries(path, feed, wanted), terms, wanted.limit)
    except Refused as wrong:
        if not feed.products:
            raise
        feed.refuse(wrong.line, "", str(wrong))
    if not feed.products and not feed.left_out and not feed.unoffered:
        raise Refused("there is no product in it")
    return feed


def _entries(path: Path, feed: Feed, wanted: Wanted) -> Iterator[Entry]:
    match feed.format:
        case "shopify":
            if wanted.currency is None:
                raise Refused("a Shopify CSV does not say its currency; add it, such as --currency EUR")
            yield from shopify.products(rows(lines(pieces(path))), feed.shop, wanted.currency)
        case "merchant table":
            yield from merchant_table.products(rows(lines(pieces(path))))
        case "merchant xml":
            yield from merchant_xml.products(pieces(path), feed.shop)
        case "jsonld":
            yield from jsonld.products(pieces(path), feed.shop)


def _take(feed: Feed, entries: Iterable[Entry], terms: Terms, limit: int | None) -> None:
    taken: dict[str, int] = {}
    signs = 0
    for entry in entries:
        if isinstance(entry, NotForSale):
            feed.unoffer(str(entry))
        elif isinstance(entry, Broken):
            feed.refuse(entry.line, "", entry.what)
        else:
            if feed.ended:
                return
            signs += _add(feed, entry, terms, taken)
            if len(feed.products) >= min(limit or MOST_PRODUCTS, MOST_PRODUCTS):
                feed.ended = f"{len(feed.products)} products are taken; the rest of the feed is not looked at"
            elif signs > MOST_SIGNS:
                feed.ended = "the catalog would be larger than a file may be; the rest of the feed is not looked at"


def _add(feed: Feed, found: Found, terms: Terms, taken: dict[str, int]) -> int:
    """How many signs a product adds; 0 where it cannot be taken."""
    where = found.where or _called(found)
    try:
        product, notes = made(found.said, terms._replace(base=terms.base or feed.shop.base))
    except LeftOut as why:
        feed.refuse(found.line, where, str(why))
        return 0
    if product["id"] in taken:
        feed.refuse(found.line, where, f"the id '{product['id']}' is taken already, in line {taken[product['id']]}")
        return 0
    taken[product["id"]] = found.line
    for note in notes:
        feed.note(found.line, where, note)
    feed.products.append(product)
    feed.lines.append(found.line)
    feed.shop.vendor(product.get("brand", ""))
    return sum(len(str(value)) for value in product.values()) + 100


def _called(found: Found) -> str:
    raw = next(iter(found.said.get("id") or found.said.get("title") or ("",)))
    return "".join(sign for sign in raw if sign.isprintable())[:40]
