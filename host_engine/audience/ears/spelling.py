"""How unknown words sound: espeak-ng's rules, asked through ctypes. For the worker process only.

It keeps its language in global state, and whatever goes wrong in it stays in that process.
"""

from __future__ import annotations

import ctypes as c
import re
from functools import cache
from typing import Any

import espeakng_loader

from host_engine.audience.ears.arpabet import arpabet

_SYNCHRONOUS, _IPA_EVENTS, _UTF8, _IPA = 2, 0x8003, 1, 2  # it starts once in a process: as the voices have it
VOICES = {"en": "en-us", "de": "de", "fr": "fr-fr", "es": "es", "it": "it", "pt": "pt", "nl": "nl"}


class Mute(Exception):
    """espeak-ng is not there; the sentence says why."""


@cache
def _library() -> Any:
    try:
        library = c.CDLL(espeakng_loader.get_library_path())
        library.espeak_TextToPhonemes.restype = c.c_char_p
        data = str(espeakng_loader.get_data_path()).encode()
        if library.espeak_Initialize(_SYNCHRONOUS, 0, data, _IPA_EVENTS) <= 0:
            raise Mute("espeak-ng does not start with its data")
    except OSError as error:
        raise Mute(f"espeak-ng cannot be loaded: {error}") from error
    return library


def phones(word: str, language: str = "en") -> list[str]:
    """How a word sounds in a language, in the phones of the CMU dictionary. Raises Mute."""
    library = _library()
    voice = VOICES.get(language.split("-")[0], "en-us")
    if library.espeak_SetVoiceByName(voice.encode()) and library.espeak_SetVoiceByName(b"en-us"):
        raise Mute("espeak-ng has no English voice")
    rest = c.c_char_p(word.encode("utf-8", "replace"))
    said = []
    while rest:
        said.append((library.espeak_TextToPhonemes(c.byref(rest), _UTF8, _IPA) or b"").decode("utf-8", "ignore"))
    return arpabet(re.sub(r"\(.+?\)", "", "".join(said)))
