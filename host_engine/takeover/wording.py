"""What is told of a take-over: to viewers in the captions, and in the as-run log."""

from __future__ import annotations

from typing import Final

from host_engine.show.rundown import Line
from host_engine.show.spoken import Token

SPEAKS: Final = {
    "en": "(The operator speaks: a human voice, live)",
    "de": "(Hier spricht die Regie: eine menschliche Stimme, live)",
    "fr": "(La régie parle : une voix humaine, en direct)",
    "es": "(Habla la dirección: una voz humana, en directo)",
    "it": "(Parla la regia: una voce umana, in diretta)",
    "nl": "(De regie spreekt: een menselijke stem, live)",
    "pt": "(Fala a direção: uma voz humana, em direto)",
    "pl": "(Mówi realizator: ludzki głos, na żywo)",
    "zh": "（导播在说话：真人声音，直播）",
}


def line_of(number: int, language: str, on_air: Line | None) -> Line:
    """The line of a take-over, the `number`-th of this run. It belongs to the segment of the line on air, which it
    interrupts, and names no product: what a human says is not the catalog's."""
    text = SPEAKS.get(language) or SPEAKS.get(language.split("-")[0]) or SPEAKS["en"]
    tokens = tuple(Token(word, "") for word in text.split())
    return Line(f"takeover/{number}", text, tokens, language, on_air.segment if on_air else "takeover")
