"""The WebRTC side of WHIP: one connection that is sent the packets of the one encode."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from aioice import stun
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection
from aiortc import RTCSessionDescription as Description
from aiortc.rtcconfiguration import RTCBundlePolicy
from aiortc.rtcicetransport import connection_kwargs

from host_engine.outputs.feed import Feed, Track
from host_engine.outputs.whep import CODECS, GOODBYE, REJECTED, gather
from host_engine.outputs.whip_answer import read_answer

if TYPE_CHECKING:
    from aioice import Candidate

    from host_engine.outputs.fanout import Fanout

log = logging.getLogger(__name__)

KINDS = ("audio", "video")
LOOK = 0.5  # seconds between two looks at what the other side sends
QUIET = 2.0  # seconds in which it sends nothing, not even reports: it is asked whether it is there
QUESTIONS = 4  # asked half a second apart
GATHER = 2  # seconds for STUN and TURN servers to answer


class WhipPeer:
    """A connection to a media server, offered, accepted, watched and closed. Lives on the event loop.

    Consent alone (RFC 7675) would notice after half a minute that a server is gone: so one that has sent nothing for
    some seconds is asked, and one that does not answer is gone.
    """

    def __init__(self, name: str, fanout: Fanout, size: int, force_key: Callable[[], None]) -> None:
        """name: of the reader at the fan-out; size: of its queue, in units."""
        loop = asyncio.get_running_loop()
        self.connected: asyncio.Future[None] = loop.create_future()
        self.gone: asyncio.Future[str] = loop.create_future()  # why
        self.feed = Feed(fanout, name, size)
        configuration = RTCConfiguration([], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        self._connection = RTCPeerConnection(configuration)
        self._connection.on("connectionstatechange", self._changed)
        sources = {"audio": self.feed.sound, "video": self.feed.picture}
        for kind in KINDS:
            transceiver = self._connection.addTransceiver(Track(kind, sources[kind]), direction="sendonly")
            transceiver.setCodecPreferences(CODECS[kind])
            self._transport = transceiver.sender.transport
            if kind == "video":
                # A lost picture (PLI, FIR) is a wish to aiortc's encoder, which is not at work here.
                transceiver.sender._send_keyframe = force_key  # type: ignore[method-assign]
        self._ice = self._transport.transport._connection

    async def offer(self) -> str:
        """The SDP to post, with the addresses of this machine."""
        await gather(self._transport.transport.iceGatherer)
        await self._connection.setLocalDescription(await self._connection.createOffer())
        return str(self._connection.localDescription.sdp)

    async def use(self, servers: Sequence[RTCIceServer]) -> str:
        """Find further addresses by means of these STUN and TURN servers, which takes `GATHER` seconds at most.

        The fragment to trickle (RFC 8840), "" where there are none. To be called before `accept`.
        """
        settings = connection_kwargs(list(servers))
        for name, value in settings.items():
            setattr(self._ice, name, value)
        local = [each.host for each in self._ice.local_candidates if each.type == "host"]
        finding = asyncio.ensure_future(self._ice.get_component_candidates(1, local, GATHER))
        try:
            found = await asyncio.shield(finding)  # only at its own end it ends what it has asked
        except asyncio.CancelledError:
            finding.add_done_callback(self._too_late)
            raise
        self._ice._local_candidates += found
        return self._fragment(found) if found else ""

    async def accept(self, answer: str) -> None:
        """Take the server's answer and begin to connect. Raises ValueError, to be read after "its answer"."""
        sdp = read_answer(answer, KINDS)
        try:
            await self._connection.setRemoteDescription(Description(sdp, "answer"))
        except REJECTED as error:
            raise ValueError(f"cannot be used: {error}") from None

    async def watch(self) -> str:
        """Returns when the other side is gone, with the reason; to be called once it is connected."""
        asking = asyncio.ensure_future(self._ask())
        try:
            await asyncio.wait((self.gone, asking), return_when=asyncio.FIRST_COMPLETED)
            return self.gone.result() if self.gone.done() else asking.result()
        finally:
            asking.cancel()

    async def report(self) -> dict[str, Any]:
        """What the other side tells of what it gets: round trip in ms, share of packets lost; None while unknown."""
        stats = await self._connection.getStats()
        told = [each for each in stats.values() if each.type == "remote-inbound-rtp"]
        trips = [each.roundTripTime for each in told if each.roundTripTime is not None]
        lost = sum(each.packetsLost for each in told)
        sent = lost + sum(each.packetsReceived for each in told)
        return {
            "rtt_ms": round(max(trips) * 1000, 1) if trips else None,
            "lost": round(lost / sent, 5) if sent > 0 else None,
        }

    async def close(self) -> None:
        """End the connection and give the place at the fan-out back."""
        self.feed.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE):
                await self._connection.close()

    async def _ask(self) -> str:
        now = asyncio.get_running_loop().time
        heard, at = -1, now()
        while True:
            await asyncio.sleep(LOOK)
            received = self._received()
            if received != heard:
                heard, at = received, now()
            elif now() - at >= QUIET:
                if not await self._answers():
                    return f"nothing has come back for {now() - at:.0f} s"
                at = now()

    def _received(self) -> int:
        return int(next(iter(self._transport._get_stats().values())).packetsReceived)

    async def _answers(self) -> bool:
        """Whether the other side still answers on the path in use: a STUN request like those of RFC 7675."""
        for _ in range(QUESTIONS):
            pair = next(iter(self._ice._nominated.values()), None)
            if pair is None or self._ice.remote_password is None:
                return False
            request = self._ice.build_request(pair, nominate=False)
            key = self._ice.remote_password.encode()
            try:
                await pair.protocol.request(request, pair.remote_addr, integrity_key=key, retransmissions=0)
            except (stun.TransactionError, OSError):
                continue
            return True
        return False

    def _fragment(self, found: Sequence[Candidate]) -> str:
        lines = [f"a=ice-ufrag:{self._ice.local_username}", f"a=ice-pwd:{self._ice.local_password}"]
        lines += ["m=audio 9 UDP/TLS/RTP/SAVPF 0", "a=mid:0"]
        return "\r\n".join([*lines, *(f"a=candidate:{each.to_sdp()}" for each in found), "a=end-of-candidates", ""])

    def _too_late(self, finding: asyncio.Future[list[Candidate]]) -> None:
        """Give back what was found for a connection that is over."""
        if not finding.cancelled() and finding.exception() is None:
            for each in self._ice._protocols:
                each.transport.close()

    def _changed(self) -> None:
        state = self._connection.connectionState
        if state == "connected" and not self.connected.done():
            self.connected.set_result(None)
        elif state in ("failed", "closed") and not self.gone.done():
            self.gone.set_result("it ended the connection" if self.connected.done() else "no way to it was found")
