"""Products of which nothing may be begun, as what is said of them is being changed, or they are recalled."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from host_engine.gate.wording import words
from host_engine.show.evidence import Evidence
from host_engine.show.fields import names
from host_engine.show.rundown import Card, Line, Variant

EVERYTHING = "*"  # stands for all products, where a sentence speaks of the whole catalog
REMEMBERED = 2000  # products whose card of today is known
ON_CARD = frozenset(
    {"title", "brand", "price", "sale_price", "sale_price_effective_date", "availability", "image_link"}
)
BEHIND = {  # the fields of a line -> the fields of the product that they are made of
    "price": {"price", "sale_price", "sale_price_effective_date"},
    "regular_price": {"price"},
    "sale_price": {"price", "sale_price", "sale_price_effective_date"},
    "saving": {"price", "sale_price", "sale_price_effective_date"},
    "saving_amount": {"price", "sale_price", "sale_price_effective_date"},
    "sale_ends": {"sale_price", "sale_price_effective_date"},
    "selling_point": {"selling_points"},
    "highlights": {"product_highlight"},
}
PROSE = frozenset({"description", "product_highlight"})  # filled in when the rundown is read


class Shown(NamedTuple):
    """What a card says that can become false."""

    title: str
    price: str
    sale_price: str | None  # the lower price there is, whether it holds now or not
    availability: str


class Embargo:
    """Which products are barred, and until when; asked from any thread, changed on the event loop.

    A recall bars a product for good, by its name too; a change bars it until the change is in force everywhere.
    """

    def __init__(self) -> None:
        self._changing: frozenset[str] = frozenset()
        self._recalled: dict[str, str] = {}  # id -> its title, in folded words between spaces
        self._barred: frozenset[str] = frozenset()
        self._shown: OrderedDict[str, Shown] = OrderedDict()  # of what was changed since the start

    @property
    def barred(self) -> frozenset[str]:
        """Ids of the products of which nothing may be begun."""
        return self._barred

    def bar(self, products: Iterable[str]) -> None:
        """From now on nothing of these products is begun."""
        self._changing |= frozenset(products)
        self._settle()

    def lift(self, products: Iterable[str]) -> None:
        """What was changed of these products is in force."""
        self._changing -= frozenset(products)
        self._settle()

    def recall(self, product: str, title: str) -> None:
        """Nothing of this product is begun any more, nor what speaks of it by its whole name."""
        said = f" {' '.join(words(title))} " if title else ""
        self._recalled = {**self._recalled, product: said}  # anew, as others may be going through it
        self._settle()

    def restore(self, product: str) -> None:
        """It may be spoken of again."""
        self._recalled = {id: said for id, said in self._recalled.items() if id != product}
        self._settle()

    def in_force(self, shown: Mapping[str, Shown]) -> None:
        """What the cards of changed products say from now on."""
        for product, each in shown.items():
            self._shown[product] = each
            self._shown.move_to_end(product)
        while len(self._shown) > REMEMBERED:
            self._shown.popitem(last=False)

    def forget(self) -> None:
        """Another catalog is in force."""
        self._shown.clear()

    def bars(self, line: Line, evidence: Iterable[Evidence] = ()) -> bool:
        """Whether the line must not be begun. Some microseconds where nothing is barred."""
        barred = self._barred
        if not barred:
            return False
        touched = touches(line, evidence)
        if touched & barred or (EVERYTHING in touched and self._changing):
            return True
        recalled = [title for title in self._recalled.values() if title]
        return bool(recalled) and _named(recalled, line.text)

    def named(self, text: str) -> str | None:
        """The id of a recalled product that a text calls by its whole name."""
        return next((id for id, title in self._recalled.items() if title and _named([title], text)), None)

    def stale(self, card: Card) -> bool:
        """Whether what a card says is not so any more. Cheap enough for every frame."""
        if card.product in self._barred:
            return True
        shown = self._shown.get(card.product)
        if shown is None:
            return False
        same = (card.title, card.price, card.availability) == (shown.title, shown.price, shown.availability)
        return not same or (card.sale_price is not None and card.sale_price != shown.sale_price)

    def _settle(self) -> None:
        self._barred = frozenset((*self._changing, *self._recalled))


def touches(line: Line, evidence: Iterable[Evidence] = ()) -> frozenset[str]:
    """The ids of the products that a line is about: by its segment, its card, and what backs it."""
    found = {each.product for each in (*line.evidence, *evidence) if each.product is not None}
    if any(each.product is None and each.field == "products" for each in (*line.evidence, *evidence)):
        found.add(EVERYTHING)
    if line.product is not None:
        found.add(line.product)
    if line.card is not None:
        found.add(line.card.product)
    return frozenset(found)


def speaks_of(
    line: Line, product: str, fields: frozenset[str] | None, said: Variant | None, evidence: Iterable[Evidence] = ()
) -> bool:
    """Whether a line that is on air says or shows one of these fields of a product; None: anything of it.

    `said`: how its text was written, where it is a line of the script.
    """
    if fields is None:
        return product in touches(line, evidence)
    if any(each.product == product and each.field in fields for each in (*line.evidence, *evidence)):
        return True
    if line.card is not None and line.card.product == product and fields & ON_CARD:
        return True
    if line.product != product:
        return False
    used = {
        field for part in (said.parts if said else ()) for name in names(part) for field in BEHIND.get(name, {name})
    }
    return bool(fields & (used | PROSE))


def _named(titles: Iterable[str], text: str) -> bool:
    said = f" {' '.join(words(text))} "
    return any(title in said for title in titles)
