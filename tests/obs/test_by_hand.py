"""What is put right, what is left as somebody made it, what was refused, and what is fought over."""

from __future__ import annotations

from host_engine.obs.aspects import Aspect, Request
from host_engine.obs.by_hand import AGAIN, AWAY, BEGINNING, FIRST, TIMES, TOLD, TRIES, ByHand
from host_engine.obs.diff import RUNNING

DO = (Request("SetCurrentProgramScene", {}),)
GOOD = Aspect("program", "studio")
BAD = Aspect("program", "studio", "OBS shows another scene.", DO)
STOPPED = Aspect(RUNNING, "there", "OBS does not stream.", DO)


def test_enforced_is_put_right_each_time() -> None:
    by_hand = ByHand()
    assert by_hand.sort([GOOD], "enforce", 0).due == []
    assert by_hand.sort([BAD], "enforce", 1).due == [BAD]


def test_followed_is_left_alone_until_the_scene_changes() -> None:
    by_hand = ByHand()
    assert by_hand.sort([BAD], "follow", 0).due == [BAD]  # it never was so: nobody has changed it
    by_hand.sort([GOOD], "follow", 1)
    found = by_hand.sort([BAD], "follow", 2)
    assert (found.due, found.drift) == ([], ["OBS shows another scene."])
    other = Aspect("program", "flash", "OBS shows another scene.", DO)
    assert by_hand.sort([other], "follow", 3).due == [other]  # something else is wanted now
    by_hand.another_scene()
    assert by_hand.sort([BAD], "follow", 4).due == [BAD]


def test_everything_may_be_put_right_by_order() -> None:
    by_hand = ByHand()
    by_hand.sort([GOOD], "follow", 0)
    by_hand.all_anew()
    assert by_hand.sort([BAD], "follow", 1).due == [BAD]


def test_what_is_refused_is_tried_again_later_and_later() -> None:
    by_hand, now = ByHand(), 0.0
    told = []
    for length in (FIRST, 2 * FIRST, 4 * FIRST, 8 * FIRST):
        assert by_hand.sort([BAD], "enforce", now).due == [BAD]
        told.append(by_hand.refused(BAD, "no (code 600)", now))
        found = by_hand.sort([BAD], "enforce", now + length - 0.01)
        assert found.due == []
        said = ["OBS shows another scene. OBS refuses to change that: no (code 600)."]
        assert found.refused == (said if length >= TOLD else [])  # OBS may just be clearing something away
        now += length
    assert told == [False, False, True, False]
    by_hand.sort([GOOD], "enforce", now)
    assert by_hand.soonest() is None


def test_what_cannot_be_done_is_said() -> None:
    assert ByHand().sort([Aspect("scene/x", 1, "There is a source of that name.")], "enforce", 0).refused


def test_what_is_changed_again_and_again_is_left_alone_for_a_while() -> None:
    by_hand, now = ByHand(), 0.0
    for _ in range(TIMES):
        by_hand.sort([GOOD], "enforce", now)
        assert by_hand.sort([BAD], "enforce", now).due == [BAD]
        by_hand.put_right(BAD, now)
        now += 0.5
    found = by_hand.sort([BAD], "enforce", now)
    assert found.due == []
    assert "somebody or something changes it again and again" in found.contested[0]
    by_hand.sort([GOOD], "enforce", now + 1)
    assert by_hand.sort([BAD], "enforce", now + 2).contested
    assert by_hand.sort([BAD], "enforce", now + AWAY).due == [BAD]
    by_hand.another_scene()
    assert by_hand.sort([BAD], "enforce", now + 3).due == [BAD]


def test_scenes_that_follow_each_other_quickly_are_no_fight() -> None:
    by_hand = ByHand()
    for n in range(3 * TIMES):
        by_hand.another_scene()
        wanted = Aspect("program", str(n), "OBS shows another scene.", DO)
        assert by_hand.sort([wanted], "enforce", n / 10).due == [wanted]
        by_hand.put_right(wanted, n / 10)
        by_hand.sort([Aspect("program", str(n))], "enforce", n / 10)


def test_a_stream_is_begun_again_until_it_runs() -> None:
    by_hand, now = ByHand(), 0.0
    for n in range(6):
        found = by_hand.sort([STOPPED], "enforce", now)
        assert found.due == [STOPPED]
        assert bool(found.stream) == (n >= TRIES)
        by_hand.put_right(STOPPED, now)
        by_hand.stream_begins(now)
        assert not by_hand.sort([STOPPED], "enforce", now + BEGINNING - 1).due  # it may just be about to begin
        by_hand.stream_ended(now + 0.1, False)
        assert not by_hand.sort([STOPPED], "enforce", now + 0.1).due
        now += 0.1 + AGAIN
    by_hand.stream_began()
    by_hand.sort([Aspect(RUNNING, "there")], "enforce", now)
    assert not by_hand.sort([STOPPED], "enforce", now + 1).stream


def test_a_stream_that_somebody_stopped_stays_so_where_that_is_respected_and_one_that_failed_does_not() -> None:
    by_hand = ByHand()
    by_hand.sort([Aspect(RUNNING, "there")], "follow", 0)
    by_hand.another_scene()
    assert by_hand.sort([STOPPED], "follow", 1).drift == ["OBS does not stream."]
    by_hand.stream_ended(2, False)
    assert by_hand.sort([STOPPED], "follow", 2 + AGAIN).due == [STOPPED]
