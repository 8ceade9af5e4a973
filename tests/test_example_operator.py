"""The example client against the routes it uses: it is told what is on air, takes, and follows the events."""

from __future__ import annotations

import asyncio
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request
from guarded import Guarded
from until import until

from host_engine.control.body import read_json
from host_engine.control.operators.events import Streams, events_routes
from host_engine.control.operators.orders import Take
from host_engine.control.server import listen, serve_on
from host_engine.direction.happenings import Happenings

EXAMPLE = Path(__file__).parent.parent / "examples" / "operator.py"


class Site(Guarded):
    """A show whose first line is on air until it is taken."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.happenings = Happenings(lambda: 7)
        self.streams = Streams(self.happenings)
        self.taken: list[str | None] = []
        self.app.include_router(events_routes(self.streams, self.guard))

        @self.app.get("/api/show")
        async def show(request: Request) -> dict[str, Any]:
            self.guard.let_in(request, "viewer")
            return {"frame": 7, "on_air": {"line": "tea/1", "text": "It costs 15 €."}}

        @self.app.post("/api/take")
        async def take(request: Request) -> dict[str, Any]:
            self.guard.let_in(request)
            self.taken.append((await read_json(request, Take)).on_air)
            self.happenings.tell("line/start", line="tea/2", text="Grün wie das Meer.")
            return {}


@pytest.fixture
def main() -> Callable[..., None]:
    run: Callable[..., None] = runpy.run_path(str(EXAMPLE))["main"]
    return run


async def test_it_takes_and_follows(
    tmp_path: Path, main: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    site = Site(tmp_path)
    with listen("127.0.0.1", 0) as sock:
        serving = [asyncio.create_task(serve_on(sock, site.app)), asyncio.create_task(site.streams.run())]
        address = f"http://127.0.0.1:{sock.getsockname()[1]}"
        try:
            following = asyncio.create_task(asyncio.to_thread(main, address, site.token(), "take"))
            await until(lambda: site.taken, 30)
            serving[1].cancel()  # the channel ends, and so does the stream
            async with asyncio.timeout(30):
                await following
            with pytest.raises(SystemExit, match="opens nothing here"):
                await asyncio.to_thread(main, address, "he_wrong")
        finally:
            for each in serving:
                each.cancel()
            await asyncio.wait(serving)
    assert site.taken == ["tea/1"]
    told = capsys.readouterr().out
    assert "anna, operator, at frame 7: It costs 15 €." in told
    assert '7 line/start {"line": "tea/2", "text": "Grün wie das Meer."}' in told


def test_it_is_short() -> None:
    assert len(EXAMPLE.read_text().splitlines()) <= 40
