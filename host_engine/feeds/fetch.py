"""Fetches over http and https: bounded in size, time and redirects, and never from an address that is not public."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import BinaryIO, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from host_engine.feeds.addresses import LookUp, is_public, look_up

PATIENCE = 10.0  # seconds without a byte
MOST_REDIRECTS = 5
PIECE = 1 << 16
_AGENT = "host-engine catalog import"


class FetchError(Exception):
    """It cannot be had; the sentence says why."""


class Page(NamedTuple):
    """What was fetched: where it lay in the end, of what kind it says to be, and how long it is."""

    address: str
    kind: str
    size: int


class Fetcher:
    """Each address is looked up once and checked, and the connection goes to what was checked, so that no name that
    answers differently the second time leads elsewhere. Redirects are checked like the first address. Thread-safe.
    """

    def __init__(
        self,
        private: bool = False,
        look_up: LookUp = look_up,
        permitted: Callable[[str], bool] = is_public,
    ) -> None:
        """`private`: machines of the own network may be reached, for a shop on an intranet."""
        self._look_up = look_up
        self._permitted = (lambda address: True) if private else permitted
        self.trust = ssl.create_default_context()

    def fetch(self, address: str, into: BinaryIO, largest: int, seconds: float) -> Page:
        """Write what lies there to `into`: at most `largest` bytes, in at most `seconds`. Raises FetchError."""
        ends = time.monotonic() + seconds
        seen = address
        for _ in range(MOST_REDIRECTS + 1):
            try:
                with closing(self._connected(seen, ends)) as connection, _until(ends, connection):
                    if isinstance(connection.sock, ssl.SSLSocket):
                        connection.sock.do_handshake()
                    answer = _asked(connection, seen)
                    if answer.status in (301, 302, 303, 307, 308) and (there := answer.getheader("Location")):
                        seen = urljoin(seen, there.strip())
                        continue
                    return _read(answer, seen, into, largest, ends)
            except FetchError:
                raise
            except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
                if time.monotonic() >= ends:
                    raise FetchError(f"it took more than {seconds:.0f} s") from None
                raise FetchError(_reason(error)) from None
        raise FetchError(f"it redirects more than {MOST_REDIRECTS} times")

    def _connected(self, address: str, ends: float) -> http.client.HTTPConnection:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https"):
            raise FetchError(f"only http and https are fetched, not '{parts.scheme[:20]}'")
        if not parts.hostname or parts.username or parts.password:
            raise FetchError("the address names no host, or holds a password")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        there = self._checked(parts.hostname, port)
        left = ends - time.monotonic()
        if left <= 0:
            raise FetchError("its time is over")
        raw = socket.create_connection((there, port), timeout=min(PATIENCE, left))
        connection = http.client.HTTPConnection(parts.hostname, port, timeout=PATIENCE)
        try:
            raw.settimeout(PATIENCE)
            connection.sock = raw
            if parts.scheme == "https":
                tls = self.trust.wrap_socket(raw, server_hostname=parts.hostname, do_handshake_on_connect=False)
                connection.sock, connection.default_port = tls, 443
        except BaseException:
            raw.close()
            raise
        return connection

    def _checked(self, host: str, port: int) -> str:
        """The address to connect to; every address that the name has must be one that may be reached."""
        try:
            found = self._look_up(host, port)
        except (OSError, UnicodeError):
            raise FetchError(f"there is no host '{host[:80]}'") from None
        if not found:
            raise FetchError(f"there is no host '{host[:80]}'")
        for each in found:
            if not self._permitted(each):
                raise FetchError(f"'{host[:80]}' leads to {each}, which is no address of the public internet")
        return found[0]


class _until:
    """Breaks a connection off when its time is over, however slowly it sends."""

    def __init__(self, ends: float, connection: http.client.HTTPConnection) -> None:
        self._timer = threading.Timer(max(0.01, ends - time.monotonic()), self._break_off)
        self._connection = connection

    def __enter__(self) -> None:
        self._timer.daemon = True
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _break_off(self) -> None:
        with suppress(OSError, AttributeError):
            self._connection.sock.shutdown(socket.SHUT_RDWR)


def _asked(connection: http.client.HTTPConnection, address: str) -> http.client.HTTPResponse:
    parts = urlsplit(address)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
    headers = {"User-Agent": _AGENT, "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
    connection.request("GET", path + query, headers=headers)
    return connection.getresponse()


def _read(answer: http.client.HTTPResponse, address: str, into: BinaryIO, largest: int, ends: float) -> Page:
    if answer.status != 200:
        raise FetchError(f"the server answers {answer.status} {(answer.reason or '')[:40]}".rstrip())
    told = answer.getheader("Content-Length") or ""
    if told.isascii() and told.isdigit() and int(told[:18]) > largest:
        raise FetchError(f"it has {int(told[:18]) / 1e6:.0f} MB; at most {largest / 1e6:.0f} MB are fetched")
    size = 0
    for piece in _pieces(answer):
        size += len(piece)
        if size > largest:
            raise FetchError(f"it has more than {largest / 1e6:.0f} MB")
        if time.monotonic() > ends:
            raise FetchError("its time is over")
        into.write(piece)
    if time.monotonic() > ends:  # whoever is cut off looks as if it had ended
        raise FetchError("its time is over")
    if told.isascii() and told.isdigit() and size < int(told[:18]):
        raise FetchError("the server broke off in the middle")
    return Page(address, (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()[:60], size)


def _pieces(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    while piece := answer.read1(PIECE):
        yield piece


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"the server is silent for {PATIENCE:.0f} s"
    if isinstance(error, ssl.SSLError):
        return f"its certificate or TLS is wrong: {str(error)[:120]}"
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"it cannot be fetched: {str(said)[:120]}"
