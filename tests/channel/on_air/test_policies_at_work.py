"""The policies of a channel on air: judged again and again, obeyed where they force, told where they refuse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import yaml
from guarded import Guarded
from typer.testing import CliRunner
from until import until

from host_engine.access.who import Who
from host_engine.alarms import Alarms
from host_engine.channel.on_air.picture_moves import EVERY
from host_engine.channel.on_air.policies_at_work import FILES, PoliciesAtWork
from host_engine.channel.outputs.output_requests import OutputRequests
from host_engine.channel.policies.ruling import rule_file
from host_engine.channel_file import config
from host_engine.channel_file.config import RtmpTarget
from host_engine.commands.cli import app
from host_engine.control.operators.policies import policies_routes
from host_engine.direction.refusals import NotDone
from host_engine.media import Format, Frame, Unit
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.fanout import Fanout
from host_engine.policies.unspoken import Unspoken
from host_engine.show.label_demand import LabelDemand
from host_engine.show.script import load_show

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)
ANNA = Who("anna")
LIVE = "rtmp://live.example.com/app"
SHOP = RtmpTarget(kind="rtmp", name="shop", platform="tiktok-shop-us", url=LIVE)
CATALOG = """\
name: tea
shop: Leaf
language: en
products:
  - {id: sencha, title: Sencha, description: A green tea., price: 15.00 EUR}
"""
RUNDOWN = "segments:\n  - {id: hello, lines: [Hello to all of you.]}\n"
NOTICE = "mandatory:\n  - {id: ai, every: 20m, text: I am an AI host.}\n"
LOUD = """\
title: Loud
where: here
checked: 2026-11-22
again: 3000
rules:
  - {id: aloud, asks: notice, every: 30m, says: The host says that she is an AI., words: {en: [[AI]]}}
"""


def write(into: Path, notice: str = NOTICE, **compliance: Any) -> Path:
    catalog = into / "catalog"
    catalog.mkdir(exist_ok=True)
    (catalog / "catalog.yaml").write_text(CATALOG)
    (catalog / "rundown.yaml").write_text(notice + RUNDOWN)
    path = into / "channel.yaml"
    written = {"name": "demo", "catalog": "catalog", "scenes": str(ROOT / "scenes"), "compliance": compliance}
    path.write_text(yaml.safe_dump(written))
    return path


class Outputs:
    """Outputs of which only is known what is wanted, and how long each has been live."""

    def __init__(self) -> None:
        self.all_wanted: list[Any] = []
        self.live: dict[str, float] = {}
        self.hooks: list[Any] = []
        self.requests = SimpleNamespace(admit=None)

    def status(self) -> list[dict[str, Any]]:
        return [{"name": name, "state": "live", "live_s": seconds} for name, seconds in self.live.items()]


class AtWork:
    """The policies of a channel, and what they act upon."""

    def __init__(self, path: Path) -> None:
        channel = config.load(path)
        self.show = load_show(channel.path(channel.catalog))
        self.labels: list[LabelDemand] = []
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.audited: list[tuple[str, str]] = []
        self.facts: list[str] = []
        self.alarms, self.outputs, self.seconds = Alarms(), Outputs(), 0.0
        self.fanout = Fanout(now=lambda: self.seconds)
        playout = SimpleNamespace(lanes=[], lane=None, now=SimpleNamespace(line=None), cut_if=lambda stale: None)
        self.studio: Any = SimpleNamespace(
            ruling=rule_file(channel, path),
            picture=SimpleNamespace(relabelled=lambda demand: lambda: self.labels.append(demand)),
            script=SimpleNamespace(show=self.show),
            preparation=SimpleNamespace(unspoken=None),
            program=SimpleNamespace(hears=None),
            playout=playout,
        )
        self.policies = PoliciesAtWork(
            self.studio, self.alarms, self.outputs, self.fanout, lambda: NOW,  # type: ignore[arg-type]
            lambda kind, text: self.facts.append(text),
        )  # fmt: skip
        self.policies.tell = lambda what, **data: self.told.append((what, data))
        self.policies.audit = lambda who, action, outcome="done", **facts: self.audited.append((action, outcome))

    @property
    def sounded(self) -> dict[str, str]:
        return {each.name: each.text for each in self.alarms.raised}


async def test_a_target_that_allows_no_ai_voice_silences_them_and_keeps_them_silent(tmp_path: Path) -> None:
    air = AtWork(write(tmp_path))
    await air.policies.look()
    assert not air.policies.human.on
    with pytest.raises(NotDone, match="turn the human-voice mode on first"):
        air.policies.admit(SHOP)
    air.outputs.all_wanted = [SHOP]
    await air.policies.look()
    assert isinstance(air.studio.preparation.unspoken, Unspoken)
    assert air.audited == [("human voice on", "done")]
    assert "no AI voice is heard any more" in air.facts[0]
    assert air.labels[-1].safe.top == 0.13
    with pytest.raises(NotDone, match=r"^The output 'shop' would get an AI voice"):
        await air.policies.let_people_speak(False, ANNA)
    assert air.audited[-1][0] == "human voice off"
    assert air.audited[-1][1].startswith("The output")
    air.outputs.all_wanted = []
    state = await air.policies.let_people_speak(False, ANNA)
    assert state["human_voice"] == {"on": False, "by_hand": False, "because": None}
    assert air.studio.preparation.unspoken is None


async def test_a_target_added_a_moment_ago_counts_when_the_mode_is_turned_off(tmp_path: Path) -> None:
    air = AtWork(write(tmp_path))
    await air.policies.let_people_speak(True, ANNA)
    assert air.policies.admit(SHOP) == SHOP
    air.outputs.all_wanted = [SHOP]  # nobody has looked since
    with pytest.raises(NotDone):
        await air.policies.let_people_speak(False, ANNA)
    assert air.policies.human.on


async def test_a_target_that_is_ordered_by_its_platform_gets_its_address_or_a_sentence(tmp_path: Path) -> None:
    path = write(tmp_path)
    air, requests = AtWork(path), OutputRequests(config.load(path), {})
    requests.admit = air.policies.admit
    wanted, key = requests.wanted({"kind": "rtmp", "name": "tube", "platform": "youtube", "key": "abc"}, [])
    assert (wanted.url, key) == ("rtmps://a.rtmps.youtube.com:443/live2", "abc")  # type: ignore[union-attr]
    for platform, said in (("tiktok", "no address of its own"), ("youtub", "did you mean 'youtube'")):
        with pytest.raises(NotDone, match=said):
            requests.wanted({"kind": "rtmp", "name": "tube", "platform": platform, "key": "abc"}, [])
    with pytest.raises(NotDone, match=r"^Write the url, or a platform"):
        requests.wanted({"kind": "rtmp", "name": "tube", "key": "abc"}, [])


async def test_what_the_channel_file_says_is_not_undone_on_air(tmp_path: Path) -> None:
    air = AtWork(write(tmp_path, human_voice=True))
    air.studio.preparation.unspoken = Unspoken()  # as `build` leaves it
    with pytest.raises(NotDone, match="The channel file says"):
        await air.policies.let_people_speak(False, ANNA)


async def test_a_show_without_the_notice_is_an_alarm_until_it_has_it(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "loud.yaml").write_text(LOUD)
    air = AtWork(write(tmp_path, policies=["loud"], folder="own"))
    await air.policies.look()
    assert not air.sounded
    write(tmp_path, notice="", policies=["loud"], folder="own")
    air.studio.script.show = load_show(tmp_path / "catalog")
    await air.policies.look()
    said = air.sounded["policy/loud/aloud"]
    assert said.startswith("No mandatory line of the rundown says so; Loud:")
    assert "loud.yaml:6" in said
    assert air.policies.status()["not_kept"] == ["loud/aloud"]
    air.studio.script.show = air.show
    await air.policies.look()
    assert not air.sounded


async def test_a_policy_file_that_is_saved_comes_in_force_and_one_that_is_wrong_does_not(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    file = tmp_path / "own" / "loud.yaml"
    file.write_text(LOUD)
    air = AtWork(write(tmp_path, policies=["loud"], folder="own"))
    await air.policies.look()
    file.write_text(LOUD.replace("30m", "oftener"))
    await air.policies.look()
    assert "loud.yaml:6" in air.sounded[FILES]
    assert "hold on" in air.sounded[FILES]
    assert air.policies.status()["in_force"] == ["loud"]
    voice = "  - {id: people, asks: human-voice, says: Only people speak in our shop.}\n"
    file.write_text(LOUD.replace("30m", "10m") + voice)
    await air.policies.look()
    assert FILES not in air.sounded
    assert "is said every 20m" in air.sounded["policy/loud/aloud"]
    assert air.policies.human.on
    file.unlink()
    await air.policies.look()
    assert air.policies.status()["in_force"] == ["loud"]
    assert air.policies.human.on


async def test_sessions_that_are_too_long_are_told(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    rule = "  - {id: short, asks: session, longest: 1h, says: No session lasts longer than an hour., otherwise: warn}\n"
    (tmp_path / "own" / "loud.yaml").write_text(LOUD + rule)
    air = AtWork(write(tmp_path, policies=["loud"], folder="own"))
    air.outputs.live = {"tube": 3000.0}
    await air.policies.look()
    assert not air.sounded
    air.outputs.live = {"tube": 4000.0}
    await air.policies.look()
    assert "the session of 'tube' has lasted 1h6m40s" in air.sounded["policy/loud/short"].lower()


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[AtWork]:
    air = AtWork(write(tmp_path))
    air.policies.human.turn(True)
    air.outputs.all_wanted = [SHOP]
    await air.policies.look()
    task = asyncio.create_task(air.policies.moves.run())
    yield air
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def key_frame(picture: np.ndarray) -> Unit:
    encoder = Encoder(Format(160, 320), preset="ultrafast")
    (unit,) = encoder.encode(Frame(0, picture, np.zeros((2, 1920), np.float32)))
    encoder.close()
    assert unit.key
    return unit


async def test_a_picture_that_stands_still_is_told_and_one_that_moves_is_not(running: AtWork) -> None:
    noise, still = np.random.default_rng(1), np.full((480, 160), 90, np.uint8)
    moving = []
    for _ in range(3):
        picture = still.copy()
        picture[:300] = noise.integers(16, 235, (300, 160))
        moving.append(key_frame(picture))

    async def show(unit: Unit, n: int) -> None:
        running.seconds += EVERY + 0.01
        running.fanout.send(unit._replace(n=n))
        await until(lambda: running.policies.moves.seen == n + 1, 30)

    await until(lambda: running.fanout.readers, 30)
    standing = key_frame(still)
    for n in range(34):
        await show(standing, n)
    assert running.policies.status()["still_share"]["60s"] > 0.9
    await running.policies.look()
    assert "of the picture has stood still for 1m, and 50 % are allowed" in str(running.sounded)
    for n in range(34, 68):
        await show(moving[n % 3], n)
    assert running.policies.status()["still_share"]["60s"] < 0.5
    await running.policies.look()
    assert "policy/tiktok-shop-us-live/moving" not in running.sounded


async def test_over_http_viewers_look_and_operators_let_people_speak(tmp_path: Path) -> None:
    air, site = AtWork(write(tmp_path, policies=["eu-ai-act"])), Guarded(tmp_path)
    site.app.include_router(policies_routes(air.policies, site.guard))
    viewer, operator = site.client(site.token("viewer", "vera")), site.client(site.token("operator", "otto"))
    state = (await viewer.get("/api/policies")).json()
    assert [each["name"] for each in state["policies"]] == ["eu-ai-act"]
    assert {each["id"]: each["kept"] for each in state["policies"][0]["rules"]}["label"] is True
    assert state["advice"] == "This is not legal advice."
    path = "/api/policies/human-voice"
    assert (await viewer.post(path, json={"on": True})).status_code == 403
    for wrong in ({}, {"on": "perhaps"}, {"on": True, "more": 1}):
        assert (await operator.post(path, json=wrong)).status_code == 422
    assert not air.policies.human.on
    done = await operator.post(path, json={"on": True})
    assert (done.status_code, done.json()["human_voice"]["on"]) == (200, True)
    air.outputs.all_wanted = [SHOP]
    refused = await operator.post(path, json={"on": False})
    assert refused.status_code == 409
    assert "tiktok-shop-us-live.yaml:" in refused.json()["detail"]


def cli(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["policy", *arguments])


def test_the_command_lists_shows_and_checks(tmp_path: Path) -> None:
    listed = cli("list")
    assert listed.exit_code == 0, listed.output
    assert "youtube-altered-content" in listed.stdout
    assert "not legal advice" in listed.output
    shown = cli("show", "china-labelling")
    assert "Not verified:" in shown.stdout
    assert "Source: Measures for Labelling" in shown.stdout
    assert "rtmps://a.rtmps.youtube.com:443/live2" in cli("show", "youtube").stdout
    assert "there is no policy or platform 'eu'" in cli("show", "eu").output
    path = write(tmp_path, policies=["eu-ai-act"])
    kept = cli("check", str(path))
    assert (kept.exit_code, "All of it is kept." in kept.stdout) == (0, True), kept.output
    refused = cli("check", str(write(tmp_path, policies=["douyin-virtual-host"])))
    assert refused.exit_code == 1
    assert "refused:" in refused.stdout
    assert "compliance.registration" in refused.stdout
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine.yaml").write_text("rules: 7\n")
    wrong = cli("check", str(write(tmp_path, policies=["mine"], folder="own")))
    assert wrong.exit_code == 1
    assert "mine.yaml" in wrong.output
