"""What the viewer page shows beside the picture: the shop, how many watch, and the product on air."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from host_engine.channel_file.config import Channel
from host_engine.control.now import Now, Product
from host_engine.show.catalog import Catalog
from host_engine.show.catalog import Product as CatalogProduct
from host_engine.show.rundown import Card
from host_engine.show.script import make_card

if TYPE_CHECKING:
    from host_engine.channel.studio.studio import Studio


class ShopWindow:
    """A product stays in it until the segment is over, also while lines without a card are said."""

    def __init__(
        self, channel: Channel, studio: Studio, healthy: Callable[[], bool], viewers: Callable[[], int]
    ) -> None:
        self._channel, self._studio, self._healthy, self._viewers = channel, studio, healthy, viewers
        self._segment: str | None = None
        self._card: Card | None = None
        self._fresh: tuple[Card | None, Catalog | None, datetime | None, Card | None] = (None, None, None, None)

    def now(self) -> Now:
        """What is to be seen at this moment."""
        filmed = self._studio.presenting
        catalog, line = self._studio.script.show.catalog, self._studio.playout.now.line
        if line and line.segment != self._segment:
            self._segment, self._card = line.segment, None
        if line and line.card:
            self._card = line.card
        card = self._card_in_force(catalog)
        known = catalog.product(card.product) if card else None
        return Now(
            catalog.shop,
            catalog.language,
            self._healthy(),
            self._channel.label or "",
            self._channel.format.width,
            self._channel.format.height,
            _product(card, known) if card else None,
            self._viewers(),
            filmed=bool(filmed and not filmed.presenter.refused and filmed.footage.about.kind != "drawn"),
        )

    def _card_in_force(self, catalog: Catalog) -> Card | None:
        """The card as it is now: a price that changed on air has changed here too, and what is recalled is gone."""
        card, gone = self._card, self._studio.gatekeeper.embargo.barred
        if card is None or not catalog.has(card.product) or card.product in gone:
            return None
        now = datetime.now(UTC).replace(microsecond=0)
        if self._fresh[0] is not card or self._fresh[1] is not catalog or self._fresh[2] != now:
            self._fresh = card, catalog, now, make_card(catalog, catalog.product(card.product), now)
        return self._fresh[3]


def _product(card: Card, product: CatalogProduct | None) -> Product:
    link = product.link if product else None
    picture, brand = card.picture, card.brand
    return Product(card.title, card.price, card.sale_price, card.saving, brand, link, picture, card.product)
