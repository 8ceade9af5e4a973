"""Texts of feeds made plain: without HTML, entities, hidden signs, pictures, braces, and formulas of spreadsheets."""

from __future__ import annotations

import html
import re
import unicodedata

MOST_READ = 40_000  # signs of one text
_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*|!--|![A-Za-z\[]|\?)[^<>]*>")
_HIDING = ("script", "style", "template", "noscript", "svg", "iframe", "head")
_BREAKING = frozenset(
    [
        "p",
        "br",
        "div",
        "li",
        "ul",
        "ol",
        "tr",
        "td",
        "th",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "article",
        "hr",
        "dd",
        "dt",
        "blockquote",
        "figcaption",
    ]
)
_FORMULA = re.compile(r"^[\s'’`]*[=@]+|^['’`]+(?=[=+@-])|^[\s]*[+-]+(?=[^\n]*[|!(])")
_LINKED = re.compile(r"=\s*HYPERLINK\s*\((.*)\)\s*$", re.IGNORECASE | re.DOTALL)
_STRING = re.compile(r'"((?:[^"]|"")*)"')
_MASKED = str.maketrans({"{": "(", "}": ")", "\\": " "})
_ENDS = ".!?…:;,"


def words(text: str, longest: int = 300) -> str:
    """The text on one line, cut at a word where it is too long; "" where nothing is left of it.

    Nothing at its beginning makes a spreadsheet take it for a formula, wherever it is shown later.
    """
    text = text[:MOST_READ]
    for _ in range(2):  # what is written as &lt;p&gt; is HTML once more
        if "<" in text:
            text = _untagged(text)
        if "&" not in text:
            break
        text = html.unescape(text)
    text = "".join(_visible(sign) for sign in text).translate(_MASKED)
    text = ", ".join(filter(None, (part.strip() for part in text.split("|")))) if "|" in text else text
    text = re.sub(r" ([.,;!?…])(?= |$)", r"\1", " ".join(text.split()))
    while text != (bare := _FORMULA.sub("", text, count=1).strip()):
        text = bare
    return shortened(text, longest)


def name(text: str, longest: int = 150) -> str:
    """A title or a name: of a formula that links, only what it shows; else `words`."""
    text = text[:MOST_READ].strip("\ufeff\u200b \t\r\n")
    if linked := _LINKED.match(text.lstrip("'’` ")):
        said = [each.replace('""', '"') for each in _STRING.findall(linked[1])]
        text = said[-1] if said else ""
    return words(text, longest)


def shortened(text: str, longest: int) -> str:
    """The text up to its last word, or better its last sentence, that fits."""
    if len(text) <= longest:
        return text
    cut = text[: longest + 1]
    sentences = [found.end() for found in re.finditer(r"[.!?…](?=\s)", cut)]
    if sentences and sentences[-1] > longest // 2:
        return cut[: sentences[-1]]
    spaces = cut.rfind(" ")
    return (cut[:spaces] if spaces > longest // 2 else cut[:longest]).rstrip(" ,;:-–")


def _untagged(text: str) -> str:
    """Tags taken out; those of blocks end a sentence; what is hidden between tags goes with them."""
    parts: list[str] = []
    at, hidden = 0, ""
    for tag in _TAG.finditer(text):
        closing, kind = tag[1], tag[2].lower()
        if not hidden:
            parts.append(text[at : tag.start()])
        at = tag.end()
        if hidden:
            hidden = "" if closing and kind == hidden else hidden
        elif kind in _HIDING and not closing and not tag[0].endswith("/>"):
            hidden = kind
        elif kind in _BREAKING:
            _end_sentence(parts)
    parts.append("" if hidden else text[at:])
    return "".join(parts)


def _end_sentence(parts: list[str]) -> None:
    for part in reversed(parts):
        if said := part.rstrip():
            parts.append(" " if said[-1] in _ENDS else ". " if len(said) > 1 or said.isalnum() else " ")
            return


def _visible(sign: str) -> str:
    """Control and direction signs, halves of pairs, pictures: nobody says them."""
    if " " <= sign <= "~":
        return sign
    kind = unicodedata.category(sign)
    if kind in ("Cc", "Zl", "Zp", "Zs"):
        return " "
    if kind in ("Cf", "Cs", "Co", "Cn", "Me") or "\ufe00" <= sign <= "\ufe0f" or "\U0001f3fb" <= sign <= "\U0001f3ff":
        return ""
    return sign if kind != "So" or sign == "°" else ""
