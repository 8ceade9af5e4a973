"""Where an RTMP output goes, and how to speak of it without telling its secrets."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from host_engine.outputs.refusal import Refused

PORTS = {"rtmp": 1935, "rtmps": 443}
LONGEST_QUOTE = 200  # characters of a server's own words
HIDDEN = "(hidden)"


@dataclass(frozen=True)
class Target:
    """A parsed URL and stream key. Only host and port are ever printed: an app and its query may hold secrets too."""

    scheme: str
    host: str
    port: int
    app: str = field(repr=False)
    key: str = field(repr=False)

    @classmethod
    def parse(cls, url: str, key: str) -> Target:
        """A target from rtmp[s]://host[:port]/app[?query] and a key, or, without one, from .../app/stream.

        Raises Refused.
        """
        parts, port = _split(url)
        path = parts.path.strip("/")
        query = f"?{parts.query}" if parts.query else ""
        if key:
            app, stream = path + query, key
        else:
            app, _, stream = path.rpartition("/")
            stream += query if stream else ""
        if not app:
            raise Refused("an RTMP address needs an application after the host: rtmp://host/app")
        if not stream:
            raise Refused("there is no stream key")
        if not (app + stream).isprintable() or max(len(app), len(stream)) > 1000:
            raise Refused("the RTMP address or its stream key holds signs that cannot be sent, or is too long")
        return cls(parts.scheme, parts.hostname or "", port, app, stream)

    @property
    def tls(self) -> bool:
        return self.scheme == "rtmps"

    @property
    def server(self) -> str:
        """host:port, for people."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def tc_url(self) -> str:
        """The URL as the connect command wants it: without the stream key."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}/{self.app}"

    def quote(self, text: str) -> str:
        """A server's own words, fit to be shown: short, on one line, and without our secrets."""
        for secret in sorted({self.key, self.key.partition("?")[0], self.app.partition("?")[2]}, key=len, reverse=True):
            if secret:
                text = text.replace(secret, HIDDEN)
        return re.sub(r"[^\x20-\x7e\xa1-\uffff]+", " ", text).strip()[:LONGEST_QUOTE]

    def explain(self, error: BaseException) -> ConnectionError:
        """A network error as a sentence."""
        match error:
            case ssl.SSLCertVerificationError():
                text = f"the certificate of {self.server} is not trusted: {self.quote(error.verify_message)}"
            case ssl.SSLError():
                text = (
                    f"{self.server} does not speak TLS as it should: {self.quote(error.reason or 'handshake failed')}"
                )
            case socket.gaierror():
                text = f"there is no host called {self.host}"
            case TimeoutError():
                text = f"{self.server} did not answer in time"
            case ConnectionRefusedError():
                text = f"nobody listens at {self.server}"
            case ConnectionResetError() | BrokenPipeError() | asyncio.IncompleteReadError():
                text = f"{self.server} closed the connection"
            case OSError(strerror=str() as reason):
                text = f"{self.server}: {reason}"
            case _:
                text = self.quote(str(error))
        return ConnectionError(text)


def _split(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url, allow_fragments=False)
        host, port = parts.hostname, parts.port
        (host or "").encode("idna")
    except ValueError:
        raise Refused("the RTMP address has a host or port that is none") from None
    if parts.scheme not in PORTS:
        raise Refused("an RTMP address starts with rtmp:// or rtmps://")
    if not host or port == 0 or " " in host or not host.isprintable():
        raise Refused("the RTMP address names no host, or port 0")
    if "@" in parts.netloc:
        raise Refused("an RTMP address with user and password is not supported; use a stream key")
    return parts, port or PORTS[parts.scheme]
