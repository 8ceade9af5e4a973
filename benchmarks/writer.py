"""What we add to a language model: from a question to its first sentence, with a model that answers at once.

The model's server is a process of its own on the loopback; beside it, a bare connection asks the same, so that the
difference is ours: the prompt, the client, the cut into sentences and the thread between. The loop of the caller ticks
25 times a second meanwhile, as the show's does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from benchmarks.kept import keep, spread
from benchmarks.lines import ROOT
from host_engine.audience.answer import Answer, Asking
from host_engine.audience.persona.persona import Persona
from host_engine.audience.writer.prompt import messages
from host_engine.audience.writer.writer import OpenAIWriter
from host_engine.channel_file.asking import Model
from host_engine.show.evidence import Evidence

QUESTIONS, SHORT = 300, 60
SAID = "The Harrow Stoneware Teapot is £34.00 today. It holds 1.1 l, which is enough for four large cups."
ASKING = Asking("how much is the teapot?", "en", ("Ana",))
FACTS = tuple(Evidence("teapot", f"field_{n}", f"value number {n} of the catalog") for n in range(12))
DRAFT = Answer("The Harrow Stoneware Teapot is £34.00.", "en", "price", "teapot", FACTS)
TICK = 0.04  # seconds


async def measure(url: str, port: int, questions: int) -> dict[str, float]:
    persona = Persona.read(ROOT / "personas" / "mira")
    model = OpenAIWriter(Model(url=url, model="instant", first=20, whole=60), persona, {})
    cold = (await ours(model))[0]
    bare, first, whole, late = [], [], [], []
    ticking = asyncio.create_task(ticks(late))
    for _ in range(questions):
        bare.append(await plainly(port, persona) * 1000)
        began, done = await ours(model)
        first.append(began * 1000)
        whole.append(done * 1000)
        await asyncio.sleep(0.01)
    ticking.cancel()
    await model.aclose()
    added = float(np.median(first) - np.median(bare))
    figures = spread(first, "first_sentence_ms") | spread(whole, "all_sentences_ms") | spread(late, "tick_late_ms")
    return figures | {"bare_ms_p50": float(np.median(bare)), "added_ms_p50": added, "cold_ms": cold * 1000}


async def ours(model: OpenAIWriter) -> tuple[float, float]:
    """Seconds to the first sentence, and to the end."""
    began = time.perf_counter()
    first = 0.0
    async for _ in model.sentences(ASKING, FACTS, DRAFT):
        first = first or time.perf_counter() - began
    return first, time.perf_counter() - began


async def plainly(port: int, persona: Persona) -> float:
    """Seconds until a bare connection has read the same first sentence."""
    asked = messages(ASKING, FACTS, DRAFT, name=persona.name, brief=persona.brief("en"))
    body = json.dumps({"model": "instant", "messages": asked, "stream": True}).encode()
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await reader.readuntil(b'"It "')  # the sentence after it has begun, so the first is over
    took = time.perf_counter() - began
    writer.close()
    return took


async def ticks(late: list[float]) -> None:
    """How late a loop is that wants to wake 25 times a second, in ms."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        due += TICK
        await asyncio.sleep(due - loop.time())
        late.append((loop.time() - due) * 1000)


@contextmanager
def instant() -> Iterator[int]:
    """The port of a server that answers at once."""
    command = [sys.executable, str(ROOT / "tests" / "model_server.py"), SAID]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield int(process.stdout.readline())
        finally:
            process.kill()


def run(questions: int) -> None:
    with instant() as port:
        figures = asyncio.run(measure(f"http://127.0.0.1:{port}/v1", port, questions))
    keep("writer", figures, questions=questions)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help=f"{SHORT} questions")
    run(SHORT if parser.parse_args().short else QUESTIONS)
