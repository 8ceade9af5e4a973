"""A real OBS for the tests: Debian's, under Xvfb, in its own network, set up by the code of `obs setup --write`."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import select
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import websocket
from own_network import Network
from rtmp_server import free_port

from host_engine.channel_file.steering import Obs
from host_engine.media import Format
from host_engine.obs.collection import collection_of
from host_engine.obs.home import Home
from host_engine.obs.profile import Shape
from host_engine.obs.setup_files import Websocket, Written, write
from host_engine.show.box import Box
from host_engine.show.scene import Label, Scene

PACKAGES = "obs-studio obs-plugins xvfb xauth libgl1-mesa-dri"
INSTALL = f"this test needs a real OBS: apt-get install --no-install-recommends {PACKAGES}"
PATIENCE = 60.0  # seconds for OBS to answer; it takes one where nothing else runs


def need_obs() -> None:
    """Say why a test that needs OBS cannot run: a failure where it can be installed, else skipped with the reason."""
    missing = [each for each in ("obs", "Xvfb") if shutil.which(each) is None]
    if missing and os.geteuid() == 0:
        pytest.fail(INSTALL)
    if missing:
        pytest.skip(f"{' and '.join(missing)} cannot be installed without root here; {INSTALL}")


class RefusedByObs(Exception):
    """A request that OBS refused: its code and comment."""

    def __init__(self, code: int, comment: str) -> None:
        super().__init__(f"{code}: {comment}")
        self.code = code


class ObsProgram:
    """OBS with the scenes of a small show, its websocket at `port` of this machine's loopback.

    `ask` is a client of the tests' own: what it says of OBS does not depend on ours. Nothing is left running by `end`.
    """

    def __init__(
        self,
        folder: Path,
        format: Format | None = None,
        obs: Obs | None = None,
        network: Network | None = None,
        scenes: tuple[str, ...] = ("studio", "be-right-back"),
        page: str = "http://127.0.0.1:8080",
        slate: Path | None = None,
    ) -> None:
        """network: one that exists already, such as a benchmark's own; else OBS gets one where that is possible."""
        self.folder, self.format = folder, format or Format(640, 360, 30)
        self.network, self._own = network or Network(), network is None
        self._port = 4455 if self.network.path else free_port()
        self.password = hashlib.sha256(os.urandom(16)).hexdigest()[:16]
        self.obs = obs or Obs()
        self.home = Home(folder / "home" / ".config" / "obs-studio")
        self.port = self.network.inward(self._port)
        self.display = ""
        self._scenes, self._page, self._slate = scenes, page, slate
        self._x: subprocess.Popen[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: websocket.WebSocket | None = None

    def set_up(self) -> list[Written]:
        """Write the files of an OBS that was never started, by the code of the product."""
        size = (self.format.width, self.format.height)
        scenes = {name: _scene(name, size) for name in self._scenes}
        wanted = collection_of(self.obs, "test", scenes, size, self.format.fps, self._page, self._slate)
        server = Websocket(self._port, self.password)
        return write(self.home, wanted, Shape(self.format, 1500, "ultrafast"), server)

    def start(self) -> None:
        """Start it and wait until it answers. Raises pytest's own failure, with OBS's log, when it does not."""
        need_obs()
        if not self.home.used:
            self.set_up()
        if self._x is None:
            self._start_x()
        self._start_obs()
        self.wait_until_it_answers()

    def ask(self, request: str, **fields: Any) -> dict[str, Any]:
        """What OBS answers. Raises RefusedByObs, and OSError or websocket's own where there is no OBS."""
        if self._socket is None:
            self._socket = self._identified()
        number = os.urandom(8).hex()
        data = {"requestType": request, "requestId": number, "requestData": fields}
        try:
            self._socket.send(json.dumps({"op": 6, "d": data}))
            while True:
                answer = json.loads(self._socket.recv())
                if answer["op"] == 7 and answer["d"]["requestId"] == number:
                    break
        except (OSError, websocket.WebSocketException, ValueError):
            self.hang_up()
            raise
        status = answer["d"]["requestStatus"]
        if not status["result"]:
            raise RefusedByObs(status["code"], status.get("comment", ""))
        return answer["d"].get("responseData") or {}

    def hang_up(self) -> None:
        """Forget the connection of `ask`; the next one makes another."""
        if self._socket is not None:
            with suppress(Exception):
                self._socket.close(timeout=1)
            self._socket = None

    def screenshot(self, source: str, path: Path, width: int = 320) -> Path:
        """A source or scene as OBS has it now, as a PNG."""
        answer = self.ask("GetSourceScreenshot", sourceName=source, imageFormat="png", imageWidth=width)
        path.write_bytes(base64.b64decode(answer["imageData"].partition(",")[2]))
        return path

    def window(self, path: Path) -> Path:
        """All that is on its screen, as a PNG: needs ffmpeg."""
        command = ["ffmpeg", "-v", "error", "-y", "-f", "x11grab", "-i", self.display, "-frames:v", "1", str(path)]
        subprocess.run([*self.network.command, *command], check=True, timeout=PATIENCE)
        return path

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    @property
    def log(self) -> str:
        path = self.folder / "obs.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def freeze(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """End OBS at once, as a crash does; its screen stays."""
        self._gone(signal.SIGKILL)

    def quit(self) -> None:
        """End OBS as a machine does that is switched off."""
        self._gone(signal.SIGTERM)

    def end(self) -> None:
        """End everything that was started."""
        self._gone(signal.SIGKILL)
        if self._x is not None:
            self._x.kill()
            self._x.wait()
            self._x = None
        if self._own:
            self.network.close()

    def wait_until_it_answers(self) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.ask("GetSceneList")
                return
            except (OSError, websocket.WebSocketException, ValueError, RefusedByObs) as error:
                self.hang_up()
                if self._process is None or self._process.poll() is not None:
                    pytest.fail(f"OBS has ended: {self.log[-3000:]}")
                if time.monotonic() > end:
                    pytest.fail(f"OBS does not answer ({error}): {self.log[-3000:]}")
            time.sleep(0.05)

    def _gone(self, sign: int) -> None:
        self.hang_up()
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGCONT)
            self._process.send_signal(sign)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _start_x(self) -> None:
        """A screen in memory, with the first free number."""
        reads, writes = os.pipe()
        command = ["Xvfb", "-displayfd", str(writes), "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"]
        log = (self.folder / "xvfb.log").open("wb")
        self._x = subprocess.Popen([*self.network.command, *command], pass_fds=[writes], stdout=log, stderr=log)
        log.close()
        os.close(writes)
        with os.fdopen(reads) as said:
            number = said.readline().strip() if select.select([said], [], [], PATIENCE)[0] else ""
        if not number:
            pytest.fail(f"Xvfb does not start: {(self.folder / 'xvfb.log').read_text(errors='replace')}")
        self.display = f":{number}"

    def _start_obs(self) -> None:
        runtime = self.folder / "run"
        runtime.mkdir(mode=0o700, exist_ok=True)
        environment = {
            "HOME": str(self.folder / "home"),
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LANG": "C.UTF-8",
            "DISPLAY": self.display,
            "XDG_RUNTIME_DIR": str(runtime),
            "QT_QPA_PLATFORM": "xcb",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "GALLIUM_DRIVER": "llvmpipe",
            "LP_NUM_THREADS": "2",
        }
        command = ["obs", "--multi", "--disable-missing-files-check", "--disable-updater"]
        log = (self.folder / "obs.log").open("ab")
        self._process = subprocess.Popen(
            [*self.network.command, *command], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        log.close()

    def _identified(self) -> websocket.WebSocket:
        """A connection that has said who it is, by protocol 5."""
        made = websocket.create_connection(f"ws://127.0.0.1:{self.port}", timeout=10)
        hello = json.loads(made.recv())["d"]
        identify: dict[str, Any] = {"rpcVersion": 1, "eventSubscriptions": 0}
        if asked := hello.get("authentication"):
            identify["authentication"] = _hashed(_hashed(self.password + asked["salt"]) + asked["challenge"])
        made.send(json.dumps({"op": 1, "d": identify}))
        if json.loads(made.recv())["op"] != 2:
            raise ValueError("OBS does not let the tests in")
        return made


def _hashed(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _scene(name: str, size: tuple[int, int]) -> Scene:
    """A scene of the channel, as far as OBS is told of it."""
    return Scene.model_construct(name=name, size=size, label=Label(box=Box(size[0] - 100, 10, 90, 20)))
