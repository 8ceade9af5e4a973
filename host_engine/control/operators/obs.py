"""OBS over HTTP: how it stands with it, everything put right now, and who may change it by hand."""

from __future__ import annotations

import json
from typing import Any, Literal, Protocol

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict

from host_engine.access.who import Who
from host_engine.control.body import JSON, read_json
from host_engine.control.operators.documented import gives, takes
from host_engine.control.operators.guard import Guard
from host_engine.direction.refusals import NotDone

OBS = {
    "state": "steered", "said": "", "scene": {"wanted": "studio", "shown": "studio"}, "streaming": True,
    "by_hand": None, "drift": [], "troubles": {}, "put_right": 1, "connections": 1, "took_ms": 212.4,
    "changes": [{"at": 1795365000.2, "reason": "OBS shows the scene 'Chat', not 'studio'."}],
    "obs": "29.0.2", "websocket": "5.1.0", "collection": "tea", "profile": "tea",
}  # fmt: skip
NONE = "This channel steers no OBS: its file has no `obs:`."


class Steered(Protocol):
    """OBS, as far as operators act upon it. Methods that change something raise NotDone."""

    def shown(self) -> dict[str, Any]: ...
    async def put_right(self, who: Who) -> dict[str, Any]: ...
    def let(self, by_hand: Literal["enforce", "follow"] | None, who: Who) -> dict[str, Any]: ...


class ByHand(BaseModel):
    """Whether changes by hand in OBS are put right (enforce), or respected until the scene changes (follow); null: as
    the files say."""

    model_config = ConfigDict(extra="forbid")

    by_hand: Literal["enforce", "follow"] | None


def obs_routes(obs: Steered | None, guard: Guard) -> APIRouter:
    """The routes; looking needs the role viewer, changing operator."""
    router = APIRouter(prefix="/api/obs", tags=["obs"])

    @router.get("", responses=gives(OBS, "How it stands."))
    async def shown(request: Request) -> Response:
        """Whether OBS is there and steered, what was put right, and what somebody changed by hand."""
        guard.let_in(request, "viewer")
        return _json(_there(obs).shown())

    @router.post("/put-right", responses=gives(OBS, "It is as the show wants it."))
    async def put_right(request: Request) -> Response:
        """Put right now whatever is not as the show wants it, whoever changed it."""
        who = guard.let_in(request)
        try:
            return _json(await _there(obs).put_right(who))
        except NotDone as error:
            raise HTTPException(error.status, str(error)) from error

    @router.post("/by-hand", openapi_extra=takes(ByHand), responses=gives(OBS, "So it is from now on."))
    async def by_hand(request: Request) -> Response:
        """Say what becomes of changes by hand, until the channel ends."""
        who = guard.let_in(request)
        wanted = await read_json(request, ByHand)
        return _json(_there(obs).let(wanted.by_hand, who))

    return router


def _there(obs: Steered | None) -> Steered:
    if obs is None:
        raise HTTPException(404, NONE)
    return obs


def _json(body: Any) -> Response:
    text = json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return Response(text, media_type=JSON, headers={"Cache-Control": "no-store"})
