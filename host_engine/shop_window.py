"""What the viewer page shows beside the picture: the shop, how many watch, and the product on air."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from host_engine.config import Channel
from host_engine.control.now import Now, Product
from host_engine.show.catalog import Product as CatalogProduct
from host_engine.show.rundown import Card

if TYPE_CHECKING:
    from host_engine.build import Studio


class ShopWindow:
    """A product stays in it until the segment is over, also while lines without a card are said."""

    def __init__(
        self, channel: Channel, studio: Studio, healthy: Callable[[], bool], viewers: Callable[[], int]
    ) -> None:
        self._channel, self._studio, self._healthy, self._viewers = channel, studio, healthy, viewers
        self._segment: str | None = None
        self._card: Card | None = None

    def now(self) -> Now:
        """What is to be seen at this moment."""
        filmed = self._studio.presenting
        catalog, line = self._studio.script.show.catalog, self._studio.playout.now.line
        if line and line.segment != self._segment:
            self._segment, self._card = line.segment, None
        if line and line.card:
            self._card = line.card
        known = catalog.product(self._card.product) if self._card and catalog.has(self._card.product) else None
        return Now(
            catalog.shop,
            catalog.language,
            self._healthy(),
            self._channel.label or "",
            self._channel.format.width,
            self._channel.format.height,
            _product(self._card, known) if self._card else None,
            self._viewers(),
            filmed=bool(filmed and not filmed.presenter.refused and filmed.footage.about.kind != "drawn"),
        )


def _product(card: Card, product: CatalogProduct | None) -> Product:
    link = product.link if product else None
    picture, brand = card.picture, card.brand
    return Product(card.title, card.price, card.sale_price, card.saving, brand, link, picture, card.product)
