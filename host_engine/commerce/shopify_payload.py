"""What Shopify's webhooks hold, as far as a channel needs it. Source: shopify.dev, Webhooks reference (REST payloads).

The topic of a message is not signed, its body is: so each shape is told from the others by what it must have.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from babel.numbers import get_currency_precision
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from host_engine.show.attributes import Instant


def _amount(text: str) -> str:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError("it is not an amount such as 29.99") from None
    if not amount.is_finite() or not 0 <= amount < 10**9:
        raise ValueError("it is not an amount such as 29.99")
    return text


def _number(given: Any) -> Any:
    """Ids come as numbers, and from some apps as text."""
    return int(given) if isinstance(given, str) and given.isascii() and given.isdigit() else given


Number = Annotated[int, BeforeValidator(_number), Field(ge=0, lt=2**63)]
Amount = Annotated[str, Field(max_length=20), AfterValidator(_amount)]
Words = Annotated[str, Field(max_length=300)]


class Shape(BaseModel):
    """Fields that are not named here are of no use to a channel."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Variant(Shape):
    """One way in which a product is sold."""

    id: Number
    sku: Words | None = None
    barcode: Words | None = None
    price: Amount | None = None
    compare_at_price: Amount | None = None
    inventory_item_id: Number | None = None
    inventory_quantity: int | None = None
    inventory_policy: Words | None = None  # "continue": it is sold beyond what is there
    inventory_management: Words | None = "shopify"  # null: nobody counts it

    @property
    def sold_anyway(self) -> bool:
        """Whether it can be bought however many are there."""
        return self.inventory_policy == "continue" or self.inventory_management is None


class ProductUpdate(Shape):
    """Of products/update."""

    id: Number
    handle: Words | None = None
    status: Words | None = None
    updated_at: Instant
    variants: tuple[Variant, ...] = Field(min_length=1, max_length=2048)


class ProductDelete(BaseModel):
    """Of products/delete: nothing but the id, so that nothing else that is signed can be taken for it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    id: Number
    admin_graphql_api_id: Words | None = None


class InventoryLevel(Shape):
    """Of inventory_levels/update: how many of an item are at one place."""

    inventory_item_id: Number
    location_id: Number
    available: int | None
    updated_at: Instant


class LineItem(Shape):
    """One row of an order."""

    variant_id: Number | None = None
    product_id: Number | None = None
    sku: Words | None = None
    quantity: int = Field(ge=0)


class Customer(Shape):
    first_name: Words | None = None


class Attribute(Shape):
    """What the buyer said in the cart."""

    name: Words
    value: Any = None


class Bought(Shape):
    """Of orders/create and orders/paid."""

    id: Number
    created_at: Instant
    cancelled_at: Words | None = None
    test: bool = False
    line_items: tuple[LineItem, ...] = Field(min_length=1, max_length=500)
    customer: Customer | None = None
    note_attributes: tuple[Attribute, ...] = ()


TOPICS: dict[str, type[BaseModel]] = {
    "products/update": ProductUpdate,
    "products/delete": ProductDelete,
    "inventory_levels/update": InventoryLevel,
    "orders/create": Bought,
    "orders/paid": Bought,
}


def money(amount: str, currency: str) -> str:
    """As a catalog writes it: "29.99 EUR"; without the decimals that the currency does not have."""
    value = Decimal(amount)
    exact = value.quantize(Decimal(1).scaleb(-get_currency_precision(currency)))
    return f"{exact if exact == value else value:f} {currency}"
