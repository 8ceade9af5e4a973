"""The human-voice mode holds on every lane, whenever it is turned on: nothing that a machine says is heard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest
from until import until

from host_engine.channel.studio.human_voice import HumanVoice, let_speak
from host_engine.host.mouth import frames_of
from host_engine.media import Beat, Coding, Face, Format, Frame, Picture, Samples, Speech, Unit, Word
from host_engine.playout.ahead import Ahead
from host_engine.playout.idle import Idle
from host_engine.playout.lane import Cut, Lane
from host_engine.playout.playout import Playout
from host_engine.playout.prepare import Preparation
from host_engine.playout.program import Program
from host_engine.policies.unspoken import NAME
from host_engine.show.rundown import Line
from host_engine.show.spoken import tokens
from host_engine.takeover.relay import Relay
from host_engine.takeover.voice import Spoken
from host_engine.takeover.wording import line_of
from host_engine.timing import Timings

FORMAT = Format(16, 16, fps=25)
LANES = ("operator", "next", "mandatory", "answers", "rundown")
TEXT = "Thank you all, dear viewers."


class Machine:
    """Speaks very loudly, in every language."""

    name, settings = "machine", ""

    def speak(self, text: str) -> Speech:
        words = tuple(Word(word, n / 5, (n + 1) / 5) for n, word in enumerate(text.split()))
        return Speech(text, np.full(9_600 * len(words), 0.7, np.float32), words, (), self.name)


class Human:
    """Says 0.25, for ever."""

    def pull(self) -> Spoken:
        return Spoken(np.full(FORMAT.samples, 0.25, np.float32), Face(speaking=True))


class Mouth:
    name = "mouth"

    def faces(self, speech: Speech, fps: int) -> list[Face]:
        return [Face(speaking=True)] * frames_of(speech, fps)


class Art:
    """Pictures and sound as they come."""

    settled = True

    def draw(self, n: int, beat: Beat) -> Picture:
        return np.zeros((24, 16), np.uint8)

    draw_slate: ClassVar[Callable[..., Any]] = draw

    def halve(self, halved: bool) -> None: ...
    def close(self) -> None: ...
    def mix(self, speech: Samples) -> Samples:
        return np.stack([speech, speech])


class Encoder:
    coding = Coding()

    def use(self, coding: Coding) -> None: ...
    def wants(self, n: int) -> bool:
        return True

    def encode(self, frame: Frame) -> list[Unit]:
        return []

    def hold(self, n: int, samples: Samples) -> Unit:
        raise AssertionError

    def flush(self) -> list[Unit]:
        return []

    def force_key(self) -> None: ...
    def close(self) -> None: ...


class Stage:
    """Real lanes, preparation, playout and program, between a loud machine and what is heard."""

    def __init__(self, ahead: int = 0, feeding: str = "rundown") -> None:
        self.count = 0
        self.preparation = Preparation(Machine(), Mouth(), FORMAT)
        self.preparation.other = lambda language: Machine() if language == "de" else None
        cuts = {"operator": Cut.NOW, "answers": Cut.PAUSE}
        feeds = {feeding: self.next}
        self.lanes = {
            name: Lane(name, self.preparation.make, feeds.get(name, lambda: None), cut=cuts.get(name, Cut.LINE))
            for name in LANES
        }
        played = Playout(list(self.lanes.values()), Idle(FORMAT), 10)
        self.playout: Playout | Ahead = Ahead(played, lambda face: None, ahead) if ahead else played
        self.program = Program(Art(), Art(), Encoder, Timings(25))
        self.human = HumanVoice(SimpleNamespace(**vars(self)))  # type: ignore[arg-type]
        self.n = 0
        self.heard: list[tuple[float, str, str]] = []  # how loud each frame was, whose voice, on which line

    def line(self, language: str = "en") -> Line:
        self.count += 1
        return Line(f"s/{self.count}", TEXT, tokens(TEXT, language, {}), language, "s")

    def next(self) -> Line:
        return self.line()

    async def play(self, frames: int = 1) -> None:
        for _ in range(frames):
            await self.playout.settled()
            beat = self.playout.pull()
            frame = self.program.draw(self.n, beat)
            self.heard.append((float(np.abs(frame.samples).max()), beat.voice, beat.line.id if beat.line else ""))
            self.n += 1

    def close(self) -> None:
        self.preparation.close()
        self.program.close()


@pytest.fixture
def stage() -> Any:
    made: list[Stage] = []

    def make(**how: Any) -> Stage:
        made.append(Stage(**how))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.mark.parametrize("lane", LANES)
async def test_no_lane_is_heard_and_every_one_is_read(stage: Any, lane: str) -> None:
    show = stage()
    let_speak(show.preparation, show.program, True)
    show.lanes[lane].add(line := show.line())
    show.lanes[lane].add(foreign := show.line("de"))
    await until(lambda: all(cue.ready for cue in show.lanes[lane].cues), 60)
    await show.play(220)
    assert max(loud for loud, _, _ in show.heard) == 0
    assert {(NAME, line.id), (NAME, foreign.id)} <= {(voice, id) for _, voice, id in show.heard}


@pytest.mark.parametrize("ahead", [0, 5])
@pytest.mark.parametrize("lane", LANES)
async def test_turned_on_at_any_moment_nothing_more_is_heard_of_what_was_ready(
    stage: Any, lane: str, ahead: int
) -> None:
    for moment in (0, 17):
        show = stage(feeding=lane, ahead=ahead)
        await show.play(moment + 8)
        assert max(loud for loud, _, _ in show.heard) > 0.5
        assert show.human.turn(True)
        turned = show.n
        await show.play(180)
        after = show.heard[turned:]
        assert max(loud for loud, _, _ in after) == 0, (lane, moment)
        assert len({id for _, voice, id in after if voice == NAME}) >= 2


async def test_what_was_made_ready_with_a_voice_is_made_ready_anew_in_its_order(stage: Any) -> None:
    show = stage()
    lines = [show.line() for _ in range(3)]
    for each in lines:
        show.lanes["next"].add(each)
    await until(lambda: all(cue.ready for cue in show.lanes["next"].cues), 60)
    show.human.turn(True)
    await until(lambda: all(cue.ready for cue in show.lanes["next"].cues), 60)
    await show.play(300)
    read = list(dict.fromkeys(id for _, voice, id in show.heard if voice == NAME))
    assert read[:3] == [each.id for each in lines]


async def test_the_line_on_air_is_cut_and_comes_again_to_be_read(stage: Any) -> None:
    show = stage()
    await show.play(10)
    spoken = show.heard[-1][2]
    show.human.turn(True)
    await show.play(30)
    assert {id for _, voice, id in show.heard[10:] if voice == NAME} == {spoken}


@pytest.mark.parametrize("ahead", [0, 5])
async def test_people_are_heard_and_go_on_being_heard(stage: Any, ahead: int) -> None:
    show = stage(ahead=ahead)
    await show.play(10)
    relay = Relay(line_of(1, "en", None), Human())
    show.lanes["operator"].suspend(relay)
    await show.play(20)
    show.human.turn(True)
    await show.play(20)
    assert [loud for loud, _, _ in show.heard[-20:]] == [0.25] * 20
    relay.end()
    await show.play(40)
    assert max(loud for loud, _, _ in show.heard[-30:]) == 0
    show.lanes["operator"].suspend(Relay(line_of(2, "en", None), Human()))
    await show.play(20)
    assert [loud for loud, _, _ in show.heard[-10:]] == [0.25] * 10


async def test_a_machine_that_calls_itself_human_is_not_heard(stage: Any) -> None:
    show = stage()
    show.program.hears = None
    let_speak(show.preparation, show.program, True)
    beat = Beat(np.full(FORMAT.samples, 0.7, np.float32), Face(), show.line(), voice="human")
    assert np.abs(show.program.draw(0, beat).samples).max() == 0


async def test_turned_off_the_machine_is_heard_again(stage: Any) -> None:
    show = stage()
    let_speak(show.preparation, show.program, True)
    await show.play(5)
    assert show.human.on
    assert show.human.turn(False)
    assert not show.human.turn(False)
    await show.play(200)
    assert max(loud for loud, _, _ in show.heard[5:]) > 0.5
    await asyncio.sleep(0)
