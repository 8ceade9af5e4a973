"""What the human reads: with the first of these lines the show goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest
from until import until

from host_engine.media import Beat, Face
from host_engine.playout.lane import Lane
from host_engine.show.rundown import Card, Line
from host_engine.takeover.prompter import Prompter


def lane() -> Lane:
    async def make(line: Line) -> AsyncIterator[Beat]:
        if line.id == "s/2":
            raise ValueError("this one cannot be made")
        for _ in range(30):
            yield Beat(np.zeros(1920, np.float32), Face(), line)

    lines = (Line(f"s/{k}", f"Line {k}.", (), "en", "s", "tea", card=card(k)) for k in range(1, 100))
    return Lane("rundown", make, lambda: next(lines))


def card(k: int) -> Card:
    return Card("tea", "Tea", "", f"{k} €", None, None, None, None, "in stock")


async def test_lines_that_were_said_are_not_said_again() -> None:
    rundown = lane()
    prompter = Prompter(rundown)
    assert prompter.lines == []
    assert prompter.card is None
    assert prompter.next() is None
    rundown.fill()
    assert [each.text for each in prompter.lines][:1] == ["Line 1."]
    assert prompter.card == card(1)
    with pytest.raises(LookupError, match="not the first"):
        prompter.next("s/7")
    said = prompter.next("s/1")
    assert said is not None
    assert said.id == "s/1"
    await until(lambda: rundown.cues[0].failed)
    assert [each["id"] for each in prompter.listed()] == ["s/3"]  # nobody is asked to read what cannot be said
    for _ in range(60):  # it is tried once more, then passed over
        rundown.fill()
        await asyncio.sleep(0)
    await until(lambda: rundown.ready)
    assert prompter.lines[0].id == "s/3"
    assert rundown.cues[0].line.id == "s/3"
