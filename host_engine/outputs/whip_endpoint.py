"""The HTTP side of WHIP (RFC 9725): an offer is posted, candidates follow by PATCH, the session ends by DELETE."""

from __future__ import annotations

import asyncio
import email.utils
import json
import ssl
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from aiortc import RTCIceServer

from host_engine.outputs.http_exchange import PORTS, Exchange, exchange
from host_engine.outputs.ice_servers import ice_servers
from host_engine.outputs.offer import MAX_BYTES
from host_engine.outputs.refusal import Rejected
from host_engine.outputs.whip_address import Nowhere, WhipAddress, explain, server

SDP, TRICKLE = "application/sdp", "application/trickle-ice-sdpfrag"
REDIRECTS = (301, 302, 307, 308)  # 301 and 302 are not for WHIP; those who send them mean the same
MOST = 5  # redirects
ANSWER, GOODBYE = 8.0, 1.0  # seconds for an answer, and for one that nobody waits for any more
WAIT = 30.0  # seconds; whoever wants us to come again later than that is asked earlier
FINAL = {
    401: "wants another bearer token",
    403: "does not let us in there; the bearer token may be one for something else",
    404: "has no {what} endpoint at this address",
    405: "takes no offer at this address: it may be no {what} endpoint",
    406: "takes none of what the channel is sent in, H.264 (Constrained Baseline) and Opus",
    410: "has no {what} endpoint at this address any more",
    415: "takes no SDP at this address: it may be no {what} endpoint",
}
LATER = {
    408: "did not get the offer in time",
    409: "says that somebody publishes there already",
    423: "says that somebody publishes there already",
    429: "is asked too often",
    502: "cannot reach its media server",
    503: "has no room for us now",
    504: "cannot reach its media server",
}


class Said(ConnectionError):
    """What went wrong, in a sentence."""


class Busy(Said):
    """The server is to be asked again, but not before so many seconds have passed."""

    def __init__(self, said: str, seconds: float) -> None:
        super().__init__(said)
        self.seconds = seconds


@dataclass(frozen=True)
class Session:
    """What the server made of an offer. url: to be deleted at the end, None where it named none that can be used."""

    answer: str
    url: str | None = field(repr=False)
    etag: str
    patches: bool  # takes candidates later
    ice_servers: tuple[RTCIceServer, ...] = field(repr=False)


class WhipEndpoint:
    """Asks the server, with a deadline for everything, and puts what goes wrong into sentences.

    ca: a file of certificates to trust besides the system's. insecure: do not check the server's certificate.
    """

    def __init__(
        self,
        target: WhipAddress,
        ca: Path | None = None,
        insecure: bool = False,
        patience: float = ANSWER,
        what: str = "WHIP",
    ) -> None:
        """what: "WHEP" for whoever watches, which goes the same way."""
        self._target, self._ca, self._insecure, self._patience, self._what = target, ca, insecure, patience, what
        self._trusted: ssl.SSLContext | None = None

    @property
    def server(self) -> str:
        """host:port, for people."""
        return self._target.server

    async def reachable(self) -> bool:
        """Whether somebody answers there, who is not in trouble."""
        status = await self._tell("OPTIONS", self._target.url)
        return status is not None and status < 500

    async def knock(self) -> None:
        """Raises ConnectionError where nobody listens: making an offer that nobody takes would cost the loop 5 ms."""
        parts = urlsplit(self._target.url)
        port = parts.port or PORTS[parts.scheme]
        try:
            async with asyncio.timeout(self._patience):
                _, writer = await asyncio.open_connection(parts.hostname, port)
        except OSError as error:  # a timeout is one
            raise Said(explain(self.server, error)) from None
        writer.transport.abort()

    async def offer(self, sdp: str) -> Session:
        """Post an offer. Raises Rejected where the server says no, Busy or another ConnectionError for all else."""
        target, url = self._target, self._target.url
        try:
            async with asyncio.timeout(self._patience):
                for _ in range(1 + MOST):
                    answer, body = await self._ask("POST", url, SDP, sdp)
                    if answer.status not in REDIRECTS:
                        return self._session(url, answer, body)
                    url = self._elsewhere(url, answer)
        except TimeoutError:
            raise ConnectionError(f"{server(url)} did not answer within {self._patience:g} s") from None
        except Said:
            raise
        except (OSError, ValueError) as error:
            raise ConnectionError(explain(server(url), error)) from None
        raise ConnectionError(f"{target.server} redirects more than {MOST} times, the last time to {server(url)}")

    async def trickle(self, session: Session, fragment: str) -> bool:
        """Send candidates that were found later; whether the server took them, which it need not."""
        if not session.url or not session.patches:
            return False
        headers = {"If-Match": session.etag} if session.etag else {}
        status = await self._tell("PATCH", session.url, TRICKLE, fragment, headers)
        return status is not None and 200 <= status < 300

    async def end(self, session: Session) -> None:
        """Tell the server that the session ends; whatever it says to that."""
        if session.url:
            await self._tell("DELETE", session.url)

    async def _tell(
        self, method: str, url: str, kind: str = "", body: str = "", headers: dict[str, str] | None = None
    ) -> int | None:
        try:
            async with asyncio.timeout(GOODBYE):
                answer, _ = await self._ask(method, url, kind, body, headers)
                return answer.status
        except (OSError, ValueError):  # a timeout is one
            return None

    async def _ask(
        self, method: str, url: str, kind: str = "", body: str = "", headers: dict[str, str] | None = None
    ) -> tuple[Exchange, str]:
        """One request. The answer, and of its body as much as can be of use."""
        if self._trusted is None and url.startswith("https"):
            self._trusted = await asyncio.to_thread(self._certificates)  # 20 ms of reading
        said = self._target.headers(url) | (headers or {}) | ({"Content-Type": kind} if kind else {})
        async with exchange(method, url, said, body.encode(), self._trusted) as answer:
            read = await answer.body(MAX_BYTES)
            return answer, read.decode("utf-8", "replace")

    def _certificates(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._ca:
            try:
                context.load_verify_locations(self._ca)
            except OSError:
                raise Rejected(f"the certificates to trust, the file {self._ca.name}, cannot be read") from None
        if self._insecure:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    def _elsewhere(self, url: str, answer: Exchange) -> str:
        try:
            return self._target.follow(url, answer.header("Location", ""))
        except Nowhere as error:
            raise Said(f"{server(url)} sends us to {error}") from None

    def _session(self, url: str, answer: Exchange, body: str) -> Session:
        """What an answer that is no redirect brings. Raises what `offer` does."""
        if answer.status not in (200, 201):
            self._refuse(url, answer, body)
        if len(body) > MAX_BYTES:
            raise Said(f"the answer of {server(url)} is longer than {MAX_BYTES} characters")
        if answer.header("Content-Encoding", "identity") != "identity":
            raise Said(f"{server(url)} sends a compressed answer, which it was asked not to do")
        return Session(
            body,
            self._address(url, answer.header("Location", "")),
            answer.header("ETag", ""),
            TRICKLE in answer.header("Accept-Patch", TRICKLE),
            tuple(ice_servers(answer.headers("Link"))),
        )

    def _address(self, url: str, location: str) -> str | None:
        """Of the session; a server that names none, or none that can be used, drops it by itself some time."""
        try:
            return self._target.follow(url, location) if location.strip() else None
        except Nowhere:
            return None

    def _refuse(self, url: str, answer: Exchange, body: str) -> NoReturn:
        status, at = answer.status, server(url)
        words = self._target.quote(_words(answer, body))
        quoted = f"{status}, '{words}'" if words else f"{status}"
        if status in (401, 403) and self._target.token and not self._target.trusts(url):
            raise Rejected(
                f"{at}, to which {self._target.server} redirects, wants a bearer token ({quoted}); it is sent to no"
                " other server than that of the address: write the new address"
            )
        if status == 401 and not self._target.token:
            raise Rejected(f"{at} wants a bearer token ({quoted}), and there is none")
        if status in FINAL:
            raise Rejected(f"{at} {FINAL[status].format(what=self._what)} ({quoted})")
        if 200 <= status < 500 and status not in LATER:
            raise Rejected(f"{at} does not take the offer ({quoted})")
        said = f"{at} {LATER.get(status, 'is in trouble')} ({quoted})"
        raise Busy(said, _seconds(answer.header("Retry-After", "")))


def _words(answer: Exchange, body: str) -> str:
    """What a server says for people, in plain text or somewhere in its JSON."""
    kind = answer.header("Content-Type")
    if "json" not in kind:
        return body if kind.startswith("text/plain") else ""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    said = [told.get(name) for name in ("detail", "message", "error", "title")] if isinstance(told, dict) else [told]
    return next((each for each in said if isinstance(each, str)), "")


def _seconds(said: str) -> float:
    """Of a Retry-After: a number or a date."""
    try:
        wait = float(said)
    except ValueError:
        try:
            wait = email.utils.parsedate_to_datetime(said).timestamp() - time.time()
        except (ValueError, TypeError):
            return 0.0
    return min(max(0.0, wait), WAIT) if wait == wait else 0.0
