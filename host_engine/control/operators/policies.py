"""The policies over HTTP: what holds, what is not kept, and whether only people are heard."""

from __future__ import annotations

import json
from typing import Any, Protocol

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from host_engine.access.who import Who
from host_engine.control.body import JSON, read_json
from host_engine.control.operators.documented import gives, takes
from host_engine.control.operators.guard import Guard
from host_engine.direction.refusals import NotDone

RULE = {
    "id": "label", "asks": "label", "says": "A video that a machine has made shows a conspicuous label.",
    "begins": "2025-09-01", "in_force": True, "otherwise": "force", "kept": True, "outcome": None, "what": None,
}  # fmt: skip
STATE = {
    "policies": [
        {"name": "china-labelling", "title": "China, measures for labelling", "kind": "law", "where": "China",
         "checked": "2026-11-22", "due": "2027-02-20", "old": None, "own": False, "targets": ["douyin"],
         "unverified": [], "rules": [RULE]}
    ],
    "label": {"text": "AI生成", "letters": 0.05, "corner": None,
              "covered": {"left": 0, "top": 0.13, "right": 0.16, "bottom": 0.22}},
    "registration": None, "advice": "This is not legal advice.",
    "human_voice": {"on": False, "by_hand": False, "because": None}, "measured": {"still_share": {"60s": 0.31}},
}  # fmt: skip


class Policed(Protocol):
    """The policies, as far as operators deal with them. `let_people_speak` raises NotDone."""

    def state(self) -> dict[str, Any]: ...
    async def let_people_speak(self, on: bool, who: Who) -> dict[str, Any]: ...


class HumanVoice(BaseModel):
    """Whether only people are heard."""

    model_config = ConfigDict(extra="forbid")

    on: StrictBool = Field(description="No AI voice says anything: captions and cards go on, operators speak.")


def policies_routes(policies: Policed, guard: Guard) -> APIRouter:
    """The routes; looking needs the role viewer, changing operator."""
    router = APIRouter(prefix="/api/policies", tags=["policies"])

    @router.get("", responses=gives(STATE, "Those that hold for the channel, rule by rule."))
    async def state(request: Request) -> Response:
        """What laws and platforms ask of this channel, whether it is kept, and what follows. Not legal advice."""
        guard.let_in(request, "viewer")
        return _json(policies.state())

    @router.post("/human-voice", openapi_extra=takes(HumanVoice), responses=gives(STATE, "It is so."))
    async def human_voice(request: Request) -> Response:
        """Let only people be heard, or the AI voice again, from the next frame on. 409 with the rule where a policy
        allows no AI voice."""
        who = guard.let_in(request)
        wanted = await read_json(request, HumanVoice)
        try:
            return _json(await policies.let_people_speak(wanted.on, who))
        except NotDone as error:
            raise HTTPException(error.status, str(error)) from error

    return router


def _json(body: Any) -> Response:
    text = json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return Response(text, media_type=JSON, headers={"Cache-Control": "no-store"})
