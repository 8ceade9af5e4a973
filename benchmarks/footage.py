"""Ten minutes of 1080p footage: resident memory and the cost of a frame while a channel goes to and fro in it.

The footage is a long video made of a short one by copying its packets. It is shown in a process of its own: forwards
and backwards and by joins as fast as it goes, then for some seconds at 25 frames a second with what is wanted changing,
when no frame may be late.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import av
import cv2
import numpy as np
import psutil

from benchmarks.kept import keep, spread
from benchmarks.lines import ROOT

WIDTH, HEIGHT, FPS = 1920, 1080, 25
ONCE = 4  # seconds that are encoded


class Length(NamedTuple):
    """How much is made and shown."""

    minutes: int
    frames: int  # shown as fast as it goes, in each of the three ways
    seconds: int  # shown at the pace of a channel


LONG, SHORT = Length(10, 1500, 60), Length(1, 250, 10)


def run(length: Length) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = _avatar(Path(name), length.minutes)
        command = [sys.executable, "-m", "benchmarks.footage", "--show", str(folder), json.dumps(length)]
        said = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
        figures = json.loads(said.splitlines()[-1])
        figures["file_mb"] = (folder / "frames.mp4").stat().st_size / 1e6
    keep("footage", figures, minutes=length.minutes, size=f"{WIDTH}x{HEIGHT}")


def show(folder: Path, length: Length) -> None:
    """Show the footage and print the figures."""
    from host_engine.avatars.folder import Footage
    from host_engine.avatars.frames import Frames
    from host_engine.avatars.route import route_of

    cv2.setNumThreads(1)
    process = psutil.Process()
    footage = Footage.open(folder)
    before = process.memory_info().rss
    began = time.perf_counter()
    route = route_of(footage)
    figures = {"route_s": time.perf_counter() - began}
    with Frames(footage, patience=60.0) as frames:
        peak = process.memory_info().rss
        count = footage.about.frames
        hops = np.random.default_rng(1).integers(0, count, length.frames // 10)
        ways = {
            "forwards": range(length.frames),
            "backwards": range(count - 1, count - 1 - length.frames, -1),
            "anyhow": hops.tolist(),
        }
        for way, numbers in ways.items():
            cpu = time.process_time()
            for k, number in enumerate(numbers):
                frames.expect(numbers[k : k + 16] if way != "anyhow" else ())
                frames.frame(number)
                peak = max(peak, process.memory_info().rss)
            figures[f"{way}_ms"] = (time.process_time() - cpu) * 1000 / len(numbers)
        frames.patience, frames.late = 0.0, 0
        waits, paced = _at_pace(frames, route, length.seconds)
        figures |= spread(waits, "wait_ms")
        peak = max(peak, process.memory_info().rss)
        figures |= {
            "cores": paced / length.seconds,
            "late": float(frames.late),
            "held": float(frames.held),
            "load": os.getloadavg()[0],
        }
    figures |= {"rss_mb": peak / 1e6, "rss_before_mb": before / 1e6}
    print(json.dumps(figures))


def _at_pace(frames: object, route: object, seconds: int) -> tuple[list[float], float]:
    """As a channel shows it: the milliseconds each frame was waited for, and the processor's seconds."""
    from host_engine.avatars.frames import Frames, NotYet
    from host_engine.avatars.route import Route

    assert isinstance(frames, Frames)
    assert isinstance(route, Route)
    plan = [route.start()]
    while len(plan) < 8:
        plan.append(route.next(plan[-1], False))
    frames.expect([place.frame for place in plan])
    time.sleep(0.5)
    waits, cpu, due = [], time.process_time(), time.perf_counter()
    for n in range(seconds * FPS):
        place = plan.pop(0)
        plan.append(route.next(plan[-1], n // FPS % 5 < 3))
        frames.expect([each.frame for each in (place, *plan)])
        began = time.perf_counter()
        with contextlib.suppress(NotYet):
            frames.frame(place.frame)
        waits.append((time.perf_counter() - began) * 1000)
        due += 1 / FPS
        time.sleep(max(0.0, due - time.perf_counter()))
    return waits, time.process_time() - cpu


def _avatar(where: Path, minutes: int) -> Path:
    """An avatar of so many minutes; the face sways through it."""
    from host_engine.avatars.finders import typical_points
    from host_engine.avatars.folder import Agreed, AvatarFile
    from host_engine.avatars.frame_writer import GOP, FrameWriter
    from host_engine.avatars.new_folder import finish

    folder = where / "long"
    folder.mkdir()
    consent = where / "own.yaml"
    consent.write_text(
        "kind: own-artwork\nperson: Benchmark\ngiven: 2020-01-01\nexpires: 2099-01-01\ncontact: nobody\n"
        "scope: {channels: any, brands: any, languages: any, uses: any}\n"
    )
    with FrameWriter(where / "once.mp4", (WIDTH, HEIGHT), FPS) as writer:
        for n in range(ONCE * FPS // GOP * GOP):
            writer.write(_picture(n))
    count = _repeated(where / "once.mp4", folder / "frames.mp4", minutes * 60 * FPS)
    sway = 40 * np.sin(np.arange(count) / 60)[:, None]
    boxes = (np.array([800, 200, 1120, 620]) + sway * (1, 0, 1, 0)).astype(np.float32)
    points = np.stack([typical_points(box) for box in boxes])
    small = np.random.default_rng(1).integers(0, 255, (1, 24, 24)).repeat(count, 0).astype(np.uint8)

    def about(agreed: Agreed) -> AvatarFile:
        idle = ((0, 99), (count // 2, count // 2 + 199))
        return AvatarFile(
            name="long", kind="footage", size=(WIDTH, HEIGHT), fps=FPS, frames=count, gop=GOP, talk=(0, count - 1),
            idle=idle, consent=agreed,
        )  # fmt: skip

    finish(folder, consent, boxes, points, small, about)
    return folder


def _picture(number: int) -> np.ndarray:
    """Something as hard to code as a person before a room: soft shapes, a little grain, and what sways."""
    rng = np.random.default_rng(5)
    soft = cv2.resize(
        rng.integers(30, 220, (27, 48, 3)).astype(np.uint8), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC
    )
    shift = np.float32([[1, 0, 20 * np.sin(number / 12)], [0, 1, 6 * np.sin(number / 9)]])
    soft[:, 500:1420] = cv2.warpAffine(soft, shift, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)[:, 500:1420]
    grain = np.random.default_rng(number).normal(0, 2.0, (HEIGHT // 2, WIDTH // 2, 1))
    grain = cv2.resize(grain, (WIDTH, HEIGHT))[..., None]
    return np.clip(soft + grain, 0, 255).astype(np.uint8)


def _repeated(once: Path, path: Path, frames: int) -> int:
    """The packets of a video again and again until there are so many frames, in a new file; how many there are."""
    with av.open(str(once)) as container:
        packets = [(bytes(packet), packet.is_keyframe) for packet in container.demux(video=0) if packet.size]
        stream = container.streams.video[0]
        with av.open(str(path), "w") as out:
            copy = out.add_stream_from_template(stream)
            for n in range(frames):
                data, key = packets[n % len(packets)]
                packet = av.Packet(data)
                tick = round(1 / FPS / stream.time_base)
                packet.stream, packet.time_base = copy, stream.time_base
                packet.pts = packet.dts = n * tick
                packet.duration, packet.is_keyframe = tick, key
                out.mux(packet)
    return frames


if __name__ == "__main__":
    if "--show" in sys.argv:
        show(Path(sys.argv[2]), Length(*json.loads(sys.argv[3])))
    else:
        run(SHORT if "--short" in sys.argv else LONG)
