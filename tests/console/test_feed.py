"""All consoles are told the same, once, and only what differs; who looks away is told nothing."""

import asyncio
import json

from until import until

from host_engine.console.feed import Feed


class Wire:
    """What was sent to whom; clients in `gone` cannot be told anything."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict]] = []
        self.texts: list[str] = []
        self.gone: set[str] = set()

    async def __call__(self, client: str, text: str) -> None:
        if client in self.gone:
            raise ConnectionError("gone")
        self.texts.append(text)
        self.sent.append((client, json.loads(text)))


async def test_only_what_differs_is_told_and_to_all_the_same():
    wire = Wire()
    feed = Feed(wire)
    feed.come("a")
    feed.come("b")
    feed.publish({"air": {"held": False}, "alarms": []})
    await until(lambda: len(wire.sent) == 2)
    feed.publish({"air": {"held": True}, "alarms": []})
    await until(lambda: len(wire.sent) == 4)
    assert wire.sent[2:] == [(each, {"air": {"held": True}}) for each, _ in wire.sent[2:]]
    assert wire.texts[2] is wire.texts[3]
    feed.publish({"air": {"held": True}, "alarms": []})
    await asyncio.sleep(0)
    assert len(wire.sent) == 4


async def test_who_comes_is_told_everything_and_who_is_away_nothing():
    wire = Wire()
    feed = Feed(wire)
    feed.come("a")
    feed.publish({"air": 1, "alarms": []})
    feed.leave("a")
    assert not feed.watched
    feed.publish({"air": 2})
    feed.come("a")
    await until(lambda: len(wire.sent) == 2)
    assert wire.sent[-1] == ("a", {"air": 2, "alarms": []})


async def test_a_client_that_cannot_be_told_keeps_nobody_from_it():
    wire = Wire()
    wire.gone = {"a"}
    feed = Feed(wire)
    feed.come("a")
    feed.come("b")
    feed.publish({"air": 1})
    await until(lambda: wire.sent and len(feed) == 1)
    assert wire.sent == [("b", {"air": 1})]
