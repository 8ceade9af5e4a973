"""An operator's microphone and camera over HTTP: an offer by POST, as WHIP has it, and the show back by DELETE."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from host_engine.control.body import JSON, fields, read, read_json
from host_engine.control.operators.documented import gives, takes
from host_engine.control.operators.guard import Guard
from host_engine.takeover.takeover import LONGEST_OFFER, Refused, Takeover

SDP = "application/sdp"
STATE = {
    "active": True, "who": "anna", "kind": "voice", "since": "2026-11-22T19:30:05+00:00", "on_air": True,
    "level": -18.5, "lost_ms": 0, "pauses": 0, "camera": None,
}  # fmt: skip
LINES = {"lines": [{"id": "tea/1a2b", "text": "This tea is grown at 1 200 m.", "segment": "tea", "product": "tea-1"}]}


class Wanted(BaseModel):
    """What is to be sent, and whether it is to be taken from whoever has the show."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["voice", "camera"] = "voice"
    take: StrictBool = Field(False, description="From whoever has the show now: admins only.")


class Offered(Wanted):
    """An offer in JSON, for who cannot send SDP."""

    sdp: Annotated[str, Field(max_length=LONGEST_OFFER)]


class Said(BaseModel):
    """The line of the prompter that the human has said."""

    model_config = ConfigDict(extra="forbid")

    line: Annotated[str, Field(max_length=200)] | None = Field(
        None, description="Its id; 409 where another is first by now."
    )


def takeover_routes(takeover: Takeover, guard: Guard) -> APIRouter:
    """The routes, for operators. What is done is audited by `takeover` itself."""
    router = APIRouter(prefix="/api/takeover", tags=["take-over"])

    @router.get("", responses=gives(STATE, "Who has the show; `active` alone where it is the host."))
    async def look(request: Request) -> Response:
        """Who speaks in the host's place, since when, how loud."""
        guard.let_in(request)
        return _json(takeover.state())

    @router.post("", status_code=201, openapi_extra=_offered(), responses=_answers())
    async def begin(request: Request) -> Response:
        """Offer to send a microphone, or a microphone and a camera: 201 with the SDP answer.

        The voice is on air as soon as it is heard: the host falls silent, and her lips follow it. With a camera the
        human is seen instead of her. An offer in SDP takes `kind` and `take` from the query.
        """
        who = guard.let_in(request)
        offer = await _offer(request)
        try:
            answer = await takeover.begin(who, offer.sdp, offer.kind, offer.take)
        except Refused as refused:
            raise _refusal(refused) from refused
        if _is_json(request):
            return _json({"sdp": answer, "kind": offer.kind}, 201)
        return Response(answer, 201, media_type=SDP, headers={"Location": "/api/takeover"})

    @router.delete("", responses=gives({"active": False}, "The host goes on, with the sentence that was interrupted."))
    async def end(request: Request) -> Response:
        """Hand back to the host. Whoever has the show may, and admins; where nobody has it, nothing happens."""
        who = guard.let_in(request)
        try:
            return _json(takeover.end(who))
        except Refused as refused:
            raise _refusal(refused) from refused

    @router.get("/prompter", responses=gives(LINES, "What the host would say next; with the first the show goes on."))
    async def prompter(request: Request) -> Response:
        """The text for the human: the sentence that was interrupted, and the next ones."""
        guard.let_in(request)
        return _json({"lines": takeover.prompter.listed()})

    @router.post("/next", openapi_extra=takes(Said), responses=gives(LINES, "The lines that are left."))
    async def next_line(request: Request) -> Response:
        """Say that the first line of the prompter has been said: it is not said again, and the next comes first."""
        who = guard.let_in(request)
        said = await read_json(request, Said)
        try:
            return _json(takeover.next(who, said.line))
        except Refused as refused:
            raise _refusal(refused) from refused

    return router


async def _offer(request: Request) -> Offered:
    if _is_json(request):
        return await read_json(request, Offered)
    body = await read(request, (SDP, JSON))
    try:
        sdp = body.decode()
    except UnicodeDecodeError as error:
        raise HTTPException(400, "The offer is no UTF-8 text.") from error
    query: dict[str, Any] = dict(request.query_params)
    if query.get("take") in ("true", "false", "1", "0"):
        query["take"] = query["take"] in ("true", "1")
    wanted = fields(json.dumps(query), Wanted)
    if len(sdp) > LONGEST_OFFER:
        raise HTTPException(413, f"The offer is longer than {LONGEST_OFFER} characters.")
    return Offered(sdp=sdp, kind=wanted.kind, take=wanted.take)


def _is_json(request: Request) -> bool:
    return request.headers.get("Content-Type", "").partition(";")[0].strip().lower() == JSON


def _refusal(refused: Refused) -> HTTPException:
    wait = {"Retry-After": "2"} if refused.status in (429, 503) else None
    return HTTPException(refused.status, str(refused), wait)


def _offered() -> dict[str, Any]:
    text = {"schema": {"type": "string", "minLength": 1}}
    named = [
        {"name": "kind", "in": "query", "schema": {"type": "string", "enum": ["voice", "camera"]}},
        {"name": "take", "in": "query", "schema": {"type": "boolean"}},
    ]
    body = {SDP: text, JSON: {"schema": Offered.model_json_schema()}}
    return {"parameters": named, "requestBody": {"required": True, "content": body}}


def _answers() -> dict[int | str, dict[str, Any]]:
    content = {SDP: {"schema": {"type": "string"}}, JSON: {"example": {"sdp": "v=0 ...", "kind": "voice"}}}
    return {201: {"description": "The SDP answer, in the way of the offer.", "content": content}}


def _json(body: dict[str, Any], status: int = 200) -> Response:
    text = json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return Response(text, status, media_type=JSON, headers={"Cache-Control": "no-store"})
