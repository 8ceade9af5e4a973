"""Questions over HTTP: in writing, as a recording, and those that are answered in writing at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel

from host_engine.audience.ears.upload import BadAudio
from host_engine.audience.message import Receipt
from host_engine.audience.source import Heard
from host_engine.audience.transcript import DeafError
from host_engine.control.asked import Inquiry, Question, Recorded
from host_engine.control.body import JSON, fields, read, read_json
from host_engine.control.reception import Reception
from host_engine.show.evidence import Evidence

UPLOAD = 5_000_000  # bytes: twenty seconds of stereo WAV at 48 kHz, and more
AUDIO = (
    "audio/wav", "audio/mpeg", "audio/ogg", "audio/webm",
    "audio/x-wav", "audio/wave", "audio/vnd.wave", "audio/mp3", "audio/opus", "application/ogg", "video/webm",
)  # fmt: skip
STATUS = {"rate": 429, "full": 429, "duplicate": 409, "answered": 409, "off": 404}  # of a refusal; any other: 422
UNHEARD = {
    "silence": "Nothing can be heard in the recording.",
    "noise": "No speech can be heard in the recording.",
    "too-short": "The recording is too short to hold a question.",
    "echo": "The recording holds what the host says.",
}
UNCLEAR = "The words could not be made out. Please say it again, a little slower."


def asking(reception: Reception | None) -> APIRouter:
    """The routes; they answer 404 with a sentence where the channel answers no questions."""
    router = APIRouter(tags=["ask"])

    @router.post("/api/questions", status_code=202, openapi_extra=_takes(Question), responses=_told())
    async def question(request: Request) -> Response:
        """Ask the host, who answers on air. 202 {"id", "state"}: "taken", or "joined" to others that ask the same.

        409 asked already, 422 not for the host, 429 too often or too many wait: a sentence, and the reason as a word.
        """
        desk = _open(reception).desk
        asked = await read_json(request, Question)
        address = str(request.scope.get("address", ""))
        heard = Heard(asked.text, asked.viewer, asked.viewer, language=asked.language, origin=address)
        return _accepted(desk.take(heard, "api", product=asked.product))

    @router.post("/api/ask", openapi_extra=_takes(Inquiry), responses={200: _answer_schema()})
    async def ask(request: Request) -> Response:
        """Get the host's answer in writing: {"answer", "kind", "language", "evidence": [{product, field, value}]}.

        Nothing of it is said on air. Each claim in the answer is backed by a field of the catalog in force.
        """
        here = _open(reception)
        asked = await read_json(request, Inquiry)
        with here.asked:
            answer, verdict = await here.desk.ask(asked.text, asked.viewer, asked.language)
        body = {
            "answer": answer.text,
            "kind": answer.kind,
            "language": answer.language,
            "evidence": _evidence((*answer.evidence, *verdict.evidence)),
        }
        return _json(body)

    @router.post("/api/questions/audio", status_code=202, openapi_extra=_takes_audio(), responses=_told())
    async def aloud(request: Request) -> Response:
        """Ask the host with a recording: WAV, MP3, Ogg or WebM as the body, who asks in the address.

        202 {"id", "state", "text", "language"}: what was understood. 422 where that is nothing.
        """
        here = _open(reception)
        if here.decode is None:
            raise HTTPException(404, "This channel hears no questions; please ask in writing.")
        who = _recorded(request.query_params)
        with here.uploads:
            data = await read(request, AUDIO, UPLOAD, 20.0)
            try:
                samples = await here.decode(data)
                heard, receipt = await here.desk.hear(samples, who.viewer, who.viewer, "api", who.language)
            except BadAudio as error:
                raise HTTPException(error.status, said(error.said)) from error
            except DeafError as error:
                raise HTTPException(503, said(str(error)), {"Retry-After": "10"}) from error
        if receipt is None:
            raise Refusal(422, heard.refused or "unsure", UNHEARD.get(heard.refused, UNCLEAR))
        return _accepted(receipt, text=heard.text, language=heard.language)

    return router


class Refusal(HTTPException):
    """An answer that a question is not taken, with its reason as a word."""

    def __init__(self, status: int, reason: str, said: str) -> None:
        super().__init__(status, said, {"Retry-After": "10"} if status == 429 else None)
        self.reason = reason


def _open(reception: Reception | None) -> Reception:
    if reception is None:
        raise Refusal(404, "off", "This channel answers no questions.")
    return reception


def _recorded(query: Mapping[str, str]) -> Recorded:
    """Who asks. Raises HTTPException 422 with a sentence."""
    return fields(json.dumps(dict(query)), Recorded)


def _accepted(receipt: Receipt, **more: Any) -> Response:
    if receipt.state == "refused":
        sentence = receipt.said or "This question cannot be taken."
        raise Refusal(STATUS.get(receipt.reason, 422), receipt.reason or "refused", sentence)
    return _json({"id": receipt.id, "state": receipt.state} | more, 202)


def _evidence(found: Iterable[Evidence]) -> list[dict[str, str | None]]:
    return [each._asdict() for each in dict.fromkeys(found)]


def said(words: str) -> str:
    """A sentence: with a capital letter and a full stop."""
    words = words[:1].upper() + words[1:]
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _json(body: Mapping[str, Any], status: int = 200) -> Response:
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(text, status, media_type=JSON, headers={"Cache-Control": "no-store"})


# --- how it is described in /openapi.json ---


def _takes(model: type[BaseModel]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {JSON: {"schema": model.model_json_schema()}}}}


def _takes_audio() -> dict[str, Any]:
    schema = Recorded.model_json_schema()
    named = [
        {"name": name, "in": "query", "required": name in schema["required"], "schema": about}
        for name, about in schema["properties"].items()
    ]
    sound = {"schema": {"type": "string", "format": "binary"}}
    return {"parameters": named, "requestBody": {"required": True, "content": {each: sound for each in AUDIO[:4]}}}


def _told() -> dict[int | str, dict[str, Any]]:
    sentences = {
        400: "It is no JSON.",
        409: "It was asked by the same viewer, or answered, a moment ago.",
        413: "It is too long.",
        415: "It is of another kind.",
        422: "It is not for the host, or nothing was understood.",
        429: "Too often, or too many questions wait.",
    }
    return {
        status: {"description": said, "content": {"application/problem+json": {}}} for status, said in sentences.items()
    }


def _answer_schema() -> dict[str, Any]:
    text = {"type": "string"}
    backed = {"type": "object", "properties": {"product": {"type": ["string", "null"]}, "field": text, "value": text}}
    answer = {"answer": text, "kind": text, "language": text, "evidence": {"type": "array", "items": backed}}
    schema = {"type": "object", "properties": answer, "required": ["answer", "kind", "evidence"]}
    return {"description": "The answer and what backs it.", "content": {JSON: {"schema": schema}}}
