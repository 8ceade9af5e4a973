"""Replies about the shop and the show: what it promises, what is on, who is speaking."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from host_engine.audience.answers import product_replies
from host_engine.audience.answers.lists import particles
from host_engine.audience.answers.reply import Ground, Reply, shortened
from host_engine.audience.answers.sheet import short_title
from host_engine.show.evidence import Evidence

POLICIES = ("shipping", "returns", "warranty", "payment", "contact")
_TROUBLE = ("投诉", "没收到", "发错", "破损", "坏")  # of Chinese, which has no spaces
_LISTED = 3  # products named as examples


def policy(ground: Ground, kind: str) -> Reply | None:
    """What the shop promises about that, in its own words."""
    text = getattr(ground.index.catalog.policies, kind)
    return Reply(ground.quoted(text), (Evidence(None, f"policies.{kind}", text),)) if text else None


def contact(ground: Ground) -> Reply | None:
    """Whom to write to; whoever tells of trouble hears first that it is a pity."""
    found = policy(ground, "contact")
    row = ground.asked.text if ground.asked.asked_in == "zh" else ground.asked.tokens
    trouble = particles("trouble") & set(row) or any(sign in row for sign in _TROUBLE)
    return found._replace(text=f"{ground.words.say('sorry')} {found.text}") if found and trouble else found


def entry(ground: Ground) -> Reply | None:
    """The shop's answer to a question of the catalog."""
    found = ground.asked.entry
    if found is None:
        return None
    product = ground.index.catalog.products[found.product].id if found.product is not None else None
    backed = Evidence(product, "faq", found.answer)
    if not ground.asked.also:
        return Reply(ground.quoted(found.answer), (backed,), found.product)
    each = [found, *ground.asked.also]  # the same of several products: whose answer is which is said
    text = " ".join(f"{short_title(one.title)}: {shortened(one.answer, most=1)}" for one in each)
    same = ground.asked.language == ground.index.language
    evidence = tuple(
        Evidence(ground.index.catalog.products[one.product].id, "faq", one.answer)
        for one in each
        if one.product is not None
    )
    return Reply(text if same else ground.words.say("quote", text=text), evidence, found.product)


def coming(ground: Ground) -> Reply:
    place = ground.index.place(ground.asking.coming)
    if place is None or not ground.index.offered(place, ground.now):
        return Reply(ground.words.say("next_none"))
    sheet = ground.sheet(place)
    return Reply(ground.words.say("next", title=sheet.title), (sheet.named,), place)


def on_now(ground: Ground) -> Reply:
    place = ground.index.place(ground.asking.on_air)
    if place is None:
        return Reply(ground.words.say("now_none"))
    sheet, price = ground.sheet(place), product_replies.price(ground, place)
    text = ground.words.say("now", title=sheet.title, price_sentence=price.text)
    return Reply(text, price.evidence, place)


def reduced(ground: Ground) -> Reply:
    """What is on sale in the whole shop."""
    places = [place for place in _available(ground) if ground.sheet(place).on_sale]
    if not places:
        return Reply(ground.words.say("sale_none"))
    text, evidence = listed(ground, places[:_LISTED])
    return Reply(ground.words.say("sale_list", list=text), evidence, places[0])


def listed(ground: Ground, places: list[int]) -> tuple[str, tuple[Evidence, ...]]:
    """ "A for 12 €, B for 14 €", with what backs it."""
    items, evidence = [], list[Evidence]()
    for place in places:
        sheet = ground.sheet(place)
        items.append(ground.words.say("item", title=sheet.title, price=sheet.price.text))
        evidence += [sheet.named, sheet.price.evidence]
    return ground.words.row(items), tuple(evidence)


def examples(ground: Ground) -> tuple[str, tuple[Evidence, ...]]:
    """Some products, the one on air first."""
    on_air = ground.index.place(ground.asking.on_air)
    places = [place for place in _available(ground) if place != on_air]
    chosen = ([on_air] if on_air is not None else []) + places
    sheets = [ground.sheet(place) for place in chosen[:_LISTED]]
    return ground.words.row([sheet.title for sheet in sheets]), tuple(sheet.named for sheet in sheets)


def assortment(ground: Ground) -> Reply:
    names, evidence = examples(ground)
    return Reply(ground.words.say("range", shop=ground.index.catalog.shop, list=names), evidence)


def absent(ground: Ground) -> Reply:
    names, evidence = examples(ground)
    return Reply(ground.words.say("absent", list=names), evidence)


def gone(ground: Ground) -> Reply:
    """A product that was in the shop, by its name where the question has it."""
    index = ground.index
    subject = ground.asked.subject
    if subject is not None and not index.offered(subject, ground.now):
        return Reply(ground.words.say("gone", title=ground.sheet(subject).title))
    if index.gone is not None:
        found = index.gone.named(ground.asked.tokens, ground.asked.asked_in)
        pointed = [n for n, product in enumerate(index.removed) if product.id == ground.asking.product]
        place = found[0].products[0] if found else pointed[0] if pointed else None
        if place is not None:
            return Reply(ground.words.say("gone", title=short_title(index.removed[place].title)))
    return Reply(ground.words.say("gone_unnamed"))


def human(ground: Ground) -> Reply:
    """The truth, whoever asks and however."""
    named = bool(ground.words.persona.name)
    text = ground.words.phrase("human") if named else ground.words.say("human", shop=ground.index.catalog.shop)
    return Reply(text)


def maker(ground: Ground) -> Reply:
    return Reply(ground.words.say("maker", shop=ground.index.catalog.shop), (_shop(ground),))


def name(ground: Ground) -> Reply:
    host = ground.words.persona.name
    return (
        Reply(ground.words.say("name", host=host, shop=ground.index.catalog.shop), (_shop(ground),))
        if host
        else (maker(ground))
    )


def link(ground: Ground) -> Reply | None:
    address = ground.index.catalog.link
    if not address:
        return None
    parts = urlsplit(address)
    shown = (parts.hostname or address) + parts.path.rstrip("/")
    return Reply(ground.words.say("link", link=shown), (Evidence(None, "link", address),))


def medical(ground: Ground) -> Reply:
    return Reply(ground.words.say("medical"))


def courtesy(ground: Ground, kind: str) -> Reply:
    """A greeting, thanks, or a follow: a short reply that names the viewers."""
    return Reply(ground.words.phrase(kind, ground.asking.names))


def unknown(ground: Ground) -> Reply:
    return Reply(ground.words.phrase("unknown"), kind="unknown")


def which(ground: Ground, places: list[int]) -> Reply:
    """Which of several products is meant."""
    sheets = [ground.sheet(place) for place in places[:_LISTED]]
    names = ground.words.row([sheet.title for sheet in sheets], "or")
    return Reply(ground.words.say("which", list=names), tuple(sheet.named for sheet in sheets), kind="which")


REPLIES: dict[str, Callable[[Ground], Reply | None]] = {
    **{kind: (lambda ground, kind=kind: policy(ground, kind)) for kind in POLICIES},  # type: ignore[misc]
    **{
        kind: (lambda ground, kind=kind: courtesy(ground, kind))  # type: ignore[misc]
        for kind in ("greeting", "thanks", "follow")
    },
    **{
        kind: (lambda ground, kind=kind: Reply(ground.words.say(kind)))  # type: ignore[misc]
        for kind in ("farewell", "praise")
    },
    "contact": contact,
    "faq": entry, "next": coming, "now": on_now, "range": assortment, "absent": absent, "gone": gone,
    "human": human, "maker": maker, "name": name, "link": link, "medical": medical, "unknown": unknown,
}  # fmt: skip


def _available(ground: Ground) -> list[int]:
    """Products that may be offered, those in stock first."""
    index = ground.index
    offered = [place for place in range(len(index.catalog.products)) if index.offered(place, ground.now)]
    return sorted(offered, key=lambda place: index.catalog.products[place].availability != "in_stock")


def _shop(ground: Ground) -> Evidence:
    return Evidence(None, "shop", ground.index.catalog.shop)
