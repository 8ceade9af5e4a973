"""How an answer in Chinese is read, said and split: by its phrases, as there are no spaces between words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from host_engine.show.spoken import Token

SPEED = 4.2  # signs a second
_ENDS = "，。！？；：、"
_HAN = re.compile(r"[\u3400-\u9fff]")
_COINS = {
    "£": "英镑",
    "€": "欧元",
    "$": "美元",
    "¥": "元",
    "￥": "元",
    "GBP": "英镑",
    "EUR": "欧元",
    "USD": "美元",
    "CHF": "法郎",
}
_COIN = "|".join(map(re.escape, _COINS))
_AMOUNT = r"\d[\d.,]*\d|\d"


def is_chinese(language: str) -> bool:
    """Whether a language, such as "zh-CN", is Chinese."""
    return language.lower().split("-")[0] in ("zh", "cmn")


def pieces(text: str) -> tuple[Token, ...]:
    """The phrases of a text, as they are read and as they are said; the voice reads numbers by itself."""
    return tuple(Token(phrase, _said(phrase)) for phrase in _phrases(text))


def seconds(text: str) -> float:
    """About how long a voice takes to say it."""
    signs, others = len(_HAN.findall(text)), len(re.findall(r"[A-Za-z0-9]", _HAN.sub("", text)))
    return signs / SPEED + others / 10 + 0.25 * sum(text.count(end) for end in _ENDS)


def split(text: str, longest: float) -> Iterator[str]:
    """The text in parts of whole phrases, each at most so many seconds long where its phrases are."""
    part = ""
    for phrase in _phrases(text):
        if part and seconds(part + phrase) > longest:
            yield part
            part = ""
        part += phrase if not part or part[-1] in _ENDS else f" {phrase}"
    if part:
        yield part


def _phrases(text: str) -> list[str]:
    for end in _ENDS:
        text = text.replace(end, end + " ")
    return text.split()


def _said(phrase: str) -> str:
    """Prices and shares in words; thousands without their sign."""
    said = re.sub(rf"({_COIN})\s?({_AMOUNT})", lambda found: found[2] + _COINS[found[1]], phrase)
    said = re.sub(rf"({_AMOUNT})\s?%", r"百分之\1", said)
    said = re.sub(r"(?<=\d),(?=\d{3})", "", said)
    return " ".join(re.sub(r"[^\w\s.,，。！？；：、-]", " ", said).split()) if re.search(r"\w", said) else ""
