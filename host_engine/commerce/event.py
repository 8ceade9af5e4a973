"""What a shop tells: a price, a sale, stock, a coupon, an order. The body of `POST /api/commerce`."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, model_validator

from host_engine.show.attributes import Instant, Price

ProductId = Annotated[str, Field(min_length=1, max_length=50, description="The id of a product of the catalog.")]


def _code(text: str) -> str:
    """The code itself. Raises ValueError for one that may be a word or a number of any sentence."""
    if not any(each.isalpha() for each in text) or not (text.isupper() or any(each.isdigit() for each in text)):
        raise ValueError("a code has a letter, and is in capitals or has a digit, such as TEA10")
    return text


Code = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{2,29}$", description="Such as TEA10."), AfterValidator(_code)
]
MOST_PIECES = 1_000_000


def names(text: str, code: str) -> bool:
    """Whether a text holds a code, as it is written and as a word of its own."""
    return re.search(rf"(?<![\w-]){re.escape(code)}(?![\w-])", text) is not None


class Event(BaseModel):
    """What all events have in common. The same `id` is taken once, and what is older than the last is not taken."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}$", description="Of this event, never used twice.")
    at: Instant | None = Field(
        None, description="When it became so in the shop, with a time zone; the time of the signature without it."
    )
    sequence: int | None = Field(
        None,
        ge=0,
        lt=2**53,
        description="Counts up with each change: exact where `at` is the same second.",
    )


class PriceChange(Event):
    """A product has another ordinary price. A sale price that is not lower than it is taken off."""

    type: Literal["price"]
    product: ProductId
    price: Price


class Sale(Event):
    """A product has a sale price, for a while or until it is told otherwise; null ends the sale."""

    type: Literal["sale"]
    product: ProductId
    sale_price: Price | None
    since: Instant | None = Field(None, alias="from", description="When the sale begins; now without it.")
    until: Instant | None = Field(None, description="When it ends; never without it.")

    @model_validator(mode="after")
    def _forwards(self) -> Sale:
        _in_order(self.since, self.until)
        return self


class Offer(Event):
    """What a product costs now, price and sale price together, as shop systems tell it. No webhook of ours."""

    product: ProductId
    price: Price
    sale_price: Price | None


class Stock(Event):
    """How many pieces there are: 0 is sold out. How many is never said."""

    type: Literal["stock"]
    product: ProductId
    quantity: int = Field(ge=-MOST_PIECES, le=MOST_PIECES, description="Below zero is as zero.")


class SoldOut(Event):
    """A product cannot be bought now."""

    type: Literal["sold_out"]
    product: ProductId


class BackInStock(Event):
    """A product can be bought again."""

    type: Literal["back_in_stock"]
    product: ProductId


class Coupon(Event):
    """A code that viewers may use: its text runs in the ticker and is said next, until its end."""

    type: Literal["coupon"]
    code: Code
    text: str = Field(
        min_length=1, max_length=200, description="One or two sentences. What names the code is the shop's own word."
    )
    until: Instant
    ticker: bool = Field(True, description="Run it in the ticker.")
    say: bool = Field(True, description="Have it said next.")
    every: float | None = Field(None, ge=5, le=1440, description="Minutes after which it is said again.")

    @model_validator(mode="after")
    def _names_its_code(self) -> Coupon:
        if not names(self.text, self.code):
            raise ValueError(f"the text must name the code {self.code}, or nobody can use it")
        return self


class CouponOver(Event):
    """A code does not work any more: it leaves the ticker at once."""

    type: Literal["coupon_over"]
    code: Code


class Bought(BaseModel):
    """One product of an order."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    product: str = Field(min_length=1, max_length=80)
    quantity: int = Field(1, ge=1, le=100_000)


class Order(Event):
    """Somebody has bought something. The name is said only with `consent`, and nothing else of the buyer is sent."""

    type: Literal["order"]
    order: str | None = Field(
        None, min_length=1, max_length=80, description="The order's number in the shop: counted once. `id` without it."
    )
    products: tuple[Bought, ...] = Field(min_length=1, max_length=200)
    name: str | None = Field(None, max_length=80, description="The buyer's first name.")
    consent: bool = Field(False, description="The buyer agreed that the name is said on air.")

    @property
    def number(self) -> str:
        return self.order or self.id


class FlashSale(Event):
    """Several products have a sale price for a while; the show goes to a segment about it, where one is named."""

    type: Literal["flash_sale"]
    products: tuple[ProductId, ...] = Field(min_length=1, max_length=100)
    sale_price: Price
    since: Instant | None = Field(None, alias="from", description="When it begins; now without it.")
    until: Instant
    segment: str | None = Field(None, min_length=1, max_length=80, description="The id of a segment of the rundown.")

    @model_validator(mode="after")
    def _forwards(self) -> FlashSale:
        _in_order(self.since, self.until)
        return self


AnyEvent = PriceChange | Sale | Stock | SoldOut | BackInStock | Coupon | CouponOver | Order | FlashSale
"""One of the events."""


class Told(RootModel[Annotated[AnyEvent, Field(discriminator="type")]]):
    """The body of a webhook: one event."""


def _in_order(start: datetime | None, end: datetime | None) -> None:
    if start and end and end <= start:
        raise ValueError("it ends before it begins")
