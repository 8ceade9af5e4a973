"""Two products beside each other: what they cost, and in what else they differ."""

from __future__ import annotations

from host_engine.audience.answers.lists import particles
from host_engine.audience.answers.ranking import FIELDS, figure
from host_engine.audience.answers.ranks import Rank, rank
from host_engine.audience.answers.reply import Ground, Reply
from host_engine.audience.answers.sheet import Sheet, Told

_ASPECTS = {
    "size": ("size", ("big", "large", "small", "size", "gross", "klein", "grand", "taille", "tamano", "taglia", "大")),
    "weight": ("product_weight", ("weigh", "heav", "light", "schwer", "leicht", "pes", "lourd", "重")),
    "material": ("material", ("material", "made", "holz", "matiere", "材")),
    "color": ("color", ("colo", "farb", "coul", "颜色")),
}  # the words by which a question asks for an aspect
_CHEAPER = ("cheap", "less expensive", "billig", "gunstig", "econom", "meno car", "costa meno", "moins cher", "barat",
            "便宜")  # fmt: skip


def compare(ground: Ground) -> Reply | None:
    """The two products that the question names, or the named one and the one on air; None where there is no second."""
    places = _two(ground)
    if not places:
        return None
    if len(places) == 1:
        sheet = ground.sheet(places[0])
        return Reply(ground.words.say("compare_with", title=sheet.title), (sheet.named,), places[0], "which")
    one, other = (ground.sheet(place) for place in places)
    asked = " ".join(ground.asked.tokens)
    wanted = _rank(ground)
    if wanted and wanted.aspect != "price":
        return _by_aspect(ground, places, wanted)
    evidence = [one.named, one.price.evidence, other.named, other.price.evidence]
    text = _prices(ground, one, other, wanted is not None or _says_cheaper(ground))
    if wanted:
        return Reply(text, tuple(evidence), places[0])
    for key, told in _differences(one, other, asked):
        names = {"a": one.title, "b": other.title}
        text += " " + ground.words.say(f"compare_{key}", **names, value_a=told[0].text, value_b=told[1].text)
        evidence += [told[0].evidence, told[1].evidence]
        break
    return Reply(text.replace("。 ", "。"), tuple(evidence), places[0])


def _rank(ground: Ground) -> Rank | None:
    """Which of the two is asked for, and by what."""
    asked = ground.asked
    return rank(asked.tokens, asked.asked_in, "than") or rank(asked.tokens, asked.asked_in, "most")


def _by_aspect(ground: Ground, places: list[int], wanted: Rank) -> Reply:
    """Both figures, that of the one that is asked for first; where one of them is not known, nothing is compared."""
    figures = [figure(ground, place, wanted.aspect) for place in places]
    one, other = figures
    if one and other and one[0] == other[0] and (one[1] < other[1]) == wanted.more:
        places = places[::-1]
    sheets = [ground.sheet(place) for place in places]
    told = [sheet.field(FIELDS[wanted.aspect]) for sheet in sheets]
    if told[0] is None or told[1] is None:
        return Reply(ground.words.say("not_both"), (), places[0], "unknown")
    text = ground.words.say(
        f"compare_{wanted.aspect}", a=sheets[0].title, b=sheets[1].title, value_a=told[0].text, value_b=told[1].text
    )
    return Reply(text, (sheets[0].named, told[0].evidence, sheets[1].named, told[1].evidence), places[0])


def both_prices(ground: Ground) -> Reply | None:
    """What the two products cost that the question names; None where they are not two."""
    places = _two(ground)
    if len(places) < 2:
        return None
    one, other = (ground.sheet(place) for place in places)
    evidence = (one.named, one.price.evidence, other.named, other.price.evidence)
    return Reply(_prices(ground, one, other, _says_cheaper(ground)), evidence, places[0])


def asks_cheaper(ground: Ground) -> bool:
    """Whether it asks which of two products costs less: "lequel est le moins cher, A ou B?"."""
    return (
        len(ground.asked.mentions) > 1
        and bool(particles("either") & set(ground.asked.tokens))
        and _says_cheaper(ground)
    )


def _says_cheaper(ground: Ground) -> bool:
    asked = " ".join(ground.asked.tokens)
    return any(sign in asked for sign in _CHEAPER)


def _two(ground: Ground) -> list[int]:
    places: list[int] = []
    for mention in ground.asked.mentions:
        fresh = [place for place in mention.products if place not in places]
        places += fresh[: 2 - len(places)] if len(ground.asked.mentions) == 1 and len(fresh) == 2 else fresh[:1]
    for other in (
        ground.asked.subject,
        ground.index.place(ground.asking.product),
        ground.index.place(ground.asking.on_air),
    ):
        if len(places) < 2 and other is not None and other not in places:
            places.append(other)
    return [place for place in places if ground.index.offered(place, ground.now)][:2]


def _prices(ground: Ground, one: Sheet, other: Sheet, cheaper: bool) -> str:
    first, second = one.product.price_at(one.now), other.product.price_at(other.now)
    if first == second:
        return ground.words.say("compare_same", a=one.title, b=other.title, price_a=one.price.text)
    if cheaper and first.currency == second.currency:
        less, more = (one, other) if first.amount < second.amount else (other, one)
        return ground.words.say(
            "compare_cheaper", a=less.title, b=more.title, price_a=less.price.text, price_b=more.price.text
        )
    return ground.words.say("compare", a=one.title, b=other.title, price_a=one.price.text, price_b=other.price.text)


def _differences(one: Sheet, other: Sheet, asked: str) -> list[tuple[str, tuple[Told, Told]]]:
    """In what both differ as far as the catalog tells, what was asked for first."""
    found = []
    for key, (field, signs) in _ASPECTS.items():
        first, second = one.field(field), other.field(field)
        if first and second and first.text != second.text:
            found.append((not any(sign in asked for sign in signs), key, (first, second)))
    return [(key, told) for _, key, told in sorted(found, key=lambda each: each[0])]
