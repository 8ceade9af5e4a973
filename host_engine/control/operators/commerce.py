"""Where shops tell what has changed: signed webhooks of their own, and Shopify's."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse

from host_engine.access.who import Who
from host_engine.commerce.commerce import Commerce
from host_engine.commerce.event import Told
from host_engine.commerce.putting import Older
from host_engine.commerce.receipt import Receipt, State
from host_engine.commerce.shopify import Malformed, Shopify
from host_engine.commerce.shopify_payload import TOPICS
from host_engine.commerce.signatures import SIGNATURE, TIMESTAMP, signed, signed_by_shopify
from host_engine.control.body import JSON, fields, read
from host_engine.control.operators.documented import gives, guarded_router
from host_engine.control.operators.guard import Guard
from host_engine.control.sentences import SENTENCE
from host_engine.swap.catalogs import NotDone

MOST = 64 * 1024  # bytes of an event
MOST_OF_SHOPIFY = 512 * 1024  # a product with all its variants; include_fields makes it small
LONGEST_HEADER = 400

OFF = "This channel takes no events of shops; name the variable with the secret in operator.commerce.secret_env."
NO_SHOPIFY = "This channel takes no webhooks of Shopify; name the variable in operator.commerce.shopify.secret_env."
UNSIGNED = f"Sign the request: {TIMESTAMP} with UNIX seconds, {SIGNATURE} with 'sha256=' and the HMAC in hex."
WRONG = "The signature is wrong: it is the HMAC-SHA256 of TIMESTAMP.BODY, as sent, with the secret of this channel."
WRONG_SHOPIFY = "X-Shopify-Hmac-Sha256 is wrong: it is made with the client secret of the app that sends the webhooks."

EXAMPLE = Receipt("e-1", "price", "in_force", "'Sencha': price 12.00 EUR", ("sencha",), 1234).plain()
LISTED = {"taken": {"price": 1}, "refused": {"401": 2}, "coupons": [], "receipts": [EXAMPLE]}
Answers = dict[int | str, dict[str, Any]]
PROBLEM = "application/problem+json"
REFUSED = {
    400: "No JSON, or not whole.",
    401: "No signature, a wrong one, or one of another time.",
    404: "No such product or segment; or the channel takes no events.",
    408: "The body came too slowly.",
    409: "Taken already, or older than what is in force: nothing changes.",
    413: "The body is too long.",
    415: "The body is of another kind.",
    422: "A field is wrong, or the catalog cannot hold the value, or the text may not be said.",
    429: "The address asks too often.",
    503: "More comes than can be put in force; send it again.",
}


class Secrets(NamedTuple):
    """With which events may be signed: several while one takes the place of another; none turns the route off."""

    own: Sequence[str] = ()
    shopify: Sequence[str] = ()
    shops: Sequence[str] = ()  # domains whose webhooks are taken; all without


def commerce_routes(
    commerce: Commerce | None,
    shopify: Shopify | None,
    secrets: Secrets,
    guard: Guard,
    refused: Callable[[Who, str, str], None],
    clock: Callable[[], float] = time.time,
) -> APIRouter:
    """The routes. `refused` keeps those whose signature is wrong; `clock`: UNIX seconds."""
    router = APIRouter(prefix="/api/commerce", tags=["commerce"])

    def deny(request: Request, status: int, sentence: str, what: str = "webhook") -> HTTPException:
        refused(Who("", "viewer", request.scope.get("address", "")), f"commerce {what}", sentence)
        if commerce is not None:
            commerce.refused[status] += 1
        return HTTPException(status, sentence)

    @router.post("", summary="Tell an event of the shop", openapi_extra=_body(), responses=_answers())
    async def told(request: Request) -> Response:
        """A price, a sale, stock, a coupon, an order: signed, taken once, and none that is older than what is known.

        200 when it is in force; 202 when nothing old is begun any more and it is being put in force.
        """
        if commerce is None or not secrets.own:
            raise deny(request, 404, OFF)
        try:
            body = await read(request, (JSON,), MOST)
            at = _timestamp(request)
            if at is None:
                raise HTTPException(401, UNSIGNED)
            if not signed(secrets.own, at, body, request.headers[SIGNATURE]):
                raise HTTPException(401, WRONG)
            if abs(clock() - at) > commerce.window:
                said = (
                    f"It was signed {abs(clock() - at):.0f} seconds from now; at most {commerce.window:g} are let in."
                )
                raise HTTPException(401, said)
            event = fields(_text(body), Told).root
        except HTTPException as error:
            raise deny(request, error.status_code, str(error.detail)) from None
        try:
            receipt = await commerce.take(event, float(at), Who("webhook", "operator", _address(request)))
        except NotDone as error:
            raise HTTPException(error.status, str(error)) from error
        return JSONResponse(receipt.plain(), 202 if receipt.state == "accepted" else 200)

    @router.post("/shopify", summary="A webhook of Shopify", openapi_extra=_shopify_body(), responses=_answers())
    async def from_shopify(request: Request) -> Response:
        """As Shopify sends them: orders/create, orders/paid, inventory_levels/update, products/update, products/delete.

        What is authentic is answered with 200, also where nothing follows from it, as Shopify would send it again and
        in the end no more: `state` and `detail` say what became of it.
        """
        if shopify is None or commerce is None or not secrets.shopify:
            raise deny(request, 404, NO_SHOPIFY, "shopify")
        topic = request.headers.get("X-Shopify-Topic", "")[:LONGEST_HEADER]
        shop = request.headers.get("X-Shopify-Shop-Domain", "")[:LONGEST_HEADER].lower()
        try:
            body = await read(request, (JSON,), MOST_OF_SHOPIFY)
            shown = request.headers.get("X-Shopify-Hmac-Sha256", "")[:LONGEST_HEADER]
            if not signed_by_shopify(secrets.shopify, body, shown):
                raise HTTPException(401, WRONG_SHOPIFY)
            if secrets.shops and shop not in secrets.shops:
                raise HTTPException(403, "This shop is not the one named in operator.commerce.shopify.shops.")
        except HTTPException as error:
            raise deny(request, error.status_code, str(error.detail), "shopify") from None
        try:
            return JSONResponse((await shopify.take(topic, body)).plain())
        except Malformed as error:
            raise deny(request, 422, str(error), "shopify") from error
        except NotDone as error:
            if error.status >= 500:
                raise HTTPException(error.status, str(error)) from error
            state: State = "older" if isinstance(error, Older) else "refused"
            return JSONResponse(Receipt("", topic, state, str(error)).plain())

    inside = guarded_router()

    @inside.get("/api/commerce", tags=["commerce"], summary="What the shop told", responses=gives(LISTED))
    async def listed(request: Request) -> Response:
        """The last events with what became of them, newest first, and the coupons in force."""
        guard.let_in(request, "viewer")
        if commerce is None:
            raise HTTPException(404, OFF)
        return JSONResponse(commerce.plain(), headers={"Cache-Control": "no-store"})

    both = APIRouter()
    both.include_router(router)
    both.include_router(inside)
    return both


def _timestamp(request: Request) -> int | None:
    """When the request was signed; None where it is not signed."""
    text, shown = request.headers.get(TIMESTAMP, ""), request.headers.get(SIGNATURE, "")
    whole = text.isascii() and text.isdigit() and len(text) <= 12 and 0 < len(shown) <= LONGEST_HEADER
    return int(text) if whole and text == str(int(text)) else None


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise HTTPException(400, "The request is no UTF-8 text.") from error


def _address(request: Request) -> str:
    return str(request.scope.get("address", ""))


def _answers() -> Answers:
    problems: Answers = {status: {"description": said, "content": {PROBLEM: {"schema": SENTENCE}}}
                for status, said in REFUSED.items()}  # fmt: skip
    return {**gives(EXAMPLE, "In force, counted, or so already."), **gives(EXAMPLE, "Taken.", 202), **problems}


def _header(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "description": description, "schema": schema}


def _body() -> dict[str, Any]:
    """The schema of the events, with all that it refers to inside, as OpenAPI wants it."""
    hexadecimal = {"type": "string", "pattern": "^sha256=[0-9a-f]{64}$"}
    return {
        "requestBody": {"required": True, "content": {JSON: {"schema": _inlined(Told.model_json_schema())}}},
        "parameters": [
            _header(TIMESTAMP, "UNIX seconds at which it is sent.", {"type": "string", "pattern": "^[0-9]{1,12}$"}),
            _header(SIGNATURE, "sha256= and the HMAC-SHA256 of TIMESTAMP.BODY in hex.", hexadecimal),
        ],
    }


def _shopify_body() -> dict[str, Any]:
    base64 = {"type": "string", "pattern": "^[A-Za-z0-9+/]{43}=$"}
    return {
        "requestBody": {"required": True, "content": {JSON: {"schema": {"type": "object"}}}},
        "parameters": [
            _header("X-Shopify-Hmac-Sha256", "Base64 of the HMAC-SHA256 of the body.", base64),
            _header("X-Shopify-Topic", "What the body is.", {"type": "string", "enum": list(TOPICS)}),
        ],
    }


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without references: the document has no place of its own for the models of one route."""
    parts = schema.pop("$defs", {})

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            if "$ref" in value:
                return plain(parts[value["$ref"].rpartition("/")[2]])
            return {key: plain(each) for key, each in value.items() if key != "discriminator"}
        return [plain(each) for each in value] if isinstance(value, list) else value

    found = plain(schema)
    assert isinstance(found, dict)
    return found
