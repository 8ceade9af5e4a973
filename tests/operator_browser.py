"""An operator's browser, with aiortc in place of Chromium: a microphone, and a camera where one is wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from fractions import Fraction

import av
import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamTrack
from numpy.typing import NDArray

RATE = 48_000
PACKET = 960

Sound = Callable[[NDArray[np.int64]], NDArray[np.float64]]  # samples at these places of the sound


def tone(at: NDArray[np.int64]) -> NDArray[np.float64]:
    """A note whose loudness comes and goes four times a second, as that of speech does."""
    swell = 0.55 + 0.45 * np.sin(2 * np.pi * 4 * at / RATE)
    return np.asarray(0.25 * swell * np.sin(2 * np.pi * 220 * at / RATE))


def audio_frame(samples: NDArray[np.floating], pts: int | None, rate: int = RATE, form: str = "s16") -> av.AudioFrame:
    """A frame of mono samples (n,), or of several channels (channels, n)."""
    whole = np.atleast_2d(samples)
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[len(whole)]
    if form == "s16":
        packed = (np.clip(whole, -1, 1) * 32767).astype(np.int16).T.reshape(1, -1)
    else:
        packed = np.ascontiguousarray(whole, np.float32)
    frame = av.AudioFrame.from_ndarray(packed, form, layout)
    frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
    frame.pts = pts
    return frame


class Microphone(MediaStreamTrack):
    """20 ms of sound at a time, in time; `held` while nothing is to leave."""

    kind = "audio"

    def __init__(self, sound: Sound = tone) -> None:
        super().__init__()
        self.sound, self.n = sound, 0
        self.go = asyncio.Event()
        self.go.set()
        self._due = 0.0

    async def recv(self) -> av.AudioFrame:
        await self.go.wait()
        now = asyncio.get_running_loop().time()
        self._due = max(self._due + PACKET / RATE, now - 0.1) if self._due else now
        await asyncio.sleep(max(0.0, self._due - now))
        at = self.n * PACKET + np.arange(PACKET)
        frame = audio_frame(np.tile(self.sound(at), (2, 1)), self.n * PACKET)
        self.n += 1
        return frame


class Lens(MediaStreamTrack):
    """A picture of one colour 15 times a second."""

    kind = "video"

    def __init__(self, colour: tuple[int, int, int] = (200, 40, 40), size: tuple[int, int] = (320, 240)) -> None:
        super().__init__()
        self.colour, self.size, self.n = colour, size, 0
        self.go = asyncio.Event()
        self.go.set()

    async def recv(self) -> av.VideoFrame:
        await self.go.wait()
        await asyncio.sleep(1 / 15)
        picture = np.empty((self.size[1], self.size[0], 3), np.uint8)
        picture[:] = self.colour
        frame = av.VideoFrame.from_ndarray(picture, "rgb24")
        frame.pts, frame.time_base = self.n * 6000, Fraction(1, 90_000)
        self.n += 1
        return frame


class Browser:
    """Offers what it has, takes the answer, and sends."""

    def __init__(self, camera: Lens | None = None, sound: Sound = tone) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration([]))
        self.microphone, self.camera = Microphone(sound), camera

    async def offer(self) -> str:
        self.connection.addTransceiver(self.microphone, direction="sendonly")
        if self.camera is not None:
            self.connection.addTransceiver(self.camera, direction="sendonly")
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return str(self.connection.localDescription.sdp)

    async def take(self, answer: str) -> None:
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    def vanish(self) -> None:
        """As a browser does whose machine goes to sleep: nothing more comes, and nobody says goodbye."""
        self.microphone.go.clear()
        if self.camera is not None:
            self.camera.go.clear()

    async def close(self) -> None:
        await self.connection.close()
