"""Countries by the names that people give them in each language, or by a city that clocks go by."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import get_global

from host_engine.audience.answers.words import folded, is_han, words

ABROAD = "abroad"  # stands for any country but the shop's own
_LONGEST = 4  # words of a name
_NO_COUNTRY = ("ZZ", "XA", "XB", "EZ", "UN", "QO")
_SAID = {
    "en": {"uk": "GB", "usa": "US", "the us": "US", "the states": "US", "america": "US", "eu": "EU", "turkey": "TR",
           "england": "GB", "scotland": "GB"},
    "de": {"deutschlands": "DE", "eu": "EU", "england": "GB"}, "it": {"inghilterra": "GB", "ue": "EU"},
    "fr": {"angleterre": "GB", "ue": "EU"}, "es": {"inglaterra": "GB", "ue": "EU"},
    "zh": dict.fromkeys(("北京", "广州", "深圳", "杭州", "成都", "南京", "武汉", "国内", "大陆"), "CN"),
}  # fmt: skip
_FAR = {
    "en": "abroad overseas international internationally worldwide", "de": "ausland international weltweit",
    "it": "estero internazionale internazionali", "fr": "etranger international internationale",
    "es": "extranjero internacional internacionales", "zh": "国外 海外 全球 国际",
}  # fmt: skip


def countries(text: str, language: str) -> frozenset[str]:
    """Codes of the countries and continents that a text names, or a city of; ABROAD for "abroad"."""
    if language == "zh":
        return frozenset(code for name, code in _places("zh").items() if is_han(name) and name in folded(text))
    found, row, at = set(), words(text, language), 0
    while at < len(row):
        for length in range(min(_LONGEST, len(row) - at), 0, -1):
            if code := _places(language).get(" ".join(row[at : at + length])):
                found.add(code)
                at += length - 1
                break
        at += 1
    return frozenset(found)


@cache
def names_of_places(language: str) -> frozenset[str]:
    """The names of one word, folded."""
    return frozenset(name for name in _places(language) if " " not in name)


@cache
def _places(language: str) -> dict[str, str]:
    """Names of countries, continents and of cities that clocks go by, folded -> code."""
    locale = Locale.parse(language)
    found: dict[str, str] = {}
    owners = get_global("zone_territories")
    for zone, code in owners.items():
        city = str(locale.time_zones.get(zone, {}).get("city") or zone.rsplit("/", 1)[-1].replace("_", " "))
        if "/" in zone and code not in _NO_COUNTRY and not zone.startswith("Etc/"):
            found[" ".join(words(city, language))] = code
    for code, name in locale.territories.items():
        if code not in _NO_COUNTRY:
            found[" ".join(words(name, language))] = code
    found |= _SAID.get(language, {}) | dict.fromkeys(_FAR[language].split(), ABROAD)
    return {name: code for name, code in found.items() if len(name) > 1}
