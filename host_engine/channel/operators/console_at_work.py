"""The operators' console of a channel: built from what runs, opened by the first operator who comes."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from fastapi import FastAPI
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp

from host_engine.alarms import Alarms
from host_engine.channel_file.config import FEED, Channel
from host_engine.console import snapshot, way_out
from host_engine.console.booth import Booth
from host_engine.console.door import Door
from host_engine.console.happened import LISTED, happened, listed
from host_engine.console.snapshot import Frames, Kept, Snapshots
from host_engine.control.now import Now, Pictures
from host_engine.control.operators.guard import Guard
from host_engine.direction.director import Director
from host_engine.direction.happening import Happening
from host_engine.direction.happenings import Happenings
from host_engine.policies.library import library
from host_engine.takeover.takeover import Takeover

if TYPE_CHECKING:
    from host_engine.channel.on_air.running import Running
    from host_engine.channel.studio.studio import Studio
    from host_engine.console.page import Consoles

EVERY = 1.0  # seconds between two snapshots, while anybody looks
STALE = 5.0  # seconds after which a rundown is read again, whatever has happened


class DeskOfQuestions(Protocol):
    """Who answers viewers, as far as the console shows it."""

    @property
    def todo(self) -> list[dict[str, Any]]: ...
    def waiting(self) -> list[dict[str, Any]]: ...


class Swapping(Protocol):
    """The catalogs, as far as the console shows them."""

    def versions(self) -> list[dict[str, Any]]: ...
    def recalled(self) -> list[dict[str, Any]]: ...
    def status(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Shown:
    """The parts of a channel that the console shows; those that are None are not there."""

    channel: Channel
    studio: Studio
    alarms: Alarms
    happenings: Happenings
    director: Director
    guard: Guard
    desk: DeskOfQuestions | None = None
    catalogs: Swapping | None = None
    takeover: Takeover | None = None
    outputs: Callable[[], Sequence[Mapping[str, Any]]] = lambda: ()


class ConsoleAtWork:
    """Shows and orders nothing that the API does not; what it costs, it costs on a thread that stands back."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._api: FastAPI | None = None
        self._consoles: Consoles | None = None
        self._air: asyncio.AbstractEventLoop | None = None
        self._now: Callable[[], Now] = lambda: Now("")
        self._status: Callable[[], Mapping[str, Any]] = dict
        self._pictures = Pictures()
        self._happened: deque[Happening] = deque(maxlen=LISTED)
        shown.happenings.hooks.append(self._heard)
        self.booth = Booth(self._opening, _load)
        self._snapshots = Snapshots(self._sections())

    def join(
        self, app: FastAPI, now: Callable[[], Now], pictures: Pictures, status: Callable[[], Mapping[str, Any]] = dict
    ) -> None:
        """Have the app of the channel serve the console at /console. `now`: what viewers are told of the show.
        `pictures`: of products, as the app serves them. `status`: what /status tells of OBS, label and policies."""
        self._api, self._now, self._pictures, self._status = app, now, pictures, status

        @app.get("/console", include_in_schema=False)
        async def console() -> RedirectResponse:
            return RedirectResponse("/console/", 307)

        app.mount("/console", Door(self.booth, lambda: self._shown.guard))

    async def run(self) -> None:
        """Tell the open consoles what is so, until cancelled."""
        self._air = asyncio.get_running_loop()
        try:
            while True:
                await asyncio.sleep(EVERY)
                consoles = self._consoles
                if consoles and consoles.feed.watched:
                    self.booth.tell(consoles.feed.publish, self._snapshots.take())
        finally:
            await self.booth.close()

    def status(self) -> dict[str, Any]:
        """For /status."""
        looking = len(self._consoles.feed) if self._consoles else 0
        return {"state": self.booth.state, "opened_s": round(self.booth.took, 2), "looking": looking}

    @asynccontextmanager
    async def _opening(self) -> AsyncIterator[ASGIApp]:
        from host_engine.console.page import Consoles
        from host_engine.console.products import Stock

        assert self._api is not None
        assert self._air is not None
        script = self._shown.studio.script
        stock = Stock(lambda: script.show.catalog, self._pictures)
        consoles = Consoles(self._api, self._air, stock, f"{self._shown.channel.name} · console", platforms())
        async with consoles.opened() as app:
            self._consoles = consoles
            yield app
        self._consoles = None

    def _sections(self) -> dict[str, Callable[[], Any]]:
        shown = self._shown
        director = shown.director
        return {
            "channel": self._channel,
            "air": lambda: snapshot.air(director.state()) | {"scenes": snapshot.scenes(director.scenes())},
            "rundown": Kept(lambda: snapshot.rundown(director.rundown(), director.segments), self._place),
            "questions": self._questions,
            "catalogs": self._catalogs,
            "recalled": lambda: shown.catalogs.recalled() if shown.catalogs else [],
            "outputs": lambda: [way_out.output(each, FEED) for each in shown.outputs()],
            "standing": lambda: way_out.standing(self._status()),
            "alarms": lambda: [
                {"name": each.name, "text": each.text, "since": each.since.timestamp()} for each in shown.alarms.raised
            ],
            "takeover": self._takeover,
            "happened": lambda: happened(self._happened),
            "frames": Frames(shown.studio.timings, shown.channel.format.fps),
        }

    def _channel(self) -> dict[str, Any]:
        show, now = self._shown.studio.script.show, self._now()
        return {
            "name": self._shown.channel.name,
            "shop": show.catalog.shop,
            "catalog": show.catalog.name,
            "version": show.version,
            "viewers": now.viewers,
            "healthy": now.on_air,
        }

    def _heard(self, happening: Happening) -> None:
        if listed(happening):
            self._happened.append(happening)

    def _place(self) -> object:
        """What the rundown that is shown depends on: reading it takes a millisecond or more, so it is kept."""
        state = self._shown.director.state()
        show = self._shown.studio.script.show
        return id(show), state["on_air"].get("segment"), int(time.monotonic() / STALE) if state["held"] else 0

    def _questions(self) -> dict[str, Any]:
        desk = self._shown.desk
        if desk is None:
            return {"off": True, "waiting": [], "todo": []}
        return {"waiting": desk.waiting(), "todo": desk.todo}

    def _catalogs(self) -> dict[str, Any]:
        catalogs = self._shown.catalogs
        if catalogs is None:
            return {"versions": []}
        status = catalogs.status()
        return {key: status.get(key) for key in ("name", "under_way", "invalid")} | {
            "versions": catalogs.versions()[: snapshot.VERSIONS]
        }

    def _takeover(self) -> dict[str, Any]:
        takeover = self._shown.takeover
        if takeover is None:
            return {"off": "This channel has no take-over.", "active": False, "prompt": []}
        return snapshot.takeover(takeover.state(), takeover.prompter.listed())


def platforms() -> list[dict[str, str]]:
    """Those that are known, "custom" first: {name, title, form, url}; no url where each session has its own."""
    known = [(each.name, each.written) for each in library().presets.values()]
    return [
        {"name": name, "title": of.title, "form": of.ingest.form.rstrip("."), "url": of.ingest.url or ""}
        for name, of in sorted(known, key=lambda each: (each[0] != "custom", each[1].title))
    ]


def _load() -> None:
    """NiceGUI takes 0.7 s of processor to load, and 25 MB: only where somebody uses it, beside the show."""
    import host_engine.console.page  # noqa: F401


def make_console(
    running: Running,
    happenings: Happenings,
    director: Director,
    guard: Guard,
    takeover: Takeover,
    catalogs: Swapping | None = None,
) -> ConsoleAtWork:
    """The console of a running channel."""
    desk, outputs = running.audience.desk if running.audience else None, running.outputs.listed
    shown = Shown(
        running.channel, running.studio, running.alarms, happenings, director, guard, desk, catalogs, takeover, outputs
    )
    return ConsoleAtWork(shown)
