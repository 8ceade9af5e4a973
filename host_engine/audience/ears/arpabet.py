"""From the sounds of the International Phonetic Alphabet to those of the CMU dictionary, which pocketsphinx knows."""

from __future__ import annotations

import unicodedata
from typing import Final

# Longest first where one begins another. Sounds that English lacks become the nearest that an English speaker says.
_SOUNDS: Final = {
    "aɪə": "AY AH", "aʊə": "AW ER", "tʃ": "CH", "dʒ": "JH", "ts": "T S", "dz": "D Z", "pf": "P F", "tɕ": "CH",
    "dʑ": "JH", "tʂ": "CH", "dʐ": "JH",
    "aɪ": "AY", "aʊ": "AW", "eɪ": "EY", "oʊ": "OW", "əʊ": "OW", "ɔɪ": "OY", "ɔø": "OY", "ɔʏ": "OY", "aː": "AA",
    "ɑː": "AA", "ɔː": "AO", "ɜː": "ER", "iː": "IY", "uː": "UW", "eː": "EY", "oː": "OW", "øː": "ER", "yː": "UW",
    "ɛː": "EH", "ɪə": "IH R", "eə": "EH R", "ʊə": "UH R", "iə": "IY AH", "əl": "AH L", "ər": "ER",
    "ɑːɹ": "AA R", "ɔːɹ": "AO R", "ɛɹ": "EH R", "ɪɹ": "IH R", "ʊɹ": "UH R", "oːɹ": "AO R", "ɑ̃": "AA N", "ɔ̃": "AO N",
    "ɛ̃": "AE N", "œ̃": "AH N",
    "a": "AE", "ɑ": "AA", "ɒ": "AA", "æ": "AE", "ɐ": "AH", "ʌ": "AH", "ə": "AH", "ɚ": "ER", "ɝ": "ER", "ɜ": "ER",
    "ɔ": "AO", "e": "EY", "ɛ": "EH", "i": "IY", "ɪ": "IH", "ᵻ": "IH", "ɨ": "IH", "o": "OW", "u": "UW", "ʊ": "UH",
    "y": "UW", "ʏ": "UH", "ø": "ER", "œ": "ER", "ɯ": "UW", "ɤ": "AH", "ɘ": "AH", "ɵ": "OW",
    "b": "B", "p": "P", "d": "D", "t": "T", "ɾ": "D", "ʈ": "T", "ɖ": "D", "g": "G", "ɡ": "G", "k": "K", "c": "K",
    "ɟ": "G", "q": "K", "ʔ": "", "f": "F", "v": "V", "ʋ": "V", "β": "V", "ɸ": "F", "θ": "TH", "ð": "DH", "s": "S",
    "z": "Z", "ʃ": "SH", "ʒ": "ZH", "ɕ": "SH", "ʑ": "ZH", "ʂ": "SH", "ʐ": "ZH", "ç": "HH", "x": "K", "χ": "K",
    "ɣ": "G", "h": "HH", "ɦ": "HH", "m": "M", "n": "N", "ŋ": "NG", "ɲ": "N Y", "ɳ": "N", "l": "L", "ɫ": "L", "ɭ": "L",
    "ʎ": "L Y", "ɬ": "L", "r": "R", "ɹ": "R", "ʁ": "R", "ɻ": "R", "ɽ": "R", "j": "Y", "w": "W", "ʍ": "W", "ɥ": "W",
}  # fmt: skip
_LONGEST: Final = max(map(len, _SOUNDS))
PHONES: Final = frozenset(phone for sounds in _SOUNDS.values() for phone in sounds.split())


def arpabet(ipa: str) -> list[str]:
    """The phones of one word. Marks of stress and length that change nothing are passed over; empty without a sound."""
    sounds = unicodedata.normalize("NFC", ipa)
    found: list[str] = []
    at = 0
    while at < len(sounds):
        for length in range(min(_LONGEST, len(sounds) - at), 0, -1):
            if (phones := _SOUNDS.get(sounds[at : at + length])) is not None:
                found += phones.split()
                at += length
                break
        else:
            at += 1
    return [phone for n, phone in enumerate(found) if n == 0 or phone != found[n - 1] or phone not in ("T", "K", "P")]
