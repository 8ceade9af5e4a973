"""Each step of the ladder is a fact: the program takes it, and log, alarm, journal and status say so."""

from __future__ import annotations

import pytest

from host_engine.alarms import Alarms
from host_engine.media import Coding
from host_engine.playout.degradation import ALARM, Degradation
from host_engine.playout.ladder import Rung, rungs
from host_engine.timing import Row

LADDER = rungs(Coding("libx264", "superfast"))


class Machine:
    """A program, and mouths, that note what is asked of them."""

    settled = True
    used, trouble = "visemes", None

    def __init__(self) -> None:
        self.taken: list[str] = []

    def take(self, rung: Rung) -> None:
        self.taken.append(rung.name)


@pytest.fixture
def machine() -> Machine:
    return Machine()


def run(made: Degradation, start: int, frames: int, ms: float) -> None:
    for n in range(start, start + frames):
        made.see(Row(n, 0.0, {"draw": ms / 2, "encode": ms / 2}))


def test_each_step_is_taken_and_told(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    alarms, told = Alarms(), list[str]()
    made = Degradation(LADDER, 25, machine, machine, alarms.check, told.append)
    run(made, 0, 200, 20)
    assert (made.status()["rung"], made.status()["reason"], machine.taken, told) == (0, "", [], [])
    run(made, 200, 55, 38)
    assert machine.taken == ["preset ultrafast", "half host"]
    assert told == [
        "a step down to 'preset ultrafast': a frame took 91% of its time",
        "a step down to 'half host': a frame took 95% of its time",
    ]
    (alarm,) = alarms.raised
    assert alarm.name == ALARM
    assert "95% of its time" in alarm.text
    assert "encoded at 'ultrafast', the host is drawn at half her size" in alarm.text
    status = made.status()
    assert (status["rung"], status["name"], status["mouth"]) == (2, "half host", "visemes")
    run(made, 255, 100 * 25, 10)
    assert machine.taken[2:] == ["preset ultrafast", "full"]
    assert alarms.raised == ()
    assert made.status()["reason"] == ""
    assert len(told) == len([record for record in caplog.records if record.message.startswith("ladder: ")]) == 4


def test_a_mouth_that_fell_is_told_too(machine: Machine) -> None:
    alarms, told = Alarms(), list[str]()
    made = Degradation(LADDER, 25, machine, machine, alarms.check, told.append)
    machine.used, machine.trouble = "loudness", "the lips are moved by 'loudness' ('visemes': out of memory)"
    made.mouth_changed("the mouth 'visemes' failed and rests for 30 s: out of memory")
    assert "the lips are moved by 'loudness'" in alarms.raised[0].text
    assert made.status()["mouth"] == "loudness"
    machine.used, machine.trouble = "visemes", None
    made.mouth_changed("the mouth 'visemes' works again")
    assert alarms.raised == ()
    assert len(told) == 2
