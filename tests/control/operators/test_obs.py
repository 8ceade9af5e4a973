"""OBS over HTTP: who may look, who may put it right, and a channel without one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from guarded import Guarded

from host_engine.access.who import Who
from host_engine.control.operators.obs import obs_routes
from host_engine.direction.refusals import NotDone


class Scripted:
    """An OBS at work that does as it is told, unless it is away."""

    def __init__(self) -> None:
        self.by_hand: str | None = None
        self.away = False
        self.did: list[tuple[str, str]] = []

    def shown(self) -> dict[str, Any]:
        return {"state": "away" if self.away else "steered", "by_hand": self.by_hand}

    async def put_right(self, who: Who) -> dict[str, Any]:
        if self.away:
            raise NotDone("OBS is not there.", 503)
        self.did.append(("put right", who.name))
        return self.shown()

    def let(self, by_hand: Any, who: Who) -> dict[str, Any]:
        self.by_hand = by_hand
        self.did.append(("let", who.name))
        return self.shown()


def guarded(folder: Path, obs: Scripted | None) -> Guarded:
    made = Guarded(folder)
    made.app.include_router(obs_routes(obs, made.guard))
    return made


async def test_operators_see_and_put_right(tmp_path: Path) -> None:
    obs = Scripted()
    made = guarded(tmp_path, obs)
    async with made.client(made.token()) as client:
        assert (await client.get("/api/obs")).json() == {"state": "steered", "by_hand": None}
        assert (await client.post("/api/obs/put-right")).status_code == 200
        assert (await client.post("/api/obs/by-hand", json={"by_hand": "follow"})).json()["by_hand"] == "follow"
        assert (await client.post("/api/obs/by-hand", json={"by_hand": None})).json()["by_hand"] is None
        for wrong in ({}, {"by_hand": "never"}, {"by_hand": "follow", "more": 1}):
            assert (await client.post("/api/obs/by-hand", json=wrong)).status_code == 422
        obs.away = True
        refused = await client.post("/api/obs/put-right")
        assert (refused.status_code, refused.json()["detail"]) == (503, "OBS is not there.")
    assert obs.did == [("put right", "anna"), ("let", "anna"), ("let", "anna")]


async def test_viewers_only_look_and_nobody_else_does(tmp_path: Path) -> None:
    obs = Scripted()
    made = guarded(tmp_path, obs)
    async with made.client(made.token("viewer")) as client:
        assert (await client.get("/api/obs")).status_code == 200
        assert (await client.post("/api/obs/put-right")).status_code == 403
        assert (await client.post("/api/obs/by-hand", json={"by_hand": "follow"})).status_code == 403
    async with made.client() as client:
        assert (await client.get("/api/obs")).status_code == 401
    assert obs.did == []


async def test_a_channel_without_an_obs_says_so(tmp_path: Path) -> None:
    made = guarded(tmp_path, None)
    async with made.client(made.token()) as client:
        for answer in (await client.get("/api/obs"), await client.post("/api/obs/put-right"),
                       await client.post("/api/obs/by-hand", json={"by_hand": None})):  # fmt: skip
            assert answer.status_code == 404
            assert answer.json()["detail"] == "This channel steers no OBS: its file has no `obs:`."
