"""A script from templates: an opening that says that the host is an AI, a segment for each product, breaks, an end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from host_engine.scriptwriting.judging import NEVER, NO_FIELD, Judging
from host_engine.scriptwriting.points import is_a_name, is_modest, points
from host_engine.scriptwriting.segments import DraftLine, DraftSegment, Stopped
from host_engine.scriptwriting.templates import Templates
from host_engine.show.catalog import Product

VARIANTS = 3
FACTS = ("highlights", "material", "color", "size")  # lines that a catalog's attributes give
ABOUT_SHOP = ("shipping", "returns", "warranty", "payment", "contact")
BREAK_AFTER = 4  # products
SHORT = 6  # words of a title that is too long
_GESTURES = {
    "greeting": "wave", "card": "point", "next": "present", "first": "present", "price": "point", "state": "nod",
    "pause": "present", "ask": "nod", "thanks": "wave",
}  # fmt: skip


class Composer:
    """Writes segments; whatever does not pass is left out, and told in `stopped` where somebody else wrote it."""

    def __init__(
        self, templates: Templates, judging: Judging, variants: int = VARIANTS, act: Sequence[str] = ()
    ) -> None:
        """`act`: what viewers are asked to do, instead of the templates."""
        self.templates, self.judging, self._variants = templates, judging, variants
        self._act, self._language = tuple(act), judging.catalog.language
        self.stopped: list[Stopped] = []

    def opening(self, id: str = "opening") -> DraftSegment:
        """The beginning of a round."""
        kinds = ("greeting", "disclosure", "shelf", "card", "ask")
        return self.segment(id, [self.line(kind) for kind in kinds], remark="The beginning of each round.")

    def closing(self, id: str = "closing") -> DraftSegment:
        """The end of a round, after which the opening follows."""
        lines = [self.line("closing"), self.line("thanks"), self.line("disclosure", turn=1)]
        return self.segment(id, lines, remark="The end of a round; the opening follows.")

    def pause(self, number: int, id: str) -> DraftSegment:
        """A break, counted from 0: something about the shop, and time for questions."""
        told = [each for each in ABOUT_SHOP if self.line(each) is not None]
        lines = [self.line("pause", turn=number)]
        lines += [self.line(told[number % len(told)], turn=number)] if told else []
        lines += [self.line("ask", turn=number), self.line("disclosure", turn=number) if number % 2 else None]
        return self.segment(id, lines, remark="A break; viewers ask most here.")

    def product(self, product: Product, number: int) -> DraftSegment | None:
        """The segment of a product, the `number`th of the show; None where nothing of it can be said."""
        lines = list(self.product_lines(product, number))
        if not any(line.about in ("name", "gist", "point", "price", "state") for line in lines):
            return None
        return self.segment(product.id, lines, product)

    def product_lines(self, product: Product, number: int) -> Iterator[DraftLine]:
        """Everything that templates have to say of a product, in its order."""
        kinds = ["first" if number == 0 else "next", "name", "brand", "gist", "point", *FACTS]
        kinds += ["price", "act"] if product.availability == "in_stock" else ["state", "price"]
        for kind in kinds:
            line = self.line(kind, product, number)
            if line is not None:
                yield line

    def line(self, kind: str, product: Product | None = None, turn: int = 0) -> DraftLine | None:
        """The line of a kind, in as many wordings as pass; None where none does. `turn` says with which it begins."""
        texts = self._texts(kind, product)
        first = turn * self._variants % len(texts) if texts else 0
        chosen = self.passing((*texts[first:], *texts[:first]), kind, product, self._most(kind))
        return DraftLine(kind, chosen, _GESTURES.get(kind), self._author(kind)) if chosen else None

    def passing(
        self, texts: Sequence[str], kind: str, product: Product | None, most: int, told: bool = False
    ) -> tuple[str, ...]:
        """The texts that may be said, `most` of them; the others are kept in `stopped`, where they are to be `told`."""
        found: list[str] = []
        for text in dict.fromkeys(texts):
            if len(found) == most:
                break
            if why := self.judging.stops(text, product):
                own = kind == "act" and self._act and NO_FIELD not in why
                if told or own or why.startswith(NEVER):
                    self.stopped.append(Stopped(product.id if product else kind, text, why))
            else:
                found.append(text)
        return tuple(found)

    def segment(
        self, id: str, lines: Sequence[DraftLine | None], product: Product | None = None, remark: str = ""
    ) -> DraftSegment:
        """A segment of the lines that there are, with its length."""
        there = tuple(line for line in lines if line is not None)
        made = DraftSegment(id, there, product.id if product else None, remark or (product.title if product else ""))
        return replace(made, seconds=sum(self.seconds(line, product) for line in there))

    def seconds(self, line: DraftLine, product: Product | None) -> float:
        """How long a line takes, about: that of its longest wording."""
        return self.judging.seconds(max(line.variants, key=len), product)

    def _texts(self, kind: str, product: Product | None) -> tuple[str, ...]:
        if kind == "point":
            return ("{selling_point}",)
        if kind == "gist":
            return self._gist(product) if product else ()
        if kind == "name" and product is not None:
            return self._names(product)
        if kind == "highlights" and product and not is_modest(". ".join(product.product_highlight), self._language):
            return ()
        if kind == "price":
            return (*self.templates.sale, *self.templates.price)
        if kind == "act" and self._act:
            return self._act
        return tuple(getattr(self.templates, kind))

    def _names(self, product: Product) -> tuple[str, ...]:
        """With its title, or with the first words of one that is too long to be said in one go."""
        if not is_a_name(product.title, self._language):
            why = "a name does not claim sales, shares of prices or last chances; the rundown does not say this one"
            self.stopped.append(Stopped(product.id, product.title, why))
            return ()
        short = " ".join(product.title.split()[:SHORT]).rstrip(",;:-–")
        return (*self.templates.name, *(text.replace("{title}", short) for text in self.templates.name))

    def _gist(self, product: Product) -> tuple[str, ...]:
        """What it is: the first sentence of its description that is no selling point as well."""
        known = set(product.selling_points)
        found = points(product.description, self._language)
        return tuple(each for each in found if each not in known)[:1]

    def _most(self, kind: str) -> int:
        return self._variants * 2 if kind == "price" else self._variants

    def _author(self, kind: str) -> str:
        return "catalog" if kind in ("point", "gist") else "brief" if kind == "act" and self._act else "template"
