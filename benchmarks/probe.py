"""`python -m benchmarks.probe WANTED run CHANNEL ...`: host-engine, noting from inside what a benchmark wants to know.

WANTED is JSON: {"file": where the notes go when the channel ends, "seconds": for how long to note lateness, "gaps":
whether to look for gaps of the loop, "orders": how many lines to have said at once, "encodes": whether to count them,
"pictures": whether to note which were sent and which the recording begins and ends with, "questions": what to ask,
with "sounds", a file of what to ask aloud, and "done", a file to make when all is asked, "transcribe": the folder of a
Whisper model that transcribes without pause; the file "heard" beside the notes grows by a byte for each utterance,
"prices": where to note what each frame says and shows, "taken": where to note when a human who takes over is sent,
"swaps": where to note when a swap reached its border and its first line was on air, "numbers": where to note when each
picture was drawn, which then carries its number}.
"""

from __future__ import annotations

import asyncio
import faulthandler
import gc
import json
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.loopback import end_with_parent
from host_engine import engine
from host_engine.__main__ import main
from host_engine.engine import Engine
from host_engine.media import Speech, Unit
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.file_writer import FileWriter
from host_engine.show.rundown import Line
from host_engine.show.spoken import tokens
from host_engine.timing import Row

GAP = 0.005  # seconds between two looks at the loop
ORDER = 4.0  # seconds between two orders
AUDIBLE = 0.02  # of full scale
SEND, WRITE_PICTURE = Fanout.send, FileWriter.write_picture


class Notes:
    """What is noted lies in arrays made beforehand, so that noting is no growth of memory."""

    def __init__(self, seconds: float) -> None:
        rates = int(seconds * 60), int(seconds / GAP)
        self.late, self.gaps = (np.full((rate + 1, 2), -1.0) for rate in rates)  # (time.monotonic(), milliseconds)
        self.out = self.late.copy()  # from the time that a frame was due until its units were with the outputs
        self.counts = {"late": 0, "out": 0, "gaps": 0, "frames": 0, "encodes": 0, "viewer_encodes": 0}
        self.orders: list[dict[str, float | str]] = []
        self.answers: list[dict[str, Any]] = []
        self.sent = np.full(int(seconds * 60), 0, np.uint8)  # 1 for the number of each picture sent
        self.recorded: list[int] = []  # the numbers of the first and the last picture given to a file

    def send(self, fanout: Fanout, unit: Unit) -> None:
        if unit.video.size and unit.n < len(self.sent):
            self.sent[unit.n] = 1
        SEND(fanout, unit)

    def write_picture(self, file: FileWriter, unit: Unit) -> None:
        WRITE_PICTURE(file, unit)
        self.recorded[len(self.recorded) > 0 :] = [unit.n] if self.recorded else [unit.n, unit.n]

    def row(self, row: Row) -> None:
        self.counts["frames"] += 1
        self._note("late", self.late, row.late)
        self._note("out", self.out, row.late + row.took)

    def gap(self, milliseconds: float) -> None:
        self._note("gaps", self.gaps, milliseconds)

    def _note(self, name: str, into: np.ndarray, value: float) -> None:
        at = self.counts[name]
        if at < len(into):
            into[at] = time.monotonic(), value
            self.counts[name] = at + 1

    def counting(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its calls counted."""

        def counted(*arguments: Any, **named: Any) -> Any:
            self.counts[name] += 1
            return function(*arguments, **named)

        return counted

    def write(self, file: Path) -> None:
        series = {name: getattr(self, name)[: self.counts[name]].tolist() for name in ("late", "out", "gaps")}
        first, last = self.recorded or (0, -1)
        pictures = int(self.sent[first : last + 1].sum())
        about = {"counts": self.counts, "orders": self.orders, "pictures": pictures, "answers": self.answers}
        file.write_text(json.dumps(about | series))


class Noting:
    """A voice that tells when what it said was ready, and how much silence that begins with."""

    def __init__(self, voice: Any, notes: Notes) -> None:
        self._voice, self._notes = voice, notes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._voice, name)

    def speak(self, text: str) -> Speech:
        speech: Speech = self._voice.speak(text)
        ready = time.monotonic()
        silence = float(np.argmax(np.abs(speech.samples) > AUDIBLE)) / 48
        self._notes.orders.append({"text": text, "ready": ready, "silence_ms": silence})
        return speech


async def look_for_gaps(notes: Notes) -> None:
    """By how many milliseconds a timer is late."""
    now = asyncio.get_running_loop().time
    while True:
        due = now() + GAP
        await asyncio.sleep(GAP)
        notes.gap((now() - due) * 1000)


async def order(of: Engine, notes: Notes, count: int) -> None:
    """Silence, and into it every few seconds a line that has never been said."""
    studio = of.studio
    await asyncio.sleep(3)
    studio.playout.hold()
    while studio.playout.now.line:
        await asyncio.sleep(0.1)
    await asyncio.sleep(2)
    studio.preparation.voice = Noting(studio.preparation.voice, notes)
    for k in range(count):
        text = f"Number {(time.time_ns() + k) % 10_000}."
        studio.operator.add(Line(f"order-{k}", text, tokens(text, "en", {}), "en", "operator"))
        await asyncio.sleep(ORDER + k % 10 * 0.0037)


async def ask(of: Engine, notes: Notes, wanted: dict[str, Any]) -> None:
    """Questions, written and spoken, one after another."""
    from benchmarks.asked import Asking

    await Asking(of, notes.answers).run(wanted["questions"], wanted["sounds"], wanted["done"])


async def transcribe(wanted: dict[str, Any]) -> None:
    """Ears that are never idle, with the model in a folder."""
    from benchmarks.ears_at_work import transcribe_without_pause

    await transcribe_without_pause(wanted["transcribe"], Path(wanted["file"]).with_name("heard"))


def install(wanted: dict[str, Any], notes: Notes) -> None:
    """Have every engine of this process looked at."""
    run = Engine.run

    async def noted(of: Engine, *arguments: Any, **named: Any) -> None:
        of.studio.timings.hooks.append(notes.row)
        jobs = [order(of, notes, wanted["orders"])] if wanted.get("orders") else []
        jobs += [ask(of, notes, wanted)] if wanted.get("questions") else []
        jobs += [look_for_gaps(notes)] if wanted.get("gaps") else []
        jobs += [transcribe(wanted)] if wanted.get("transcribe") else []
        tasks = [asyncio.create_task(job) for job in jobs]
        try:
            await run(of, *arguments, **named)
        finally:
            for task in tasks:
                task.cancel()
            notes.write(Path(wanted["file"]))

    engine.Engine.run = noted  # type: ignore[method-assign]
    if wanted.get("taken"):
        from benchmarks.taken_seen import look as look_at_takeovers

        look_at_takeovers(Path(wanted["taken"]))
    if wanted.get("actions"):
        from benchmarks.actions_seen import look as look_at_actions

        look_at_actions(Path(wanted["actions"]))
    if wanted.get("swaps"):
        from benchmarks.swaps_seen import look as look_at_swaps

        look_at_swaps(Path(wanted["swaps"]))
    if wanted.get("prices"):
        from benchmarks.price_seen import look

        look(Path(wanted["prices"]))
    if wanted.get("numbers"):
        from benchmarks.numbers_seen import look as look_at_numbers

        look_at_numbers(Path(wanted["numbers"]))
    if wanted.get("pictures"):
        Fanout.send = lambda of, unit: notes.send(of, unit)  # type: ignore[method-assign]
        FileWriter.write_picture = lambda of, unit: notes.write_picture(of, unit)  # type: ignore[method-assign]
    if wanted.get("encodes"):
        from aiortc.codecs import h264, opus

        Encoder.encode = notes.counting("encodes", Encoder.encode)  # type: ignore[method-assign]
        for codec in (h264.H264Encoder, opus.OpusEncoder):
            codec.encode = notes.counting("viewer_encodes", codec.encode)  # type: ignore[method-assign]


if __name__ == "__main__":
    end_with_parent()
    wanted = json.loads(sys.argv.pop(1))
    faulthandler.register(signal.SIGUSR1)
    install(wanted, Notes(wanted.get("seconds", 60)))
    gc.collect()
    main()
