"""An operator takes over and hands back, over real WebRTC on this machine with aiortc as the browser."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest
from operator_browser import Browser, Lens
from until import until

from host_engine.access.who import Who
from host_engine.media import Beat, Face, Format
from host_engine.outputs.offer import Refused
from host_engine.playout.idle import Idle
from host_engine.playout.lane import Cut, Lane
from host_engine.playout.playout import Playout
from host_engine.show.rundown import Line
from host_engine.takeover import session as sessions
from host_engine.takeover.relay import HUMAN
from host_engine.takeover.takeover import Air, Takeover

FORMAT = Format(360, 640)
ANNA, BEN, CHIEF = Who("anna"), Who("ben"), Who("chief", "admin")


class Channel:
    """A show in real time: each frame is pulled when it is due, and kept for a while."""

    def __init__(self, **settings: Any) -> None:
        self.count, self.muted = 0, False
        self.operator = Lane("operator", self.make, cut=Cut.NOW)
        self.rundown = Lane("rundown", self.make, self.next)
        self.playout = Playout([self.operator, self.rundown], Idle(FORMAT))
        self.told: list[dict[str, Any]] = []
        self.rows: list[tuple[str, str, str]] = []
        air = Air(
            FORMAT, self.playout, self.operator, self.rundown, lambda: "en", lambda: (36, 64), muted=lambda: self.muted
        )
        self.takeover = Takeover(air, self.tell, self.audit, **settings)
        self.beats: list[Beat] = []
        self.order: list[str] = []  # of what was on air

    def tell(self, what: str, **data: Any) -> None:
        self.told.append({"what": what, **data})

    def audit(self, who: Who, action: str, outcome: str = "done", **facts: object) -> None:
        self.rows.append((who.name, action, outcome))

    async def make(self, line: Line) -> AsyncIterator[Beat]:
        for k in range(500):
            yield Beat(np.full(FORMAT.samples, 0.01, np.float32), Face(speaking=True), line, k, left=499 - k)

    def next(self) -> Line:
        self.count += 1
        return Line(f"s/{self.count}", f"Line {self.count}.", (), "en", "tea", "tea")

    async def air(self) -> None:
        while True:
            beat = self.playout.pull()
            self.beats = [*self.beats[-200:], beat]
            id = beat.line.id if beat.line else "idle"
            if id != (self.order[-1] if self.order else None):
                self.order.append(id)
            await asyncio.sleep(0.04)

    @property
    def human(self) -> bool:
        return bool(self.beats) and self.beats[-1].voice == HUMAN

    @contextlib.asynccontextmanager
    async def browser(self, who: Who = ANNA, camera: Lens | None = None, take: bool = False) -> AsyncIterator[Browser]:
        browser = Browser(camera)
        try:
            kind = "camera" if camera else "voice"
            await browser.take(await self.takeover.begin(who, await browser.offer(), kind, take))  # type: ignore[arg-type]
            yield browser
        finally:
            await browser.close()


@contextlib.asynccontextmanager
async def on_air(**settings: Any) -> AsyncIterator[Channel]:
    channel = Channel(**settings)
    jobs = [asyncio.create_task(channel.air()), asyncio.create_task(channel.takeover.run())]
    try:
        await until(lambda: channel.order[-1:] == ["s/1"])
        channel.order[:] = ["s/1"]
        yield channel
    finally:
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)


async def test_the_voice_replaces_the_hosts_and_the_show_goes_on_with_the_same_sentence() -> None:
    async with on_air() as channel:
        assert channel.takeover.state() == {"active": False}
        async with channel.browser():
            await until(lambda: channel.human, 20)
            state = channel.takeover.state()
            assert (state["who"], state["kind"], state["on_air"]) == ("anna", "voice", True)
            await until(lambda: channel.beats[-1].samples.std() > 0.02, 20)
            await until(lambda: channel.beats[-1].face.energy > 0.2)
            await until(lambda: channel.takeover.state()["level"] > -40)
            assert channel.takeover.prompt()[:2] == ["Line 1.", "Line 2."]
            assert channel.takeover.end(ANNA) == {"active": False}
            await until(lambda: channel.order[-1] == "s/1")
        assert channel.order == ["s/1", "takeover/1", "s/1"]
        assert [each["state"] for each in channel.told] == ["begin", "end"]
        assert channel.rows == [("anna", "takeover", "done"), ("anna", "takeover/end", "done")]


async def test_a_browser_that_vanishes_gives_the_show_back_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    async with on_air() as channel, channel.browser() as browser:
        await until(lambda: channel.human, 20)
        browser.vanish()
        loop = asyncio.get_running_loop()
        began = loop.time()
        await until(lambda: channel.order[-1] == "s/1")
        assert sessions.SILENT - 0.3 < loop.time() - began < 8  # 1.3 s, on a machine with time
        assert "heard" in channel.told[-1]["why"]
        assert channel.takeover.state() == {"active": False}


async def test_one_at_a_time_and_an_admin_may_take_it() -> None:
    async with on_air() as channel, channel.browser(ANNA):
        await until(lambda: channel.human, 20)
        other = Browser()
        offer = await other.offer()
        with pytest.raises(Refused, match="anna has the show; an admin") as refused:
            await channel.takeover.begin(BEN, offer, take=True)
        assert refused.value.status == 409
        with pytest.raises(Refused, match="take=true"):
            await channel.takeover.begin(CHIEF, offer)
        with pytest.raises(Refused, match="only they or an admin"):
            channel.takeover.end(BEN)
        await other.close()
        async with channel.browser(CHIEF, take=True):
            await until(lambda: channel.takeover.state()["who"] == "chief", 20)
            await until(lambda: channel.order[-1] == "takeover/2")
            assert channel.order == ["s/1", "takeover/1", "takeover/2"]  # nothing was said in between
            channel.takeover.end(CHIEF)
            await until(lambda: channel.order[-1] == "s/1")
        assert [row for row in channel.rows if row[2] != "done"] != []


async def test_an_operators_words_make_way_and_are_said_afterwards() -> None:
    async with on_air() as channel:
        words = Line("say/1", "One moment.", (), "en", "operator")
        channel.operator.add(words)
        await until(lambda: channel.order[-1] == "say/1")
        async with channel.browser():
            await until(lambda: channel.human, 20)
            channel.takeover.end(ANNA)
            await until(lambda: channel.order[-1] == "say/1")
        assert channel.order == ["s/1", "say/1", "takeover/1", "say/1"]


async def test_a_cut_by_order_ends_the_connection_as_well() -> None:
    async with on_air() as channel, channel.browser():
        await until(lambda: channel.human, 20)
        channel.playout.take()
        await until(lambda: channel.order[-1] == "s/1")
        await until(lambda: not channel.takeover.state()["active"])
        assert "by order" in channel.told[-1]["why"]


async def test_what_a_human_has_said_is_not_said_again() -> None:
    async with on_air() as channel:
        with pytest.raises(Refused, match="says her lines herself"):
            channel.takeover.next(ANNA)
        async with channel.browser():
            await until(lambda: channel.human, 20)
            with pytest.raises(Refused, match="not the first"):
                channel.takeover.next(ANNA, "s/9")
            left = channel.takeover.next(ANNA, "s/1")
            assert left["lines"][0]["id"] == "s/2"
            channel.takeover.end(ANNA)
            await until(lambda: channel.order[-1] == "s/2")


async def test_a_camera_shows_the_human_and_one_that_freezes_shows_the_host_again() -> None:
    lens = Lens()
    async with on_air() as channel, channel.browser(camera=lens):
        await until(lambda: channel.human and channel.beats[-1].camera is not None, 20)
        picture = channel.beats[-1].camera
        assert picture is not None
        assert picture.shape == (64, 36, 3)
        assert picture[30, 18, 0] > picture[30, 18, 1] + 60  # red
        assert channel.takeover.state()["camera"] == "live"
        lens.go.clear()
        await until(lambda: channel.beats[-1].camera is None)
        assert channel.human  # the voice goes on, from the host's lips
        await until(lambda: channel.told[-1].get("camera") == "frozen")
        lens.go.set()
        await until(lambda: channel.beats[-1].camera is not None)


@pytest.mark.parametrize(
    ("sdp", "kind", "status"),
    [
        ("", "voice", 400),
        ("hello", "voice", 400),
        ("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", "voice", 422),
        ("v=0\r\n" + "a=x\r\n" * 5000, "voice", 413),
        ("v=0\r\nm=audio 9 x 1\r\n", "camera", 422),
    ],
)
async def test_offers_that_are_none_change_nothing(sdp: str, kind: Any, status: int) -> None:
    channel = Channel()
    with pytest.raises(Refused) as refused:
        await channel.takeover.begin(ANNA, sdp, kind)
    assert refused.value.status in (status, 400)
    assert channel.takeover.state() == {"active": False}
    assert channel.rows[0][:2] == ("anna", "takeover")
    assert channel.rows[0][2] != "done"


async def test_it_is_refused_while_muted_without_cameras_and_too_often() -> None:
    channel = Channel(cameras=False)
    with pytest.raises(Refused, match="shows no operator's camera"):
        await channel.takeover.begin(ANNA, "v=0", "camera")
    channel.muted = True
    with pytest.raises(Refused, match="muted"):
        await channel.takeover.begin(ANNA, "v=0")
    for _ in range(5):
        with contextlib.suppress(Refused):
            await channel.takeover.begin(ANNA, "v=0")
    with pytest.raises(Refused) as refused:
        await channel.takeover.begin(ANNA, "v=0")
    assert refused.value.status == 429


async def test_one_who_never_connects_and_one_who_never_ends_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "CONNECT", 0.2)
    async with on_air() as channel:
        absent = Browser()
        await channel.takeover.begin(ANNA, await absent.offer())
        assert channel.takeover.state()["active"]
        await until(lambda: not channel.takeover.state()["active"])
        await absent.close()
        assert channel.order == ["s/1"]
    monkeypatch.setattr(sessions, "CONNECT", 15)
    async with on_air(longest=1.0) as channel, channel.browser():
        await until(lambda: not channel.takeover.state()["active"], 20)
        assert "minutes at most" in channel.told[-1]["why"]
