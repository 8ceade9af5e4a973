"""Who speaks and who appears, over HTTP: voices and hosts, and others instead of them."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from host_engine.access.who import Who
from host_engine.control.body import JSON, read_json
from host_engine.control.operators.documented import gives, takes
from host_engine.control.operators.guard import Guard
from host_engine.direction.refusals import NotDone

VOICES = {
    "speaks": "flite:slt", "use": ["auto"], "fallen": {},
    "voices": [{"name": "espeak", "here": True, "about": "141 languages"}],
}  # fmt: skip
HOSTS = {
    "host": "mira", "outfit": "teal", "filmed": None, "why": None,
    "hosts": [{"host": "mira", "outfits": ["teal", "plum"], "voice": "woman"}],
}  # fmt: skip


Name = Annotated[str, Field(min_length=1, max_length=200)]


class Recasts(Protocol):
    """Who may speak and appear. Methods that change something raise NotDone."""

    async def voices(self) -> dict[str, Any]: ...
    async def speak_with(self, use: list[str], who: Who) -> dict[str, Any]: ...
    def hosts(self) -> dict[str, Any]: ...
    async def appear(self, host: str, outfit: str | None, who: Who) -> dict[str, Any]: ...


class Speaks(BaseModel):
    """Voices in order of preference: auto, espeak, espeak:NAME, flite, flite:NAME, or one of the channel file's."""

    model_config = ConfigDict(extra="forbid")

    use: Name | Annotated[list[Name], Field(min_length=1, max_length=5)]


class Appears(BaseModel):
    """A drawn host, and what she or he wears; the first outfit when left out."""

    model_config = ConfigDict(extra="forbid")

    host: Annotated[str, Field(min_length=1, max_length=40)]
    outfit: Annotated[str, Field(min_length=1, max_length=40)] | None = None


def cast_routes(cast: Recasts, guard: Guard) -> APIRouter:
    """The routes; looking needs the role viewer, changing operator."""
    router = APIRouter(tags=["cast"])

    @router.get("/api/voices", responses=gives(VOICES, "Who may speak, and who does."))
    async def voices(request: Request) -> Response:
        """The voices that there are, and the one that speaks."""
        guard.let_in(request, "viewer")
        return _json(await cast.voices())

    @router.post(
        "/api/voice", openapi_extra=takes(Speaks), responses=gives(VOICES, "They speak from the next line on.")
    )
    async def voice(request: Request) -> Response:
        """Have other voices speak, from the next line on that is not made ready yet."""
        who = guard.let_in(request)
        wanted = await read_json(request, Speaks)
        return await _done(cast.speak_with([wanted.use] if isinstance(wanted.use, str) else wanted.use, who))

    @router.get("/api/hosts", responses=gives(HOSTS, "Who may appear, and who does."))
    async def hosts(request: Request) -> Response:
        """The drawn hosts and their outfits, and who is on air; `why` says so where nobody else may appear."""
        guard.let_in(request, "viewer")
        return _json(cast.hosts())

    @router.post("/api/host", openapi_extra=takes(Appears), responses=gives(HOSTS, "She is on air."))
    async def host(request: Request) -> Response:
        """Have another drawn host, or other clothes, drawn beside the show and put on air between two frames."""
        who = guard.let_in(request)
        wanted = await read_json(request, Appears)
        return await _done(cast.appear(wanted.host, wanted.outfit, who))

    return router


async def _done(act: Awaitable[Any]) -> Response:
    try:
        return _json(await act)
    except NotDone as error:
        raise HTTPException(error.status, str(error)) from error


def _json(body: Any) -> Response:
    text = json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return Response(text, media_type=JSON, headers={"Cache-Control": "no-store"})
