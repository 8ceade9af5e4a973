"""From the end of speech to its words: questions of five seconds, spoken by flite, through the ears' own process.

With pocketsphinx, and with Whisper of the sizes of "tiny" and "small": without a network there are no real weights, so
these have invented ones and say the same 16 tokens whatever they hear; their work is that of real ones, their words are
not. Word errors and refusals are therefore pocketsphinx's only: of questions in likely words and in free ones, of
speech about something else, and of recordings of people where HOST_ENGINE_RECORDINGS has them.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil

from benchmarks import asked_aloud as asked
from benchmarks import scripted_whisper
from benchmarks.kept import Figures, keep, spread
from benchmarks.lines import ROOT
from benchmarks.quiet import Quiet
from benchmarks.scripted_whisper import SMALL, TINY, Size
from benchmarks.spoken import recorded, spoken, word_errors
from host_engine.audience.ears.microphones import Microphones
from host_engine.audience.ears.transcriber import TranscriberProcess
from host_engine.audience.transcript import RATE, Heard16, Transcript
from host_engine.show.catalog import load_catalog

ROUNDS, SHORT = 3, 1
SECONDS = 5.0
WORDS = "hello can you tell me how much the teapot costs and how long shipping takes please"  # 16 tokens


async def run(rounds: int) -> None:
    with Quiet() as quiet:
        figures = await with_sphinx(rounds)
        for name, size in (("tiny", TINY), ("small", SMALL)):
            if name == "tiny" or rounds > SHORT:
                figures |= await with_whisper(name, size, 10 * rounds)
    keep("transcribe", figures, rounds=rounds, **quiet.about)


async def with_sphinx(rounds: int) -> Figures:
    ears = TranscriberProcess("pocketsphinx")
    ears.words(load_catalog(ROOT / "product_catalogs" / "tea"))
    job = asyncio.create_task(ears.run())
    await _until(lambda: bool(ears.status()["shop"]), job)
    questions = [samples for text in asked.LONG for samples in _spoken(text)]
    figures = spread([await _took(ears, samples) for samples in questions * rounds], "sphinx_ms")
    figures["sphinx_cpu_ms"] = await _cpu(ears, questions)
    pauses = [await asyncio.to_thread(_pause, samples) for samples in questions[:6]]
    figures["pause_ms_p50"] = float(np.median(pauses))
    figures["sphinx_wer"], figures["refused_likely"] = await _judged(ears, asked.LIKELY)
    figures["sphinx_wer_free"], figures["refused_free"] = await _judged(ears, asked.FREE)
    figures["kept_off_topic"] = 1 - (await _judged(ears, asked.OFF_TOPIC))[1]
    people = [await ears.hear(samples) for samples in map(recorded, asked.RECORDED) if samples is not None]
    if people:
        figures["kept_people"] = sum(not each.refused for each in people) / len(people)
    await _end(job)
    return figures


async def with_whisper(name: str, size: Size, count: int) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        model = await asyncio.to_thread(scripted_whisper.build, Path(folder), WORDS, size)
        ears = TranscriberProcess(f"whisper:{model}")
        job = asyncio.create_task(ears.run())
        await _until(lambda: ears.status()["state"] == "ready", job)
        samples = _spoken(asked.LONG[0])[0][: int(SECONDS * RATE)]
        said = await ears.hear(samples)
        assert (said.text, said.by) == (WORDS, "whisper:model"), said
        figures = spread([await _took(ears, samples) for _ in range(count)], f"{name}_ms")
        figures[f"{name}_cpu_ms"] = await _cpu(ears, [samples] * 3)
        await _end(job)
    return figures


async def _took(ears: TranscriberProcess, samples: Heard16) -> float:
    """Milliseconds from the utterance to its words; its language is looked for."""
    began = time.perf_counter()
    await ears.hear(samples)
    return (time.perf_counter() - began) * 1000


async def _cpu(ears: TranscriberProcess, utterances: list[Heard16]) -> float:
    """Milliseconds of processor that the worker takes for one: what a busy machine does not stretch much."""
    worker = psutil.Process(int(str(ears.status()["pid"])))
    before = worker.cpu_times()
    for samples in utterances:
        await ears.hear(samples)
    now = worker.cpu_times()
    return (now.user + now.system - before.user - before.system) * 1000 / len(utterances)


async def _judged(ears: TranscriberProcess, texts: tuple[str, ...]) -> tuple[float, float]:
    """The share of wrong words, and of refused questions, over all voices."""
    wrong = wanted = refused = count = 0
    for text in texts:
        for samples in _spoken(text):
            said: Transcript = await ears.hear(samples)
            errors, words = word_errors(text, said.text)
            wrong, wanted, count, refused = wrong + errors, wanted + words, count + 1, refused + bool(said.refused)
    return wrong / wanted, refused / count


def _spoken(text: str) -> list[Heard16]:
    return [spoken(text, voice) for voice in asked.VOICES]


def _pause(samples: Heard16) -> float:
    """Milliseconds of silence after the last word until the microphone's utterance ends by itself."""
    ended: list[int] = []
    loud = np.flatnonzero(np.abs(samples) > 0.02)[-1]
    microphones = Microphones()
    fed = 0
    one = microphones.new(lambda said: ended.append(fed))
    for at in range(0, len(samples) + 2 * RATE, 320):
        fed = at
        chunk = samples[at : at + 320] if at < len(samples) else np.zeros(320, np.float32)
        one.feed(chunk)
        time.sleep(0.002)
        if ended:
            break
    microphones.close()
    return (ended[0] - int(loud)) / RATE * 1000 if ended else float("nan")


async def _until(there: Callable[[], bool], job: asyncio.Task[None]) -> None:
    async with asyncio.timeout(300):
        while not there():
            assert not job.done(), job.exception()
            await asyncio.sleep(0.05)


async def _end(job: asyncio.Task[None]) -> None:
    job.cancel()
    await asyncio.gather(job, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(run(SHORT if "--short" in sys.argv else ROUNDS))
