"""Voices and hosts over HTTP, and a studio whose cast is changed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from guarded import Guarded
from on_stage import Inline

from host_engine.access.who import Who
from host_engine.channel.studio.recasting import Cast
from host_engine.channel_file.config import Channel
from host_engine.control.operators.cast import cast_routes
from host_engine.direction.refusals import NotDone
from host_engine.host.voice import open_voices

ANNA = Who("anna")


class Picture:
    """Draws whoever it is told to, when it is told to."""

    def __init__(self) -> None:
        self.drawn = 0
        self.on_air: list[Any] = []

    def recast(self, make_avatar: Any) -> Any:
        self.drawn += 1
        return lambda: self.on_air.append(make_avatar)


def cast(folder: Path, **avatar: Any) -> tuple[Cast, Any]:
    channel = Channel(name="demo", catalog=Path("c"), avatar=avatar)  # type: ignore[arg-type]
    channel._folder = folder
    show = SimpleNamespace(catalog=SimpleNamespace(language="en"))
    studio: Any = SimpleNamespace(
        voices=open_voices("auto", "en"), picture=Picture(), script=SimpleNamespace(show=show)
    )
    return Cast(channel, studio, Inline()), studio


async def test_other_voices_speak_from_the_next_text_on(tmp_path: Path) -> None:
    made, studio = cast(tmp_path)
    before = studio.voices.speak("Good day.")
    told = await made.speak_with(["espeak:en-gb+m3"], ANNA)
    assert (told["speaks"], told["use"]) == ("espeak:en-gb+m3", ["espeak:en-gb+m3"])
    after = studio.voices.speak("Good day.")
    assert after.voice == "espeak:en-gb+m3"
    assert len(after.samples) != len(before.samples) or not np.array_equal(after.samples, before.samples)
    assert {each["name"] for each in told["voices"]} >= {"espeak", "flite:slt"}


@pytest.mark.parametrize(
    "use", ["coqui:/etc", "coqui:../models", "espeak:../x", "flite:nobody", "espeak:xx-nobody", "http://x"]
)
async def test_no_voice_is_opened_from_a_path_or_by_a_wrong_name(tmp_path: Path, use: str) -> None:
    made, studio = cast(tmp_path)
    name = studio.voices.name
    with pytest.raises(NotDone) as refused:
        await made.speak_with([use], ANNA)
    assert refused.value.status == 422
    assert studio.voices.name == name


async def test_another_host_is_drawn_and_the_voice_follows(tmp_path: Path) -> None:
    made, studio = cast(tmp_path)
    audited: list[tuple[str, str]] = []
    made.audit = lambda who, action, outcome="done", **facts: audited.append((action, outcome))
    woman = studio.voices.name
    told = await made.appear("leo", None, ANNA)
    assert (told["host"], told["outfit"]) == ("leo", "navy")
    assert studio.picture.drawn == len(studio.picture.on_air) == 1
    assert studio.voices.name != woman
    assert (await made.appear("leo", "forest", ANNA))["outfit"] == "forest"
    for host, outfit in (("nobody", None), ("leo", "plum")):
        with pytest.raises(NotDone, match="there are"):
            await made.appear(host, outfit, ANNA)
    assert [outcome == "done" for _, outcome in audited] == [True, True, False, False]


async def test_two_changes_come_one_after_the_other(tmp_path: Path) -> None:
    made, studio = cast(tmp_path)
    await asyncio.gather(made.appear("leo", None, ANNA), made.appear("mira", "sage", ANNA))
    assert (made.hosts()["host"], made.hosts()["outfit"]) == ("mira", "sage")
    assert len(studio.picture.on_air) == 2


async def test_a_host_who_was_filmed_stays_and_it_is_said_what_to_do(tmp_path: Path) -> None:
    made, studio = cast(tmp_path, footage="avatars/mira")
    assert "channel file" in made.hosts()["why"]
    with pytest.raises(NotDone, match="was filmed"):
        await made.appear("leo", None, ANNA)
    assert not studio.picture.drawn


async def test_who_may_change_the_cast(tmp_path: Path) -> None:
    site, (made, _) = Guarded(tmp_path), cast(tmp_path)
    site.app.include_router(cast_routes(made, site.guard))
    async with site.client(site.token("viewer", "vic")) as http:
        assert (await http.get("/api/voices")).json()["use"] == ["auto"]
        assert (await http.get("/api/hosts")).json()["host"] == "mira"
        assert (await http.post("/api/host", json={"host": "leo"})).status_code == 403
        assert (await http.post("/api/voice", json={"use": ["espeak"]})).status_code == 403
    async with site.client(site.token()) as http:
        assert (await http.post("/api/host", json={"host": "leo", "outfit": "sand"})).json()["outfit"] == "sand"
        for use in ("espeak", ["espeak"]):
            assert (await http.post("/api/voice", json={"use": use})).json()["use"] == ["espeak"]
        for path, body in (("/api/host", {"host": ""}), ("/api/voice", {"use": []}), ("/api/voice", {"use": 7})):
            assert (await http.post(path, json=body)).status_code == 422
        assert (await http.post("/api/host", json={"host": "zoe"})).status_code == 404
