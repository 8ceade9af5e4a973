"""Who comes before WebRTC is loaded waits a moment; nobody is lost."""

import asyncio
import threading

import pytest

from host_engine.media import Format
from host_engine.outputs import entrance, whep
from host_engine.outputs.entrance import Entrance, NotYet
from host_engine.outputs.fanout import Fanout


@pytest.fixture
def loaded(monkeypatch):
    """WebRTC is loaded when this is set; what stands for it answers whoever asks."""
    done = threading.Event()

    class Answers:
        viewers = 3

        def __init__(self, *_, **__):
            self.closed = False

        async def offer(self, sdp):
            return "name", f"answer to {sdp}"

        async def leave(self, name):
            pass

        async def close(self):
            self.closed = True

    monkeypatch.setattr(entrance, "import_module", lambda name: done.wait(10))
    monkeypatch.setattr(whep, "Whep", Answers)
    yield done
    done.set()


def opening():
    return Entrance(Fanout(lambda: None), Format(), lambda: None, 50)


async def test_an_early_viewer_waits_and_is_let_in(loaded):
    door = opening()
    running = asyncio.create_task(door.run())
    early = asyncio.create_task(door.offer("offer"))
    await asyncio.sleep(0.05)
    assert not early.done()
    assert door.viewers == 0
    with pytest.raises(KeyError):
        await door.leave("name")
    loaded.set()
    assert await early == ("name", "answer to offer")
    assert door.viewers == 3
    await door.leave("name")
    behind = door._whep
    running.cancel()
    await asyncio.wait([running])
    assert behind.closed


async def test_who_waits_too_long_is_told_to_come_again(loaded, monkeypatch):
    monkeypatch.setattr(entrance, "PATIENCE", 0.05)
    with pytest.raises(NotYet) as told:
        await opening().offer("offer")
    assert told.value.status == 503
