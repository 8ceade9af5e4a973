"""Whether the engine's picture is alive in OBS, and when the feed is opened anew."""

from __future__ import annotations

from itertools import pairwise

import pytest

from host_engine.frame_code import COUNT
from host_engine.obs.alive import Life, Look, Revival

FPS = 25


def seen(*looks: tuple[float, int, int | None]) -> Life:
    life = Life(FPS)
    for each in looks:
        life.see(Look(*each))
    return life


def test_numbers_that_go_on_are_life() -> None:
    life = seen((0, 1000, 995), (4, 1100, 1095))
    assert (life.state, life.sentence) == ("alive", None)
    assert life.behind == pytest.approx(0.2)


def test_one_bad_look_is_no_trouble_and_two_are() -> None:
    life = seen((0, 1000, 995), (4, 1100, None))
    assert life.state == "alive"
    assert life.see(Look(8, 1200, None)) == "nothing"
    assert life.sentence == "OBS shows nothing of the engine"
    assert life.see(Look(12, 1300, 1290)) == "alive"


def test_a_picture_that_stays_is_frozen_although_it_can_be_read() -> None:
    assert seen((0, 1000, 995), (4, 1100, 995), (8, 1200, 995)).state == "frozen"


def test_a_picture_of_an_earlier_run_is_no_life() -> None:
    assert seen((0, 100, 90_000), (4, 200, 90_100), (8, 300, 90_200)).state == "frozen"


def test_a_picture_that_comes_late_is_told_with_by_how_much() -> None:
    life = seen((0, 1000, 900), (4, 1100, 1000), (8, 1200, 1100))
    assert life.state == "late"
    assert life.sentence == "OBS shows the engine's picture 4.0 s late"


def test_numbers_that_begin_again_are_no_trouble() -> None:
    assert seen((0, COUNT - 1, COUNT - 6), (4, COUNT + 99, 94)).state == "alive"


def test_what_was_forgotten_is_unknown() -> None:
    life = seen((0, 1000, None), (4, 1100, None))
    life.forget()
    assert (life.state, life.sentence) == ("unknown", None)


def test_a_dead_feed_is_opened_anew_soon_and_then_less_and_less_often() -> None:
    revival = Revival()
    due = [at for at in range(300) if revival.due("nothing", float(at), sending=True)]
    assert due[0] == Revival.SOON
    pauses = [later - sooner for sooner, later in pairwise(due)]
    assert pauses == [10, 20, 40, 60, 60, 60]
    assert revival.times == len(due)


def test_nothing_is_opened_anew_while_the_engine_sends_nothing() -> None:
    revival = Revival()
    assert not any(revival.due("nothing", float(at), sending=False) for at in range(100))
    assert not revival.due("nothing", 100.0, sending=True)
    assert revival.due("nothing", 104.0, sending=True)


def test_a_feed_that_was_well_again_begins_anew() -> None:
    revival = Revival()
    assert [at for at in range(20) if revival.due("frozen", float(at), sending=True)] == [4, 14]
    assert not revival.due("alive", 20.0, sending=True)
    later = [at for at in range(21, 80) if revival.due("frozen", float(at), sending=True)]
    assert later[:2] == [34, 44]
