"""A consent that ends takes the presenter off the air within two seconds, and lets her back when it is back."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Executor, Future
from datetime import datetime, timedelta
from typing import Any

from virtual import run

from host_engine.alarms import Alarms
from host_engine.avatars.consent import Consent, Scope
from host_engine.host.deadline import DaemonThreads
from host_engine.host.footage_consent import ALARM, ConsentWatch


class AtOnce(Executor):
    """Does the work where it is asked for, so that virtual time does not run on meanwhile."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


class Show:
    """A channel of which only the consent is looked at; `seen` is when the presenter went and came, in seconds."""

    def __init__(self, ask: Any, threads: Executor | None = None) -> None:
        self.alarms, self.told = Alarms(), list[str]()
        self.seen: list[tuple[float, str | None]] = []
        self.watch = ConsentWatch(ask, self.changed, threads or AtOnce(), "the drawn host", self.alarms.check)
        self.watch.told = self.told.append

    def changed(self, refused: str | None) -> None:
        self.seen.append((asyncio.get_running_loop().time(), refused))

    async def go(self, seconds: float) -> None:
        job = asyncio.create_task(self.watch.run())
        await asyncio.sleep(seconds)
        assert not job.done(), job.exception()
        job.cancel()


def consent(**changes: Any) -> Consent:
    scope = Scope(channels="any", brands="any", languages="any", uses=["live"])
    whole = {"kind": "own-artwork", "person": "Mira", "given": "2026-01-01", "expires": "2026-11-22", "contact": "a@b"}
    return Consent.model_validate({**whole, "scope": scope, **changes})


def test_at_the_end_of_its_last_day_and_back_when_it_is_renewed() -> None:
    midnight, now = 600.0, datetime(2026, 11, 22, 23, 50)
    held = [consent()]

    async def main() -> Show:
        loop = asyncio.get_running_loop()
        show = Show(lambda: held[0].refused(now + timedelta(seconds=loop.time())))
        loop.call_later(1000.3, lambda: held.__setitem__(0, consent(expires="2027-11-22")))
        await show.go(1200)
        return show

    show = run(main())
    (gone, why), (back, none) = show.seen
    assert midnight <= gone <= midnight + 2
    assert why
    assert "expired after 2026-11-22" in why
    assert 1000.3 <= back <= 1002.3
    assert none is None
    assert show.alarms.raised == ()
    assert show.told == [
        f"the presenter is not shown, the drawn host is: {why}",
        "the presenter may be shown again",
    ]


def test_a_revocation_counts_within_two_seconds_and_the_alarm_stays() -> None:
    held = [consent(expires="2030-01-01")]

    async def main() -> Show:
        show = Show(lambda: held[0].refused(datetime(2026, 11, 22, 12)))
        revoked = consent(expires="2030-01-01", revoked="2026-11-22")
        asyncio.get_running_loop().call_later(10.5, lambda: held.__setitem__(0, revoked))
        await show.go(3600)
        return show

    show = run(main())
    ((gone, why),) = show.seen
    assert 10.5 <= gone <= 12.5
    (alarm,) = show.alarms.raised
    assert alarm.name == ALARM
    assert why
    assert why in alarm.text
    assert len(show.told) == 1


def test_what_cannot_be_looked_at_is_a_no() -> None:
    calls = iter(range(10**6))

    def ask() -> str | None:
        if 3 <= next(calls) < 6:
            raise OSError("input/output error")
        return None

    async def main() -> Show:
        show = Show(ask)
        await show.go(20)
        return show

    show = run(main())
    assert [refused is None for _, refused in show.seen] == [False, True]
    assert "input/output error" in show.told[0]


def test_a_disk_that_hangs_holds_nothing_up_and_is_a_no_in_the_end() -> None:
    let_go, ticks = threading.Event(), list[float]()

    def ask() -> str | None:
        let_go.wait(30)
        return None

    async def main() -> Show:
        show = Show(ask, DaemonThreads(1, "consent"))

        async def tick() -> None:
            while True:
                ticks.append(asyncio.get_running_loop().time())
                await asyncio.sleep(0.04)

        ticking = asyncio.create_task(tick())
        await show.go(11)
        ticking.cancel()
        return show

    show = run(main())
    let_go.set()
    assert len(ticks) > 250
    ((at, refused),) = show.seen
    assert 9.99 <= at <= 11
    assert refused == "the consent could not be read within 10 s"
