"""Lines made ready by voices, mouths and videos that break: the thread is there for the next line."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from host_engine.alarms import Alarms
from host_engine.host.deadline import Hung
from host_engine.media import REST, Beat, Face, Format, Speech, Word
from host_engine.playout import prepare
from host_engine.playout.prepare import Preparation
from host_engine.show.rundown import Line
from host_engine.show.spoken import Token

FORMAT = Format(fps=25)
LINE = Line("l", "hello you", (Token("hello you", "hello you"),), "en", "s", None, None, None, None, None)


class Voice:
    name, settings = "tone", ""

    def speak(self, text: str) -> Speech:
        words = tuple(Word(word, n / 2, (n + 1) / 2) for n, word in enumerate(text.split()))
        return Speech(text, np.ones(24_000 * len(words), np.float32), words, (), self.name)


class Mouth:
    def __init__(self) -> None:
        self.face, self.gate = Face(speaking=True), threading.Event()
        self.gate.set()

    def faces(self, speech: Speech, fps: int) -> list[Face]:
        self.gate.wait()
        return [self.face] * 25


async def beats(preparation: Preparation, line: Line = LINE) -> list[Beat]:
    return [beat async for beat in preparation.make(line)]


async def test_a_line_becomes_beats() -> None:
    made = await beats(Preparation(Voice(), Mouth(), FORMAT))
    assert len(made) == 25
    assert all(beat.face.speaking and beat.line is LINE for beat in made)


async def test_a_mouth_that_hangs_costs_its_lines_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "MOUTH", 0.05)
    monkeypatch.setattr(prepare, "MOUTH_PACE", 0.0)
    mouth, alarms = Mouth(), Alarms()
    preparation = Preparation(Voice(), mouth, FORMAT, alarms=alarms)
    mouth.gate.clear()
    for _ in range(5):  # more than there are threads
        with pytest.raises(Hung):
            await beats(preparation)
    assert [alarm.name for alarm in alarms.raised] == ["mouth/hung"]
    mouth.gate.set()
    async with asyncio.timeout(5):
        while alarms.raised:
            try:
                assert len(await beats(preparation)) == 25
            except Hung:
                await asyncio.sleep(0.01)  # the calls that hung are about to come back
    preparation.close()


@pytest.mark.parametrize(
    "face",
    [Face(energy=float("nan")), Face(REST._replace(open=float("nan"))), Face(REST._replace(wide=float("inf")))],
)
async def test_shapes_that_are_no_numbers_never_reach_the_air(face: Face) -> None:
    mouth = Mouth()
    mouth.face = face
    with pytest.raises(ValueError, match="not numbers"):
        await beats(Preparation(Voice(), mouth, FORMAT))


async def test_too_few_faces_never_reach_the_air() -> None:
    preparation = Preparation(Voice(), Mouth(), FORMAT)
    with pytest.raises(ValueError, match="25 faces for 50 frames"):
        await beats(preparation, replace(LINE, tokens=(Token("a b c d", "a b c d"),)))


async def test_a_video_that_cannot_be_read_is_left_out_of_its_line(tmp_path: Path) -> None:
    broken = tmp_path / "clip.mp4"
    broken.write_bytes(b"no video at all")
    made = await beats(Preparation(Voice(), Mouth(), FORMAT), replace(LINE, clip=broken))
    assert len(made) == 25
    assert all(beat.clip is None for beat in made)
