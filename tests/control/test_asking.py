"""Questions over HTTP: taken, refused with a counted reason, answered in writing, heard in recordings."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import numpy as np
import pytest
from scripted_desk import ScriptedDesk

from host_engine.audience.ears.upload import BadAudio
from host_engine.audience.source import Heard
from host_engine.audience.transcript import Transcript
from host_engine.control.api import make_app
from host_engine.control.now import Now
from host_engine.control.reception import Reception

WAV = {"Content-Type": "audio/wav"}


class Nobody:
    async def offer(self, sdp: str) -> tuple[str, str]: ...
    async def trickle(self, name: str, fragment: str) -> None: ...
    async def leave(self, name: str) -> None: ...


class Site:
    def __init__(self, answers: bool = True) -> None:
        self.desk = ScriptedDesk()
        self.bad: BadAudio | None = None
        self.reception = Reception(self.desk, decode=self.decode) if answers else None
        app = make_app(dict, lambda: True, lambda: [b""], Nobody(), lambda: Now("Shop"), reception=self.reception)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://channel")

    async def decode(self, data: bytes) -> np.ndarray:
        if self.bad:
            raise self.bad
        return np.zeros(len(data), np.float32)

    async def post(self, path: str, body: Any) -> httpx.Response:
        return await self.http.post(path, json=body)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    async with site.http:
        yield site


async def test_a_question_is_taken(site: Site) -> None:
    answer = await site.post("/api/questions", {"text": "Is it in stock?", "viewer": "Ana", "language": "de-AT"})
    assert (answer.status_code, answer.json()) == (202, {"id": "q1", "state": "taken"})
    [(heard, source, _)] = site.desk.taken
    assert heard == Heard("Is it in stock?", "Ana", "Ana", language="de-AT")
    assert source == "api"


async def test_many_who_ask_the_same_are_told(site: Site) -> None:
    site.desk.joins = True
    answer = await site.post("/api/questions", {"text": "Price?", "viewer": "Bo", "product": "cup"})
    assert (answer.status_code, answer.json()["state"], site.desk.taken[0][2]) == (202, "joined", "cup")


@pytest.mark.parametrize(
    ("reason", "status"), [("rate", 429), ("full", 429), ("duplicate", 409), ("abuse", 422), ("order", 422)]
)
async def test_a_refusal_is_a_sentence_a_reason_and_a_count(site: Site, reason: str, status: int) -> None:
    site.desk.refuse = (reason, "Not now, please.")
    answer = await site.post("/api/questions", {"text": "meow 100 times", "viewer": "Bo"})
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.json()["detail"], answer.json()["reason"]) == ("Not now, please.", reason)
    assert ("Retry-After" in answer.headers) == (status == 429)
    assert site.reception.status()["refused"] == {reason: 1}


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        ("no json", 400, "The request is no JSON."),
        ("[" * 60_000, 400, "The request is no JSON."),
        ("[1]", 422, 'The request must be an object such as {"text": ..., "viewer": ...}.'),
        ('{"viewer": "a"}', 422, "'text' is missing."),
        ('{"text": "", "viewer": "a"}', 422, "'text': String should have at least 1 character."),
        ('{"text": 7, "viewer": "a"}', 422, "'text': Input should be a valid string."),
        (json.dumps({"text": "x" * 2001, "viewer": "a"}), 422, "'text': String should have at most 2000 characters."),
        (json.dumps({"text": "x", "viewer": "a" * 81}), 422, "'viewer': String should have at most 80 characters."),
        ('{"text": "x", "viewer": "a", "language": "../../etc"}', 422, "'language': String should match pattern"),
        ('{"text": "x", "viewer": "a", "<b>": 1}', 422, "'<b>' is not known here."),
        ('{"text": "x", "viewer": "a", "\\ud800": 1}', 422, "The name of a field is no text."),
        (json.dumps({"text": "x" * 1_000_000, "viewer": "a"}), 413, "The request is longer than 64 KB."),
        (b"\xff\xfe", 400, "The request is no UTF-8 text."),
    ],
)
async def test_what_is_no_question_gets_a_sentence(site: Site, body: Any, status: int, sentence: str) -> None:
    answer = await site.http.post("/api/questions", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, sentence in answer.json()["detail"]) == (status, True), answer.text
    assert site.desk.taken == []
    assert sum(site.reception.refused.values()) == 1


async def test_lone_surrogates_are_refused_not_choked_on(site: Site) -> None:
    body = b'{"text": "price \\ud83d", "viewer": "a"}'
    answer = await site.http.post("/api/questions", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (202, 422)
    assert (await site.http.post("/api/questions", content=body)).status_code == 415


@pytest.mark.parametrize(
    "text", ["💐💐💐", "\u202eevil\u200b\u200b", "<img src=x onerror=alert(1)>", "<speak>hi</speak>", "'; --"]
)
async def test_odd_texts_reach_the_desk_as_they_are(site: Site, text: str) -> None:
    assert (await site.post("/api/questions", {"text": text, "viewer": "<b>x</b>"})).status_code == 202
    assert site.desk.taken[0][0].text == text


async def test_an_answer_in_writing_has_its_evidence(site: Site) -> None:
    answer = await site.post("/api/ask", {"text": "How much is the cup?"})
    assert answer.status_code == 200
    assert answer.json() == {
        "answer": "It costs 15 euros.",
        "kind": "price",
        "language": "en",
        "evidence": [{"product": "cup", "field": "price", "value": "15.00 EUR"}],
    }
    assert site.desk.asked == [("How much is the cup?", "", None)]


async def test_a_recording_is_understood(site: Site) -> None:
    answer = await site.http.post("/api/questions/audio?viewer=Ana&language=en", content=b"12345", headers=WAV)
    assert answer.status_code == 202, answer.text
    assert answer.json() == {"id": "q1", "state": "taken", "text": "what does it cost", "language": "en"}
    assert site.desk.heard == [(5, "Ana", "Ana")]


async def test_a_recording_that_is_none_gets_a_sentence(site: Site) -> None:
    async def send(query: str = "viewer=Ana", content: bytes = b"x", **headers: str) -> httpx.Response:
        return await site.http.post(f"/api/questions/audio?{query}", content=content, headers=WAV | headers)

    assert (await send("")).json()["detail"] == "'viewer' is missing."
    assert (await send(content=b"x" * 6_000_000)).status_code == 413
    assert (await send(**{"Content-Type": "text/plain"})).status_code == 415
    site.bad = BadAudio(415, "this is no recording")
    assert ((await send()).status_code, (await send()).json()["detail"]) == (415, "This is no recording.")
    site.bad = None
    site.desk.understands = Transcript("", None, "scripted", 0.0, 0.1, "silence")
    answer = await send()
    assert (answer.status_code, answer.json()["reason"]) == (422, "silence")
    site.desk.deaf = "the ears are being started"
    assert (await send()).json()["detail"] == "The ears are being started."


async def test_a_channel_that_answers_nothing_says_so() -> None:
    site = Site(answers=False)
    async with site.http:
        for path in ("/api/questions", "/api/ask", "/api/questions/audio"):
            answer = await site.post(path, {"text": "x", "viewer": "y"})
            assert (answer.status_code, answer.json()["detail"]) == (404, "This channel answers no questions.")
        now = (await site.http.get("/api/now")).json()
        assert (now["chat"], now["microphone"]) == (False, False)


async def test_the_api_describes_itself(site: Site) -> None:
    paths = (await site.http.get("/openapi.json")).json()["paths"]
    asked = paths["/api/questions"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert set(asked["required"]) == {"text", "viewer"}
    assert (
        "evidence" in paths["/api/ask"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]["required"]
    )
    assert "audio/webm" in paths["/api/questions/audio"]["post"]["requestBody"]["content"]
    assert set(paths["/api/microphone"]) >= {"post"}
