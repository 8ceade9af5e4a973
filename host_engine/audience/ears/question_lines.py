"""What viewers may ask aloud in a shop, line by line: what the language model of pocketsphinx is built from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice

from num2words import num2words

from host_engine.audience.ears.shop_words import ShopWords, Ware

LINES = 24_000  # at most; more products get fewer questions each
EACH = 6  # questions about a name at least

ABOUT = (  # a product
    "how much is {p}", "how much is the {p}", "how much does the {p} cost", "how much are the {p}",
    "what does the {p} cost", "what is the price of the {p}", "what's the price of the {p}",
    "what is the price for {p}",
    "what's the price on the {p}", "can you tell me the price of the {p}", "is the {p} on sale", "is {p} on sale",
    "is there a discount on the {p}", "is there a sale on the {p}", "how expensive is the {p}",
    "what is the sale price of the {p}",
    "is the {p} in stock", "is the {p} available", "is the {p} still available", "do you have the {p} in stock",
    "do you still have the {p}", "do you have {p}", "is {p} sold out", "how many {p} are left",
    "can i still get the {p}",
    "can i order the {p}", "can i buy the {p} now", "where can i buy the {p}", "when will the {p} be back",
    "what is the {p}", "what is {p}", "what is the {p} made of", "what's the {p} made of", "what is in the {p}",
    "what material is the {p}", "is the {p} made of {a}", "where is the {p} made", "where does the {p} come from",
    "what color is the {p}", "what colors does the {p} come in", "what colour is the {p}", "does the {p} come in {a}",
    "do you have the {p} in {a}", "is the {p} {a}", "what size is the {p}", "what sizes does the {p} come in",
    "how big is the {p}", "how large is the {p}", "how heavy is the {p}", "how much does the {p} weigh",
    "how much does the {p} hold", "how much is in the {p}", "how long is the {p}", "how tall is the {p}",
    "tell me about the {p}", "tell me more about the {p}", "can you tell me more about the {p}",
    "can you show the {p}", "can you show me the {p}", "please show me the {p} again", "i want to see the {p}",
    "what about the {p}", "and the {p}", "who is the {p} for", "is the {p} good", "is the {p} any good",
    "would you recommend the {p}", "how do i use the {p}", "how do you use {p}", "how do i clean the {p}",
    "how does the {p} work", "how long does the {p} last", "how long does {p} take", "can i use the {p} every day",
    "can i put the {p} in the dishwasher", "is the {p} dishwasher safe", "can i wash the {p}",
    "is the {p} organic", "is the {p} vegan", "is the {p} waterproof", "is the {p} safe for children",
    "is the {p} a good gift", "does the {p} have a warranty", "does the {p} come with a warranty",
    "how long is the warranty on the {p}", "can i return the {p}", "how long does shipping take for the {p}",
    "how much is shipping for the {p}", "when will the {p} arrive", "do you ship the {p} to {w}",
    "i would like to buy the {p}", "i am interested in the {p}", "i have a question about the {p}",
    "does the {p} contain alcohol", "does the {p} have perfume", "does the {p} contain caffeine",
    "what does the {p} taste like", "what does the {p} smell like", "does the {p} fit me",
)  # fmt: skip
BOTH = (  # two products
    "what is the difference between the {p} and the {q}", "what's the difference between {p} and {q}",
    "which is better the {p} or the {q}", "which one is better {p} or {q}", "is the {p} better than the {q}",
    "which is cheaper the {p} or the {q}", "should i buy the {p} or the {q}", "can you compare the {p} and the {q}",
    "compare the {p} with the {q}", "do the {p} and the {q} go together",
)  # fmt: skip
ALWAYS = (
    "how much is it", "how much is this", "how much is that", "how much does it cost", "how much does this cost",
    "what does it cost", "what is the price", "what's the price", "how much are they", "how much is this one",
    "is it on sale", "is there a discount", "do you have a discount code", "is there a coupon", "what is on sale today",
    "what is on sale", "do you have any offers", "what is the cheapest one", "what is the cheapest product",
    "what is your best seller", "what do you recommend", "which one do you recommend",
    "is it in stock", "is it still available", "is it available", "is it sold out", "how many are left",
    "how many do you have", "when will it be back in stock", "can i still order it", "can i order now",
    "how can i order", "how do i order", "how can i buy it", "how can i buy this", "where can i buy it",
    "where is the link", "how do i get one", "i want to buy it", "i want one", "i'll take it",
    "what sizes do you have", "what sizes are there", "do you have it in {a}", "does it come in {a}",
    "do you have a bigger one", "do you have a smaller one", "what colors do you have", "what colors are there",
    "what colours does it come in", "what color is it", "does it come in other colors", "what is it made of",
    "what's it made of", "what material is it", "is it real leather", "is it made of {a}", "where is it made",
    "where does it come from", "who makes it", "what brand is it", "how big is it", "how heavy is it",
    "how much does it weigh", "how long is it", "what are the dimensions", "what is in it", "what are the ingredients",
    "how does it work", "how do i use it", "how do you use it", "how do i clean it", "can i wash it",
    "is it waterproof", "is it organic", "is it vegan", "is it cruelty free", "is it safe for children",
    "is it good for sensitive skin", "how long does it last", "is it a good gift", "can you wrap it as a gift",
    "do you have gift cards", "does it have a warranty", "is there a warranty", "how long is the warranty",
    "how much is shipping", "what does shipping cost", "how much does shipping cost", "how much is delivery",
    "is shipping free", "do you ship for free", "is delivery free", "how long does shipping take",
    "how long does delivery take", "when will it arrive", "when does it arrive", "how fast do you ship",
    "do you ship to {w}", "do you deliver to {w}", "do you ship internationally", "where do you ship",
    "can i return it", "can i return this", "can i send it back", "what is your return policy",
    "what's the return policy", "how long can i return it", "can i get a refund", "how do refunds work",
    "how can i pay", "can i pay by card", "can i pay with paypal", "do you take paypal", "can i pay by credit card",
    "do you take apple pay", "what payment methods do you have", "can i pay later",
    "are you a human", "are you human", "are you a real person", "are you real", "are you a robot", "are you a bot",
    "are you an a i", "are you artificial", "is this live", "is this recorded", "who are you", "what is your name",
    "what's next", "what is next", "what is coming up next", "what comes next", "what do you have next",
    "what else do you have", "what are you selling", "what do you sell", "what are you showing now",
    "can you repeat that", "can you say that again", "can you show it again", "can you show that again",
    "can you go back", "what was that", "tell me more", "tell me more about it", "can you tell me more about this one",
    "how can i contact you", "how can i reach you", "do you have a shop", "do you have a store", "where is your shop",
    "what is the name of the shop", "where are you located",
    "hello", "hi", "hi there", "hello everyone", "good morning", "good evening", "hey", "how are you",
    "how are you today", "thank you", "thanks", "thank you very much", "thanks a lot", "goodbye", "bye", "see you",
    "i love it", "i like it", "it looks great", "that's nice", "that's too expensive", "that's beautiful",
    "yes", "yes please", "no", "no thanks", "okay", "excuse me", "i have a question", "can i ask a question",
    "can you help me", "i don't know", "i am not sure",
)  # fmt: skip
BEFORE = ("", "", "", "", "hi ", "hello ", "excuse me ", "so ", "and ", "please ", "okay ", "hey ")
COLOURS = ("black", "white", "red", "blue", "green", "yellow", "pink", "brown", "gray", "silver", "gold", "purple")
SIZES = ("small", "medium", "large", "extra large", "a bigger size", "a smaller size", "another color", "other colors")
STUFFS = ("wood", "glass", "metal", "plastic", "cotton", "leather", "steel", "silver", "wool")
PLACES = (
    "germany", "france", "italy", "spain", "austria", "switzerland", "england", "ireland", "scotland", "america",
    "the united states", "canada", "australia", "china", "japan", "europe", "the netherlands", "poland", "sweden",
    "my country",
)  # fmt: skip
UNITS = {
    "g": "grams", "kg": "kilograms", "mg": "milligrams", "ml": "milliliters", "l": "liters", "cl": "centiliters",
    "cm": "centimeters", "mm": "millimeters", "m": "meters", "oz": "ounces", "lb": "pounds", "w": "watts", "v": "volts",
}  # fmt: skip
SIGNS = {"&": " and ", "%": " percent ", "+": " plus ", "€": " euros ", "$": " dollars ", "£": " pounds ", "×": " by "}
LINKING = frozenset(("and", "with", "of", "for", "in", "the", "a", "mit", "und", "von", "für", "aus", "der", "die"))


def lines(shop: ShopWords) -> list[str]:
    """At most `LINES` lines, in words of small letters without signs; the same for the same shop."""
    names = [each for ware in shop.wares if (each := spoken_names(ware, shop.shop))]
    found = dict.fromkeys(islice(_lines(shop, names), LINES))
    return list(found)


def _lines(shop: ShopWords, names: list[list[str]]) -> Iterator[str]:
    general = [*COLOURS, *SIZES, *STUFFS]
    for n, template in enumerate(ALWAYS):
        for place in PLACES if "{w}" in template else general if "{a}" in template else ("",):
            said = template.format(w=place, a=place, p="")
            yield said
            yield BEFORE[n % len(BEFORE)] + said
    yield from filter(None, (words(question) for question in shop.questions if shop.language.startswith("en")))
    yield from (f"what is {words(shop.shop)}", f"tell me about {words(shop.shop)}")
    own = [[said for each in ware.attributes if (said := words(each))] for ware in shop.wares]
    count = sum(map(len, names)) or 1
    each = max(EACH, min(len(ABOUT), (LINES - 8000) // count))
    at = 0
    for number, variants in enumerate(names):
        attributes = [*(own[number] if number < len(own) else []), *general]
        for variant in variants:
            yield variant
            for step in range(each):
                template = ABOUT[(at + step) % len(ABOUT)]
                values = {"p": variant, "a": attributes[step % len(attributes)], "w": PLACES[step % len(PLACES)]}
                yield BEFORE[(at + step) % len(BEFORE)] + template.format(**values)
            at += each
        for said in attributes[: len(attributes) - len(general)]:
            yield from (f"do you have it in {said}", f"is it {said}", said)
        yield from _pairs(number, names)


def _pairs(number: int, names: list[list[str]]) -> Iterator[str]:
    """Questions about a product and the next ones."""
    for step in (1, 2, 3):
        other = names[(number + step) % len(names)]
        if other is names[number]:
            return
        for n, template in enumerate(BOTH):
            yield template.format(p=names[number][n % len(names[number])], q=other[n % len(other)])


def spoken_names(ware: Ware, shop: str = "") -> list[str]:
    """What people call a product: its title, then without its maker, and its first and last words."""
    full = words(ware.title).split()
    maker = set(words(f"{ware.brand} {shop}").split())
    short = [word for word in full if word not in maker] or full
    heads = [word for word in short if word not in LINKING and len(word) > 2]
    variants = [full, short, short[:2], short[-2:], heads[:1], heads[-1:], words(ware.kind).split()[:3]]
    whole = [each for each in variants if each and (len(each) > 3 or not LINKING & {each[0], each[-1]})]
    return list(dict.fromkeys(" ".join(each) for each in whole))


def words(text: str) -> str:
    """A text as it is spoken: small letters, numbers and units in words, nothing else."""
    text = unicodedata.normalize("NFC", text[:300])
    for sign, said in SIGNS.items():
        text = text.replace(sign, said)
    text = re.sub(r"(\d)[.,](\d)", r"\1 point \2", text.replace("’", "'"))
    found: list[str] = []
    for piece in re.findall(r"\d+|[^\W\d_]+(?:'[^\W\d_]+)*", text):
        if piece.isdecimal():
            found += _number(piece)
        elif found and piece in UNITS and re.search(rf"\d\s*{piece}\b", text):
            found.append(UNITS[piece])
        else:
            found.append(piece.lower())
    return " ".join(found)


def _number(digits: str) -> list[str]:
    if len(digits) > 6:
        return [num2words(int(digit)) for digit in digits[:12]]
    return list(re.findall(r"[a-z]+", num2words(int(digits)).replace(",", "")))


def vocabulary(found: Iterable[str]) -> set[str]:
    """Every word of the lines."""
    return {word for line in found for word in line.split()}
