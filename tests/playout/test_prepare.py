"""Lines made ready by voices, mouths and videos that break: the thread is there for the next line."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from host_engine.host.mouths.chain import Mouths
from host_engine.media import Beat, Face, Format, Picture, Speech, Word
from host_engine.playout import prepare
from host_engine.playout.cue import PassedOver
from host_engine.playout.prepare import Preparation
from host_engine.show.evidence import Evidence
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
    name = "mouth"

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


async def test_a_mouth_that_hangs_or_makes_rubbish_costs_no_line() -> None:
    mouth = Mouth()
    preparation = Preparation(Voice(), Mouths([mouth]), FORMAT)
    mouth.face = Face(energy=float("nan"))
    assert len(await beats(preparation)) == 25
    mouth.gate.clear()
    preparation = Preparation(Voice(), Mouths([mouth]), FORMAT)
    assert len(await beats(preparation)) == 25
    mouth.gate.set()
    preparation.close()


async def test_a_video_that_hangs_costs_its_pictures_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()

    def hanging(path: Path, size: tuple[int, int], fps: int) -> Iterator[Picture]:
        yield np.ones((2, 2, 3), np.uint8)
        gate.wait()

    monkeypatch.setattr(prepare, "frames_of", hanging)
    monkeypatch.setattr(prepare, "CLIP", 0.2)
    made = await beats(Preparation(Voice(), Mouth(), FORMAT), replace(LINE, clip=tmp_path))
    assert [beat.clip is not None for beat in made] == [True] + [False] * 24
    gate.set()


async def test_a_video_that_cannot_be_read_is_left_out_of_its_line(tmp_path: Path) -> None:
    broken = tmp_path / "clip.mp4"
    broken.write_bytes(b"no video at all")
    made = await beats(Preparation(Voice(), Mouth(), FORMAT), replace(LINE, clip=broken))
    assert len(made) == 25
    assert all(beat.clip is None for beat in made)


async def test_a_line_is_judged_off_the_loop_before_it_is_spoken() -> None:
    preparation, spoken, where = Preparation(Voice(), Mouth(), FORMAT), [], []
    preparation.voice.speak = lambda text, speak=preparation.voice.speak: spoken.append(text) or speak(text)  # type: ignore[method-assign]
    backed = replace(LINE, evidence=(Evidence("tea", "price", "15.00 EUR"),))

    def judge(line: Line) -> Line:
        where.append(threading.current_thread())
        if line.id == "wrong":
            raise PassedOver("It costs more.")
        return backed

    preparation.judge = judge
    made = await beats(preparation)
    assert {beat.line.evidence for beat in made if beat.line} == {backed.evidence}
    with pytest.raises(PassedOver):
        await beats(preparation, replace(LINE, id="wrong"))
    assert len(spoken) == 1
    assert threading.main_thread() not in where
    preparation.close()
