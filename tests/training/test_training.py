"""Training: what was learnt can be seen after a few steps, is the same for the same seed, and is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from host_engine.neural.net import NetError
from host_engine.neural.small.net import SmallNet, load
from host_engine.neural.small.network import SIDE
from host_engine.training import kept, trainer
from host_engine.training.drawn import Amount, DrawnLessons
from host_engine.training.lesson import Lesson
from host_engine.training.pupil import Pupil, folded
from host_engine.training.trainer import Budget, Now, Trainer

TINY = Amount(faces=2, windows=16, sittings=1, talks=4, poses=4)


class Same:
    """A Lessons that teaches the same three lessons again and again, as learning by heart goes fast."""

    def __init__(self, lessons: list[Lesson]) -> None:
        self._lessons, self._n = lessons, 0

    def lesson(self) -> Lesson:
        self._n += 1
        return self._lessons[self._n % len(self._lessons)]


class Counting:
    """An Exam whose marks get better, then worse."""

    marks = (10.0, 12.0, 11.0)

    def __init__(self) -> None:
        self.looks = 0

    def look(self, net: SmallNet) -> dict[str, Any]:
        self.looks += 1
        return {"mouth_psnr": self.marks[self.looks - 1], "openness_correlation": 0.5}

    def report(self, net: SmallNet, sheet: Path) -> dict[str, Any]:
        return {"summary": {}}


@pytest.fixture(scope="module")
def lessons() -> list[Lesson]:
    drawn = DrawnLessons(["mira"], 5, TINY)
    return [drawn.lesson() for _ in range(3)]


def test_lessons_show_the_same_pose_with_two_mouths(lessons: list[Lesson]) -> None:
    moved = []
    for lesson in lessons:
        assert lesson.reference.shape == lesson.target.shape == (2, 3, SIDE, SIDE)
        away = (lesson.reference - lesson.target).abs().amax(1)
        assert away[:, : SIDE // 4].max() < 0.1  # the same eyes
        moved += away[:, SIDE // 3 : SIDE * 7 // 8, SIDE // 4 : SIDE * 3 // 4].amax((1, 2)).tolist()
    assert sum(each > 0.1 for each in moved) >= 4  # of 6: speech has closed mouths too
    again = DrawnLessons(["mira"], 5, TINY).lesson()
    for one, other in zip(again, lessons[0], strict=True):
        assert one is other is None or torch.equal(one, other)


def test_a_few_steps_teach_and_the_same_seed_teaches_the_same(lessons: list[Lesson]) -> None:
    def learnt(seed: int, steps: int) -> list[tuple[float, float]]:
        pupil, same = Pupil(seed), Same(lessons)
        return [pupil.learn(same.lesson(), 0.0) for _ in range(steps)]

    missed = np.array(learnt(1, 15))
    assert missed[-6:, 0].mean() < 0.8 * missed[:3, 0].mean()
    assert missed[-6:, 1].mean() < 0.8 * missed[:3, 1].mean()
    assert np.array_equal(learnt(1, 4), missed[:4])
    assert not np.array_equal(learnt(2, 2), missed[:2])


def test_folding_changes_nothing(lessons: list[Lesson]) -> None:
    pupil = Pupil(3)
    pupil.learn(lessons[0], 0.0)
    face, windows = lessons[0].reference, lessons[0].windows
    assert windows is not None
    whole = folded(pupil.lips)
    assert torch.allclose(pupil.lips.eval()(face, windows[:2]), whole(face, windows[:2]), atol=1e-4)
    assert not any("norm" in name for name in whole.state_dict())


def test_what_was_interrupted_goes_on_as_if_it_had_not_been(lessons: list[Lesson], tmp_path: Path) -> None:
    whole = Pupil(4)
    whole.learn(lessons[0], 0.0)
    kept.keep(tmp_path, whole, {"steps": whole.steps})
    later = Pupil(4)
    assert kept.resume(tmp_path, later) == {"steps": 1}
    assert later.learn(lessons[1], 0.1) == whole.learn(lessons[1], 0.1)
    for one, other in zip(later.lips.parameters(), whole.lips.parameters(), strict=True):
        assert torch.equal(one, other)


def test_nothing_to_go_on_with_is_said(tmp_path: Path) -> None:
    with pytest.raises(NetError, match="there is no such file"):
        kept.resume(tmp_path, Pupil(1))


def test_weights_to_begin_with_are_taken_over(lessons: list[Lesson], tmp_path: Path) -> None:
    first = Pupil(6)
    first.learn(lessons[0], 0.0)
    path = kept.ship(tmp_path, first.folded())
    second = Pupil(7)
    second.begin_with(path)
    face, windows = lessons[0].reference[:1], lessons[0].windows
    assert windows is not None
    made = folded(second.lips)(face, windows[:1])
    assert torch.allclose(made, first.folded()(face, windows[:1]), atol=5e-3)  # float16 on the way


def test_a_training_ends_in_time_and_ships_the_best(
    lessons: list[Lesson], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer, "LOOKS", (0.3, 0.6))
    seen: list[Now] = []
    exam = Counting()
    course = Trainer(tmp_path, Same(lessons), Pupil(8), exam, Budget(60, steps=3), seen.append)
    course.train()
    assert [now.steps for now in seen] == [1, 2, 3]
    assert [now.done for now in seen] == pytest.approx([0, 1 / 3, 2 / 3])
    assert exam.looks == 3
    assert course.best == {"mouth_psnr": 12.0, "openness_correlation": 0.5, "steps": 2}
    assert load(tmp_path / kept.WEIGHTS).name == "small"
    again = Trainer(tmp_path, Same(lessons), Pupil(8), exam, Budget(60, steps=3))
    again.resume()
    assert again.best == course.best


@pytest.mark.parametrize(
    ("budget", "seconds", "steps", "done"),
    [(Budget(1), 30, 99, 0.5), (Budget(1), 60, 0, 1), (Budget(1, 10), 59, 5, 0.5), (Budget(1, 10), 60, 5, 1)],
)
def test_time_ends_a_training_and_steps_may_end_it_before(
    budget: Budget, seconds: float, steps: int, done: float
) -> None:
    assert budget.done(seconds, steps) == done
