"""The host as filmed: her lips where they have come, else the warped mouth, at every size; nobody once refused."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from typing import Any

import numpy as np
import pytest

from host_engine.avatars.route import Route
from host_engine.host.avatar import NOTHING
from host_engine.host.footage import Crew, Presenter
from host_engine.host.footage_avatar import EYE_LEVEL, FootageAvatar, Tracked, around, framing
from host_engine.host.footage_pace import Pace
from host_engine.host.perform import Pose
from host_engine.host.stand_in import StandIn
from host_engine.host.understudy import Role, Understudy
from host_engine.media import REST, Face, MouthShape, Picture
from host_engine.neural.order import Missed, Order

WIDTH, HEIGHT, COUNT = 128, 192, 12
BOX = (40.0, 40.0, 88.0, 96.0)
POINTS = [(52, 60), (76, 60), (64, 72), (56, 84), (72, 84)]
CROP = (36, 56, 92, 104)
HEARD = Face(MouthShape(0.6), 0.8, True, heard=np.ones((2, 2), np.float16))
TRACKED = Tracked(np.array([BOX] * COUNT, np.float32), np.array([POINTS] * COUNT, np.float32))


class Film:
    """Footage of soft pictures, each a little brighter than the one before."""

    def __init__(self) -> None:
        ramp = np.linspace(40, 120, WIDTH)[None, :, None] + np.linspace(0, 60, HEIGHT)[:, None, None]
        self.pictures = [np.asarray(np.repeat(ramp + 2 * k, 3, 2), np.uint8) for k in range(COUNT)]

    def expect(self, indices: Any) -> None:
        pass

    def frame(self, index: int) -> Picture:
        return self.pictures[index]


class Worker:
    """Lips in one grey, which come when they are let go."""

    def __init__(self) -> None:
        self.futures: list[tuple[Order, Future[Picture]]] = []

    def order(self, order: Order) -> Future[Picture]:
        self.futures.append((order, Future()))
        return self.futures[-1][1]

    def leave(self, avatar: int) -> None:
        pass

    def come(self, value: int = 250) -> None:
        for order, future in self.futures:
            if not future.done():
                future.set_result(np.full_like(order.under, value))


class Mouth:
    """A warp that paints the crop black."""

    def __init__(self) -> None:
        self.shapes: list[MouthShape] = []
        self.broken = False

    def __call__(self, under: Picture, points: np.ndarray, box: np.ndarray, shape: MouthShape) -> Picture:
        if self.broken:
            raise ValueError("a fault of the test")
        assert points.shape == (5, 2)
        assert (points >= 0).all()
        assert (box[:2] > 0).all()
        assert (box[2:] < (under.shape[1], under.shape[0])).all()
        assert (points < (under.shape[1], under.shape[0])).all()
        self.shapes.append(shape)
        return np.zeros_like(under)


class Filmed:
    """A presenter with her worker, her mouth, and avatars of her."""

    def __init__(self) -> None:
        self.film, self.worker, self.mouth = Film(), Worker(), Mouth()
        route = Route((0, COUNT - 1), [], np.zeros((COUNT, 2), np.float32))
        self.presenter = Presenter("demo", self.film, route, Pace(25))
        self.presenter.crew = Crew(self.worker, 1, [CROP] * COUNT, (2, 2))  # type: ignore[arg-type]

    def avatar(self, width: int = WIDTH, height: int = HEIGHT) -> FootageAvatar:
        return FootageAvatar(self.presenter, TRACKED, (width, height), self.mouth)

    def shot(self, face: Face) -> Face:
        return face._replace(shot=self.presenter.shoot(face))


@pytest.fixture
def filmed() -> Filmed:
    return Filmed()


def canvas(width: int = WIDTH, height: int = HEIGHT) -> Picture:
    return np.zeros((height, width, 3), np.uint8)


def test_lips_that_have_come_are_pasted_where_they_belong(filmed: Filmed) -> None:
    out, face = canvas(), filmed.shot(HEARD)
    filmed.worker.come()
    assert filmed.avatar().draw(face, Pose(), out) == (0, 0, WIDTH, HEIGHT)
    x0, y0, x1, y1 = CROP
    assert (out[y0:y1, x0:x1] == 250).all()
    outside = np.ones(out.shape[:2], bool)
    outside[y0:y1, x0:x1] = False
    assert (out[outside] == filmed.film.pictures[face.shot.frame][outside]).all()
    assert filmed.presenter.seen == {"fresh": 1}
    assert filmed.film.pictures[face.shot.frame].max() < 250  # the footage itself is as it was


def failed() -> Future[Picture]:
    future: Future[Picture] = Future()
    future.set_exception(Missed("the worker is gone"))
    return future


def wrong() -> Future[Picture]:
    future: Future[Picture] = Future()
    future.set_result(np.zeros((3, 3, 3), np.uint8))
    return future


@pytest.mark.parametrize("lips", [Future, failed, wrong])
def test_where_they_have_not_the_mouth_is_warped_and_counted(filmed: Filmed, lips: Any) -> None:
    out, face = canvas(), filmed.shot(HEARD)
    late = lips()
    face = face._replace(shot=face.shot._replace(lips=late))
    filmed.avatar().draw(face, Pose(), out)
    assert filmed.mouth.shapes == [HEARD.mouth]
    assert (out == 0).any()
    assert filmed.presenter.seen == {"warped": 1}
    assert late.cancelled() or late.done()


def test_silence_needs_no_mouth(filmed: Filmed) -> None:
    out, avatar = canvas(), filmed.avatar()
    for face in (Face(), Face(REST, 0.0, True)):
        shot = filmed.shot(face)
        avatar.draw(shot, Pose(), out)
        assert (out == filmed.film.pictures[shot.shot.frame]).all()
    assert not filmed.mouth.shapes
    assert filmed.presenter.seen == {"silent": 2}
    assert not filmed.worker.futures


def test_shut_lips_of_a_loud_sound_are_warped_shut(filmed: Filmed) -> None:
    filmed.avatar().draw(filmed.shot(Face(MouthShape(0.0), 0.7, True)), Pose(), canvas())
    assert filmed.mouth.shapes == [MouthShape(0.0)]


def test_a_mouth_that_cannot_be_warped_is_the_footages(filmed: Filmed, caplog: pytest.LogCaptureFixture) -> None:
    filmed.mouth.broken = True
    out, avatar = canvas(), filmed.avatar()
    for _ in range(3):
        shot = filmed.shot(HEARD)
        avatar.draw(shot, Pose(), out)
        assert (out == filmed.film.pictures[shot.shot.frame]).all()
    assert caplog.text.count("could not be warped") == 1


def test_too_many_late_lips_and_no_more_are_ordered(filmed: Filmed) -> None:
    avatar, out = filmed.avatar(), canvas()
    for _ in range(30):
        avatar.draw(filmed.shot(HEARD), Pose(), out)
    assert len(filmed.worker.futures) == 11
    assert "too late" in str(filmed.presenter.pace.reason)


def test_a_file_waits_for_its_lips(filmed: Filmed) -> None:
    from threading import Timer

    filmed.presenter.hurried = False
    face = filmed.shot(HEARD)
    Timer(0.05, filmed.worker.come).start()
    out = canvas()
    filmed.avatar().draw(face, Pose(), out)
    assert (out == 250).any()
    assert filmed.presenter.seen == {"fresh": 1}


def test_without_a_shot_the_last_one_stays_and_nothing_is_drawn_anew(filmed: Filmed) -> None:
    avatar, out = filmed.avatar(), canvas()
    assert avatar.draw(Face(), Pose(), out) != NOTHING  # the first picture, before anything is on air
    assert (out == filmed.film.pictures[0]).all()
    shot = filmed.shot(Face())
    avatar.draw(shot, Pose(), out)
    assert avatar.draw(Face(), Pose(), out) == NOTHING
    assert (out == filmed.film.pictures[shot.shot.frame]).all()
    assert avatar.draw(Face(), Pose(), canvas()) != NOTHING
    assert filmed.presenter.seen == {"held": 2, "silent": 1}


SIZES = [(128, 192), (256, 384), (64, 96), (192, 192), (100, 400), (90, 70)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shown", [(1.0, 1.0), (1.0, 0.6), (0.7, 0.8)])
def test_she_fills_every_window_and_her_face_is_in_it(
    filmed: Filmed, size: tuple[int, int], shown: tuple[float, float]
) -> None:
    out = canvas(round(size[0] * shown[0] / 2) * 2, round(size[1] * shown[1] / 2) * 2)
    face = filmed.shot(HEARD)
    filmed.worker.come()
    x0, y0, x1, y1 = filmed.avatar(*size).draw(face, Pose(), out)
    assert (out > 0).all()
    assert out.shape[1] <= x1 - x0 <= out.shape[1] + 2
    assert (y0, y1) == (0, out.shape[0])
    rows, columns = np.nonzero(out[..., 0] > 240)  # the lips
    if shown == (1.0, 1.0):
        scale = max(size[0] / WIDTH, size[1] / HEIGHT)
        assert columns.max() - columns.min() + 1 == pytest.approx(min((CROP[2] - CROP[0]) * scale, size[0]), abs=4)
        assert abs((columns.min() + columns.max()) / 2 - size[0] / 2) <= 2
        assert rows.min() >= 0


def test_the_framing_keeps_the_face_in_the_middle_and_never_leaves_the_footage() -> None:
    for window in SIZES:
        for face in ((64.0, 68.0), (10.0, 10.0), (120.0, 190.0)):
            scale, x, y = framing((WIDTH, HEIGHT), window, face)
            assert 0 <= x <= WIDTH - window[0] / scale + 1e-6
            assert 0 <= y <= HEIGHT - window[1] / scale + 1e-6
    scale, x, y = framing((400, 800), (400, 400), (200.0, 400.0))
    assert (scale, x) == (1.0, 0.0)
    assert y == pytest.approx(400 - EYE_LEVEL * 400)


def test_around_a_face_stays_inside_the_picture() -> None:
    assert around(np.array([-20.0, -5.0, 30.0, 40.0], np.float32), 60, 50) == (0, 0, 40, 49)


class AtOnce(Executor):
    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def test_at_half_her_size_she_looks_like_herself(filmed: Filmed) -> None:
    face = filmed.shot(HEARD)
    filmed.worker.come(150)
    outs = [canvas(256, 300), canvas(256, 300)]
    for out, avatar in zip(outs, (filmed.avatar(256, 384), Understudy(filmed.avatar(256, 384))), strict=True):
        avatar.stand_before(canvas(256, 384))
        avatar.draw(face, Pose(), out)
    assert np.abs(outs[0].astype(int) - outs[1]).mean() < 2


def test_she_is_not_halved_as_that_would_cost_more_but_who_stands_in_for_her_is(filmed: Filmed) -> None:
    role = Role(StandIn(filmed.avatar(), Drawn(), lambda: filmed.presenter.refused), AtOnce())
    role.stand_before(canvas())
    role.halve(True)
    role.draw(filmed.shot(Face()), Pose(), canvas())
    assert role.settled
    assert role._understudy is None
    filmed.presenter.refused = "revoked"
    for _ in range(3):
        role.draw(Face(), Pose(), canvas())
    assert role.settled
    assert role._understudy is not None


class Drawn:
    """The host who stands in: green, drawn anew only after she was put before a background."""

    settled = halves = True

    def __init__(self) -> None:
        self.size = (WIDTH, HEIGHT)
        self._out: Picture | None = None

    def halved(self) -> Half:
        return Half(-(-self.size[0] // 2), -(-self.size[1] // 2))

    def stand_before(self, background: Picture) -> None:
        self._out = None

    def draw(self, face: Face, pose: Pose, out: Picture) -> tuple[int, int, int, int]:
        if out is self._out:
            return NOTHING
        self._out = out
        out[:] = (0, 200, 0)
        return (0, 0, WIDTH, HEIGHT)


class Half(Drawn):
    """She at another size."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self.size = width, height


@pytest.mark.parametrize("other", [Drawn(), None])
def test_once_refused_she_is_in_no_picture_and_afterwards_she_is_back(filmed: Filmed, other: Drawn | None) -> None:
    stand_in = StandIn(filmed.avatar(), other, lambda: filmed.presenter.refused)
    stand_in.stand_before(np.full((HEIGHT, WIDTH, 3), 9, np.uint8))
    out = canvas()
    shot = filmed.shot(Face())
    stand_in.draw(shot, Pose(), out)
    assert (out == filmed.film.pictures[shot.shot.frame]).all()
    waiting = filmed.shot(HEARD)  # shot before, to be drawn after
    filmed.presenter.refused = "revoked"
    for face in (waiting, Face(), Face(speaking=True)):
        stand_in.draw(face, Pose(), out)
        assert (out == ((0, 200, 0) if other else (9, 9, 9))).all()
    assert stand_in.settled
    assert stand_in.draw(Face(), Pose(), out) == NOTHING
    filmed.presenter.refused = None
    shot = filmed.shot(Face())
    stand_in.draw(shot, Pose(), out)
    assert (out == filmed.film.pictures[shot.shot.frame]).all()
    filmed.presenter.refused = "revoked"
    stand_in.draw(shot, Pose(), out)
    assert (out == ((0, 200, 0) if other else (9, 9, 9))).all()
