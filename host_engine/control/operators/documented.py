"""How operators' routes are described in /openapi.json: who may, what they take, how they refuse."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Security
from fastapi.openapi.models import APIKey, APIKeyIn, HTTPBearer
from fastapi.openapi.models import SecurityBase as Scheme
from fastapi.security.base import SecurityBase
from pydantic import BaseModel

from host_engine.control.body import JSON
from host_engine.control.sentences import SENTENCE

PROBLEM = "application/problem+json"
SAID = {
    400: "The body is no JSON, or did not come whole.",
    401: "No token, one that opens nothing, or one in the address.",
    403: "The token's role is not enough; or a page of another site asks with a browser's cookie.",
    404: "There is no such thing, or the channel has none of its kind.",
    408: "The body came too slowly.",
    409: "Something else is on air, or under way, than the request supposes: nothing was done.",
    413: "The body is too long.",
    415: "The body is of another kind.",
    422: "A field is wrong, or it may not be done: the sentence says why.",
    429: "The token, or the address, asks too often.",
    503: "What this needs is away at the moment.",
}
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"description": said, "content": {PROBLEM: {"schema": SENTENCE}}} for status, said in SAID.items()
}


class Shown(SecurityBase):
    """Says in the document how somebody shows who they are; the guard itself looks."""

    def __init__(self, name: str, model: Scheme) -> None:
        self.scheme_name, self.model = name, model

    async def __call__(self) -> None:
        return None


TOKEN = Shown("token", HTTPBearer(description="A token of `host-engine token make`."))
COOKIE = Shown(
    "cookie",
    APIKey.model_validate(
        {
            "in": APIKeyIn.cookie,
            "name": "host_engine_CHANNEL",
            "description": "What `POST /api/session` gives a browser. Requests that change something also need the "
            "header `X-Requested-With`, and come from a page of the channel.",
        }
    ),
)


def guarded_router() -> APIRouter:
    """A router for routes behind the guard: each shows the ways in and the refusals in the document."""
    return APIRouter(responses=REFUSALS, dependencies=[Security(TOKEN), Security(COOKIE)])


def takes(model: type[BaseModel]) -> dict[str, Any]:
    """For `openapi_extra`: the JSON body of a route that reads it with `read_json`."""
    return {"requestBody": {"required": True, "content": {JSON: {"schema": model.model_json_schema()}}}}


def gives(example: Any, description: str = "Done.", status: int = 200) -> dict[int | str, dict[str, Any]]:
    """For `responses`: what a route answers, shown by an example."""
    return {status: {"description": description, "content": {JSON: {"example": example}}}}
