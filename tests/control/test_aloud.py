"""From a talk on the page to what its viewer is told: the ears, the desk and the microphone are scripted."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx
import numpy as np
import pytest
from scripted_desk import ScriptedDesk
from until import until

from host_engine.audience.message import Receipt
from host_engine.audience.transcript import Transcript
from host_engine.control import aloud
from host_engine.control.aloud import Aloud
from host_engine.control.api import make_app
from host_engine.control.now import Now
from host_engine.control.reception import Reception

VIEWER = "v" * 32


class Talk(NamedTuple):
    viewer: str = VIEWER
    name: str = "Ana"
    language: str | None = None


class Said(NamedTuple):
    samples: np.ndarray


class Ear:
    """Takes whatever was fed for an utterance when the button is let go, on a thread as real ears do."""

    def __init__(self, said: Callable[[Said], None]) -> None:
        self.said, self.fed, self.closed = said, [], False

    def feed(self, samples: np.ndarray) -> None:
        self.fed.append(samples)

    def release(self) -> None:
        if self.fed:
            threading.Thread(target=self.said, args=(Said(np.concatenate(self.fed)),)).start()

    def close(self) -> None:
        self.closed = True


class Room:
    def __init__(self) -> None:
        self.desk, self.ears = ScriptedDesk(), []
        self.told: list[tuple[str, str, Receipt | None, str]] = []
        self.full = False
        self.gate = threading.Event()
        self.gate.set()
        self.aloud = Aloud(self.open, self.desk.hear, lambda *told: self.told.append(told))

    def open(self, said: Callable[[Any], None]) -> Ear:
        assert self.gate.wait(10)
        if self.full:
            raise ValueError("too many people are speaking already")
        self.ears.append(Ear(said))
        return self.ears[-1]


@pytest.fixture
def room() -> Room:
    return Room()


def piece(size: int = 960) -> np.ndarray:
    return np.full(size, 0.1, np.float32)


async def test_what_was_said_becomes_a_question(room: Room) -> None:
    room.gate.clear()
    listener = room.aloud(Talk())
    listener(piece())  # while the ear is being opened
    room.gate.set()
    await until(lambda: room.ears and room.ears[0].fed)
    listener(piece())
    listener.end()
    await until(lambda: room.told)
    viewer, text, receipt, reason = room.told[0]
    assert (viewer, text, receipt and receipt.state, reason) == (VIEWER, "what does it cost", "taken", "")
    assert room.desk.heard == [(1920, VIEWER, "Ana")]
    await until(lambda: room.ears[0].closed)
    assert len(room.told) == 1


async def test_a_talk_without_a_word_is_told(room: Room, monkeypatch) -> None:
    monkeypatch.setattr(aloud, "AFTER", 0.05)
    room.aloud(Talk()).end()
    await until(lambda: room.told)
    assert room.told == [(VIEWER, "", None, "silence")]


@pytest.mark.parametrize("trouble", ["deaf", "fault", "full", "noise"])
async def test_every_trouble_is_told_by_its_name(room: Room, trouble: str, caplog) -> None:
    room.desk.deaf = "The ears are being started." if trouble == "deaf" else ""
    room.full = trouble == "full"
    if trouble == "fault":
        room.aloud._hear = None
    if trouble == "noise":
        room.desk.understands = Transcript("hm", None, "scripted", 0.3, 0.1, "noise")
    listener = room.aloud(Talk())
    if not room.full:
        await until(lambda: room.ears)
    await asyncio.sleep(0)
    listener(piece())
    listener.end()
    await until(lambda: room.told)
    assert room.told[0][2:] == (None, trouble)


async def test_no_amount_of_sound_fills_the_memory_before_the_ear_is_open(room: Room) -> None:
    room.gate.clear()
    listener = room.aloud(Talk())
    for _ in range(200):
        listener(piece(16_000))
    assert listener._kept <= aloud.EARLY
    room.gate.set()
    listener.end()
    await until(lambda: room.told)
    assert sum(map(len, room.ears[0].fed)) == aloud.EARLY


class Microphones:
    """Stands for the WebRTC side."""

    def __init__(self) -> None:
        self.open: dict[str, tuple[str, str, str | None]] = {}
        self.pressed: list[bool] = []

    async def offer(
        self, sdp: str, viewer: str, name: str = "", language: str | None = None, address: str = ""
    ) -> tuple[str, str]:
        if not sdp.startswith("v=0"):
            raise ValueError("The offer is not SDP.")
        self.open["abc"] = (viewer, name, language)
        return "abc", "v=0 answer"

    def speaking(self, name: str, on: bool) -> None:
        self.open[name]
        self.pressed.append(on)

    async def leave(self, name: str) -> None:
        del self.open[name]

    def status(self) -> dict[str, int]:
        return {"open": len(self.open)}


async def test_signalling_over_http() -> None:
    microphones, whep = Microphones(), None
    reception = Reception(ScriptedDesk(), microphones=microphones)
    app = make_app(dict, lambda: True, lambda: [b""], whep, lambda: Now("Shop"), reception=reception)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://channel") as http:

        async def offer(query: str, sdp: str = "v=0", kind: str = "application/sdp") -> httpx.Response:
            return await http.post(f"/api/microphone?{query}", content=sdp, headers={"Content-Type": kind})

        opened = await offer(f"viewer={VIEWER}&language=de")
        assert (opened.status_code, opened.text, microphones.open) == (201, "v=0 answer", {"abc": (VIEWER, "", "de")})
        address = opened.headers["Location"]
        assert (await http.patch(address, json={"speaking": False})).status_code == 204
        assert microphones.pressed == [False]
        assert (await http.patch(address, json={"speaking": "maybe"})).status_code == 422
        assert (await http.delete(address)).status_code == 200
        gone = await http.patch(address, json={"speaking": True})
        assert (gone.status_code, gone.json()["reason"]) == (404, "gone")
        assert (await http.delete(address)).status_code == 404
        assert (await offer(f"viewer={VIEWER}", "nonsense")).json()["detail"] == "The offer is not SDP."
        assert (await offer("viewer=me")).status_code == 422
        assert (await offer("")).json()["detail"] == "'viewer' is missing."
        assert (await offer(f"viewer={VIEWER}", "v=0", "text/plain")).status_code == 415
        assert (await offer(f"viewer={VIEWER}", "v=0" + " " * 70_000)).status_code == 413
        page = await http.get("/")
        assert "microphone=(self)" in page.headers["Permissions-Policy"]
        assert (await http.get("/api/now")).json()["microphone"] is True


async def test_a_channel_without_ears_says_so() -> None:
    whep: Any = None
    app = make_app(dict, lambda: True, lambda: [b""], whep, lambda: Now("Shop"), reception=Reception(ScriptedDesk()))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://channel") as http:
        answer = await http.post(f"/api/microphone?viewer={VIEWER}", content="v=0")
        assert (answer.status_code, answer.json()["reason"]) == (404, "off")
