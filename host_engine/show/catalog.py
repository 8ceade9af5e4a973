"""What is for sale: a catalog of products, named as in the Google Merchant product data specification."""

from __future__ import annotations

from collections.abc import Iterator, KeysView
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PrivateAttr, ValidationInfo, field_validator

from host_engine.document import Fault, read
from host_engine.show.attributes import (
    Bare,
    Clip,
    Gtin,
    Id,
    Instant,
    Language,
    Link,
    Part,
    Picture,
    Price,
    SalePeriod,
    Text,
    check_id,
)
from host_engine.show.money import Money, check_currency

FILE = "catalog.yaml"


class Faq(Part):
    """A question that shoppers ask, in several phrasings, and the shop's answer."""

    questions: Annotated[tuple[Text, ...], Field(min_length=1)]
    """The question as different people would put it."""
    answer: Text
    """What the host says to it."""


class Policies(Part):
    """What the shop promises, in plain sentences."""

    shipping: Text | None = None
    """How and when the shop ships, and what that costs; {shipping} in a line."""
    returns: Text | None = None
    """How shoppers can send things back; {returns} in a line."""
    warranty: Text | None = None
    """What is guaranteed, and for how long; {warranty} in a line."""
    payment: Text | None = None
    """How shoppers can pay; {payment} in a line."""
    contact: Text | None = None
    """How shoppers reach the shop; {contact} in a line."""


class Product(Part):
    """One thing that is for sale."""

    id: Id
    """The product's own identifier, unique in the catalog (letters, digits, - _ .)."""
    title: Annotated[Text, Field(max_length=150)]
    """The product's name; {title} in a line."""
    description: Annotated[Text, Field(max_length=5000)]
    """What the product is, in a few sentences; {description} in a line."""
    price: Price
    """The ordinary price with its currency; {price} in a line says the price in force, {regular_price} this one."""
    sale_price: Price | None = None
    """A lower price; {sale_price} in a line."""
    sale_price_effective_date: SalePeriod | None = None
    """When the sale price holds: start/end with time zones. Without it, the sale price always holds."""
    availability: Literal["in_stock", "out_of_stock", "preorder", "backorder"] = "in_stock"
    """Whether it can be bought now; {availability} in a line says so in words."""
    availability_date: Instant | None = None
    """From when a preorder or backorder is sent."""
    link: Link | None = None
    """The product's page in the shop."""
    image_link: Picture | None = None
    """The product's picture: a path from the catalog's folder, or a web address, which is not opened."""
    additional_image_link: tuple[Picture, ...] = ()
    """More pictures of the product."""
    brand: Bare | None = None
    """Who makes it; {brand} in a line."""
    gtin: Gtin | None = None
    """The number under the bar code (EAN, UPC, ISBN)."""
    mpn: Bare | None = None
    """The maker's part number."""
    condition: Literal["new", "refurbished", "used"] = "new"
    """The state it is sold in."""
    google_product_category: Bare | None = None
    """Its category in Google's product taxonomy."""
    product_type: Bare | None = None
    """Its category in the shop, such as Tea > Green."""
    color: Bare | None = None
    """Its colour, in words of the catalog's language."""
    size: Bare | None = None
    """Its size as the shop writes it, such as M, 42 or 100 g."""
    size_type: Bare | None = None
    """Its cut: regular, petite, maternity, big, tall, plus."""
    size_system: Bare | None = None
    """The country whose sizes these are: EU, US, UK, ..."""
    material: Bare | None = None
    """What it is made of."""
    pattern: Bare | None = None
    """Its pattern or print."""
    age_group: Literal["newborn", "infant", "toddler", "kids", "adult"] | None = None
    """For whom it is made."""
    gender: Literal["male", "female", "unisex"] | None = None
    """For whom it is made."""
    item_group_id: Bare | None = None
    """The same for all variants of one product."""
    is_bundle: bool | None = None
    """Whether it is several products sold together."""
    multipack: Annotated[int, Field(ge=2)] | None = None
    """How many of the same product are sold together."""
    unit_pricing_measure: Bare | None = None
    """How much is in it, such as 100 g."""
    unit_pricing_base_measure: Bare | None = None
    """The measure that its unit price is given for, such as 1 kg."""
    energy_efficiency_class: Bare | None = None
    """Its energy label, such as A."""
    expiration_date: Instant | None = None
    """Until when it may be offered."""
    product_length: Bare | None = None
    """Such as 20 cm."""
    product_width: Bare | None = None
    """Such as 20 cm."""
    product_height: Bare | None = None
    """Such as 20 cm."""
    product_weight: Bare | None = None
    """Such as 1.2 kg."""
    shipping_weight: Bare | None = None
    """Its weight in the parcel, such as 1.4 kg."""
    shipping_label: Bare | None = None
    """The shop's own word for how it is shipped."""
    product_highlight: tuple[Bare, ...] = ()
    """Short facts that speak for it; {highlights} in a line."""
    product_detail: tuple[Bare, ...] = ()
    """Technical facts, each as section:attribute:value."""
    custom_label_0: Bare | None = None
    """The shop's own mark."""
    custom_label_1: Bare | None = None
    """The shop's own mark."""
    custom_label_2: Bare | None = None
    """The shop's own mark."""
    custom_label_3: Bare | None = None
    """The shop's own mark."""
    custom_label_4: Bare | None = None
    """The shop's own mark."""
    selling_points: tuple[Text, ...] = ()
    """Sentences that speak for it; {selling_point} in a line goes through them round by round."""
    faq: tuple[Faq, ...] = ()
    """What shoppers ask about it."""
    pronunciations: dict[str, Text] = Field(default_factory=dict)
    """How words of this product are said: the word as written, and in ordinary spelling as it sounds."""
    clip: Clip | None = None
    """A video of the product: a path from the catalog's folder."""

    @field_validator("id")
    @classmethod
    def _id(cls, text: str) -> str:
        return check_id(text)

    @field_validator("sale_price")
    @classmethod
    def _sale(cls, sale: Money | None, info: ValidationInfo) -> Money | None:
        price = info.data.get("price")
        if sale is None or price is None:
            return sale
        if sale.currency != price.currency:
            raise ValueError(f"{sale} is in another currency than the price, {price}")
        if sale.amount >= price.amount:
            raise ValueError(f"{sale} is not lower than the price, {price}")
        return sale

    def on_sale(self, now: datetime) -> bool:
        """Whether the sale price holds at an instant."""
        period = self.sale_price_effective_date
        return self.sale_price is not None and (period is None or period.start <= now < period.end)

    def price_at(self, now: datetime) -> Money:
        """The price in force at an instant."""
        return self.sale_price if self.sale_price is not None and self.on_sale(now) else self.price


class Catalog(Part):
    """A shop, what it promises, and everything it sells."""

    name: Text
    """A short name of the catalog."""
    shop: Text
    """The shop's name as it is said and shown; {shop} in a line."""
    language: Language
    """The language of all texts: en, de, es, fr, it, pt or nl, with a country where it matters (de-AT)."""
    currency: Annotated[str, AfterValidator(check_currency)] | None = None
    """The one currency of all prices."""
    link: Link | None = None
    """The shop's address; {shop_link} in a line."""
    logo: Picture | None = None
    """The shop's logo: a path from the catalog's folder."""
    policies: Policies = Policies()
    """What the shop promises."""
    faq: tuple[Faq, ...] = ()
    """What shoppers ask about the shop."""
    pronunciations: dict[str, Text] = Field(default_factory=dict)
    """How words are said: the word as written, and in ordinary spelling as it sounds."""
    products: Annotated[tuple[Product, ...], Field(min_length=1)]
    """Everything that is for sale."""
    _root: Path = PrivateAttr(default=Path("."))
    _by_id: dict[str, Product] = PrivateAttr(default_factory=dict)

    def model_post_init(self, context: Any) -> None:
        self._root = Path((context or {}).get("folder", "."))
        self._by_id = {product.id: product for product in self.products}

    @property
    def root(self) -> Path:
        """The folder that the paths of the catalog start from."""
        return self._root

    @property
    def logo_path(self) -> Path | None:
        """The file of the shop's logo."""
        return self.file(self.logo)

    def product(self, id: str) -> Product:
        """The product of that id. Raises KeyError."""
        return self._by_id[id]

    @property
    def ids(self) -> KeysView[str]:
        """The ids of all products: for many questions at once."""
        return self._by_id.keys()

    def has(self, id: str) -> bool:
        """Whether a product of that id is there."""
        return id in self._by_id

    def file(self, path: str | None) -> Path | None:
        """The local file that a path of the catalog names; None without one, or for a web address."""
        return None if path is None or path.startswith(("http://", "https://")) else self._root / path


def faults(catalog: Catalog) -> Iterator[Fault]:
    """What is wrong between the parts of a catalog whose parts are all right."""
    first: dict[str, int] = {}
    for n, product in enumerate(catalog.products):
        if first.setdefault(product.id, n) != n:
            other = catalog.products[first[product.id]].title
            yield Fault(("products", n, "id"), f"the id '{product.id}' is taken already, by '{other}'")
        if catalog.currency and product.price.currency != catalog.currency:
            what = f"{product.price} is not in {catalog.currency}, the currency of this catalog"
            yield Fault(("products", n, "price"), what)
        if product.availability == "preorder" and product.availability_date is None:
            yield Fault(("products", n, "availability"), "a preorder needs its availability_date")
        if product.sale_price_effective_date and product.sale_price is None:
            yield Fault(("products", n, "sale_price_effective_date"), "there is no sale_price that this could hold for")


def load_catalog(folder: Path) -> Catalog:
    """The catalog of a folder. Raises Problems."""
    return read(folder / FILE, Catalog, faults)
