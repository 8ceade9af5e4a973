"""`python -m benchmarks.whip_sink`: a media server that takes WHIP, in a process of its own, and decodes nothing.

Prints the port it listens at; ends with its stdin and then prints how many RTP packets came, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from types import TracebackType
from typing import Any

import uvicorn
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription, rtcrtpreceiver
from aiortc.rtcconfiguration import RTCBundlePolicy
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.lines import ROOT
from benchmarks.loopback import end_with_parent
from benchmarks.watching import Undecoded
from host_engine.outputs.whep import gather

GOODBYE = 15.0  # seconds to say what came


class Sink:
    """All who publish here. `peers` are those that ever came."""

    def __init__(self) -> None:
        self.peers: list[RTCPeerConnection] = []

    async def take(self, request: Request) -> Response:
        """WHIP's POST: an offer for an answer."""
        peer = RTCPeerConnection(RTCConfiguration([], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self.peers.append(peer)
        await peer.setRemoteDescription(RTCSessionDescription((await request.body()).decode(), "offer"))
        answer = await peer.createAnswer()
        await gather(peer.getTransceivers()[0].receiver.transport.transport.iceGatherer)
        await peer.setLocalDescription(answer)
        headers = {"Location": f"/whip/{len(self.peers)}"}
        return Response(peer.localDescription.sdp, 201, headers, "application/sdp")

    async def end(self, request: Request) -> Response:
        """WHIP's DELETE."""
        await self.peers[int(request.path_params["number"]) - 1].close()
        return Response(status_code=200)

    async def packets(self) -> int:
        """RTP packets that came, of all who are here."""
        stats: list[Any] = [each for peer in self.peers for each in (await peer.getStats()).values()]
        return sum(each.packetsReceived for each in stats if each.type == "inbound-rtp")


async def serve() -> None:
    """Until stdin ends."""
    rtcrtpreceiver.get_decoder = lambda codec: Undecoded()  # type: ignore
    sink = Sink()
    routes = [Route("/whip", sink.take, methods=["POST"]), Route("/whip/{number:int}", sink.end, methods=["DELETE"])]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=0, log_level="warning"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.05)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    print(json.dumps({"packets": await sink.packets()}), flush=True)
    server.should_exit = True
    await serving


class WhipSink:
    """The process, seen from a benchmark, for as long as the block lasts; `packets` after it says what came."""

    def __init__(self) -> None:
        command, pipe = [sys.executable, "-m", "benchmarks.whip_sink"], subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        assert self._process.stdout
        self.port = int(self._process.stdout.readline())
        self.packets = 0

    @property
    def output(self) -> dict[str, Any]:
        """The output in a channel file."""
        return {"kind": "whip", "name": "sfu", "url": f"http://127.0.0.1:{self.port}/whip"}

    def __enter__(self) -> WhipSink:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        try:
            said, _rest = self._process.communicate("", GOODBYE)
            self.packets = json.loads(said.splitlines()[-1])["packets"]
        except (subprocess.TimeoutExpired, ValueError, IndexError):
            self._process.kill()
            self._process.wait()
            if kind is None:
                raise RuntimeError("the media server did not say what came") from None


if __name__ == "__main__":
    end_with_parent()
    asyncio.run(serve())
