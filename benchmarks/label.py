"""A day of show in virtual time before the label watchdog: alarms without a fault, and how soon each fault is found.

The day has every scene, eight languages, cards, questions, a human on air alone and beside the host, and slates, at six
sizes and bitrates from 400 kbit/s on. Then each fault comes right after a look, and stays; it is found when the alarm
sounds. On as many processors as there are.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from benchmarks.kept import Figures, keep, spread
from benchmarks.label_faults import FAULTS, spoilt
from benchmarks.labelled_show import LANGUAGES, PERIOD, SETTINGS, STRIDE, Setting, Shot, Show
from host_engine.alarms import Alarms
from host_engine.labelling.expecting import Expecting
from host_engine.labelling.watchdog import Watchdog

HOURS, SHORT = 24.0, 0.5
PATIENCE = 6  # looks that a fault has to be found
ROUNDS, SHORT_ROUNDS = 3, 1  # of all faults, in each hour


class Task(NamedTuple):
    """One hour, or a part of it."""

    setting: Setting
    language: str
    looks: int
    rounds: int
    cache: Path
    seed: int


class Found(NamedTuple):
    """What came of it. alarms: those without a fault; without: looks without a fault that found no label, of which one
    alone is no alarm; found: seconds until each fault was found, None where it was not."""

    looks: int
    passed: int
    alarms: list[str]
    without: int
    found: list[tuple[str, str, float | None]]
    ms: list[float]


class Before:
    """A watchdog before a show, in the time of its frames."""

    def __init__(self, show: Show) -> None:
        self.show, self.alarms, self.n = show, Alarms(), 0
        self.expecting = Expecting(show.picture.plan)
        self.dog = Watchdog(self.alarms, self.expecting.expected, lambda: self.n / 25)
        self.passed = self.without = 0
        self.ms: list[float] = []

    def look(self, shot: Shot, picture: Any = None) -> str:
        """What is the matter with a picture of this frame, "" where none is judged."""
        view = self.show.left(shot, picture)
        self.n = shot.n
        began = time.thread_time()
        finding = self.dog.look(view, n=shot.n, muted=shot.muted)
        self.ms.append(1000 * (time.thread_time() - began))
        self.passed += finding is None
        self.without += finding is not None and not finding.ok
        return finding.kind if finding else ""


def play(task: Task) -> Found:
    """An hour without a fault, then each fault some times."""
    cv2.setNumThreads(1)
    show = Show(task.setting, task.language, task.cache)
    before, told = Before(show), list[str]()
    before.alarms.hooks.append(lambda alarm: None if alarm.over else told.append(f"{task.setting}: {alarm.text}"))
    for shot in show.shots(task.looks, 0):
        before.look(shot)
    ms, passed, without = before.ms, before.passed, before.without
    dice, found = np.random.default_rng(task.seed), list[tuple[str, str, float | None]]()
    for number in range(task.rounds):
        shots = show.shots(10 * PATIENCE * len(FAULTS), (task.looks + (1 + number) * 100_000) * STRIDE)
        found += [(name, *_seconds(show, shots, name, dice)) for name in FAULTS]
    show.close()
    return Found(task.looks, passed, told, without, found, ms)


def _seconds(show: Show, shots: Iterator[Shot], name: str, dice: np.random.Generator) -> tuple[str, float | None]:
    """What was seen of a fault that begins right after a look, and how many seconds later the alarm sounds."""
    before = Before(show)
    began = next(shots)
    while not before.look(began):
        began = next(shots)
    seed = int(dice.integers(1 << 31))
    for shot in islice(shots, PATIENCE):
        look = show.picture.plan.labels()[show.picture.shown[0]]
        seen = before.look(shot, spoilt(shot.drawn, FAULTS[name], look, np.random.default_rng(seed)))
        if before.alarms.raised:
            return seen, (shot.n - began.n) / 25
    return "labelled", None


def tasks(hours: float, rounds: int, cache: Path) -> list[Task]:
    """The hours of the day, each with its setting and its language."""
    each = min(hours, PERIOD / 3600)
    looks = round(each * 3600 * 25 / STRIDE)
    return [
        Task(SETTINGS[hour % len(SETTINGS)], LANGUAGES[hour % len(LANGUAGES)], looks, rounds, cache, hour)
        for hour in range(max(1, round(hours)))
    ]


def run(hours: float, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wanted = tasks(hours, rounds, Path(folder))
        with multiprocessing.get_context("spawn").Pool(min(len(wanted), os.cpu_count() or 1)) as pool:
            found = pool.map(play, wanted, chunksize=1)
    for alarm in (alarm for each in found for alarm in each.alarms):
        print(f"FALSE ALARM: {alarm}")
    faults = [fault for each in found for fault in each.found]
    for name, kinds in _by_name(faults).items():
        print(f"{name:14} {', '.join(f'{kind} {count}' for kind, count in kinds.most_common())}")
    keep("label", figures(found, faults), hours=hours)


def _by_name(faults: Sequence[tuple[str, str, float | None]]) -> dict[str, Counter[str]]:
    """What each fault was called."""
    named: dict[str, Counter[str]] = {}
    for name, kind, _ in faults:
        named.setdefault(name, Counter())[kind] += 1
    return named


def figures(found: Sequence[Found], faults: Sequence[tuple[str, str, float | None]]) -> Figures:
    seconds = [each for _, _, each in faults if each is not None]
    ms = [each for one in found for each in one.ms]
    return {
        "false_alarms": sum(len(each.alarms) for each in found),
        "faults": len(faults),
        "overlooked": len(faults) - len(seconds),
        "found_s_p50": float(np.median(seconds)),
        "found_s_max": max(seconds),
        "looks": sum(each.looks for each in found),
        "looks_passed_over": sum(each.passed for each in found),
        "looks_without": sum(each.without for each in found),
        **spread(ms, "look_ms"),
    }


if __name__ == "__main__":
    short = "--short" in sys.argv
    run(SHORT if short else HOURS, SHORT_ROUNDS if short else ROUNDS)
