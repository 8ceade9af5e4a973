"""The operator's side of the audience: answers that wait for somebody, questions for the team, and words by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, HTTPException, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from host_engine.access.who import Who
from host_engine.control.body import JSON, read_json
from host_engine.control.operators.documented import gives, takes
from host_engine.control.operators.guard import Guard
from host_engine.gate.verdict import Verdict

Tell = Callable[..., object]  # what has happened, and its data
Id = Annotated[str, Path(max_length=80, description="As the list shows it.")]
WAITING = {
    "waiting": [{"id": "a1", "name": "Ana", "question": "How much?", "answer": "15 €.", "left_s": 8.2, "mode": "hold"}],
    "todo": [{"id": "b2", "name": "Ben", "question": "Do you ship to Norway?", "why": "not in the catalog"}],
}
EVIDENCE = {"evidence": [{"product": "cup", "field": "price", "value": "15.00 EUR"}]}


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


def questions_routes(desk: Operated | None, guard: Guard, tell: Tell) -> APIRouter:
    """The routes, for operators. 404 where the channel answers no questions. `tell`: `Happenings.tell`."""
    router = APIRouter(prefix="/api/desk", tags=["questions"])

    def here(request: Request) -> tuple[Operated, Who]:
        who = guard.let_in(request)
        if desk is None:
            raise HTTPException(404, "This channel answers no questions.")
        return desk, who

    def done(who: Who, action: str, id: str, act: Callable[[str], bool]) -> Response:
        if not act(id):
            raise _unknown(guard, who, action, id)
        guard.audit(who, action, id=id)
        tell("question", id=id, order=action, who=who.name)
        return Response(status_code=204)

    @router.get("", responses=gives(WAITING, "What waits."))
    async def look(request: Request) -> Response:
        """The answers that wait for approval or a veto, and the questions that the team is to answer."""
        found, _ = here(request)
        return _json({"waiting": found.waiting(), "todo": found.todo})

    @router.post("/{id}/approve", status_code=204, response_class=Response)
    async def approve(id: Id, request: Request) -> Response:
        """Have a waiting answer said now."""
        found, who = here(request)
        return done(who, "approve", id, found.approve)

    @router.post("/{id}/veto", status_code=204, response_class=Response)
    async def veto(id: Id, request: Request) -> Response:
        """Do not have it said."""
        found, who = here(request)
        return done(who, "veto", id, found.veto)

    @router.post("/{id}/answer", status_code=202, openapi_extra=takes(ByHand), responses=gives(EVIDENCE, status=202))
    async def answer(id: Id, request: Request) -> Response:
        """Have other words said instead, if the fact gate lets them pass; 422 with the reason where it does not."""
        found, who = here(request)
        words = await read_json(request, ByHand)
        verdict = await _by_hand(found, guard, who, id, words.text)
        guard.audit(who, "answer", id=id, text=words.text)
        tell("question", id=id, order="answer", who=who.name)
        return _json({"evidence": [each._asdict() for each in verdict.evidence]}, 202)

    return router


async def _by_hand(desk: Operated, guard: Guard, who: Who, id: str, text: str) -> Verdict:
    """What the gate says of the operator's words, which are said. Raises HTTPException where they are not."""
    try:
        verdict = await desk.by_hand(id, text)
    except KeyError as error:
        raise _unknown(guard, who, "answer", id) from error
    except ValueError as error:
        guard.audit(who, "answer", str(error), id=id, text=text)
        raise HTTPException(422, str(error)) from error
    if not verdict.passed:
        said = "This may not be said: " + "; ".join(each.said for each in verdict.findings)
        guard.audit(who, "answer", said, id=id, text=text)
        raise HTTPException(422, said)
    return verdict


def _unknown(guard: Guard, who: Who, action: str, id: str) -> HTTPException:
    said = "There is no such question; it may have been answered, or have expired."
    guard.audit(who, action, said, id=id)
    return HTTPException(404, said)


def _json(body: dict[str, Any], status: int = 200) -> Response:
    text = json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return Response(text, status, media_type=JSON, headers={"Cache-Control": "no-store"})
