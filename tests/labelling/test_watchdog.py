"""The watchdog: alarms for what was seen twice, none for what was seen once, and nothing but pictures as evidence."""

from __future__ import annotations

import numpy as np
from labelled import LOOK, SIZE, expected, ground, i420, labelled

from host_engine.alarms import Alarms
from host_engine.labelling.finding import Expected
from host_engine.labelling.remedy import Step
from host_engine.labelling.watchdog import Watchdog

WITH, WITHOUT = i420(labelled()), i420(ground())
BLACK = i420(np.zeros((SIZE[1], SIZE[0], 3), np.uint8))


class Watched:
    """A watchdog, looking every other second."""

    def __init__(self, *looks: Expected) -> None:
        self.alarms, self.at = Alarms(), 0.0
        self.expected: list[Expected] | None = list(looks or [expected()])
        self.dog = Watchdog(self.alarms, lambda of, n: self.expected, lambda: self.at)

    def looks(self, *pictures: object, of: str = "programme", muted: bool = False) -> list[str]:
        for picture in pictures:
            self.at += 2
            self.dog.look(picture, of, muted=muted)  # type: ignore[arg-type]
        return [alarm.name for alarm in self.alarms.raised]


def test_an_alarm_comes_at_the_second_look_and_says_what_is_wrong() -> None:
    watched = Watched()
    assert watched.looks(WITH, WITHOUT, WITH, WITHOUT) == []
    assert watched.looks(WITHOUT) == ["programme/label"]
    (alarm,) = watched.alarms.raised
    assert "'AI host' is not there (scene studio)" in alarm.text
    assert "forced" in alarm.text
    assert watched.dog.remedy.step == Step.IN_PLACE


def test_an_alarm_lasts_until_the_label_is_there_by_itself() -> None:
    watched = Watched()
    watched.looks(WITHOUT, WITHOUT)
    beneath = [False]
    for _ in range(5):
        watched.at += 2
        watched.dog.look(WITH, beneath=lambda: beneath[0])
    assert watched.alarms.raised
    assert watched.dog.remedy.step == Step.IN_PLACE
    beneath[0] = True
    for _ in range(5):
        watched.at += 2
        watched.dog.look(WITH, beneath=lambda: beneath[0])
    assert not watched.alarms.raised
    assert watched.dog.remedy.step == Step.NONE


def test_nothing_is_said_where_no_label_can_be_expected() -> None:
    watched = Watched()
    watched.expected = None
    assert watched.looks(*[WITHOUT] * 5) == []
    assert watched.dog.look(WITHOUT) is None


def test_a_black_picture_is_a_fault_unless_nobody_is_heard() -> None:
    assert Watched().looks(BLACK, BLACK, BLACK) == ["programme/label"]
    assert Watched().looks(BLACK, BLACK, BLACK, muted=True) == []


def test_pictures_of_another_kind_have_an_alarm_of_their_own() -> None:
    watched = Watched()
    watched.looks(WITH, WITH)
    assert watched.looks(WITHOUT, WITHOUT, of="obs") == ["obs/label"]
    watched.dog.rest("obs")
    assert watched.alarms.raised == ()
    assert watched.dog.remedy.step == Step.NONE


def test_what_cannot_be_looked_at_is_an_alarm_too() -> None:
    watched = Watched()
    watched.dog.unseen("programme", "nothing can be decoded")
    assert [each.name for each in watched.alarms.raised] == ["programme/label-unseen"]
    watched.dog.unseen("programme", None)
    assert not watched.alarms.raised


def test_the_status_says_what_was_seen_and_when() -> None:
    watched = Watched()
    watched.looks(WITH)
    watched.at += 1
    (told,) = watched.dog.status()["pictures"]
    assert told["labelled"] is True
    assert (told["words"], told["seen_s_ago"]) == (LOOK.words, 1.0)
    assert told["likeness"] > 0.95
    assert told["contrast"] > 10
