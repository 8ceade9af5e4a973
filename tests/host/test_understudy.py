"""The host at half her size: like herself, without seams, and there only when she is needed."""

from __future__ import annotations

from concurrent.futures import Future

import cv2
import numpy as np
import pytest

from host_engine.host.avatar import DrawnAvatar
from host_engine.host.drawing import draw_host
from host_engine.host.perform import Performer, Pose
from host_engine.host.understudy import Role, Understudy
from host_engine.media import Beat, Face, MouthShape, Picture


def make_avatar(width: int, height: int) -> DrawnAvatar:
    return DrawnAvatar(draw_host("mira", "coral", height), (width, height))


def backdrop(width: int, height: int) -> Picture:
    """A soft background, as studios are."""
    ramp = np.linspace(60, 200, width, dtype=np.float32)[None, :, None] + np.zeros((height, 1, 3), np.float32)
    return np.ascontiguousarray((ramp * (0.8, 1.0, 0.9)).astype(np.uint8))


def played(avatar: DrawnAvatar | Understudy | Role, out: Picture, frames: int = 40) -> None:
    performer, silent = Performer(25, seed=3), np.zeros(1920, np.float32)
    for n in range(frames):
        face = Face(MouthShape(0.4 + 0.4 * np.sin(n / 3)), 0.5, True)
        avatar.draw(face, performer.pose(n, Beat(silent, face)), out)


@pytest.mark.parametrize(
    ("shown", "size"), [((480, 400), (480, 600)), ((401, 391), (481, 601)), ((480, 600), (480, 600))]
)
def test_she_looks_like_the_host_and_has_no_seams(shown: tuple[int, int], size: tuple[int, int]) -> None:
    outs = []
    for avatar in (make_avatar(*size), understudy := Understudy(make_avatar(*size))):
        avatar.stand_before(backdrop(*size))
        outs.append(np.zeros((shown[1], shown[0], 3), np.uint8))
        played(avatar, outs[-1])
    full, half = outs
    assert np.abs(full.astype(int) - half).mean() < 4
    small = understudy._small
    whole = cv2.resize(small, (2 * small.shape[1], 2 * small.shape[0]), interpolation=cv2.INTER_LINEAR)
    assert np.abs(whole[: shown[1], : shown[0]].astype(int) - half).max() <= 2


def test_she_says_where_she_has_changed() -> None:
    understudy = Understudy(make_avatar(480, 600))
    understudy.stand_before(backdrop(480, 600))
    out = np.zeros((500, 480, 3), np.uint8)
    assert understudy.draw(Face(), Pose(), out) == (0, 0, 480, 500)
    for mouth, pose in ((0.9, Pose()), (0.0, Pose(yaw=0.2)), (0.0, Pose(yaw=0.2, arm="wave", arm_amount=1.0))):
        before = out.copy()
        x0, y0, x1, y1 = understudy.draw(Face(MouthShape(mouth)), pose, out)
        changed = (before != out).any(2)
        assert changed.any()
        changed[y0:y1, x0:x1] = False
        assert not changed.any()
    assert understudy.draw(Face(MouthShape(0.0)), pose, out) == (0, 0, 0, 0)


class Later:
    """An executor that does its work when it is told to."""

    def __init__(self) -> None:
        self.work: list[tuple[Future, object]] = []

    def submit(self, work, *of) -> Future:
        self.work.append((Future(), lambda: work(*of)))
        return self.work[-1][0]

    def do(self) -> None:
        future, work = self.work.pop()
        try:
            future.set_result(work())
        except Exception as error:
            future.set_exception(error)


def test_she_plays_when_she_is_ready_and_goes_when_she_is_not_needed() -> None:
    later, lead = Later(), make_avatar(240, 300)
    role = Role(lead, later)
    role.stand_before(backdrop(240, 300))
    out, plain = np.zeros((300, 240, 3), np.uint8), np.zeros((300, 240, 3), np.uint8)
    role.draw(Face(), Pose(), plain)
    assert role.settled
    role.halve(True)
    role.draw(Face(), Pose(), out)
    assert not role.settled
    later.do()
    role.draw(Face(), Pose(), out)
    assert role.settled
    assert (out != plain).any()
    role.halve(False)
    assert not role.settled
    role.draw(Face(), Pose(), out)
    assert role.settled
    assert (out == plain).all()
    assert role._understudy is None


def test_a_host_that_cannot_be_drawn_small_stays_as_she_is(caplog: pytest.LogCaptureFixture) -> None:
    later = Later()
    lead = make_avatar(240, 300)
    lead.halved = lambda: make_avatar(80, 100)
    role = Role(lead, later)
    role.stand_before(backdrop(240, 300))
    out = np.zeros((300, 240, 3), np.uint8)
    role.halve(True)
    role.draw(Face(), Pose(), out)
    later.do()
    role.draw(Face(), Pose(), out)
    assert role.settled
    assert "she stays as she is" in caplog.text
    assert not later.work
