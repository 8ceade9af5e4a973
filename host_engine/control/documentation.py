"""What the HTTP side offers, as an OpenAPI document and as a page that reads it: both without any other server."""

from __future__ import annotations

import asyncio
import json
from importlib import metadata
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse

from host_engine.control.body import JSON
from host_engine.control.operators.documented import REFUSALS
from host_engine.control.sentences import SENTENCE
from host_engine.host.deadline import DaemonThreads

PAGE = Path(__file__).parent / "pages" / "docs.html"
WRONG = {
    "description": "A field is wrong: the sentence says which.",
    "content": {"application/problem+json": {"schema": SENTENCE}},
}
LIBRARY = {"HTTPValidationError", "ValidationError"}  # how FastAPI would say it


def documenting() -> APIRouter:
    """`/openapi.json` and `/docs`. The document is made once, on a thread: it takes a tenth of a second."""
    router = APIRouter(include_in_schema=False)
    made: dict[FastAPI, asyncio.Task[bytes]] = {}

    @router.get("/openapi.json")
    async def document(request: Request) -> Response:
        app: FastAPI = request.app
        if app not in made:
            made[app] = asyncio.create_task(_beside(app))
        try:
            body = await asyncio.shield(made[app])
        except Exception:
            made.pop(app, None)
            raise
        return Response(body, media_type=JSON, headers={"Cache-Control": "no-cache"})

    @router.get("/docs")
    async def page() -> Response:
        return FileResponse(PAGE, headers={"Cache-Control": "no-cache"})

    return router


def version() -> str:
    """Of the engine, as it is installed."""
    return metadata.version("host-engine")


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of an app. Models that routes read themselves stand among the components, as all others."""
    document = app.openapi()
    schemas: dict[str, Any] = dict(document.get("components", {}).get("schemas", {}))
    paths = _hoisted(document["paths"], schemas, {})
    for name in LIBRARY:
        schemas.pop(name, None)
    paths, refusals = _shared(paths)
    components = {**document.get("components", {}), "schemas": dict(sorted(schemas.items())), "responses": refusals}
    return {**document, "paths": paths, "components": components}


def _shared(paths: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The paths with references in place of the refusals that all routes of operators have, and those refusals."""
    refusals = {f"Refused{status}": answer for status, answer in REFUSALS.items()}
    for operation in (each for methods in paths.values() for each in methods.values() if "responses" in each):
        for status, answer in operation["responses"].items():
            if refusals.get(f"Refused{status}") == answer:
                operation["responses"][status] = {"$ref": f"#/components/responses/Refused{status}"}
    return paths, refusals


async def _beside(app: FastAPI) -> bytes:
    """The document as bytes, made on a thread that stands back."""
    threads = DaemonThreads(1, "document")
    try:
        return await asyncio.get_running_loop().run_in_executor(threads, _written, app)
    finally:
        threads.shutdown(wait=False)


def _written(app: FastAPI) -> bytes:
    return json.dumps(describe(app), ensure_ascii=False).encode()


def _hoisted(node: Any, schemas: dict[str, Any], renamed: dict[str, str]) -> Any:
    """The same with each `$defs` of a model moved to `schemas`, where references of an OpenAPI document must point."""
    if isinstance(node, list):
        return [_hoisted(each, schemas, renamed) for each in node]
    if not isinstance(node, dict):
        return node
    own = node.get("$defs", {})
    renamed = renamed | {f"#/$defs/{name}": f"#/components/schemas/{name}" for name in own}
    for name, schema in own.items():
        schemas[name] = _hoisted(schema, schemas, renamed)
    if str(node.get("$ref", "")).endswith("/HTTPValidationError"):
        return dict(SENTENCE)
    found = {name: _hoisted(each, schemas, renamed) for name, each in node.items() if name != "$defs"}
    if "$ref" in found:
        found["$ref"] = renamed.get(found["$ref"], found["$ref"])
    answers = found.get("responses")
    if isinstance(answers, dict) and _of_the_library(node["responses"].get("422")):
        answers["422"] = WRONG
    return found


def _of_the_library(answer: Any) -> bool:
    return "HTTPValidationError" in json.dumps(answer, default=str)
