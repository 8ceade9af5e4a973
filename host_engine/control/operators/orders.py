"""Directing the show over HTTP: take, skip, hold, say, mute, scenes, and the order of the segments."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from host_engine.control.asked import Language
from host_engine.control.body import JSON, read_json
from host_engine.control.operators.documented import PROBLEM, gives, takes
from host_engine.control.operators.guard import Guard
from host_engine.direction.director import Director, NotDone, Stale
from host_engine.direction.running_order import SHOWN
from host_engine.direction.sayable import MOST

T = TypeVar("T", bound=BaseModel)
Id = Annotated[str, Field(min_length=1, max_length=300)]
LINE = {"line": "tea/1a2b", "text": "It costs 15 €.", "lane": "rundown", "segment": "tea", "product": "tea-1"}
STATE = {
    "frame": 1500, "on_air": LINE, "next": {**LINE, "line": "tea/3c4d", "ready": True}, "waits": None, "held": False,
    "muted": False,
    "scene": {"name": "studio-vertical", "since": 0, "by_hand": None}, "orders": [], "order_by_hand": False,
}  # fmt: skip
ORDER = {"id": "say-1a2b3c4d", "text": "One moment please.", "when": "now", "who": "anna", "language": "en",
         "begun": False}  # fmt: skip
ROW = {"segment": "tea", "number": 0, "product": "tea-1", "title": "Green tea", "on_air": True, "before": 0, "more": 0,
       "lines": [{"id": "tea/1a2b", "text": "It costs 15 €.", "variants": 2, "scene": None, "on_air": True,
                  "next": False}]}  # fmt: skip


class Ordered(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Take(Ordered):
    """Which line the operator saw on air; where another one is by now, nothing is done (409)."""

    on_air: Id | None = None


class Say(Ordered):
    """Words for the host. `anyway`: although the fact gate does not let them pass."""

    text: Annotated[str, Field(min_length=1, max_length=MOST)]
    when: Literal["now", "next"] = "now"
    language: Language | None = None
    anyway: StrictBool = False


class Mute(Ordered):
    """Whether the slate and silence are to be on air."""

    on: StrictBool


class Scene(Ordered):
    """A scene by its name; null: the scenes of the rundown again."""

    name: Annotated[str, Field(min_length=1, max_length=80)] | None


class SegmentsInOrder(Ordered):
    """Ids of segments in the wanted order; those left out keep their places. None at all: the order of the file."""

    segments: Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=2000)]


class Go(Ordered):
    """The id of a line, or of a segment."""

    entry: Id


def orders_routes(director: Director, guard: Guard) -> APIRouter:
    """The routes; looking needs the role viewer, ordering operator. Each order is in the audit log."""
    router = APIRouter(tags=["direct"])
    router.include_router(_looking(director, guard))
    router.include_router(_moving(director, guard))
    router.include_router(_saying(director, guard))
    return router


def _looking(director: Director, guard: Guard) -> APIRouter:
    router = APIRouter()

    @router.get("/api/show", responses=gives(STATE, "What is on air, and what follows."))
    async def show(request: Request) -> Response:
        """What is on air and what follows, whether the show is held or muted, the scene, and what waits to be said."""
        guard.let_in(request, "viewer")
        return _json(director.state())

    @router.get("/api/rundown", responses=gives({"segments": 12, "rows": [ROW]}, "Segments with their lines."))
    async def rundown(
        request: Request,
        first: Annotated[int | None, Query(ge=0, lt=2**31, description="Number of the first segment.")] = None,
        most: Annotated[int, Query(ge=1, le=SHOWN, description="At most so many segments.")] = SHOWN,
    ) -> Response:
        """The running order: without `first`, the segments around the one on air."""
        guard.let_in(request, "viewer")
        return _json({"segments": director.segments, "rows": director.rundown(first, most)})

    @router.get("/api/scenes", responses=gives([{"name": "studio-vertical", "kind": "show", "on_air": True,
                                                 "by_hand": False}], "Those that fit the picture."))  # fmt: skip
    async def scenes(request: Request) -> Response:
        """The scenes that can be chosen."""
        guard.let_in(request, "viewer")
        return _json(director.scenes())

    @router.get("/api/say", responses=gives([ORDER], "In the order in which they come."))
    async def queue(request: Request) -> Response:
        """What was ordered to be said, and has not been."""
        guard.let_in(request, "viewer")
        return _json(director.queue())

    return router


def _moving(director: Director, guard: Guard) -> APIRouter:
    router = APIRouter()
    told = gives(STATE, "Done: the show as it is now.")

    @router.post("/api/take", openapi_extra=_may_take(Take), responses=told)
    async def take(request: Request) -> Response:
        """Go from the line on air to the next one, at once. 409 where another line than the one seen is on air."""
        who = guard.let_in(request)
        seen = await _given(request, Take)
        return _done(lambda: director.take(seen.on_air, who))

    @router.post("/api/next", responses=told)
    async def following(request: Request) -> Response:
        """Go to the next line, whichever is on air."""
        who = guard.let_in(request)
        return _done(lambda: director.take(None, who))

    @router.post("/api/skip", openapi_extra=_may_take(Take), responses=told)
    async def skip(request: Request) -> Response:
        """Go to the next segment. An answer, or an operator's words, on air are said to their end first."""
        who = guard.let_in(request)
        seen = await _given(request, Take)
        return _done(lambda: director.skip(seen.on_air, who))

    @router.post("/api/go", openapi_extra=takes(Go), responses=told)
    async def go(request: Request) -> Response:
        """Go on with this line, or the first of this segment, after the line on air."""
        who = guard.let_in(request)
        wanted = await read_json(request, Go)
        return _done(lambda: director.go_to(wanted.entry, who))

    @router.post("/api/rundown/order", openapi_extra=takes(SegmentsInOrder), responses=told)
    async def order(request: Request) -> Response:
        """Put segments into another order. The line on air stays; what follows it in the new order is next."""
        who = guard.let_in(request)
        wanted = await read_json(request, SegmentsInOrder)
        try:
            return _json(await director.reorder(wanted.segments, who))
        except NotDone as error:
            return _refused(error)

    @router.post("/api/hold", responses=told)
    async def hold(request: Request) -> Response:
        """Say nothing more after the line on air, but for what operators order."""
        who = guard.let_in(request)
        return await _lasting(director, lambda: director.hold(who))

    @router.post("/api/release", responses=told)
    async def release(request: Request) -> Response:
        """Go on with the show."""
        who = guard.let_in(request)
        return await _lasting(director, lambda: director.release(who))

    return router


def _saying(director: Director, guard: Guard) -> APIRouter:
    router = APIRouter()
    told = gives(STATE, "Done: the show as it is now.")

    @router.post("/api/say", status_code=202, openapi_extra=takes(Say),
                 responses=gives(ORDER | {"findings": []}, "It will be said.", 202))  # fmt: skip
    async def say(request: Request) -> Response:
        """Have words said: now, cutting the line on air, which is said anew afterwards; or after the sentence on air.

        The fact gate judges them: 422 with its findings, unless they are to be said `anyway`, which is kept.
        """
        who = guard.let_in(request)
        words = await read_json(request, Say)
        try:
            return _json(await director.say(words.text, words.when, who, words.language, words.anyway), 202)
        except NotDone as error:
            return _refused(error)

    @router.delete("/api/say/{id}", responses=gives(ORDER, "It is not said."))
    async def withdraw(id: Annotated[str, Path(max_length=80)], request: Request) -> Response:
        """Do not have said what was ordered, or no more of it than the part on air."""
        who = guard.let_in(request)
        return _done(lambda: director.withdraw(id, who))

    @router.post("/api/mute", openapi_extra=takes(Mute), responses=told)
    async def mute(request: Request) -> Response:
        """Slate and silence from the next frame on (`frame`), or the show again. The line on air is cut, and the show
        waits underneath, until the mute is over."""
        who = guard.let_in(request)
        wanted = await read_json(request, Mute)
        return await _lasting(director, lambda: director.mute(wanted.on, who))

    @router.post("/api/scene", openapi_extra=takes(Scene), responses=told)
    async def scene(request: Request) -> Response:
        """Show a scene until another is chosen; null: those of the rundown again."""
        who = guard.let_in(request)
        wanted = await read_json(request, Scene)
        return await _lasting(director, lambda: director.scene(wanted.name, who))

    return router


async def _given(request: Request, model: type[T]) -> T:
    """The fields of a body that may be left out altogether."""
    if request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers:
        return model()
    return await read_json(request, model)


def _done(act: Callable[[], dict[str, Any]]) -> Response:
    """What the order gives back; or why it was refused. Raises HTTPException."""
    try:
        return _json(act())
    except NotDone as error:
        return _refused(error)
    except Stale as error:
        said = str(error)
        raise HTTPException(409, f"{said[:1].upper()}{said[1:400]}.") from error


async def _lasting(director: Director, act: Callable[[], dict[str, Any]]) -> Response:
    """What is to outlive a restart is answered when it is kept."""
    answer = _done(act)
    await director.kept()
    return answer


def _refused(error: NotDone) -> Response:
    """Why an order was refused, with what the fact gate holds against its words."""
    told: dict[str, Any] = {"type": "about:blank", "status": error.status, "detail": str(error)[:2000]}
    if error.findings:
        told["findings"] = [each._asdict() for each in error.findings]
    return _json(told, error.status, PROBLEM)


def _may_take(model: type[BaseModel]) -> dict[str, Any]:
    body = takes(model)["requestBody"]
    return {"requestBody": body | {"required": False}}


def _json(body: Any, status: int = 200, media_type: str = JSON) -> Response:
    text = json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return Response(text, status, media_type=media_type, headers={"Cache-Control": "no-store"})
