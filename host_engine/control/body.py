"""The body of a request, read with suspicion: of the right kind, in time, and no longer than it may be."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from typing import Any, TypeVar

from fastapi import HTTPException, Request
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect

T = TypeVar("T", bound=BaseModel)

MAX_TEXT = 64 * 1024
JSON = "application/json"


async def read(request: Request, expected: Collection[str], most: int = MAX_TEXT, seconds: float = 5.0) -> bytes:
    """The bytes of a request. Raises HTTPException: 415 another kind, 413 too long, 408 too slow, 400 broken off."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in expected:
        raise HTTPException(415, f"Content-Type must be {_any_of(expected)}.")
    body = bytearray()
    try:
        if int(request.headers.get("Content-Length", 0)) > most:
            raise HTTPException(413, f"The request is longer than {_size(most)}.")
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise HTTPException(413, f"The request is longer than {_size(most)}.")
    except TimeoutError as error:
        raise HTTPException(408, f"The request did not arrive within {seconds:g} seconds.") from error
    except (ValueError, ClientDisconnect) as error:
        raise HTTPException(400, "The request did not arrive whole.") from error
    return bytes(body)


async def read_text(request: Request, expected: str) -> str:
    """The text of a request. Raises HTTPException as `read` does, and 400 for what is no UTF-8."""
    try:
        return (await read(request, (expected,))).decode()
    except UnicodeDecodeError as error:
        raise HTTPException(400, "The request is no UTF-8 text.") from error


async def read_json(request: Request, model: type[T]) -> T:
    """The fields of a request in JSON. Raises HTTPException as `read` does, 400 for no JSON, 422 for wrong fields."""
    return fields(await read_text(request, JSON), model)


def fields(text: str, model: type[T]) -> T:
    """The fields in a JSON text. Raises HTTPException: 400 for no JSON, 422 for wrong fields, each with a sentence."""
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "The request is no JSON.") from error
    if not isinstance(found, dict):
        raise HTTPException(422, f"The request must be an object such as {_example(model)}.")
    try:
        return model.model_validate(found)
    except ValidationError as error:
        raise HTTPException(422, _sentence(error)) from error


def _sentence(error: ValidationError) -> str:
    """The first thing that is wrong; what was sent is not repeated."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    name = ".".join(str(each) for each in first["loc"])[:40]
    said = first["msg"].removeprefix("Value error, ")
    if not name:
        return f"{said[:1].upper()}{said[1:]}." if first["type"] == "value_error" else "The name of a field is no text."
    if first["type"] == "missing":
        return f"'{name}' is missing."
    if first["type"] == "extra_forbidden":
        return f"'{_printable(name)}' is not known here."
    return f"'{name}': {said}."


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() and not 0xD800 <= ord(each) < 0xE000 else "?" for each in text)


def _example(model: type[BaseModel]) -> str:
    names = [name for name, field in model.model_fields.items() if field.is_required()]
    return "{" + ", ".join(f'"{name}": ...' for name in names or list(model.model_fields)[:1]) + "}"


def _any_of(kinds: Collection[str]) -> str:
    *most, last = kinds
    return f"{', '.join(most)} or {last}" if most else last


def _size(number: int) -> str:
    return f"{number // 1024} KB" if number < 1_000_000 else f"{number / 1_000_000:g} MB"
