"""A whole script after a brief: a model's lines where they pass, templates where not, and what must be said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from host_engine.scriptwriting.brief import Brief, MustSay
from host_engine.scriptwriting.composing import Composer
from host_engine.scriptwriting.must import belongs
from host_engine.scriptwriting.reply import Proposal
from host_engine.scriptwriting.segments import Draft, DraftLine, DraftSegment, Stopped
from host_engine.scriptwriting.show_order import draft, with_remarks
from host_engine.show.catalog import Product
from host_engine.show.fields import SALE, names

# Lines that are left out first, where a segment is longer than the brief wants it.
OPTIONAL = ("size", "color", "material", "highlights", "brand", "point", "gist")
_REPLACED = {"intro": ("first", "next"), "what": ("gist",), "price": ("price",), "act": ("act",)}
_GESTURES = {"intro": "present", "price": "point"}
_AMOUNTS = ("{price}", "{sale_price}")


class Manuscript:
    """Writes the segments of a show; every line has passed the judging of its composer."""

    def __init__(
        self, composer: Composer, brief: Brief, proposed: Mapping[str, Sequence[Proposal] | str], variants: int
    ) -> None:
        """`proposed`: a model's lines by product, or why there are none."""
        self._composer, self._brief, self._proposed, self._variants = composer, brief, proposed, variants
        self.stopped: list[Stopped] = []
        self.by_model = 0  # lines

    def write(self, products: Sequence[Product]) -> Draft:
        """The draft. Raises ValueError where the brief leaves no way to say that the host is an AI."""
        made = draft(self._composer, products, self._product, lambda: self.stopped)
        opening, *others = made.segments
        if not any(line.about == "disclosure" for line in opening.lines):
            raise ValueError(
                "the brief forbids the words by which the host says that she is an AI; that is always said"
            )
        wishes = [each for each in self._brief.must_say if not each.each and each.product is None]
        opening = self._composer.segment(opening.id, [*opening.lines, *self._must(wishes, None)], remark=opening.remark)
        made = replace(made, segments=(opening, *others), stopped=tuple(dict.fromkeys((*made.stopped, *self.stopped))))
        return with_remarks(made, self._composer.judging.catalog)

    def _product(self, product: Product, number: int) -> DraftSegment | None:
        lines = list(self._composer.product_lines(product, number))
        found = self._proposed.get(product.id, ())
        if not isinstance(found, str):
            lines = self._with_proposals(lines, found, product)
        wishes = [each for each in self._brief.must_say if belongs(each, product.id)]
        act = next((n for n, line in enumerate(lines) if line.about == "act"), len(lines))
        lines[act:act] = self._must(wishes, product)
        lines = self._fitted(lines, product)
        if not any(line.about in ("name", "what", "gist", "point", "price", "state", "must") for line in lines):
            return None
        return self._composer.segment(product.id, lines, product)

    def _with_proposals(
        self, lines: list[DraftLine], proposed: Sequence[Proposal], product: Product
    ) -> list[DraftLine]:
        """The template's lines, with those of the model in their places where at least one wording passes."""
        points: list[DraftLine] = []
        for each in proposed:
            if each.about == "act" and (self._brief.call_to_action or product.availability != "in_stock"):
                continue
            replaced = _REPLACED.get(each.about, ())
            instead = next((line.variants[0] for line in lines if line.about in replaced), "")
            passing = self._passing(each, product, instead)
            if not passing:
                continue
            made = DraftLine(each.about, passing, _GESTURES.get(each.about), "model")
            at = next((n for n, line in enumerate(lines) if line.about in replaced), None)
            if at is None or each.about == "point":
                points.append(made)
            elif each.about == "price":
                lines[at] = replace(made, variants=_and_always(passing, lines[at].variants))
            else:
                lines[at] = made
            self.by_model += 1
        if points:
            lines = [line for line in lines if line.about not in ("highlights", "material", "color", "size")]
        if any("{title}" in text for line in lines if line.about in ("intro", "what") for text in line.variants[:1]):
            lines = [line for line in lines if line.about not in ("name", "brand")] if _all_named(lines) else lines
        at = next((n for n, line in enumerate(lines) if line.about in ("price", "state")), len(lines))
        return [*lines[:at], *points, *lines[at:]]

    def _passing(self, proposal: Proposal, product: Product, instead: str) -> tuple[str, ...]:
        before = len(self._composer.stopped)
        passing = self._composer.passing(proposal.variants, proposal.about, product, self._variants, told=True)
        new = self._composer.stopped[before:]
        del self._composer.stopped[before:]
        self.stopped += [each._replace(instead="" if passing else instead) for each in new]
        if proposal.about == "price" and not all(any(field in text for field in _AMOUNTS) for text in passing):
            return ()
        return passing

    def _must(self, wishes: Sequence[MustSay], product: Product | None) -> Iterator[DraftLine]:
        for wish in wishes:
            if why := self._composer.judging.stops(wish.text, product):
                where = product.id if product else "opening"
                self.stopped.append(
                    Stopped(where, wish.text, f"this must be said, by the brief, and may not be: {why}")
                )
            else:
                yield DraftLine("must", (wish.text,), by="brief")

    def _fitted(self, lines: list[DraftLine], product: Product) -> list[DraftLine]:
        """Without what can be spared, until the segment is about as long as the brief wants it."""
        length = {id(line): self._composer.seconds(line, product) for line in lines}
        for about in OPTIONAL:
            for line in [each for each in reversed(lines) if each.about == about]:
                total = sum(length[id(each)] for each in lines)
                if total <= self._brief.seconds * 1.1:
                    return lines
                if sum(each.about in ("gist", "what", "point") for each in lines) > 1 or about not in ("gist", "point"):
                    lines = [each for each in lines if each is not line]
        return lines


def _and_always(passing: tuple[str, ...], templates: tuple[str, ...]) -> tuple[str, ...]:
    """A price line needs a wording for while the sale is on, where there is one, and one for when it is over."""
    speaking = [any(name in SALE for name in names(text)) for text in passing]
    more = [text for text in templates if not any(name in SALE for name in names(text))] if all(speaking) else []
    more += [text for text in templates if any(name in SALE for name in names(text))] if not any(speaking) else []
    return tuple(dict.fromkeys((*passing, *more)))


def _all_named(lines: Sequence[DraftLine]) -> bool:
    """Whether each wording of a line says what it is called."""
    return any(all("{title}" in text for text in line.variants) for line in lines if line.about in ("intro", "what"))
