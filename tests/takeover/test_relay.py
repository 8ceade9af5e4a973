"""A human on the operator's lane: the line on air is cut at once, and said anew when the human hands back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import numpy as np
from until import until

from host_engine.media import Beat, Face, Format, MouthShape
from host_engine.playout.ahead import Ahead
from host_engine.playout.idle import Idle
from host_engine.playout.lane import Cut, Lane
from host_engine.playout.playout import Playout
from host_engine.playout.report import Report
from host_engine.show.rundown import Card, Line
from host_engine.show.utterance import Utterance
from host_engine.takeover.relay import HUMAN, STAYS, Relay
from host_engine.takeover.voice import Spoken
from host_engine.takeover.wording import line_of

FORMAT = Format(fps=25)
CARD = Card("tea", "Tea", "", "5 €", None, None, None, None, "in stock")
OPEN = Face(MouthShape(open=0.5), 1.0, True)


class Human:
    """Says 0.5, for ever."""

    def __init__(self) -> None:
        self.frames = 0

    def pull(self) -> Spoken:
        self.frames += 1
        return Spoken(np.full(FORMAT.samples, 0.5, np.float32), OPEN)


class Show:
    def __init__(self) -> None:
        self.count = 0
        self.operator = Lane("operator", self.make, cut=Cut.NOW)
        self.rundown = Lane("rundown", self.make, self.next)
        self.playout = Playout([self.operator, self.rundown], Idle(FORMAT))
        self.told: list[Utterance] = []
        self.report = Report(self.playout, self.told.append)
        self.n = 0

    async def make(self, line: Line) -> AsyncIterator[Beat]:
        for k in range(60):
            yield Beat(np.full(FORMAT.samples, 0.1, np.float32), Face(speaking=True), line, k, left=59 - k)

    def next(self) -> Line:
        self.count += 1
        return Line(f"s/{self.count}", f"Line {self.count}.", (), "en", "tea", "tea", card=CARD)

    async def pull(self, count: int = 1) -> list[Beat]:
        beats = []
        for _ in range(count):
            await asyncio.sleep(0)
            beats.append(self.playout.pull())
            self.report.frame(self.n, beats[-1])
            self.n += 1
        return beats

    async def on_air(self) -> Line:
        self.playout.pull()
        await until(lambda: self.rundown.ready)
        await self.pull(5)
        assert self.playout.now.line
        return self.playout.now.line


async def test_the_human_is_on_air_with_the_next_frame_and_the_sentence_comes_again() -> None:
    show = Show()
    line = await show.on_air()
    human = Human()
    relay = Relay(line_of(1, "en", line), human)
    show.operator.suspend(relay)
    first, second = await show.pull(2)
    assert 0.1 < first.samples.mean() < 0.5  # one frame from the one to the other
    assert np.allclose(second.samples, 0.5)
    assert second.face == OPEN
    assert (second.voice, second.line.segment, second.line.product) == (HUMAN, "tea", None)
    assert show.playout.now.lane == "operator"
    assert show.playout.coming(line)
    await show.pull(200)
    relay.end()
    (last,) = await show.pull()
    assert last.samples[0] > 0.49
    assert last.samples[-1] == 0
    await until(lambda: show.rundown.ready)
    (again,) = await show.pull()
    assert again.line is line
    assert again.word == 0  # from its beginning
    await show.pull()
    said = {each.line.id: each for each in show.told}
    assert said[line.id].cut == "cut"
    assert (said["takeover/1"].cut, said["takeover/1"].voice, said["takeover/1"].lane) == ("", HUMAN, "operator")
    assert "human voice" in said["takeover/1"].text
    assert human.frames == 203


async def test_a_take_cuts_the_human_too() -> None:
    show = Show()
    line = await show.on_air()
    relay = Relay(line_of(1, "de", line), Human())
    show.operator.suspend(relay)
    await show.pull(10)
    assert not relay.over
    show.playout.take()
    assert relay.over
    await until(lambda: show.rundown.ready)
    (beat,) = await show.pull()
    assert beat.line is line


async def test_one_who_leaves_before_being_on_air_is_never_there() -> None:
    show = Show()
    line = await show.on_air()
    relay = Relay(line_of(1, "en", line), Human())
    relay.end()
    show.operator.suspend(relay)
    (beat,) = await show.pull()
    assert beat.line is line
    assert not show.operator.cues


async def test_the_card_is_that_of_the_prompter_at_every_frame() -> None:
    cards: list[Card | None] = [CARD]
    relay = Relay(line_of(1, "en", None), Human(), card=lambda: cards[0])

    def shown() -> Card | None:
        beat = relay.pull()
        assert beat
        return beat.line.card

    assert shown() == CARD
    cards[0] = dearer = replace(CARD, price="6 €")
    assert shown() == dearer  # with the very next frame: no old price
    cards[0] = None
    assert [shown() for _ in range(STAYS)] == [dearer] * STAYS  # its line is being made anew
    assert shown() is None


async def test_a_picture_of_the_camera_rides_in_the_beat_while_there_is_one() -> None:
    pictures = [np.zeros((4, 4, 3), np.uint8)]
    relay = Relay(line_of(1, "en", None), Human(), camera=lambda: pictures[0] if pictures else None)
    beat = relay.pull()
    assert beat is not None
    assert beat.camera is pictures[0]
    pictures.clear()
    beat = relay.pull()
    assert beat is not None
    assert beat.camera is None


async def test_a_filmed_host_sees_the_human_through_the_delay() -> None:
    show = Show()
    line = await show.on_air()
    ahead = Ahead(show.playout, lambda face: None, 5)
    relay = Relay(line_of(1, "en", line), Human())
    show.operator.suspend(relay)
    beats = []
    for _ in range(12):
        await asyncio.sleep(0)
        beats.append(ahead.pull())
    assert [each.voice for each in beats].index(HUMAN) == 5
    assert ahead.now.lane == "operator"
