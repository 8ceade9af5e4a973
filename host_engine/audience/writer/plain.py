"""Plain words: markup, pictures and hidden signs are taken out of what is to be said."""

from __future__ import annotations

import re
import unicodedata

_LINK = re.compile(r"!?\[([^\[\]]{0,200})\]\([^()\s]{0,300}(?:\s+\"[^\"]{0,100}\")?\)")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+")
_TAG = re.compile(r"</?[A-Za-z!?][^<>]{0,400}>|<\|[^<>|]{0,40}\|>|</?[A-Za-z!?][^<>]*$")
_CONTROL = re.compile(r"\[/?(?:INST|SYS|TOOL_CALLS?)\]|</?s>", re.IGNORECASE)
_LINE_START = re.compile(r"^\s{0,8}(?:#{1,6}\s+|>\s?|[-*+•·]\s+|\d{1,2}[.)]\s+|\|)", re.MULTILINE)
_RULE = re.compile(r"^\s*(?:[-*_=]\s*){3,}$|^[\s|:-]+$", re.MULTILINE)
_EMPHASIS = re.compile(r"(\*{1,3}|~~|(?<!\w)_{1,3})(?=\S)(.{1,200}?)(?<=\S)(?:\1)(?!\w)")
_LEFT = re.compile(r"[*`~|\\^{}]|(?<!\w)_+|_+(?!\w)")
_SAID_SYMBOLS = frozenset("°")  # of the category of pictures, but read aloud
_DROPPED = frozenset({"So", "Cs", "Co", "Cn", "Cc", "Cf"})


def plain(text: str) -> str:
    """The text as it can be said: without Markdown, SSML and HTML, emoji, control and direction signs, on one line."""
    text = _TAG.sub(" ", _CONTROL.sub(" ", text))
    text = _ADDRESS.sub("", _LINK.sub(r"\1", text))
    text = _LINE_START.sub("", _RULE.sub("", text))
    for _ in range(3):  # bold within italic
        text = _EMPHASIS.sub(r"\2", text)
    text = _LEFT.sub("", text)
    text = "".join(sign if _sayable(sign) else " " if sign in "\n\t\r" else "" for sign in text)
    return re.sub(r"\s+([.,;:!?…](?:\s|$))", r"\1", " ".join(text.split()))


def _sayable(sign: str) -> bool:
    if "\ufe00" <= sign <= "\ufe0f" or "\U0001f3fb" <= sign <= "\U0001f3ff" or sign == "\u20e3":
        return False  # how an emoji is shown, its skin, its key cap
    return unicodedata.category(sign) not in _DROPPED or sign in _SAID_SYMBOLS
