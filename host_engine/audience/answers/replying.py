"""From a question understood to the words of its answer: which reply answers which kind."""

from __future__ import annotations

from host_engine.audience.answer import Answer
from host_engine.audience.answers import beyond, product_replies, ranks, shop_replies
from host_engine.audience.answers.amounts import bound
from host_engine.audience.answers.comparing import asks_cheaper, both_prices, compare
from host_engine.audience.answers.destinations import delivery
from host_engine.audience.answers.lists import particles
from host_engine.audience.answers.noted import noted
from host_engine.audience.answers.ranking import meant, of_all, ranked
from host_engine.audience.answers.recommending import extreme, recommend, wished
from host_engine.audience.answers.reply import Ground, Reply
from host_engine.audience.answers.telling import told
from host_engine.audience.answers.understanding import SOCIAL, named_places, several_named

SEVERAL = frozenset({"price", "stock", "sale", "saving", "size", "color", "material", "measure", "brand", "condition"})
"""Kinds that are answered of each product that a question names."""


def answered(ground: Ground) -> Answer:
    """The answer to a question; one that names the viewers where several asked it."""
    reply = _reply(ground)
    text, evidence = reply.text, list(reply.evidence)
    kind = reply.kind or ground.asked.kind
    second = product_replies.REPLIES.get(ground.asked.second)
    if second and kind == ground.asked.kind and reply.product is not None and (more := second(ground, reply.product)):
        text, evidence = f"{text} {more.text}", evidence + list(more.evidence)
    beside = shop_replies.entry(ground) if kind == ground.asked.kind and kind in ("price", "stock") else None
    if beside is None and ground.asked.abroad and kind == ground.asked.kind and kind in ("price", "stock"):
        beside = delivery(ground)
    if beside:
        text, evidence = f"{text} {beside.text}", evidence + list(beside.evidence)
    if len(ground.asking.names) > 1 and kind not in SOCIAL:
        text = f"{ground.words.phrase('names', ground.asking.names)} {text}"
    if ground.asked.language == "zh":
        text = text.replace("。 ", "。").replace("！ ", "！")
    product = ground.index.catalog.products[reply.product].id if reply.product is not None else None
    backed = tuple(dict.fromkeys(evidence))
    return Answer(text, ground.asked.language, kind, product, backed, "template", round(ground.asked.score, 3))


def _reply(ground: Ground) -> Reply:
    kind = ground.asked.kind
    if kind in ("buy", "sell", "about") and (limit := bound(ground.asked.text)) and limit.upper:
        return recommend(ground)._replace(kind="recommend")
    if kind == "sell":
        return _sold(ground)
    if kind == "delivery":
        return delivery(ground)
    if kind == "recommend" and asks_cheaper(ground):
        return (compare(ground) or recommend(ground))._replace(kind="compare")
    if kind == "recommend":
        return recommend(ground)
    if kind == "compare":
        return compare(ground) or shop_replies.unknown(ground)
    if kind == "rank":
        return _rank(ground)
    if kind in beyond.REPLIES:
        return beyond.REPLIES[kind](ground)
    if kind == "sale" and _of_whole_shop(ground):
        return shop_replies.reduced(ground)
    if kind in product_replies.REPLIES:
        return _of_product(ground, kind)
    if kind == "unknown":
        return _unknown(ground)
    reply = shop_replies.REPLIES[kind](ground)
    return reply or _unknown(ground)


def _rank(ground: Ground) -> Reply:
    """The cheapest, the lightest, the biggest."""
    asked = ranks.rank(ground.asked.tokens, ground.asked.asked_in, "most")
    if asked and asked.aspect == "price" and of_all(ground, meant(ground)):
        return extreme(ground, "dearest" if asked.more else "cheapest")._replace(kind="recommend")
    return (ranked(ground, asked) if asked else None) or shop_replies.unknown(ground)


def _unknown(ground: Ground) -> Reply:
    """What a word of the question finds after all, or that nothing is known."""
    place = ground.asked.subject
    if ground.asked.kind == "unknown" and place is not None:
        found = product_replies.detail(ground, place) or told(ground, place) or product_replies.has(ground, place)
        if found:
            return found
    return noted(ground) or shop_replies.unknown(ground)


def _of_product(ground: Ground, kind: str) -> Reply:
    subject = ground.asked.subject
    if ground.asked.tied and subject is not None:
        return shop_replies.which(ground, [subject, *ground.asked.tied])
    if kind in SEVERAL and (several := _several(ground, kind)):
        return several
    if subject is None:
        if kind == "buy":
            return Reply(ground.words.say("buy_any"))
        return shop_replies.which(ground, list(range(len(ground.index.catalog.products))))
    reply = product_replies.REPLIES[kind](ground, subject)
    return reply or product_replies.detail(ground, subject) or product_replies.not_told(ground, subject)


def _several(ground: Ground, kind: str) -> Reply | None:
    """The same of each of several products; None where the question names one."""
    asked = ground.asked
    places = named_places(ground.index, asked.mentions, ground.now)
    if len(places) == 2 and kind == "price":
        return both_prices(ground)
    if len(places) < 2 or not several_named(asked.tokens, asked.text, asked.mentions):
        return None
    replies = [
        product_replies.REPLIES[kind](ground, place) or product_replies.not_told(ground, place) for place in places
    ]
    evidence = tuple(each for reply in replies for each in reply.evidence)
    return Reply(" ".join(reply.text for reply in replies), evidence, places[0])


def _sold(ground: Ground) -> Reply:
    """Whether the shop has a thing: a product, something like it, or not."""
    asked = ground.asked
    if asked.mentions and asked.subject is not None:
        if asked.tied:
            return recommend(ground)._replace(kind="recommend")
        return product_replies.stock(ground, asked.subject)._replace(kind="stock")
    if asked.subject is not None and particles("pointing") & set(asked.tokens):
        return product_replies.stock(ground, asked.subject)._replace(kind="stock")
    if wished(ground) or bound(asked.text):
        return recommend(ground)._replace(kind="recommend")
    return shop_replies.assortment(ground)._replace(kind="range")


def _of_whole_shop(ground: Ground) -> bool:
    if ground.asked.mentions or ground.asking.product is not None:
        return False
    if ground.asked.subject is None:
        return True
    tokens = set(ground.asked.tokens)
    if ground.asked.asked_in == "zh":
        return any(sign in ground.asked.text for sign in ("哪些", "什么", "有没有"))
    pointing = particles("pointing") - {"die", "der", "das", "ce", "que"}
    return bool(particles("whole_shop") & tokens) and not pointing & tokens
