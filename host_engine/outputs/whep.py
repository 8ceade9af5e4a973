"""Viewers over WebRTC (WHEP): everyone gets the packets of the one encode, each from their own place in the stream."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from aiortc import RTCConfiguration, RTCIceGatherer, RTCIceServer, RTCPeerConnection, RTCRtpSender
from aiortc import RTCSessionDescription as Description
from aiortc.exceptions import InternalError, InvalidAccessError, InvalidStateError, OperationError
from aiortc.rtcconfiguration import RTCBundlePolicy
from aiortc.rtcrtpparameters import RTCRtpCodecCapability

from host_engine.media import Format
from host_engine.outputs.feed import Feed, Track
from host_engine.outputs.offer import MALFORMED, MAX_CANDIDATES, Offer, Refused, read_fragment, read_offer

if TYPE_CHECKING:
    from host_engine.outputs.fanout import Fanout

log = logging.getLogger(__name__)

PACE, BURST = 10.0, 20.0  # offers answered a second, and at once after a pause: each costs the loop some milliseconds
HURRY = 3.0  # seconds after which a viewer who has not connected may lose the place to another
ANSWER = 8.0  # seconds to answer an offer in; a STUN or TURN server may take 5 of them
GOODBYE = 0.8  # seconds to close a connection in
REJECTED = (*MALFORMED, InternalError, InvalidAccessError, InvalidStateError, OperationError)


class Whep:
    """All viewers of one channel. Lives on the event loop.

    force_key: asks the encoder for a key frame; it is asked once for each new viewer and each lost picture.
    most: viewers at once, those still connecting included. deadline: seconds a viewer has to connect in; one who
    vanishes later is dropped when the consent of RFC 7675 runs out, 30 s after the last sign of life.
    ice_servers: none by default, as this end is the server: viewers reach its addresses and need no STUN for that.

    The addresses offered are those of the machine's interfaces, IPv4 and IPv6. aioice leaves the loopback out, rightly
    where there is another one: a browser on this machine reaches that too. On a machine with no network at all
    127.0.0.1 is offered; Chromium takes it with --allow-loopback-in-peer-connection and without mDNS names.
    """

    def __init__(
        self,
        fanout: Fanout,
        format: Format,
        force_key: Callable[[], None],
        *,
        most: int = 50,
        deadline: float = 15.0,
        ice_servers: Sequence[RTCIceServer] = (),
    ) -> None:
        self.most = most
        self._fanout, self._size, self._force_key = fanout, 2 * format.fps, force_key
        self._deadline = deadline
        self._configuration = RTCConfiguration(list(ice_servers), bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        self._peers: dict[str, Peer] = {}
        self._closed = False
        self._credit, self._asked = BURST, 0.0

    @property
    def viewers(self) -> int:
        """How many are watching."""
        return sum(peer.connected.done() for peer in self._peers.values())

    @property
    def peers(self) -> int:
        """How many are watching or about to."""
        return len(self._peers)

    async def offer(self, sdp: str) -> tuple[str, str]:
        """Let a viewer in: their id, which nobody can guess, and the SDP answer. Raises Refused, a ValueError."""
        if self._closed:
            raise Refused("The channel is going off air.", 503)
        self._make_room()
        offer = read_offer(sdp)
        name = secrets.token_urlsafe(16)
        feed = Feed(self._fanout, f"viewer {name[:4]}", self._size)
        peer = self._peers[name] = Peer(offer, self._configuration, feed, self._force_key)
        peer.life = asyncio.create_task(self._host(name, peer))
        try:
            async with asyncio.timeout(ANSWER):
                return name, await peer.answer()
        except REJECTED as error:
            peer.leave()
            raise Refused(f"The offer cannot be answered: {error}.", 422) from error
        except TimeoutError as error:
            peer.leave()
            raise Refused("No answer could be made in time; the ICE servers may be out of reach.", 503) from error
        except asyncio.CancelledError:
            peer.leave()
            raise

    def _make_room(self) -> None:
        """Raises Refused while offers come faster than the show can bear, or all places are taken.

        Who holds a place for seconds without connecting gives it to the one who comes.
        """
        now = asyncio.get_running_loop().time()
        self._credit = min(BURST, self._credit + (now - self._asked) * PACE)
        self._asked = now
        if self._credit < 1:
            raise Refused("Too many viewers come at once. Please try again in a moment.", 503)
        self._credit -= 1
        if len(self._peers) < self.most:
            return
        waiting = (peer for peer in self._peers.values() if not peer.connected.done())
        idle = next((peer for peer in waiting if now - peer.since > HURRY), None)
        if idle is None:
            raise Refused(f"All {self.most} places are taken. Please try again in a moment.", 503)
        idle.leave()

    async def trickle(self, name: str, fragment: str) -> None:
        """Take further ICE candidates of a viewer. Raises KeyError for an unknown id, Refused for a bad fragment."""
        peer = self._peers[name]
        candidates, ufrag = read_fragment(fragment)
        if ufrag and ufrag != peer.offer.ufrag:
            raise Refused("ICE restarts are not supported; please send a new offer instead.", 422)
        peer.candidates += len(candidates)
        if peer.candidates > MAX_CANDIDATES:
            raise Refused(f"At most {MAX_CANDIDATES} candidates are taken from one viewer.", 413)
        for candidate in candidates:
            await peer.ice.addRemoteCandidate(candidate)

    async def leave(self, name: str) -> None:
        """Say goodbye to a viewer. Raises KeyError for an unknown id."""
        peer = self._peers[name]
        peer.leave()
        if peer.life:
            await asyncio.shield(peer.life)

    async def close(self) -> None:
        """Say goodbye to everybody, and let nobody in again. Takes less than a second."""
        self._closed = True
        lives = [peer.life for peer in self._peers.values() if peer.life]
        for peer in list(self._peers.values()):
            peer.leave()
        if lives:
            await asyncio.wait(lives)

    async def _host(self, name: str, peer: Peer) -> None:
        """The life of a viewer, from the offer to the goodbye: whatever ends it, everything is given back."""
        try:
            await asyncio.wait((peer.connected, peer.gone), timeout=self._deadline, return_when="FIRST_COMPLETED")
            if peer.connected.done():
                self._force_key()
                await peer.gone
            elif not peer.gone.done():
                log.info("viewer %s did not connect within %g s", name[:4], self._deadline)
        finally:
            del self._peers[name]
            await peer.close()


class Peer:
    """One viewer's connection. `connected` and `gone` are done once that has happened."""

    def __init__(
        self, offer: Offer, configuration: RTCConfiguration, feed: Feed, force_key: Callable[[], None]
    ) -> None:
        self.offer, self.candidates = offer, 0
        self.since = asyncio.get_running_loop().time()
        self.life: asyncio.Task[None] | None = None
        loop = asyncio.get_running_loop()
        self.connected: asyncio.Future[None] = loop.create_future()
        self.gone: asyncio.Future[None] = loop.create_future()
        self._feed = feed
        self._connection = RTCPeerConnection(configuration)
        self._connection.on("connectionstatechange", self._changed)
        sources = {"video": feed.picture, "audio": feed.sound}
        for kind in offer.kinds:  # in the order of the offer: its first section is the transport of all
            transceiver = self._connection.addTransceiver(Track(kind, sources[kind]), direction="sendonly")
            transceiver.setCodecPreferences(CODECS[kind])  # before the offer is set, or it has no effect
            self.ice = transceiver.receiver.transport.transport
            if kind == "video":
                # A lost picture (PLI, FIR) is a wish to aiortc's encoder, which is not at work here.
                transceiver.sender._send_keyframe = force_key  # type: ignore[method-assign]

    async def answer(self) -> str:
        """The SDP answer to the offer. Raises one of REJECTED for an offer that aiortc cannot take."""
        await self._connection.setRemoteDescription(Description(self.offer.sdp, "offer"))
        answer = await self._connection.createAnswer()
        await gather(self.ice.iceGatherer)
        await self._connection.setLocalDescription(answer)
        return str(self._connection.localDescription.sdp)

    def leave(self) -> None:
        """Ask for the end of this connection."""
        if not self.gone.done():
            self.gone.set_result(None)

    async def close(self) -> None:
        """End the connection and give the place at the fan-out back."""
        self._feed.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE):
                await self._connection.close()

    def _changed(self) -> None:
        state = self._connection.connectionState
        if state == "connected" and not self.connected.done():
            self.connected.set_result(None)
        elif state in ("failed", "closed"):
            self.leave()


async def gather(gatherer: RTCIceGatherer) -> None:
    """Find the addresses of this machine; the loopback where there is no other."""
    await gatherer.gather()
    connection = gatherer._connection
    if not connection.local_candidates:
        connection._local_candidates += await connection.get_component_candidates(1, ["127.0.0.1"])


def _preferences(kind: str, wanted: Callable[[RTCRtpCodecCapability], bool]) -> list[RTCRtpCodecCapability]:
    return [codec for codec in RTCRtpSender.getCapabilities(kind).codecs if wanted(codec)]


CODECS = {
    "video": [
        *_preferences("video", lambda codec: codec.parameters.get("profile-level-id") == "42e01f"),
        *_preferences("video", lambda codec: codec.parameters.get("profile-level-id") == "42001f"),
        *_preferences("video", lambda codec: codec.name == "rtx"),
    ],
    "audio": _preferences("audio", lambda codec: codec.name.lower() == "opus"),
}
