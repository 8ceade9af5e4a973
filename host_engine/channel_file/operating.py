"""What operators may do while the channel is on air: a part of the channel file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _variables(given: Any) -> Any:
    return [given] if isinstance(given, str) else given


def _no_secrets(names: list[str]) -> list[str]:
    """A value may be a secret that somebody put here, so no sentence repeats it."""
    for name in names:
        if not re.fullmatch(r"[A-Z][A-Z0-9_]{0,63}", name):
            raise ValueError("write the NAME of an environment variable here, such as SHOP_SECRET, not the secret")
    return names


_NAME = {"type": "string", "pattern": "^[A-Z][A-Z0-9_]{0,63}$"}
Variables = Annotated[
    list[str],
    BeforeValidator(_variables),
    AfterValidator(_no_secrets),
    WithJsonSchema({"anyOf": [_NAME, {"type": "array", "items": _NAME}]}),
]


class Shopify(Part):
    """A shop at Shopify whose webhooks are taken at /api/commerce/shopify."""

    secret_env: Variables = Field(
        min_length=1, max_length=4, description="Name of the variable with the client secret of the app; or several."
    )
    shops: list[str] = Field(
        default_factory=list, description="Domains such as tea.myshopify.com; others are refused. All when left out."
    )
    products: dict[str, str] = Field(
        default_factory=dict,
        description="Ids of the catalog by Shopify's numbers of variants, inventory items or products, or by SKU: "
        "needed only where the SKU is neither id nor mpn and the bar code is not the gtin.",
    )
    locations: list[int] = Field(default_factory=list, description="Places whose stock counts; all when left out.")
    consent: str | None = Field(
        None, description="Name of the cart attribute by which a buyer agrees to be named on air; nobody is without."
    )


THANKS = frozenset({"count", "product", "name", "within", "shop"})
_OF_ORDERS = r"order|bought|purchas|bestell|gekauft|command|achet|ordin|acquist|pedid|compr|encomend|kocht|订|下单"


def _thanks(text: str) -> str:
    used = set(re.findall(r"\{(\w*)\}", text))
    if unknown := used - THANKS:
        raise ValueError(f"there is no field {{{min(unknown)}}} here; use {', '.join(sorted(THANKS))}")
    if "count" in used and not re.search(_OF_ORDERS, text, re.IGNORECASE):
        raise ValueError("{count} is a number of orders, and nothing else; say so in the text")
    return text


class Thanks(Part):
    """A line for when many buy at once, said after the sentence on air."""

    orders: int = Field(10, ge=1, le=10_000, description="From so many orders on ...")
    within: float = Field(600.0, ge=5, le=86_400, description="... within so many seconds.")
    pause: float = Field(15.0, ge=0.5, le=1440, description="Minutes from one to the next, at least.")
    texts: list[Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_thanks)]] = Field(
        min_length=1,
        max_length=50,
        description="Said in turn, with {count}, {within}, {product}, {shop}, and {name}, of a buyer who agreed.",
    )


class Commerce(Part):
    """What shops tell while the channel is on air: prices, stock, coupons, orders."""

    secret_env: Variables = Field(
        default_factory=list,
        max_length=4,
        description="Name of the variable with the secret that signs the events of /api/commerce; several while one "
        "takes the place of another. Without it none are taken.",
    )
    window: float = Field(300.0, ge=10, le=3600, description="Seconds that the time of an event may be off.")
    shopify: Shopify | None = Field(None, description="Webhooks of Shopify; none when left out.")
    thanks: Thanks | None = Field(None, description="Thanks for a burst of orders; none when left out.")


class TakeOver(Part):
    """An operator who speaks in the host's place, live."""

    camera: bool = Field(True, description="Whether an operator's camera may be shown instead of the host.")
    longest: float = Field(240.0, gt=0, le=1440, description="Minutes of one take-over; then the host goes on.")


class Operator(Part):
    """How the running show is directed."""

    console: bool = Field(True, description="Serve the operators' console at /console.")
    catalogs: Path | None = Field(
        None, description="Folder whose subfolders are the catalogs to swap to; by default the one the catalog is in."
    )
    watch: bool = Field(True, description="Put catalog and rundown in force anew when their files are saved.")
    border: Literal["sentence", "segment"] = Field(
        "sentence", description="Where a catalog that was saved or swapped comes in force, unless an order says so."
    )
    requests: float = Field(100.0, ge=0, description="Requests a second with one token; 0 sets no limit.")
    session_hours: float = Field(
        12.0, gt=0, le=168, description="Hours after which a browser has to show its token again."
    )
    commerce: Commerce = Commerce()
    takeover: TakeOver = TakeOver()
