"""Alarms: raised once, cleared once, and whoever listens cannot break them."""

from datetime import UTC, datetime

from host_engine.alarms import Alarms


def test_an_alarm_is_told_when_it_is_raised_and_when_it_is_over():
    told = []
    alarms = Alarms(lambda: datetime(2026, 1, 1, tzinfo=UTC))
    alarms.hooks.append(told.append)
    alarms.sound("archive/disk", "The disk is full.")
    alarms.sound("archive/disk", "The disk is still full.")
    assert [alarm.text for alarm in alarms.raised] == ["The disk is still full."]
    alarms.check("archive/disk", None)
    alarms.clear("archive/disk")
    assert [(alarm.name, alarm.over) for alarm in told] == [("archive/disk", False), ("archive/disk", True)]
    assert not alarms.raised


def test_a_listener_that_fails_harms_nobody(caplog):
    alarms, told = Alarms(), []

    def fails(alarm):
        raise RuntimeError("no network")

    alarms.hooks += [fails, told.append]
    alarms.sound("a/b", "Something is wrong.")
    assert len(told) == 1
    assert "no network" in caplog.text
