"""Which product of the catalog it is that Shopify speaks of by its own numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from host_engine.commerce.kept import Kept
from host_engine.commerce.shopify_payload import LineItem, ProductUpdate, Variant
from host_engine.show.catalog import Catalog


class Item(NamedTuple):
    """What is counted in a stock: which product it is, and whether that is sold anyway."""

    product: str
    sold_anyway: bool = False


class ShopifyIds:
    """By the mapping of the channel file, else by the SKU (as the id, then as the mpn), else by the bar code; a whole
    product by its handle. Stock and deletions name nothing but numbers: whose they are is learnt from products/update,
    and kept."""

    def __init__(
        self,
        catalog: Callable[[], Catalog],
        mapping: Mapping[str, str],
        kept: Kept | None = None,
        recalled: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """`mapping`: numbers of variants, inventory items or products, or SKUs, to ids of the catalog.
        `recalled`: ids of products that are out for a while."""
        self._catalog, self._mapping, self._kept, self._recalled = catalog, mapping, kept, recalled
        self._items: dict[int, Item] = {}
        self._products: dict[int, tuple[str, ...]] = {}
        self._indexed: Catalog | None = None
        self._by_mark: Mapping[str, str] = {}  # mpn and gtin

    def load(self, items: Mapping[str, Any], products: Mapping[str, Any]) -> None:
        """What an earlier run has learnt."""
        self._items = {int(key): Item(str(value[0]), bool(value[1])) for key, value in items.items()}
        self._products = {int(key): tuple(map(str, value)) for key, value in products.items()}

    def index(self) -> None:
        """Make it quick to find products by their marks; takes some milliseconds, on any thread."""
        catalog = self._catalog()
        if self._indexed is not catalog:
            marks = {each.mpn: each.id for each in catalog.products if each.mpn}
            self._by_mark = marks | {each.gtin.lstrip("0"): each.id for each in catalog.products if each.gtin}
            self._indexed = catalog

    def variant(self, variant: Variant) -> str | None:
        """The id of a variant; None where the catalog has none of it."""
        named = (str(variant.id), str(variant.inventory_item_id), variant.sku or "")
        return self._mapped(*named) or self._by_sku(variant.sku) or self._marked(_digits(variant.barcode))

    def bought(self, row: LineItem) -> str | None:
        """The id of what was bought."""
        learnt = self._products.get(row.product_id or 0, ())
        by_number = self._mapped(str(row.variant_id), row.sku or "") or self._by_sku(row.sku)
        return by_number or self._mapped(str(row.product_id)) or (learnt[0] if len(learnt) == 1 else None)

    def whole(self, product: ProductUpdate) -> str | None:
        """The id under which all variants of a product are sold together."""
        return self._mapped(str(product.id)) or self.there(product.handle or "")

    def item(self, number: int) -> Item | None:
        """What an inventory item is, if that is known."""
        mapped = self._mapped(str(number))
        return Item(mapped) if mapped else self._items.get(number)

    def items_of(self, product: str) -> list[int]:
        """The inventory items of a product of the catalog, as far as they are known."""
        return [number for number, item in self._items.items() if item.product == product]

    def of_product(self, number: int) -> tuple[str, ...]:
        """The ids of what a product of Shopify is in the catalog, as far as that is known."""
        mapped = self._mapped(str(number))
        known = (mapped,) if mapped else self._products.get(number, ())
        return tuple(each for each in known if self.there(each))

    def learn(self, product: ProductUpdate, variants: Mapping[int, str]) -> None:
        """Remember whose numbers these are; `variants`: by their places in the product."""
        for place, id in variants.items():
            each = product.variants[place]
            if each.inventory_item_id is not None:
                self._items[each.inventory_item_id] = item = Item(id, each.sold_anyway)
                self._put("item", each.inventory_item_id, list(item))
        ids = tuple(dict.fromkeys(variants.values()))
        if ids and self._products.get(product.id) != ids:
            self._products[product.id] = ids
            self._put("product", product.id, list(ids))

    def _by_sku(self, sku: str | None) -> str | None:
        return self.there(sku or "") or self._marked(sku)

    def _mapped(self, *names: str) -> str | None:
        return next((id for name in names if name and (id := self.there(self._mapping.get(name, "")))), None)

    def there(self, id: str) -> str | None:
        """The id itself, where the catalog has it or it is only recalled."""
        return id if id and (self._catalog().has(id) or id in self._recalled()) else None

    def _marked(self, mark: str | None) -> str | None:
        return self.there(self._by_mark.get(mark, "")) if mark else None

    def _put(self, kind: str, key: int, value: Any) -> None:
        if self._kept is not None:
            self._kept.put(f"shopify/{kind}", str(key), value)


def _digits(barcode: str | None) -> str:
    return "".join(each for each in barcode or "" if each.isdigit()).lstrip("0")
