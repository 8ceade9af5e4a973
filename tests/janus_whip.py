"""A media server that is not ours: Debian's Janus, behind a thin WHIP front, on this machine only.

libnice and OpenSSL are the other side of the connection here. Janus passes what is published on over plain RTP, so that
a test sees what has really arrived.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from rtmp_server import free_port
from served import served
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

INSTALL = "the tests need a media server: apt-get install --no-install-recommends janus"
ADDRESS = re.compile(r"^\d+: (\S+?)(?:@\S+)?\s+inet (\d+\.\d+\.\d+\.\d+)/", re.MULTILINE)
PLUGIN = "janus.plugin.videoroom"
FOLDERS = "/usr/lib/x86_64-linux-gnu/janus", "/usr/lib/aarch64-linux-gnu/janus"
MAIN = """
general: {{
  configs_folder = "{folder}"; plugins_folder = "{installed}/plugins"; transports_folder = "{installed}/transports";
  events_folder = "{folder}/none"; loggers_folder = "{folder}/none"; log_to_stdout = true; debug_level = 3;
  session_timeout = 0;
}}
media: {{ rtp_port_range = "{first}-{last}"; }}
nat: {{ ice_enforce_list = "{address}"; ignore_mdns = true; }}
plugins: {{ disable = "libjanus_sip.so,libjanus_nosip.so,libjanus_lua.so,libjanus_duktape.so,libjanus_voicemail.so,\
libjanus_videocall.so,libjanus_textroom.so,libjanus_audiobridge.so,libjanus_echotest.so,libjanus_recordplay.so,\
libjanus_streaming.so"; }}
transports: {{ disable = "libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_rabbitmq.so,libjanus_pfunix.so,\
libjanus_websockets.so"; }}
"""
HTTP = 'general: {{ json = "compact"; base_path = "/janus"; http = true; port = {port}; ip = "127.0.0.1"; }}\n'
ROOM = """
room-1: {{ description = "host"; room = 1; publishers = 3; bitrate = 3000000; audiocodec = "opus"; videocodec = "h264";
  notify_joining = false; }}
"""


def own_address() -> str:
    """An address of this machine that is not the loopback's, which Janus does not use; skips where there is none."""
    said = subprocess.run(["ip", "-o", "-4", "addr", "show", "up"], capture_output=True, text=True, check=False).stdout
    found = [address for name, address in ADDRESS.findall(said) if name != "lo"]
    if not found:
        pytest.skip("Janus needs a network besides the loopback, and this machine has none")
    return str(found[0])


class Janus:
    """The process, and its API. `received` is what has been passed on of what is published: RTP packets by kind."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._address = folder, own_address()
        self._url = f"http://127.0.0.1:{free_port()}/janus"
        self._process: subprocess.Popen[bytes] | None = None
        self._client = httpx.AsyncClient(timeout=10, trust_env=False)

    async def start(self) -> None:
        process, until = self._launch(), time.monotonic() + 20
        while not await self._answers():
            if process.poll() is not None or time.monotonic() > until:
                pytest.fail("Janus did not start: " + (self._folder / "janus.log").read_text()[-2000:])
            await asyncio.sleep(0.05)

    def _launch(self) -> subprocess.Popen[bytes]:
        installed = next((each for each in FOLDERS if Path(each).is_dir()), None)
        program = shutil.which("janus")
        if not installed or not program:
            pytest.fail(INSTALL)
        self._folder.mkdir(parents=True, exist_ok=True)
        first = 20_000 + secrets.randbelow(300) * 100
        about = {"folder": self._folder, "installed": installed, "address": self._address}
        texts = {
            "janus.jcfg": MAIN.format(**about, first=first, last=first + 99),
            "janus.transport.http.jcfg": HTTP.format(port=httpx.URL(self._url).port),
            f"{PLUGIN}.jcfg": ROOM.format(),
        }
        for name, text in texts.items():
            (self._folder / name).write_text(text)
        log = (self._folder / "janus.log").open("ab")
        self._process = subprocess.Popen([program, "-F", str(self._folder)], stdout=log, stderr=log)
        log.close()
        return self._process

    def kill(self) -> None:
        """End it at once, connections and all."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    async def close(self) -> None:
        self.kill()
        await self._client.aclose()

    async def _answers(self) -> bool:
        try:
            return (await self._client.get(f"{self._url}/info")).status_code == 200
        except httpx.HTTPError:
            return False

    async def publish(self, offer: str) -> tuple[str, str]:
        """Let somebody publish in the room: the session's path, and the answer."""
        session = f"{self._url}/{(await self.ask(self._url, janus='create'))['data']['id']}"
        attached = await self.ask(session, janus="attach", plugin=PLUGIN)
        handle = f"{session}/{attached['data']['id']}"
        body = {"request": "joinandconfigure", "ptype": "publisher", "room": 1, "display": "host"}
        await self.ask(handle, janus="message", body=body, jsep={"type": "offer", "sdp": offer})
        while True:
            event = (await self._client.get(session)).json()
            if event.get("janus") == "event":
                break
        if "jsep" not in event:
            raise ValueError(str(event.get("plugindata")))
        return handle.removeprefix(self._url), event["jsep"]["sdp"]

    async def pass_on(self, path: str, port: int) -> None:
        """Have what comes on a publisher's handle passed on to 127.0.0.1: sound to the port, pictures to the next."""
        room: dict[str, Any] = {"request": "listparticipants", "room": 1}
        told = await self.ask(self._url + path, janus="message", body=room)
        publisher = told["plugindata"]["data"]["participants"][0]["id"]
        streams = [{"mid": str(number), "port": port + number, "host": "127.0.0.1"} for number in (0, 1)]
        body = {"request": "rtp_forward", "room": 1, "publisher_id": publisher, "host": "127.0.0.1", "streams": streams}
        told = await self.ask(self._url + path, janus="message", body=body)
        assert told["plugindata"]["data"].get("videoroom") == "rtp_forward", told

    async def end(self, path: str) -> None:
        with contextlib.suppress(httpx.HTTPError):
            await self.ask(self._url + path.rpartition("/")[0], janus="destroy")

    async def ask(self, url: str, **request: Any) -> dict[str, Any]:
        answer = (await self._client.post(url, json={"transaction": secrets.token_hex(8), **request})).json()
        if answer.get("janus") == "error":
            raise ValueError(str(answer["error"]))
        return answer  # type: ignore[no-any-return]


class Front:
    """WHIP, as Janus does not speak it: `url` takes offers with the bearer token."""

    def __init__(self, janus: Janus, token: str) -> None:
        self.janus, self._token = janus, token
        self.sessions: list[str] = []  # paths of those that publish, as Janus calls them
        self.ended: list[str] = []
        self.trickled: list[str] = []
        self.url = ""

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/whip/host", self._offer, methods=["POST"]),
                Route("/session/{at:path}", self._session, methods=["PATCH", "DELETE"]),
            ]
        )

    async def _offer(self, request: Request) -> Response:
        if request.headers.get("Authorization") != f"Bearer {self._token}":
            return PlainTextResponse("who are you?", 401, headers={"WWW-Authenticate": "Bearer"})
        if request.headers.get("Content-Type") != "application/sdp":
            return PlainTextResponse("no SDP", 415)
        try:
            path, answer = await self.janus.publish((await request.body()).decode())
        except httpx.HTTPError:
            return PlainTextResponse("no media server", 503, headers={"Retry-After": "1"})
        self.sessions.append(path)
        headers = {"Location": f"/session{path}", "ETag": '"first"'}
        return Response(answer, 201, media_type="application/sdp", headers=headers)

    async def _session(self, request: Request) -> Response:
        if request.headers.get("Authorization") != f"Bearer {self._token}":
            return PlainTextResponse("who are you?", 401)
        path = "/" + request.path_params["at"]
        if request.method == "PATCH":
            self.trickled.append((await request.body()).decode())
            return Response(status_code=204)
        self.ended.append(path)
        await self.janus.end(path)
        return Response(status_code=200)


class Passed(asyncio.DatagramProtocol):
    """The RTP packets that come at one port."""

    def __init__(self) -> None:
        self.packets: list[bytes] = []

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.packets.append(data)


@contextlib.asynccontextmanager
async def listening() -> AsyncIterator[tuple[int, Passed, Passed]]:
    """A port, at which sound is heard, and behind which pictures are seen."""
    loop = asyncio.get_running_loop()
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        try:
            sound = await loop.create_datagram_endpoint(Passed, local_addr=("127.0.0.1", port))
            pictures = await loop.create_datagram_endpoint(Passed, local_addr=("127.0.0.1", port + 1))
        except OSError:
            continue
        break
    try:
        yield port, sound[1], pictures[1]
    finally:
        sound[0].close()
        pictures[0].close()


@contextlib.asynccontextmanager
async def janus_behind_whip(folder: Path, token: str = "t0ken") -> AsyncIterator[Front]:
    """Janus with its front, until the block ends."""
    janus = Janus(folder)
    front = Front(janus, token)
    try:
        await janus.start()
        async with served(front.app()) as port:
            front.url = f"http://127.0.0.1:{port}/whip/host"
            yield front
    finally:
        await janus.close()
