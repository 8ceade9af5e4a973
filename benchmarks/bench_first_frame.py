"""From speech being ready to the first picture of a mouth that says it: made, and sent by a channel on air.

`python -m benchmarks.bench_first_frame [--host NAME] [--short]`. For each host: `ready_ms`, from a line's samples to
the first picture of its mouth, with nothing else to do; `air_ms`, from the samples to the first encoded picture in the
queues of a whole channel on air, its delay included; and `plain_first_ms`, what the plain pipeline takes to its first
picture, which comes with fifteen others.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, __file__.rpartition("/benchmarks/")[0])  # so that it runs as a file too

from benchmarks.filmed import filmed
from benchmarks.first_picture import measure
from benchmarks.kept import Figures, put, say, spread
from benchmarks.lines import demo, demo_on_air
from benchmarks.nets import DTYPES, NETS, device, make, quick, weights
from benchmarks.ours import open_worker
from benchmarks.plain import BATCH, Plain, half
from benchmarks.quiet import Quiet
from benchmarks.sitters import FPS, Sitter, sitter
from host_engine.channel.studio.build import make_avatar
from host_engine.channel_file import config
from host_engine.engine import Engine
from host_engine.host.mouths.neural import NeuralMouth
from host_engine.host.mouths.viseme import ViseMouth
from host_engine.host.perform import Pose
from host_engine.host.voices.espeak import EspeakVoice
from host_engine.media import Speech
from host_engine.neural.hearing import at_16k
from host_engine.neural.net import Net

LINES, SHORT = 20, 5
HOSTS = ("drawn", *NETS)
TEXTS = (
    "Good evening, and welcome back.",
    "This tea comes from the mountains in the south.",
    "It costs fifteen euros, and only until midnight.",
    "Many of you have asked how long it should steep.",
)


def run(host: str, lines: int, on_air: bool) -> str | None:
    """Measure one host and keep it; why nothing of it was seen on air, where that is so."""
    where = device()
    speeches = [EspeakVoice().speak(f"{TEXTS[k % len(TEXTS)]} {k}") for k in range(lines)]
    wrong: str | None = None
    with Quiet() as quiet:
        figures = drawn(speeches) if host == "drawn" else neural(host, speeches)
        try:
            figures |= asyncio.run(air(host, lines)) if on_air else {}
        except RuntimeError as error:
            wrong = f"{host}: {error}"
    about = {"net": host, "device": where.type, "lines": lines, "dtype": quick(where)}
    about |= {} if host == "drawn" else {"weights": weights(host)}
    say("bench_first_frame", put("bench_first_frame", figures, **about, **quiet.about))
    return wrong


def drawn(speeches: list[Speech]) -> Figures:
    """Of the drawn host, as the demo channel has her."""
    avatar, mouth = make_avatar(demo(), 720, 1280), ViseMouth()
    avatar.stand_before(np.zeros((1280, 720, 3), np.uint8))
    out = np.zeros((1280, 720, 3), np.uint8)

    def first(speech: Speech) -> None:
        faces = mouth.faces(speech, FPS)
        avatar.draw(next(face for face in faces if face.speaking), Pose(), out)

    return spread(timed(first, speeches), "ready_ms")


def neural(name: str, speeches: list[Speech]) -> Figures:
    """Of a network before the worker; and of the plain pipeline, which makes sixteen frames before it shows one."""
    where = device()
    net = make(name, where, DTYPES[quick(where)])
    slow = where.type == "cpu" and name.startswith("musetalk")
    someone = sitter(net, frames=1 if slow else 8)
    speeches = speeches[:3] if slow else speeches
    mouth = NeuralMouth(net, ViseMouth())
    lips = open_worker(net)
    try:
        avatar = lips.settle(someone.resident)

        def first(speech: Speech) -> None:
            window = next(face.heard for face in mouth.faces(speech, FPS) if face.heard is not None)
            lips.order(someone.order(0, time.monotonic() + 600, "one", avatar)._replace(window=window)).result(600)

        found = spread(timed(first, speeches), "ready_ms")
    finally:
        lips.close()
    del net
    return found if slow else found | plain(name, someone, speeches)


def plain(name: str, someone: Sitter, speeches: list[Speech]) -> Figures:
    """What the plain pipeline takes."""
    where = device()
    net: Net = make(name, where, DTYPES[half(where)])
    pipeline = Plain(net, someone.resident)

    def first(speech: Speech) -> None:
        windows = net.hear(at_16k(speech.samples), FPS)[:BATCH]
        pipeline.batch([someone.order(k, 0.0)._replace(window=window) for k, window in enumerate(windows)])

    return {"plain_first_ms": float(np.median(timed(first, speeches)))}


def timed(work: Callable[[Speech], None], speeches: list[Speech]) -> list[float]:
    """Milliseconds for each speech; the first one is done twice, as it warms things up."""
    taken = []
    for speech in speeches[:1] + speeches:
        began = time.perf_counter()
        work(speech)
        taken.append((time.perf_counter() - began) * 1000)
    return taken[1:]


async def air(host: str, lines: int) -> Figures:
    """On air: the demo channel, with the drawn host or with her footage and the network."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        avatar = {} if host == "drawn" else {"avatar": filmed(folder, host)}
        path = demo_on_air(folder, "first-frame", **avatar, voice={"use": ["espeak"], "music": False})
        engine = Engine(config.load(path).at_port(0), {})
        said = await measure(engine, lines)
    figures = spread([each.air_ms for each in said], "air_ms")
    return figures | {"lead_silence_ms": float(np.median([each.silence_ms for each in said]))}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", action="append", choices=HOSTS, help="this one only; may be given again")
    parser.add_argument("--no-air", action="store_true", help="leave the channel on air out")
    parser.add_argument("--short", action="store_true", help=f"{SHORT} lines instead of {LINES}")
    wanted = parser.parse_args(arguments)
    hosts = wanted.host or (HOSTS if device().type == "cuda" else ("drawn", "small", "wav2lip-96", "wav2lip-256"))
    failed = []
    for host in hosts:
        print(f"{host}:", flush=True)
        wrong = run(host, SHORT if wanted.short else LINES, not wanted.no_air)
        failed += [wrong] if wrong else []
    print(*failed, sep="\n", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
