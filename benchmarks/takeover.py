"""Take-over: from an operator's first sample, and from any later one, to its encoded frame; and from handing back to
the host's next frame; over WebRTC, with a peer in a process of its own."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamTrack
from aiortc.rtcconfiguration import RTCBundlePolicy

from benchmarks.kept import keep, spread
from benchmarks.onair import OnAir
from host_engine.access.making import make
from host_engine.channel.operators.token_places import tokens_file
from host_engine.channel_file import config
from host_engine.outputs.whep import gather

TIMES, SHORT = 20, 4  # take-overs
BURSTS = 5  # in each, the first of which begins with the first sample
EVERY = 1.3  # seconds from one to the next, roughly
RATE, PACKET = 48_000, 960
WARM = 5.0


class Microphone(MediaStreamTrack):
    """Silence with bursts of 60 ms in it. `spoken`: when the first sample of each was, as a real one is spoken 20 ms
    before its packet is there."""

    kind = "audio"

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.spoken: list[float] = []
        self._n, self._random, self._next = 0, random.Random(seed), 0
        self._due = 0.0

    async def recv(self) -> av.AudioFrame:
        now = time.monotonic()
        self._due = self._due + PACKET / RATE if self._due else now
        await asyncio.sleep(max(0.0, self._due - now))
        begin = self._n * PACKET
        at = begin + np.arange(PACKET)
        if begin <= self._next < begin + PACKET and len(self.spoken) < BURSTS:
            self.spoken.append(time.monotonic() - (begin + PACKET - self._next) / RATE)
        loud = (at >= self._next) & (at < self._next + 0.06 * RATE) & (len(self.spoken) <= BURSTS)
        if at[-1] >= self._next + 0.06 * RATE and len(self.spoken) < BURSTS:
            self._next += round(RATE * (EVERY + self._random.uniform(-0.1, 0.1)))
        samples = np.where(loud, 0.6 * np.sin(2 * np.pi * 1000 * at / RATE), 0)
        frame = av.AudioFrame.from_ndarray(np.repeat((samples * 32767).astype(np.int16), 2)[None], "s16", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, begin, Fraction(1, RATE)
        self._n += 1
        return frame


async def take_over(http: httpx.AsyncClient, seed: int) -> dict[str, Any]:
    """Take over for some seconds, and hand back: when what was."""
    connection, microphone = (
        RTCPeerConnection(RTCConfiguration([], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)),
        Microphone(seed),
    )
    transceiver = connection.addTransceiver(microphone, direction="sendonly")
    offer = await connection.createOffer()
    await gather(transceiver.receiver.transport.transport.iceGatherer)
    await connection.setLocalDescription(offer)
    asked = time.monotonic()
    answer = await http.post("/api/takeover", json={"sdp": connection.localDescription.sdp, "kind": "voice"})
    answer.raise_for_status()
    await connection.setRemoteDescription(RTCSessionDescription(answer.json()["sdp"], "answer"))
    async with asyncio.timeout(60):
        while len(microphone.spoken) < BURSTS:
            await asyncio.sleep(0.02)
    await asyncio.sleep(EVERY)
    released = time.monotonic()
    (await http.delete("/api/takeover")).raise_for_status()
    await connection.close()
    await asyncio.sleep(1.5 + random.Random(seed).random() * 0.04)
    return {"asked": asked, "spoken": microphone.spoken, "released": released}


async def take_overs(address: str, token: str, times: int) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=30) as http:
        return [await take_over(http, seed) for seed in range(times)]


def run(times: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        notes = folder / "taken"
        wanted = {"seconds": 60 + 15 * times, "taken": str(notes)}
        with OnAir(folder, [], wanted) as channel:
            file = tokens_file(config.load(next(folder.glob("*.yaml"))))
            token, _ = make(file, "benchmark", "operator", timedelta(days=1), datetime.now(UTC))
            time.sleep(WARM)
            jumps, began = channel.status()["clock"]["jumps"], time.monotonic()
            taken = asyncio.run(take_overs(channel.address, token, times))
            ended, jumps = time.monotonic(), channel.status()["clock"]["jumps"] - jumps
        late = [value for at, value in channel.notes["late"] if began <= at <= ended]
        seen = [json.loads(line) for line in notes.read_text().splitlines()]
    keep("takeover", figures(taken, seen, late, jumps), times=times)


def figures(taken: list[dict[str, Any]], seen: list[dict[str, Any]], late: list[float], jumps: int) -> dict[str, float]:
    """What follows from when things were spoken and when they left."""

    def after(what: str, at: float) -> float:
        return next(each["at"] for each in seen if each["what"] == what and each["at"] > at) - at

    first = [1000 * after("burst", each["spoken"][0]) for each in taken]
    later = [1000 * after("burst", at) for each in taken for at in each["spoken"][1:]]
    back = [1000 * after("host", each["released"]) for each in taken]
    asked = [1000 * after("begin", each["asked"]) for each in taken]
    return {
        **spread(first, "first_sample_ms"),
        **spread(later, "sample_ms"),
        **spread(back, "back_ms"),
        **spread(asked, "asked_ms"),
        **spread(late, "late_ms"),
        "jumps": jumps,
    }


if __name__ == "__main__":
    run(SHORT if "--short" in sys.argv else TIMES)
