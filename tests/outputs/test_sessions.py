"""The sessions of a target: the second address, planned ends at the end of a line, servers that refuse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from flashes import SMALL, encoded
from until import until

from host_engine.outputs import pauses, sessions
from host_engine.outputs.borders import Borders
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.pauses import Pauses
from host_engine.outputs.refusal import Refused, Rejected
from host_engine.outputs.sessions import Sessions
from host_engine.outputs.source import Source

UNITS = encoded(range(3))


class Address:
    """A publisher whose server does what `does` says: None, or what its sessions end with at once."""

    lead, apart = (0, 0), 0

    def __init__(self, does: Exception | None = None) -> None:
        self.does, self.answers = does, False
        self.state = "waiting"
        self.error: str | None = None
        self.last_error: str | None = None
        self.sessions = self.dropped = self.unsent = self.tries = self.held = self.asked = self.left = 0
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        self.tries += 1
        self.state = "connecting"
        try:
            if self.does:
                self.error = self.last_error = str(self.does)
                raise self.does
            self.state, self.error = "live", None
            self.sessions += 1
            await asyncio.shield(self.lost)
        except asyncio.CancelledError:
            self.left += 1
            raise
        finally:
            self.state = "waiting"

    def lose(self) -> None:
        self.lost.set_exception(ConnectionError("it went away"))
        self.lost = asyncio.get_running_loop().create_future()

    async def reachable(self) -> bool:
        self.asked += 1
        return self.answers

    async def hold(self) -> None:
        self.held += 1

    def report(self) -> dict[str, Any]:
        return {"reconnects": 99, "bytes": 10, "last_error": self.last_error}


class Stage:
    """A target with its addresses, on air."""

    def __init__(self, *addresses: Address, rotate: float | None = None) -> None:
        self.fanout, self.borders = Fanout(), Borders()
        self.fanout.send(UNITS[0])
        self.troubles: list[str | None] = []
        source = Source(self.fanout, lambda: None, SMALL, 500)
        self.sessions = Sessions("tube", addresses, source, self.borders, rotate=rotate, trouble=self.troubles.append)

    @asynccontextmanager
    async def on_air(self) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.ensure_future(self.sessions.run())
        try:
            yield task
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError, ConnectionError, Refused):
                await task

    def line_ends(self) -> None:
        """A line ends with the frame that is sent now."""
        self.fanout.send(UNITS[0]._replace(n=self.fanout.n + 1))
        self.borders.ended(self.fanout.n + 1)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "GLANCE", 0.005)
    monkeypatch.setattr(sessions, "LOOK", 0.005)
    monkeypatch.setattr(sessions, "ASK", (0.02, 0.16))
    monkeypatch.setattr(pauses, "OFTEN", 0.01)


async def settled(condition: Callable[[], object]) -> None:
    """That it does not happen: the loop turns often enough that it could have."""
    for _ in range(60):
        await asyncio.sleep(0.002)
        assert not condition()


async def test_a_session_ends_at_the_end_of_a_line_and_the_next_one_begins() -> None:
    address = Address()
    stage = Stage(address, rotate=0.03)
    stage.line_ends()  # before it is time
    stage.fanout.send(UNITS[0]._replace(n=stage.fanout.n + 1))
    async with stage.on_air():
        await until(lambda: address.sessions == 1)
        await settled(lambda: address.sessions > 1)
        stage.line_ends()
        await until(lambda: address.sessions == 2)
        assert (address.held, address.left, stage.sessions.rotations) == (1, 1, 1)
        assert stage.sessions.report() == {"reconnects": 0, "bytes": 10, "last_error": None, "rotations": 1}
    assert address.left == 2


async def test_in_a_delayed_stream_the_end_of_the_line_is_waited_for() -> None:
    address = Address()
    stage = Stage(address, rotate=0.03)
    async with stage.on_air():
        await until(lambda: address.sessions == 1)
        stage.borders.ended(stage.fanout.n + 50)  # a line has ended in the programme, two seconds ahead of this stream
        await settled(lambda: address.sessions > 1)
        stage.fanout.send(UNITS[0]._replace(n=stage.fanout.n + 49))
        await until(lambda: address.sessions == 2)


async def test_without_an_end_of_a_line_a_session_ends_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "LATEST", 0.05)
    address = Address()
    async with Stage(address, rotate=0.01).on_air():
        await until(lambda: address.sessions >= 2)


async def test_the_second_address_is_used_while_the_first_one_is_gone() -> None:
    first, second = Address(ConnectionError("nobody listens at one:1935")), Address()
    stage = Stage(first, second)
    async with stage.on_air() as task:
        await until(lambda: stage.sessions.state == "live" and first.asked >= 2)
        assert "nobody listens at one:1935" in str(stage.sessions.error)
        assert stage.sessions.report()["address"] == "second"
        assert stage.troubles[-1] == stage.sessions.error
        first.does, first.answers = None, True
        asked = first.asked
        await until(lambda: first.asked > asked)
        await settled(lambda: first.sessions)  # not in the middle of a line
        stage.line_ends()
        await until(lambda: first.state == "live")
        assert (first.held, second.left, second.state) == (1, 1, "waiting")
        assert (stage.sessions.error, stage.sessions.report()["address"]) == (None, "first")
        assert stage.troubles[-1] is None
        assert not task.done()


async def test_an_address_that_answers_and_takes_nothing_is_asked_less_and_less(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = Address(ConnectionError("no")), Address()
    first.answers = True
    stage = Stage(first, second)
    async with stage.on_air():
        loop, began = asyncio.get_running_loop(), list[float]()
        for tries in (1, 2, 3, 4):
            while first.tries < tries + 1:
                stage.line_ends()
                await asyncio.sleep(0.005)
            began.append(loop.time())
        assert began[3] - began[2] > 0.12  # 0.02, 0.04, 0.08, then 0.16


async def test_a_lost_session_is_tried_again_at_the_first_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "SHORT", 0.0)
    first, second = Address(), Address()
    async with Stage(first, second).on_air():
        await until(lambda: first.state == "live")
        first.lose()
        await until(lambda: first.sessions == 2)
        assert second.tries == 0


async def test_where_neither_will_have_us_the_first_ones_words_are_told() -> None:
    stage = Stage(Address(ConnectionError("one is gone")), Address(Refused("two is no address")))
    with pytest.raises(ConnectionError, match="one is gone"):
        await stage.sessions.run()
    assert (stage.sessions.state, stage.troubles[-1]) == ("waiting", None)


async def test_a_server_that_refuses_is_asked_again_and_stays_refused_until_then() -> None:
    address = Address(Rejected("the key is wrong"))
    stage = Stage(address)
    async with stage.on_air() as task:
        await until(lambda: address.tries >= 4)
        assert (stage.sessions.state, stage.sessions.error) == ("refused", "the key is wrong")
        address.does = None
        await until(lambda: stage.sessions.state == "live")
        assert (stage.sessions.error, task.done()) == (None, False)
        await until(lambda: stage.sessions._rejected is None)


async def test_what_is_no_address_is_given_up() -> None:
    stage = Stage(Address(Refused("no host")))
    with pytest.raises(Refused, match="no host"):
        await stage.sessions.run()


async def test_nobody_is_called_before_there_is_something_to_send() -> None:
    address = Address()
    stage = Stage(address)
    stage.fanout.n = -1
    async with stage.on_air():
        await settled(lambda: address.tries)
        stage.fanout.send(UNITS[0])
        await until(lambda: address.sessions == 1)


def test_a_server_that_refuses_is_pestered_less_and_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pauses, "OFTEN", 3.0)
    waits = Pauses()
    seconds = [waits.next() for _ in range(46)]
    assert seconds == [3.0] * 40 + [30.0, 60.0, 120.0, 240.0, 300.0, 300.0]
