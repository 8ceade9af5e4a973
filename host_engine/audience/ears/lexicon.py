"""How the words of a shop sound: from the CMU dictionary, from the shop's own spellings, from espeak-ng's rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from host_engine.audience.ears import spelling
from host_engine.audience.ears.question_lines import words

LETTERS = {
    "a": "EY", "b": "B IY", "c": "S IY", "d": "D IY", "e": "IY", "f": "EH F", "g": "JH IY", "h": "EY CH", "i": "AY",
    "j": "JH EY", "k": "K EY", "l": "EH L", "m": "EH M", "n": "EH N", "o": "OW", "p": "P IY", "q": "K Y UW",
    "r": "AA R", "s": "EH S", "t": "T IY", "u": "Y UW", "v": "V IY", "w": "D AH B AH L Y UW", "x": "EH K S",
    "y": "W AY", "z": "Z IY",
}  # fmt: skip
LONGEST = 40  # letters of a word that is spoken as one
WAYS = 4  # of saying one word, at most

Lexicon = dict[str, list[str]]
"""word -> its ways of being said, each phones with spaces between them."""


def known(wanted: set[str], dictionary: Path) -> Lexicon:
    """What the CMU dictionary has of these words."""
    found: Lexicon = {}
    with dictionary.open(encoding="utf-8") as file:
        for line in file:
            entry, _, phones = line.strip().partition(" ")
            word = entry.split("(", 1)[0] if entry.endswith(")") else entry
            if word in wanted and phones:
                found.setdefault(word, []).append(phones)
    return found


def lexicon(wanted: Iterable[str], dictionary: Path, said: Mapping[str, str], language: str) -> Lexicon:
    """All ways of saying these words. One that nobody can say is left out.

    said: the shop's own spellings ("Sencha" -> "senn-cha"); they come first. A word that the dictionary lacks is said
    by English rules and, where the catalog is in another language, by its rules too: viewers do either.
    """
    every = set(wanted)
    spelt = {words(word): words(how) for word, how in said.items()}
    spelt = {word: how for word, how in spelt.items() if word in every and how}
    found = known(every | {part for how in spelt.values() for part in how.split()}, dictionary)
    out: Lexicon = {}
    for word in sorted(every):
        ways = [_joined(spelt[word], found, "en")] if word in spelt else []
        ways += found.get(word, [])
        if word not in found:
            ways += [_sounds(word, "en")]
            ways += [] if language.startswith("en") else [_sounds(word, language)]
        if kept := [way for way in dict.fromkeys(ways) if way][:WAYS]:
            out[word] = kept
    return out


def _joined(spelt: str, found: Lexicon, language: str) -> str:
    return " ".join(found[part][0] if part in found else _sounds(part, language) for part in spelt.split()).strip()


def _sounds(word: str, language: str) -> str:
    """By rules; letter by letter where a word has no vowel, as abbreviations have none."""
    if len(word) > LONGEST:
        return ""
    if word.isascii() and (len(word) == 1 or not set(word) & set("aeiouy")):
        return " ".join(LETTERS[letter] for letter in word if letter in LETTERS)
    try:
        return " ".join(spelling.phones(word, language))
    except spelling.Mute:
        return ""


def written(lexicon: Lexicon) -> str:
    """As pocketsphinx reads it."""
    rows = []
    for word, ways in lexicon.items():
        rows += [f"{word if n == 0 else f'{word}({n + 1})'} {way}" for n, way in enumerate(ways)]
    return "\n".join(rows) + "\n"
