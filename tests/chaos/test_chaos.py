"""The plan at work: every fault at its time, around the part that it is about, and nowhere else."""

from __future__ import annotations

import asyncio
import os
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flashes import SMALL, beeps, flashes
from virtual import run

from host_engine.chaos.at_work import AtWork
from host_engine.chaos.chaos import Chaos
from host_engine.chaos.plan import Plan
from host_engine.host.mouths.loud import LoudMouth
from host_engine.host.voice import VoiceError, check
from host_engine.media import Beat, Face, Format, Frame, Speech, Word
from host_engine.outputs.disk_room import Disk
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.file_writer import CannotWrite, FileWriter

FORMAT = Format(160, 160, 25)


def plan(*faults: dict[str, Any]) -> Plan:
    return Plan.model_validate({"faults": [{"at": 0, **each} for each in faults]})


class Tone:
    name, settings = "tone", "loud"

    def speak(self, text: str) -> Speech:
        words = tuple(Word(word, float(n), n + 1.0) for n, word in enumerate(text.split()))
        return Speech(text, np.full(48_000 * len(words), 0.1, np.float32), words, (), self.name)


class Part:
    """Draws and encodes nothing."""

    codec = "none"

    def draw(self, n: int, beat: Beat) -> str:
        return "picture"

    def encode(self, frame: Frame) -> list[str]:
        return ["unit"]


def at_work(chaos: Chaos) -> None:
    """Begin all faults of the plan."""
    for fault in chaos.plan.faults:
        chaos.faults.begin(fault)


def test_every_fault_begins_and_ends_in_time_and_tells_so(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        now = asyncio.get_running_loop().time
        chaos = Chaos(
            plan(
                {"at": 5, "for": 2, "what": "voice", "how": "raises"},
                {"at": None, "every": 10, "for": 1, "what": "mouth", "how": "raises"},
                {"at": 6, "what": "encoder", "how": "raises"},
            )
        )
        told: list[tuple[float, str, bool]] = []
        chaos.hooks.append(lambda change: told.append((now() - 100, change.fault.kind, change.begins)))
        chaos.hooks.append(lambda change: 1 / 0)  # whoever listens cannot stop it
        task = asyncio.create_task(chaos.run(lambda: now() >= 100))
        await asyncio.sleep(106.5)
        assert chaos.status == ["voice raises for 2 s"]
        await asyncio.sleep(19)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert [(round(at, 1), kind, begins) for at, kind, begins in told] == [
            (5.0, "voice", True),
            (6.0, "encoder", True),
            (6.3, "encoder", False),
            (7.0, "voice", False),
            (10.0, "mouth", True),
            (11.0, "mouth", False),
            (20.0, "mouth", True),
            (21.0, "mouth", False),
        ]
        assert chaos.status == []

    run(main())
    assert "chaos: this channel runs with 3 planned faults" in caplog.text
    assert "chaos: voice raises for 2 s begins" in caplog.text
    assert "chaos: voice raises for 2 s is over" in caplog.text


def test_parts_that_the_plan_does_not_speak_of_stay_themselves() -> None:
    chaos = Chaos(plan({"for": 1, "what": "output", "name": "tube", "how": "refuses"}))
    part = Part()
    for kind in ("voice", "mouth", "picture", "encoder", "clock", "disk"):
        assert chaos.wrap(kind, "x", part) is part
    assert chaos.wrap("connection", "other", part) is part
    assert chaos.wrap("connection", "tube", part) is not part


@pytest.mark.parametrize("how", ["raises", "not-numbers", "silent", "wrong-words"])
def test_a_voice_that_speaks_rubbish_is_found_out(how: str) -> None:
    chaos = Chaos(plan({"for": 1, "what": "voice", "how": how}))
    first, second = (chaos.wrap("voice", "tone", Tone()) for _ in range(2))
    assert check(first.speak("well said"), "well said").seconds == 2
    settings = first.settings
    at_work(chaos)
    with pytest.raises((RuntimeError, VoiceError)):
        check(first.speak("well said"), "well said")
    assert first.settings != settings  # so that nothing comes from the cache meanwhile
    assert second.settings == settings
    assert check(second.speak("well said"), "well said")  # only the preferred one


def test_all_voices_or_one_by_its_name() -> None:
    for name in ("all", "tone"):
        chaos = Chaos(plan({"for": 1, "what": "voice", "name": name, "how": "raises"}))
        voices = [chaos.wrap("voice", "tone", Tone()) for _ in range(2)]
        at_work(chaos)
        for voice in voices:
            with pytest.raises(RuntimeError):
                voice.speak("x")


def test_slow_and_hanging_parts_take_their_time() -> None:
    slept: list[float] = []
    faults = AtWork(lambda seconds: slept.append(seconds) or faults.end(faults.all[0]))  # type: ignore[func-returns-value]
    for how, least, most in (("slow", 4, 4), ("hangs", 0.01, 1)):
        chaos = Chaos(plan({"for": 1, "what": "voice", "how": how, "factor": 2}), faults)
        at_work(chaos)
        chaos.wrap("voice", "tone", Tone()).speak("two words")
        assert least <= slept.pop() <= most
        chaos = Chaos(plan({"for": 1, "what": "mouth", "how": how, "factor": 2}), faults)
        at_work(chaos)
        assert len(chaos.wrap("mouth", "loud", LoudMouth()).faces(Tone().speak("two words"), 25)) == 50
        assert least <= slept.pop() <= most


def test_drawing_and_encoding_break_once_or_as_long_as_the_fault_lasts() -> None:
    frame, beat = Frame(0, np.zeros(0), np.zeros(0)), Beat(np.zeros(0), Face())  # type: ignore[arg-type]
    for lasts, times in ((None, 1), (5, 3)):
        chaos = Chaos(
            plan({"for": lasts, "what": "encoder", "how": "raises"}, {"for": lasts, "what": "picture", "how": "raises"})
        )
        encoder, picture = chaos.wrap("encoder", "", Part()), chaos.wrap("picture", "", Part())
        assert encoder.codec == "none"
        at_work(chaos)
        failed = 0
        for work in [partial(encoder.encode, frame), partial(picture.draw, 0, beat)] * 3:
            try:
                work()
            except RuntimeError:
                failed += 1
        assert failed == 2 * times


def test_the_wall_clock_steps_and_steps_back() -> None:
    chaos = Chaos(plan({"for": 1, "what": "clock", "by": -3600}))
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    now = chaos.wrap("clock", "", lambda: noon)
    assert now() == noon
    at_work(chaos)
    assert now() == noon - timedelta(hours=1)
    chaos.faults.end(chaos.plan.faults[0])
    assert now() == noon


def test_a_disk_that_is_full_says_so_as_a_real_one_does(tmp_path: Path) -> None:
    chaos = Chaos(plan({"for": 1, "what": "disk", "name": "archive", "how": "full"}))
    disk = chaos.wrap("disk", "archive", Disk())
    with disk.open(tmp_path / "a") as file:
        file.write(b"whole")
        assert disk.room(tmp_path).free > 0
        at_work(chaos)
        with pytest.raises(OSError, match="No space left"):
            file.write(b"lost")
        file.truncate(3)
    assert (tmp_path / "a").read_bytes() == b"who"
    assert disk.room(tmp_path).free == 0
    with pytest.raises(CannotWrite, match=r"b\.mp4 cannot be written: No space left"):
        FileWriter(tmp_path / "b.mp4", FORMAT, live=True, disk=disk)
    assert not (tmp_path / "b.mp4").exists()


async def test_a_blocked_loop_and_a_starved_one() -> None:
    now = time.monotonic
    for how, least in (("blocked", 0.4), ("starved", 0.05)):
        chaos = Chaos(plan({"at": 0.1, "for": 0.4, "what": "loop", "how": how, "ms": 60}))
        task = asyncio.create_task(chaos.run(lambda: True))
        longest, before, end = 0.0, now(), now() + 1.0
        while now() < end:
            await asyncio.sleep(0.001)
            longest, before = max(longest, now() - before), now()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert longest >= least


async def test_memory_is_taken_and_given_back() -> None:
    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20

    before = resident()
    chaos = Chaos(plan({"for": 1.5, "what": "memory", "mb": 200}))
    task = asyncio.create_task(chaos.run(lambda: True))
    async with asyncio.timeout(5):
        while resident() < before + 180:
            await asyncio.sleep(0.02)
        while resident() > before + 50:
            await asyncio.sleep(0.02)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_the_clapper_flashes_and_beeps_on_the_same_sample(tmp_path: Path) -> None:
    chaos = Chaos(plan({"for": 1, "what": "clapper"}))
    encoder = chaos.wrap("encoder", "", Encoder(SMALL, preset="ultrafast"))
    dark, quiet = np.full((480, 320), 40, np.uint8), np.zeros((2, SMALL.samples), np.float32)
    at_work(chaos)
    with FileWriter(tmp_path / "a.mp4", SMALL) as file:
        for n in range(90):
            for unit in encoder.encode(Frame(n, dark, quiet)):
                file.write(unit)
        for unit in encoder.flush():
            file.write(unit)
    assert flashes(tmp_path / "a.mp4") == pytest.approx([1, 2, 3], abs=0.001)
    assert beeps(tmp_path / "a.mp4") == pytest.approx([1, 2, 3], abs=0.01)
    assert int(dark.max()) == 40  # the compositor's picture is its own
