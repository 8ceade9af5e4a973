"""The emergency mute on what is really encoded: the slate and silence from the very next frame that is drawn."""

from __future__ import annotations

from collections.abc import Iterator

import av
import numpy as np
import pytest

from host_engine.media import Beat, Face, Format, Picture, Samples, Unit
from host_engine.outputs.encoder import Encoder
from host_engine.playout.ladder import Rung
from host_engine.playout.program import Program
from host_engine.timing import Timings

FORMAT = Format(160, 160, 25)
SHOW, SLATE = 60, 200  # brightness


class Pictures:
    settled = True

    def __init__(self) -> None:
        self.slate: Exception | None = None
        self.asked: list[bool] = []

    def halve(self, halved: bool) -> None: ...
    def close(self) -> None: ...

    def draw(self, n: int, beat: Beat) -> Picture:
        return self._of(SHOW)

    def draw_slate(self, n: int, at_once: bool = False) -> Picture:
        self.asked.append(at_once)
        if self.slate:
            raise self.slate
        return self._of(SLATE)

    def _of(self, brightness: int) -> Picture:
        picture = np.full((FORMAT.height * 3 // 2, FORMAT.width), 128, np.uint8)
        picture[: FORMAT.height] = brightness
        return picture


class Tone:
    """As loud as can be, whatever is said."""

    def mix(self, speech: Samples) -> Samples:
        return np.stack([np.sin(np.arange(len(speech)) / 10).astype(np.float32)] * 2)


@pytest.fixture
def program() -> Iterator[Program]:
    made = Program(Pictures(), Tone(), lambda: Encoder(FORMAT), Timings(25))
    yield made
    made.close()


def beat() -> Beat:
    return Beat(np.zeros(FORMAT.samples, np.float32), Face())


async def units(program: Program, numbers: range, mute: int, unmute: int | None = None) -> list[Unit]:
    """Frames one after another; muted before frame `mute` is drawn."""
    made: list[Unit] = []
    for n in numbers:
        if n == mute:
            assert program.mute(True) == n
        if n == unmute:
            program.mute(False)
        made += await program.render(n, beat())
    return made


def brightness(made: list[Unit]) -> list[float]:
    decoder = av.CodecContext.create("h264", "r")
    found = []
    for unit in made:
        frames = decoder.decode(av.Packet(bytes(unit.video))) if unit.video.size else []
        found += [float(frame.to_ndarray(format="gray").mean()) for frame in frames]
    return found + [float(frame.to_ndarray(format="gray").mean()) for frame in decoder.decode(None)]


def loudness(made: list[Unit]) -> dict[int, float]:
    """The loudest sample of each millisecond, by the Opus packets, at their places."""
    decoder = av.CodecContext.create("libopus", "r")
    decoder.sample_rate, decoder.layout = 48_000, "stereo"
    found: dict[int, float] = {}
    for unit in made:
        for packet in unit.opus:
            for frame in decoder.decode(av.Packet(bytes(packet))):
                sound = np.abs(frame.to_ndarray().astype(np.float32)).reshape(-1, 2).max(axis=1) / 32768
                for k in range(0, len(sound) - 47, 48):
                    found[(packet.pts + k) // 48] = float(sound[k : k + 48].max())
    return found


async def test_the_very_next_frame_that_is_encoded_shows_the_slate_and_lets_nothing_be_heard(program: Program) -> None:
    made = await units(program, range(40), 20, 30)
    assert [each.n for each in made] == list(range(40))
    seen = brightness(made)
    assert all(abs(each - SHOW) < 20 for each in seen[:20])
    assert all(abs(each - SLATE) < 30 for each in seen[20:30])
    assert all(abs(each - SHOW) < 30 for each in seen[31:])
    heard = loudness(made)
    before, muted, after = range(600, 780), range(825, 1190), range(1260, 1500)  # Opus rings for some milliseconds
    assert min(heard[at] for at in before) > 0.1
    assert max(heard[at] for at in muted) < 0.02
    assert min(heard[at] for at in after) > 0.1


async def test_frames_that_were_pulled_before_are_muted_too(program: Program) -> None:
    waiting = [program.render(n, beat()) for n in range(4)]
    first = program.mute(True)
    waiting += [program.render(4, beat())]
    seen = brightness([unit for each in waiting for unit in await each])
    assert first <= 4
    assert all(abs(each - SLATE) < 30 for each in seen[first:])


async def test_a_slate_that_cannot_be_drawn_is_black_and_not_what_was_there(program: Program) -> None:
    assert isinstance(program.picture, Pictures)
    program.picture.slate = LookupError("there is no slate")
    made = await units(program, range(10), 5)
    seen = brightness(made)
    assert seen[-1] < 30
    assert all(abs(each - SHOW) < 20 for each in seen[:5])
    assert set(program.picture.asked) == {True}


async def test_a_mute_waits_for_no_picture_that_would_be_left_out(program: Program) -> None:
    program.take(Rung("half rate", "", program.encoder.coding._replace(every=2)))
    for n in range(60):
        made = await program.render(n, beat())
        if program.settled and not made[0].video.size:
            break  # the next picture would be one, the one after it would not
    program.mute(True)
    held = [bool((await program.render(n + k, beat()))[0].video.size) for k in (1, 2)]
    assert held[0]
    program.mute(False)
    assert bool((await program.render(n + 3, beat()))[0].video.size)
