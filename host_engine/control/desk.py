"""The operator's side of the audience: answers that wait for somebody, questions for the team, and words by hand."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from host_engine.control.body import read_json
from host_engine.gate.verdict import Verdict

log = logging.getLogger(__name__)


class Operated(Protocol):
    """The desk, as far as an operator works on it."""

    @property
    def todo(self) -> list[dict[str, Any]]: ...
    def waiting(self) -> list[dict[str, Any]]: ...
    def approve(self, id: str) -> bool: ...
    def veto(self, id: str) -> bool: ...
    async def by_hand(self, id: str, text: str) -> Verdict: ...


class ByHand(BaseModel):
    """What the operator has said."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=1000)]


def make_token(file: Path) -> str:
    """A new secret that the operators of this channel show, written to a file that only its user can read."""
    token = secrets.token_urlsafe(24)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        file.touch(0o600)
        file.write_text(token)
    except OSError as problem:
        log.warning("Nobody can look at answers before they are said: %s cannot be written: %s", file, problem)
    return token


def desk_routes(desk: Operated | None, token: str) -> APIRouter:
    """The routes; whoever uses them shows the token. 404 where the channel answers no questions."""
    router = APIRouter(prefix="/api/desk", tags=["operate"])

    def here(request: Request) -> Operated:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
        if not token or not secrets.compare_digest(shown, token.encode()):
            said = "Only the operator may do this: send 'Authorization: Bearer TOKEN' with the token of this channel."
            raise HTTPException(401, said, {"WWW-Authenticate": "Bearer"})
        if desk is None:
            raise HTTPException(404, "This channel answers no questions.")
        return desk

    @router.get("")
    async def look(request: Request) -> Response:
        """The answers that wait for approval or a veto, and the questions that the team is to answer."""
        desk = here(request)
        return _json({"waiting": desk.waiting(), "todo": desk.todo})

    @router.post("/{id}/approve", status_code=204)
    async def approve(id: str, request: Request) -> Response:
        """Have a waiting answer said now."""
        return _done(here(request).approve, id)

    @router.post("/{id}/veto", status_code=204)
    async def veto(id: str, request: Request) -> Response:
        """Do not have it said."""
        return _done(here(request).veto, id)

    @router.post("/{id}/answer", status_code=202)
    async def answer(id: str, request: Request) -> Response:
        """Have other words said instead, if the fact gate lets them pass; 422 with the reason where it does not."""
        desk = here(request)
        words = await read_json(request, ByHand)
        try:
            verdict = await desk.by_hand(id, words.text)
        except KeyError as error:
            raise _unknown() from error
        except ValueError as error:
            raise HTTPException(422, str(error)) from error
        if not verdict.passed:
            raise HTTPException(422, "This may not be said: " + "; ".join(each.said for each in verdict.findings))
        return _json({"evidence": [each._asdict() for each in verdict.evidence]}, 202)

    return router


def _done(act: Callable[[str], bool], id: str) -> Response:
    if not act(id):
        raise _unknown()
    return Response(status_code=204)


def _unknown() -> HTTPException:
    return HTTPException(404, "There is no such question; it may have been answered, or have expired.")


def _json(body: dict[str, Any], status: int = 200) -> Response:
    text = json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return Response(text, status, media_type="application/json", headers={"Cache-Control": "no-store"})
