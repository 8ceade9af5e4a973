"""One viewer's microphone: Opus over WebRTC comes in, 16 kHz go to whoever listens, while the viewer talks."""

from __future__ import annotations

import asyncio
import contextlib
import logging

import av
from aiortc import RTCConfiguration, RTCPeerConnection
from aiortc import RTCSessionDescription as Description
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from host_engine.microphones.sound import Resampler, Resampling
from host_engine.microphones.talk import Listen, Listener, Talk
from host_engine.outputs.offer import Offer
from host_engine.outputs.whep import CODECS, gather

log = logging.getLogger(__name__)

PIECE = 3  # frames of 20 ms that are handed on together
LAST = 0.2  # seconds in which the last words still come after the button was let go: the jitter buffer's, and the way
SILENT = 8.0  # seconds without any sound from a connection that speaks, until it counts as gone
FASTER = 1.5  # times as fast as sound: more is no microphone
HEADSTART = 5.0  # seconds of sound that may come at once


class Microphone:
    """A connection, and the talk that is going on. `why` tells how it ended."""

    def __init__(
        self, offer: Offer, configuration: RTCConfiguration, listen: Listen, talk: Talk, address: str = ""
    ) -> None:
        self.talk, self.address = talk, address
        self._offer, self._listen = offer, listen
        loop = asyncio.get_running_loop()
        self._clock = loop.time
        self._connected: asyncio.Future[None] = loop.create_future()
        self._gone: asyncio.Future[None] = loop.create_future()
        self.why = ""
        self._listener: Listener | None = None
        self._began = self._last = self._clock()  # of the talk; when something was said last
        self._ends: asyncio.TimerHandle | None = None
        self._connection = RTCPeerConnection(configuration)
        self._connection.on("connectionstatechange", self._changed)
        transceiver = self._connection.addTransceiver("audio", direction="recvonly")
        transceiver.setCodecPreferences(CODECS["audio"])
        self._receiver = transceiver.receiver

    @property
    def speaking(self) -> bool:
        return self._listener is not None

    async def answer(self) -> str:
        """The SDP answer to the offer. Raises one of whep.REJECTED for an offer that aiortc cannot take."""
        await self._connection.setRemoteDescription(Description(self._offer.sdp, "offer"))
        answer = await self._connection.createAnswer()
        await gather(self._receiver.transport.transport.iceGatherer)
        await self._connection.setLocalDescription(answer)
        return str(self._connection.localDescription.sdp)

    def speak(self) -> None:
        """A talk begins; one that is going on ends."""
        self._end()
        self._began = self._last = self._clock()
        self._listener = self._listen(self.talk)

    def hush(self) -> None:
        """The button was let go: the talk ends when its last words are here."""
        if self._listener is not None and self._ends is None:
            self._ends = asyncio.get_running_loop().call_later(LAST, self._end)

    def leave(self, why: str) -> None:
        """Ask for the end of this connection."""
        self.why = self.why or why
        if not self._gone.done():
            self._gone.set_result(None)

    async def live(self, resampling: Resampling, longest: float, connect: float, idle: float, life: float) -> None:
        """From the offer to the end. Seconds: of a talk, to connect, without a talk, of all of it."""
        await asyncio.wait((self._connected, self._gone), timeout=connect, return_when="FIRST_COMPLETED")
        if not self._connected.done():
            return self.leave("never connected")
        hearing = asyncio.create_task(self._hear(self._receiver.track, resampling, longest))
        watching = asyncio.create_task(self._watch(longest, idle, life))
        try:
            done, _ = await asyncio.wait((hearing, watching, self._gone), return_when="FIRST_COMPLETED")
            for each in done - {self._gone}:
                each.result()
        finally:
            hearing.cancel()
            watching.cancel()
            self._end()
        return None

    async def close(self, seconds: float) -> None:
        """End the talk and the connection."""
        self._end()
        self.leave("closed")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._connection.close()

    async def _hear(self, track: MediaStreamTrack, resampling: Resampling, longest: float) -> None:
        resampler, heard, since = Resampler(), 0.0, self._clock()
        frames: list[av.AudioFrame] = []
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return self.leave("ended")
            if not isinstance(frame, av.AudioFrame):
                continue
            heard += frame.samples / frame.sample_rate
            if heard > HEADSTART + FASTER * (self._clock() - since):
                return self.leave("too much sound")
            self._last = self._clock() if self.speaking else self._last
            frames.append(frame)
            if len(frames) < PIECE:
                continue
            samples = await resampling(resampler, frames)
            frames = []
            if self._listener is not None and samples.size:
                self._listener(samples)
                if self._clock() - self._began > longest:
                    self._end()

    async def _watch(self, longest: float, idle: float, life: float) -> None:
        """Ends talks that no sound comes for, and microphones that nobody speaks into."""
        born = self._clock()
        while not self._gone.done():
            await asyncio.sleep(min(0.25, idle / 4))
            now = self._clock()
            if self.speaking and (now - self._last > SILENT or now - self._began > longest + 1):
                self._end()
            if not self.speaking and now - max(self._last, self._began) > idle:
                self.leave("idle")
            if now - born > life:
                self.leave("too long")

    def _end(self) -> None:
        listener, self._listener = self._listener, None
        ends, self._ends = self._ends, None
        if ends is not None:
            ends.cancel()
        if listener is not None:
            self._last = self._clock()
            try:
                listener.end()
            except Exception:  # who listens must not harm the connection
                log.exception("the end of what a viewer said could not be heard")

    def _changed(self) -> None:
        state = self._connection.connectionState
        if state == "connected" and not self._connected.done():
            self._connected.set_result(None)
        elif state in ("failed", "closed"):
            self.leave("lost")
