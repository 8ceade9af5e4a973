"""What may come from one address: so many requests a second, and so many connections at once."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from host_engine.control.pace import Pace

UNKNOWN = "unknown"
PATIENCE = 0.5  # seconds that a refusal takes: who sends one request after another gets no more than two a second
TOO_MANY = "Too many connections from your address. Please close some, or wait a moment."


class Doors:
    """Counts what each address does. An IPv6 network of 64 bits is one address: one household has it all.

    requests: a second and address; three times as many at once after a pause: a page is some 30 of them. 0 is no
    limit, of connections too.
    proxies: addresses whose X-Forwarded-For is believed; by default nobody's is, because anyone can write one.
    """

    def __init__(self, requests: float = 0, connections: int = 0, proxies: Sequence[str] = ()) -> None:
        self._proxies = [ipaddress.ip_network(each, strict=False) for each in proxies]
        self._pace = Pace(requests, 3 * requests)
        self._most = connections
        self._inside: Counter[str] = Counter()
        self.shut = False
        self.closing: Callable[[], object] = lambda: None  # told when they are closed, from whichever thread does it
        self.refused: Counter[str] = Counter()  # "requests", "connections", "heads"
        self.told: Callable[[str, str], None] = lambda address, sentence: None  # of requests that are none

    def enter(self, host: str) -> bool:
        """Whether one more connection of a host is let in; then `leave` is to be called at its end."""
        if self.is_proxy(host):
            return True
        key = address(host)
        if self._most and self._inside[key] >= self._most:
            self.refused["connections"] += 1
            return False
        self._inside[key] += 1
        return True

    def close(self) -> None:
        """Nothing more is read of anybody: a channel that ends must not first answer all who still ask. From any
        thread."""
        self.shut = True
        self.closing()

    def leave(self, host: str) -> None:
        """A connection that was let in is over."""
        key = address(host)
        self._inside[key] -= 1
        if self._inside[key] <= 0:
            del self._inside[key]

    def wait(self, who: str) -> float:
        """0.0 where an address may ask for something now, else seconds until it may."""
        wait = self._pace.take(who)
        if wait:
            self.refused["requests"] += 1
        return wait

    def no_request(self, host: str, sentence: str) -> None:
        """What came from a host is no request that can be read."""
        self.refused["heads"] += 1
        self.told(address(host), sentence)

    def is_proxy(self, host: str) -> bool:
        if not self._proxies:
            return False
        try:
            at = ipaddress.ip_address(host)
        except ValueError:
            return False
        return any(at in each for each in self._proxies)

    def who(self, scope: Scope) -> str:
        """The address that a request comes from: that of its connection, or, through a proxy, the one it names."""
        host = (scope.get("client") or (UNKNOWN,))[0]
        if not self.is_proxy(host):
            return address(host)
        named = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
        hops = [each.strip() for value in named for each in value.split(",")]
        return address(next((each for each in reversed(hops) if not self.is_proxy(each)), host))

    def status(self) -> Mapping[str, object]:
        return {"addresses": len(self._inside), "refused": dict(self.refused)}


class PerAddress:
    """Answers 429 with a sentence to an address that asks too often, before anything else looks at the request."""

    def __init__(self, app: ASGIApp, doors: Doors) -> None:
        self._app, self._doors = app, doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        who = self._doors.who(scope)
        wait = self._doors.wait(who)
        if not wait:
            scope["address"] = who
            return await self._app(scope, receive, send)
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1013})
        await asyncio.sleep(PATIENCE)  # or a refusal would cost as much as an answer, and come as often
        seconds = math.ceil(wait)
        detail = f"Your address asks more often than this channel can answer. Please wait {seconds} s."
        head, body = problem(429, detail)
        headers = [*head, (b"retry-after", str(seconds).encode())]
        await send({"type": "http.response.start", "status": 429, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def refusal(detail: str = TOO_MANY, status: int = 429) -> bytes:
    """A whole HTTP answer for a connection that is not let in."""
    head, body = problem(status, detail)
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in head)
    first = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
    return first + b"connection: close\r\n" + lines + b"\r\n" + body


def problem(status: int, detail: str) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Headers and body of an answer in problem+json (RFC 9457)."""
    body = json.dumps({"type": "about:blank", "status": status, "detail": detail}).encode()
    length = (b"content-length", str(len(body)).encode())
    return [(b"content-type", b"application/problem+json"), length], body


def address(host: str) -> str:
    """What counts as one address: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        at = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host[:64] or UNKNOWN
    if isinstance(at, ipaddress.IPv4Address):
        return str(at)
    if at.ipv4_mapped:
        return str(at.ipv4_mapped)
    return str(ipaddress.IPv6Network((at, 64), strict=False))
