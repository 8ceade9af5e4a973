"""A stream held back: every unit, in order, not before its time."""

from __future__ import annotations

import asyncio

from flashes import SMALL, encoded
from until import until

from host_engine.outputs.delay import Delay
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.source import Source


async def test_units_come_in_order_and_when_it_is_time() -> None:
    programme = Fanout()
    delay = Delay(Source(programme, lambda: None, SMALL, 500, about="360x640"), 0.2)
    assert (delay.source.delay, delay.source.about, delay.source.begun) == (0.2, "360x640, 0.2 s later", False)
    came: list[tuple[int, float]] = []
    sent: dict[int, float] = {}
    job = asyncio.ensure_future(delay.run())
    await until(lambda: programme.readers)

    async def read() -> None:
        with delay.source.fanout.reader("tube") as reader:
            while True:
                came.append(((await reader.get()).n, programme.now()))

    reading = asyncio.ensure_future(read())
    for unit in encoded(range(30)):
        sent[unit.n] = programme.now()
        programme.send(unit)
        await asyncio.sleep(0.004)
    await until(lambda: len(came) == 30)
    assert [n for n, _ in came] == list(range(30))
    assert min(at - sent[n] for n, at in came) >= 0.2
    assert delay.source.begun
    for task in job, reading:
        task.cancel()
    await asyncio.gather(job, reading, return_exceptions=True)
    assert not programme.readers
