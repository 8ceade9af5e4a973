"""What may come from one address: requests a second, connections at once, through a proxy or not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from until import until

from host_engine.control.doors import Doors, PerAddress, address
from host_engine.control.pace import Pace
from host_engine.control.server import listen, serve_on


class Watch:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def hello(scope, receive, send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"hi"})


@asynccontextmanager
async def served(doors: Doors) -> AsyncIterator[int]:
    with listen("127.0.0.1", 0) as sock:
        serving = asyncio.create_task(serve_on(sock, PerAddress(hello, doors), doors))
        yield sock.getsockname()[1]
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving


def test_each_key_has_its_own_pace() -> None:
    watch = Watch()
    pace = Pace(2, 3, clock=watch)
    assert [pace.take("a") for _ in range(3)] == [0, 0, 0]
    assert pace.take("a") == pytest.approx(0.5)
    assert pace.take("b") == 0
    watch.now = 0.5
    assert (pace.take("a"), pace.take("a")) == (0, pytest.approx(0.5))
    watch.now = 100.0
    assert [bool(pace.take("a")) for _ in range(4)] == [False, False, False, True]


def test_no_number_of_addresses_fills_the_memory() -> None:
    pace = Pace(1, 1, most=10, clock=Watch())
    for n in range(1000):
        pace.take(n)
    assert pace.take(999) > 0
    assert len(pace._credit) == 10
    assert not any(Pace(0, 0).take("a") for _ in range(100))


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("not an address" * 20, ("not an address" * 20)[:64]),
    ],
)
def test_a_household_is_one_address(host: str, key: str) -> None:
    assert address(host) == key


@pytest.mark.parametrize(
    ("proxies", "client", "forwarded", "who"),
    [
        ((), "10.0.0.1", "192.0.2.9", "10.0.0.1"),  # nobody is believed by default
        (("10.0.0.0/8",), "10.0.0.1", "192.0.2.9", "192.0.2.9"),
        (("10.0.0.0/8",), "10.0.0.1", "6.6.6.6, 192.0.2.9, 10.0.0.2", "192.0.2.9"),  # what a viewer made up is first
        (("10.0.0.0/8",), "192.0.2.1", "6.6.6.6", "192.0.2.1"),
        (("10.0.0.0/8",), "10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_only_proxies_that_are_named_are_believed(proxies, client: str, forwarded: str, who: str) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    assert Doors(proxies=proxies).who({"client": (client, 1), "headers": headers}) == who


async def test_who_asks_too_often_gets_a_sentence_and_a_time_to_wait() -> None:
    doors = Doors(requests=0.01)
    async with served(doors) as port, httpx.AsyncClient() as http:
        first = await http.get(f"http://127.0.0.1:{port}/")
        second = await http.get(f"http://127.0.0.1:{port}/")
    assert (first.status_code, second.status_code) == (200, 429)
    assert "asks more often" in second.json()["detail"]
    assert int(second.headers["Retry-After"]) > 1
    assert doors.status()["refused"] == {"requests": 1}


async def test_one_connection_too_many_is_told_and_closed() -> None:
    doors = Doors(connections=2)
    async with served(doors) as port:
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        await until(lambda: doors.status()["addresses"] == 1 and doors._inside["127.0.0.1"] == 2)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        async with asyncio.timeout(10):
            said = await reader.read()
        assert b"429 Too Many Requests" in said
        assert b"Too many connections from your address" in said
        writer.close()
        held[0][1].close()
        await until(lambda: doors._inside["127.0.0.1"] == 1)
        async with httpx.AsyncClient() as http:
            assert (await http.get(f"http://127.0.0.1:{port}/")).text == "hi"
        held[1][1].close()
    await until(lambda: not doors._inside)


async def test_nobody_can_borrow_another_address() -> None:
    doors = Doors(requests=0.01)
    async with served(doors) as port, httpx.AsyncClient() as http:
        answers = [
            await http.get(f"http://127.0.0.1:{port}/", headers={"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(2)
        ]
    assert [each.status_code for each in answers] == [200, 429]
