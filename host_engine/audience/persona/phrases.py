"""What a host says around an answer, in each language, where her persona file does not say it otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import yaml

Key = Literal["greeting", "thanks", "follow", "bridge", "unknown", "team", "names", "human"]
KEYS: tuple[str, ...] = get_args(Key)
FIELDS: Mapping[str, frozenset[str]] = {
    **{key: frozenset({"name"}) for key in ("greeting", "thanks", "follow", "bridge")},
    "names": frozenset({"names"}),
    **{key: frozenset({"shop"}) for key in ("unknown", "team")},
    "human": frozenset({"host", "shop"}),
}
"""What may stand in braces in the phrases of each key."""

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "it": "Italian",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "zh": "Chinese",
}

ADDRESSES: Mapping[str, tuple[str, ...]] = {
    "en": ("you",),
    "it": ("tu", "Lei"),
    "de": ("Sie", "du"),
    "fr": ("vous", "tu"),
    "es": ("tú", "usted"),
    "zh": ("您", "你"),
}
"""How one viewer can be addressed; the first is taken where a persona does not say."""

_DATA = Path(__file__).with_name("phrases.yaml")


@lru_cache(1)
def defaults() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Key -> language -> phrases; every key has every language."""
    with _DATA.open(encoding="utf-8") as file:
        read = yaml.safe_load(file)
    return {key: {language: tuple(said) for language, said in by.items()} for key, by in read.items()}
