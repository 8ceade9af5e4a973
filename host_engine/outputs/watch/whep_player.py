"""Watching over WebRTC, as a browser does with WHEP; nothing is decoded."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from aiortc import RTCConfiguration, RTCPeerConnection
from aiortc import RTCSessionDescription as Description
from aiortc.codecs import is_rtx
from aiortc.rtcconfiguration import RTCBundlePolicy
from aiortc.rtp import HeaderExtensionsMap, RtcpPacket, RtcpSrPacket, RtpPacket

from host_engine.outputs.offer import MAX_LINES, without_useless_candidates
from host_engine.outputs.refusal import Refused
from host_engine.outputs.watch.came import Came
from host_engine.outputs.watch.rtp import RtpReader
from host_engine.outputs.whep import CODECS, GOODBYE, REJECTED, gather
from host_engine.outputs.whip_address import WhipAddress
from host_engine.outputs.whip_endpoint import Session, WhipEndpoint

CONNECT = 8.0  # seconds
WAITING = 2000  # packets; whoever watches is quicker


class WhepPlayer:
    """One viewer of a WHEP endpoint."""

    def __init__(self, url: str) -> None:
        try:
            self._endpoint = WhipEndpoint(WhipAddress.parse(url), what="WHEP")
        except Refused as error:
            raise ConnectionError(str(error)) from None

    @property
    def server(self) -> str:
        return self._endpoint.server

    async def watch(self) -> AsyncIterator[Came]:
        """Watch until the server ends it. Raises ConnectionError with a sentence."""
        viewer, session = _Viewer(), None
        try:
            session = await self._endpoint.offer(await viewer.offer())
            await viewer.accept(session)
            while True:
                packet = await viewer.packets.get()
                if packet is None:
                    raise ConnectionError(f"{self.server} {viewer.why}")
                for came in viewer.read(packet):
                    yield came
        except ValueError as error:
            raise ConnectionError(f"{self.server}: its answer {error}") from None
        except Refused as error:
            raise ConnectionError(str(error)) from None
        finally:
            await viewer.close()
            if session is not None:
                await self._endpoint.end(session)


class _Viewer:
    """The connection. What comes is taken as it leaves the encryption: no receiver of aiortc's is at work."""

    def __init__(self) -> None:
        self.packets: asyncio.Queue[RtpPacket | RtcpSrPacket | None] = asyncio.Queue(WAITING)
        self.why = "has ended the connection"
        self._connection = RTCPeerConnection(RTCConfiguration([], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self._connection.on("connectionstatechange", self._changed)
        for kind in ("video", "audio"):
            transceiver = self._connection.addTransceiver(kind, direction="recvonly")
            transceiver.setCodecPreferences(CODECS[kind])
            transceiver.receiver.receive = _nothing  # type: ignore[method-assign]
            self._transport = transceiver.receiver.transport
        self._transport._handle_rtp_data = self._rtp  # type: ignore[method-assign]
        self._transport._handle_rtcp_data = self._rtcp  # type: ignore[method-assign]
        self._extensions = HeaderExtensionsMap()
        self._reader = RtpReader({})

    async def offer(self) -> str:
        await gather(self._transport.transport.iceGatherer)
        await self._connection.setLocalDescription(await self._connection.createOffer())
        return str(self._connection.localDescription.sdp)

    async def accept(self, session: Session) -> None:
        """Raises ValueError, to be read after "its answer"."""
        lines = [line.rstrip("\r") for line in session.answer.strip().split("\n")]
        if lines[0] != "v=0" or len(lines) > MAX_LINES:
            raise ValueError("is not SDP that can be read")
        sdp = "\r\n".join(without_useless_candidates(lines)) + "\r\n"
        try:
            await self._connection.setRemoteDescription(Description(sdp, "answer"))
        except REJECTED as error:
            raise ValueError(f"cannot be used: {error}") from None
        agreed = [(codec, each.kind) for each in self._connection.getTransceivers() for codec in each._codecs]
        self._reader = RtpReader({codec.payloadType or 0: kind for codec, kind in agreed if not is_rtx(codec)})
        asyncio.get_running_loop().call_later(CONNECT, self._late)

    def read(self, packet: RtpPacket | RtcpSrPacket) -> list[Came]:
        """What is whole with this packet."""
        if isinstance(packet, RtcpSrPacket):
            self._reader.report(packet)
            return []
        return list(self._reader.read(packet))

    async def close(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE):
                await self._connection.close()

    async def _rtp(self, data: bytes, arrival_time_ms: int) -> None:
        with contextlib.suppress(ValueError, asyncio.QueueFull):
            self.packets.put_nowait(RtpPacket.parse(data, self._extensions))

    async def _rtcp(self, data: bytes) -> None:
        with contextlib.suppress(ValueError, asyncio.QueueFull):
            for packet in RtcpPacket.parse(data):
                if isinstance(packet, RtcpSrPacket):
                    self.packets.put_nowait(packet)

    def _late(self) -> None:
        if self._connection.connectionState != "connected":
            self._end(f"agreed, but no way to it was found within {CONNECT:g} s")

    def _changed(self) -> None:
        if self._connection.connectionState in ("failed", "closed"):
            self._end(self.why)

    def _end(self, why: str) -> None:
        self.why = why
        if self.packets.full():
            self.packets.get_nowait()
        self.packets.put_nowait(None)


async def _nothing(parameters: Any) -> None:
    """Nothing is decoded."""
