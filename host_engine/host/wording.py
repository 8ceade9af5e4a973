"""The few words that the picture itself says, in the languages of the catalogs."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from host_engine.show.languages import NAMED_VALUES

LONGEST = 14 * 86_400  # seconds


class Wording(NamedTuple):
    """What stands on chips, bubbles and slates. {n} is a number, {viewer} a name."""

    live: str
    ends_in: str
    days: str
    asks: str
    back_soon: str
    stay: str
    somebody_asks: str


WORDINGS = {
    "en": Wording(
        "LIVE",
        "Ends in",
        "{n} days",
        "{viewer} asks",
        "We’ll be right back",
        "The show goes on in a moment",
        "A viewer asks",
    ),
    "de": Wording(
        "LIVE",
        "Endet in",
        "{n} Tagen",
        "{viewer} fragt",
        "Gleich sind wir zurück",
        "Die Show geht sofort weiter",
        "Jemand fragt",
    ),
    "es": Wording(
        "EN VIVO",
        "Termina en",
        "{n} días",
        "{viewer} pregunta",
        "Volvemos enseguida",
        "El programa sigue pronto",
        "Alguien pregunta",
    ),
    "fr": Wording(
        "EN DIRECT",
        "Finit dans",
        "{n} jours",
        "{viewer} demande",
        "De retour dans un instant",
        "L’émission reprend",
        "Quelqu’un demande",
    ),
    "it": Wording(
        "IN DIRETTA",
        "Termina tra",
        "{n} giorni",
        "{viewer} chiede",
        "Torniamo subito",
        "La diretta riprende a breve",
        "Qualcuno chiede",
    ),
    "pt": Wording(
        "AO VIVO",
        "Termina em",
        "{n} dias",
        "{viewer} pergunta",
        "Voltamos já",
        "O programa continua em instantes",
        "Alguém pergunta",
    ),
    "nl": Wording(
        "LIVE",
        "Eindigt over",
        "{n} dagen",
        "{viewer} vraagt",
        "We zijn zo terug",
        "De show gaat zo verder",
        "Een kijker vraagt",
    ),
}


def wording(language: str) -> Wording:
    """The words in a language ("de", "de-AT"), English where it is not there."""
    return WORDINGS.get(language.split("-")[0], WORDINGS["en"])


def in_stock(availability: str, language: str) -> bool:
    """Whether a card's words on availability say nothing that a shopper has to be told."""
    return availability in ("", NAMED_VALUES.get(language.split("-")[0], NAMED_VALUES["en"])["in_stock"])


def time_left(left: timedelta, language: str) -> str:
    """How long something lasts: "3 days", "07:12:05" or "04:59"; "" when it is over, or too long to be counted down."""
    seconds = int(left.total_seconds())
    if seconds <= 0 or seconds > LONGEST:
        return ""
    if seconds >= 48 * 3600:
        return wording(language).days.format(n=seconds // 86_400)
    hours, rest = divmod(seconds, 3600)
    clock = f"{rest // 60:02}:{rest % 60:02}"
    return f"{hours:02}:{clock}" if hours else clock
