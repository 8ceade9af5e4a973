"""`python -m benchmarks.watching WANTED`: WebRTC viewers of a channel, in a process of their own, which decode nothing.

WANTED is JSON: {"address": of the channel, "count": viewers, "stay": seconds after which each leaves and another comes,
0 for never, "sound": a file for when each packet of sound came}. Prints a line when all watch; ends with its stdin and
then prints what it counted, as JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpReceiver, RTCSessionDescription, rtcrtpreceiver
from aiortc.rtcconfiguration import RTCBundlePolicy

from benchmarks.loopback import end_with_parent
from host_engine.outputs.whep import gather

TRIES = 20  # to be let in


class Undecoded:
    """A decoder that makes nothing of what it gets: only what the channel does is measured."""

    def decode(self, encoded: object) -> list[Any]:
        return []


class Viewer:
    """One viewer, from the offer to the goodbye."""

    def __init__(self, address: str) -> None:
        self._address, self._session = address, ""
        self._pc = RTCPeerConnection(RTCConfiguration([], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self._connected = asyncio.Event()
        self._pc.on("connectionstatechange", self._changed)

    async def come(self) -> None:
        """Be watching. Raises TimeoutError, or URLError when the channel does not want it."""
        for kind in ("video", "audio"):
            transceiver = self._pc.addTransceiver(kind, direction="recvonly")
        await gather(transceiver.receiver.transport.transport.iceGatherer)
        await self._pc.setLocalDescription(await self._pc.createOffer())
        offer = self._pc.localDescription.sdp.encode()
        answer, self._session = await asyncio.to_thread(self._send, "POST", "/whep", offer)
        await self._pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        await asyncio.wait_for(self._connected.wait(), 15)

    async def leave(self) -> None:
        with contextlib.suppress(OSError):
            if self._session:
                await asyncio.to_thread(self._send, "DELETE", self._session, None)
        await self._pc.close()

    async def packets(self) -> int:
        """Packets received so far."""
        stats = await self._pc.getStats()
        return sum(each.packetsReceived for each in stats.values() if each.type == "inbound-rtp")

    def _changed(self) -> None:
        if self._pc.connectionState == "connected":
            self._connected.set()

    def _send(self, method: str, path: str, body: bytes | None) -> tuple[str, str]:
        headers = {"Content-Type": "application/sdp"}
        request = urllib.request.Request(self._address + path, body, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as reply:
            return reply.read().decode(), reply.headers.get("Location") or ""


class Crowd:
    """Viewers, each of whom leaves after a while and is followed by another, where that is wanted."""

    def __init__(self, address: str, count: int, stay: float) -> None:
        self._address, self._count, self._stay = address, count, stay
        self._viewers: dict[int, Viewer] = {}
        self.counts = {"joined": 0, "left": 0, "refused": 0}

    async def watch(self) -> None:
        """Until cancelled."""
        try:
            for place in range(self._count):
                await self._come(place)
            print("all watch", flush=True)
            place = 0
            while True:
                await asyncio.sleep(self._stay or 3600)
                if viewer := self._viewers.pop(place, None):
                    await viewer.leave()
                    self.counts["left"] += 1
                await self._come(place)
                place = (place + 1) % self._count
        finally:
            await asyncio.gather(*[viewer.leave() for viewer in self._viewers.values()], return_exceptions=True)

    async def _come(self, place: int) -> None:
        """Try until let in: the channel has a pace at which it takes viewers."""
        for _ in range(TRIES):
            viewer = Viewer(self._address)
            try:
                await viewer.come()
            except (OSError, TimeoutError):
                self.counts["refused"] += 1
                await viewer.leave()
                await asyncio.sleep(0.5)
                continue
            self._viewers[place] = viewer
            self.counts["joined"] += 1
            return


def note_sound(file: Path) -> None:
    """Write when each packet of sound arrived, and the packet, one line each."""
    handle = RTCRtpReceiver._handle_rtp_packet
    out = file.open("w", buffering=1)

    async def noting(self: Any, packet: Any, arrival_time_ms: int) -> None:
        if self._track.kind == "audio":
            out.write(f"{time.monotonic()} {bytes(packet.payload).hex()}\n")
        await handle(self, packet, arrival_time_ms)

    RTCRtpReceiver._handle_rtp_packet = noting  # type: ignore[method-assign]


async def main(wanted: dict[str, Any]) -> None:
    rtcrtpreceiver.get_decoder = lambda codec: Undecoded()  # type: ignore[assignment]
    if wanted.get("sound"):
        note_sound(Path(wanted["sound"]))
    crowd = Crowd(wanted["address"], wanted["count"], wanted.get("stay", 0))
    watching = asyncio.create_task(crowd.watch())
    over = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    await asyncio.wait([watching, over], return_when=asyncio.FIRST_COMPLETED)
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
    print(json.dumps(crowd.counts), flush=True)


if __name__ == "__main__":
    end_with_parent()
    asyncio.run(main(json.loads(sys.argv[1])))
