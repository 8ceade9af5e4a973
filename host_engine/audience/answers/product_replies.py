"""Replies about one product: what it costs, whether it is there, what it is like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from host_engine.audience.answers.reply import Ground, Reply, shortened
from host_engine.audience.answers.sheet import Sheet, Told, short_title
from host_engine.audience.answers.tongue import small_words
from host_engine.audience.answers.words import alike, stem, words
from host_engine.show.evidence import Evidence

_MOST = 3  # things that are listed
_MEASURES = {"height": "product_height", "width": "product_width", "length": "product_length"}
_LEFT = frozenset({"many", "viele", "quanti", "quante", "combien", "cuantos", "cuantas", "剩", "几"})
_WEIGHT = ("weigh", "heav", "schwer", "wieg", "gewicht", "pes", "poids", "lourd", "重", "斤")


def price(ground: Ground, place: int) -> Reply:
    sheet = ground.sheet(place)
    if not sheet.on_sale:
        text = ground.words.say("price", title=sheet.title, price=sheet.price.text)
        return Reply(text, (sheet.named, sheet.price.evidence), place)
    text = ground.words.say("price_sale", title=sheet.title, price=sheet.price.text, regular=sheet.regular.text)
    return Reply(text, _reduced(sheet), place)


def sale(ground: Ground, place: int) -> Reply:
    sheet = ground.sheet(place)
    if not sheet.on_sale:
        text = ground.words.say("sale_no", title=sheet.title, price=sheet.price.text)
        return Reply(text, (sheet.named, sheet.price.evidence), place)
    prices = {"title": sheet.title, "price": sheet.price.text, "regular": sheet.regular.text}
    until = sheet.until
    if not _asks_until(ground):
        return Reply(ground.words.say("sale_yes", **prices), _reduced(sheet), place)
    if until is None:
        return Reply(ground.words.say("sale_open", **prices), _reduced(sheet), place)
    text = ground.words.say("sale_until", until=until.text, **prices)
    return Reply(text, (*_reduced(sheet), until.evidence), place)


def saving(ground: Ground, place: int) -> Reply:
    sheet = ground.sheet(place)
    if sheet.saved is None:
        return sale(ground, place)
    amount, percent = sheet.saved
    prices = {"title": sheet.title, "price": sheet.price.text, "regular": sheet.regular.text}
    return Reply(ground.words.say("saving", amount=amount, percent=percent, **prices), _reduced(sheet), place)


def stock(ground: Ground, place: int) -> Reply:
    sheet = ground.sheet(place)
    backed = (sheet.named, sheet.availability)
    state, date = sheet.product.availability, sheet.date
    if state == "in_stock":
        counted = _LEFT & set(ground.asked.tokens) or (ground.asked.asked_in == "zh" and "剩" in ground.asked.text)
        key = "stock_left" if counted else "stock_in"
        return Reply(ground.words.say(key, title=sheet.title), backed, place)
    key, dated = {
        "out_of_stock": ("stock_out", "stock_out_date"),
        "preorder": ("preorder_open", "preorder"),
        "backorder": ("backorder_open", "backorder"),
    }[state]
    if date is None:
        return Reply(ground.words.say(key, title=sheet.title), backed, place)
    return Reply(ground.words.say(dated, title=sheet.title, date=date.text), (*backed, date.evidence), place)


def size(ground: Ground, place: int) -> Reply | None:
    return _varied(ground, place, "size", "sizes") or measure(ground, place)


def color(ground: Ground, place: int) -> Reply | None:
    return _varied(ground, place, "color", "colors")


def material(ground: Ground, place: int) -> Reply | None:
    return _field(ground, place, "material", ground.sheet(place).field("material"))


def brand(ground: Ground, place: int) -> Reply | None:
    return _field(ground, place, "brand", ground.sheet(place).field("brand"))


def condition(ground: Ground, place: int) -> Reply | None:
    return _field(ground, place, "condition", ground.sheet(place).value("condition"))


def audience(ground: Ground, place: int) -> Reply | None:
    sheet = ground.sheet(place)
    return _field(ground, place, "audience", sheet.value("gender") or sheet.value("age_group"))


def measure(ground: Ground, place: int) -> Reply | None:
    """The weight where that is asked for; else all measures that the catalog has."""
    sheet = ground.sheet(place)
    weight, parcel = sheet.field("product_weight"), sheet.field("shipping_weight")
    if any(sign in word for sign in _WEIGHT for word in ground.asked.tokens):
        return _field(ground, place, "weight", weight) or _field(ground, place, "parcel_weight", parcel)
    found = {label: told for label, field in _MEASURES.items() if (told := sheet.field(field))}
    if told := sheet.size:
        found["size"] = told
    if weight and len(found) < _MOST:
        found["weight"] = weight
    if not found:
        return _field(ground, place, "parcel_weight", parcel)
    listed = [ground.words.say(f"label_{label}", value=told.text) for label, told in found.items()]
    text = ground.words.say("measure", title=sheet.title, list=ground.words.row(listed))
    return Reply(text, (sheet.named, *(told.evidence for told in found.values())), place)


def about(ground: Ground, place: int) -> Reply:
    sheet = ground.sheet(place)
    text = shortened(sheet.product.description, most=2)
    said = ground.quoted(text) if ground.asked.language != ground.index.language else f"{sheet.title}: {text}"
    return Reply(said, (sheet.named, Evidence(sheet.product.id, "description", sheet.product.description)), place)


def highlights(ground: Ground, place: int) -> Reply:
    sheet = ground.sheet(place)
    points = sheet.product.product_highlight[:_MOST]
    if not points:
        return about(ground, place)
    said = f"{sheet.title}: {', '.join(points)}."
    text = said if ground.asked.language == ground.index.language else ground.words.say("quote", text=said)
    return Reply(
        text, (sheet.named, *(Evidence(sheet.product.id, "product_highlight", each) for each in points)), place
    )


def buy(ground: Ground, place: int) -> Reply:
    sheet = ground.sheet(place)
    if sheet.product.availability != "in_stock":
        return stock(ground, place)
    text = ground.words.say("buy", title=sheet.title, price=sheet.price.text)
    backed = (sheet.named, sheet.price.evidence, sheet.availability)
    link = (Evidence(sheet.product.id, "link", sheet.product.link),) if sheet.product.link else ()
    return Reply(text, (*backed, *link), place)


def detail(ground: Ground, place: int) -> Reply | None:
    """A technical fact whose name the question has."""
    sheet = ground.sheet(place)
    asked = {stem(word) for word in ground.asked.tokens}
    for name, value, evidence in sheet.details():
        if {stem(word) for word in words(name)} <= asked:
            text = ground.words.say("detail", title=sheet.title, name=name, value=value)
            return Reply(text, (sheet.named, evidence), place, "detail")
    return None


def has(ground: Ground, place: int) -> Reply | None:
    """A field that has a word of the question: "is it stainless?" where the material is stainless steel."""
    sheet = ground.sheet(place)
    small = small_words(ground.asked.asked_in)
    names = {at for mention in ground.asked.mentions for at in mention.names}
    tokens = [word for at, word in enumerate(ground.asked.tokens) if at not in names]
    asked = [word for word in tokens if word not in small and len(word) >= 3]
    named = words(sheet.product.title)
    for field in ("material", "color", "size"):
        told = sheet.field(field)
        fits = (alike(word, other) >= 0.9 for word in asked for other in words(told.text if told else ""))
        if told and any(fits) and not set(words(told.text)) <= set(named):
            return (_field(ground, place, field, told) or not_told(ground, place))._replace(kind=field)
    return None


def not_told(ground: Ground, place: int) -> Reply:
    """The catalog is silent about it."""
    sheet = ground.sheet(place)
    return Reply(ground.words.say("not_told", title=sheet.title), (sheet.named,), place, "unknown")


REPLIES: dict[str, Callable[[Ground, int], Reply | None]] = {
    "price": price, "sale": sale, "saving": saving, "stock": stock, "size": size, "color": color,
    "material": material, "measure": measure, "brand": brand, "condition": condition, "audience": audience,
    "about": about, "highlights": highlights, "buy": buy,
}  # fmt: skip


def _reduced(sheet: Sheet) -> tuple[Evidence, ...]:
    return sheet.named, sheet.price.evidence, sheet.regular.evidence


def _asks_until(ground: Ground) -> bool:
    """Whether the question is about the end of a sale, in any language."""
    text = f" {' '.join(ground.asked.tokens)} "
    signs = ("until", "till ", " end", "how long", " run", "expire", "bis wann", "wie lange", "wie lang ", "gilt",
             "endet", "laufzeit", "fino a", "quando finisce", "scade", "jusqu", "quand finit", "termine", "hasta",
             "cuando acaba", "cuando termina", "什么时候", "多久", "几号", "截止", "bis zum", "last day", "what date",
             "quanto dura", "combien de temps", "cuanto dura")  # fmt: skip
    return any(sign in text for sign in signs)


def _field(ground: Ground, place: int, key: str, told: Told | None) -> Reply | None:
    if told is None:
        return None
    sheet = ground.sheet(place)
    return Reply(ground.words.say(key, title=sheet.title, value=told.text), (sheet.named, told.evidence), place)


def _varied(ground: Ground, place: int, field: str, key: str) -> Reply | None:
    """A field; where the product comes in several, all of those that can be bought."""
    sheet = ground.sheet(place)
    there = [each for each in sheet.variants() if each.availability == "in_stock" and getattr(each, field)]
    values = {getattr(each, field): each for each in there}
    if len(values) < 2:
        return _field(ground, place, field, sheet.size if field == "size" else sheet.field(field))
    shown = list(_shown(ground, list(values.values())[:8], field))
    text = ground.words.say(key, title=_common(sheet, there), list=ground.words.row([told.text for told in shown]))
    return Reply(text, (sheet.named, *(told.evidence for told in shown)), place)


def _shown(ground: Ground, products: Sequence[object], field: str) -> Iterator[Told]:
    for n, product in enumerate(ground.index.catalog.products):
        if product in products and (told := ground.sheet(n).field(field)):
            yield told


def _common(sheet: Sheet, variants: Sequence[object]) -> str:
    """The title without the size and the colour of the one variant."""
    title = sheet.title
    for own in (sheet.product.color, sheet.product.size):
        if own:
            title = re.sub(rf"[ ,–(-]*(?<!\w){re.escape(own)}(?!\w)\)?", "", title).strip(" ,-–()")
    return title or short_title(sheet.product.title)
