"""A show: a catalog, the rundown that leads through it, and the lines that are made of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from host_engine.show import rundown as rundowns
from host_engine.show.catalog import Catalog, Product
from host_engine.show.countdown import Left, left
from host_engine.show.fields import fill, names, product_fields, shop_fields
from host_engine.show.mandatory import PREFIX, Mandatory
from host_engine.show.rundown import Basis, Card, Entry, Line, Place, Rundown, RundownFile, Variant
from host_engine.show.spoken import tokens


@dataclass(frozen=True)
class Show:
    """A catalog and the rundown that leads through it."""

    catalog: Catalog
    rundown: Rundown
    ticker: tuple[str, ...]
    version: str = ""  # of the catalog: the first 12 digits that sha256sum gives for its file
    written: RundownFile | None = field(default=None, compare=False, repr=False)  # the rundown as it is in its file

    def line(self, entry: Entry, variant: Variant, part: int, round: int, now: datetime) -> Line:
        """A part of an entry as it is said at an instant. Raises KeyError where a field has no value then."""
        product = self.catalog.product(entry.product) if entry.product else None
        clock = self._left(entry, product, now)
        text = fill(variant.parts[part], self._fields(product, clock, round, now))
        said_so = {**self.catalog.pronunciations, **(product.pronunciations if product else {})}
        shows_card = product is not None and entry.cues.show_card is not False
        clip = entry.cues.clip
        if product and clip == rundowns.THE_PRODUCTS:
            clip = product.clip
        clocked = tuple(clock.fields[name] for name in names(variant.parts[part]) if clock and name in clock.fields)
        return Line(
            id=f"{entry.id}:{part}" if part else entry.id,
            text=text,
            tokens=tokens(text, self.catalog.language, said_so),
            language=self.catalog.language,
            segment=entry.segment,
            product=entry.product,
            scene=entry.scene,
            card=make_card(self.catalog, product, now) if product and shows_card else None,
            gesture=entry.cues.gesture,
            clip=self.catalog.file(clip),
            basis=self.basis(product, now),
            place=Place(entry.id, round, entry.variants.index(variant), part, variant.checksum),
            mandatory=entry.counts_as if part == 0 else None,
            scheduled=clocked,
            until=clock.until if clock and clocked else None,
        )

    def mandatory_line(self, line: Mandatory, words: tuple[str, ...], part: int) -> Line:
        """A part of a mandatory line; its parts are `words`."""
        text = fill(words[part], shop_fields(self.catalog))
        id = f"{PREFIX}{line.id}"
        return Line(
            id=f"{id}:{part}" if part else id,
            text=text,
            tokens=tokens(text, self.catalog.language, self.catalog.pronunciations),
            language=self.catalog.language,
            segment="mandatory",
            gesture=line.gesture,
            basis=Basis(self.catalog.name, self.version),
            mandatory=line.id,
        )

    def basis(self, product: Product | None, now: datetime) -> Basis:
        """What backs whatever is said about a product, or about the shop, at an instant."""
        if product is None:
            return Basis(self.catalog.name, self.version)
        sale = str(product.sale_price) if product.on_sale(now) else None
        return Basis(self.catalog.name, self.version, str(product.price), sale)

    def on_sale(self, entry: Entry, now: datetime) -> bool:
        """Whether the product that an entry is about has its sale price at an instant."""
        return entry.product is not None and self.catalog.product(entry.product).on_sale(now)

    def _fields(
        self, product: Product | None, clock: Left | None, round: int, now: datetime
    ) -> Mapping[str, str | None]:
        fields = shop_fields(self.catalog)
        if product:
            fields = product_fields(self.catalog, product, product.on_sale(now), round)
        return {**fields, **clock.fields} if clock else fields

    def _left(self, entry: Entry, product: Product | None, now: datetime) -> Left | None:
        """What is left until what the entry's segment counts down to."""
        here = now.astimezone(self.rundown.zone)
        target = entry.rules.target(product, here)
        return left(target, here, self.catalog.language, self.rundown.zone) if target else None


def make_card(catalog: Catalog, product: Product, now: datetime) -> Card:
    """What the product card shows at an instant."""
    sale = product.sale_price if product.on_sale(now) else None
    period = product.sale_price_effective_date
    fields = product_fields(catalog, product, sale is not None, 0)
    return Card(
        product=product.id,
        title=product.title,
        brand=product.brand or "",
        price=product.price.shown(catalog.language),
        sale_price=sale.shown(catalog.language) if sale else None,
        saving=f"-{fields['saving']}" if sale else None,
        picture=catalog.file(product.image_link),
        ends=period.end if period and sale else None,
        availability=fields["availability"] or "",
    )
