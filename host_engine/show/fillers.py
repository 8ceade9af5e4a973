"""What the host says where nothing of the rundown may be said: it claims nothing, and an alarm tells of it."""

from __future__ import annotations

from collections.abc import Mapping

from host_engine.show.catalog import Catalog
from host_engine.show.rundown import Line
from host_engine.show.spoken import tokens

PREFIX = "filler/"
TEXTS: Mapping[str, tuple[str, ...]] = {
    "en": ("Thank you for being here.", "One moment please, I am sorting my notes.", "It is good to have you with us.",
           "Please stay with us, we go on in a moment."),
    "de": ("Schön, dass Sie da sind.", "Einen Moment bitte, ich sortiere meine Notizen.", "Danke, dass Sie zusehen.",
           "Bleiben Sie bitte dabei, es geht gleich weiter."),
    "es": ("Gracias por estar aquí.", "Un momento, por favor, estoy ordenando mis notas.", "Me alegra tenerlos aquí.",
           "Quédense con nosotros, seguimos en un momento."),
    "fr": ("Merci d'être là.", "Un instant, s'il vous plaît, je range mes notes.", "Merci de nous regarder.",
           "Restez avec nous, nous continuons dans un instant."),
    "it": ("Grazie di essere qui.", "Un momento, per favore, sto ordinando i miei appunti.", "Grazie della compagnia.",
           "Restate con noi, continuiamo tra un momento."),
    "pt": ("Obrigada por estarem aqui.", "Um momento, por favor, estou a ordenar as minhas notas.",
           "Obrigada pela companhia.", "Fiquem connosco, continuamos dentro de um momento."),
    "nl": ("Fijn dat u er bent.", "Een moment alstublieft, ik orden mijn notities.", "Bedankt voor het kijken.",
           "Blijf bij ons, we gaan zo verder."),
}  # fmt: skip


def filler(catalog: Catalog, number: int) -> Line:
    """The sentence of a number, in the catalog's language; they come in turn."""
    texts = TEXTS[catalog.language.split("-")[0]]
    text = texts[number % len(texts)]
    said = tokens(text, catalog.language, catalog.pronunciations)
    return Line(f"{PREFIX}{number}", text, said, catalog.language, "filler")
