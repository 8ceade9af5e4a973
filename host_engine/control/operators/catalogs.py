"""What operators do with catalogs over HTTP: list, check, compare, swap, roll back, recall, change."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import asdict
from typing import Annotated, Any, Protocol, TypeVar

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from host_engine.access.who import Who
from host_engine.control.body import read_json
from host_engine.control.operators.documented import PROBLEM, gives, takes
from host_engine.control.operators.guard import Guard
from host_engine.show.change import written
from host_engine.show.script import Show
from host_engine.swap.catalogs import Border, Catalogs, Diff, NotDone, Swapped, WhichOne

T = TypeVar("T")
PAGE = 50
Name = Annotated[str, Field(min_length=1, max_length=255, description="As /api/catalogs lists it.")]
Id = Annotated[str, Path(max_length=50, description="Of a product in the catalog in force.")]
SWAPPED = {"id": 7, "name": "skincare", "version": "0b1c2d3e4f5a", "n": 1234, "what": "swap", "products": [],
           "note": ""}  # fmt: skip
PROBLEMS = {"problems": [{"path": "tea/catalog.yaml", "line": 14, "where": "products[2].price", "what": "..."}]}


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OfCatalog(Body):
    """Which catalog."""

    name: Name


class Swap(Body):
    """Which catalog, and where it comes in force."""

    name: Name
    border: Border | None = Field(None, description="sentence, segment, or now, which cuts; else as operator.border.")


class Back(Body):
    """Where the version before comes in force."""

    border: Border | None = Field(None, description="sentence, segment, or now, which cuts; else as operator.border.")


class OfProduct(Body):
    """Which product."""

    product: Annotated[str, Field(min_length=1, max_length=200, description="Its id, or its whole title.")]


class Changed(Body):
    """Fields of a product as a catalog file writes them; null unsets."""

    fields: Annotated[dict[str, JsonValue], Field(min_length=1, max_length=100)]
    why: Annotated[str, Field(max_length=200)] = ""


class OnAir(Catalogs, Protocol):
    """The catalogs, and what else operators see of them."""

    @property
    def show(self) -> Show: ...
    def recalled(self) -> list[dict[str, Any]]: ...
    def give_up(self, who: Who) -> None: ...
    async def look(self) -> None: ...
    async def rollback_diff(self) -> Diff: ...
    async def swap(self, name: str, who: Who, border: Border | None = None) -> Swapped: ...
    async def rollback(self, who: Who, border: Border | None = None) -> Swapped: ...


def catalogs_routes(catalogs: OnAir, guard: Guard) -> APIRouter:
    """The routes, for operators; what is read, viewers' tokens may read as well."""
    router = APIRouter(prefix="/api", tags=["catalogs"])
    _looking(router, catalogs, guard)
    _acting(router, catalogs, guard)
    _products(router, catalogs, guard)
    return router


def _looking(router: APIRouter, catalogs: OnAir, guard: Guard) -> None:
    @router.get("/catalogs", responses=gives({"catalogs": [{"name": "tea", "in_force": True}], "status": {}}, "All."))
    async def listed(request: Request) -> JSONResponse:
        """The catalogs that can be swapped to, which one is in force, and whether a swap is under way."""
        guard.let_in(request, "viewer")
        await catalogs.look()
        return JSONResponse({"catalogs": catalogs.listed(), "status": catalogs.status()})

    @router.get("/catalog/versions", responses=gives({"versions": [SWAPPED], "recalled": []}, "Newest first."))
    async def versions(request: Request) -> JSONResponse:
        """What was in force and why, newest first; `back` marks where a rollback goes to. And what is recalled."""
        guard.let_in(request, "viewer")
        return JSONResponse({"versions": catalogs.versions(), "recalled": catalogs.recalled()})

    @router.post("/catalog/check", openapi_extra=takes(OfCatalog), responses=gives(PROBLEMS, "What is wrong."))
    async def check(request: Request) -> JSONResponse:
        """Everything that is wrong in the files of a catalog, each with file and line; nothing changes."""
        guard.let_in(request)
        wanted = await read_json(request, OfCatalog)
        problems = await _asked(catalogs.check(wanted.name))
        return JSONResponse({"problems": [each._asdict() for each in problems[:200]], "count": len(problems)})

    @router.post("/catalog/diff", openapi_extra=takes(OfCatalog), responses=gives({"name": "skincare", "warnings": []}))
    async def diff(request: Request) -> JSONResponse:
        """What a swap to a catalog would change, and what an operator should know first; nothing changes."""
        guard.let_in(request)
        wanted = await read_json(request, OfCatalog)
        return JSONResponse(asdict(await _asked(catalogs.diff(wanted.name))))

    @router.get("/catalog/rollback", responses=gives({"name": "tea", "warnings": []}))
    async def back(request: Request) -> JSONResponse:
        """What a rollback would change."""
        guard.let_in(request)
        return JSONResponse(asdict(await _asked(catalogs.rollback_diff())))


def _acting(router: APIRouter, catalogs: OnAir, guard: Guard) -> None:
    @router.post("/catalog/swap", openapi_extra=takes(Swap), responses=gives(SWAPPED, "It is in force."))
    async def swap(request: Request) -> JSONResponse:
        """Put a catalog in force; answers when it is. 409 while another swap is under way."""
        who = guard.let_in(request)
        wanted = await read_json(request, Swap)
        return await _done(catalogs.swap(wanted.name, who, wanted.border))

    @router.delete("/catalog/swap", responses=gives({}, "It was given up."))
    async def give_up(request: Request) -> JSONResponse:
        """Give up the swap that is under way, while it is read, made ready or waits for its border: nothing changes."""
        who = guard.let_in(request)
        try:
            catalogs.give_up(who)
        except NotDone as refused:
            raise HTTPException(refused.status, str(refused)) from None
        return JSONResponse({})

    @router.post("/catalog/rollback", openapi_extra=takes(Back), responses=gives(SWAPPED, "It is in force."))
    async def rollback(request: Request) -> JSONResponse:
        """Put the version before in force; answers when it is. What is recalled stays out."""
        who = guard.let_in(request)
        wanted = await read_json(request, Back)
        return await _done(catalogs.rollback(who, wanted.border))

    @router.post("/recall", openapi_extra=takes(OfProduct), responses=gives(SWAPPED, "It is gone."))
    async def recall(request: Request) -> JSONResponse:
        """Take a product out of rundown, cards, answers and the page at once, until it is restored. It is named by its
        id or its whole title; for a part of one nothing is done, and 409 comes with the `candidates`."""
        who = guard.let_in(request)
        wanted = await read_json(request, OfProduct)
        try:
            return await _done(catalogs.recall(wanted.product, who))
        except WhichOne as which:
            told = {"type": "about:blank", "status": which.status, "detail": str(which)}
            return JSONResponse({**told, "candidates": list(which.candidates)}, which.status, media_type=PROBLEM)

    @router.post("/restore", openapi_extra=takes(OfProduct), responses=gives(SWAPPED, "It is back."))
    async def restore(request: Request) -> JSONResponse:
        """Let a recalled product come back."""
        who = guard.let_in(request)
        wanted = await read_json(request, OfProduct)
        return await _done(catalogs.restore(wanted.product, who))


def _products(router: APIRouter, catalogs: OnAir, guard: Guard) -> None:
    @router.get("/catalog/products", responses=gives({"total": 9, "offset": 0, "next": None, "products": []}))
    async def products(
        request: Request,
        offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
        q: Annotated[str, Query(max_length=100, description="Words of title or id.")] = "",
    ) -> JSONResponse:
        """Up to 50 products of the catalog in force with all their fields, as a catalog file writes them."""
        guard.let_in(request, "viewer")
        return JSONResponse(await asyncio.to_thread(_page, catalogs.show, offset, q.casefold().split()))

    @router.get("/catalog/products/{id}", responses=gives({"id": "tea-1", "price": "15.00 EUR"}))
    async def product(id: Id, request: Request) -> JSONResponse:
        """One product with all its fields."""
        guard.let_in(request, "viewer")
        if not catalogs.show.catalog.has(id):
            raise HTTPException(404, "There is no such product in the catalog in force.")
        return JSONResponse(_plain(catalogs.show, id))

    @router.post("/products/{id}", openapi_extra=takes(Changed), responses=gives(SWAPPED, "It is in force."))
    async def change(id: Id, request: Request) -> JSONResponse:
        """Change fields of a product, such as its price: from now on nothing is begun that says otherwise. A price
        without a currency is in the catalog's only one, and `note` says so."""
        who = guard.let_in(request)
        wanted = await read_json(request, Changed)
        return await _done(catalogs.change({id: wanted.fields}, who, wanted.why))


async def _asked(asked: Awaitable[T]) -> T:
    """What comes of it; a refusal as an HTTP status with its sentence."""
    try:
        return await asked
    except WhichOne:
        raise
    except NotDone as refused:
        raise HTTPException(refused.status, str(refused)) from None


async def _done(done: Awaitable[Swapped]) -> JSONResponse:
    return JSONResponse(asdict(await _asked(done)))


def _page(show: Show, offset: int, words: list[str]) -> dict[str, Any]:
    found = [each for each in show.catalog.products if _has(words, f"{each.title} {each.id}".casefold())]
    end = offset + PAGE
    return {
        "total": len(found),
        "offset": offset,
        "next": end if end < len(found) else None,
        "products": [_plain(show, each.id) for each in found[offset:end]],
    }


def _has(words: list[str], text: str) -> bool:
    return all(word in text for word in words)


def _plain(show: Show, id: str) -> Mapping[str, Any]:
    product = show.catalog.product(id)
    return {**written(product), "availability": product.availability}
