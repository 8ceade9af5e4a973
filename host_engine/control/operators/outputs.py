"""The outputs over HTTP: how they do, one more, stop, start, another key; none of it touches the others."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Mapping
from typing import Annotated, Any, Literal, Protocol

from fastapi import APIRouter, HTTPException, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from host_engine.access.who import Who
from host_engine.control.body import JSON, read_json
from host_engine.control.operators.documented import gives, takes
from host_engine.control.operators.guard import Guard
from host_engine.direction.refusals import NotDone

Name = Annotated[str, Path(max_length=40, description="Of the output.")]
Key = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[!-~]+$", description="Never shown again.")]
Variable = Annotated[
    str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,63}$", description="Name of the environment variable that holds the key.")
]
Url = Annotated[str, Field(max_length=1000, description="rtmp[s]://HOST/APP; of WHIP https://HOST/PATH.")]
OUTPUT = {
    "name": "tube", "state": "live", "error": None, "dropped": 0, "live_s": 61.2, "kbps": 2494, "behind_ms": 40,
    "reconnects": 0, "last_error": None, "kind": "rtmp", "to": "rtmps://live.example.com/...", "added": True,
    "needs": None, "wishes": {"kbps": 900, "label": "KI", "language": "de", "delay": 30.0, "backup": "rtmp://b/..."},
}  # fmt: skip


class Worked(Protocol):
    """The outputs, as far as operators work on them. Methods that change something raise NotDone."""

    def listed(self) -> list[dict[str, Any]]: ...
    async def add(self, written: Mapping[str, Any], who: Who) -> dict[str, Any]: ...
    async def stop(self, name: str, who: Who) -> dict[str, Any]: ...
    async def start(self, name: str, who: Who) -> dict[str, Any]: ...
    async def remove(self, name: str, who: Who) -> None: ...
    async def change_key(self, name: str, key: str, key_env: str, who: Who) -> dict[str, Any]: ...


class Add(BaseModel):
    """An RTMP target: name, url, and key or key_env. A WHIP target: the same; its key is the bearer token. Pictures
    that are to differ from the channel's (picture, kbps, label, language) cost one more encode, shared by all that want
    the same. A recording: name, and what is known of its files; it goes to the channel's folder of recordings."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["rtmp", "whip", "file"]
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
    url: Url | None = None
    platform: Annotated[str, Field(max_length=40, description="A preset, such as youtube.")] | None = None
    key: Key | None = None
    key_env: Variable | None = None
    backup: Annotated[Url, Field(description="A second address, used while the first one cannot be.")] | None = None
    picture: Annotated[list[int], Field(min_length=2, max_length=2, description="Width and height.")] | None = None
    kbps: Annotated[int, Field(ge=200, le=50_000, description="Of the pictures, 1000 bit/s.")] | None = None
    label: Annotated[str, Field(min_length=2, max_length=40, description="Text of the AI label.")] | None = None
    language: Annotated[str, Field(max_length=20, description="Of the AI label, such as de.")] | None = None
    delay: Annotated[str, Field(max_length=20, description="Held back for so long, such as 30s.")] | None = None
    rotate: Annotated[str, Field(max_length=20, description="A new session about so often, such as 8h.")] | None = None
    watch: Annotated[Url, Field(description="Where viewers could watch it; it is measured there.")] | None = None
    format: Literal["mp4", "mkv"] | None = None
    segment: Annotated[str, Field(max_length=20, description="Length of a file, such as 15m.")] | None = None
    days: Annotated[float, Field(gt=0, le=3660, description="Older files of it are deleted.")] | None = None
    size: Annotated[str, Field(max_length=20, description="At most so much in all, such as 200GB.")] | None = None

    @model_validator(mode="after")
    def _of_a_kind(self) -> Add:
        target = self.url, self.key, self.key_env, self.backup
        wishes = self.picture, self.kbps, self.label, self.language, self.delay, self.rotate, self.watch
        if self.kind == "file" and any((*target, *wishes)):
            raise ValueError("a recording has no url and no key, and nothing that differs from the channel")
        if self.kind != "file" and not (self.url or (self.kind == "rtmp" and self.platform)):
            raise ValueError("a target needs a url, or an RTMP target the name of its platform")
        if self.kind != "rtmp" and self.platform:
            raise ValueError("only an RTMP target has a platform")
        if self.kind != "file" and any((self.format, self.segment, self.days, self.size)):
            raise ValueError("a target has no files")
        if self.key and self.key_env:
            raise ValueError("give either the key or the variable that holds it")
        return self


class NewKey(BaseModel):
    """A stream key or bearer token, or the environment variable that holds it."""

    model_config = ConfigDict(extra="forbid")

    key: Key | None = None
    key_env: Variable | None = None

    @model_validator(mode="after")
    def _one(self) -> NewKey:
        if (self.key is None) == (self.key_env is None):
            raise ValueError("give either the key or the variable that holds it")
        return self


def outputs_routes(outputs: Worked, guard: Guard) -> APIRouter:
    """The routes. Looking needs the role viewer, stopping and starting operator; where the channel goes, and with which
    key, is the admins' to say."""
    router = APIRouter(prefix="/api/outputs", tags=["outputs"])

    @router.get("", responses=gives([OUTPUT], "All of them."))
    async def listed(request: Request) -> Response:
        """Every output and how it does."""
        guard.let_in(request, "viewer")
        return _json(outputs.listed())

    @router.post("", status_code=201, openapi_extra=takes(Add), responses=gives(OUTPUT, "It is started.", 201))
    async def add(request: Request) -> Response:
        """One more. It outlives a restart; a key that was typed in does not, so it then waits for it. For admins."""
        who = guard.let_in(request, "admin")
        wanted = await read_json(request, Add)
        return await _done(outputs.add(wanted.model_dump(), who), 201)

    @router.post("/{name}/stop", responses=gives(OUTPUT | {"state": "stopped"}, "It is stopped."))
    async def stop(name: Name, request: Request) -> Response:
        """Stop it; a recording is closed. It stays so, through restarts, until it is started again."""
        who = guard.let_in(request)
        return await _done(outputs.stop(name, who))

    @router.post("/{name}/start", responses=gives(OUTPUT | {"state": "connecting"}, "It is started."))
    async def start(name: Name, request: Request) -> Response:
        """Start one that was stopped, or that its server had refused."""
        who = guard.let_in(request)
        return await _done(outputs.start(name, who))

    @router.post("/{name}/key", openapi_extra=takes(NewKey), responses=gives(OUTPUT, "It connects with that key."))
    async def change_key(name: Name, request: Request) -> Response:
        """Send with another stream key from now on; it is kept in memory only, the name of its variable for good. For
        admins."""
        who = guard.let_in(request, "admin")
        wanted = await read_json(request, NewKey)
        return await _done(outputs.change_key(name, wanted.key or "", wanted.key_env or "", who))

    @router.delete("/{name}", status_code=204, response_class=Response)
    async def remove(name: Name, request: Request) -> Response:
        """Stop it and forget it, also where the channel file has it, until that wants it otherwise. For admins."""
        who = guard.let_in(request, "admin")
        try:
            await outputs.remove(name, who)
        except NotDone as error:
            raise HTTPException(error.status, str(error)) from error
        return Response(status_code=204)

    return router


async def _done(act: Awaitable[Any], status: int = 200) -> Response:
    try:
        return _json(await act, status)
    except NotDone as error:
        raise HTTPException(error.status, str(error)) from error


def _json(body: Any, status: int = 200) -> Response:
    text = json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return Response(text, status, media_type=JSON, headers={"Cache-Control": "no-store"})
