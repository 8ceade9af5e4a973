"""Logging in with a browser, who is logged in, and the audit log."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from host_engine.access.token import LONGEST, Token
from host_engine.access.who import Role, Who
from host_engine.control.body import JSON, read_json
from host_engine.control.operators.documented import REFUSALS, gives, guarded_router, takes
from host_engine.control.operators.guard import LET_IN, Denied, TokenGuard
from host_engine.control.operators.same_origin import ELSEWHERE, from_elsewhere, is_https

AuditRows = Callable[[int, int | None], Awaitable[list[dict[str, Any]]]]  # how many, before which number
WHO = {"name": "anna", "role": "operator", "expires": "2026-12-24T20:00:00Z"}
ROW = {
    "seq": 41, "at": "2026-11-22T20:00:00.000Z", "frame": 1500, "who": "anna", "role": "operator", "action": "swap",
    "outcome": "done", "address": "192.0.2.7", "facts": {"name": "evening"},
}  # fmt: skip


class Login(BaseModel):
    """What a browser shows once."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, Field(min_length=1, max_length=LONGEST)]


def access_routes(rows: AuditRows, guard: TokenGuard) -> APIRouter:
    """`rows`: the audit log, newest first; raises OSError with a sentence while it cannot be read.

    A page of the channel logs in with
    `fetch("/api/session", {method: "POST", headers: {"Content-Type": "application/json"}, body: '{"token": "..."}'})`.
    From then on the cookie opens everything that the token opens: routes, SSE, WebSockets and the console. What
    changes something needs the header `X-Requested-With: fetch` besides. `DELETE` logs out.
    """
    router = APIRouter(tags=["access"])
    router.include_router(_entrance(guard))
    inside = guarded_router()

    @inside.get("/api/session", responses=gives(WHO, "Who it is."))
    async def who_am_i(request: Request) -> Response:
        """Who the token or the cookie belongs to, and what they may do."""
        who = guard.let_in(request, "viewer")
        return _json(_described(who, guard.keyring.named(who.name)))

    @inside.delete("/api/session", status_code=204, response_class=Response)
    async def log_out(request: Request) -> Response:
        """Log a browser out: its cookie opens nothing any more."""
        who = guard.let_in(request, "viewer")
        if cookie := request.cookies.get(guard.cookie):
            guard.sessions.end(cookie)
            del request.scope[LET_IN]  # this very answer is still to be given
            guard.audit(who, "log out")
        answer = Response(status_code=204)
        answer.delete_cookie(guard.cookie, httponly=True, samesite="strict")
        return answer

    @inside.get("/api/audit", responses=gives([ROW], "The rows, the newest first."))
    async def audit(
        request: Request,
        limit: Annotated[int, Query(ge=1, le=1000, description="At most so many rows.")] = 100,
        before: Annotated[int | None, Query(ge=1, lt=2**63, description="Only rows of a lower number.")] = None,
    ) -> Response:
        """Who did what, and when, and who was refused: rows of the as-run log, a second after the act. For admins."""
        guard.let_in(request, "admin")
        try:
            return _json(await rows(limit, before))
        except OSError as error:
            raise HTTPException(503, str(error), {"Retry-After": "10"}) from error

    router.include_router(inside)
    return router


def _entrance(guard: TokenGuard) -> APIRouter:
    router = APIRouter(responses=REFUSALS)

    @router.post("/api/session", openapi_extra=takes(Login), responses=gives(WHO, "Logged in: the cookie is set."))
    async def log_in(request: Request) -> Response:
        """Show a token once; the browser then has a cookie that no script can read."""
        try:
            if from_elsewhere(request, guard.doors):
                raise Denied(403, ELSEWHERE)
            shown = await read_json(request, Login)
            token = guard.shown(request, shown.token)
        except Denied as denied:
            guard.refuse(request, denied)
            raise
        who = Who(token.name, token.role, guard.doors.who(request.scope))
        guard.audit(who, "log in")
        answer = _json(_described(who, token))
        answer.set_cookie(
            guard.cookie,
            guard.sessions.begin(token.hash),
            max_age=guard.sessions.seconds,
            path="/",
            secure=is_https(request, guard.doors),
            httponly=True,
            samesite="strict",
        )
        return answer

    return router


def _described(who: Who, token: Token | None) -> dict[str, str | Role | None]:
    ends = token.expires.isoformat() if token and token.expires else None
    return {"name": who.name, "role": who.role, "expires": ends}


def _json(body: Any) -> Response:
    text = json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return Response(text, media_type=JSON, headers={"Cache-Control": "no-store"})
