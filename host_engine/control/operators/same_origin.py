"""Whether a request of a browser was made by a page of this channel, and not by another that knows its address."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from host_engine.control.doors import Doors

SAFE = {"GET", "HEAD", "OPTIONS"}
HEADER = "X-Requested-With"  # which no page of another origin can send without being asked whether it may
DEFAULT = {"http": 80, "https": 443, "ws": 80, "wss": 443}

ELSEWHERE = "This was asked by a page of another site, and is not done."
BARE = f"A request with a cookie that changes something needs the header {HEADER}, such as '{HEADER}: fetch'."


def trouble(connection: HTTPConnection, doors: Doors) -> str | None:
    """Why a request with a cookie is not done; None where it is. WebSockets cannot send the header."""
    if from_elsewhere(connection, doors, needed=True):
        return ELSEWHERE
    if connection.scope["type"] != "websocket" and not connection.headers.get(HEADER):
        return BARE
    return None


def from_elsewhere(connection: HTTPConnection, doors: Doors, needed: bool = False) -> bool:
    """Whether the browser says that a page of another origin asks. needed: it must say so, or that it is this one."""
    site, origin = connection.headers.get("sec-fetch-site"), connection.headers.get("origin")
    if site is not None and site != "same-origin":
        return True
    if origin is not None:
        its, own = _split(origin), _own(connection, doors)
        return its is None or its != own
    return needed and site is None


def is_https(connection: HTTPConnection, doors: Doors) -> bool:
    """Whether the browser speaks TLS, to us or to the proxy before us."""
    if connection.scope["scheme"] in ("https", "wss") or _said(connection, doors, "x-forwarded-proto") == "https":
        return True
    return connection.headers.get("origin", "").startswith("https://")


def _own(connection: HTTPConnection, doors: Doors) -> tuple[str, int] | None:
    """Host and port that the browser knows this server by."""
    scheme = "https" if is_https(connection, doors) else "http"
    host = _said(connection, doors, "x-forwarded-host") or connection.headers.get("host", "")
    return _split(f"{scheme}://{host}")


def _said(connection: HTTPConnection, doors: Doors, header: str) -> str:
    """What a proxy that is believed says of the request; "" from anybody else."""
    if not connection.client or not doors.is_proxy(connection.client.host):
        return ""
    return connection.headers.get(header, "").split(",")[0].strip()


def _split(origin: str) -> tuple[str, int] | None:
    """Host and port of an origin; None for "null" and whatever else is none."""
    try:
        parts = urlsplit(origin)
        return (parts.hostname, parts.port or DEFAULT[parts.scheme]) if parts.hostname else None
    except (ValueError, KeyError):
        return None
