"""A viewer's microphone over HTTP, as WHIP has it: an offer by POST, the button by PATCH, goodbye by DELETE."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from host_engine.control.asked import Language
from host_engine.control.asking import Refusal
from host_engine.control.body import fields, read_json, read_text
from host_engine.control.reception import Reception, Talks

SDP = "application/sdp"


class Who(BaseModel):
    """Whose microphone it is: what the page told the chat."""

    model_config = ConfigDict(extra="forbid")

    viewer: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
    language: Language | None = None


class Button(BaseModel):
    """Whether the viewer holds the button."""

    model_config = ConfigDict(extra="forbid")

    speaking: bool


def speaking(reception: Reception | None) -> APIRouter:
    """The routes; they answer 404 with a sentence where nobody can ask aloud."""
    router = APIRouter(tags=["ask"])
    text = {"schema": {"type": "string"}}
    named = [
        {"name": "viewer", "in": "query", "required": True, **text},
        {"name": "language", "in": "query", **text},
    ]
    offered = {"parameters": named, "requestBody": {"required": True, "content": {SDP: text}}}

    @router.post("/api/microphone", status_code=201, openapi_extra=offered)
    async def open_one(request: Request) -> Response:
        """Offer to send one microphone in Opus: 201 with the SDP answer, and its address in Location.

        It speaks at once. What was heard is told in the chat to the viewer of that id.
        """
        here, microphones = _here(reception)
        who = fields(json.dumps(dict(request.query_params)), Who)
        name = here.chat.name(who.viewer) if here.chat else ""
        sdp = await read_text(request, SDP)
        try:
            address = str(request.scope.get("address", ""))
            id, answer = await microphones.offer(sdp, who.viewer, name or "", who.language, address)
        except ValueError as error:
            status = getattr(error, "status", 400)
            wait = {"Retry-After": "5"} if status == 503 else None
            raise HTTPException(status, str(error), wait) from error
        return Response(answer, 201, media_type=SDP, headers={"Location": f"/api/microphone/{id}"})

    @router.patch("/api/microphone/{id}", status_code=204, openapi_extra=_takes())
    async def press(id: str, request: Request) -> Response:
        """Say that the button is held, or was let go: then what was said is a question."""
        _, microphones = _here(reception)
        button = await read_json(request, Button)
        try:
            microphones.speaking(id, button.speaking)
        except KeyError as error:
            raise _gone() from error
        return Response(status_code=204)

    @router.delete("/api/microphone/{id}")
    async def close_one(id: str) -> Response:
        """Close the microphone."""
        _, microphones = _here(reception)
        try:
            await microphones.leave(id)
        except KeyError as error:
            raise _gone() from error
        return Response(status_code=200)

    return router


def _here(reception: Reception | None) -> tuple[Reception, Talks]:
    if reception is None or reception.microphones is None:
        raise Refusal(404, "off", "Nobody can ask aloud on this channel; please ask in writing.")
    return reception, reception.microphones


def _gone() -> HTTPException:
    return HTTPException(404, "There is no such microphone; it may have been closed.")


def _takes() -> dict[str, object]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": Button.model_json_schema()}}}}
