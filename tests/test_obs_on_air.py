"""A channel as a process that steers an OBS: on air without it, steered when it comes, and left with the slate."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rtmp_server import free_port
from scripted_obs import ScriptedObs
from test_direction_on_air import Directed, until

pytestmark = pytest.mark.alone

PASSWORD = "sesame-of-the-test"


class WithObs(Directed):
    def obs(self) -> dict[str, Any]:
        found: dict[str, Any] = self.get("/status")["obs"]
        return found

    def alarms(self) -> dict[str, str]:
        return {each["name"]: each["text"] for each in self.get("/status")["alarms"]}

    def steered(self, scene: str) -> bool:
        state = self.obs()
        return state["state"] == "steered" and state["scene"] == {"wanted": scene, "shown": scene}


@pytest.fixture
def obs() -> Iterator[ScriptedObs]:
    made = ScriptedObs("another password", free_port())
    yield made
    made.stop()


@pytest.fixture
def channel(tmp_path: Path, obs: ScriptedObs, monkeypatch: pytest.MonkeyPatch) -> Iterator[WithObs]:
    monkeypatch.setitem(os.environ, "OBS_PASSWORD", PASSWORD)
    wanted = {"port": obs.port, "password_env": "OBS_PASSWORD", "feed": {"way": "http-flv"}}
    running = WithObs(tmp_path, obs=wanted)
    yield running
    running.end()


@pytest.mark.timeout(240)
def test_a_channel_with_an_obs(channel: WithObs, obs: ScriptedObs) -> None:
    channel.wait(lambda: channel.obs()["state"] == "away")
    assert "is not there: start it" in channel.alarms()["obs/away"]
    channel.wait(lambda: channel.get("/status")["on_air"]["line"])
    assert "The show goes on without it" in channel.log.read_text()
    refused = channel.order("POST", "/api/obs/put-right")
    assert refused[0] == 503
    assert "is not there" in refused[1]["detail"]

    obs.start()
    channel.wait(lambda: channel.obs()["state"] == "wrong password")
    assert "refuses the password" in channel.alarms()["obs/away"]
    obs.password = PASSWORD
    channel.wait(lambda: channel.steered("studio"))
    channel.wait(lambda: "obs/away" not in channel.alarms())
    assert {"studio", "flash-sale", "be-right-back", "human"} <= set(obs.scenes)
    assert obs.order("studio") == ["Host engine (away)", "Host engine"]
    slate = Path(obs.inputs["Host engine (away)"]["settings"]["file"])
    assert slate.is_absolute()
    assert slate.read_bytes().startswith(b"\x89PNG")

    assert channel.order("POST", "/api/scene", name="flash-sale")[0] == 200
    channel.wait(lambda: obs.program == "flash-sale")
    assert channel.order("POST", "/api/mute", on=True)[0] == 200
    channel.wait(lambda: obs.program == "be-right-back")
    assert channel.order("POST", "/api/mute", on=False)[0] == 200
    channel.wait(lambda: channel.steered("flash-sale"))

    obs.show("Scene")
    channel.wait(lambda: obs.program == "flash-sale")
    told = until(channel.listen(), "obs", state="put right", detail="OBS shows the scene 'Scene', not 'flash-sale'. "
                 "Put right.")  # fmt: skip
    assert told
    assert channel.order("POST", "/api/obs/by-hand", by_hand="follow")[1]["by_hand"] == "follow"
    channel.wait(lambda: obs.count("GetSceneList") and channel.steered("flash-sale"))
    before = obs.count("GetSceneCollectionList")
    channel.wait(lambda: obs.count("GetSceneCollectionList") > before + 1)
    obs.show("Scene")
    channel.wait(lambda: channel.obs()["drift"] == 1)
    assert channel.order("GET", "/api/obs")[1]["drift"] == ["OBS shows the scene 'Scene', not 'flash-sale'."]
    status, shown = channel.order("POST", "/api/obs/put-right")
    assert (status, shown["scene"]["shown"], obs.program) == (200, "flash-sale", "flash-sale")

    channel.end()
    assert obs.program == "be-right-back"
    kept = str(channel.rows())
    assert "put OBS right" in kept
    assert "changes of OBS by hand" in kept
    log = channel.log.read_text()
    assert "Traceback" not in log
    assert PASSWORD not in log
    assert re.search(r"OBS 29\.0\.2 is steered by obs-websocket 5\.1\.0", log)
