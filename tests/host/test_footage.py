"""The presenter: the right frame for each beat, lips ordered for what is heard, and never a wait."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from host_engine.avatars.route import Route
from host_engine.host.footage import LOOK, MARGIN, Crew, Presenter, Shot
from host_engine.host.footage_pace import Pace
from host_engine.media import Face, Picture
from host_engine.neural.order import Missed, Order, Resident

WIDTH, HEIGHT, COUNT = 64, 96, 40
CROP = (16, 20, 48, 52)
WINDOW = (3, 4)
HEARD = Face(speaking=True, energy=1.0, heard=np.ones(WINDOW, np.float16))


class Film:
    """Footage of which each frame is one grey; frames in `missing` are not decoded."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.expected: list[tuple[int, ...]] = []
        self.missing: set[int] = set()

    def expect(self, indices: Sequence[int]) -> None:
        self.expected.append(tuple(indices))

    def frame(self, index: int) -> Picture:
        if index in self.missing:
            raise LookupError(f"frame {index} is not decoded yet")
        self.asked.append(index)
        return np.full((HEIGHT, WIDTH, 3), index, np.uint8)


class Worker:
    """Lips that are made when it is told to."""

    def __init__(self) -> None:
        self.orders: list[tuple[Order, Future[Picture]]] = []
        self.left: list[int] = []

    def settle(self, resident: Resident) -> int:
        return 7

    def leave(self, avatar: int) -> None:
        self.left.append(avatar)

    def order(self, order: Order) -> Future[Picture]:
        self.orders.append((order, Future()))
        return self.orders[-1][1]

    def work(self, miss: bool = False) -> None:
        for order, future in self.orders:
            if not future.done() and future.set_running_or_notify_cancel():
                if miss:
                    future.set_exception(Missed("too late"))
                else:
                    future.set_result(np.full_like(order.under, 200))

    def status(self) -> dict[str, Any]:
        return {}

    def close(self) -> None:
        pass


def route() -> Route:
    """Talk in the first 20 frames, silence in the last ten; all poses alike."""
    return Route((0, 19), [(30, 39)], np.zeros((COUNT, 2), np.float32))


def presenter(film: Film | None = None, worker: Worker | None = None, **more: Any) -> Presenter:
    made = Presenter("demo", film or Film(), route(), Pace(25), clock=lambda: 100.0, **more)
    if worker is not None:
        made.crew = Crew(worker, 7, [CROP] * COUNT, WINDOW)
    return made


def test_it_goes_to_and_fro_in_the_talk_while_she_speaks_and_elsewhere_while_not() -> None:
    film = Film()
    shown = presenter(film)
    silent = [shown.shoot(Face()).frame for _ in range(50)]
    assert all(30 <= frame <= 39 for frame in silent)
    assert max(abs(a - b) for a, b in pairwise(silent)) == 1
    spoken = [shown.shoot(HEARD).frame for _ in range(80)]
    assert all(30 <= frame <= 39 for frame in spoken[:LOOK])  # decoded ahead
    assert set(spoken[-40:]) == set(range(20))
    assert all(
        later[: LOOK - 1] == earlier[1:LOOK] for earlier, later in zip(film.expected, film.expected[1:], strict=False)
    )


def test_lips_are_ordered_for_what_is_heard_with_the_time_at_which_they_are_needed() -> None:
    worker = Worker()
    shown = presenter(worker=worker, due=lambda: 0.18)
    assert shown.shoot(Face()).lips is None
    assert shown.shoot(Face(speaking=True)).lips is None  # a pause
    shot = shown.shoot(HEARD)
    ((order, future),) = worker.orders
    assert shot.lips is future
    assert shot.crop == CROP
    assert (order.channel, order.avatar, order.frame) == ("demo", 7, shot.frame)
    assert order.deadline == pytest.approx(100 + 0.18 - MARGIN)
    assert order.under.shape == (32, 32, 3)
    assert order.under.flags.c_contiguous
    assert (order.under == shot.frame).all()
    assert order.window is HEARD.heard
    shown.hurried = False
    shown.shoot(HEARD)
    assert worker.orders[-1][0].deadline > 1000


def test_no_lips_are_ordered_without_a_crew_by_another_network_or_while_it_rests() -> None:
    worker = Worker()
    assert presenter().shoot(HEARD).lips is None
    shown = presenter(worker=worker)
    assert shown.shoot(HEARD._replace(heard=np.ones((2, 2), np.float16))).lips is None
    shown.pace.fell("the card is full")
    assert shown.shoot(HEARD).lips is None
    assert not worker.orders
    shown.close()
    assert worker.left == [7]
    assert shown.shoot(HEARD).lips is None


def test_a_frame_that_is_not_decoded_is_the_one_before_it() -> None:
    film, worker = Film(), Worker()
    shown = presenter(film, worker)
    first = shown.shoot(HEARD)
    film.missing = set(range(COUNT))
    held = shown.shoot(HEARD)
    assert (held.frame, held.held) == (first.frame, True)
    assert held.lips is not first.lips  # it has the lips of its own sound
    film.missing = set()
    after = shown.shoot(HEARD)
    assert abs(after.frame - first.frame) == 2
    assert not after.held


def test_nothing_is_shot_of_someone_who_may_not_be_shown() -> None:
    film, worker = Film(), Worker()
    shown = presenter(film, worker)
    shown.refused = "revoked"
    before = len(film.asked)
    assert [shown.shoot(HEARD) for _ in range(10)] == [None] * 10
    assert (len(film.asked), worker.orders) == (before, [])
    shown.refused = None
    assert isinstance(shown.shoot(HEARD), Shot)


@pytest.mark.parametrize(("rate", "steps"), [(0.5, {0, 1}), (1.0, {1}), (2.0, {2}), (25 / 30, {0, 1})])
def test_footage_of_another_rate_keeps_its_speed(rate: float, steps: set[int]) -> None:
    worker = Worker()
    shown = presenter(worker=worker, rate=rate)
    frames = [shown.shoot(HEARD).frame for _ in range(4)]  # still in the silence it begins with
    assert {b - a for a, b in pairwise(frames)} <= steps
    assert len(worker.orders) == 4  # each has lips of its own
