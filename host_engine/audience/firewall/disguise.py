"""A message as it may be meant: digits for letters, letters apart, words cut, backwards, upside down, or in a code."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise

from host_engine.audience.firewall.plain import LONGEST, SIGNS, skeleton, tokens

_LEET = str.maketrans("01345678@$!|€+9", "oieasgtbasilet" + "g")
_EDGE = re.compile(r"^([\"'(\[{.,:;!?*~_-]*)(.*?)([\"')\]}.,:;!?*~_-]*)$", re.DOTALL)
_TRIPLE = re.compile(r"([a-z])\1{2,}")
_APART = re.compile(r"(?<![^\W_])[a-z0-9](?:[\s.*_/|,+~-]{1,3}[a-z0-9]){4,}(?![^\W_])")
_FOUR = re.compile(r"(?<![^\W_])[a-z](?:[\s.*_/|,+~-]{1,3}[a-z]){3}(?![^\W_])")
_WIDE = re.compile(r"\s{2,}|\s+[/|]\s+")
_MASKED = re.compile(r"[a-z]+[*#_]+[a-z]*")
_FLIPPED = frozenset("ɐɔǝɟƃɥᴉɾʞɹʇʌʍʎ")
_TURNED = str.maketrans("nubqdpmwe", "unqbpdwme")
_CODE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-f]{2}[\s:]?){10,}", re.IGNORECASE)
HIDDEN = 8  # letters written apart that nobody can read


def others(seen: str, bare: str, said: Sequence[str], vocabulary: Collection[str]) -> Iterator[list[str]]:
    """Other words that a visible text may stand for, given its skeleton and its words."""
    yield from _for_letters(bare, said)
    if _TRIPLE.search(bare):
        yield tokens(_TRIPLE.sub(r"\1", bare))
        yield tokens(_TRIPLE.sub(r"\1\1", bare))
    if _APART.search(bare):
        yield tokens(_together(bare, vocabulary))
    turned = [tokens(codecs.encode(bare, "rot13")), tokens(bare[::-1])]
    if not seen.isascii() and len(_FLIPPED.intersection(seen)) >= 3:
        turned.append(tokens(bare[::-1].translate(_TURNED)))
    understood = _known(said, vocabulary)
    yield from (words for words in turned if _known(words, vocabulary) > max(1, understood))


def _known(said: Sequence[str], vocabulary: Collection[str]) -> int:
    """How many words are known. A text that is turned round has hardly any by chance."""
    return sum(len(word) > 2 and word in vocabulary for word in said)


def _for_letters(bare: str, said: Sequence[str]) -> Iterator[list[str]]:
    """Digits and signs read as letters, signs inside of words taken out."""
    chunks = bare.split()
    if not any(_mixed(chunk) for chunk in chunks):
        return
    read = [word for chunk in chunks for word in _unleet(chunk)]
    if read != list(said):
        yield read
    if "1" in bare:
        yield [word for chunk in chunks for word in _unleet(chunk.replace("1", "l"))]


def _mixed(chunk: str) -> bool:
    inside = chunk.strip("\"'([{.,:;!?*~_-)]}")
    return len(inside) >= 4 and not inside.isalpha() and not inside.isdecimal()


def _unleet(chunk: str) -> Iterator[str]:
    match = _EDGE.match(chunk)
    if match is None:
        return
    before, inside, after = match.groups()
    if any(sign in before for sign in "\"'([.:"):
        yield '"' if before[-1] in "\"'" else "."
    if inside.isascii() and inside.isalpha():
        yield inside
    elif inside.isalpha() or inside.isdecimal() or len(inside) < 4:
        yield from tokens(inside)
    elif inside:
        plain = "".join(each for each in inside.translate(_LEET) if each.isalnum())
        if plain:
            yield plain
    if after:
        yield from tokens(after)[:1]


def _together(bare: str, vocabulary: Collection[str]) -> str:
    """Letters that stand apart, put together: by wider spaces between words, or by known words."""

    def join(match: re.Match[str]) -> str:
        if _WIDE.search(match[0]):
            return " ".join(re.sub(r"[\s.*_/|,+~-]", "", word) for word in _WIDE.split(match[0]))
        return " ".join(_cut(re.sub(r"[\s.*_/|,+~-]", "", match[0])[:120], vocabulary))

    return _APART.sub(join, bare)


def _cut(run: str, vocabulary: Collection[str]) -> list[str]:
    """Letters without spaces cut into as few unknown letters, and then as few words, as can be."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(run) + 1):
        options = [(best[end - 1][0] + 3, end - 1)]
        for start in range(max(0, end - 16), end - 1):
            if run[start:end] in vocabulary:
                options.append((best[start][0] + 1, start))
        best.append(min(options))
    words: list[str] = []
    end = len(run)
    while end:
        start = best[end][1]
        words.append(run[start:end])
        end = start
    return words[::-1]


def apart(bare: str) -> bool:
    """Whether so many letters of a skeleton stand apart that they hide something."""
    return any(sum(each.isalpha() for each in match[0]) >= HIDDEN for match in _APART.finditer(bare))


def strong_word(bare: str, said: Sequence[str], strong: Collection[str]) -> bool:
    """Whether a word of `strong` is there cut in two, masked, or with all letters apart: "fu ck", "f*ck", "s h i t"."""
    if any("".join(each for each in run if each.isalpha()) in strong for run in _FOUR.findall(bare)):
        return True
    if any(a + b in strong for a, b in pairwise(said) if a not in SIGNS and b not in SIGNS):
        return True
    for mask in _MASKED.findall(bare):
        shape = re.compile(re.sub(r"[*#_]", "[a-z]", mask))
        letters = sum(each.isalpha() for each in mask)
        if letters >= 2 and any(shape.fullmatch(word) for word in strong):
            return True
    return False


def decoded(seen: str) -> Iterator[str]:
    """Readable texts that stand in base64 or in hexadecimal digits in a visible text."""
    for match in _CODE64.finditer(seen):
        code = match[0].rstrip("=").replace("-", "+").replace("_", "/")
        if not code.islower() or any(each.isdigit() for each in code):
            yield from _readable(code, lambda text: base64.b64decode(text + "=" * (-len(text) % 4)))
    for match in _HEX.finditer(seen):
        yield from _readable(re.sub(r"[\s:]", "", match[0]), bytes.fromhex)


def _readable(code: str, decode: Callable[[str], bytes]) -> Iterator[str]:
    try:
        text = decode(code).decode("utf-8")
    except (ValueError, binascii.Error):
        return
    letters = sum(each.isalpha() or each.isspace() for each in text)
    if text.isprintable() and letters > 0.8 * len(text):
        yield text[:LONGEST]


def bare_words(text: str) -> list[str]:
    """The words of a visible text."""
    return tokens(skeleton(text))
