"""Where a WHIP output goes, whom its token may be told, and how to speak of it without telling its secrets."""

from __future__ import annotations

import re
import socket
import ssl
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin, urlsplit

from host_engine.outputs.http_exchange import PORTS, NoAnswer
from host_engine.outputs.refusal import Refused
from host_engine.outputs.rtmp_target import HIDDEN, LONGEST_QUOTE

LONGEST = 2000  # characters of an address or a token
TELLING = 12  # from so many characters on, a part of a path may be a stream key


class Nowhere(ValueError):
    """An address, told by a server, at which nothing can be asked for."""


@dataclass(frozen=True)
class WhipAddress:
    """A WHIP endpoint and its bearer token. Only host and port are ever printed: the path may be a stream key."""

    url: str = field(repr=False)
    token: str = field(repr=False)

    @classmethod
    def parse(cls, url: str, token: str = "") -> WhipAddress:
        """Raises Refused for an address or a token that cannot be sent."""
        try:
            parts = _split(url)
        except ValueError:
            raise Refused("a WHIP address is like https://HOST/PATH") from None
        if "@" in parts.netloc:
            raise Refused("a WHIP address with user and password is not supported; use a bearer token")
        if len(url) > LONGEST or not url.isprintable() or " " in url:
            raise Refused("the WHIP address holds signs that cannot be sent, or is too long")
        if not re.fullmatch(rf"[!-~]{{0,{LONGEST}}}", token):
            raise Refused("the bearer token holds signs that cannot be sent, or is too long")
        return cls(url, token)

    @property
    def server(self) -> str:
        """host:port, for people."""
        return server(self.url)

    def headers(self, url: str) -> dict[str, str]:
        """What a request to this address says of us: the token goes to the endpoint's own server and to no other."""
        return {"Authorization": f"Bearer {self.token}"} if self.token and self.trusts(url) else {}

    def trusts(self, url: str) -> bool:
        """Whether this address belongs to the endpoint's own server; the same host over TLS does, not the other way."""
        ours, other = _origin(self.url), _origin(url)
        upgraded = ours[:2] == ("http", other[1]) and other[0] == "https" and (ours[2], other[2]) == (80, 443)
        return ours == other or upgraded

    def follow(self, base: str, location: str) -> str:
        """The absolute address that a server means. Raises Nowhere with a sentence."""
        try:
            url = urljoin(base, location.strip())
            parts = _split(url)
        except ValueError:
            raise Nowhere("an address that is none") from None
        if len(url) > LONGEST or not url.isprintable() or "@" in parts.netloc:
            raise Nowhere("an address that is none")
        if urlsplit(base).scheme == "https" and parts.scheme == "http":
            raise Nowhere(f"an address without TLS, at {server(url)}")
        return url

    def quote(self, text: str) -> str:
        """A server's own words, fit to be shown: short, on one line, and without our secrets."""
        parts = urlsplit(self.url)
        telling = [each for each in parts.path.split("/") if len(each) >= TELLING]
        for secret in sorted({self.token, parts.query, *telling}, key=len, reverse=True):
            if secret:
                text = text.replace(secret, HIDDEN)
        return re.sub(r"[^\x20-\x7e\xa1-\uffff]+", " ", text).strip()[:LONGEST_QUOTE]


def server(url: str) -> str:
    """host:port of an address, for people."""
    scheme, host, port = _origin(url)
    host = f"[{host}]" if ":" in host else host
    return host if port == PORTS.get(scheme) else f"{host}:{port}"


def explain(at: str, error: BaseException) -> str:
    """What went wrong on the way to a server, as a sentence. `at`: the server."""
    match error:
        case NoAnswer():
            return f"{at} does not answer as an HTTP server does"
        case ssl.SSLCertVerificationError():
            return f"the certificate of {at} is not trusted: {error.verify_message}"
        case ssl.SSLError():
            reason = getattr(error, "reason", None) or "handshake failed"
            return f"{at} does not speak TLS as it should: {reason}"
        case socket.gaierror():
            return f"there is no host called {at}"
        case ConnectionRefusedError():
            return f"nobody listens at {at}"
        case ConnectionResetError() | BrokenPipeError():
            return f"{at} closed the connection"
        case TimeoutError():
            return f"{at} did not answer in time"
        case OSError(strerror=str() as reason):
            return f"{at}: {reason}"
    return f"{at} cannot be asked: {type(error).__name__}"


def _split(url: str) -> SplitResult:
    parts = urlsplit(url)
    (parts.hostname or "").encode("idna")
    if parts.scheme not in PORTS or not parts.hostname or parts.port == 0:
        raise ValueError("no address")
    return parts


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or PORTS.get(parts.scheme, 0)
