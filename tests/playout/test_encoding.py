"""Codecs that fail: the sound goes on, the next codec comes, ever more seldom, in the end another one; and back."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from itertools import pairwise

import av
import numpy as np
import pytest
from flashes import SMALL, flash_and_beep
from hypothesis import given, settings
from hypothesis import strategies as st

from host_engine.media import Coding, Frame, Picture, Samples, Unit
from host_engine.outputs.encoder import Encoder
from host_engine.playout.encoding import LAST_RESORT, Encoding
from host_engine.playout.ladder import rungs
from host_engine.playout.program import Program
from host_engine.timing import Timings

FPS = 25
GPU, X264 = Coding("h264_nvenc", "p4"), LAST_RESORT
SILENT = np.zeros((2, 1920), np.float32)


class Now:
    """An executor that does its work at once."""

    def submit(self, work, *args) -> Future:
        future: Future = Future()
        try:
            future.set_result(work(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def shutdown(self, **_: object) -> None: ...


class Fake:
    """An encoder whose codecs fail as long as `broken` names them; "sound" breaks all of it."""

    def __init__(self, broken: set[str], coding: Coding = GPU) -> None:
        self.broken, self.coding = broken, coding
        self.opened: list[Coding] = []

    def use(self, coding: Coding) -> None:
        self.opened.append(coding)
        if "opening " + coding.codec in self.broken:
            raise ValueError("no such device")
        self.coding = coding

    def wants(self, n: int) -> bool:
        return n % self.coding.every == 0

    def encode(self, frame: Frame) -> list[Unit]:
        if self.coding.codec in self.broken or "sound" in self.broken:
            raise RuntimeError("the device is lost")
        return [self.hold(frame.n, frame.samples)._replace(key=True)]

    def hold(self, n: int, samples: Samples) -> Unit:
        if "sound" in self.broken:
            raise RuntimeError("out of memory")
        return Unit(n, av.Packet(b""), (), (), False)

    def force_key(self) -> None: ...
    def flush(self) -> list[Unit]:
        return []

    def close(self) -> None: ...


def encoding(broken: set[str], coding: Coding = GPU, alarms: list | None = None) -> Encoding:
    told = (lambda text: None) if alarms is None else alarms.append
    return Encoding(lambda: Fake(broken, coding), FPS, told, Now())


def run(made: Encoding, seconds: float, start: int = 0) -> str:
    """One letter a frame: p picture, s sound alone, - nothing."""
    left = ""
    for n in range(start, start + round(seconds * FPS)):
        units = made.encode(Frame(n, np.zeros((480, 320), np.uint8), SILENT))
        left += "-" if not units else "p" if units[0].key else "s"
    return left


def test_one_failure_costs_one_picture_and_no_sound() -> None:
    broken, alarms = {GPU.codec}, []
    made = encoding(broken, alarms=alarms)
    assert run(made, 1 / FPS) == "s"
    broken.clear()
    assert run(made, 70, 1) in ("s" + "p" * 1749, "p" * 1750)
    assert made.encoder.opened == [GPU]
    assert made.failures == 1
    assert "could not be encoded" in alarms[0]
    assert alarms[-1] is None


def test_a_codec_that_keeps_failing_gives_way_to_the_plainest_one_and_comes_back() -> None:
    broken = {GPU.codec}
    made = encoding(broken)
    left = run(made, 10)
    assert set(left) == {"s", "p"}
    assert left.index("p") < 4 * FPS
    assert made.encoder.coding == X264
    assert made.failures == 3
    assert "the device is lost" in made.fallen["h264_nvenc p4"]
    assert made.settled  # as well as can be
    run(made, 20, 250)
    assert GPU not in made.encoder.opened[4:]
    broken.clear()
    left = run(made, 30, 750)
    assert made.encoder.coding == GPU
    assert set(left) == {"p"}
    assert made.fallen == {}


@pytest.mark.parametrize("broken", [{GPU.codec, X264.codec}, {GPU.codec, "opening libx264"}, {"sound"}])
def test_where_nothing_works_it_is_tried_ever_more_seldom(broken: set[str], caplog) -> None:
    made = encoding(broken)
    tries, encoders = [], set()
    for n in range(600 * FPS):
        before = made.failures, len(made.encoder.opened), id(made.encoder)
        units = made.encode(Frame(n, np.zeros((480, 320), np.uint8), SILENT))
        assert len(units) == ("sound" not in broken)
        if len(made.encoder.opened) != before[1] or id(made.encoder) != before[2]:
            tries.append(n)
        encoders.add(id(made.encoder))
    assert len(tries) < 40
    assert max(b - a for a, b in pairwise(tries)) <= 33 * FPS
    assert len([r for r in caplog.records if r.levelno >= logging.ERROR]) <= 600
    broken.clear()
    left = run(made, 40, 600 * FPS)
    assert left.endswith("p" * 5 * FPS)
    assert "-" not in left[33 * FPS :]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.sets(st.sampled_from([GPU.codec, "opening " + GPU.codec])), st.floats(0.1, 40)), max_size=8)
)
def test_while_x264_works_pictures_never_stay_away_for_long(phases: list[tuple[set[str], float]]) -> None:
    broken: set[str] = set()
    made = encoding(broken)
    left, start = "", 0
    for now, seconds in phases:
        broken.clear()
        broken |= now
        left += run(made, seconds, start)
        start = len(left)
    assert "-" not in left
    assert "s" * 20 * FPS not in left


def test_a_real_codec_that_fails_is_replaced_without_a_gap_in_the_sound() -> None:
    made = Encoding(lambda: Encoder(SMALL, preset="ultrafast"), FPS, threads=Now())
    units = []
    for n in range(60):
        frame = flash_and_beep(SMALL, n)
        units += made.encode(frame._replace(picture=frame.picture[:-2]) if n == 20 else frame)
    assert [unit.n for unit in units] == list(range(60))
    assert [unit.n for unit in units if not unit.video.size] == [20]
    assert 21 in [unit.n for unit in units if unit.key]
    places = [packet.pts for unit in units for packet in unit.opus]
    assert all(b - a == 960 for a, b in pairwise(places))


class Artist:
    """Draws grey pictures, or fails."""

    settled = True

    def __init__(self) -> None:
        self.fails, self.halved, self.drawn = False, False, 0

    def halve(self, halved: bool) -> None:
        self.halved = halved

    def draw(self, n: int, beat: object) -> Picture:
        self.drawn += 1
        if self.fails:
            raise RuntimeError("no paint")
        return np.full((480, 320), n % 250, np.uint8)

    def close(self) -> None: ...


class Silence:
    def mix(self, speech: Samples) -> Samples:
        return SILENT


def program(artist: Artist, troubles: list | None = None) -> Program:
    told = (lambda name, text: None) if troubles is None else (lambda name, text: troubles.append((name, text)))
    return Program(artist, Silence(), lambda: Encoder(SMALL, preset="superfast"), Timings(FPS), told)


def test_a_picture_that_cannot_be_drawn_is_the_one_before_and_is_said_once_a_second(caplog) -> None:
    artist, troubles = Artist(), []
    made = program(artist, troubles)
    beat = flash_and_beep(SMALL, 0)
    first = made.draw(0, beat)
    artist.fails = True
    assert all((made.draw(n, beat).picture == first.picture).all() for n in range(1, 76))
    assert len([r for r in caplog.records if r.exc_info]) == 3
    artist.fails = False
    for n in range(76, 1700):
        made.draw(n, beat)
    assert troubles[0][0] == "programme/picture"
    assert troubles[-1] == ("programme/picture", None)
    made.close()


async def test_at_half_the_rate_half_the_pictures_are_drawn_and_all_the_sound_leaves() -> None:
    artist = Artist()
    made = program(artist)
    ladder = rungs(made.encoder.coding)
    units = []
    for n in range(400):
        if n == 50:
            made.take(ladder[-1])
            assert artist.halved
        if n == 300:
            made.take(ladder[0])
        units += await made.render(n, flash_and_beep(SMALL, n))
        while made.encoding._order and not made.encoding._order.done():
            pass
    made.close()
    assert [unit.n for unit in units] == list(range(400))
    bare = [unit.n for unit in units if not unit.video.size]
    assert 90 <= len(bare) <= 125
    assert artist.drawn == 400 - len(bare)
    assert made.settled
    assert not artist.halved
    places = [packet.pts for unit in units for packet in unit.opus]
    assert all(b - a == 960 for a, b in pairwise(places))
