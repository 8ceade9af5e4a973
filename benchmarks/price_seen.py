"""What leaves a channel, noted inside `host-engine`: of each frame that is sent the sentence on air and the card."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from host_engine.engine import Engine
from host_engine.host.compositor import Compositor
from host_engine.media import Beat, Picture, Unit
from host_engine.show.rundown import Card

Seen = tuple[str, str, str, str, str]  # sentence, its product; the card's product, price and sale price
NOTHING: Seen = ("", "", "", "", "")


class Looking:
    """Notes when something else is seen or said than in the frame before, at the moment that its unit is sent."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._drawn: dict[int, Seen] = {}
        self._last: Seen | None = None
        self.frames = 0

    def drawn(self, n: int, beat: Beat, card: Any) -> None:
        """On the render thread: what frame `n` holds."""
        text, product = (beat.line.text, beat.line.product or "") if beat.line else ("", "")
        shown = (card.product, card.price, card.sale_price or "") if isinstance(card, Card) else ("", "", "")
        self._drawn[n] = (text, product, *shown)

    def sent(self, unit: Unit) -> None:
        """On the loop: frame `n` has left the encoder for the outputs."""
        self.frames += 1
        seen = self._drawn.pop(unit.n, self._last or NOTHING)
        if seen != self._last:
            self._last = seen
            with self._file.open("a") as file:
                file.write(json.dumps([time.time(), unit.n, *seen]) + "\n")


def look(file: Path) -> None:
    """Have every engine of this process looked at; `file` gets a line of JSON for each change."""
    looking, draw, send = Looking(file), Compositor.draw, Engine._send

    def drawn(of: Compositor, n: int, beat: Beat) -> Picture:
        picture = draw(of, n, beat)
        looking.drawn(n, beat, of._stage.slots["card"].key)
        return picture

    def sent(of: Engine, unit: Unit) -> None:
        looking.sent(unit)
        send(of, unit)

    Compositor.draw = drawn  # type: ignore[method-assign]
    Engine._send = sent  # type: ignore[method-assign]
