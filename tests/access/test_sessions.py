"""Cookies of browsers: over with their time, with a log-out, and never more than a few for one token."""

from __future__ import annotations

from host_engine.access.sessions import MOST, Sessions


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_session_ends_with_its_time() -> None:
    clock = Clock()
    sessions = Sessions(1.0, clock)
    cookie = sessions.begin("t")
    clock.now += 3599
    found = sessions.find(cookie)
    assert found
    assert found.token == "t"
    clock.now += 1
    assert sessions.find(cookie) is None
    sessions.begin("t")
    assert len(sessions) == 1


def test_a_cookie_that_was_logged_out_cannot_be_replayed() -> None:
    sessions = Sessions()
    cookie, other = sessions.begin("t"), sessions.begin("t")
    sessions.end(cookie)
    sessions.end("never was")
    assert sessions.find(cookie) is None
    assert sessions.find(other)
    assert sessions.find("") is None


def test_who_logs_in_again_and_again_loses_the_oldest() -> None:
    sessions = Sessions()
    other = sessions.begin("other")
    cookies = [sessions.begin("t") for _ in range(MOST + 3)]
    assert [sessions.find(each) is not None for each in cookies] == [False] * 3 + [True] * MOST
    assert sessions.find(other)
    assert len(sessions) == MOST + 1
