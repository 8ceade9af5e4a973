"""The OpenAPI document: whole, true to the routes, the same as the one that is shipped, and read by a page of ours."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from typer.testing import CliRunner

from host_engine.commands.api_document import whole_app
from host_engine.commands.cli import app as command
from host_engine.control.api import PAGES
from host_engine.control.documentation import describe
from host_engine.control.operators.documented import takes

ROOT = Path(__file__).parents[3]
METHODS = {"get", "post", "put", "patch", "delete"}
AGAIN = "run: host-engine schema schemas --api docs/openapi.json"
OPEN = {"/api/now", "/api/products", "/api/ask", "/api/questions", "/api/questions/audio", "/api/microphone",
        "/api/microphone/{id}", "/api/asking", "/healthz", "/status", "/metrics", "/whep", "/whep/{name}"}  # fmt: skip


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return describe(whole_app())


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, about)
        for path, methods in document["paths"].items()
        for method, about in methods.items()
        if method in METHODS
    ]


def test_every_operation_says_what_it_does_and_how_it_refuses(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    for path, method, about in operations(document):
        where = f"{method} {path}"
        assert about.get("description"), where
        assert about["tags"], where
        if about.get("security"):
            assert {"401", "403", "404", "409", "422", "429"} <= set(about["responses"]), where
        for status, answer in about["responses"].items():
            assert answer.get("description") or answer["$ref"].endswith(f"/Refused{status}"), where
            assert "HTTPValidationError" not in json.dumps(answer), where


def test_operators_routes_need_a_token(document: dict[str, Any]) -> None:
    named = {path for path, _, about in operations(document) if about.get("security")}
    assert {"/api/session", "/api/audit", "/api/desk", "/api/take", "/api/events", "/api/trace"} <= named
    assert set(document["components"]["securitySchemes"]) >= {"token", "cookie"}
    assert not named & OPEN
    left = {f"{method} {path}" for path, method, about in operations(document)
            if not about.get("security") and path.startswith("/api/") and path not in OPEN}  # fmt: skip
    assert left <= {"post /api/session", "post /api/commerce", "post /api/commerce/shopify"}


def test_the_document_holds_together(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    assert "$defs" not in text
    for found in set(re.findall(r'"\$ref": "([^"]+)"', text)):
        node: Any = document
        for step in found.removeprefix("#/").split("/"):
            node = node[step]
    ids = [about["operationId"] for _, _, about in operations(document)]
    assert len(ids) == len(set(ids))


def test_the_document_that_is_shipped_is_that_of_the_routes(tmp_path: Path) -> None:
    path = tmp_path / "docs" / "openapi.json"
    made = CliRunner().invoke(command, ["schema", str(tmp_path / "schemas"), "--api", str(path)])
    assert made.exit_code == 0, made.output
    fresh, shipped = json.loads(path.read_text()), json.loads((ROOT / "docs" / "openapi.json").read_text())
    assert outline(fresh) == outline(shipped), AGAIN


def outline(document: dict[str, Any]) -> dict[str, Any]:
    """What a client builds upon; how pydantic and FastAPI word the rest differs from version to version."""
    return {
        f"{method} {path}": {
            "about": about["description"],
            "parameters": sorted(each["name"] for each in about.get("parameters", [])),
            "fields": fields(about),
            "answers": sorted(about["responses"]),
            "security": about.get("security"),
        }
        for path, method, about in operations(document)
    }


def fields(about: dict[str, Any]) -> dict[str, list[str]]:
    content = about.get("requestBody", {}).get("content", {})
    return {kind: sorted(each.get("schema", {}).get("properties", {})) for kind, each in content.items()}


def test_models_within_models_move_to_where_references_point() -> None:
    class Inner(BaseModel):
        number: int

    class Outer(BaseModel):
        inner: list[Inner]

    app = FastAPI()

    @app.post("/x", openapi_extra=takes(Outer))
    async def x() -> None:
        """Nothing."""

    found = describe(app)
    schema = found["paths"]["/x"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert schema["properties"]["inner"]["items"] == {"$ref": "#/components/schemas/Inner"}
    assert found["components"]["schemas"]["Inner"]["properties"]["number"]["type"] == "integer"


async def test_the_page_needs_no_other_server() -> None:
    transport = httpx.ASGITransport(whole_app())
    async with httpx.AsyncClient(transport=transport, base_url="http://channel") as http:
        page = await http.get("/docs")
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        used = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert used
        for each in used:
            assert each.startswith("/")
            found = await http.get(each)
            assert found.status_code == 200, each
        first = (await http.get("/openapi.json")).json()
        assert first["info"]["title"] == "host-engine"
        assert (await http.get("/openapi.json")).json() == first
    script = (PAGES / "docs.js").read_text()
    assert "innerHTML" not in script
    assert not re.search(r"https?://", script)
