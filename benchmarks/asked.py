"""Inside a channel: puts questions to its desk, written and spoken, and notes when their answers were ready."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import numpy as np

from host_engine.audience.ears.microphones import Microphones
from host_engine.audience.source import Heard
from host_engine.engine import Engine
from host_engine.timing import Row

PIECE = 960  # samples of 60 ms at 16 kHz: what a microphone brings at a time
PATIENCE = 8.0  # seconds for an answer
TRAIL = 2.0  # seconds of silence behind a spoken question


class Asking:
    """One question after another; each waits until the answer to the one before it has been said."""

    def __init__(self, of: Engine, answers: list[dict[str, Any]]) -> None:
        """`answers` is where what became of each is noted."""
        assert of.audience
        assert of.audience.ears
        self.of, self.answers, self.desk, self.ears = of, answers, of.audience.desk, of.audience.ears
        self.status = of.audience.status
        self.id = "none"  # of the question
        self.first: float | None = None  # when the first frame of its answer left
        of.studio.timings.hooks.append(self.row)

    def row(self, row: Row) -> None:
        """Told of each frame when it has been sent."""
        if self.first is None and row.line is not None and self.is_answer(row.line.id):
            self.first = time.monotonic()

    def is_answer(self, line: str) -> bool:
        """Whether a line of that id is of the answer, and no bridge to it."""
        return line.startswith(f"answer/{self.id}") and ":0." not in line

    async def run(self, questions: list[str], sounds: str, done: str) -> None:
        studio, desk = self.of.studio, self.desk
        while not studio.playout.now.line or desk.counsel is None:
            await asyncio.sleep(0.1)
        await asyncio.sleep(2)
        studio.rundown.feed = lambda: None  # so that no border is to be waited for
        while studio.playout.now.line or studio.rundown.cues:
            await asyncio.sleep(0.1)
        while self.ears.status()["state"] != "ready" or self.status()["answers"]["meaning"] == "learning":
            await asyncio.sleep(0.1)
        await asyncio.sleep(2)
        for number, text in enumerate(questions):
            began = time.monotonic()
            self.id = desk.take(Heard(text, f"viewer{number}", f"Viewer {number}"), "api").id
            await self.answered(began, spoken=False)
        for number, samples in enumerate(dict(np.load(sounds)).values()):
            ended = await self.speak(samples, number)
            await self.answered(ended, spoken=True)
        await asyncio.to_thread(Path(done).touch)

    async def answered(self, began: float, spoken: bool) -> None:
        """Note what became of a question, and let its answer be said."""
        lane, ready = self.of.studio.answers, None
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.first is None:
            if ready is None and any(cue.ready and self.is_answer(cue.line.id) for cue in lane.cues):
                ready = time.monotonic()
            await asyncio.sleep(0.002)
        ready = ready or self.first
        self.answers.append(
            {"spoken": spoken, "ready": ready and ready - began, "heard": self.first and self.first - began}
        )
        while self.of.studio.playout.now.line or lane.cues:
            self.of.studio.playout.take()  # the rest of it is not waited for
            await asyncio.sleep(0.05)
        self.first, self.id = None, "none"
        await asyncio.sleep(0.3)

    async def speak(self, samples: np.ndarray, number: int) -> float:
        """Bring the sound as a microphone does, in its own time; returns when its last sample was there."""
        loop, desk = asyncio.get_running_loop(), self.desk
        house = Microphones()

        async def understand(utterance: Any) -> None:
            _, receipt = await desk.hear(utterance.samples, f"speaker{number}", f"Speaker {number}", "page")
            self.id = receipt.id if receipt and receipt.id else self.id

        def said(utterance: Any) -> None:
            asyncio.run_coroutine_threadsafe(understand(utterance), loop)

        one = await asyncio.to_thread(house.new, said)
        whole = np.concatenate([samples, np.zeros(int(TRAIL * 16_000), np.float32)])
        began, ended = loop.time(), 0.0
        for at in range(0, len(whole), PIECE):
            await asyncio.sleep(max(0.0, began + (at + PIECE) / 16_000 - loop.time()))
            one.feed(whole[at : at + PIECE])
            if not ended and at + PIECE >= len(samples):
                ended = time.monotonic() - max(0.0, (at + PIECE - len(samples)) / 16_000)
            if ended and self.first is not None:
                break
        house.close()
        return ended
