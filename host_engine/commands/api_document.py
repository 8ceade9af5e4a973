"""The OpenAPI document of a channel that has everything, written without one."""

from __future__ import annotations

import inspect
import json
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, cast

from fastapi import APIRouter, FastAPI

from host_engine.control import operators
from host_engine.control.api import make_app
from host_engine.control.documentation import describe
from host_engine.control.operators.documented import guarded_router

BY_THEMSELVES = ("access", "commerce")  # whose routes say themselves who is let in


def write_api_document(path: Path) -> Path:
    """Write it to a file, as `/openapi.json` gives it. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(describe(whole_app()), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def whole_app() -> FastAPI:
    """An app with all routes and nothing behind them: made to be described, not to be asked."""
    nothing = cast(Any, None)
    app = make_app(dict, lambda: False, lambda: [], nothing, nothing)
    app.include_router(all_routes({}))
    return app


def all_routes(parts: dict[str, Any]) -> APIRouter:
    """The routes of each module `NAME` of `control/operators`, by its function `NAME_routes`.

    `parts`: what to give for its parameters, by their names; None for those that are not there.
    """
    router, inside = APIRouter(), guarded_router()
    for module in sorted(each.name for each in iter_modules(operators.__path__)):
        make = getattr(import_module(f"{operators.__name__}.{module}"), f"{module}_routes", None)
        if make is not None:
            given = {
                name: parts.get(name) for name in _needed(make) | (set(inspect.signature(make).parameters) & set(parts))
            }
            (router if module in BY_THEMSELVES else inside).include_router(make(**given))
    router.include_router(inside)
    return router


def _needed(make: Any) -> set[str]:
    parameters = inspect.signature(make).parameters.values()
    return {each.name for each in parameters if each.default is inspect.Parameter.empty}
