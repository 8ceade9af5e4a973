"""What an operator's browser sends over WebRTC: a microphone, or a microphone and a camera."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Literal, get_args

import av
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpReceiver
from aiortc import RTCSessionDescription as Description
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from aiortc.rtcconfiguration import RTCBundlePolicy

from host_engine.outputs.offer import Offer, Refused, read_camera, read_microphone
from host_engine.outputs.whep import ANSWER, CODECS, GOODBYE, REJECTED, gather
from host_engine.takeover.at_once import hand_on_at_once, undecoded

log = logging.getLogger(__name__)

Kind = Literal["voice", "camera"]
BEHIND = 60  # pictures that may wait to be decoded
KINDS: tuple[Kind, ...] = get_args(Kind)
READ = {"voice": read_microphone, "camera": read_camera}


class Connection:
    """One browser. `gone` is told once, with a sentence, when nothing more will come; on the event loop."""

    def __init__(
        self,
        offer: Offer,
        heard: Callable[[av.AudioFrame], None],
        seen: Callable[[av.VideoFrame], None],
        gone: Callable[[str], None],
    ) -> None:
        """`heard` and `seen` are given each frame at once; what they raise ends the connection."""
        self._offer, self._heard, self._seen, self._gone = offer, heard, seen, gone
        self._over = False
        self._listening: list[asyncio.Task[None]] = []
        configuration = RTCConfiguration([], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        self._connection = RTCPeerConnection(configuration)
        self._connection.on("connectionstatechange", self._changed)
        self._receivers: dict[str, RTCRtpReceiver] = {}
        for kind in offer.kinds:  # in the order of the offer: its first section is the transport of all
            transceiver = self._connection.addTransceiver(kind, direction="recvonly")
            if kind == "audio":
                transceiver.setCodecPreferences(CODECS["audio"])
                hand_on_at_once(transceiver.receiver)
            self._receivers[kind] = transceiver.receiver

    @classmethod
    def read(cls, sdp: str, kind: Kind) -> Offer:
        """The offer, if it is one of that kind. Raises Refused."""
        return READ[kind](sdp)

    async def answer(self) -> str:
        """The SDP answer to the offer. Raises Refused."""
        try:
            async with asyncio.timeout(ANSWER):
                return await self._answered()
        except REJECTED as error:
            raise Refused(f"The offer cannot be answered: {error}.", 422) from error
        except TimeoutError as error:
            raise Refused("No answer could be made in time.", 503) from error

    async def close(self) -> None:
        """End it; nobody is told."""
        self._over = True
        for task in self._listening:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE):
                await self._connection.close()

    async def _answered(self) -> str:
        await self._connection.setRemoteDescription(Description(self._offer.sdp, "offer"))
        answer = await self._connection.createAnswer()
        first = self._receivers[self._offer.kinds[0]]
        await gather(first.transport.transport.iceGatherer)
        await self._connection.setLocalDescription(answer)
        for kind, receiver in self._receivers.items():
            self._listening.append(asyncio.create_task(self._listen(receiver.track, kind)))
        return str(self._connection.localDescription.sdp)

    async def _listen(self, track: MediaStreamTrack, kind: str) -> None:
        try:
            while True:
                frame = await track.recv()
                if isinstance(frame, av.AudioFrame):
                    self._heard(frame)
                elif isinstance(frame, av.VideoFrame):
                    if undecoded(self._receivers[kind]) > BEHIND:
                        raise ValueError("This machine cannot decode the camera in time; send smaller pictures.")
                    self._seen(frame)
        except MediaStreamError:
            if kind == "audio":
                self._leave("The browser ended the sound.")
        except Exception as error:  # a hostile frame must not end more than its connection
            if not isinstance(error, ValueError):
                log.exception("what an operator's browser sends cannot be used")
            self._leave(str(error) or type(error).__name__)

    def _changed(self) -> None:
        if self._connection.connectionState in ("failed", "closed"):
            self._leave("The connection to the browser is lost.")

    def _leave(self, why: str) -> None:
        if not self._over:
            self._over = True
            self._gone(why)
