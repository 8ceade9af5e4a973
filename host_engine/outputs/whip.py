"""The channel published over WebRTC to an SFU or media server that takes WHIP (RFC 9725), for the crowd."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from host_engine.outputs.departures import APART, OPUS_LEAD
from host_engine.outputs.refusal import Refused, Rejected
from host_engine.outputs.source import Source
from host_engine.outputs.whip_address import WhipAddress
from host_engine.outputs.whip_endpoint import Busy, Session, WhipEndpoint
from host_engine.outputs.whip_peer import WhipPeer

REPORT = 2.0  # seconds between two looks at what the server tells of what it gets


@dataclass(frozen=True)
class Patience:
    """How long is waited, in seconds."""

    answer: float = 8.0  # for the answer to an offer, redirects included
    connect: float = 8.0  # from the answer to the connection
    goodbye: float = 0.8  # for the end of a session to be told


class WhipPublisher:
    """One WHIP endpoint: a `Publisher`, as in `sessions`; the token is in no word it says.

    ca: a file of certificates to trust besides the system's. insecure: do not check the server's certificate.
    lead, apart: see `departures.Watched`; sound leaves on a track of its own.
    """

    lead, apart = OPUS_LEAD, APART
    unsent = 0  # what has left is on the network: nothing waits in the kernel for a server that reads no more

    def __init__(
        self,
        name: str,
        url: str,
        token: str,
        source: Source,
        *,
        ca: Path | None = None,
        insecure: bool = False,
        patience: Patience | None = None,
    ) -> None:
        self.name = name
        self.state = "waiting"
        self.error: str | None = None
        self.last_error: str | None = None
        self.sessions = 0
        self._url, self._token, self._source = url, token, source
        self._ca, self._insecure, self._patience = ca, insecure, patience or Patience()
        self._endpoint: WhipEndpoint | None = None
        self._peer: WhipPeer | None = None
        self._told: dict[str, Any] = {}
        self._bytes = self._dropped = 0  # of sessions that are over
        self._not_before = 0.0

    def __repr__(self) -> str:
        return f"WhipPublisher({self.name!r}, {self.state})"

    @property
    def dropped(self) -> int:
        """Units lost because they could not be sent in time."""
        return self._dropped + (self._peer.feed.dropped if self._peer else 0)

    def report(self) -> dict[str, Any]:
        """What there is to know about its sessions, for the status."""
        sent = self._bytes + (self._peer.feed.bytes if self._peer else 0)
        again = max(0, self.sessions - 1)
        return {"reconnects": again, "last_error": self.last_error, "bytes": sent} | self._told

    async def hold(self) -> None:
        """Old pictures are worth nothing to who watches live: the next session begins with new ones."""

    async def reachable(self) -> bool:
        """Whether somebody answers at the address."""
        try:
            return await self._at().reachable()
        except Refused:
            return False

    async def run(self) -> None:
        """One session, until it is lost or cancelled.

        Raises Refused for an address that is none, Rejected where the server says no, ConnectionError for all else.
        """
        self.state = "connecting"
        try:
            endpoint = self._at()
            await asyncio.sleep(max(0.0, self._not_before - asyncio.get_running_loop().time()))
            await endpoint.knock()
            await self._publish(endpoint)
        except (Rejected, ConnectionError) as error:
            self.error = self.last_error = str(error)
            raise
        except Refused as error:
            self.state, self.error, self.last_error = "refused", str(error), str(error)
            raise
        finally:
            if self.state != "refused":
                self.state = "waiting"

    def _at(self) -> WhipEndpoint:
        """Kept, as it has certificates in it. Raises Refused."""
        if self._endpoint is None:
            target = WhipAddress.parse(self._url, self._token)
            self._endpoint = WhipEndpoint(target, self._ca, self._insecure, self._patience.answer)
        return self._endpoint

    async def _publish(self, endpoint: WhipEndpoint) -> None:
        source = self._source
        peer = WhipPeer(self.name, source.fanout, 2 * source.format.fps, source.force_key)
        session: Session | None = None
        try:
            session = await self._agree(endpoint, peer)
            await self._until_lost(endpoint, peer)
        finally:
            self._peer, self._told = None, {}
            self._bytes += peer.feed.bytes
            self._dropped += peer.feed.dropped
            await asyncio.gather(peer.close(), self._goodbye(endpoint, session))

    async def _agree(self, endpoint: WhipEndpoint, peer: WhipPeer) -> Session:
        """Offer, answer, and what belongs to it."""
        try:
            session = await endpoint.offer(await peer.offer())
        except Busy as error:
            self._not_before = asyncio.get_running_loop().time() + error.seconds
            raise
        try:
            if session.ice_servers and (fragment := await peer.use(session.ice_servers)):
                await endpoint.trickle(session, fragment)
            await peer.accept(session.answer)
        except ValueError as error:
            await self._goodbye(endpoint, session)
            raise ConnectionError(f"{endpoint.server}: its answer {error}") from None
        except BaseException:
            await self._goodbye(endpoint, session)
            raise
        return session

    async def _until_lost(self, endpoint: WhipEndpoint, peer: WhipPeer) -> None:
        patience = self._patience.connect
        await asyncio.wait((peer.connected, peer.gone), timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        if not peer.connected.done():
            why = peer.gone.result() if peer.gone.done() else f"no way to it was found within {patience:g} s"
            raise ConnectionError(f"{endpoint.server} agreed, but {why}: its addresses may be out of reach over UDP")
        self.state, self.error, self._peer = "live", None, peer
        self.sessions += 1
        self._source.force_key()
        reporting = asyncio.ensure_future(self._report(peer))
        try:
            raise ConnectionError(f"{endpoint.server} is lost: {await peer.watch()}")
        finally:
            reporting.cancel()

    async def _report(self, peer: WhipPeer) -> None:
        while True:
            self._told = await peer.report()
            await asyncio.sleep(REPORT)

    async def _goodbye(self, endpoint: WhipEndpoint, session: Session | None) -> None:
        """So that its name is free at once."""
        if session is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience.goodbye):
                    await endpoint.end(session)
